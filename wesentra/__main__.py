"""`python -m wesentra` is the same as `wesentra`."""

from wesentra.cli import main

main(prog_name="wesentra")
