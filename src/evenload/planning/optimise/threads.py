"""Tasks side by side on the machine's cores. Every task owns what it writes, so the number of threads changes no result."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_OWN = threading.local()
"""Of each thread: whether it is one of the crew. What such a one splits up it does alone: waiting for the others would stop them all."""


def _join() -> None:
    _OWN.is_of_crew = True


class _Crew:
    """The threads of this process: made when first needed, kept until another number is asked for."""

    def __init__(self) -> None:
        self.size = cores()
        self.pool: ThreadPoolExecutor | None = None

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Results in the order of the tasks."""
        if self.size == 1 or len(tasks) < 2 or getattr(_OWN, "is_of_crew", False):
            return [task() for task in tasks]
        return [future.result() for future in [self._pool().submit(task) for task in tasks]]

    def run_in_turn(self, tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
        """The same one by one, each as soon as it and those before it are there."""
        if self.size == 1 or len(tasks) < 2 or getattr(_OWN, "is_of_crew", False):
            yield from (task() for task in tasks)
            return
        yield from (future.result() for future in [self._pool().submit(task) for task in tasks])

    def _pool(self) -> ThreadPoolExecutor:
        if self.pool is None:
            self.pool = ThreadPoolExecutor(self.size, thread_name_prefix="evenload", initializer=_join)
        return self.pool

    def resize(self, size: int) -> None:
        """Another number of threads from now on."""
        if size != self.size and self.pool is not None:
            self.pool.shutdown(wait=True)
            self.pool = None
        self.size = size


_CREW = _Crew()


def side_by_side(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Runs tasks that release the interpreter's lock; returns their results in order."""
    return _CREW.run(tasks)


def in_turn(tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
    """The same; each result in its turn, while tasks after it are still being worked on."""
    return _CREW.run_in_turn(tasks)


@contextmanager
def using_threads(count: int | None) -> Iterator[None]:
    """This many threads within the block (None: as many as there are cores)."""
    before = _CREW.size
    _CREW.resize(count or cores())
    try:
        yield
    finally:
        _CREW.resize(before)
