"""What a solver of a caseload prints: when it had proved which gap, and what it took."""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.check import counted_parts
from evenload.planning.score import score

COUNTED_UNITS = 10_000
"""Up to so many units the targets are counted again too, by plain loops over all pairs."""


@dataclass(slots=True)
class Report:
    """Seconds are wall clock from the Case in memory; gaps are proved by the solver itself, in percent of what can be avoided."""

    solver: str
    size: str
    tightness: float
    seed: int = 1
    points: list[tuple[float, float]] = field(default_factory=list)
    """(seconds, gap in percent), each gap smaller than the one before"""
    gap_percent: float | None = None
    seconds: float = 0.0
    hours: float | None = None
    bound: float | None = None
    recounted_bound: float | None = None
    """what a separately written count gives from the prices that prove it; a solver's own proof beyond prices is not in it"""
    recounted_gap_percent: float | None = None
    peak_megabytes: int = 0

    def told(self, seconds: float, gap_percent: float) -> None:
        """At this second this gap was proved."""
        if not self.points or gap_percent < self.points[-1][1]:
            self.points.append((round(seconds, 4), gap_percent))
        self.gap_percent, self.seconds = gap_percent, seconds


def counted_hours(case: Case, assignment: Mapping[str, str], targets_minutes: Mapping[str, int]) -> float:
    """Score of an assignment by the pair functions; up to COUNTED_UNITS by plain loops that share nothing with an engine."""
    if len(case.units) <= COUNTED_UNITS:
        return sum(counted_parts(case, assignment).values())
    return score(case, assignment, targets_minutes=targets_minutes, unavoidable=0.0).hours


def peak_megabytes() -> int:
    """The most memory that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(name: str, solve: Callable[[Case, Report, float], None]) -> None:
    """Command line of one solver: SIZE TIGHTNESS SECONDS [SEED]; prints the report as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size")
    parser.add_argument("tightness", type=float)
    parser.add_argument("seconds", type=float)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    practitioners, units = (int(number) for number in asked.size.split("x"))
    report = Report(name, asked.size, asked.tightness, asked.seed)
    solve(caseload(Size(practitioners, units, asked.tightness), asked.seed), report, asked.seconds)
    report.peak_megabytes = report.peak_megabytes or peak_megabytes()
    print(json.dumps(asdict(report)))
