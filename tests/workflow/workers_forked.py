"""Run as a process of its own: for every line it reads, begins one more worker, as `evenload work` does, and says its number.

The modules are loaded once, so that hundreds of workers can be begun, and killed, in a few minutes.
"""

from __future__ import annotations

import os
import sys
import threading

import django

django.setup()

from evenload.workflow import publish, worker  # noqa: E402, F401 — publish: a worker would load it for the first edition


def begin() -> int:
    """A worker in a process of its own; ends only when it is killed."""
    number = os.fork()
    if number == 0:
        worker.work(threading.Event(), worker=f"worker {os.getpid()}")
        os._exit(0)
    return number


if __name__ == "__main__":
    for _ in sys.stdin:
        begun = begin()
        sys.stdout.write(f"{begun}\n")
        sys.stdout.flush()
        os.waitpid(begun, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()
