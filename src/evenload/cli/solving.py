"""Runs the search for a plan: with a bar on a terminal, and so that Ctrl-C ends the search and not the work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from evenload.cli.terminal import Terminal, UsageProblem
from evenload.environment import SettingError, cluster
from evenload.planning.case import Case
from evenload.planning.plan import Plan
from evenload.words import Words


@dataclass(frozen=True, slots=True)
class Effort:
    """How the search is started and when it ends: without seconds, after a fixed effort."""

    seed: int = 0
    seconds: float | None = None
    max_moves: int | None = None
    seeds: int = 1
    """independent runs, from `seed` on, of which the best is kept"""
    cluster: tuple[str, Path, Path, Path] | None = None
    """where the runs go; None: the cores of this machine (`environment.cluster`)"""


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


def cluster_of(words: Words) -> tuple[str, Path, Path, Path] | None:
    """The cluster that the environment names. Raises UsageProblem where a setting cannot be used."""
    try:
        return cluster()
    except SettingError as error:
        raise UsageProblem(f"{error.name}: {error.value}: {words.say(error.expected)}") from error


@contextmanager
def runs_said(words: Words) -> Iterator[None]:
    """What keeps runs from their answers is said, as any other problem: a cluster that cannot be used, workers that die again and again."""
    from evenload.planning.optimise import spread

    try:
        yield
    except spread.ClusterUnavailableError as error:
        raise UsageProblem(words.say("EVENLOAD_CLUSTER needs the extra scale: pip install evenload[scale].")) from error
    except spread.OtherVersionError as error:
        raise UsageProblem(words.say("The cluster has another version of Evenload: {reason}.", reason=str(error))) from error
    except spread.RunLostError as error:
        raise UsageProblem(words.say("A search lost its worker again and again: {reason}.", reason=str(error))) from error
    except OSError as error:
        raise UsageProblem(words.say("The cluster does not answer: {reason}.", reason=str(error))) from error


def solved(terminal: Terminal, case: Case, effort: Effort) -> Plan:
    """The plan of a Case, with a bar that shows the proved gap. Ctrl-C keeps the best plan so far."""
    # compiled code and a solver: only where a plan is asked for
    from evenload.planning.optimise import Limit, solve_protected
    from evenload.planning.optimise.many_seeds import best_of_seeds
    from evenload.planning.optimise.spread import Cluster, executor_of

    words = terminal.words
    with interruptible() as asked, terminal.step(words.say("Searching")) as step:

        def show(share: float, gap_percent: float) -> None:
            step.advance(share, words.say("at most {gap} from the best", gap=words.percent(gap_percent, 1)))

        def count(share: float, _gap_percent: float) -> None:
            done = round(share * effort.seeds)
            step.advance(share, words.say("{n} of {of} runs", n=words.integer(done), of=words.integer(effort.seeds)))

        limit = Limit(seconds=effort.seconds, max_moves=effort.max_moves)
        if effort.seeds > 1:
            cluster = None if effort.cluster is None else Cluster(*effort.cluster)
            seeds = range(effort.seed, effort.seed + effort.seeds)
            with runs_said(words):
                return best_of_seeds(case, seeds, limit, executor_of(cluster), should_stop=asked.is_set, progress=count)
        return solve_protected(case, seed=effort.seed, limit=limit, should_stop=asked.is_set, progress=show)
