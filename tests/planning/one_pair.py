"""Builders of the smallest Case: one practitioner, one unit, and what a test changes about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.prices import Prices
from evenload.planning.program import Place

HERE = Place(45.42, -75.69)
FAR = Place(45.42, -74.69)

ANA = Practitioner(
    id="Ana",
    disciplines=("OT",),
    capacity_minutes=1200,
    maximum_minutes=1200,
    comfortable_min_percent=Fraction(70),
    comfortable_max_percent=Fraction(95),
    weekly_hours=Fraction(75, 2),
    languages={"en": "native"},
    skills=frozenset(),
    interests=frozenset(),
    years_experience=Fraction(5),
    base=HERE,
    longest_drive_minutes=None,
    max_sites_per_day=None,
    accepts_new=True,
    team=None,
    area="all",
    days=frozenset(),
    evenings=None,
)

HOME = Unit(
    id="u1",
    stated_id="u1",
    kind="client",
    site=None,
    site_kind=None,
    discipline="OT",
    class_id="low",
    clients=1,
    minutes=120,
    travel_in_standard=False,
    visits_per_week=Fraction(1),
    trips=Fraction(1, 3),
    language="en",
    language_need="preferred",
    skills_required=frozenset(),
    skills_preferred=frozenset(),
    priority=3,
    weeks_waiting=0,
    current=None,
    pinned_to=None,
    barred=frozenset(),
    together=None,
    days=frozenset(),
    evening=False,
    experience_years=None,
    site_team=None,
    area="all",
    place=HERE,
    peak_minutes=120,
    tags=frozenset({"low", "client"}),
)


def practitioner(**changes: object) -> Practitioner:
    return replace(ANA, **changes)


def unit(**changes: object) -> Unit:
    changed = replace(HOME, **changes)
    return changed if "stated_id" in changes else replace(changed, stated_id=changed.id)


def case(practitioners: tuple[Practitioner, ...] = (ANA,), units: tuple[Unit, ...] = (HOME,), **changes: object) -> Case:
    facts: dict[str, object] = {
        "setting": "community",
        "starts_on": date(2026, 1, 5),
        "weeks": 20,
        "weeks_left": 20,
        "as_of": date(2026, 1, 5),
        "speed_kmh": Fraction(40),
        "detour_factor": Fraction(13, 10),
        "unknown_place_drive": 15,
        "fte_weekly_hours": Fraction(75, 2),
        "prices": Prices(),
    }
    return Case(practitioners=practitioners, units=units, **{**facts, **changes})
