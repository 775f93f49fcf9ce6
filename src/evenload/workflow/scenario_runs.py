"""The engine's run on a scenario: asked for, computed by the same worker on the scenario's facts, compared, never taken up."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from evenload.exchange.plan_json import plan_from_json
from evenload.planning.case import Case
from evenload.planning.plan import Plan
from evenload.records.access import Person
from evenload.records.models import PlanRun, PlanScenario
from evenload.workflow import journal, plans
from evenload.workflow.computing import case_with_current, frozen_current
from evenload.workflow.refused import Refused
from evenload.workflow.scenarios import frozen_with_changes

MOST_KEPT: Final = 32
TEXTS: Final = ("facts_json", "plan_json")
OPEN: Final = ("asked", "running")


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a plan comes to. Units are those of the Case (a block is a unit); minutes are per week, the score is in hours per week.

    `moved` counts units whose practitioner of today does not keep them: who leaves in the scenario keeps none.
    """

    placed: int
    waiting: int
    waiting_minutes: int
    french_waiting_minutes: int
    travel_minutes: int
    moved: int
    moved_clients: int
    score_hours: float
    gap_percent: float


def ask(scenario: PlanScenario, *, by: Person, at: datetime) -> PlanRun:
    """Ask the engine for a plan of the scenario as it stands; a worker takes it up in its turn, after the plans of programs.

    Refused `run_already_open` while one of the scenario is asked for or running, `scenario_ended` where it was put away.
    """
    now = PlanScenario.objects.select_related("program").get(pk=scenario.pk)
    if now.ended_at is not None:
        raise Refused("scenario_ended")
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                program=now.program,
                scenario=now,
                asked_by=by.account,
                asked_at=at,
                facts_version=now.facts_version,
                facts_json=frozen_with_changes(now),
            )
            journal.record(by, "scenario.run", at=at, program=now.program, subject=now, run=run.pk)
    except IntegrityError as error:
        raise Refused("run_already_open") from error
    return run


def counted(run: PlanRun, plan_json: str) -> dict[str, Any]:
    """The figures of a plan that is about to be stored with its run."""
    return asdict(figures_from(plans.case_of_run(run), plan_from_json(plan_json), frozen_current(run.facts_json)))


def figures_from(case: Case, plan: Plan, current: dict[str, str]) -> RunFigures:
    """The figures of a plan; `current` has today's practitioner of every piece, those who leave included."""
    holder = {row.unit: row.practitioner for row in plan.assignments}
    today = {unit.id: unit.current for unit in case_with_current(case, current).units}
    moved = [unit for unit in case.units if today[unit.id] is not None and holder.get(unit.id) != today[unit.id]]
    french = {unit.id for unit in case.units if unit.is_french}
    return RunFigures(
        placed=len(plan.assignments),
        waiting=len(plan.waiting),
        waiting_minutes=sum(row.minutes for row in plan.waiting),
        french_waiting_minutes=sum(row.minutes for row in plan.waiting if row.unit in french),
        travel_minutes=sum(load.travel_minutes for load in plan.loads),
        moved=len(moved),
        moved_clients=sum(unit.clients for unit in moved),
        score_hours=plan.score.hours,
        gap_percent=plan.bound.gap_percent(plan.score),
    )


def latest(scenarios: Iterable[PlanScenario]) -> dict[int, PlanRun]:
    """The latest run of each scenario that has one, by the scenario's key; its texts are not read. One query."""
    runs = PlanRun.objects.filter(scenario__in=[one.pk for one in scenarios]).defer(*TEXTS).order_by("id")
    return {run.scenario_id: run for run in runs if run.scenario_id is not None}


def latest_done(scenarios: Iterable[PlanScenario]) -> dict[int, PlanRun]:
    """The latest run of each scenario that has a plan. One query."""
    runs = PlanRun.objects.filter(scenario__in=[one.pk for one in scenarios], state="done").defer(*TEXTS).order_by("id")
    return {run.scenario_id: run for run in runs if run.scenario_id is not None}


def is_old(scenario: PlanScenario, run: PlanRun) -> bool:
    """Whether the scenario's changes were others when the run was asked for."""
    return run.asked_at < scenario.changed_at


def figures_of(run: PlanRun) -> RunFigures:
    """The figures of a run that is done: as its worker stored them; counted here, once per process, for the program's own."""
    if run.figures:
        return RunFigures(**run.figures)
    if run.pk not in _counted:
        whole = PlanRun.objects.get(pk=run.pk)
        found = RunFigures(**counted(whole, whole.plan_json))
        with _lock:
            while len(_counted) >= MOST_KEPT:
                _counted.pop(next(iter(_counted)))
            _counted[run.pk] = found
    return _counted[run.pk]


_counted: dict[int, RunFigures] = {}
_lock = threading.Lock()


def forget() -> None:
    """Empty what is kept in this process: tests begin with other records under the same keys."""
    _counted.clear()
