"""`python -m kg.cli` is `kg`."""

from kg.cli.app import main

main()
