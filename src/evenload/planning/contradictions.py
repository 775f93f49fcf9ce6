"""Contradictions in a Program's facts that no plan could answer: found all at once, before anything is computed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from evenload.planning.codes import level_rank
from evenload.planning.problems import Problem, Where
from evenload.planning.program import PractitionerFacts, Program, Site, UnitFacts

FLUENT = level_rank("fluent")
FUNCTIONAL = level_rank("functional")


def contradictions(program: Program) -> tuple[Problem, ...]:
    """Every contradiction: duplicate ids, unknown references, pins that break a hard rule, bundles that cannot be one."""
    found = [*_duplicates(program), *_unknown_references(program)]
    if not found:
        found = [*_class_disciplines(program), *_pins(program), *_bundles(program)]
    return tuple(found)


def _duplicates(program: Program) -> Iterator[Problem]:
    tables: dict[str, Iterable[str]] = {
        "practitioners": (p.id for p in program.practitioners),
        "sites": (s.id for s in program.sites),
        "classes": (c.id for c in program.classes),
        "units": (u.id for u in program.units),
    }
    for table, ids in tables.items():
        yield from (Problem("duplicate_id", Where(table, id, "id"), id) for id, n in Counter(ids).items() if n > 1)


def _unknown_references(program: Program) -> Iterator[Problem]:
    people = {p.id for p in program.practitioners}
    sites = {s.id for s in program.sites}
    classes = {c.id for c in program.classes}
    for unit in program.units:
        if unit.site is not None and unit.site not in sites:
            yield Problem("unknown_site", Where("units", unit.id, "site"), unit.site)
        if unit.class_id not in classes:
            yield Problem("unknown_class", Where("units", unit.id, "class"), unit.class_id)
        if unit.current_practitioner is not None and unit.current_practitioner not in people:
            yield Problem("unknown_practitioner", Where("units", unit.id, "current_practitioner"), unit.current_practitioner)
        for id in sorted(unit.barred_practitioners - people):
            yield Problem("unknown_practitioner", Where("units", unit.id, "barred_practitioners"), id)


def _class_disciplines(program: Program) -> Iterator[Problem]:
    discipline_of = {c.id: c.discipline for c in program.classes}
    for unit in program.units:
        if discipline_of[unit.class_id] != unit.discipline:
            facts = {"discipline": unit.discipline, "class_discipline": discipline_of[unit.class_id]}
            yield Problem("class_of_other_discipline", Where("units", unit.id, "class"), unit.class_id, facts)


def _pins(program: Program) -> Iterator[Problem]:
    people = {p.id: p for p in program.practitioners}
    sites = {s.id: s for s in program.sites}
    for unit in program.units:
        if unit.pinned and unit.current_practitioner is None:
            yield Problem("pinned_without_current", Where("units", unit.id, "current_practitioner"))
    for bundle in _together(program).values():
        for id in sorted({unit.current_practitioner for unit in bundle if unit.pinned and unit.current_practitioner}):
            for unit in bundle:
                yield from _broken_pin(people[id], unit, sites)


def _broken_pin(practitioner: PractitionerFacts, unit: UnitFacts, sites: dict[str, Site]) -> Iterator[Problem]:
    """A pin overrides accepts_new, drive, days and evenings, but never discipline, language, skill or bar."""
    where, facts = Where("units", unit.id, "pinned"), {"practitioner": practitioner.id}
    if unit.discipline not in practitioner.disciplines:
        yield Problem("pinned_discipline", where, practitioner.id, {**facts, "discipline": unit.discipline})
    if practitioner.id in unit.barred_practitioners:
        yield Problem("pinned_barred", where, practitioner.id, facts)
    asked = unit.language or (sites[unit.site].language if unit.site else None)
    if asked is not None and not _serves(practitioner, asked, unit.language_need):
        yield Problem("pinned_language", where, practitioner.id, {**facts, "language": asked})
    missing = {s.casefold() for s in unit.skills_required} - {s.casefold() for s in practitioner.skills}
    if missing:
        yield Problem("pinned_skill", where, practitioner.id, {**facts, "skills": "; ".join(sorted(missing))})


def _serves(practitioner: PractitionerFacts, language: str, need: str) -> bool:
    level = practitioner.languages.get(language)
    rank = -1 if level is None else level_rank(level)
    if language == "fr":
        return rank >= FLUENT
    if language == "en":
        return rank >= FUNCTIONAL
    return need != "required" or rank >= FLUENT


def _bundles(program: Program) -> Iterator[Problem]:
    for bundle in _together(program).values():
        first = bundle[0]
        for unit in bundle[1:]:
            if unit.discipline != first.discipline:
                facts = {"other": first.id, "discipline": first.discipline}
                yield Problem("together_disciplines", Where("units", unit.id, "together"), unit.together or "", facts)
        pins = sorted({unit.current_practitioner for unit in bundle if unit.pinned and unit.current_practitioner})
        if len(pins) > 1:
            yield Problem("together_pins", Where("units", first.id, "together"), first.together or "", {"practitioners": "; ".join(pins)})


def _together(program: Program) -> dict[tuple[str, str], list[UnitFacts]]:
    bundles: dict[tuple[str, str], list[UnitFacts]] = defaultdict(list)
    for unit in program.units:
        bundles[("together", unit.together) if unit.together else ("unit", unit.id)].append(unit)
    return bundles
