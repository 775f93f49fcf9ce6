"""The worker: takes up plan runs, publications and mails one after another; several may run side by side, on several machines.

A plan is computed in a child process, so that pages stay quick, a cancelled run stops at once, and a crash costs one run only.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
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
from evenload.workflow.computing import Order, compute
from evenload.workflow.due import Due

log = logging.getLogger("evenload.worker")

Answer: TypeAlias = dict[str, Any]

POLL_SECONDS = 1.0
BEAT_SECONDS = 0.5
"""How often a run's row hears from its worker, and the worker whether somebody cancelled: both cost one short update."""

LOOK_SECONDS = 0.25
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
    """Give silent workers' runs back, then carry out one run. False: none waited."""
    plans.reap(at=now())
    run = plans.claim_next(worker, at=now())
    if run is None:
        return False
    carry_out(run, stop=stop, now=now)
    return True


def publish_next(now: Callable[[], datetime]) -> bool:
    """Write one publication, else one report, that waits for its turn. False: none did."""
    from evenload.workflow import publish, report_writing  # imported late: publishing brings the PDF compiler with it

    at = now()
    return publish.write_next(at=at) or report_writing.write_next(at=at, today=timezone.localdate(at))


def carry_out(run: PlanRun, *, stop: threading.Event, now: Callable[[], datetime] = timezone.now) -> None:
    """Compute the run in a child process, with a heartbeat, and store what comes of it if the attempt still holds the run."""
    spawn = multiprocessing.get_context("spawn")
    receive, send = spawn.Pipe(duplex=False)
    orders, give = spawn.Pipe(duplex=False)
    child = spawn.Process(target=compute, args=(orders, send), daemon=True)
    _start(child)
    send.close()
    orders.close()
    try:
        # Not among the arguments: a child that dies before it has read them would be waited for without end.
        with give, suppress(OSError):
            give.send(Order(run.facts_json, run.kept_pins, run.kept_bans, run.seed, run.max_moves, run.effort_per_unit))
        answer = _watch(run, receive, stop=stop, now=now)
    finally:
        child.kill()
        child.join()
        receive.close()
    _store(run, answer, now=now)


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


def _watch(run: PlanRun, receive: Connection, *, stop: threading.Event, now: Callable[[], datetime]) -> Answer:
    """What the child answers. `cancelled`: the run is to stop, or is another worker's now; `left`: this worker stops;
    `lost`: the child died without a word."""
    progress: Answer = {}
    next_beat = 0.0
    while True:
        try:
            # The last word counts: progress comes faster than it is worth writing down.
            while receive.poll(LOOK_SECONDS if time.monotonic() < next_beat else 0):
                message: Answer = receive.recv()
                if message["kind"] != "progress":
                    return message
                progress = message
                if time.monotonic() >= next_beat:
                    break
        except EOFError:
            return {"kind": "lost"}
        if stop.is_set():
            return {"kind": "left"}
        if time.monotonic() >= next_beat:
            percent = int(100 * progress.get("share", 0))
            if not plans.beat(run, at=now(), percent=percent, gap_percent=progress.get("gap")):
                return {"kind": "cancelled"}
            next_beat = time.monotonic() + BEAT_SECONDS


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
