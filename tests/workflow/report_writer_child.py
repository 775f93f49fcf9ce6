"""Run as a process of its own and killed: writes the report whose turn it is, and stops for good at the place that it is told.

`unfinished`: a file lies beside its place, not moved yet. `half`: one of the files is in place. `unrecorded`: all are, and no row says so.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from evenload.exchange import atomic  # noqa: E402
from evenload.workflow import report_writing  # noqa: E402


def stop(*_: Any, **__: Any) -> None:
    """Says so, and waits to be killed."""
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(600)


def stop_after_one(write: Callable[[Path, bytes], None]) -> Callable[[Path, bytes], None]:
    written: list[Path] = []

    def once(path: Path, content: bytes) -> None:
        if written:
            stop()
        write(path, content)
        written.append(path)

    return once


if __name__ == "__main__":
    place, moment = sys.argv[1], datetime.fromisoformat(sys.argv[2])
    if place == "unfinished":
        atomic.os = type("Stopped", (), {**{name: getattr(os, name) for name in dir(os)}, "fsync": staticmethod(stop)})
    elif place == "half":
        report_writing.write_whole = stop_after_one(report_writing.write_whole)
    else:
        report_writing._record_written = stop
    report_writing.write_next(at=moment, today=moment.date())
