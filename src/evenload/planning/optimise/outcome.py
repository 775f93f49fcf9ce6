"""What a what-if answers."""

from __future__ import annotations

from dataclasses import dataclass

from evenload.planning.one_change import Change


@dataclass(frozen=True, slots=True)
class Hand:
    """One unit that somebody else has after the change; None: it waits, or is not there."""

    unit: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class WeekChange:
    """One practitioner's load, minutes per week."""

    practitioner: str
    before_minutes: int
    after_minutes: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan's price and how good it is proved to be, hours per week.

    `bound_hours`: no plan of the Case costs less, counted over all pairs that fit; `certified_hours`: the same over all eligible
    pairs, as `recount_bound` counts it. gap_percent: of what can be avoided.
    """

    hours: float
    bound_hours: float
    certified_hours: float
    unavoidable_hours: float

    @property
    def gap_percent(self) -> float:
        """(price − bound) / (price − unavoidable) in percent; 0 where nothing avoidable is left."""
        avoidable = self.hours - self.unavoidable_hours
        return 100 * max(0.0, self.hours - self.bound_hours) / avoidable if avoidable > 1e-9 else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change does: who has what else, whose weeks change, and price, bound and gap before and after it."""

    change: Change
    hands: tuple[Hand, ...]
    """in order of unit id"""
    weeks: tuple[WeekChange, ...]
    """in order of practitioner id"""
    before: Judged
    after: Judged
