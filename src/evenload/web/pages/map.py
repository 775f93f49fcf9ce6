"""The map: sites, bases and areas of the program on a plain ground, and the list that says the same. No tiles, no outside server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenload.planning.case import Case
from evenload.planning.distance import distance_km
from evenload.planning.program import Place
from evenload.records.access import program_for
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of
from evenload.web.load_bar import ICONS
from evenload.web.pages.sites import site_lines
from evenload.words import Words, label
from evenload.words.phrases import Names
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_rows import row_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused

SMALLEST_AREA_KM: Final = 1.0
MOST_IN_CIRCLE: Final = 0.8
"""share of an area's units that its circle holds; the few far away would make it larger than the picture"""
MOST_TOWNS: Final = 14
SIGNS: Final = {"gap": "▲", "site": "●", "base": "◆", "area": "◌"}
"""the same in the list as on the map: a shape each, so that no colour is needed"""


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing on the map: kind `site`, `gap`, `base`, `area` or (only drawn) `town`, its name, one line of text, and where; a radius for areas."""

    kind: str
    name: str
    text: str
    lat: float
    lon: float
    radius_metres: int = 0


@door("map.see")
@require_safe
def map_page(request: HttpRequest, code: str) -> HttpResponse:
    """The map with its list."""
    program = program_for(person_in(request), code, "map.see")
    shows(request, program=program)
    try:
        picture, draft = picture_at_hand(program)
    except Refused:
        return redirect("desk", code=code)
    words = words_of(request)
    names = names_of(words, picture.facts)
    placed = [*_sites(words, names, picture), *_bases(words, picture)]
    spots = [*_areas(words, picture), *placed]
    unplaced = len(site_lines(words, names, picture)) + len(picture.facts.case.practitioners) - len(placed)
    facts = {
        "program": program,
        "draft": draft,
        "groups": _groups(words, spots),
        "count": len(placed),
        "drawn": [asdict(spot) | {"sign": SIGNS.get(spot.kind, spot.name)} for spot in [*spots, *_towns(picture)]],
        "unplaced": max(0, unplaced),
    }
    return render(request, "map.html", facts)


def _groups(words: Words, spots: Iterable[Spot]) -> list[tuple[str, str, list[Spot]]]:
    """The list beside the map: sign, heading and places of each kind; what is missing first."""
    by_kind: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        by_kind[spot.kind].append(spot)
    headings = {
        "gap": words.say("Sites where a discipline is missing"),
        "site": words.say("Sites"),
        "base": words.say("Bases"),
        "area": words.say("Areas"),
    }
    return [(SIGNS[kind], heading, by_kind[kind]) for kind, heading in headings.items() if by_kind[kind]]


def _sites(words: Words, names: Names, picture: Picture) -> Iterable[Spot]:
    places = _places_of_sites(picture.facts.case)
    for line in site_lines(words, names, picture):
        place = places.get(line.code)
        if place is not None:
            missing = [words.pair(words.say("Missing"), line.missing)] if line.missing else []
            there = [words.pair(label(words, "discipline_short", one.code), one.people) for one in line.comers if not one.is_gap]
            yield Spot("gap" if line.has_gap else "site", line.name, "; ".join([*missing, *there]), float(place.lat), float(place.lon))


def _places_of_sites(case: Case) -> dict[str, Place]:
    return {unit.site: unit.place for unit in case.units if unit.site is not None and unit.place is not None}


def _towns(picture: Picture) -> list[Spot]:
    """Names of the towns with the most sites, each in the middle of its sites: only drawn, as the list names every place."""
    found: dict[str, list[Place]] = defaultdict(list)
    for code, place in _places_of_sites(picture.facts.case).items():
        if town := picture.facts.sites[code].town:
            found[town].append(place)
    largest = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_TOWNS]
    return [
        Spot("town", town, "", fmean(float(one.lat) for one in places), fmean(float(one.lon) for one in places)) for town, places in largest
    ]


def _bases(words: Words, picture: Picture) -> Iterable[Spot]:
    for person in picture.facts.case.practitioners:
        if person.base is None:
            continue
        row = row_of(picture, person)
        percent = row.load.percent
        state = {"no_capacity": "away"}.get(row.load.state, row.load.state)
        text = words.say(
            "Base. {percent} {icon} {state}",
            percent="–" if percent is None else words.percent(percent),
            icon=ICONS[state],
            state=label(words, "load", state),
        )
        yield Spot("base", row.name, text, float(person.base.lat), float(person.base.lon))


def _areas(words: Words, picture: Picture) -> Iterable[Spot]:
    """Areas as circles around the sites that lie in them."""
    found: dict[str, list[Place]] = defaultdict(list)
    for unit in picture.facts.case.units:
        if unit.place is not None and unit.area not in ("", "all"):
            found[unit.area].append(unit.place)
    for area, places in sorted(found.items()):
        middle = Place(fmean(float(one.lat) for one in places), fmean(float(one.lon) for one in places))
        away = sorted(distance_km(middle, one) for one in places)
        radius = max(SMALLEST_AREA_KM, away[min(len(away) - 1, int(MOST_IN_CIRCLE * len(away)))])
        text = words.say_n("Area with {n} unit", "Area with {n} units", len(places))
        yield Spot("area", area, text, float(middle.lat), float(middle.lon), round(1000 * radius))
