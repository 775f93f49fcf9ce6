"""The planning worksheet of a program, live from its records: the three steps, and the same with figures tried otherwise.

It is computed by the core that the command line uses. What was computed is kept per process until the program's facts change.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from django.db.models import Count, Max
from django.utils.timezone import localdate

from evenload.exchange.facts import program_from
from evenload.exchange.rows import Rows
from evenload.exchange.rows_json import rows_from_json
from evenload.planning import program as facts
from evenload.planning.balance import class_lines, plan_on
from evenload.planning.capacity import EVERYBODY, Capacity, capacities
from evenload.planning.capacity_plan import CapacityPlan, ClassLine
from evenload.planning.codes import ENGAGEMENTS
from evenload.planning.comparison import Difference, compare
from evenload.planning.ledger import Groundwork, unit_lines
from evenload.planning.period_travel import groundwork
from evenload.planning.problems import CaseError, Problem
from evenload.planning.standards import class_problems, class_times
from evenload.records.models import PlanRun, Program
from evenload.workflow.snapshot import rows_of
from evenload.workflow.visit_rows import telling
from evenload.workflow.worksheet_tries import Figure, Try, figures, scenario_of

MOST_KEPT = 16
"""Worksheets kept per process, tried ones included."""


@dataclass(frozen=True, slots=True)
class Worksheet:
    """The worksheet of one program at one moment. Where the facts contradict themselves, `plan` holds what still stands."""

    rows: Rows
    stated: facts.Program
    """the facts, with what was tried"""
    plan: CapacityPlan
    problems: tuple[Problem, ...] = ()
    tries: tuple[Try, ...] = ()
    figures: tuple[Figure, ...] = field(default=(), compare=False)
    """what may be tried, with what is recorded"""
    ground: Groundwork | None = field(default=None, compare=False, repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether all three steps could be computed."""
        return not self.problems


Version = tuple[int, int, int | None]
_kept: dict[tuple[int, Version, tuple[str, ...]], Worksheet] = {}
_lock = threading.Lock()


def worksheet_of(program: Program) -> Worksheet:
    """The worksheet as the records stand."""
    version = _version(program)
    kept = _kept.get((program.pk, version, ()))
    while kept is None:
        rows = telling(rows_of(Program.objects.get(pk=program.pk)))
        stated = program_from(rows)
        now = _version(program)
        if now == version:  # nothing changed between two of the queries
            found = computed(replace(rows, visits=()), stated)
            kept = replace(found, figures=figures(stated))
        version = now
    return _keep((program.pk, version, ()), kept)  # asked for again: what was tried on it goes first


def tried(program: Program, recorded: Worksheet, tries: Sequence[Try]) -> Worksheet:
    """The worksheet with these tries in it; the recorded one where there are none. Nothing is stored."""
    if not tries:
        return recorded
    key = (program.pk, _version(program), tuple(one.token for one in tries))
    if kept := _kept.get(key):
        return kept
    scenario = scenario_of(recorded.stated, tries)
    found = computed(recorded.rows, scenario.program, scenario.mix, known=recorded.ground)
    return _keep(key, replace(found, tries=tuple(tries), figures=recorded.figures, ground=None))


def computed(rows: Rows, stated: facts.Program, mix: Mapping[str, Fraction] | None = None, *, known: Groundwork | None = None) -> Worksheet:
    """The three steps of these facts; with every problem, and what can be shown all the same, where they contradict themselves.

    `known` is the groundwork of facts that differ in a little, which saves counting the rest anew.
    """
    try:
        ground = groundwork(stated, mix=mix, known=known)
        return Worksheet(rows, stated, plan_on(ground, mix or {}), ground=ground)
    except CaseError as error:
        return Worksheet(rows, stated, what_stands(stated), error.problems)


def what_stands(stated: facts.Program) -> CapacityPlan:
    """Steps 1 and 2 as far as they go: everybody whose hours can be counted, every class whose times are sound; no match."""
    return CapacityPlan(
        setting=stated.setting,
        period=stated.period,
        fte_weekly_hours=stated.fte_weekly_hours,
        reserve_percent=stated.reserve_percent,
        contracted_visits=stated.contracted_visits,
        capacities=_countable(stated),
        classes=_sound_classes(stated),
        pools=(),
        match=(),
        wisn=(),
        sensitivity=(),
        current=(),
        notices=(),
    )


def _countable(stated: facts.Program) -> tuple[Capacity, ...]:
    found: list[Capacity] = []
    for person in stated.practitioners:
        own = {EVERYBODY, *ENGAGEMENTS, person.id}
        alone = replace(
            stated,
            practitioners=(person,),
            absences=tuple(row for row in stated.absences if row.who in own),
            duties=tuple(row for row in stated.duties if row.who in own | set(person.disciplines)),
        )
        try:
            found += capacities(alone)
        except CaseError:
            continue
    return tuple(found)


def _sound_classes(stated: facts.Program) -> tuple[ClassLine, ...]:
    wrong = {problem.where.item for problem in class_problems(stated)}
    classes = tuple(one for one in stated.classes if one.id not in wrong)
    known = {one.id for one in classes}
    sound = replace(stated, classes=classes, units=tuple(unit for unit in stated.units if unit.class_id in known))
    times = class_times(sound)
    return class_lines(Groundwork(sound, (), times, unit_lines(sound, times), {}))


@dataclass(frozen=True, slots=True)
class Since:
    """What differs from the figures of an earlier plan of the program: the day of that plan, and every figure."""

    day: date
    differences: tuple[Difference, ...]


def earlier_run(program: Program) -> PlanRun | None:
    """The last plan that was computed for the program, which keeps the facts of its moment; None where there is none."""
    return program.plan_runs.filter(state="done", scenario__isnull=True).exclude(facts_json="").defer("plan_json", "facts_json").first()


def since(run: PlanRun, now: Worksheet) -> Since | None:
    """What changed since that plan was asked for; None where one of the two could not be computed."""
    before = _before(run)
    if before is None or not now.is_whole:
        return None
    return Since(localdate(run.asked_at), compare(before, now.plan))


_earlier: dict[int, CapacityPlan | None] = {}


def _before(run: PlanRun) -> CapacityPlan | None:
    """The capacity plan of a run's facts; a run that is done never changes."""
    if run.pk not in _earlier:
        text = PlanRun.objects.values_list("facts_json", flat=True).get(pk=run.pk)
        rows = rows_from_json(json.dumps(json.loads(text)["rows"]))
        found = computed(rows, program_from(rows))
        with _lock:
            while len(_earlier) >= MOST_KEPT:
                _earlier.pop(next(iter(_earlier)))
            _earlier[run.pk] = found.plan if found.is_whole else None
    return _earlier[run.pk]


def forget() -> None:
    """Empty what is kept in this process: tests begin with other records under the same keys."""
    _kept.clear()
    _earlier.clear()


def _version(program: Program) -> Version:
    """What every change of the facts moves on, and every visit that is recorded."""
    visits = program.recorded_visits.aggregate(n=Count("pk"), last=Max("pk"))
    return Program.objects.values_list("facts_version", flat=True).get(pk=program.pk), visits["n"], visits["last"]


def _keep(key: tuple[int, Version, tuple[str, ...]], found: Worksheet) -> Worksheet:
    with _lock:
        _kept.pop(key, None)
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    return found
