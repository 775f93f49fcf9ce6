"""The worksheet counted again after one figure was changed: processor time and wall, against the full count of the same facts.

python -m benchmarks.recount [--practitioners 200] [--units 6000] [--rounds 20] [--json OUT]

Each change (weekly hours, the reserve, a leave, minutes, visits, a travel standard, clients) is counted upon what did not change and
in full; the two must be equal in every figure, or the benchmark stops. Goal: 100 ms of processor time at the 95th percentile.
Garbage is collected as rarely as by `evenload serve`.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from evenload.cli.serve import GARBAGE_THRESHOLDS

GOAL_MS = 100.0


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Make the programs, change, count, compare, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recount", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--practitioners", type=int, default=200)
    parser.add_argument("--units", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    rows = []
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    for setting in ("community", "school"):
        print(f"\n{setting}, {asked.practitioners} practitioners, {asked.units:,} units; milliseconds of processor time (wall)")
        for row in measured(setting, asked.practitioners, asked.units, asked.rounds):
            rows.append(row)
            judged = f"goal {GOAL_MS:.0f}: {'reached' if row['p95'] <= GOAL_MS else 'MISSED'}" if row["has_goal"] else ""
            line = f"  {row['what']:44} p50 {row['p50']:6.0f}   p95 {row['p95']:6.0f} ms   (wall p95 {row['wall_p95']:.0f})   {judged}"
            print(line, flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def measured(setting: str, practitioners: int, units: int, rounds: int) -> Iterator[dict[str, Any]]:
    """A row for each kind of change, and one for the full count."""
    from evenload.exchange.example import example_rows
    from evenload.exchange.facts import program_from
    from evenload.planning.balance import plan_on
    from evenload.planning.period_travel import groundwork
    from evenload.planning.program import Program
    from evenload.planning.scenario import Change, Scenario, changed

    dice = Random(1)
    program = program_from(example_rows(practitioners=practitioners, units=units, setting=setting, seed=1))
    known = groundwork(program)
    plan_on(known, {})

    def counted(after: Program, *, anew: bool) -> Any:
        return plan_on(groundwork(after, known=None if anew else known), {})

    full: list[tuple[float, float]] = []
    for what, make in _changes(program, dice).items():
        times = []
        for number in range(rounds):
            change: Change = make()
            after = changed(Scenario("", known.program), "", change).program
            found, spent = _clocked(lambda after=after: counted(after, anew=False))  # type: ignore[misc]
            times.append(spent)
            if number == 0:
                again, spent = _clocked(lambda after=after: counted(after, anew=True))  # type: ignore[misc]
                full.append(spent)
                if again != found:
                    raise RuntimeError(f"{what}: the recount is not the full count")
        yield _row(setting, what, times, has_goal=True)
    yield _row(setting, "in full", full, has_goal=False)


def _changes(program: Any, dice: Random) -> dict[str, Callable[[], Any]]:
    from evenload.planning.program import Absence
    from evenload.planning.scenario import AbsenceAdded, ClientsChange, ReserveChanges, StaffChanges, StandardChanges

    def person() -> str:
        return str(dice.choice(program.practitioners).id)

    def stated() -> str:
        return str(dice.choice(program.classes).id)

    def amount(least: int = 10) -> Fraction:
        return Fraction(dice.randrange(least * 100, least * 400), 100)

    return {
        "weekly hours of one": lambda: StaffChanges(person(), {"weekly_hours": amount()}),
        "the reserve": lambda: ReserveChanges(amount(2)),
        "days away of everybody": lambda: AbsenceAdded(Absence("*", "more", days=amount(1))),
        "direct minutes of a class": lambda: StandardChanges(stated(), {"direct_minutes": amount(20)}),
        "visits of a class": lambda: StandardChanges(stated(), {"visits": amount(4)}),
        "clients of a class": lambda: ClientsChange(stated(), dice.randrange(50, 400)),
    }


def _clocked(act: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """What came of it; milliseconds of the processor, and of the wall."""
    began, stood = time.process_time(), time.perf_counter()
    found = act()
    return found, (1000 * (time.process_time() - began), 1000 * (time.perf_counter() - stood))


def _row(setting: str, what: str, times: list[tuple[float, float]], *, has_goal: bool) -> dict[str, Any]:
    spent, wall = ([pair[side] for pair in times] for side in (0, 1))
    return {
        "setting": setting,
        "what": what,
        "p50": statistics.median(spent),
        "p95": _p95(spent),
        "wall_p95": _p95(wall),
        "has_goal": has_goal,
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


if __name__ == "__main__":
    main()
