"""The only one who speaks French: which sites and pools would have nobody left, if somebody goes, is away, or hands a unit on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evenload.planning.areas import EVERYWHERE
from evenload.planning.case import Practitioner, Unit
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.site_teams import sites_losing_french
from evenload.planning.standing import Standing
from evenload.records.models import Draft, Program
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.refused import Refused

END_IS_NEAR: Final = timedelta(days=60)
"""A last day so near is time to look for somebody."""


@dataclass(frozen=True, slots=True)
class FrenchLoss:
    """A site (`site`), or the pool of a discipline in an area (`area` empty: in the whole program), left without fluent French.

    `units`: caseload units that ask for French there.
    """

    site: str = ""
    discipline: str = ""
    area: str = ""
    units: int = 0


@dataclass(frozen=True, slots=True)
class NearEnd:
    """A practitioner (code) whose last day is near, and what it would leave without French."""

    practitioner: str
    last_day: date
    losses: tuple[FrenchLoss, ...]


def would_lose(program: Program, practitioner: str) -> tuple[FrenchLoss, ...]:
    """What would have nobody left who speaks fluent French without this practitioner (code): her sites, then her pools.

    Read from the open draft, else from what holds now; nothing where the facts contradict each other, or she speaks no French.
    """
    try:
        picture, _ = picture_at_hand(program)
    except Refused:
        return ()
    return losses_without(picture, practitioner)


def losses_without(picture: Picture, practitioner: str) -> tuple[FrenchLoss, ...]:
    """As `would_lose`, of one picture."""
    case = picture.facts.case
    if not case.has_practitioner(practitioner) or not speaks(case.practitioner(practitioner), "fr", FLUENT):
        return ()
    person = case.practitioner(practitioner)
    return (*_sites(picture.standing, person), *_pools(picture, person))


def sites_losing(before: Standing, after: Standing, units: Iterable[Unit]) -> tuple[str, ...]:
    """Sites of these units where somebody speaks fluent French before, and nobody does after."""
    places = sorted({unit.site for unit in units if unit.site is not None})
    return tuple(site for site in places if french_at(before, site) and not french_at(after, site))


def sites_lost_in(draft: Draft) -> tuple[str, ...]:
    """Sites that have somebody who speaks fluent French now, and nobody in the draft."""
    picture = picture_of(draft)
    if "sites lost" not in picture.kept:
        picture.kept["sites lost"] = sites_losing_french(picture.standing)
    sites: tuple[str, ...] = picture.kept["sites lost"]
    return sites


def ends_near(program: Program, *, today: date) -> tuple[NearEnd, ...]:
    """Everybody whose last day is near and who would leave a site or pool without French; the first to go on top."""
    rows = program.practitioners.filter(to_date__range=(today, today + END_IS_NEAR)).order_by("to_date", "pk")
    found = [NearEnd(one.code, one.to_date, would_lose(program, one.code)) for one in rows if one.to_date is not None]
    return tuple(one for one in found if one.losses)


def french_at(standing: Standing, site: str) -> frozenset[str]:
    """Codes of those with units at the site who speak fluent French."""
    pieces = [unit for (place, _), units in standing.neighbours.items() if place == site for unit in units]
    people = {standing.holder[unit.id] for unit in pieces if unit.id in standing.holder}
    return frozenset(code for code in people if speaks(standing.case.practitioner(code), "fr", FLUENT))


def _sites(standing: Standing, person: Practitioner) -> Iterable[FrenchLoss]:
    for site in sorted({unit.site for unit in standing.caseloads[person.id] if unit.site is not None}):
        if french_at(standing, site) == {person.id}:
            asked = sum(unit.is_french for unit in standing.case.units if unit.site == site)
            yield FrenchLoss(site=site, units=asked)


def _pools(picture: Picture, person: Practitioner) -> Iterable[FrenchLoss]:
    """Of each discipline of hers: the whole program where she is the only one in it, else her home area."""
    case = picture.facts.case
    for discipline in person.disciplines:
        french = [one for one in case.practitioners if discipline in one.disciplines and _is_there(picture, one)]
        asked = [unit for unit in case.units if unit.discipline == discipline and unit.is_french]
        if {one.id for one in french} == {person.id}:
            yield FrenchLoss(discipline=discipline, units=len(asked))
        elif person.area != EVERYWHERE and {one.id for one in french if one.area == person.area} == {person.id}:
            here = sum(unit.area == person.area for unit in asked)
            yield FrenchLoss(discipline=discipline, area=person.area, units=here)


def _is_there(picture: Picture, one: Practitioner) -> bool:
    """Whether she speaks fluent French, has hours, and is not leaving."""
    return speaks(one, "fr", FLUENT) and one.capacity_minutes > 0 and one.id not in picture.leaving
