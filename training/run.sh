#!/bin/sh
# Large blocks are kept by the process: on a CPU, handing them back after every step costs more than the arithmetic.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456
export OMP_WAIT_POLICY=PASSIVE PYTHONPATH=.
exec "$(dirname "$0")/.venv/bin/python" -u -m "$@"
