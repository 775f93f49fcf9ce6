"""An example organisation: four programs of one bilingual region, each as it stood a month ago and as it stands this week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Final

from evenload.exchange.example import Extent, program_row, rows_like
from evenload.exchange.example_settings import CLINIC, COMMUNITY, SCHOOL, Setting
from evenload.exchange.rows import Rows, UnitRow

HOME_CARE: Final = replace(
    COMMUNITY,
    name_en="Home care",
    name_fr="Soins à domicile",
    weeks_passed=8,
    client_unit_share=0.88,
    area_unit_share=0.12,
)
SCHOOLS: Final = replace(SCHOOL, name_en="Schools", name_fr="Écoles", weeks_passed=8)
RETIREMENT_HOMES: Final = replace(
    COMMUNITY,
    name_en="Retirement homes",
    name_fr="Maisons de retraite",
    weeks_passed=8,
    staff_shares={"OT": 0.4, "PT": 0.4, "SLP": 0.2},
    client_unit_share=0.25,
    area_unit_share=0.0,
)
OUTPATIENTS: Final = replace(CLINIC, name_en="Clinic", name_fr="Clinique", weeks_passed=5)

MONTH_WEEKS: Final = 4
NEW_IN_ENGLISH: Final = 3
NEW_IN_FRENCH: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One program of the organisation: how it works, and how large it is."""

    code: str
    setting: str
    chosen: Setting
    extent: Extent
    contract_factor: Fraction
    """so that few wait for the contract, and most for hours, a language or a drive"""


PARTS: Final = (
    Part("home-care", "community", HOME_CARE, Extent(45, 1400, use=0.90), Fraction(1025, 1000)),
    Part("schools", "school", SCHOOLS, Extent(20, 700, use=0.90), Fraction(1006, 1000)),
    Part("retirement-homes", "community", RETIREMENT_HOMES, Extent(10, 300, use=0.90), Fraction(1006, 1000)),
    Part("clinic", "clinic", OUTPATIENTS, Extent(5, 100, use=0.88), Fraction(1006, 1000)),
)


def organisation_rows(*, on: date, seed: int = 0, taken: set[str] | None = None) -> Iterator[tuple[Part, Rows]]:
    """The programs of the organisation, each with its rows in the week of that day; the same arguments give the same rows.

    People's names differ over all programs, and from those in `taken`.
    """
    names = set() if taken is None else taken
    monday = on - timedelta(days=on.weekday())
    for number, part in enumerate(PARTS):
        starts_on = monday - timedelta(weeks=part.chosen.weeks_passed)
        row = program_row(part.chosen, part.setting, starts_on=starts_on)
        rows = rows_like(part.chosen, row, part.extent, seed=seed + number, taken=names)
        visits = Fraction(round((rows.program.contracted_visits or 0) * part.contract_factor))
        contracted = replace(rows, program=replace(rows.program, contracted_visits=visits))
        yield part, _mostly_known(contracted, part.chosen.scarce_french)


def _mostly_known(rows: Rows, scarce: str) -> Rows:
    """Of those referred in English in the last month, most were referred a month earlier; who asks for French in the scarce
    discipline is referred in greater numbers than its hours hold."""
    as_of = rows.program.as_of or rows.program.period_start
    before, french = as_of - timedelta(weeks=MONTH_WEEKS), {site.id for site in rows.sites if site.language == "fr"}
    units, seen = [], 0
    for number, unit in enumerate(rows.units):
        in_french = unit.language == "fr" or (unit.language is None and unit.site in french)
        is_new = unit.waiting_since is not None and unit.waiting_since > before
        if in_french and unit.discipline == scarce and unit.kind == "client" and not unit.pinned:
            seen += 1
            unit = unit if seen % NEW_IN_FRENCH else _just_referred(unit, as_of - timedelta(days=2 + number % 20))
        elif unit.waiting_since and is_new and not in_french and number % NEW_IN_ENGLISH:
            unit = replace(unit, waiting_since=unit.waiting_since - timedelta(weeks=MONTH_WEEKS))
        units.append(unit)
    return replace(rows, units=tuple(units))


def _just_referred(unit: UnitRow, on: date) -> UnitRow:
    used = None if unit.visits_used is None else Fraction(0)
    return replace(unit, visits_used=used, current_practitioner=None, waiting_since=on)


def a_month_before(rows: Rows) -> Rows:
    """The same program four weeks earlier: fewer visits used, without whoever was referred since, and before anybody was asked
    how the load feels."""
    as_of = rows.program.as_of or rows.program.period_start
    before = as_of - timedelta(weeks=MONTH_WEEKS)
    passed = Fraction((as_of - rows.program.period_start).days, 7)
    share = max(Fraction(0), (passed - MONTH_WEEKS) / passed) if passed else Fraction(0)
    units = tuple(
        replace(unit, visits_used=None if unit.visits_used is None else Fraction(round(unit.visits_used * share)))
        for unit in rows.units
        if unit.waiting_since is None or unit.waiting_since <= before
    )
    return replace(
        rows,
        program=replace(rows.program, as_of=before),
        practitioners=tuple(replace(person, feedback=None) for person in rows.practitioners),
        units=_whole_bundles(units),
    )


def _whole_bundles(units: tuple[UnitRow, ...]) -> tuple[UnitRow, ...]:
    """A bundle of one is no bundle."""
    count: dict[str, int] = {}
    for unit in units:
        if unit.together:
            count[unit.together] = count.get(unit.together, 0) + 1
    return tuple(replace(unit, together=None) if unit.together and count[unit.together] < 2 else unit for unit in units)


def this_week(rows: Rows, *, holders: Mapping[str, str], fewer_hours: Mapping[str, Fraction], seed: int = 0) -> Rows:
    """The list of this week: units with whoever holds them by the last edition, some people with fewer hours than before.

    `holders`: unit → practitioner; `fewer_hours`: practitioner → weekly hours from now on.
    """
    rng = Random(seed)
    said = dict.fromkeys(fewer_hours, "too_high")
    people = []
    for person in rows.practitioners:
        hours = fewer_hours.get(person.id, person.weekly_hours)
        feedback = said.get(person.id, person.feedback) or ("right" if rng.random() < 0.1 else None)
        people.append(replace(person, weekly_hours=hours, feedback=feedback))
    units = tuple(_held(unit, holders.get(unit.id)) for unit in rows.units)
    return replace(rows, practitioners=tuple(people), units=units)


def _held(unit: UnitRow, holder: str | None) -> UnitRow:
    is_kept = unit.pinned and holder is not None and holder == unit.current_practitioner
    return replace(unit, current_practitioner=holder, pinned=is_kept, waiting_since=None if holder else unit.waiting_since)
