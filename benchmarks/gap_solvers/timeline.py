"""What a solver had found, and proved, at each second that is asked about."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.gap_solvers.instance import Instance, read_instance


@dataclass(slots=True)
class Timeline:
    """Incumbents and bounds with the second at which they came, counted from `began`."""

    began: float = field(default_factory=time.perf_counter)
    incumbents: list[tuple[float, list[int]]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    certificates: list[tuple[float, list[float], float | None]] = field(default_factory=list)
    """prices of the jobs from which a bound can be counted again (`recount`), and the bound that they are said to prove"""
    certificate: Path | None = None
    """where a solver that proves a bound by branches may write them (`branches_again`)"""
    branched: int | None = None
    """and the bound that these are said to prove"""

    def now(self) -> float:
        """Seconds since the solver was given the instance; building its model counts."""
        return time.perf_counter() - self.began

    def found(self, agents_of_jobs: Sequence[int]) -> None:
        """A better assignment was found just now."""
        self.incumbents.append((self.now(), [int(agent) for agent in agents_of_jobs]))

    def proved(self, bound: float) -> None:
        """No assignment is cheaper than this, as known just now."""
        if abs(bound) < 1e15:
            self.bounds.append((self.now(), float(bound)))

    def certified(self, job_prices: Sequence[float], bound: float | None = None) -> None:
        """Prices of the jobs that prove a bound, as known just now; the bound itself, where the solver knows it, must stand the recount."""
        self.certificates.append((self.now(), [float(price) for price in job_prices], bound))

    def at(self, second: float) -> dict[str, object]:
        """The last incumbent and the best bound known at that second (a twentieth of grace for the clock)."""
        until = second * 1.05
        incumbents = [agents for when, agents in self.incumbents if when <= until]
        bounds = [bound for when, bound in self.bounds if when <= until]
        certificates = [(prices, bound) for when, prices, bound in self.certificates if when <= until]
        prices, certified_bound = certificates[-1] if certificates else (None, None)
        return {
            "second": second,
            "assignment": incumbents[-1] if incumbents else None,
            "bound": max(bounds, default=None),
            "job_prices": prices,
            "certified_bound": certified_bound,
        }


Solver = Callable[[Instance, Timeline, float, int], None]
"""(instance, timeline to fill, seconds, threads)"""


def run(solver: Solver) -> None:
    """Command line of one solver: solves the file and prints, as JSON, what it had at each second, and its peak memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", required=True, help="seconds to report on, separated by commas")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--certificate", type=Path, help="where branches that prove the bound are written, by a solver that notes them")
    asked = parser.parse_args()
    seconds = sorted(float(text) for text in asked.seconds.split(","))
    instance, timeline = read_instance(asked.file), Timeline(certificate=asked.certificate)
    used = time.process_time()
    solver(instance, timeline, seconds[-1], asked.threads)
    answer = {
        "at": [timeline.at(second) for second in seconds],
        "branched": timeline.branched,
        "took": timeline.now(),
        "processor_seconds": time.process_time() - used,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(answer))
