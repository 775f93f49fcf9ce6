"""Rows of the workbook with typed values: what people wrote, names, labels and addresses included, before it becomes facts.

Decimals are exact (`Fraction`). None means "not stated". Ids are kept as written (NFC); references are already resolved to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """The program sheet: one program over one period."""

    name_en: str
    setting: str
    period_start: date
    period_weeks: int
    name_fr: str | None = None
    contracted_visits: Fraction | None = None
    as_of: date | None = None
    fte_weekly_hours: Fraction = Fraction(75, 2)
    reserve_percent: Fraction = Fraction(0)
    block_hours: Fraction | None = None
    other_disciplines: tuple[str, ...] = ()
    speed_kmh: Fraction = Fraction(40)
    detour_factor: Fraction = Fraction(13, 10)


@dataclass(frozen=True, slots=True)
class PractitionerRow:
    """One row of the practitioners sheet."""

    id: str
    disciplines: tuple[str, ...]
    engagement: str
    weekly_hours: Fraction
    languages: Mapping[str, str]
    """language code → level; order of writing does not matter"""
    name: str | None = None
    max_hours: Fraction | None = None
    comfortable_min_percent: Fraction = Fraction(70)
    comfortable_max_percent: Fraction = Fraction(95)
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    years_experience: Fraction | None = None
    base_postal: str | None = None
    base_lat: Fraction | None = None
    base_lon: Fraction | None = None
    longest_drive_minutes: int | None = None
    max_sites_per_day: int | None = None
    accepts_new: bool = True
    team: str | None = None
    area: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    days: tuple[str, ...] = ()
    evenings: bool | None = None
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """One row of the absences sheet: days or hours; with dates neither of them means every working day from the first to the last."""

    practitioner: str
    kind: str
    days: Fraction | None = None
    hours: Fraction | None = None
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One row of the duties sheet."""

    practitioner: str
    kind: str
    basis: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One row of the sites sheet."""

    id: str
    name_en: str
    kind: str
    name_fr: str | None = None
    area: str | None = None
    team: str | None = None
    language: str | None = None
    address: str | None = None
    town: str | None = None
    postal: str | None = None
    lat: Fraction | None = None
    lon: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One row of the classes sheet: a complexity class of one discipline."""

    id: str
    discipline: str
    label_en: str
    visits: Fraction
    direct_minutes: Fraction
    label_fr: str | None = None
    indirect_minutes: Fraction = Fraction(0)
    travel_minutes: Fraction | None = None
    episode_minutes: Fraction = Fraction(0)
    group_size: int = 1
    no_show_rate: Fraction | None = None
    no_show_minutes: Fraction | None = None
    experience_years: Fraction | None = None
    judgement_weight: Fraction = Fraction(10)
    source: str | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of the units sheet: a caseload unit."""

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
    skills_required: tuple[str, ...] = ()
    skills_preferred: tuple[str, ...] = ()
    priority: int = 3
    waiting_since: date | None = None
    current_practitioner: str | None = None
    pinned: bool = False
    barred_practitioners: tuple[str, ...] = ()
    label: str | None = None
    together: str | None = None
    days: tuple[str, ...] = ()
    evening: bool = False
    from_date: date | None = None
    note: str | None = None
    postal: str | None = None
    lat: Fraction | None = None
    lon: Fraction | None = None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One row of the visits sheet: a visit of the past. `times`, no column of the sheet: so many visits with the same figures."""

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
class GoalRow:
    """One row of the goals sheet: the price of one goal, hours per week."""

    goal: str
    price: Fraction


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of one workbook, sheet by sheet, in the order in which they were written."""

    program: ProgramRow
    practitioners: tuple[PractitionerRow, ...] = ()
    absences: tuple[AbsenceRow, ...] = ()
    duties: tuple[DutyRow, ...] = ()
    sites: tuple[SiteRow, ...] = ()
    classes: tuple[ClassRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    visits: tuple[VisitRow, ...] = ()
    goals: tuple[GoalRow, ...] = ()

    def names_of_practitioners(self) -> dict[str, str]:
        """Name to show for each practitioner's id: the name, or the id where no name is stated."""
        return {row.id: row.name or row.id for row in self.practitioners}

    def labels_of_units(self) -> dict[str, str]:
        """Label to show for each unit's id: the label, or the id where no label is stated."""
        return {row.id: row.label or row.id for row in self.units}

    def names_of_sites(self, lang: str) -> dict[str, str]:
        """Name to show for each site's id in English or French; the other language's where one is missing."""
        return {row.id: (row.name_fr or row.name_en) if lang == "fr" else row.name_en for row in self.sites}

    def labels_of_classes(self, lang: str) -> dict[str, str]:
        """Label to show for each class's id in English or French; the other language's where one is missing."""
        return {row.id: (row.label_fr or row.label_en) if lang == "fr" else row.label_en for row in self.classes}
