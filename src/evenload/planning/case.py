"""The Case: frozen, integer input of the assignment. Ids, minutes and codes; no names of people.

Integers begin here: weekly minutes of units, capacities and drives are each rounded once, half up.
`evenload.planning.prepare.case_from` builds a Case from a Program's facts; nothing changes it afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction

from evenload.planning.prices import Prices
from evenload.planning.problems import Notice
from evenload.planning.program import Place


@dataclass(frozen=True, slots=True)
class Practitioner:
    """One practitioner as the assignment sees her. Minutes are per calendar week.

    capacity_minutes is B, 100 % of every range; maximum_minutes is M, the hard maximum; M ≥ B.
    The comfortable range already holds the feedback's shift and is in percent of B (0–100).
    """

    id: str
    disciplines: tuple[str, ...]
    capacity_minutes: int
    maximum_minutes: int
    comfortable_min_percent: Fraction
    comfortable_max_percent: Fraction
    weekly_hours: Fraction
    languages: Mapping[str, str]
    skills: frozenset[str]
    interests: frozenset[str]
    years_experience: Fraction | None
    base: Place | None
    longest_drive_minutes: int | None
    max_sites_per_day: int | None
    accepts_new: bool
    team: str | None
    area: str
    days: frozenset[str]
    evenings: bool | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One assignable piece: a caseload unit or one block of it (`u1#2`). Minutes, visits and trips are per calendar week.

    `minutes` holds the class's travel standard where the class has one (`travel_in_standard`); elsewhere a practitioner's
    load is `minutes` + the pair travel. `trips` times twice the drive is the pair travel, exact.
    """

    id: str
    stated_id: str
    kind: str
    site: str | None
    site_kind: str | None
    discipline: str
    class_id: str
    clients: int
    minutes: int
    travel_in_standard: bool
    visits_per_week: Fraction
    trips: Fraction
    language: str | None
    language_need: str
    skills_required: frozenset[str]
    skills_preferred: frozenset[str]
    priority: int
    weeks_waiting: int
    current: str | None
    pinned_to: str | None
    barred: frozenset[str]
    together: str | None
    days: frozenset[str]
    evening: bool
    experience_years: Fraction | None
    site_team: str | None
    area: str
    place: Place | None
    peak_minutes: int
    """minutes in a week of full frequency; equal to `minutes` where no visits_per_week is stated"""
    tags: frozenset[str] = frozenset()
    """what interests are compared with: class, kind, site kind and skills, case-folded"""
    held_back: str | None = None
    """reason code where the unit waits before the engine starts (`contract_exhausted`)"""
    deviation_minutes: int = 0
    """minutes per week that it may need beyond `minutes`; looked at where `Case.robust` is above 0 (`planning.robust`)"""

    @property
    def is_pinned(self) -> bool:
        """Whether the unit must stay with one practitioner (its own pin, or that of a unit it goes together with)."""
        return self.pinned_to is not None

    @property
    def is_french(self) -> bool:
        """Whether French is asked for: then native or fluent French is always required."""
        return self.language == "fr"


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the assignment is computed from. Order: as stated; a plan does not depend on it.

    `units` is a tuple, or in the largest programs columns of which an object is made where a unit is named (`optimise.columns`).
    `unknown_place_drive` is the program's median drive, used (and flagged) where a place is unknown; minutes one way.
    """

    setting: str
    starts_on: date
    weeks: int
    weeks_left: int
    as_of: date
    practitioners: tuple[Practitioner, ...]
    units: Sequence[Unit]
    speed_kmh: Fraction
    detour_factor: Fraction
    unknown_place_drive: int
    fte_weekly_hours: Fraction
    prices: Prices
    notices: tuple[Notice, ...] = ()
    robust: int = 0
    """Γ: how many of a practitioner's pieces may run high at once without her hard maximum being passed; 0: none (`planning.robust`)"""
    all_interests: frozenset[str] = field(init=False, repr=False, compare=False)
    minutes_per_km: float = field(init=False, repr=False, compare=False)
    _index: dict[str, Practitioner] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {p.id: p for p in self.practitioners})
        object.__setattr__(self, "all_interests", frozenset().union(*(p.interests for p in self.practitioners)))
        object.__setattr__(self, "minutes_per_km", float(self.detour_factor) / float(self.speed_kmh) * 60)

    def practitioner(self, id: str) -> Practitioner:
        """The practitioner with this id. Raises KeyError."""
        return self._index[id]

    def has_practitioner(self, id: str) -> bool:
        """Whether the Case has a practitioner with this id."""
        return id in self._index


def digest(case: Case) -> str:
    """`sha256:` and the hash of the Case in a canonical form: the same facts in any order give the same digest."""
    content = {
        "setting": case.setting,
        "starts_on": case.starts_on.isoformat(),
        "weeks": case.weeks,
        "as_of": case.as_of.isoformat(),
        "speed_kmh": str(case.speed_kmh),
        "detour_factor": str(case.detour_factor),
        "unknown_place_drive": case.unknown_place_drive,
        "fte_weekly_hours": str(case.fte_weekly_hours),
        "prices": asdict(case.prices),
        "practitioners": [_facts(p) for p in sorted(case.practitioners, key=lambda p: p.id)],
        "units": [_facts(u) for u in sorted(case.units, key=lambda u: u.id)],
    }
    if case.robust:
        content |= {"robust": case.robust, "deviation_minutes": {u.id: u.deviation_minutes for u in case.units if u.deviation_minutes}}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=_plain)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _facts(one: Practitioner | Unit) -> dict[str, object]:
    """Its fields as they are: `asdict` would copy every value of every unit. Deviations count only where they are looked at."""
    return {name: getattr(one, name) for name in one.__slots__ if name != "deviation_minutes"}


def _plain(value: object) -> object:
    if isinstance(value, Place):
        return asdict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(type(value))


def round_half_up(value: Fraction) -> int:
    """Nearest integer; halves go up. The one rounding of the Case."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
