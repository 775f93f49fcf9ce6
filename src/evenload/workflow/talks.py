"""Too high, right, too low: what a practitioner says, the conversation it opens, and how the two solve it through the draft.

What is said counts at once: an open "too high" or "too low" shifts the person's target in the next plan (planning.prepare).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from evenload.planning import codes
from evenload.records.access import Person, person_of
from evenload.records.models import LoadSignal, LoadTalk, Practitioner, Program, Remedy, TalkMessage
from evenload.records.models.talks import CAUSES, OPEN_TALKS
from evenload.workflow import drafts, journal, remedy_applied, talk_told, what_if
from evenload.workflow.departures import facts_changing
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.remedies import proposed, recounted
from evenload.workflow.remedy_shown import Proposed, looks_like, week_json
from evenload.workflow.states import TALK, step

DAYS_TO_ANSWER = 4
"""Calendar days in which the manager answers; then the director sees it too."""

FOLLOW_UP_WEEKS = 4


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
        held = Practitioner.objects.select_for_update(of=("self",)).select_related("program", "account").get(pk=practitioner.pk)
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
            step(LoadTalk.objects.filter(pk=talk.pk), TALK, talk.state, "settled", ended_at=at, counted_after=signal.counted)
        talk_told.said(held, talk=LoadTalk.objects.filter(practitioner=held, state__in=OPEN_TALKS).first(), at=at)
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
        if talk.state == "agreed":
            step(LoadTalk.objects.filter(pk=talk.pk), TALK, "agreed", "open", signal=signal, **_from_the_start(at))
        else:
            changes: dict[str, Any] = {"signal": signal, "agreed_by_practitioner_at": None, "agreed_by_planner_at": None}
            LoadTalk.objects.filter(pk=talk.pk).update(**changes)


def write(talk: LoadTalk, text: str, *, by: Person, at: datetime) -> TalkMessage:
    """A line in the conversation. Refused `nothing_written`, `talk_ended`."""
    if not text.strip():
        raise Refused("nothing_written")
    with transaction.atomic():
        held = _open(talk)
        made = TalkMessage.objects.create(talk=held, by=by.account, at=at, text=text.strip()[:1000])
        talk_told.written(held, by=by.account, at=at)
    return made


def remedies_for(talk: LoadTalk, *, today: date) -> tuple[Proposed, ...]:
    """What would help, each with its effect: counted anew from the draft as it stands. Refused `no_draft`."""
    draft = drafts.open_draft_of(talk.practitioner.program)
    if draft is None:
        raise Refused("no_draft")
    return proposed(draft, talk.practitioner, talk.signal.feeling, today=today, cause=talk.signal.cause)


def choose(talk: LoadTalk, keys: Sequence[str], *, by: Person, at: datetime) -> LoadTalk:
    """Set what the two would do; whoever chose agrees to it, and the other's agreement to something else ends.

    Refused `remedy_gone` where one of them is not possible any more, `remedies_overlap`, `nothing_chosen`, `talk_agreed`, `talk_ended`; as `agree`.
    """
    if not keys:
        raise Refused("nothing_chosen")
    with transaction.atomic():
        held = _deciding(talk)
        known = {one.key: one for one in remedies_for(held, today=localdate(at))}
        if any(key not in known for key in keys):
            raise Refused("remedy_gone")
        chosen = [known[key] for key in dict.fromkeys(keys)]
        _refuse_twice(chosen)
        before = set(chosen_of(held).values_list("kind", "piece", "to__code"))
        if before != {(one.kind, one.piece, one.to) for one in chosen}:
            # What is lent runs on whatever is chosen now; of all else the newest choice holds.
            held.remedies.exclude(kind="lend_visits", applied_at__isnull=False).delete()
            _store(held, chosen)
            LoadTalk.objects.filter(pk=held.pk).update(agreed_by_practitioner_at=None, agreed_by_planner_at=None, agreed_by_planner=None)
    return agree(talk, by=by, at=at)


def _refuse_twice(chosen: Sequence[Proposed]) -> None:
    """One unit is helped in one way: moved, lent or seen less often."""
    units = [piece for one in chosen for piece in one.units]
    if len(units) > len(set(units)):
        raise Refused("remedies_overlap")


def chosen_of(talk: LoadTalk) -> QuerySet[Remedy]:
    """What is chosen and not done yet."""
    return talk.remedies.filter(applied_at__isnull=True)


def _store(talk: LoadTalk, chosen: Sequence[Proposed]) -> None:
    people = {one.code: one for one in Practitioner.objects.filter(program=talk.practitioner.program_id)}
    Remedy.objects.bulk_create(
        Remedy(talk=talk, kind=one.kind, piece=one.piece, to=people.get(one.to or ""), shown=one.shown, amount=one.amount, until=one.until)
        for one in chosen
    )


def agree(talk: LoadTalk, *, by: Person, at: datetime) -> LoadTalk:
    """One of the two agrees to what is chosen; when both have, it is counted once more and done: through the draft and the facts.

    Where the count says something else now than both were shown, nothing is done: what is chosen is counted anew, what is not
    possible any more is taken out, both agreements end, and `remedy_outdated` {practitioner, room_minutes} is refused.
    Refused `nothing_chosen`, `talk_agreed`, `talk_ended`; as a move, a cover or hours are (nothing is done then).
    """
    outdated: Refused | None = None
    with facts_changing(), transaction.atomic():
        held = _deciding(talk)
        if not chosen_of(held).exists():
            raise Refused("nothing_chosen")
        if by.is_practitioner:
            held.agreed_by_practitioner_at = at
        else:
            held.agreed_by_planner, held.agreed_by_planner_at = by.account, at
        held.save(update_fields=["agreed_by_practitioner_at", "agreed_by_planner", "agreed_by_planner_at"])
        if held.agreed_by_practitioner_at and held.agreed_by_planner_at:
            outdated = _outdated(held, at=at)
            if outdated is None:
                _apply(held, by=by, at=at)
        if outdated is None:
            talk_told.agreed(held, by=by.account, at=at)
        chosen = [one.kind for one in held.remedies.all()]
        journal.record(by, "talk.agree", at=at, program=held.practitioner.program, subject=("talk", held.pk), remedies=chosen)
    if outdated is not None:
        raise outdated
    return held


def _outdated(talk: LoadTalk, *, at: datetime) -> Refused | None:
    """Counts what is chosen anew. None: it is as both were shown. Else both agree again, and why."""
    draft = drafts.open_draft(talk.practitioner.program, by=_either(talk), at=at)
    picture, known = picture_of(draft), {one.key: one for one in remedies_for(talk, today=localdate(at))}
    changed: list[Remedy] = []
    for remedy in chosen_of(talk).select_related("to"):
        now = recounted(picture, talk.practitioner.code, remedy, known)
        if now is None:
            changed.append(remedy)
            remedy.delete()
        elif not looks_like(remedy.shown, now.shown):
            changed.append(remedy)
            Remedy.objects.filter(pk=remedy.pk).update(shown=now.shown, amount=now.amount, until=now.until)
    if not changed:
        return None
    LoadTalk.objects.filter(pk=talk.pk).update(agreed_by_practitioner_at=None, agreed_by_planner_at=None, agreed_by_planner=None)
    to = next((one.to.code for one in changed if one.to is not None), talk.practitioner.code)
    person = picture.facts.case.practitioner(to)
    room = int(person.comfortable_max_percent * person.capacity_minutes / 100) - picture.standing.weeks[to].minutes
    return Refused("remedy_outdated", practitioner=to, name=picture.facts.name(to), room_minutes=max(0, room))


def _either(talk: LoadTalk) -> Person:
    """The planner of the two, in whose name a draft is begun where there is none."""
    assert talk.agreed_by_planner is not None
    found = person_of(talk.agreed_by_planner)
    if found is None:
        raise Refused("no_draft")
    return found


def _apply(talk: LoadTalk, *, by: Person, at: datetime) -> None:
    """What both agreed to, in the caller's transaction."""
    follow_up = max(localdate(at) + timedelta(weeks=FOLLOW_UP_WEEKS), talk.answer_due)
    step(LoadTalk.objects.filter(pk=talk.pk), TALK, talk.state, "agreed", follow_up_on=follow_up, reminded_at=None)
    remedy_applied.apply(talk, by=by, at=at)


def reopen(talk: LoadTalk, *, by: Person, at: datetime) -> None:
    """It did not help: the two look again, from what holds now. Refused `not_agreed_yet`, `talk_ended`."""
    with transaction.atomic():
        held = _open(talk)
        if held.state != "agreed":
            raise Refused("not_agreed_yet")
        step(LoadTalk.objects.filter(pk=held.pk), TALK, "agreed", "open", **_from_the_start(at))
        talk_told.written(held, by=by.account, at=at)
        journal.record(by, "talk.reopen", at=at, program=held.practitioner.program, subject=("talk", held.pk))


def _from_the_start(at: datetime) -> dict[str, Any]:
    """An answer is due anew, nobody has agreed, and no day to look again is set."""
    return {
        "answer_due": localdate(at) + timedelta(days=DAYS_TO_ANSWER),
        "follow_up_on": None,
        "reminded_at": None,
        "agreed_by_practitioner_at": None,
        "agreed_by_planner": None,
        "agreed_by_planner_at": None,
    }


def settle(talk: LoadTalk, *, outcome: str, by: Person, at: datetime) -> None:
    """The two are done: what came of it is kept, and her target returns. Refused `outcome_missing`, `talk_ended`."""
    if not outcome.strip():
        raise Refused("outcome_missing")
    with transaction.atomic():
        held = _open(talk)
        after = {"outcome": outcome.strip()[:500], "ended_at": at, "counted_after": counted(held.practitioner)}
        step(LoadTalk.objects.filter(pk=held.pk), TALK, held.state, "settled", **after)
        _shift_target(held.practitioner, "")
        journal.record(by, "talk.settle", at=at, program=held.practitioner.program, subject=("talk", held.pk))


def escalate_due(*, today: date, at: datetime) -> int:
    """What the worker does: conversations whose answer is late go on to the director, who is told. How many."""
    late = LoadTalk.objects.filter(state="open", answer_due__lt=today, agreed_by_planner_at__isnull=True)
    moved = 0
    for talk in late.select_related("practitioner__program", "practitioner__account"):
        if talk.messages.filter(at__gte=talk.opened_at).exclude(by=talk.practitioner.account_id).exists():
            continue  # the manager has answered; the two are at it
        with transaction.atomic():
            if step(LoadTalk.objects.filter(pk=talk.pk), TALK, "open", "escalated", escalated_at=at):
                moved += 1
                talk_told.escalated(talk, at=at)
                journal.record(None, "talk.escalate", at=at, program=talk.practitioner.program, subject=("talk", talk.pk))
    return moved


def follow_up_due(*, today: date, at: datetime) -> int:
    """What the worker does: on the day agreed on, both are told to look again whether it helped, once. How many conversations."""
    due = LoadTalk.objects.filter(state="agreed", follow_up_on__lte=today, reminded_at__isnull=True)
    told = 0
    for talk in due.select_related("practitioner__program", "practitioner__account", "agreed_by_planner"):
        with transaction.atomic():
            if LoadTalk.objects.filter(pk=talk.pk, state="agreed", reminded_at__isnull=True).update(reminded_at=at):
                told += 1
                talk_told.follow_up(talk, day=talk.follow_up_on or today, at=at)
    return told


def _deciding(talk: LoadTalk) -> LoadTalk:
    """The conversation, held, while something may still be chosen in it."""
    held = _open(talk)
    if held.state == "agreed":
        raise Refused("talk_agreed")
    return held


def _open(talk: LoadTalk) -> LoadTalk:
    held = (
        LoadTalk.objects.select_for_update(of=("self",))
        .select_related("practitioner__program", "practitioner__account", "agreed_by_planner", "signal")
        .get(pk=talk.pk)
    )
    if held.state not in OPEN_TALKS:
        raise Refused("talk_ended")
    return held
