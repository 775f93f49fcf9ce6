"""What another time standard changes, before and after: everybody's week and period, every pool, discipline and class it touches.

Weeks are those of the draft that is open, else of the current list; the three steps are the worksheet's, on the same core.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from evenload.planning.case import Case
from evenload.planning.comparison import Difference, compare
from evenload.planning.explain import WeekLoad, week_load
from evenload.planning.prepare import case_from
from evenload.planning.problems import CaseError, Problem
from evenload.planning.scenario import Scenario, StandardChanges, changed
from evenload.planning.standing import standing_of
from evenload.records.models import Program, TimeStandard
from evenload.workflow.computing import case_with_current
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.draft_picture import Picture
from evenload.workflow.planning_worksheet import Worksheet, computed, worksheet_of
from evenload.workflow.refused import Refused
from evenload.workflow.remedy_shown import week_json
from evenload.workflow.snapshot import current_of_pieces, without_pins
from evenload.workflow.standard_figures import Figures

TABLES: Final = ("pools", "match", "classes")
"""tables of the comparison that are shown beside people"""
MOST_KEPT: Final = 4
"""Effects kept per process."""


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """One practitioner whom a change touches: her week, and the hours of the whole period that her clients need."""

    code: str
    name: str
    before: WeekLoad
    after: WeekLoad
    hours: tuple[Fraction, Fraction]
    utilisation_percent: tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True, slots=True)
class Effect:
    """Before and after. `problems`: why nothing can be counted with the other figures; `basis`: `draft` or `list`."""

    facts_version: int
    people: tuple[PersonEffect, ...] = ()
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    basis: str = "list"

    def of(self, table: str) -> tuple[Difference, ...]:
        """The differences of one table."""
        return tuple(one for one in self.differences if one.table == table)

    def shown(self) -> dict[str, Any]:
        """The effect as a version keeps it; exact numbers as fractions in text."""
        return {
            "facts_version": self.facts_version,
            "basis": self.basis,
            "people": [
                {
                    "code": one.code,
                    "name": one.name,
                    "week": [week_json(one.before), week_json(one.after)],
                    "hours": [str(value) for value in one.hours],
                    "utilisation_percent": [_text(value) for value in one.utilisation_percent],
                }
                for one in self.people
            ],
            "differences": [[d.table, list(d.item), d.figure, _text(d.before), _text(d.after)] for d in self.differences],
        }


@dataclass(frozen=True, slots=True)
class _Kept:
    """An effect with what it was counted from: it holds as long as these very objects are those at hand."""

    recorded: Worksheet
    picture: Picture | None
    effect: Effect


_kept: dict[tuple[int, int, str], _Kept] = {}
_lock = threading.Lock()


def effect_of(standard: TimeStandard, figures: Figures) -> Effect:
    """What the program becomes with these figures in place of the standard's; kept per process until facts or draft change."""
    program = standard.program
    # Read first: should the facts move on while this is counted, it is said of the older ones, and no longer approved.
    version = Program.objects.values_list("facts_version", flat=True).get(pk=program.pk)
    recorded, (picture, is_draft) = worksheet_of(program), _at_hand(program)
    key = (standard.pk, version, json.dumps(figures.says(), sort_keys=True))
    known = _kept.get(key)
    if known is not None and known.recorded is recorded and known.picture is picture:
        return known.effect
    scenario = changed(Scenario("", recorded.stated), "", StandardChanges(standard.code, figures.facts()))
    sheet = computed(recorded.rows, scenario.program, known=recorded.ground)
    if sheet.problems:
        return Effect(version, problems=sheet.problems)
    found = compare(recorded.plan, sheet.plan) if recorded.is_whole else ()
    people = _people(program, picture, recorded, sheet) if picture else ()
    shown = tuple(one for one in found if one.table in TABLES)
    effect = Effect(version, people, shown, basis="draft" if is_draft else "list")
    with _lock:
        _kept[key] = _Kept(recorded, picture, effect)
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    return effect


def _at_hand(program: Program) -> tuple[Picture | None, bool]:
    """The picture of the open draft, else of the current list; None where the program's facts leave no Case."""
    try:
        picture, draft = picture_at_hand(program)
    except Refused:
        return None, False
    return picture, draft is not None


def kept(shown: Mapping[str, Any]) -> Effect | None:
    """The effect that a version keeps; None where it keeps none."""
    if not shown:
        return None
    people = (
        PersonEffect(
            one["code"],
            one["name"],
            WeekLoad(**one["week"][0]),
            WeekLoad(**one["week"][1]),
            (Fraction(one["hours"][0]), Fraction(one["hours"][1])),
            (_number(one["utilisation_percent"][0]), _number(one["utilisation_percent"][1])),
        )
        for one in shown["people"]
    )
    rows = (Difference(table, tuple(item), name, _number(was), _number(now)) for table, item, name, was, now in shown["differences"])
    return Effect(shown["facts_version"], tuple(people), tuple(rows), basis=shown["basis"])


def _people(program: Program, picture: Picture, recorded: Worksheet, sheet: Worksheet) -> tuple[PersonEffect, ...]:
    """Everybody whose week or period is another one."""
    try:
        case = without_pins(case_with_current(case_from(sheet.stated), current_of_pieces(program)))
    except CaseError:
        return ()
    after = standing_of(case, _holders(picture, case), picture.facts.targets_minutes)
    hours = {one.practitioner: one for one in recorded.plan.current}, {one.practitioner: one for one in sheet.plan.current}
    found = []
    for person in case.practitioners:
        code = person.id
        weeks = week_load(person, picture.standing.weeks[code]), week_load(person, after.weeks[code])
        was, now = (side.get(code) for side in hours)
        periods = (was.demand_hours if was else Fraction(0)), (now.demand_hours if now else Fraction(0))
        if weeks[0] != weeks[1] or periods[0] != periods[1]:
            shares = (was.utilisation_percent if was else None), (now.utilisation_percent if now else None)
            found.append(PersonEffect(code, picture.facts.name(code), *weeks, periods, shares))
    return tuple(found)


def _holders(picture: Picture, case: Case) -> dict[str, str]:
    """Piece → practitioner with the other figures: as it stands; a block that is new with whom most of its unit's blocks are."""
    known = {piece: one.practitioner for piece, one in picture.places.items()}
    blocks: dict[str, Counter[str]] = defaultdict(Counter)
    for piece, unit in picture.facts.units.items():
        if (holder := known.get(piece)) is not None:
            blocks[unit.stated_id][holder] += 1
    holders = {}
    for unit in case.units:
        ranked = sorted(blocks[unit.stated_id].items(), key=lambda one: (-one[1], one[0]))
        holder = known[unit.id] if unit.id in known else (ranked[0][0] if ranked else None)
        if holder is not None and case.has_practitioner(holder):
            holders[unit.id] = holder
    return holders


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
