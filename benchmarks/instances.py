"""Synthetic programs of any size and tightness, seeded: towns, three disciplines, French, skills, current practitioners.

The kind of program is that of the engine's goals: four in five units in towns, a fifth anywhere; a fifth of the units ask for
French, a third of the practitioners speak it; half the units need one of eight skills; loads of 0.25 to 4 hours a week;
seven units in ten have a current practitioner, one of the six nearest who may take them. Prices are the defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn_units import DISCIPLINES, OTHER_LANGUAGES, SKILLS, drawn_units
from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.optimise.columns import Columns
from evenload.planning.prices import Prices
from evenload.planning.program import Place
from evenload.planning.shared import Shared

KM2_PER_PRACTITIONER = 8.0
KM_PER_DEGREE = 111.2
CENTRE = Place(45.4, -75.7)


@dataclass(frozen=True, slots=True)
class Size:
    """How large and how tight: demand / supply is reached for each discipline (travel of the load estimated)."""

    practitioners: int
    units: int
    tightness: float = 0.95

    def __str__(self) -> str:
        return f"{self.practitioners}x{self.units}"


def caseload(size: Size, seed: int = 1, prices: Prices | None = None) -> Case:
    """A program of this size; the same seed gives the same program."""
    case = caseload_in_columns(size, seed, prices)
    return replace(case, units=tuple(case.units))


def caseload_in_columns(size: Size, seed: int = 1, prices: Prices | None = None) -> Case:
    """The same program with its units as columns: some thirty bytes a unit."""
    rng = np.random.default_rng([seed, size.practitioners, size.units])
    towns = _towns(rng, size.practitioners)
    people = _practitioners(rng, size, towns)
    units = drawn_units(rng, people, towns.points(rng, size.units))
    return Case(
        setting="community",
        starts_on=date(2026, 1, 5),
        weeks=20,
        weeks_left=20,
        as_of=date(2026, 1, 5),
        practitioners=_scaled(people, units, size.tightness),
        units=units,
        speed_kmh=Fraction(40),
        detour_factor=Fraction(13, 10),
        unknown_place_drive=15,
        fte_weekly_hours=Fraction(75, 2),
        prices=prices or Prices(),
    )


@dataclass(frozen=True, slots=True)
class Towns:
    """Town centres (km), their weights and the side of the square region (km)."""

    centres: NDArray[np.float64]
    weights: NDArray[np.float64]
    side: float

    def points(self, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        """[count, 2] degrees north and east: four in five about a town, the rest anywhere in the region."""
        town = rng.choice(len(self.weights), count, p=self.weights)
        spread = np.sqrt(self.weights[town] / 6) * self.side + 0.5
        points = self.centres[town] + rng.normal(size=(count, 2)) * spread[:, None]
        anywhere = rng.random(count) < 0.2
        points[anywhere] = rng.random((int(anywhere.sum()), 2)) * self.side
        lat = CENTRE.lat + points.clip(0, self.side)[:, 1] / KM_PER_DEGREE
        lon = CENTRE.lon + points.clip(0, self.side)[:, 0] / (KM_PER_DEGREE * np.cos(np.radians(CENTRE.lat)))
        return np.stack([lat, lon], axis=1)


def _towns(rng: np.random.Generator, practitioners: int) -> Towns:
    side = float(np.sqrt(practitioners * KM2_PER_PRACTITIONER))
    count = max(2, practitioners // 25)
    weights = rng.pareto(1.2, count) + 0.3
    return Towns(rng.random((count, 2)) * side, weights / weights.sum(), side)


def _practitioners(rng: np.random.Generator, size: Size, towns: Towns) -> list[Practitioner]:
    """Staffed for its pools: French and every skill are spread over each discipline by quota, never by luck alone."""
    same = Shared()
    places = [Place(lat, lon) for lat, lon in towns.points(rng, size.practitioners).tolist()]
    people = [_practitioner(rng, number, place, same) for number, place in enumerate(places)]
    spoken: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for discipline in DISCIPLINES:
        own = [number for number, person in enumerate(people) if discipline in person.disciplines]
        francophone = _quota(rng, own, 0.35)
        for group in (sorted(francophone), sorted(set(own) - francophone)):
            holders = {skill: _quota(rng, group, 0.7) for skill in SKILLS}
            for number in group:
                french = {"fr": str(rng.choice(["native", "fluent"]))} if number in francophone else {}
                languages = {**people[number].languages, **french}
                people[number] = replace(
                    people[number],
                    languages=spoken.setdefault(tuple(languages.items()), languages),
                    skills=same(frozenset(skill for skill in SKILLS if number in holders[skill])),
                )
    return people


def _quota(rng: np.random.Generator, group: Sequence[int], share: float) -> set[int]:
    """This share of the group, rounded up, drawn by lot."""
    return {int(number) for number in rng.permutation(np.array(group, np.int64))[: int(np.ceil(share * len(group)))]}


def _practitioner(rng: np.random.Generator, number: int, base: Place, same: Shared) -> Practitioner:
    languages = {"en": "native"}
    if rng.random() < 0.3:
        languages[str(rng.choice(OTHER_LANGUAGES))] = str(rng.choice(["functional", "fluent"]))
    weekly = int(rng.choice([15, 20, 25, 30, 35]))
    return Practitioner(
        id=f"p{number:05d}",
        disciplines=(DISCIPLINES[number % 3],),
        capacity_minutes=weekly * 60,
        maximum_minutes=weekly * 60,
        comfortable_min_percent=same(Fraction(70)),
        comfortable_max_percent=same(Fraction(95)),
        weekly_hours=same(Fraction(weekly * 5, 4)),
        languages=languages,
        skills=same(frozenset()),
        interests=same(frozenset({str(rng.choice(["low", "mod", "high", *SKILLS]))}) if rng.random() < 0.5 else frozenset()),
        years_experience=same(Fraction(int(rng.integers(0, 20)))),
        base=base,
        longest_drive_minutes=60,
        max_sites_per_day=int(rng.integers(2, 5)) if rng.random() < 0.3 else None,
        accepts_new=True,
        team=None,
        area="all",
        days=same(frozenset()),
        evenings=None,
    )


def _scaled(people: Sequence[Practitioner], units: Columns, tightness: float) -> tuple[Practitioner, ...]:
    """Capacities scaled so that each discipline's demand is `tightness` times its supply; maximum = capacity (max_hours empty)."""
    supply = {code: sum(p.capacity_minutes for p in people if code in p.disciplines) for code in DISCIPLINES}
    demand = {code: _demand(units, code) for code in DISCIPLINES}
    factor = {code: demand[code] / tightness / supply[code] if supply[code] else 1.0 for code in DISCIPLINES}
    same = Shared()
    return tuple(replace(p, **_capacity(p, factor[p.disciplines[0]], same)) for p in people)


def _demand(units: Columns, discipline: str) -> float:
    estimates = [_load_estimate(kind) for kind in units.kinds]
    is_of_it = np.array([kind.discipline == discipline for kind in units.kinds])
    demand: float = sum(estimates[kind] for kind in units.kind[is_of_it[units.kind]].tolist())
    return demand


def _capacity(person: Practitioner, factor: float, same: Shared) -> dict[str, Any]:
    minutes = same(int(person.capacity_minutes * factor))
    return {"capacity_minutes": minutes, "maximum_minutes": minutes, "weekly_hours": same(Fraction(minutes, 48))}


def _load_estimate(unit: Unit) -> float:
    """Minutes with travel at a drive of six minutes where the load holds it."""
    return unit.minutes + (0 if unit.travel_in_standard else float(12 * unit.trips))
