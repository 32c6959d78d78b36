"""Ctrl-C and SIGTERM end `kg` at once, with one sentence: what is on disk is whole at every moment."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from typing import NoReturn

INTERRUPTED = 130
#: Seconds in which Python code may put things in order; C code (a store being written) may take minutes.
_GRACE = 1.0


def install() -> None:
    """Turn both signals into KeyboardInterrupt, and end the process where that is not heard in time."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # What ends at once leaves its tidying to a process of multiprocessing, which would complain of it.
    ignored = "ignore:resource_tracker"
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), ignored)))
    told, telling = socket.socketpair()
    telling.setblocking(False)
    signal.set_wakeup_fd(telling.fileno(), warn_on_full_buffer=False)

    def watch() -> None:
        with contextlib.closing(telling):
            while (number := told.recv(1)) and number[0] not in (signal.SIGINT, signal.SIGTERM):
                pass
            time.sleep(_GRACE)
            _say()
            os._exit(INTERRUPTED)

    threading.Thread(target=watch, daemon=True).start()


def end() -> NoReturn:
    """Say so, end the worker processes without waiting for their work, and exit."""
    _say()
    for worker in multiprocessing.active_children():
        worker.kill()
    # What modules want to tidy up, but not the taking apart of every object, which takes seconds.
    atexit._run_exitfuncs()
    os._exit(INTERRUPTED)


def _say() -> None:
    show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""
    message = "kg: interrupted; what was finished is kept, and the same command goes on from there."
    with contextlib.suppress(OSError, ValueError):
        print(f"{show_cursor}{message}", file=sys.stderr, flush=True)
