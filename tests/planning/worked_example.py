"""The worked example of the method (20 weeks, three occupational therapists, eight units), as plain facts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from evenload.planning.program import (
    Absence,
    ComplexityClass,
    Duty,
    Period,
    Place,
    PractitionerFacts,
    Program,
    Site,
    UnitFacts,
)

STARTS_ON = date(2026, 1, 5)


def worked_example() -> Program:
    """The program as stated: nothing changed, nothing assigned."""
    return Program(
        setting="community",
        period=Period(STARTS_ON, 20, STARTS_ON),
        practitioners=PRACTITIONERS,
        classes=CLASSES,
        units=(*SITE_UNITS, *CLIENT_UNITS),
        sites=SITES,
        absences=(Absence("*", "leave", days=Fraction(8)),),
        duties=(Duty("*", "administration", "percent", Fraction(10)), Duty("*", "meetings", "hours_per_week", Fraction(2))),
    )


PRACTITIONERS = (
    PractitionerFacts(
        "Ana",
        ("OT",),
        "employee",
        Fraction(75, 2),
        languages={"en": "native"},
        skills=frozenset({"AAC", "seating"}),
        interests=frozenset({"school"}),
        years_experience=Fraction(12),
        base=Place(45.42, -75.69),
        longest_drive_minutes=60,
        team="north",
    ),
    PractitionerFacts(
        "Béa",
        ("OT",),
        "employee",
        Fraction(30),
        languages={"fr": "native", "en": "fluent"},
        skills=frozenset({"AAC"}),
        interests=frozenset({"AAC"}),
        years_experience=Fraction(2),
        base=Place(45.44, -75.6),
        team="east",
    ),
    PractitionerFacts(
        "Cal",
        ("OT",),
        "employee",
        Fraction(20),
        max_hours=Fraction(16),
        languages={"en": "native", "ar": "fluent"},
        skills=frozenset({"seating"}),
        years_experience=Fraction(6),
        base=Place(45.33, -75.8),
        team="north",
        feedback="too_low",
    ),
)

CLASSES = (
    ComplexityClass("low", "OT", Fraction(8), Fraction(45), Fraction(15), episode_minutes=Fraction(120)),
    ComplexityClass("mod", "OT", Fraction(16), Fraction(45), Fraction(20), episode_minutes=Fraction(180)),
    ComplexityClass("high", "OT", Fraction(30), Fraction(60), Fraction(30), episode_minutes=Fraction(300), experience_years=Fraction(3)),
)

SITES = (
    Site("A", "school", place=Place(45.4, -75.7)),
    Site("B", "school", place=Place(45.45, -75.58)),
    Site("C", "school", place=Place(45.34, -75.78)),
    Site("D", "school", place=Place(45.36, -75.74)),
)

SITE_UNITS = (
    UnitFacts("u1", "site", "OT", "mod", site="A", clients=14, language="en", current_practitioner="Ana"),
    UnitFacts("u2", "site", "OT", "mod", site="B", clients=12, language="fr", current_practitioner="Béa"),
    UnitFacts("u3", "site", "OT", "low", site="C", clients=20, language="en", current_practitioner="Ana"),
    UnitFacts("u4", "site", "OT", "mod", site="D", clients=10, language="en", waiting_since=date(2025, 11, 24)),
)

CLIENT_UNITS = (
    UnitFacts("u5", "client", "OT", "high", language="fr", priority=2, waiting_since=date(2025, 12, 15), place=Place(45.43, -75.64)),
    UnitFacts("u6", "client", "OT", "mod", language="ar", waiting_since=date(2025, 10, 27), place=Place(45.38, -75.72)),
    UnitFacts("u7", "client", "OT", "high", language="en", skills_required=frozenset({"seating"}), priority=1, place=Place(45.42, -75.66)),
    UnitFacts(
        "u8",
        "client",
        "OT",
        "mod",
        visits_allotted=Fraction(16),
        visits_used=Fraction(10),
        language="en",
        priority=4,
        current_practitioner="Cal",
        place=Place(45.41, -75.71),
    ),
)
