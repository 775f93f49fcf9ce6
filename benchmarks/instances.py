"""Synthetic programs of any size and tightness, seeded: towns, three disciplines, French, skills, current practitioners.

The kind of program is that of the engine's goals: four in five units in towns, a fifth anywhere; a fifth of the units ask for
French, a third of the practitioners speak it; half the units need one of eight skills; loads of 0.25 to 4 hours a week;
seven units in ten have a current practitioner, one of the six nearest who may take them. Prices are the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.prices import Prices
from evenload.planning.program import Place
from evenload.planning.shared import Shared

DISCIPLINES = ("OT", "PT", "SLP")
SKILLS = tuple(f"skill{number}" for number in range(8))
OTHER_LANGUAGES = ("ar", "es", "so", "zh")
KM2_PER_PRACTITIONER = 8.0
KM_PER_DEGREE = 111.2
CENTRE = Place(45.4, -75.7)
CLASSES: Mapping[str, tuple[bool, Fraction | None]] = {"low": (True, None), "mod": (False, None), "high": (False, Fraction(3))}
"""class → whether it has a travel standard, and the years of experience it asks for"""
PRIORITY_SHARES = {1: 0.1, 2: 0.2, 3: 0.5, 4: 0.2}


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
    rng = np.random.default_rng([seed, size.practitioners, size.units])
    towns = _towns(rng, size.practitioners)
    people = _practitioners(rng, size, towns)
    units = _units(rng, size, towns)
    units = _with_current(rng, people, units)
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

    def points(self, rng: np.random.Generator, count: int) -> list[Place]:
        """Places: four in five about a town, the rest anywhere in the region."""
        town = rng.choice(len(self.weights), count, p=self.weights)
        spread = np.sqrt(self.weights[town] / 6) * self.side + 0.5
        points = self.centres[town] + rng.normal(size=(count, 2)) * spread[:, None]
        anywhere = rng.random(count) < 0.2
        points[anywhere] = rng.random((int(anywhere.sum()), 2)) * self.side
        lat = CENTRE.lat + points.clip(0, self.side)[:, 1] / KM_PER_DEGREE
        lon = CENTRE.lon + points.clip(0, self.side)[:, 0] / (KM_PER_DEGREE * np.cos(np.radians(CENTRE.lat)))
        return [Place(float(a), float(b)) for a, b in zip(lat, lon, strict=True)]


def _towns(rng: np.random.Generator, practitioners: int) -> Towns:
    side = float(np.sqrt(practitioners * KM2_PER_PRACTITIONER))
    count = max(2, practitioners // 25)
    weights = rng.pareto(1.2, count) + 0.3
    return Towns(rng.random((count, 2)) * side, weights / weights.sum(), side)


def _practitioners(rng: np.random.Generator, size: Size, towns: Towns) -> list[Practitioner]:
    """Staffed for its pools: French and every skill are spread over each discipline by quota, never by luck alone."""
    places = towns.points(rng, size.practitioners)
    people = [_practitioner(rng, number, place) for number, place in enumerate(places)]
    for discipline in DISCIPLINES:
        own = [number for number, person in enumerate(people) if discipline in person.disciplines]
        francophone = _quota(rng, own, 0.35)
        for group in (sorted(francophone), sorted(set(own) - francophone)):
            holders = {skill: _quota(rng, group, 0.7) for skill in SKILLS}
            for number in group:
                french = {"fr": str(rng.choice(["native", "fluent"]))} if number in francophone else {}
                people[number] = replace(
                    people[number],
                    languages={**people[number].languages, **french},
                    skills=frozenset(skill for skill in SKILLS if number in holders[skill]),
                )
    return people


def _quota(rng: np.random.Generator, group: Sequence[int], share: float) -> set[int]:
    """This share of the group, rounded up, drawn by lot."""
    return {int(number) for number in rng.permutation(np.array(group, np.int64))[: int(np.ceil(share * len(group)))]}


def _practitioner(rng: np.random.Generator, number: int, base: Place) -> Practitioner:
    languages = {"en": "native"}
    if rng.random() < 0.3:
        languages[str(rng.choice(OTHER_LANGUAGES))] = str(rng.choice(["functional", "fluent"]))
    weekly = int(rng.choice([15, 20, 25, 30, 35]))
    return Practitioner(
        id=f"p{number:05d}",
        disciplines=(DISCIPLINES[number % 3],),
        capacity_minutes=weekly * 60,
        maximum_minutes=weekly * 60,
        comfortable_min_percent=Fraction(70),
        comfortable_max_percent=Fraction(95),
        weekly_hours=Fraction(weekly * 5, 4),
        languages=languages,
        skills=frozenset(),
        interests=frozenset({str(rng.choice(["low", "mod", "high", *SKILLS]))}) if rng.random() < 0.5 else frozenset(),
        years_experience=Fraction(int(rng.integers(0, 20))),
        base=base,
        longest_drive_minutes=60,
        max_sites_per_day=int(rng.integers(2, 5)) if rng.random() < 0.3 else None,
        accepts_new=True,
        team=None,
        area="all",
        days=frozenset(),
        evenings=None,
    )


def _units(rng: np.random.Generator, size: Size, towns: Towns) -> tuple[Unit, ...]:
    places = towns.points(rng, size.units)
    same = Shared()
    return tuple(_unit(rng, number, place, same) for number, place in enumerate(places))


def _unit(rng: np.random.Generator, number: int, place: Place, same: Shared) -> Unit:
    minutes = 15 * int(np.clip(round(rng.gamma(2.0, 2.2)), 1, 16))
    visits = Fraction(minutes, 45)
    complexity = str(rng.choice(list(CLASSES)))
    in_standard, years = CLASSES[complexity]
    language = "fr" if rng.random() < 0.2 else str(rng.choice(OTHER_LANGUAGES)) if rng.random() < 0.15 else "en"
    skills = frozenset({str(rng.choice(SKILLS))})
    required = rng.random() < 0.5
    id = f"u{number:06d}"
    return Unit(
        id=id,
        stated_id=id,
        kind="client",
        site=None,
        site_kind=None,
        discipline=DISCIPLINES[int(rng.integers(3))],
        class_id=same(complexity),
        clients=1,
        minutes=minutes,
        travel_in_standard=in_standard,
        visits_per_week=same(visits),
        trips=same(visits / 3),
        language=same(language),
        language_need="preferred",
        skills_required=same(skills if required else frozenset()),
        skills_preferred=same(frozenset() if required else skills),
        priority=int(rng.choice(list(PRIORITY_SHARES), p=list(PRIORITY_SHARES.values()))),
        weeks_waiting=int(rng.integers(0, 40)),
        current=None,
        pinned_to=None,
        barred=same(frozenset()),
        together=None,
        days=same(frozenset()),
        evening=False,
        experience_years=years,
        site_team=None,
        area="all",
        place=place,
        peak_minutes=minutes,
        tags=same(frozenset({complexity, "client"}) | skills),
    )


def _with_current(rng: np.random.Generator, people: Sequence[Practitioner], units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Seven in ten units get one of the six nearest practitioners of discipline, French and required skill."""
    spots = np.array([(p.base.lat, p.base.lon) for p in people if p.base])
    able = {key: _able(people, *key) for key in {(u.discipline, u.is_french, u.skills_required) for u in units}}
    chosen = []
    for unit in units:
        candidates = able[unit.discipline, unit.is_french, unit.skills_required]
        has_one, rank = rng.random() < 0.7, int(rng.integers(6))
        if has_one and len(candidates) and unit.place:
            distance = np.hypot(spots[candidates, 0] - unit.place.lat, (spots[candidates, 1] - unit.place.lon) * 0.7)
            nearest = candidates[np.argsort(distance, kind="stable")[:6]]
            unit = replace(unit, current=people[nearest[min(rank, len(nearest) - 1)]].id, weeks_waiting=0)
        chosen.append(unit)
    return tuple(chosen)


def _able(people: Sequence[Practitioner], discipline: str, french: bool, skills: frozenset[str]) -> NDArray[np.int64]:
    found = [i for i, p in enumerate(people) if discipline in p.disciplines and skills <= p.skills and (not french or "fr" in p.languages)]
    return np.array(found, np.int64)


def _scaled(people: Sequence[Practitioner], units: Sequence[Unit], tightness: float) -> tuple[Practitioner, ...]:
    """Capacities scaled so that each discipline's demand is `tightness` times its supply; maximum = capacity (max_hours empty)."""
    supply = {code: sum(p.capacity_minutes for p in people if code in p.disciplines) for code in DISCIPLINES}
    demand = {code: sum(_load_estimate(u) for u in units if u.discipline == code) for code in DISCIPLINES}
    factor = {code: demand[code] / tightness / supply[code] if supply[code] else 1.0 for code in DISCIPLINES}
    return tuple(replace(p, **_capacity(p, factor[p.disciplines[0]])) for p in people)


def _capacity(person: Practitioner, factor: float) -> dict[str, object]:
    minutes = int(person.capacity_minutes * factor)
    return {"capacity_minutes": minutes, "maximum_minutes": minutes, "weekly_hours": Fraction(minutes, 48)}


def _load_estimate(unit: Unit) -> float:
    """Minutes with travel at a drive of six minutes where the load holds it."""
    return unit.minutes + (0 if unit.travel_in_standard else float(12 * unit.trips))
