"""The Plan: frozen output of the assignment. Minutes per week; prices and scores in hours per week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from evenload.planning.problems import Notice


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit (or block) with one practitioner: the unit's weekly minutes and the pair's weekly travel minutes."""

    unit: str
    practitioner: str
    minutes: int
    travel_minutes: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so: a code of `codes.WAITING_REASONS` or a goal's name, and the facts its sentence needs."""

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Fix:
    """The nearest fix: one change of one fact (`codes.NEAREST_FIXES`) that would let the unit be placed."""

    code: str
    practitioner: str | None = None
    facts: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One unit that waits: its minutes, the reasons (most telling first) and the nearest fix."""

    unit: str
    minutes: int
    reasons: tuple[Reason, ...]
    nearest_fix: Fix


@dataclass(frozen=True, slots=True)
class Cover:
    """The practitioner who covers a unit: next-ranked eligible one with room; not counted in her load."""

    unit: str
    practitioner: str


@dataclass(frozen=True, slots=True)
class Load:
    """One practitioner's week under the plan. assigned_minutes holds travel where the unit's class has no travel standard."""

    practitioner: str
    capacity_minutes: int
    maximum_minutes: int
    assigned_minutes: int
    travel_minutes: int
    units: int
    clients: int
    target_minutes: int
    peak_minutes: int


@dataclass(frozen=True, slots=True)
class Score:
    """Price of the plan in hours per week: the sum of its parts (`codes.SCORE_PARTS`).

    `unavoidable` is the waiting price of units that nobody may take; it is inside parts["waiting"].
    """

    parts: Mapping[str, float]
    unavoidable: float

    @property
    def hours(self) -> float:
        """Sum of the parts, hours per week."""
        return sum(self.parts[name] for name in sorted(self.parts))


@dataclass(frozen=True, slots=True)
class Bound:
    """Proof of how good the plan is: no plan of this Case costs less than `hours` (hours per week).

    `certified_hours` is the bound that the prices alone certify, and that `check` recounts over all eligible pairs;
    `hours` may be higher where a solver proved more. `prices` are hours per hour of each practitioner's load,
    `move_price` the price of one more change of hands under a move limit.
    """

    hours: float
    certified_hours: float
    prices: Mapping[str, float]
    move_price: float
    method: str
    trip_prices: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """hours per weekly trip of each practitioner, from 0 to the price of site_visits"""
    unit_prices: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """hours per week of each unit (of those that go together: at one of them), where they certify more than prices of loads: protected plans"""

    def gap_percent(self, score: Score) -> float:
        """(score − bound) / (score − unavoidable) in percent; 0 where nothing avoidable is left."""
        avoidable = score.hours - score.unavoidable
        return 100 * max(0.0, score.hours - self.hours) / avoidable if avoidable > 1e-9 else 0.0


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the plan came about, so that it can be computed again."""

    seed: int
    version: str
    seconds: float
    method: str
    stopped_by: str
    effort: int = 0
    max_moves: int | None = None
    as_of: date | None = None
    """day from which the rest of the period was assigned; None where it is not known"""
    robust: int = 0
    """Γ of the Case: pieces of each practitioner that may run high at once (`planning.robust`)"""
    seeds: int = 1
    """independent runs that the plan was chosen from; `seed` gave it"""


@dataclass(frozen=True, slots=True)
class WholeHour:
    """What one more hour a week of a group of practitioners saves, the whole hour added: hours per week of the plan's price.

    `language` is `fr` (native or fluent French) or `other`.
    """

    discipline: str
    language: str
    area: str
    hours: float


@dataclass(frozen=True, slots=True)
class Protection:
    """What the plan is protected against (`Case.robust`), and the same program's plan without protection: its price is the difference."""

    robust: int
    hours_without: float
    waiting_units_without: int
    waiting_minutes_without: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who looks after what. Every unit of the Case is in `assignments` or in `waiting`, exactly once."""

    case_digest: str
    assignments: tuple[Assignment, ...]
    waiting: tuple[Waiting, ...]
    cover: tuple[Cover, ...]
    loads: tuple[Load, ...]
    score: Score
    bound: Bound
    notices: tuple[Notice, ...]
    provenance: Provenance
    hours_saved: tuple[WholeHour, ...] = ()
    """by discipline, language and area; a group that is absent was not counted (a large program, a limit on moves)"""
    protection: Protection | None = None
    """None where nothing is protected, or the price of protection was not asked for"""
