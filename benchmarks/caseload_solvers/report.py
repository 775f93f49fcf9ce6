"""What a solver of a caseload prints: when it had which gap, and what it took."""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case


@dataclass(slots=True)
class Report:
    """Seconds are wall clock from the Case in memory; gaps are proved, in percent of what can be avoided."""

    solver: str
    size: str
    tightness: float
    first_seconds: float | None = None
    seconds_to: dict[str, float] = field(default_factory=dict)
    """gap in percent (as text) → seconds until it was proved"""
    gap_percent: float | None = None
    seconds: float = 0.0
    hours: float | None = None
    bound: float | None = None
    peak_megabytes: int = 0

    def told(self, seconds: float, gap_percent: float) -> None:
        """At this second this gap was proved."""
        if self.first_seconds is None:
            self.first_seconds = seconds
        for level in ("2", "1", "0.5", "0.3", "0.2", "0.1"):
            if gap_percent <= float(level):
                self.seconds_to.setdefault(level, seconds)
        self.gap_percent, self.seconds = gap_percent, seconds


def run(name: str, solve: Callable[[Case, Report, float], None]) -> None:
    """Command line of one solver: SIZE TIGHTNESS SECONDS; prints the report as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size")
    parser.add_argument("tightness", type=float)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    practitioners, units = (int(number) for number in asked.size.split("x"))
    report = Report(name, asked.size, asked.tightness)
    solve(caseload(Size(practitioners, units, asked.tightness)), report, asked.seconds)
    report.peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(asdict(report)))
