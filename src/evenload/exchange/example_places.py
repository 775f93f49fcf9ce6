"""The places of the example programs: invented sites spread over the region, or a list of real places that the caller gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from evenload.exchange.example_names import clinic_name, residence_name, school_name, ward_name
from evenload.exchange.example_region import NEIGHBOURHOODS, Neighbourhood, nearest_neighbourhood
from evenload.exchange.example_settings import Setting
from evenload.exchange.rows import SiteRow
from evenload.planning.program import Place

KILOMETRE = 0.009
"""One kilometre in degrees of latitude, about; precise enough to scatter invented places."""


@dataclass(frozen=True, slots=True)
class RealPlace:
    """One place of a given list. `size` is its relative size (1: an elementary school); `is_french` by its board."""

    id: str
    name_en: str
    name_fr: str | None
    lat: float
    lon: float
    size: float
    is_french: bool
    is_secondary: bool
    address: str | None = None
    town: str | None = None
    postal: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A site of the example with what the generator knows about it: where it lies, how large it is, which language it works in."""

    row: SiteRow
    place: Place
    neighbourhood: Neighbourhood
    size: float
    is_french: bool
    is_secondary: bool


def coordinate(degrees: float) -> Fraction:
    """Degrees as the workbook holds them: four decimals, about ten metres."""
    return Fraction(f"{degrees:.4f}")


def near(rng: Random, neighbourhood: Neighbourhood, kilometres: float) -> Place:
    """A random point near the centre of a neighbourhood; `kilometres` is one standard deviation in each direction."""
    lat = neighbourhood.lat + rng.gauss(0, kilometres * KILOMETRE)
    return Place(round(lat, 4), round(neighbourhood.lon + rng.gauss(0, kilometres * KILOMETRE * 1.4), 4))


def invented_spots(rng: Random, setting: Setting, units: int) -> list[Spot]:
    """Invented sites, as many as the setting has for this many units, spread over the region by population."""
    at_sites = units * (1 - setting.client_unit_share - setting.area_unit_share)
    count = max(1, round(at_sites / setting.units_per_site))
    if setting.site_kind == "clinic":
        count = max(1, min(len(NEIGHBOURHOODS), round(units / 75)))
    named = {True: 0, False: 0}
    spots = [_invented(rng, setting.site_kind, neighbourhood, number, named=named) for number, neighbourhood in enumerate(_spread(count))]
    return [*spots, *_home_areas(setting)]


def given_spots(rng: Random, setting: Setting, places: Sequence[RealPlace]) -> list[Spot]:
    """The given places as sites of the setting's kind; area and team by the nearest neighbourhood."""
    spots = []
    for place in places:
        neighbourhood = nearest_neighbourhood(Place(place.lat, place.lon))
        row = SiteRow(
            id=place.id,
            name_en=place.name_en,
            name_fr=place.name_fr,
            kind=setting.site_kind,
            area=neighbourhood.area,
            team=neighbourhood.team,
            language="fr" if place.is_french else "en",
            address=place.address,
            town=place.town or neighbourhood.town,
            postal=place.postal,
            lat=coordinate(place.lat),
            lon=coordinate(place.lon),
        )
        size = place.size * rng.lognormvariate(0, 0.35)
        spots.append(Spot(row, Place(place.lat, place.lon), neighbourhood, size, place.is_french, place.is_secondary))
    return [*spots, *_home_areas(setting)]


def _spread(count: int) -> list[Neighbourhood]:
    """As many neighbourhoods as asked for, each in proportion to its people: largest accumulated share first, so it is even."""
    total = sum(n.weight for n in NEIGHBOURHOODS)
    owed = {n.fsa + n.town: 0.0 for n in NEIGHBOURHOODS}
    chosen = []
    for _ in range(count):
        for n in NEIGHBOURHOODS:
            owed[n.fsa + n.town] += n.weight / total
        best = max(NEIGHBOURHOODS, key=lambda n: owed[n.fsa + n.town])
        owed[best.fsa + best.town] -= 1
        chosen.append(best)
    return chosen


def _invented(rng: Random, kind: str, neighbourhood: Neighbourhood, number: int, *, named: dict[bool, int]) -> Spot:
    """One invented site. `named` counts how many have a name already, French ones and others: names run out later so."""
    works_in_one_language = kind in ("school", "retirement_home")
    is_french = works_in_one_language and rng.random() < min(0.9, 1.3 * neighbourhood.french_share)
    is_secondary = kind == "school" and rng.random() < 0.22
    if kind == "hospital":
        neighbourhood = _CAMPUSES[number % len(_CAMPUSES)]
    place = near(rng, neighbourhood, 0 if kind == "hospital" else 1.6)
    names = {
        "school": lambda: school_name(is_french, is_secondary, named[is_french]),
        "retirement_home": lambda: residence_name(is_french, named[is_french]),
        "clinic": lambda: clinic_name(neighbourhood.town, number),
        "hospital": lambda: ward_name(number),
    }
    name_en, name_fr = names[kind]()
    named[is_french] += 1
    row = SiteRow(
        id=f"S{number + 1:03d}",
        name_en=name_en,
        name_fr=name_fr,
        kind=kind,
        area=neighbourhood.area,
        team=neighbourhood.team,
        language=("fr" if is_french else "en") if works_in_one_language else None,
        town=neighbourhood.town,
        postal=neighbourhood.fsa,
        lat=coordinate(place.lat),
        lon=coordinate(place.lon),
    )
    return Spot(row, place, neighbourhood, rng.lognormvariate(0, 0.55) * (0.7 if is_secondary else 1.0), is_french, is_secondary)


def _home_areas(setting: Setting) -> list[Spot]:
    """Areas in which clients are seen at home; without a point of their own, for each unit there has one."""
    if setting.site_kind != "retirement_home" or not setting.area_unit_share:
        return []
    return [
        Spot(
            SiteRow(
                id=f"H{number + 1:02d}",
                name_en=f"{n.town}, home visits",
                name_fr=f"{n.town}, visites à domicile",
                kind="area",
                area=n.area,
                team=n.team,
                town=n.town,
            ),
            Place(n.lat, n.lon),
            n,
            n.weight,
            is_french=False,
            is_secondary=False,
        )
        for number, n in enumerate(NEIGHBOURHOODS)
    ]


_CAMPUSES: tuple[Neighbourhood, ...] = tuple(n for n in NEIGHBOURHOODS if n.town in ("The Glebe", "Vanier", "Bayshore"))
