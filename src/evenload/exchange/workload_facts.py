"""What the workload report of one practitioner is made of. Clients stand in it as the pages show them: a unit's label, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evenload.exchange.rows import Rows
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.program import Program


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit or block of hers. Minutes a week; visits as authorised and used, None where nobody stated them."""

    code: str
    is_hidden: bool
    """a client bars the reader: without label, place and class"""
    label: str
    """empty: it is called by its site, else by its code"""
    kind: str
    discipline: str
    site_en: str
    site_fr: str
    area: str
    class_id: str
    clients: int
    care_minutes: int
    travel_minutes: int
    """modelled, beside what the class states"""
    allotted: int | None
    used: int | None


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week ahead, in minutes."""

    monday: date
    committed: Fraction
    driving: Fraction
    hours_minutes: int

    @property
    def percent(self) -> Fraction | None:
        """Committed and driven of her hours; None in a week without hours."""
        return 100 * (self.committed + self.driving) / self.hours_minutes if self.hours_minutes else None


@dataclass(frozen=True, slots=True)
class SignalLine:
    """What she said on a day, and what was counted then (minutes a week; None: nothing was)."""

    on: date
    feeling: str
    cause: str
    assigned_minutes: int | None
    capacity_minutes: int | None


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One conversation: when it began, how it stands, what both agreed on and when they look again."""

    begun_on: date
    state: str
    agreed_on: date | None
    remedies: tuple[str, ...]
    follow_up_on: date | None


@dataclass(frozen=True, slots=True)
class BesideTeam:
    """One figure of hers beside the middle half of her discipline, herself included, nobody named."""

    what: str
    """`load` (percent), `travel` (minutes a week), `clients`, `units`"""
    own: Fraction | None
    lower: Fraction
    middle: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class WorkloadFacts:
    """One practitioner's load on a day. Minutes are per week, over the calendar weeks of the period."""

    plan: CapacityPlan
    stated: Program
    rows: Rows
    """the worksheet that her hours are counted in"""
    practitioner: str
    name: str
    today: date
    is_draft: bool
    """counted with the open draft; else with the list that holds"""
    state: str
    assigned_minutes: int
    travel_minutes: int
    capacity_minutes: int
    maximum_minutes: int
    low_percent: Fraction
    high_percent: Fraction
    units: tuple[UnitLine, ...]
    ahead: tuple[WeekLine, ...]
    signals: tuple[SignalLine, ...]
    talks: tuple[TalkLine, ...]
    team_people: int
    """people of her discipline with hours; too few, and nothing is compared"""
    team: tuple[BesideTeam, ...]

    @property
    def percent(self) -> Fraction | None:
        """Assigned of her hours; None where she has none."""
        return Fraction(100 * self.assigned_minutes, self.capacity_minutes) if self.capacity_minutes else None

    @property
    def peak(self) -> WeekLine | None:
        """Her fullest week ahead, the first of several; None where none has hours."""
        found = [week for week in self.ahead if week.percent is not None]
        return max(found, key=lambda week: (week.percent or Fraction(0), -week.monday.toordinal()), default=None)
