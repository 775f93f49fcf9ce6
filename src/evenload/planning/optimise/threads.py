"""Tasks side by side on the machine's cores. Every task owns what it writes, so the number of threads changes no result."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import chain
from typing import TypeVar

T = TypeVar("T")

Chain = Iterator[Sequence[Callable[[], None]]]
"""Stages of one thing, each the tasks that may run side by side once those of the stage before have ended."""


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
        if self._is_alone() or len(tasks) < 2:
            return [task() for task in tasks]
        return [future.result() for future in [self._joined().submit(task) for task in tasks]]

    def run_chains(self, chains: Sequence[Chain]) -> None:
        """Every chain to its end; a stage begins when the one before it in its chain has ended, whatever the other chains do."""
        if self._is_alone():
            for task in chain.from_iterable(chain.from_iterable(chains)):
                task()
            return
        pool, under_way = self._joined(), [0] * len(chains)
        whose: dict[Future[None], int] = {}

        def go_on(number: int) -> None:
            for tasks in chains[number]:
                if tasks:
                    whose.update((pool.submit(task), number) for task in tasks)
                    under_way[number] = len(tasks)
                    return

        for number in range(len(chains)):
            go_on(number)
        while whose:
            for future in wait(whose, return_when=FIRST_COMPLETED).done:
                number = whose.pop(future)
                future.result()
                under_way[number] -= 1
                if not under_way[number]:
                    go_on(number)

    def run_in_turn(self, tasks: Sequence[Callable[[], T]]) -> Iterator[T]:
        """The same one by one, each as soon as it and those before it are there."""
        if self._is_alone() or len(tasks) < 2:
            yield from (task() for task in tasks)
            return
        waiting = deque(self._joined().submit(task) for task in tasks)
        while waiting:  # what was told is not held any longer
            yield waiting.popleft().result()

    def _is_alone(self) -> bool:
        return self.size == 1 or getattr(_OWN, "is_of_crew", False)

    def _joined(self) -> ThreadPoolExecutor:
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


def in_chains(chains: Sequence[Chain]) -> None:
    """Runs chains of tasks that release the interpreter's lock; what stands between the stages of a chain runs in the caller's thread."""
    _CREW.run_chains(chains)


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
