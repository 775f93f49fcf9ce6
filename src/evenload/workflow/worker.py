"""The worker: takes up plan runs, publications and mails one after another; several may run side by side, on several machines.

A plan is computed in a child process, so that pages stay quick, a cancelled run stops at once, and a crash costs no more than its run.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeAlias

from django.db import close_old_connections, connection
from django.utils import timezone

from evenload.records.models import PlanRun
from evenload.workflow import outbox, plans, scenario_runs
from evenload.workflow.computing import Order, compute, side_by_side
from evenload.workflow.due import Due

log = logging.getLogger("evenload.worker")

Answer: TypeAlias = dict[str, Any]

POLL_SECONDS = 1.0
BEAT_SECONDS = 0.5
"""How often a run's row hears from its worker, and the worker whether somebody cancelled: both cost one short update."""

LOOK_SECONDS = 0.25
FAREWELL_SECONDS = 2.0
DIGEST_SECONDS = 60.0


def work(stop: threading.Event, *, worker: str | None = None, now: Callable[[], datetime] = timezone.now) -> None:
    """Carry out what waits until `stop` is set: plans here; publications, mails and what is due beside them: none waits for a plan."""
    name = worker or f"{socket.gethostname()}:{os.getpid()}"
    beside = {"publisher": lambda: publish_next(now), "mailer": Mailer(name, now).mail_next, "due": Due(now).look}
    threads = [threading.Thread(target=_repeat, args=(stop, job), name=title, daemon=True) for title, job in beside.items()]
    for thread in threads:
        thread.start()
    _repeat(stop, lambda: work_once(name, stop=stop, now=now))
    for thread in threads:
        thread.join()


class Mailer:
    """Sends what the outbox holds; makes the digests once a minute, which is often enough for what is due once a day."""

    def __init__(self, worker: str, now: Callable[[], datetime]) -> None:
        self.worker, self.now = worker, now
        self.digests_at = -DIGEST_SECONDS

    def mail_next(self) -> bool:
        """Sends one message. False: none waited."""
        if time.monotonic() - self.digests_at >= DIGEST_SECONDS:
            self.digests_at = time.monotonic()
            outbox.make_digests(at=self.now())
        return outbox.send_next(self.worker, at=self.now())


def _repeat(stop: threading.Event, job: Callable[[], bool]) -> None:
    """The job again and again, with a rest where nothing waited. An error is logged and costs its own job only."""
    while not stop.is_set():
        try:
            if not job():
                stop.wait(POLL_SECONDS)
        except Exception:
            log.exception("the worker goes on after an error")
            stop.wait(POLL_SECONDS)
        finally:
            close_old_connections()
    connection.close()


def work_once(worker: str, *, stop: threading.Event, now: Callable[[], datetime] = timezone.now) -> bool:
    """Give silent workers' runs back, then carry out one run; of scenarios several that wait, side by side. False: none waited."""
    plans.reap(at=now())
    run = plans.claim_next(worker, at=now())
    if run is None:
        return False
    more = plans.claim_scenarios(worker, at=now(), most=side_by_side() - 1) if run.scenario_id is not None else []
    carry_out([run, *more], stop=stop, now=now)
    return True


def publish_next(now: Callable[[], datetime]) -> bool:
    """Write one publication, else one report, that waits for its turn. False: none did."""
    from evenload.workflow import publish, report_writing  # imported late: publishing brings the PDF compiler with it

    at = now()
    return publish.write_next(at=at) or report_writing.write_next(at=at, today=timezone.localdate(at))


def carry_out(runs: Sequence[PlanRun], *, stop: threading.Event, now: Callable[[], datetime] = timezone.now) -> None:
    """Compute the runs in a child process, with a heartbeat, and store what comes of each if the attempt still holds it."""
    spawn = multiprocessing.get_context("spawn")
    receive, send = spawn.Pipe(duplex=False)
    orders, give = spawn.Pipe(duplex=False)
    # A daemon could begin no processes of its own, over which several searches go.
    is_alone = len(runs) == 1 and runs[0].seeds == 1
    child = spawn.Process(target=compute, args=(orders, send), daemon=is_alone)
    _start(child)
    send.close()
    orders.close()
    try:
        # Not among the arguments: a child that dies before it has read them would be waited for without end.
        with give, suppress(OSError):
            give.send([order_of(run) for run in runs])
        _watch(dict(enumerate(runs)), receive, stop=stop, now=now)
        if not is_alone:
            child.join(FAREWELL_SECONDS)  # it puts its own processes away
    finally:
        child.kill()
        child.join()
        receive.close()


def order_of(run: PlanRun) -> Order:
    """What the child is to compute."""
    return Order(
        run.facts_json,
        run.kept_pins,
        run.kept_bans,
        run.seed,
        run.max_moves,
        run.effort_per_unit,
        seeds=run.seeds,
        robust=run.robust,
    )


def _start(child: SpawnProcess) -> None:
    """Starts the child deaf to Ctrl-C: that is for the worker to answer, which ends it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        child.start()
        return
    resource_tracker.ensure_running()  # begins with the first child, and would take the mask off
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _watch(left: dict[int, PlanRun], receive: Connection, *, stop: threading.Event, now: Callable[[], datetime]) -> None:
    """Stores what the child answers, until nothing is left of the runs (by their number in the order).

    `cancelled`: a run is to stop, or is another worker's now; `left`: this worker stops; `lost`: the child died without a word.
    """
    progress: dict[int, Answer] = {}
    next_beat = 0.0
    while left:
        try:
            # The last word counts: progress comes faster than it is worth writing down.
            while left and receive.poll(LOOK_SECONDS if time.monotonic() < next_beat else 0):
                message: Answer = receive.recv()
                if message["kind"] == "progress":
                    progress[message["number"]] = message
                elif message["number"] in left:
                    _store(left.pop(message["number"]), message, now=now)
                if time.monotonic() >= next_beat:
                    break
        except EOFError:
            _store_all(left, "lost", now=now)
            return
        if stop.is_set():
            _store_all(left, "left", now=now)
            return
        if time.monotonic() >= next_beat:
            for number, run in list(left.items()):
                told = progress.get(number, {})
                if not plans.beat(run, at=now(), percent=int(100 * told.get("share", 0)), gap_percent=told.get("gap")):
                    _store(left.pop(number), {"kind": "cancelled"}, now=now)
            next_beat = time.monotonic() + BEAT_SECONDS


def _store_all(left: Mapping[int, PlanRun], kind: str, *, now: Callable[[], datetime]) -> None:
    for run in left.values():
        _store(run, {"kind": kind}, now=now)


def _store(run: PlanRun, answer: Answer, *, now: Callable[[], datetime]) -> None:
    """Store what came of it. Where somebody asked to cancel in the last moment, the run is cancelled after all."""
    kind, is_stored = answer["kind"], False
    if kind == "plan":
        figures = scenario_runs.counted(run, answer["plan"]) if run.scenario_id else {}
        result = {"plan_json": answer["plan"], "case_digest": answer["case"], "gap_percent": answer["gap"], "figures": figures}
        is_stored = plans.store_plan(run, at=now(), **result)
    elif kind == "problems":
        is_stored = plans.store_failure(run, problems=answer["problems"], at=now())
    elif kind == "lost":
        is_stored = plans.store_failure(run, problems=[["engine_stopped", "", ""]], at=now())
    elif kind == "left":
        is_stored = plans.give_back(run)
    if not is_stored:
        plans.store_cancelled(run, at=now())
