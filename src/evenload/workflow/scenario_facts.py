"""A scenario's facts as they stood, its figures with and without its changes, and how old the facts are.

What was computed is kept per process: the facts of a scenario never change, its changes are counted by its version.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.timezone import localdate

from evenload.exchange.changes_json import applied
from evenload.exchange.facts import program_from
from evenload.exchange.rows import PractitionerRow
from evenload.exchange.rows_json import rows_from_json
from evenload.planning.areas import EVERYWHERE
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.problems import Problem
from evenload.records.models import PlanScenario, Program
from evenload.workflow.planning_worksheet import Worksheet, computed
from evenload.workflow.plans import frozen_facts
from evenload.workflow.snapshot import current_of_pieces, rows_of
from evenload.workflow.visit_rows import telling

MOST_KEPT: Final = 16
NEW: Final = "new-"
"""beginning of the id of somebody who joins"""

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScenarioSheet:
    """The capacity plan of a scenario beside the one of its facts without any change."""

    changes: tuple[Change, ...]
    before: Worksheet
    after: Worksheet
    """its rows name also who joins"""
    unfit: tuple[int, ...]
    """places of changes that no longer fit the facts, and are left out"""
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether all three steps could be computed."""
        return self.after.is_whole


_before: dict[int, Worksheet] = {}
_after: dict[tuple[int, int], ScenarioSheet] = {}
_lock = threading.Lock()


def facts_now(program: Program) -> tuple[int, str]:
    """The program's facts of this moment and their version. Names and notes of units stay behind: no figure needs them."""
    version = _version(program)
    while True:
        rows = telling(rows_of(Program.objects.get(pk=program.pk)))
        bare = tuple(replace(unit, label=None, note=None) for unit in rows.units)
        text = frozen_facts(replace(rows, units=bare), current_of_pieces(program))
        now = _version(program)
        if now == version:  # nothing changed between two of the queries
            return version, text
        version = now


def _version(program: Program) -> int:
    return Program.objects.values_list("facts_version", flat=True).get(pk=program.pk)


def sheet_of(scenario: PlanScenario) -> ScenarioSheet:
    """The scenario as it stands."""
    key = scenario.pk, scenario.version
    if (kept := _after.get(key)) is None:
        kept = with_changes(_before_of(scenario), scenario.changes)
        _keep(_after, key, kept)
    return kept


def sheet_with(scenario: PlanScenario, changes: Sequence[Change]) -> ScenarioSheet:
    """The scenario as it would be with these changes instead of its own; nothing is stored."""
    return with_changes(_before_of(scenario), changes)


def _before_of(scenario: PlanScenario) -> Worksheet:
    """The facts without any change."""
    found = _before.get(scenario.pk)
    if found is None:
        found = worksheet_from(scenario.facts_json)
        _keep(_before, scenario.pk, found)
    return found


def keep(key: int, version: int, sheet: ScenarioSheet) -> None:
    """The sheet of a scenario that was just stored, so that its page need not count it again."""
    _keep(_before, key, sheet.before)
    _keep(_after, (key, version), sheet)


def worksheet_from(facts_json: str, known: Worksheet | None = None) -> Worksheet:
    """The capacity plan of frozen facts; where `known` was counted on the very same facts, nothing is counted again."""
    rows = rows_from_json(json.dumps(json.loads(facts_json)["rows"]))
    stated, bare = program_from(rows), replace(rows, visits=())
    if known is not None and known.stated == stated:
        return replace(known, rows=bare)
    return computed(bare, stated)


def with_changes(before: Worksheet, changes: Sequence[Change]) -> ScenarioSheet:
    """The capacity plan of facts with these changes."""
    rows = replace(before.rows, practitioners=(*before.rows.practitioners, *_joining(changes)))
    if not changes:
        return ScenarioSheet((), before, before, (), figures_of(before))
    found = applied(before.stated, changes)
    after = computed(rows, found.scenario.program, found.scenario.mix, known=before.ground)
    return ScenarioSheet(tuple(changes), before, replace(after, ground=None), found.unfit, figures_of(after))


def _joining(changes: Iterable[Change]) -> Iterable[PractitionerRow]:
    for one in changes:
        if one["kind"] == "join":
            languages = dict.fromkeys(one["languages"], "fluent")
            yield PractitionerRow(one["item"], (one["discipline"],), one["engagement"], Fraction(one["value"]), languages, name=one["name"])


def new_problems(sheet: ScenarioSheet) -> tuple[Problem, ...]:
    """What contradicts itself because of the changes: what contradicts itself without them is the program's."""
    known = {(one.code, one.where) for one in sheet.before.problems}
    return tuple(one for one in sheet.after.problems if (one.code, one.where) not in known)


def figures_of(found: Worksheet) -> dict[str, Any]:
    """Key figures for lists, by discipline: fractions as text. No figure at all where the facts contradict themselves."""
    return {"match": [_figures(found.plan, row.discipline) for row in found.plan.match], "is_whole": found.is_whole}


def _figures(plan: CapacityPlan, discipline: str) -> dict[str, str | None]:
    row = next(one for one in plan.match if one.discipline == discipline)
    french = pool_gap(plan, discipline, "fr")
    return {
        "discipline": discipline,
        "gap_hours": str(row.gap_hours),
        "fte_current": str(row.fte_current),
        "fte_required": None if row.fte_required is None else str(row.fte_required),
        "french_gap_hours": None if french is None else str(french),
    }


def pool_gap(plan: CapacityPlan, discipline: str, language: str) -> Fraction | None:
    """The gap of one pool over the whole program; None where nobody offers and nobody asks."""
    found = [row for row in plan.pools if (row.discipline, row.area, row.language) == (discipline, EVERYWHERE, language)]
    return next((row.gap_hours for row in found if row.supply_hours or row.demand_hours), None)


def facts_day(scenario: PlanScenario) -> date:
    """The day of the facts: of the scenario, or of the one whose facts it copied."""
    return localdate(scenario.facts_at)


def forget() -> None:
    """Empty what is kept in this process: tests begin with other records under the same keys."""
    _before.clear()
    _after.clear()


def _keep(kept: dict[Any, Any], key: Any, found: Any) -> None:
    with _lock:
        kept[key] = found
        while len(kept) > MOST_KEPT:
            kept.pop(next(iter(kept)))
