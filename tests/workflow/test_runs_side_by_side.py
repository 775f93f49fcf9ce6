"""Several searches at once: the seeds of a thorough plan, the runs of scenarios that wait. One of their processes is killed for real."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from drafts_made import example_program

from evenload.exchange.plan_json import plan_from_json, plan_to_json
from evenload.planning.check import differences
from evenload.planning.optimise import Limit, solve
from evenload.planning.plan import Plan
from evenload.records.models import JournalEntry, PlanRun
from evenload.workflow import computing, plans, scenario_runs, scenarios, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MOVES_PER_UNIT = 300


def without_seconds(plan: Plan) -> Plan:
    return replace(plan, provenance=replace(plan.provenance, seconds=0.0))


def solved_here(run: PlanRun, seed: int = 0) -> Plan:
    return solve(plans.case_of_run(run), seed=seed, limit=Limit(moves_per_unit=run.effort_per_unit, max_moves=run.max_moves), threads=1)


def as_stored(plan: Plan) -> Plan:
    return without_seconds(plan_from_json(plan_to_json(plan)))


def asked_for_scenarios(*growths: str) -> list[PlanRun]:
    program, manager = example_program(practitioners=8, units=60, seed=5)
    found = []
    for growth in growths:
        changes = [{"kind": "growth", "item": "", "value": growth}]
        made = scenarios.make(program, f"Demand grows by {growth}", by=manager, at=timezone.now(), changes=changes)
        found.append(scenario_runs.ask(made, by=manager, at=timezone.now()))
    PlanRun.objects.update(effort_per_unit=MOVES_PER_UNIT)
    return [PlanRun.objects.get(pk=run.pk) for run in found]


def test_scenarios_that_wait_are_computed_side_by_side_and_a_killed_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = asked_for_scenarios("5", "10", "20")
    monkeypatch.setattr(worker, "side_by_side", lambda: 3)
    thread = threading.Thread(target=_work_once)
    thread.start()
    wait_until(lambda: bool(searching()))
    os.kill(searching()[0], signal.SIGKILL)
    thread.join(timeout=120)
    assert not thread.is_alive()

    for before in runs:
        run = PlanRun.objects.get(pk=before.pk)
        assert (run.state, run.attempt, run.problems) == ("done", 1, [])
        assert without_seconds(plans.plan_of(run)) == as_stored(solved_here(run))
        assert run.figures["gap_percent"] == pytest.approx(run.gap_percent, abs=1e-5)
    assert searching() == []


def test_a_program_that_waits_goes_before_scenarios_and_one_that_is_cancelled_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = asked_for_scenarios("5", "10")
    own = plans.ask_run(first.program, by=_manager(first), at=timezone.now())
    held = plans.claim_next("w", at=timezone.now())
    assert held == own
    assert plans.give_back(held)
    assert plans.claim_scenarios("w", at=timezone.now(), most=9) == []
    plans.cancel_run(own, by=_manager(first), at=timezone.now())

    monkeypatch.setattr(worker, "side_by_side", lambda: 2)
    beat = plans.beat

    def cancelled_at_once(run: PlanRun, **facts: object) -> bool:
        if run.pk == second.pk:
            PlanRun.objects.filter(pk=run.pk, cancel_asked=False).update(cancel_asked=True)
        return beat(run, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(plans, "beat", cancelled_at_once)
    assert worker.work_once("w", stop=threading.Event())
    assert dict(PlanRun.objects.values_list("pk", "state")) == {own.pk: "cancelled", first.pk: "done", second.pk: "cancelled"}


def test_a_thorough_plan_is_the_best_of_its_seeds_and_nothing_is_left_of_a_worker_that_was_killed() -> None:
    program, manager = example_program(practitioners=8, units=60, seed=7)
    run = plans.ask_run(program, by=manager, at=timezone.now(), wish=plans.Wish(seed=4, seeds=3))
    PlanRun.objects.update(effort_per_unit=MOVES_PER_UNIT)
    run.refresh_from_db()
    alone = [solved_here(run, seed) for seed in (4, 5, 6)]
    assert worker.work_once("w", stop=threading.Event())

    run.refresh_from_db()
    plan = plans.plan_of(run)
    assert plan.score.hours == pytest.approx(min(one.score.hours for one in alone), abs=1e-6)
    assert plan.bound.hours == pytest.approx(min(plan.score.hours, max(one.bound.hours for one in alone)), abs=1e-6)
    assert (plan.provenance.seeds, run.seeds) == (3, 3)
    assert differences(plans.case_of_run(run), plan) == ()
    assert JournalEntry.objects.get(action="plan.ask").facts == {"max_moves": None, "seed": 4, "seeds": 3, "robust": 0}
    assert searching() == []


def test_no_search_outlives_the_process_that_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for_scenarios("5", "10")
    PlanRun.objects.update(effort_per_unit=2_000_000)
    monkeypatch.setattr(worker, "side_by_side", lambda: 2)
    stop = threading.Event()
    thread = threading.Thread(target=_work_once, args=(stop,))
    thread.start()
    wait_until(lambda: bool(searching()))
    stop.set()
    thread.join(timeout=60)

    assert set(PlanRun.objects.values_list("state", "worker")) == {("asked", "")}
    wait_until(lambda: not searching())


def test_a_cluster_that_cannot_be_used_fails_the_run_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    program, manager = example_program(practitioners=8, units=60, seed=9)
    run = plans.ask_run(program, by=manager, at=timezone.now(), wish=plans.Wish(seeds=2))
    monkeypatch.setenv("EVENLOAD_CLUSTER", "tls://127.0.0.1:1")
    monkeypatch.setenv("EVENLOAD_CLUSTER_CA", "/nowhere")
    assert worker.side_by_side() == computing.MOST_ON_A_CLUSTER
    assert worker.work_once("w", stop=threading.Event())
    run.refresh_from_db()
    assert (run.state, run.problems) == ("failed", [["cluster_settings", "", ""]])


def _manager(run: PlanRun):  # type: ignore[no-untyped-def]
    from cast import person

    return person(run.asked_by)


def _work_once(stop: threading.Event | None = None) -> None:
    worker.work_once("w", stop=stop or threading.Event())
    connections.close_all()


def wait_until(truth: Callable[[], bool], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)


def searching() -> list[int]:
    """Processes that a child of this one began: the searches of an executor. Found by their parents, whether these live or not."""
    begun = {pid: parent for pid, parent in _parents().items() if b"spawn_main" in _command(pid)}
    ours = _known_children | {pid for pid, parent in begun.items() if parent == os.getpid()}
    _known_children.update(ours)
    grandchildren = {pid for pid, parent in begun.items() if parent in ours}
    _known_grandchildren.update(grandchildren)
    return sorted(pid for pid in _known_grandchildren if pid in begun)


_known_children: set[int] = set()
_known_grandchildren: set[int] = set()


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                rest = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if rest[0] != "Z":
                found[int(folder.name)] = int(rest[1])
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
