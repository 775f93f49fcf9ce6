"""Who comes to which site, which disciplines are missing there, and which units several practitioners share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenload.planning.case import Case, Unit
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
    return tuple(_site(standing, site, by_site[site], program) for site in sorted(by_site))


def _site(standing: Standing, site: str, units: list[Unit], program: set[str]) -> SiteTeam:
    here = {unit.discipline for unit in units}
    people = {code: sorted({standing.holder[u.id] for u in units if u.discipline == code and u.id in standing.holder}) for code in here}
    short = {unit.discipline for unit in units if unit.id not in standing.holder}
    return SiteTeam(
        site=site,
        disciplines={code: tuple(people[code]) for code in sorted(here)},
        gaps=tuple(sorted(code for code in here if not people[code])),
        partly=tuple(sorted(code for code in short if people[code])),
        absent=tuple(sorted(program - here)),
        loses_french=_loses_french(standing, units),
    )


def _loses_french(standing: Standing, units: list[Unit]) -> bool:
    case = standing.case
    today = {unit.current for unit in units if unit.current is not None and case.has_practitioner(unit.current)}
    planned = {standing.holder[unit.id] for unit in units if unit.id in standing.holder}
    return _anybody_french(case, today) and not _anybody_french(case, planned)


def _anybody_french(case: Case, ids: Iterable[str]) -> bool:
    return any(speaks(case.practitioner(id), "fr", FLUENT) for id in ids)


def split_units(standing: Standing) -> tuple[Split, ...]:
    """Stated units whose blocks several practitioners share, in order of id."""
    holder = standing.holder
    people = {name: sorted({holder[block.id] for block in blocks if block.id in holder}) for name, blocks in standing.siblings.items()}
    return tuple(Split(stated, tuple(people[stated])) for stated in sorted(people) if len(people[stated]) > 1)
