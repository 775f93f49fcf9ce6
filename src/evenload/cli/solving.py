"""Runs the search for a plan: with a bar on a terminal, and so that Ctrl-C ends the search and not the work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from evenload.cli.terminal import Terminal
from evenload.planning.case import Case
from evenload.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Effort:
    """How the search is started and when it ends: without seconds, after a fixed effort."""

    seed: int = 0
    seconds: float | None = None
    max_moves: int | None = None


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """The first Ctrl-C inside sets the event; the second one interrupts as usual."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def solved(terminal: Terminal, case: Case, effort: Effort) -> Plan:
    """The plan of a Case, with a bar that shows the proved gap. Ctrl-C keeps the best plan so far."""
    from evenload.planning.optimise import Limit, solve_protected  # compiled code and a solver: only where a plan is asked for

    words = terminal.words
    with interruptible() as asked, terminal.step(words.say("Searching")) as step:

        def show(share: float, gap_percent: float) -> None:
            step.advance(share, words.say("at most {gap} from the best", gap=words.percent(gap_percent, 1)))

        limit = Limit(seconds=effort.seconds, max_moves=effort.max_moves)
        return solve_protected(case, seed=effort.seed, limit=limit, should_stop=asked.is_set, progress=show)
