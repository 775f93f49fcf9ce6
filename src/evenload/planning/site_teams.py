"""Who comes to which site, which disciplines are missing there, and which units several practitioners share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from evenload.planning.case import Unit
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.standing import Standing


@dataclass(frozen=True, slots=True)
class SiteTeam:
    """Who comes to one site: discipline → practitioners.

    `gaps`: disciplines with units here and nobody for them; `partly`: some of the units wait; `absent`: disciplines of the
    program without any unit here. `loses_french`: today somebody here speaks fluent French, under the plan nobody does.
    """

    site: str
    disciplines: Mapping[str, tuple[str, ...]]
    gaps: tuple[str, ...]
    partly: tuple[str, ...]
    absent: tuple[str, ...]
    loses_french: bool

    @property
    def practitioners(self) -> tuple[str, ...]:
        """Everybody who comes here, once."""
        return tuple(sorted({id for ids in self.disciplines.values() for id in ids}))

    @property
    def sharing(self) -> int:
        """Further practitioners of one discipline at this site."""
        return sum(max(0, len(ids) - 1) for ids in self.disciplines.values())


@dataclass(frozen=True, slots=True)
class Split:
    """A stated unit whose blocks go to several practitioners."""

    unit: str
    practitioners: tuple[str, ...]


def site_teams(standing: Standing) -> tuple[SiteTeam, ...]:
    """The team of every site that has units, in order of site id."""
    by_site: dict[str, list[Unit]] = defaultdict(list)
    for unit in standing.case.units:
        if unit.site is not None:
            by_site[unit.site].append(unit)
    program = {unit.discipline for unit in standing.case.units}
    losing = set(sites_losing_french(standing))
    return tuple(_site(standing, site, by_site[site], program, site in losing) for site in sorted(by_site))


def _site(standing: Standing, site: str, units: list[Unit], program: set[str], loses_french: bool) -> SiteTeam:
    here = {unit.discipline for unit in units}
    people = {code: sorted({standing.holder[u.id] for u in units if u.discipline == code and u.id in standing.holder}) for code in here}
    short = {unit.discipline for unit in units if unit.id not in standing.holder}
    return SiteTeam(
        site=site,
        disciplines={code: tuple(people[code]) for code in sorted(here)},
        gaps=tuple(sorted(code for code in here if not people[code])),
        partly=tuple(sorted(code for code in short if people[code])),
        absent=tuple(sorted(program - here)),
        loses_french=loses_french,
    )


def sites_losing_french(standing: Standing) -> tuple[str, ...]:
    """Sites where somebody speaks fluent French today and nobody does under the plan, in order of id."""
    french = {one.id for one in standing.case.practitioners if speaks(one, "fr", FLUENT)}
    placed = [unit for unit in standing.case.units if unit.site is not None]
    today = {unit.site for unit in placed if unit.current in french}
    planned = {unit.site for unit in placed if standing.holder.get(unit.id) in french}
    return tuple(sorted(site for site in today - planned if site is not None))


def split_units(standing: Standing) -> tuple[Split, ...]:
    """Stated units whose blocks several practitioners share, in order of id."""
    holder = standing.holder
    people = {name: sorted({holder[block.id] for block in blocks if block.id in holder}) for name, blocks in standing.siblings.items()}
    return tuple(Split(stated, tuple(people[stated])) for stated in sorted(people) if len(people[stated]) > 1)
