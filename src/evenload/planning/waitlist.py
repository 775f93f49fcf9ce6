"""Waiting-list arithmetic of the NHS (Fong et al.; oracle P2): load, target queue, relief and target capacity, pressure.

Demand and capacity are clients (referrals) per week, waits are weeks, queues are clients. Exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

DEFAULT_FACTOR = Fraction(4)
"""The mean wait is a quarter of the target, which lets about 1.8 % miss it; a sixth about 0.2 %."""

RELIEF_WEEKS = 26
SPECIAL_MEASURES_RATIO = 2


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One waiting list as it stands: arrivals and capacity per week, clients waiting, their mean wait, the target wait in weeks."""

    demand: Fraction
    capacity: Fraction
    queue: int
    mean_wait: Fraction
    target_wait: Fraction


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What the arithmetic says of one waiting list."""

    load: Fraction
    is_stable: bool
    """load < 1: otherwise the list grows without end"""
    target_mean_wait: Fraction
    target_queue: Fraction
    queue_ratio: Fraction
    needs_relief: bool
    """the queue is more than twice the target queue"""
    relief_capacity: Fraction
    target_capacity: Fraction
    pressure: Fraction
    """above 1: clients will miss the target"""
    protected_slots: int


def queue_figures(waiting: WaitingList, *, factor: Fraction = DEFAULT_FACTOR, relief_weeks: int = RELIEF_WEEKS) -> QueueFigures:
    """Every figure of one list. Raises ZeroDivisionError where capacity, target wait or demand is 0: there is no such figure."""
    target = target_queue(waiting.demand, waiting.target_wait)
    return QueueFigures(
        load=load(waiting.demand, waiting.capacity),
        is_stable=waiting.demand < waiting.capacity,
        target_mean_wait=target_mean_wait(waiting.target_wait),
        target_queue=target,
        queue_ratio=waiting.queue / target,
        needs_relief=waiting.queue > SPECIAL_MEASURES_RATIO * target,
        relief_capacity=relief_capacity(waiting.demand, waiting.queue, target, weeks=relief_weeks),
        target_capacity=target_capacity(waiting.demand, waiting.target_wait, factor=factor),
        pressure=pressure(waiting.mean_wait, waiting.target_wait),
        protected_slots=protected_slots(waiting.demand),
    )


def load(demand: Fraction, capacity: Fraction) -> Fraction:
    """Demand / capacity; below 1, or the list never clears."""
    return demand / capacity


def target_mean_wait(target_wait: Fraction, factor: Fraction = DEFAULT_FACTOR) -> Fraction:
    """The mean wait at which nearly everybody meets the target: target / 4, weeks."""
    return target_wait / factor


def target_queue(demand: Fraction, target_wait: Fraction, factor: Fraction = DEFAULT_FACTOR) -> Fraction:
    """Clients waiting when the mean wait is on target (Little's law): demand × target / 4."""
    return demand * target_wait / factor


def clients_on_caseload(admissions: Fraction, weeks_of_stay: Fraction) -> Fraction:
    """Little's law for a caseload: admissions per week × weeks of stay (oracle C3)."""
    return admissions * weeks_of_stay


def relief_capacity(demand: Fraction, queue: int | Fraction, target: Fraction, *, weeks: int = RELIEF_WEEKS) -> Fraction:
    """Clients per week that bring the queue to its target within so many weeks: demand + (queue − target) / weeks."""
    return demand + (queue - target) / weeks


def target_capacity(
    demand: Fraction,
    target_wait: Fraction,
    *,
    factor: Fraction = DEFAULT_FACTOR,
    demand_variation: Fraction = Fraction(1),
    capacity_variation: Fraction = Fraction(1),
) -> Fraction:
    """Clients per week that keep the list on target: demand + (cv_d² + cv_c²) / 2 × factor / target wait.

    The variations are coefficients of variation of arrivals and of capacity (1: random arrivals).
    """
    return demand + (demand_variation**2 + capacity_variation**2) / 2 * factor / target_wait


def pressure(mean_wait: Fraction, target_wait: Fraction) -> Fraction:
    """2 × mean wait / target; above 1 clients will miss the target."""
    return 2 * mean_wait / target_wait


def protected_slots(referrals_per_week: Fraction) -> int:
    """New-client slots to keep free each week: the referral rate, rounded up (STAT: slots follow referrals, not free time)."""
    return -(-referrals_per_week.numerator // referrals_per_week.denominator)


LEAST_WEEKS: Final = 4
"""Fewer whole weeks of observation give no rate."""
LEAST_COUNT: Final = 5
"""Fewer clients in all give no rate: a single one more would move it by a fifth and more."""


@dataclass(frozen=True, slots=True)
class WeeklyRate:
    """Clients per week as they were observed: so many (`count`) in so many whole weeks, the least and the most of one week.

    `margin`: two standard errors of the mean. A demand that is estimated from few referrals is safer read with it (Fong et al.).
    """

    weeks: int
    count: int
    low: int
    high: int
    margin: float

    @property
    def mean(self) -> Fraction:
        """Clients per week, exact."""
        return Fraction(self.count, self.weeks)

    @property
    def lacks(self) -> str:
        """Why it is no rate to go by: `few_weeks`, `none`, `few`; empty where it is."""
        if self.weeks < LEAST_WEEKS:
            return "few_weeks"
        if not self.count:
            return "none"
        return "few" if self.count < LEAST_COUNT else ""


def weekly_rate(counts: Sequence[int]) -> WeeklyRate | None:
    """The rate of these whole weeks; None without a week."""
    if not counts:
        return None
    weeks, total = len(counts), sum(counts)
    mean = Fraction(total, weeks)
    squares = sum(((count - mean) ** 2 for count in counts), Fraction(0))
    margin = 2 * math.sqrt(squares / (weeks - 1) / weeks) if weeks > 1 else 0.0
    return WeeklyRate(weeks, total, min(counts), max(counts), margin)


def differ(one: WeeklyRate, other: WeeklyRate) -> bool:
    """Whether two rates differ by more than chance explains: by two standard errors of their difference."""
    return abs(float(one.mean - other.mean)) > math.hypot(one.margin, other.margin)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one waiting list: clients per week, clients, weeks. None: not known, or nothing to go by."""

    demand: Fraction | None
    capacity: Fraction | None
    queue: int | Fraction | None
    mean_wait: Fraction | None
    target_wait: Fraction | None


@dataclass(frozen=True, slots=True)
class KnownFigures:
    """What the arithmetic says as far as it is known. None: an input is missing, or it would be divided by 0; never 0 in its place."""

    load: Fraction | None = None
    target_mean_wait: Fraction | None = None
    target_queue: Fraction | None = None
    queue_ratio: Fraction | None = None
    relief_capacity: Fraction | None = None
    target_capacity: Fraction | None = None
    pressure: Fraction | None = None
    protected_slots: int | None = None


def known_figures(known: Known, *, factor: Fraction = DEFAULT_FACTOR, relief_weeks: int = RELIEF_WEEKS) -> KnownFigures:
    """Every figure of one list whose inputs are known. Raises ValueError where a stated wait or number of weeks is not above 0."""
    demand, target, queue = known.demand, known.target_wait, known.queue
    if (target is not None and target <= 0) or relief_weeks <= 0:
        raise ValueError(f"target wait and relief weeks: expected more than 0, got {target} and {relief_weeks}")
    wanted = target_queue(demand, target) if demand is not None and target is not None else None
    return KnownFigures(
        load=load(demand, known.capacity) if demand is not None and known.capacity else None,
        target_mean_wait=target_mean_wait(target) if target is not None else None,
        target_queue=wanted,
        queue_ratio=queue / wanted if queue is not None and wanted else None,
        relief_capacity=relief_capacity(demand, queue, wanted, weeks=relief_weeks)
        if demand is not None and queue is not None and wanted is not None
        else None,
        target_capacity=target_capacity(demand, target, factor=factor) if demand is not None and target is not None else None,
        pressure=pressure(known.mean_wait, target) if known.mean_wait is not None and target is not None else None,
        protected_slots=protected_slots(demand) if demand is not None else None,
    )
