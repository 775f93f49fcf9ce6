"""The demonstration organisation: five weeks in the life of four programs, made by the same actions that people take.

Everything is imported, planned, published, moved and read through the workflow; the same day and seed give the same records.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from evenload.exchange.example_organisation import Part, a_month_before, organisation_rows
from evenload.exchange.rows import Rows
from evenload.records.access import Person
from evenload.records.models import Account, PlanRun, Program
from evenload.workflow import (
    demo_caseloads,
    demo_desk,
    demo_offers,
    demo_referrals,
    demo_scenarios,
    demo_standards,
    demo_visits,
    demo_week,
    editions,
    intake,
    plans,
    worker,
)
from evenload.workflow.demo_cast import NAMES, Days, begin, invite
from evenload.workflow.export import workbook_of
from evenload.workflow.refused import Refused

STAGES: Final = ("programs", "plans", "editions", "week", "desk", "caseloads")
"""what `tell` is told, in this order"""
SIDE_BY_SIDE: Final = 2
"""plans computed at one time"""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the parts of the demonstration share: its days, its people by username, its programs by code."""

    days: Days
    people: Mapping[str, Person]
    programs: Mapping[str, Program]
    rows: Mapping[str, Rows]
    """as they stand this week"""
    seed: int


def untold(stage: str) -> None:
    """Nobody wants to know how far it is."""


def build(*, as_of: date, seed: int = 0, tell: Callable[[str], None] = untold) -> None:
    """Fill empty records with the demonstration. Refused `not_empty` where anybody has an account already."""
    if Account.objects.exists() or Program.objects.exists():
        raise Refused("not_empty")
    days = Days(as_of)
    tell("programs")
    parts = list(organisation_rows(on=as_of, seed=seed, taken=set(NAMES)))
    director = begin(days)
    programs = {part.code: _imported(part, rows, by=director, days=days) for part, rows in parts}
    tell("plans")
    runs = [plans.ask_run(program, by=director, at=days.at(weeks=5, days=-1), wish=plans.Wish(seed=seed)) for program in programs.values()]
    with computing(runs, since=days.at(weeks=5, days=-1)):
        people = invite(programs, by=director, days=days)
    scene = Scene(days, people, programs, {part.code: rows for part, rows in parts}, seed)
    demo_caseloads.agree(scene)
    demo_referrals.refer(scene)
    tell("editions")
    for run in runs:
        first_edition(run, scene)
    demo_desk.second_editions(scene)
    tell("week")
    demo_week.import_lists(scene)
    demo_referrals.refer(scene)
    demo_referrals.follow(scene)
    demo_visits.record_the_period(scene)
    asked = demo_week.ask_plans(scene)
    with computing(asked, since=days.at(days=3, minutes=60)):
        demo_week.write_files(scene)
    tell("desk")
    demo_desk.this_weeks_drafts(scene, {run.program.code: run for run in asked})
    demo_offers.offer_and_talk(scene)
    tell("caseloads")
    demo_caseloads.look_back(scene)
    demo_visits.plan_and_record(scene)
    demo_caseloads.tell(scene)
    demo_caseloads.take_in(scene)
    demo_scenarios.keep(scene)
    demo_standards.judge_and_schedule(scene)
    demo_week.read_lists(scene)


def _imported(part: Part, rows: Rows, *, by: Person, days: Days) -> Program:
    """The program as its workbook of a month ago says."""
    at = days.at(weeks=5, minutes=15)
    made = intake.preview(workbook_of(a_month_before(rows), "en"), f"{part.code}.xlsx", by=by, program=None, at=at)
    return intake.confirm(made, by=by, at=at + timedelta(minutes=2))


def first_edition(run: PlanRun, scene: Scene) -> None:
    """The plan as it came, published by the program's manager four weeks ago."""
    by, days = demo_desk.head_of(run.program, scene), scene.days
    draft = plans.take_up(_fresh(run), by=by, at=days.at(weeks=5, days=-3))
    editions.publish(draft, effective_on=days.day(weeks=4), by=by, at=days.at(weeks=5, days=-3, minutes=30), seen_version=draft.version)


def _fresh(run: PlanRun) -> PlanRun:
    run.refresh_from_db()
    if run.state != "done":
        raise RuntimeError(f"the plan of {run.program.code} is {run.state}: {run.problems[:3]}")
    return run


@contextmanager
def computing(runs: Iterable[PlanRun], *, since: datetime) -> Iterator[None]:
    """Workers carry the runs out beside what is done meanwhile; at the end all are done. `since`: when they seem to begin."""
    keys = [run.pk for run in runs]
    began, stop = time.monotonic(), threading.Event()

    def now() -> datetime:
        return since + timedelta(seconds=time.monotonic() - began)

    def carry_out(name: str) -> None:
        try:
            while not stop.is_set() and worker.work_once(name, stop=stop, now=now):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=carry_out, args=(f"demo:{number}",), daemon=True) for number in range(min(SIDE_BY_SIDE, len(keys)))]
    for thread in threads:
        thread.start()
    try:
        yield
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    unfinished = PlanRun.objects.filter(pk__in=keys).exclude(state="done").first()
    if unfinished is not None:
        raise RuntimeError(f"the plan of {unfinished.program.code} is {unfinished.state}: {unfinished.problems[:3]}")
