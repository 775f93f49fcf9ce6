"""The only one who speaks French: which sites and pools would have nobody left, if somebody goes, is away, or hands a unit on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
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
    """As `would_lose`, of one picture; kept with it, for a page asks it of everybody."""
    case = picture.facts.case
    if not case.has_practitioner(practitioner) or not speaks(case.practitioner(practitioner), "fr", FLUENT):
        return ()
    asked = ("french losses", practitioner)
    if asked not in picture.kept:
        person = case.practitioner(practitioner)
        picture.kept[asked] = (*_sites(picture, person), *_pools(picture, person))
    losses: tuple[FrenchLoss, ...] = picture.kept[asked]
    return losses


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


def _sites(picture: Picture, person: Practitioner) -> Iterable[FrenchLoss]:
    there, asked = _french_by_site(picture), _asked(picture)
    for site in sorted({unit.site for unit in picture.standing.caseloads[person.id] if unit.site is not None}):
        if there[site] == {person.id}:
            yield FrenchLoss(site=site, units=asked["site", site])


def _french_by_site(picture: Picture) -> Mapping[str, set[str]]:
    """As `french_at`, of every site at once."""
    if "french by site" not in picture.kept:
        standing, found = picture.standing, defaultdict[str, set[str]](set)
        fluent = {one.id for one in standing.case.practitioners if speaks(one, "fr", FLUENT)}
        for (site, _), units in standing.neighbours.items():
            found[site].update(code for unit in units if (code := standing.holder.get(unit.id)) in fluent and code is not None)
        picture.kept["french by site"] = found
    sites: Mapping[str, set[str]] = picture.kept["french by site"]
    return sites


def _asked(picture: Picture) -> Counter[tuple[str, ...]]:
    """Units that ask for French: at each site, of each discipline, and of each discipline in each area."""
    if "french asked" not in picture.facts.kept:
        counts = Counter[tuple[str, ...]]()
        for unit in picture.facts.case.units:
            if unit.is_french:
                counts.update((("site", unit.site or ""), ("discipline", unit.discipline), ("area", unit.discipline, unit.area)))
        picture.facts.kept["french asked"] = counts
    asked: Counter[tuple[str, ...]] = picture.facts.kept["french asked"]
    return asked


def _pools(picture: Picture, person: Practitioner) -> Iterable[FrenchLoss]:
    """Of each discipline of hers: the whole program where she is the only one in it, else her home area."""
    asked = _asked(picture)
    for discipline in person.disciplines:
        french = _french_of(picture, discipline)
        if {one.id for one in french} == {person.id}:
            yield FrenchLoss(discipline=discipline, units=asked["discipline", discipline])
        elif person.area != EVERYWHERE and {one.id for one in french if one.area == person.area} == {person.id}:
            yield FrenchLoss(discipline=discipline, area=person.area, units=asked["area", discipline, person.area])


def _french_of(picture: Picture, discipline: str) -> list[Practitioner]:
    """Everybody of the discipline who speaks fluent French and is there."""
    if ("french of", discipline) not in picture.kept:
        people = picture.facts.case.practitioners
        picture.kept["french of", discipline] = [one for one in people if discipline in one.disciplines and _is_there(picture, one)]
    found: list[Practitioner] = picture.kept["french of", discipline]
    return found


def _is_there(picture: Picture, one: Practitioner) -> bool:
    """Whether she speaks fluent French, has hours, and is not leaving."""
    return speaks(one, "fr", FLUENT) and one.capacity_minutes > 0 and one.id not in picture.leaving
