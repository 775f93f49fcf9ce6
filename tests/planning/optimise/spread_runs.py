"""Runs for workers of other processes: some die of a real SIGKILL."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def squared(number: int) -> int:
    return number * number


def squared_after_a_death(question: tuple[int, str]) -> int:
    """The worker that is the first to get question 3 is killed in the middle of it."""
    number, folder = question
    time.sleep(0.05)
    if number == 3:
        try:
            (Path(folder) / "died").touch(exist_ok=False)
        except FileExistsError:
            return squared(number)
        os.kill(os.getpid(), signal.SIGKILL)
    return squared(number)


def always_killed(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def process_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()
