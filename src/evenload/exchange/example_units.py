"""Which caseload units an example program has: at sites, over areas, and single clients, with class, language and weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from evenload.exchange.example_places import Spot, near
from evenload.exchange.example_settings import ClassStandard, Setting
from evenload.planning.program import Place

ENGLISH_SITE_FRENCH = 0.12
"""Share of the neighbourhood's French share that asks for French at an English school or home; the others go to French ones."""


@dataclass(slots=True)
class Slot:
    """A caseload unit in the making. `language` is stated on the unit itself; `asks_french` also counts the site's language."""

    kind: str
    standard: ClassStandard
    spot: Spot
    place: Place
    language: str | None
    asks_french: bool
    weight: float
    language_need: str = "preferred"
    is_new: bool = False
    clients: int = 1
    allotted: int = 0
    used: int = 0
    weekly_visits: float | None = None
    minutes: int = 0
    """weekly minutes with the nearest practitioner's travel"""
    current: str | None = None
    priority: int = 3
    waiting_since: date | None = None
    skills_required: tuple[str, ...] = ()
    skills_preferred: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    is_pinned: bool = False
    together: str | None = None
    days: tuple[str, ...] = ()
    is_evening: bool = False
    from_date: date | None = None
    note: str | None = None
    generosity: float = 1.0
    """visits allotted, as a multiple of the class's"""
    pace: float = 1.0
    """visits used, as a multiple of an even pace"""
    label: str = field(default="")

    @property
    def discipline(self) -> str:
        """The discipline of the unit's class."""
        return self.standard.discipline


def slots(rng: Random, setting: Setting, spots: Sequence[Spot], *, units: int, staff_shares: dict[str, float]) -> list[Slot]:
    """As many unit drafts as asked for, of the disciplines in `staff_shares` (discipline → share of the staff)."""
    at_sites = [spot for spot in spots if spot.row.kind == setting.site_kind]
    homes = [spot for spot in spots if spot.row.kind == "area"]
    standards = [standard for standard in setting.classes if standard.discipline in staff_shares]
    area_units = _chosen(rng, list(_area_candidates(rng, homes, standards)), round(units * setting.area_unit_share))
    wanted = units - len(area_units) - round(units * setting.client_unit_share)
    site_units = _chosen(rng, list(_site_candidates(rng, at_sites, standards, staff_shares)), wanted)
    rest = units - len(area_units) - len(site_units)
    clients = [_client(rng, homes or at_sites, standards, staff_shares) for _ in range(rest)]
    found = [*site_units, *area_units, *clients]
    for slot in found:
        slot.generosity = rng.uniform(0.85, 1.15)
        slot.pace = rng.uniform(0.7, 1.3)
    return found


def _chosen(rng: Random, candidates: list[Slot], count: int) -> list[Slot]:
    """A weighted sample without replacement, in the candidates' order (the key of Efraimidis and Spirakis)."""
    keyed = sorted(range(len(candidates)), key=lambda i: rng.random() ** (1 / candidates[i].weight), reverse=True)
    return [candidates[i] for i in sorted(keyed[: max(0, count)])]


def _site_candidates(
    rng: Random, spots: Sequence[Spot], standards: Sequence[ClassStandard], staff_shares: dict[str, float]
) -> Iterator[Slot]:
    """Every class at every site, weighing as much as the site is large, the class is frequent and its discipline is staffed."""
    largest = max(staff_shares.values())
    for spot in spots:
        for standard in standards:
            weight = spot.size * standard.share * staff_shares[standard.discipline] / largest
            weight *= 0.45 if spot.is_secondary and standard.discipline == "SLP" else 1.0
            if weight <= 0:
                continue
            yield _at_site(rng, spot, standard, weight=weight, language=None if spot.row.language else "en")
            minority = _minority_share(spot)
            if minority and standard.share > 0.3:
                yield _at_site(rng, spot, standard, weight=weight * minority, language="fr")


def _minority_share(spot: Spot) -> float:
    """Share of a site's clients that asks for French although the site does not work in French."""
    if spot.is_french:
        return 0.0
    asked = spot.neighbourhood.french_share
    return asked * ENGLISH_SITE_FRENCH if spot.row.language == "en" else asked


def _at_site(rng: Random, spot: Spot, standard: ClassStandard, *, weight: float, language: str | None) -> Slot:
    asks_french = language == "fr" or (language is None and spot.is_french)
    return Slot("site", standard, spot, spot.place, language, asks_french, weight * rng.lognormvariate(0, 0.5))


def _area_candidates(rng: Random, homes: Sequence[Spot], standards: Sequence[ClassStandard]) -> Iterator[Slot]:
    for spot in homes:
        for standard in standards:
            for language, share in (("en", 1 - spot.neighbourhood.french_share), ("fr", spot.neighbourhood.french_share)):
                weight = spot.size * standard.share * share * rng.lognormvariate(0, 0.5)
                yield Slot("area", standard, spot, near(rng, spot.neighbourhood, 0.8), language, language == "fr", weight)


def _client(rng: Random, spots: Sequence[Spot], standards: Sequence[ClassStandard], staff_shares: dict[str, float]) -> Slot:
    spot = rng.choices(spots, [spot.size for spot in spots])[0]
    weights = [standard.client_share * staff_shares[standard.discipline] for standard in standards]
    standard = rng.choices(standards, weights)[0]
    language, need = _client_language(rng, spot)
    place = near(rng, spot.neighbourhood, 1.8) if spot.row.kind == "area" else spot.place
    asks_french = language == "fr" or (language is None and spot.is_french)
    return Slot("client", standard, spot, place, language, asks_french, 1.0, language_need=need)


def _client_language(rng: Random, spot: Spot) -> tuple[str | None, str]:
    """The language a client asks for: the site's by itself (None), French, another one, or English; and how firmly."""
    if spot.is_french:
        return None, "preferred"
    french = _minority_share(spot)
    draw = rng.random()
    if draw < french:
        return "fr", rng.choice(("required", "preferred"))
    if draw < french + 0.09:
        return spot.neighbourhood.other, "required" if rng.random() < 0.08 else "preferred"
    return (None if spot.row.language else "en"), "preferred"
