"""What the program report of a quarter is made of: figures and codes, no names of people or clients. None: not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """Referrals of one priority. Waits in days; `first_visits` were made in the quarter and had a target day, `within` in time."""

    priority: int
    received: int
    placed: int
    closed: int
    waiting: int
    middle_wait: Fraction | None
    longest_wait: int | None
    first_visits: int
    within: int


@dataclass(frozen=True, slots=True)
class VisitLine:
    """Visits of one discipline in the quarter: made, and not made (missed or cancelled)."""

    discipline: str
    made: int
    not_made: int


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract whose days touch the quarter: visits made in it, made so far, and where it was going on the last day counted."""

    name_en: str
    name_fr: str
    starts_on: date
    ends_on: date
    visits: int
    in_quarter: int
    so_far: int
    even_pace: Fraction
    expected: Fraction | None
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class WeekLine:
    """The team in one past week: people with hours, their minutes, what was committed and what was recorded, and how even it was."""

    monday: date
    people: int
    hours_minutes: int
    committed_minutes: Fraction
    recorded_minutes: Fraction
    middle_percent: Fraction | None
    gini: Fraction | None
    over: int


@dataclass(frozen=True, slots=True)
class PoolLine:
    """Hours a week that one pool has and needs, on average of the weeks ahead. `language`: `fr`, `other` or `all`."""

    discipline: str
    language: str
    have: Fraction
    need: Fraction


@dataclass(frozen=True, slots=True)
class Kept:
    """Pieces that somebody had in edition `before` and that are still in edition `after`; of them, those with the same person."""

    before: int
    after: int
    held: int
    kept: int


@dataclass(frozen=True, slots=True)
class FrenchLine:
    """Service in French to those received in the quarter, and visits in it. Waits: days to the first visit, in the middle."""

    received: int
    offered: int
    requested: int
    served: int
    waiting: int
    not_asked: int
    wait_french: Fraction | None
    wait_english: Fraction | None
    visits: int
    visits_french: int
    broken: int
    exceptions: int


@dataclass(frozen=True, slots=True)
class SaidLine:
    """How loads felt in the quarter, and the conversations: begun, agreed on, ended, and gone on to the director."""

    too_high: int
    right: int
    too_low: int
    begun: int
    agreed: int
    ended: int
    escalated: int


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One published edition."""

    number: int
    effective_on: date
    changed: int
    waiting: int
    exceptions: int


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """One program in one quarter. `year` 0: a stretch of 13 weeks of the program's period. `counted_to`: its last day, or today."""

    program_en: str
    program_fr: str
    year: int
    number: int
    first: date
    last: date
    counted_to: date
    today: date
    priorities: tuple[PriorityLine, ...]
    visits: tuple[VisitLine, ...]
    contracts: tuple[ContractLine, ...]
    weeks: tuple[WeekLine, ...]
    change: Fraction | None
    """points of load from week to week, on average"""
    pools: tuple[PoolLine, ...]
    """empty where the quarter or the period is over, or the facts leave nothing to count"""
    is_period_over: bool
    """the program's period ended before today, so that no week lies ahead"""
    kept: Kept | None
    french: FrenchLine
    said: SaidLine
    editions: tuple[EditionLine, ...]

    @property
    def is_running(self) -> bool:
        """Whether its last day lies ahead, so that figures are those so far."""
        return self.counted_to < self.last
