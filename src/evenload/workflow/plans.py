"""Plan runs: asked for in a page, claimed by one worker, computed outside any transaction, kept with the facts as they were.

The run's row is the queue and the truth (docs/decisions): a guarded update claims it, a heartbeat keeps it, a stale one is
given to another worker, and a result is stored only by the attempt that still holds the row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q

from evenload.exchange.plan_json import plan_from_json
from evenload.exchange.rows import Rows
from evenload.exchange.rows_json import rows_to_json
from evenload.planning.case import Case
from evenload.planning.deviations import Judged
from evenload.planning.plan import Plan
from evenload.records.access import Person
from evenload.records.models import Draft, PlanRun, Program
from evenload.workflow import drafts, journal
from evenload.workflow.computing import case_from_frozen
from evenload.workflow.draft_picture import Picture, Placed, picture_of
from evenload.workflow.drafts import open_draft_of
from evenload.workflow.french_exceptions import kept_under_exception
from evenload.workflow.protection import judged_of
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import current_of_pieces, rows_of
from evenload.workflow.visit_rows import telling

STALE_AFTER = timedelta(seconds=45)
"""A run whose worker has not been heard of for so long is given to another."""

MOST_ATTEMPTS = 3

IS_WHAT_IF = ExpressionWrapper(Q(scenario__isnull=False), output_field=BooleanField()).asc()


@dataclass(frozen=True, slots=True)
class Wish:
    """How a plan is to be computed. `robust`: so many units per person may need more than planned at once; `seeds`: the best of so many."""

    max_moves: int | None = None
    seed: int = 0
    seeds: int = 1
    robust: int = 0


USUAL: Final = Wish()


def ask_run(program: Program, *, by: Person, at: datetime, wish: Wish = USUAL) -> PlanRun:
    """Ask for a plan of the program as it stands, with the pins and bans of its open draft.

    Consequences: the facts are frozen in the run, a worker will take it up, the journal has a line.
    Refused `run_already_open` while another run of the program is asked for or running.
    """
    fresh = Program.objects.get(pk=program.pk)
    pins, bans, frozen = _frozen(fresh, with_judgements=wish.robust > 0)
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                program=program,
                asked_by=by.account,
                asked_at=at,
                **asdict(wish),
                kept_pins=pins,
                kept_bans=bans,
                facts_version=fresh.facts_version,
                facts_json=frozen,
            )
            journal.record(by, "plan.ask", at=at, program=program, subject=run, **asdict(wish))
    except IntegrityError as error:
        raise Refused("run_already_open") from error
    return run


def _frozen(program: Program, *, with_judgements: bool) -> tuple[list[list[str]], list[list[str]], str]:
    """Pins and bans of the open draft as [piece, practitioner], and the facts as canonical JSON, all of one moment.

    An open draft says what is pinned; the pins of the facts went into it when it was opened.
    """
    rows, current, pins, bans = telling(rows_of(program)), current_of_pieces(program), [], []
    draft = open_draft_of(program)
    if draft is not None:
        picture = picture_of(draft)
        pins = [[piece, code] for piece, code in sorted(picture.pins().items())]
        bans = [[piece, code] for piece, codes in sorted(picture.bans().items()) for code in sorted(codes)]
        rows = replace(rows, units=tuple(replace(unit, pinned=False) for unit in rows.units))
    return pins, bans, frozen_facts(rows, current, judged=judged_of(program) if with_judgements else None)


def frozen_facts(rows: Rows, current: Mapping[str, str], changes: Sequence[Mapping[str, Any]] = (), *, judged: Judged | None = None) -> str:
    """Facts of one moment as a run or a scenario keeps them: canonical JSON, the same facts give the same text."""
    frozen: dict[str, Any] = {"rows": json.loads(rows_to_json(rows)), "current": dict(current)}
    if judged is not None:
        frozen["judged"] = {id: {part: str(minutes) for part, minutes in most.items()} for id, most in judged.items()}
    if changes:
        frozen["changes"] = list(changes)
    return json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def cancel_run(run: PlanRun, *, by: Person, at: datetime) -> None:
    """Cancel: at once where no worker has it yet, else its worker stops at the next beat. Refused `run_ended` once it ended."""
    with transaction.atomic():
        waiting = PlanRun.objects.filter(pk=run.pk, state="asked").update(state="cancelled", ended_at=at, cancel_asked=True)
        if not waiting and not PlanRun.objects.filter(pk=run.pk, state="running").update(cancel_asked=True):
            raise Refused("run_ended")
        journal.record(by, "plan.cancel", at=at, program=run.program, subject=run)


def claim_scenarios(worker: str, *, at: datetime, most: int) -> list[PlanRun]:
    """Runs of scenarios that wait, claimed for this worker, the oldest first; none while a program's plan waits."""
    claimed: list[PlanRun] = []
    while len(claimed) < most and not PlanRun.objects.filter(state="asked", scenario__isnull=True).exists():
        run = claim_next(worker, at=at)
        if run is None:
            break
        claimed.append(run)
    return claimed


def claim_next(worker: str, *, at: datetime) -> PlanRun | None:
    """The oldest run asked for, claimed for this worker; None where there is none. Two workers never hold one attempt.

    Plans of programs go before scenarios: nobody's week waits for a what-if.
    """
    for run in PlanRun.objects.filter(state="asked").order_by(IS_WHAT_IF, "id")[:10]:
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


def store_plan(
    run: PlanRun, *, plan_json: str, case_digest: str, gap_percent: float, at: datetime, figures: Mapping[str, Any] | None = None
) -> bool:
    """Store the result of this attempt. False: the attempt no longer holds the run, and its result is dropped."""
    result = {"plan_json": plan_json, "case_digest": case_digest, "gap_percent": gap_percent, "figures": dict(figures or {})}
    return bool(_held(run).update(state="done", ended_at=at, progress_percent=100, **result))


def store_failure(run: PlanRun, *, problems: list[list[str]], at: datetime) -> bool:
    """The facts leave no Case, or the engine stopped: the problems as [code, place, value]. False: no longer its run."""
    return bool(_held(run).update(state="failed", ended_at=at, problems=problems))


def give_back(run: PlanRun) -> bool:
    """The worker is stopping: another may take the run up at once."""
    return bool(_held(run).update(state="asked", worker=""))


def store_cancelled(run: PlanRun, *, at: datetime) -> bool:
    """The worker stopped because somebody asked it to. False: nobody did, or it is no longer its run."""
    asked = PlanRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt, cancel_asked=True)
    return bool(asked.update(state="cancelled", ended_at=at))


def _held(run: PlanRun):  # type: ignore[no-untyped-def]  # a Django queryset; its generic parameters say nothing here
    return PlanRun.objects.filter(pk=run.pk, state="running", attempt=run.attempt, cancel_asked=False)


def plan_of(run: PlanRun) -> Plan:
    """The plan of a run that is done. Refused `run_has_no_plan` otherwise."""
    if run.state != "done":
        raise Refused("run_has_no_plan")
    return plan_from_json(run.plan_json)


def take_up(run: PlanRun, *, by: Person, at: datetime, confirmed: bool = False) -> Draft:
    """Put the run's plan into the draft, as one change with one undo.

    Refused `run_of_a_scenario`, `run_has_no_plan`; unless `confirmed`: `facts_changed` where the program's facts changed since the run was asked for,
    `draft_changed` where somebody changed the draft since. Confirmed, what is pinned now stays where it is pinned, and what a
    hard rule or a ban forbids now is left waiting. What an exception to the French rule holds and the plan leaves waiting stays.
    """
    if run.scenario_id is not None:
        raise Refused("run_of_a_scenario")
    plan, program = plan_of(run), run.program
    draft = drafts.open_draft(program, by=by, at=at)
    with transaction.atomic():
        held = drafts.locked(draft)
        picture = picture_of(held)
        if not confirmed:
            _refuse_overtaken(run, held, picture)
        places = kept_under_exception(picture, _places_of(plan, picture))
        drafts.write(held, picture, "solve", places, by=by, at=at, run=run.pk)
        Draft.objects.filter(pk=held.pk).update(plan_run=run)
        held.plan_run = run
    return held


def _refuse_overtaken(run: PlanRun, draft: Draft, picture: Picture) -> None:
    if run.facts_version != picture.facts.facts_version:
        raise Refused("facts_changed")
    if draft.changes.filter(at__gt=run.asked_at, undone_by__isnull=True).exclude(kind="undo").exists():
        raise Refused("draft_changed")


def _places_of(plan: Plan, picture: Picture) -> dict[str, Placed]:
    """Where the plan puts every piece that the program still has."""
    holder = {row.unit: row.practitioner for row in plan.assignments}
    cover = {row.unit: row.practitioner for row in plan.cover}
    return {piece: _place_of(piece, holder.get(piece), cover.get(piece), picture) for piece in picture.places}


def _place_of(piece: str, to: str | None, cover: str | None, picture: Picture) -> Placed:
    now, facts = picture.places[piece], picture.facts
    if now.is_pinned:
        return replace(now, cover=_cover_of(piece, now.practitioner, cover, picture))
    if to not in facts.people or to in picture.leaving | now.banned or facts.broken_rules(piece, to or "") or facts.units[piece].held_back:
        to = None
    return replace(now, practitioner=to, cover=_cover_of(piece, to, cover, picture))


def _cover_of(piece: str, to: str | None, proposed: str | None, picture: Picture) -> str | None:
    """Who covers stays as long as she may: clients know her, and the plan proposes covers without looking at who does it today."""
    now, facts = picture.places[piece], picture.facts
    for one in (now.cover, proposed):
        is_free = one in facts.people and one != to and one not in picture.leaving | now.banned
        if one and is_free and (one == proposed or not facts.broken_rules(piece, one)):
            return one
    return None


def case_of_run(run: PlanRun) -> Case:
    """The Case of the run, from the facts as they were when it was asked for. Raises CaseError where they contradict."""
    return case_from_frozen(run.facts_json, pins=run.kept_pins, bans=run.kept_bans, robust=run.robust)
