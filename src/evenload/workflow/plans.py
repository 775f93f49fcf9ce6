"""Plan runs: asked for in a page, claimed by one worker, computed outside any transaction, kept with the facts as they were.

The run's row is the queue and the truth (docs/decisions): a guarded update claims it, a heartbeat keeps it, a stale one is
given to another worker, and a result is stored only by the attempt that still holds the row.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from evenload.exchange.facts import program_from
from evenload.exchange.plan_json import plan_from_json
from evenload.exchange.rows_json import rows_from_json, rows_to_json
from evenload.planning.case import Case
from evenload.planning.pieces import case_with_pieces
from evenload.planning.plan import Plan
from evenload.planning.prepare import case_from
from evenload.records.access import Person
from evenload.records.models import Draft, PlanRun, Program
from evenload.workflow import journal
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import current_of_pieces, rows_of

STALE_AFTER = timedelta(seconds=45)
"""A run whose worker has not been heard of for so long is given to another."""

MOST_ATTEMPTS = 3


def ask_run(program: Program, *, by: Person, at: datetime, max_moves: int | None = None, seed: int = 0) -> PlanRun:
    """Ask for a plan of the program as it stands, with the pins and bans of its open draft.

    Consequences: the facts are frozen in the run, a worker will take it up, the journal has a line.
    Refused `run_already_open` while another run of the program is asked for or running.
    """
    pins, bans = _kept(program)
    frozen = {"rows": json.loads(rows_to_json(rows_of(program))), "current": current_of_pieces(program)}
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                program=program,
                asked_by=by.account,
                asked_at=at,
                seed=seed,
                max_moves=max_moves,
                kept_pins=pins,
                kept_bans=bans,
                facts_version=program.facts_version,
                facts_json=json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
            )
            journal.record(by, "plan.ask", at=at, program=program, subject=run, max_moves=max_moves, seed=seed)
    except IntegrityError as error:
        raise Refused("run_already_open") from error
    return run


def _kept(program: Program) -> tuple[list[list[str]], list[list[str]]]:
    """[piece, practitioner] of every pin and every ban of the open draft."""
    draft = Draft.objects.filter(program=program, closed_at__isnull=True).first()
    if draft is None:
        return [], []
    pinned = draft.placements.filter(is_pinned=True).order_by("piece").values_list("piece", "practitioner__code")
    banned = draft.placements.filter(banned__isnull=False).order_by("piece", "banned__code").values_list("piece", "banned__code")
    return [list(pin) for pin in pinned], [list(ban) for ban in banned]


def cancel_run(run: PlanRun, *, by: Person, at: datetime) -> None:
    """Cancel: at once where no worker has it yet, else its worker stops at the next beat. Refused `run_ended` once it ended."""
    with transaction.atomic():
        waiting = PlanRun.objects.filter(pk=run.pk, state="asked").update(state="cancelled", ended_at=at, cancel_asked=True)
        if not waiting and not PlanRun.objects.filter(pk=run.pk, state="running").update(cancel_asked=True):
            raise Refused("run_ended")
        journal.record(by, "plan.cancel", at=at, program=run.program, subject=run)


def claim_next(worker: str, *, at: datetime) -> PlanRun | None:
    """The oldest run asked for, claimed for this worker; None where there is none. Two workers never hold one attempt."""
    for run in PlanRun.objects.filter(state="asked").order_by("id")[:10]:
        claimed = PlanRun.objects.filter(pk=run.pk, state="asked", attempt=run.attempt).update(
            state="running", attempt=F("attempt") + 1, worker=worker, started_at=at, beat_at=at, progress_percent=0, stage=""
        )
        if claimed:
            run.refresh_from_db()
            return run
    return None


def beat(run: PlanRun, *, at: datetime, percent: int = 0, gap_percent: float | None = None, stage: str = "") -> bool:
    """Say that the worker lives and how far it is. False: stop, the run was cancelled or given to another."""
    held = PlanRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt)
    if not held.update(beat_at=at, progress_percent=min(percent, 100), gap_percent=gap_percent, stage=stage):
        return False
    return not PlanRun.objects.filter(pk=run.pk, cancel_asked=True).exists()


def reap(*, at: datetime) -> int:
    """Give runs of workers that fell silent back to the queue; after the last attempt they have failed. Returns how many."""
    silent = PlanRun.objects.filter(state="running", beat_at__lt=at - STALE_AFTER)
    lost = 0
    for run in silent:
        mine = PlanRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt, beat_at=run.beat_at)
        if run.cancel_asked:
            lost += mine.update(state="cancelled", ended_at=at)
        elif run.attempt >= MOST_ATTEMPTS:
            lost += mine.update(state="failed", ended_at=at, problems=[["worker_lost", "", ""]])
        else:
            lost += mine.update(state="asked", worker="")
    return lost


def store_plan(run: PlanRun, *, plan_json: str, case_digest: str, gap_percent: float, at: datetime) -> bool:
    """Store the result of this attempt. False: the attempt no longer holds the run, and its result is dropped."""
    return bool(
        _held(run).update(
            state="done", ended_at=at, plan_json=plan_json, case_digest=case_digest, gap_percent=gap_percent, progress_percent=100
        )
    )


def store_failure(run: PlanRun, *, problems: list[list[str]], at: datetime) -> bool:
    """The facts leave no Case, or the engine stopped: the problems as [code, place, value]. False: no longer its run."""
    return bool(_held(run).update(state="failed", ended_at=at, problems=problems))


def give_back(run: PlanRun) -> bool:
    """The worker is stopping: another may take the run up at once."""
    return bool(_held(run).update(state="asked", worker=""))


def store_cancelled(run: PlanRun, *, at: datetime) -> bool:
    """The worker stopped because somebody asked it to."""
    return bool(PlanRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt).update(state="cancelled", ended_at=at))


def _held(run: PlanRun):  # type: ignore[no-untyped-def]  # a Django queryset; its generic parameters say nothing here
    return PlanRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt, cancel_asked=False)


def plan_of(run: PlanRun) -> Plan:
    """The plan of a run that is done. Refused `run_has_no_plan` otherwise."""
    if run.state != "done":
        raise Refused("run_has_no_plan")
    return plan_from_json(run.plan_json)


def case_of_run(run: PlanRun) -> Case:
    """The Case of the run, from the facts as they were when it was asked for. Raises CaseError where they contradict."""
    return case_from_frozen(run.facts_json, pins=run.kept_pins, bans=run.kept_bans)


def case_from_frozen(facts_json: str, *, pins: list[list[str]], bans: list[list[str]]) -> Case:
    """The Case of frozen facts; needs no database, so that a child process can build it."""
    frozen = json.loads(facts_json)
    rows = rows_from_json(json.dumps(frozen["rows"]))
    banned: dict[str, list[str]] = {}
    for piece, code in bans:
        banned.setdefault(piece, []).append(code)
    case = case_from(program_from(rows))
    return case_with_pieces(case, current=frozen["current"], pins={pin[0]: pin[1] for pin in pins}, bans=banned)
