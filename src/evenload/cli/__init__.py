"""Evenload in a terminal: `evenload …`. The workbook commands need no server and no database."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line of this process and ends with its exit code."""
    from evenload.cli.app import run  # a shell that only asks for the module pays for nothing

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")  # a terminal that cannot show a sign shows a question mark
    try:
        code = run(sys.argv[1:], os.environ)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # who reads has gone: nothing more to say
        code = 0
    sys.exit(code)
