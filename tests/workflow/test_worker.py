"""Workers that may die: a run is carried out by one of them, exactly once, whatever happens to the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from multiprocessing.context import SpawnProcess
from pathlib import Path
from random import Random

import pytest
from django.db import connection, connections
from django.utils import timezone
from drafts_made import example_program, fresh

from cast import NOW, person, records_of
from cast import account as account_named
from evenload.planning.check import differences
from evenload.records.access import Person
from evenload.records.models import Organisation, PlanRun, Practitioner, Program
from evenload.workflow import draft_picture, drafts, plans, scenario_runs, scenarios, what_if, worker
from planning.worked_example import worked_example

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    """Where the records of this test are, for a process of its own."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgresql://{known['USER']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.fixture
def worker_process() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts `evenload work` as it runs in an installation; what is left of it is killed."""
    begun: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": database_url()}
        begun.append(subprocess.Popen([sys.executable, "-m", "evenload", "work", "--quiet"], env=environment, stderr=subprocess.DEVNULL))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.wait()


def wait_until(truth: Callable[[], bool], seconds: float = 60.0) -> None:
    """Until it is so; the test fails where it never is."""
    until = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.05)


def in_a_minute() -> datetime:
    """A clock by which every silent worker is long silent."""
    return timezone.now() + timedelta(minutes=1)


def asked(*, practitioners: int = 8, units: int = 60, seed: int = 3) -> tuple[PlanRun, Person]:
    """A run that waits for a worker."""
    program, manager = example_program(practitioners=practitioners, units=units, seed=seed)
    return plans.ask_run(program, by=manager, at=timezone.now()), manager


def asked_for_a_scenario(*, seed: int) -> PlanRun:
    """A run on a scenario in which somebody leaves and demand grows."""
    program, manager = example_program(practitioners=8, units=60, seed=seed)
    leaves = {"kind": "leave", "item": program.practitioners.order_by("code").first().code}
    changes = [leaves, {"kind": "growth", "item": "", "value": "10"}]
    made = scenarios.make(program, "Somebody leaves", by=manager, at=timezone.now(), changes=changes)
    return scenario_runs.ask(made, by=manager, at=timezone.now())


def test_a_run_is_computed_in_a_child_and_its_plan_agrees_with_the_recount() -> None:
    run, _ = asked()
    assert worker.work_once("w", stop=threading.Event())
    run.refresh_from_db()
    assert (run.state, run.attempt, run.progress_percent, run.problems) == ("done", 1, 100, [])
    assert run.gap_percent is not None
    assert differences(plans.case_of_run(run), plans.plan_of(run)) == ()
    assert not worker.work_once("w", stop=threading.Event())


def test_solving_the_rest_keeps_the_pins_and_the_limit_on_changes() -> None:
    program, manager = example_program(practitioners=10, units=90, seed=6)
    draft = drafts.open_draft(program, by=manager, at=timezone.now())
    waiting = [one.card.piece for one in what_if.board(draft, today=timezone.now().date()).waiting if one.possible]
    chosen = {piece: what_if.ranking(fresh(draft), piece).possible[0].practitioner for piece in waiting[:2]}
    for piece, to in chosen.items():
        drafts.move(draft, piece, to, by=manager, at=timezone.now(), seen_version=99, pin=True, reason="as asked")
    run = plans.ask_run(program, by=manager, at=timezone.now(), wish=plans.Wish(max_moves=4))
    assert worker.work_once("w", stop=threading.Event())
    run.refresh_from_db()
    plans.take_up(run, by=manager, at=timezone.now())
    places = draft_picture.picture_of(fresh(draft)).places
    assert {piece: places[piece].practitioner for piece in chosen} == chosen
    assert drafts.moved_hands(fresh(draft)) <= 4
    assert "max_moves_exceeded" not in [notice.code for notice in plans.plan_of(run).notices]
    case, plan = what_if.draft_plan(fresh(draft))
    assert differences(case, plan) == ()
    assert plan.score.hours == pytest.approx(plans.plan_of(run).score.hours)


def test_facts_that_contradict_themselves_end_the_run_with_every_problem() -> None:
    run, manager = asked()
    Practitioner.objects.filter(program=run.program).update(weekly_hours=1)
    plans.cancel_run(run, by=manager, at=NOW)
    broken = plans.ask_run(run.program, by=manager, at=timezone.now())
    assert worker.work_once("w", stop=threading.Event())
    broken.refresh_from_db()
    assert broken.state == "failed"
    assert all(len(problem) == 3 and problem[0] for problem in broken.problems)


def test_a_cancelled_run_stops_within_two_seconds() -> None:
    program, manager = example_program(practitioners=30, units=600)
    # The quickest of three counts: other work on the machine may hold one of them up.
    seconds: list[float] = []
    while len(seconds) < 3 and min(seconds, default=9.0) >= 2.0:
        seconds.append(_seconds_to_cancel(program, manager))
    assert min(seconds) < 2.0


def _seconds_to_cancel(program: Program, manager: Person) -> float:
    run = plans.ask_run(program, by=manager, at=timezone.now())
    thread = threading.Thread(target=_carry_out_one)
    thread.start()
    wait_until(lambda: PlanRun.objects.get(pk=run.pk).state == "running")
    time.sleep(0.5)
    plans.cancel_run(run, by=manager, at=timezone.now())
    began = time.monotonic()
    wait_until(lambda: PlanRun.objects.get(pk=run.pk).state == "cancelled")
    waited = time.monotonic() - began
    thread.join(timeout=30)
    assert not thread.is_alive()
    run.refresh_from_db()
    assert run.plan_json == ""
    return waited


def _carry_out_one() -> None:
    worker.work_once("w", stop=threading.Event())
    connections.close_all()


def test_a_worker_that_is_told_to_stop_gives_its_run_back() -> None:
    run, _ = asked(practitioners=30, units=600)
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    assert worker.work_once("first", stop=stop)
    run.refresh_from_db()
    assert (run.state, run.worker, run.attempt) == ("asked", "", 1)


@pytest.mark.parametrize("rounds", [2, pytest.param(30, marks=pytest.mark.soak)])
def test_a_killed_workers_run_is_done_by_another_and_stored_once(
    worker_process: Callable[[], subprocess.Popen[bytes]], rounds: int
) -> None:
    dice = Random(rounds)
    for number in range(rounds):
        run = asked(seed=30 + number)[0] if number % 2 else asked_for_a_scenario(seed=30 + number)
        process = worker_process()
        wait_until(lambda run=run: PlanRun.objects.get(pk=run.pk).state == "running")  # type: ignore[misc]
        wait_until(lambda pid=process.pid: bool(_children(pid)))  # type: ignore[misc]
        children = _children(process.pid)
        time.sleep(dice.random())
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        run.refresh_from_db()
        if run.state == "running":
            assert (run.attempt, run.plan_json) == (1, "")
            assert worker.work_once("second", stop=threading.Event(), now=in_a_minute)
            run.refresh_from_db()
            assert (run.attempt, run.worker) == (2, "second")
        assert run.state == "done"
        assert differences(plans.case_of_run(run), plans.plan_of(run)) == ()
        assert bool(run.figures) == (run.scenario_id is not None)
        assert not worker.work_once("third", stop=threading.Event(), now=in_a_minute)
        # A child outlives its worker by a moment only.
        wait_until(lambda children=children: not any(_is_alive(pid) for pid in children), seconds=10)  # type: ignore[misc]


def _children(pid: int) -> list[int]:
    """Processes that this one started."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for listed in found for child in listed.read_text().split()]


def _is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@pytest.mark.parametrize("workers, runs", [(2, 20), pytest.param(8, 200, marks=pytest.mark.soak)])
def test_workers_side_by_side_claim_each_run_once(workers: int, runs: int) -> None:
    Organisation.objects.get_or_create(id=1, defaults={"name_en": "Two Rivers Therapy"})
    programs = [_program(number) for number in range(runs)]
    director = person(account_named("dora", "Dora Director", "director"))
    for program in programs:
        plans.ask_run(program, by=director, at=NOW)
    claimed: list[tuple[int, str]] = []
    threads = [threading.Thread(target=_claim_all, args=(f"w{number}", claimed)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert Counter(key for key, _ in claimed) == Counter(run.pk for run in PlanRun.objects.all())
    assert set(PlanRun.objects.values_list("state", "attempt")) == {("done", 1)}
    stored = dict(PlanRun.objects.values_list("pk", "plan_json"))
    assert all(stored[key] == name for key, name in claimed)


def _program(number: int) -> Program:
    return records_of(worked_example(), code=f"p{number}", name_en=f"Program {number}", name_fr="")


def _claim_all(name: str, claimed: list[tuple[int, str]]) -> None:
    """Claims and stores until nothing is asked for; two tries at every step race with the others."""
    try:
        while True:
            run = plans.claim_next(name, at=timezone.now())
            if run is None:
                if not PlanRun.objects.filter(state="asked").exists():
                    return
                continue
            assert plans.beat(run, at=timezone.now(), percent=50)
            if plans.store_plan(run, plan_json=name, case_digest="", gap_percent=0.0, at=timezone.now()):
                claimed.append((run.pk, name))
    finally:
        connections.close_all()


def test_a_child_that_dies_before_it_has_read_its_order_ends_its_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is longer than a pipe holds: whoever waits until all of it is taken waits without end."""
    run, _ = asked()
    PlanRun.objects.filter(pk=run.pk).update(facts_json=run.facts_json + " " * 1_000_000)

    def start_and_lose(child: SpawnProcess) -> None:
        child.start()
        child.kill()

    monkeypatch.setattr(worker, "_start", start_and_lose)
    began = time.monotonic()
    assert worker.work_once("one", stop=threading.Event())

    assert time.monotonic() - began < 30
    run.refresh_from_db()
    assert (run.state, run.problems) == ("failed", [["engine_stopped", "", ""]])
