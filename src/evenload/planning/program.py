"""The facts of one program over one period, as they were stated: the input of the three CMPT steps.

Numbers are exact (`Fraction`); nothing is rounded here. There are ids and codes, no names of people.
`evenload.planning.prepare` turns a Program into the integer Case that is assigned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from evenload.planning.prices import Prices


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth: latitude and longitude in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Period:
    """A planning period of whole calendar weeks; `as_of` is the day from which the rest is assigned."""

    starts_on: date
    weeks: int
    as_of: date

    @property
    def weeks_left(self) -> int:
        """Weeks that remain (w): the period's weeks less the whole weeks that have passed; never below 1."""
        passed = max(0, (self.as_of - self.starts_on).days // 7)
        return max(1, self.weeks - passed)


@dataclass(frozen=True, slots=True)
class PractitionerFacts:
    """What is stated of one practitioner. Hours per week; percents of the capacity B (0–100); minutes of drive one way."""

    id: str
    disciplines: tuple[str, ...]
    engagement: str
    weekly_hours: Fraction
    max_hours: Fraction | None = None
    comfortable_min_percent: Fraction = Fraction(70)
    comfortable_max_percent: Fraction = Fraction(95)
    languages: Mapping[str, str] = field(default_factory=dict)
    """language code (ISO 639, lower case) → level (`codes.LANGUAGE_LEVELS`)"""
    skills: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    years_experience: Fraction | None = None
    base: Place | None = None
    longest_drive_minutes: int | None = None
    max_sites_per_day: int | None = None
    accepts_new: bool = True
    team: str | None = None
    area: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    """last day at work, included"""
    days: frozenset[str] = frozenset()
    """working days (`codes.DAYS`); empty: not stated, no limit"""
    evenings: bool | None = None
    """works evenings; None: not stated, no limit"""
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Time away over the whole period. `who` is an id, `employee`, `independent`, or `*`. Hours, or days of weekly_hours / 5.

    With `from_date` it is known by date: hours or days are those of the stretch to `to_date` (the same day where there is none),
    a day being one of the person's own working days; with neither, all her working days in it (`planning.days_away`).
    """

    who: str
    kind: str
    hours: Fraction | None = None
    days: Fraction | None = None
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A non-client duty. `who` is an id, a discipline, `employee`, `independent`, or `*`; `basis` as in `codes.DUTY_BASES`."""

    who: str
    kind: str
    basis: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Site:
    """A school, retirement home, clinic, hospital or area where caseload units stand."""

    id: str
    kind: str
    area: str | None = None
    team: str | None = None
    language: str | None = None
    town: str | None = None
    fsa: str | None = None
    """forward sortation area: the first three characters of the postal code"""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ComplexityClass:
    """Complexity class of one discipline: visits per client and period, minutes per visit, minutes per episode.

    `travel_minutes` None means that travel is modelled from distance (travel is counted in one place, chosen once).
    """

    id: str
    discipline: str
    visits: Fraction
    direct_minutes: Fraction
    indirect_minutes: Fraction = Fraction(0)
    travel_minutes: Fraction | None = None
    episode_minutes: Fraction = Fraction(0)
    group_size: int = 1
    no_show_rate: Fraction | None = None
    """share of bookings, 0 ≤ q < 1; None: the observed share, else 0"""
    no_show_minutes: Fraction | None = None
    experience_years: Fraction | None = None
    judgement_weight: Fraction = Fraction(10)
    """k of the blend: how many observed visits the judgement is worth"""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is stated of one caseload unit: a site, an area or a single client, in one discipline and class.

    `clients` are seen in the period; visit figures are of the whole unit (all its clients together).
    """

    id: str
    kind: str
    discipline: str
    class_id: str
    site: str | None = None
    clients: int = 1
    visits_allotted: Fraction | None = None
    visits_used: Fraction | None = None
    visits_per_week: Fraction | None = None
    language: str | None = None
    language_need: str = "preferred"
    skills_required: frozenset[str] = frozenset()
    skills_preferred: frozenset[str] = frozenset()
    priority: int = 3
    waiting_since: date | None = None
    current_practitioner: str | None = None
    pinned: bool = False
    barred_practitioners: frozenset[str] = frozenset()
    together: str | None = None
    days: frozenset[str] = frozenset()
    evening: bool = False
    from_date: date | None = None
    fsa: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One recorded visit (retrospective data), or `times` visits with the same figures. Minutes; `outcome` as in `codes.OUTCOMES`."""

    on: date
    class_id: str
    direct_minutes: Fraction
    outcome: str
    practitioner: str | None = None
    unit: str | None = None
    indirect_minutes: Fraction | None = None
    travel_minutes: Fraction | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Program:
    """One program over one period: everything the three steps and the assignment are computed from."""

    setting: str
    period: Period
    practitioners: tuple[PractitionerFacts, ...]
    classes: tuple[ComplexityClass, ...]
    units: tuple[UnitFacts, ...]
    sites: tuple[Site, ...] = ()
    absences: tuple[Absence, ...] = ()
    duties: tuple[Duty, ...] = ()
    visits: tuple[Visit, ...] = ()
    contracted_visits: Fraction | None = None
    fte_weekly_hours: Fraction = Fraction(75, 2)
    reserve_percent: Fraction = Fraction(0)
    block_hours: Fraction | None = None
    """hours per week of one block; None: a working day, fte_weekly_hours / 5 (7.5 h)"""
    other_disciplines: tuple[str, ...] = ()
    speed_kmh: Fraction = Fraction(40)
    detour_factor: Fraction = Fraction(13, 10)
    prices: Prices = field(default_factory=Prices)
