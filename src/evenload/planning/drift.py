"""Drift: what visits take now beside what is planned with, and when that is worth somebody's attention.

A standard blends all recorded visits, so an old year weighs as much as the last one; drift looks at the last weeks alone. It is
called a departure where three things hold: enough visits, a mean far enough away, and a 95 % confidence interval of that mean
(Student's t) which does not hold the minutes planned with. The three numbers below are judgement (docs/method/time-standards.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

RECENT_WEEKS: Final = 26
"""Visits of so many weeks before today are those of now."""

LEAST_VISITS: Final = 20
"""Fewer say nothing of a departure."""

DEPARTS_PERCENT: Final = 10
"""A smaller difference changes no decision: the match is repeated with all times 10 % longer and shorter anyway."""

T_975: Final = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""97.5 % quantile of Student's t for 1 to 30 degrees of freedom; beyond, that of 30 (2.042 against 1.960 at the most)."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Minutes per visit in `count` visits of the last weeks, beside the minutes `planned` with.

    `low` and `high` hold the mean 95 times in 100; None with a single visit.
    """

    planned: Fraction
    count: int
    mean: Fraction
    low: float | None
    high: float | None

    @property
    def percent(self) -> Fraction | None:
        """How far the mean lies above (+) or below (−) the minutes planned with; None where none are planned with."""
        return 100 * (self.mean - self.planned) / self.planned if self.planned else None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough visits to speak of a departure."""
        return self.count >= LEAST_VISITS

    @property
    def departs(self) -> bool:
        """Whether it is worth attention: enough visits, far enough, and beyond what chance explains."""
        far = self.percent is None or abs(self.percent) >= DEPARTS_PERCENT
        return self.is_enough and far and self.mean != self.planned and not self._may_be_chance

    @property
    def _may_be_chance(self) -> bool:
        return self.low is None or self.high is None or self.low <= self.planned <= self.high


def drift_from(planned: Fraction, recent: Mapping[Fraction, int]) -> Drift | None:
    """The drift of one standard: `recent` says how many visits took how many minutes; None where there were none."""
    count = sum(recent.values())
    if not count:
        return None
    mean = sum((minutes * times for minutes, times in recent.items()), Fraction(0)) / count
    if count == 1:
        return Drift(planned, count, mean, None, None)
    squares = sum((times * (minutes - mean) ** 2 for minutes, times in recent.items()), Fraction(0))
    half = T_975[min(count - 1, len(T_975)) - 1] * math.sqrt(squares / (count - 1) / count)
    return Drift(planned, count, mean, float(mean) - half, float(mean) + half)
