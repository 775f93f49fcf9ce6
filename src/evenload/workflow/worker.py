"""The worker: takes up plan runs and publications one after another; several may run side by side, on several machines.

A plan is computed in a child process, so that pages stay quick, a cancelled run stops at once, and a crash costs one run only.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from evenload.records.models import PlanRun
from evenload.workflow import plans

log = logging.getLogger("evenload.worker")

POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0


def work(stop: threading.Event, *, worker: str | None = None, now: Callable[[], datetime] = timezone.now) -> None:
    """Carry out what waits until `stop` is set. Every error is logged without client data and costs its own job only."""
    name = worker or f"{socket.gethostname()}:{os.getpid()}"
    while not stop.is_set():
        try:
            if not work_once(name, stop=stop, now=now):
                stop.wait(POLL_SECONDS)
        except Exception:
            log.exception("the worker goes on after an error")
            stop.wait(POLL_SECONDS)
        finally:
            close_old_connections()


def work_once(worker: str, *, stop: threading.Event, now: Callable[[], datetime] = timezone.now) -> bool:
    """Give silent workers' runs back, then carry out one job. False: nothing waited."""
    plans.reap(at=now())
    run = plans.claim_next(worker, at=now())
    if run is None:
        return publish_next(now)
    carry_out(run, stop=stop, now=now)
    return True


def publish_next(now: Callable[[], datetime]) -> bool:
    """Write one publication that waits for its turn. False: none did."""
    from evenload.workflow import publish  # imported late: publishing brings the PDF compiler with it

    return publish.write_next(at=now())


def carry_out(run: PlanRun, *, stop: threading.Event, now: Callable[[], datetime] = timezone.now) -> None:
    """Compute the run in a child process, with a heartbeat, and store what comes of it if the attempt still holds the run."""
    spawn = multiprocessing.get_context("spawn")
    receive, send = spawn.Pipe(duplex=False)
    order = (run.facts_json, run.kept_pins, run.kept_bans, run.seed, run.max_moves, run.effort_per_unit)
    child = spawn.Process(target=compute, args=(order, send), daemon=True)
    child.start()
    send.close()
    try:
        answer = _watch(run, child, receive, stop=stop, now=now)
    finally:
        child.kill() if child.is_alive() else None
        child.join()
        receive.close()
    _store(run, answer, now=now)


def _watch(run: PlanRun, child: Any, receive: Connection, *, stop: threading.Event, now: Callable[[], datetime]) -> dict[str, Any]:
    """What the child answers; `cancelled` where it was told to stop, `lost` where it died without a word."""
    progress: dict[str, Any] = {}
    while True:
        if receive.poll(BEAT_SECONDS if not progress else 1.0):
            try:
                message = receive.recv()
            except EOFError:
                return {"kind": "lost"}
            if message["kind"] != "progress":
                return dict(message)
            progress = message
        elif not child.is_alive():
            return {"kind": "lost"}
        if stop.is_set():
            return {"kind": "left"}
        share, gap = int(100 * progress.get("share", 0)), progress.get("gap")
        if not plans.beat(run, at=now(), percent=share, gap_percent=gap, stage=progress.get("stage", "")):
            return {"kind": "cancelled"}


def _store(run: PlanRun, answer: dict[str, Any], *, now: Callable[[], datetime]) -> None:
    kind = answer["kind"]
    if kind == "plan":
        plans.store_plan(run, plan_json=answer["plan"], case_digest=answer["case"], gap_percent=answer["gap"], at=now())
    elif kind == "cancelled":
        plans.store_cancelled(run, at=now())
    elif kind == "problems":
        plans.store_failure(run, problems=answer["problems"], at=now())
    elif kind == "lost":
        plans.store_failure(run, problems=[["engine_stopped", "", ""]], at=now())
    elif kind == "left":
        plans.give_back(run)


def compute(order: tuple[str, list[list[str]], list[list[str]], int, int | None, int], send: Connection) -> None:
    """In the child: facts to Case to Plan. Sends progress, then the plan or the problems. Uses no database."""
    from evenload.exchange.plan_json import plan_to_json
    from evenload.planning.case import digest
    from evenload.planning.optimise import Limit, solve
    from evenload.planning.problems import CaseError

    facts_json, pins, bans, seed, max_moves, effort = order
    try:
        case = plans.case_from_frozen(facts_json, pins=pins, bans=bans)
    except CaseError as error:
        found = [[p.code, "/".join(filter(None, (p.where.table, p.where.item, p.where.field))), p.value] for p in error.problems]
        send.send({"kind": "problems", "problems": found})
        return

    def report(gap: float | None, stage: str, share: float) -> None:
        send.send({"kind": "progress", "gap": gap, "stage": stage, "share": share})

    plan = solve(case, seed=seed, limit=Limit(moves_per_unit=effort, max_moves=max_moves), on_progress=report)
    gap = plan.bound.gap_percent(plan.score)
    send.send({"kind": "plan", "plan": plan_to_json(plan), "case": digest(case), "gap": gap})
