"""All goals of the engine in one table: what was measured, whether it is reached, when.

    python -m benchmarks goals [--from FOLDER]

The rows that were recorded are judged again by each piece's own judges; nothing is run. A goal that was measured in several programs is
reached where it is in each; a piece that was not recorded is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal, and what was measured of it; `is_reached` None: not measured."""

    goal: str
    is_reached: bool | None
    measured: str

    def line(self) -> str:
        """As it stands beneath a table."""
        where = "" if self.is_reached else " (TRIED.md says what was tried)" if self.is_reached is False else ""
        return f"goal: {self.goal} – {STATES[self.is_reached]}: {self.measured}{where}"


STATES = {True: "reached", False: "not reached", None: "not measured"}

Judge = Callable[[Sequence[Row]], list[Verdict]]
"""Judges a piece's rows; of the web, which has none, the lines that it printed."""


def judges() -> dict[str, Judge]:
    """Beginning of a piece's name → who judges its rows."""
    from benchmarks import bound, caseload, gap_goals, growth_goals, intake, web_goals, whatif

    return {
        "gap": gap_goals.verdicts,
        "bound": bound.verdicts,
        "caseload": caseload.verdicts,
        "growth": growth_goals.verdicts_of_growth,
        "million": growth_goals.verdicts,
        "whatif": whatif.verdicts,
        "intake": intake.verdicts,
        "web": web_goals.verdicts,
    }


def print_goals(records: Sequence[dict[str, Any]], pieces: Sequence[str] = ()) -> None:
    """One line per goal; then which of these pieces were not recorded."""
    print(f"{'goal':<74}{'':<14}{'piece':<15}{'date':<18}measured")
    reached: list[bool] = []
    for begins, judge in judges().items():
        for record in records:
            if record["piece"].startswith(begins):
                for verdict in judge(record["rows"] or [{"line": line} for line in record.get("text", "").splitlines()]):
                    where = f"{record['piece']:<15}{record['date'][:16]:<18}"
                    print(f"{verdict.goal:<74}{STATES[verdict.is_reached]:<14}{where}{verdict.measured}")
                    reached += [] if verdict.is_reached is None else [verdict.is_reached]
    print(f"{sum(reached)} of {len(reached)} goals that were measured are reached")
    missing = [name for name in pieces if name.startswith(tuple(judges())) and name not in {record["piece"] for record in records}]
    if missing:
        print(f"not recorded: {' '.join(missing)}")
    print("0 violations in 10^6 random changes: counted by `make soak` (tests/planning/optimise/test_what_if_rules.py), not here")
