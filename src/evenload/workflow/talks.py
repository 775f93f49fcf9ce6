"""Too high, right, too low: what a practitioner says, the conversation it opens, and how the two solve it through the draft.

What is said counts at once: an open "too high" or "too low" shifts the person's target in the next plan (planning.prepare).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from evenload.planning import codes
from evenload.records.access import Person
from evenload.records.models import LoadSignal, LoadTalk, Practitioner, Program, Remedy, TalkMessage
from evenload.records.models.talks import CAUSES, OPEN_TALKS
from evenload.workflow import drafts, journal, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.remedies import Proposed, proposed, week_json
from evenload.workflow.states import TALK, step

DAYS_TO_ANSWER = 4
"""Calendar days in which the manager answers; then the director sees it too."""

FOLLOW_UP_WEEKS = 4
PAUSE_WEEKS = 4


def say(practitioner: Practitioner, feeling: str, *, by: Person, at: datetime, cause: str = "", comment: str = "") -> LoadSignal:
    """She says how her load feels. Too high or too low opens a conversation, or goes into the open one; right ends an open one.

    Consequences: her target in the next plan shifts (or returns); the journal has a line.
    Refused `feeling_unknown`, `cause_missing` where it is too high or too low and no cause is named.
    """
    if feeling not in codes.FEEDBACK:
        raise Refused("feeling_unknown")
    if feeling != "right" and cause not in CAUSES:
        raise Refused("cause_missing")
    with transaction.atomic():
        held = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
        signal = LoadSignal.objects.create(
            practitioner=held,
            feeling=feeling,
            cause=cause if feeling != "right" else "",
            comment=comment.strip()[:500],
            said_at=at,
            counted=counted(held),
        )
        _shift_target(held, "" if feeling == "right" else feeling)
        talk = LoadTalk.objects.filter(practitioner=held, state__in=OPEN_TALKS).first()
        if feeling != "right":
            _into_talk(held, talk, signal, at)
        elif talk is not None:
            step(LoadTalk.objects.filter(pk=talk.pk), TALK, talk.state, "settled", ended_at=at)
        journal.record(by, "load.say", at=at, program=held.program, subject=held, feeling=feeling, cause=cause)
    return signal


def counted(practitioner: Practitioner) -> dict[str, Any]:
    """Her week as the desk counts it now; empty where no draft is open or she is not in it."""
    draft = drafts.open_draft_of(practitioner.program)
    if draft is None or practitioner.code not in picture_of(draft).facts.people:
        return {}
    return week_json(what_if.rows_of(draft, [practitioner.code])[0].load)


def _shift_target(practitioner: Practitioner, feedback: str) -> None:
    if practitioner.feedback != feedback:
        Practitioner.objects.filter(pk=practitioner.pk).update(feedback=feedback)
        Program.objects.filter(pk=practitioner.program_id).update(facts_version=F("facts_version") + 1)


def _into_talk(practitioner: Practitioner, talk: LoadTalk | None, signal: LoadSignal, at: datetime) -> None:
    if talk is None:
        due = localdate(at) + timedelta(days=DAYS_TO_ANSWER)
        LoadTalk.objects.create(practitioner=practitioner, signal=signal, opened_at=at, answer_due=due)
    else:
        # She said it again, or another cause: what was agreed on did not help, so both look again.
        changes: dict[str, Any] = {"signal": signal, "agreed_by_practitioner_at": None, "agreed_by_planner_at": None}
        if talk.state == "agreed":
            step(LoadTalk.objects.filter(pk=talk.pk), TALK, "agreed", "open", **changes)
        else:
            LoadTalk.objects.filter(pk=talk.pk).update(**changes)


def write(talk: LoadTalk, text: str, *, by: Person, at: datetime) -> TalkMessage:
    """A line in the conversation. Refused `nothing_written`, `talk_ended`."""
    if not text.strip():
        raise Refused("nothing_written")
    with transaction.atomic():
        held = _open(talk)
        return TalkMessage.objects.create(talk=held, by=by.account, at=at, text=text.strip()[:1000])


def remedies_for(talk: LoadTalk) -> tuple[Proposed, ...]:
    """What would help, each with its effect: counted anew from the draft as it stands. Refused `no_draft`."""
    draft = drafts.open_draft_of(talk.practitioner.program)
    if draft is None:
        raise Refused("no_draft")
    return proposed(draft, talk.practitioner.code, talk.signal.feeling, cause=talk.signal.cause)


def choose(talk: LoadTalk, keys: Sequence[str], *, by: Person, at: datetime) -> None:
    """Set what the two would do; whoever chose agrees to it, and the other's agreement to something else ends.

    Refused `remedy_gone` where one of them is not possible any more, `nothing_chosen`, `talk_ended`.
    """
    if not keys:
        raise Refused("nothing_chosen")
    with transaction.atomic():
        held = _open(talk)
        known = {one.key: one for one in remedies_for(held)}
        gone = next((key for key in keys if key not in known), None)
        if gone is not None:
            raise Refused("remedy_gone")
        chosen = [known[key] for key in dict.fromkeys(keys)]
        before = set(held.remedies.values_list("kind", "piece", "to__code"))
        if before != {(one.kind, one.piece, one.to) for one in chosen}:
            held.remedies.all().delete()
            _store(held, chosen)
            LoadTalk.objects.filter(pk=held.pk).update(agreed_by_practitioner_at=None, agreed_by_planner_at=None, agreed_by_planner=None)
    agree(talk, by=by, at=at)


def _store(talk: LoadTalk, chosen: Sequence[Proposed]) -> None:
    people = {one.code: one for one in Practitioner.objects.filter(program=talk.practitioner.program_id)}
    Remedy.objects.bulk_create(
        Remedy(talk=talk, kind=one.kind, piece=one.piece, to=people.get(one.to or ""), shown=one.shown) for one in chosen
    )


def agree(talk: LoadTalk, *, by: Person, at: datetime) -> LoadTalk:
    """One of the two agrees to what is chosen; when both have, it is done: moves go into the draft, offers pause.

    Refused `nothing_chosen`, `talk_ended`; as a move is, where somebody's room was given away since (nothing is done then).
    """
    with transaction.atomic():
        held = _open(talk)
        if not held.remedies.exists():
            raise Refused("nothing_chosen")
        if by.is_practitioner:
            held.agreed_by_practitioner_at = at
        else:
            held.agreed_by_planner, held.agreed_by_planner_at = by.account, at
        held.save(update_fields=["agreed_by_practitioner_at", "agreed_by_planner", "agreed_by_planner_at"])
        if held.agreed_by_practitioner_at and held.agreed_by_planner_at:
            _apply(held, by=by, at=at)
        journal.record(by, "talk.agree", at=at, program=held.practitioner.program, subject=("talk", held.pk))
    return held


def _apply(talk: LoadTalk, *, by: Person, at: datetime) -> None:
    """What both agreed to, through the draft, in the caller's transaction."""
    follow_up = max(localdate(at) + timedelta(weeks=FOLLOW_UP_WEEKS), talk.answer_due)
    step(LoadTalk.objects.filter(pk=talk.pk), TALK, talk.state, "agreed", follow_up_on=follow_up)
    draft = drafts.open_draft(talk.practitioner.program, by=by, at=at)
    for remedy in talk.remedies.select_related("to"):
        if remedy.kind in ("move", "take") and remedy.to is not None:
            now = drafts.locked(draft)
            drafts.move(
                now, remedy.piece, remedy.to.code, by=by, at=at, seen_version=now.version, pin=True, reason_code="practitioner_agrees"
            )
        elif remedy.kind == "pause_offers":
            until = localdate(at) + timedelta(weeks=PAUSE_WEEKS)
            Practitioner.objects.filter(pk=talk.practitioner_id).update(offers_paused_until=until)
    talk.remedies.update(applied_at=at)


def settle(talk: LoadTalk, *, outcome: str, by: Person, at: datetime) -> None:
    """The two are done: what came of it is kept, and her target returns. Refused `outcome_missing`, `talk_ended`."""
    if not outcome.strip():
        raise Refused("outcome_missing")
    with transaction.atomic():
        held = _open(talk)
        step(LoadTalk.objects.filter(pk=held.pk), TALK, held.state, "settled", outcome=outcome.strip()[:500], ended_at=at)
        _shift_target(held.practitioner, "")
        journal.record(by, "talk.settle", at=at, program=held.practitioner.program, subject=("talk", held.pk))


def escalate_due(*, today: date, at: datetime) -> int:
    """What the worker does: conversations whose answer is late go on to the director. How many."""
    late = LoadTalk.objects.filter(state="open", answer_due__lt=today, agreed_by_planner_at__isnull=True)
    moved = 0
    for talk in late.select_related("practitioner__program"):
        if talk.messages.exclude(by=talk.practitioner.account_id).exists():
            continue  # the manager has answered; the two are at it
        with transaction.atomic():
            if step(LoadTalk.objects.filter(pk=talk.pk), TALK, "open", "escalated", escalated_at=at):
                moved += 1
                journal.record(None, "talk.escalate", at=at, program=talk.practitioner.program, subject=("talk", talk.pk))
    return moved


def _open(talk: LoadTalk) -> LoadTalk:
    held = LoadTalk.objects.select_for_update(of=("self",)).select_related("practitioner__program", "signal").get(pk=talk.pk)
    if held.state not in OPEN_TALKS:
        raise Refused("talk_ended")
    return held
