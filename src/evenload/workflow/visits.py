"""Visits as practitioners record them: stored once, used up once, taken back by the one who recorded them.

A recorded visit is retrospective data for time standards, uses a visit of an allotment, and is counted in its unit. All of it
stands or falls together: `Saved` is said when the transaction has ended well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Q
from django.utils.timezone import localdate

from evenload.planning.codes import OUTCOMES
from evenload.records.access import Person
from evenload.records.models import Edition, PlannedVisit, Practitioner, Program, RecordedVisit, Referral, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.records.models.programs import CANCEL_REASONS
from evenload.workflow import allotments, journal
from evenload.workflow.own_caseload import may_record
from evenload.workflow.refused import Refused
from evenload.workflow.states import PLANNED_VISIT, step
from evenload.workflow.visits_needed import clients_of_session, visits_used_by_pace

UNDO_WITHIN: Final = timedelta(hours=24)
MOST_MINUTES: Final = 720
LONGEST_ENTRY: Final = 40


@dataclass(frozen=True, slots=True)
class Besides:
    """Minutes beside those with the client, where she says them: paperwork, and the drive."""

    paperwork: int | None = None
    travel: int | None = None


def record(
    practitioner: Practitioner,
    unit: Unit,
    *,
    on: date,
    outcome: str,
    minutes: int,
    by: Person,
    at: datetime,
    referral: Referral | None = None,
    planned: PlannedVisit | None = None,
    reason: str = "",
    entry: str = "",
    besides: Besides | None = None,
) -> RecordedVisit:
    """Store what became of a visit. The same `entry` of the same person, sent again, is the visit that is stored already.

    Consequences of a visit that took place: the allotment that expires first is one visit shorter, the unit's visits used grow by
    the clients of the session, the referral's first visit is dated. Any outcome: the planned visit is recorded, the program's facts
    are new. Refused `outcome_missing`, `cancel_reason_missing`, `visit_minutes_odd` {most}, `visit_in_future`, `visit_too_old`
    {first}, `visit_not_hers`, `planned_taken`.
    """
    kept = _stored_already(unit.program_id, entry, by)
    if kept is not None:
        return kept
    more = besides or Besides()
    _refuse_odd(unit, on=on, outcome=outcome, reason=reason, minutes=(minutes, more.paperwork, more.travel), at=at)
    if not may_record(practitioner, unit, on):
        raise Refused("visit_not_hers")
    visit = RecordedVisit(
        program_id=unit.program_id,
        on=on,
        time_standard_id=unit.time_standard_id,
        practitioner=practitioner,
        unit=unit,
        direct_minutes=minutes,
        indirect_minutes=more.paperwork,
        travel_minutes=more.travel,
        outcome=outcome,
        referral=referral or (planned.referral if planned else None) or _only_referral(unit),
        reason=reason if outcome == "cancelled" else "",
        recorded_by=by.account,
        recorded_at=at,
        entry=entry[:LONGEST_ENTRY],
    )
    return _stored(visit, planned, by=by, at=at)


def _stored(visit: RecordedVisit, planned: PlannedVisit | None, *, by: Person, at: datetime) -> RecordedVisit:
    """The visit with all that follows from it, in one transaction; where the same entry arrived meanwhile, that one."""
    unit = visit.unit
    assert unit is not None
    try:
        with transaction.atomic():
            _hold_facts(visit.program_id)
            visit.save(force_insert=True)
            _follow(visit, unit, planned)
            told = {"outcome": visit.outcome, "on": visit.on, "unit": unit.code}
            journal.record(by, "visit.record", at=at, program=unit.program, subject=visit, clients=_codes(visit), **told)
    except IntegrityError:
        kept = _stored_already(visit.program_id, visit.entry, by)
        if kept is None:
            raise
        return kept
    return visit


def undo(visit: RecordedVisit, *, by: Person, at: datetime) -> PlannedVisit | None:
    """Take a recorded visit back, as if it had not been recorded; the planned visit that is to be made again, where there was one.

    The allotment and the unit get their visit back, the referral's first visit is the first of those that stay. The journal keeps
    both lines. Refused `undo_not_yours`, `undo_too_late` {until}, `visit_undone`.
    """
    if visit.recorded_by_id != by.account.pk or visit.recorded_at is None:
        raise Refused("undo_not_yours")
    if at > visit.recorded_at + UNDO_WITHIN:
        raise Refused("undo_too_late", until=visit.recorded_at + UNDO_WITHIN)
    with transaction.atomic():
        _hold_facts(visit.program_id)
        held = RecordedVisit.objects.select_for_update(of=("self",)).filter(pk=visit.pk).select_related("unit__time_standard").first()
        if held is None:
            raise Refused("visit_undone")
        codes, planned = _codes(held), PlannedVisit.objects.filter(recorded=held).first()
        if planned is not None:
            step(
                PlannedVisit.objects.filter(pk=planned.pk), PLANNED_VISIT, "recorded", "planned", recorded=None, sequence=F("sequence") + 1
            )
        _give_back(held)
        held.delete()
        journal.record(by, "visit.undo", at=at, program=visit.program, subject=("recordedvisit", visit.pk), clients=codes, on=visit.on)
    if planned is not None:
        planned.refresh_from_db()
    return planned


def may_undo(visit: RecordedVisit, by: Person, at: datetime) -> bool:
    """Whether she recorded it herself, and not too long ago."""
    return visit.recorded_by_id == by.account.pk and visit.recorded_at is not None and at <= visit.recorded_at + UNDO_WITHIN


def first_day(program: Program, today: date) -> date:
    """The earliest day of a visit that can be recorded: the period's first, or the current list's where that lies before."""
    effective = Edition.objects.filter(program=program, is_current=True).values_list("effective_on", flat=True).first()
    return min(day for day in (program.period_start, effective, today) if day is not None)


def _stored_already(program_id: int, entry: str, by: Person) -> RecordedVisit | None:
    if not entry:
        return None
    found = RecordedVisit.objects.filter(program_id=program_id, entry=entry[:LONGEST_ENTRY]).select_related("referral", "unit").first()
    if found is not None and found.recorded_by_id != by.account.pk:
        raise Refused("visit_not_hers")
    return found


def _refuse_odd(unit: Unit, *, on: date, outcome: str, reason: str, minutes: tuple[int | None, ...], at: datetime) -> None:
    if outcome not in OUTCOMES:
        raise Refused("outcome_missing")
    if outcome == "cancelled" and reason not in CANCEL_REASONS:
        raise Refused("cancel_reason_missing")
    least = (1 if outcome == "done" else 0, 0, 0)
    if any(stated is not None and not low <= stated <= MOST_MINUTES for stated, low in zip(minutes, least, strict=True)):
        raise Refused("visit_minutes_odd", most=MOST_MINUTES)
    today = localdate(at)
    if on > today:
        raise Refused("visit_in_future")
    first = first_day(unit.program, today)
    if on < first:
        raise Refused("visit_too_old", first=first)


def _only_referral(unit: Unit) -> Referral | None:
    """The referral that a visit of this unit is for, where it can be only one."""
    found = list(Referral.objects.filter(unit=unit, state__in=OPEN_REFERRALS)[:2])
    return found[0] if len(found) == 1 and unit.kind == "client" else None


def _follow(visit: RecordedVisit, unit: Unit, planned: PlannedVisit | None) -> None:
    """Everything that a stored visit changes, in its transaction."""
    if planned is not None:
        rows = PlannedVisit.objects.filter(pk=planned.pk, practitioner=visit.practitioner, unit=unit)
        if not step(rows, PLANNED_VISIT, "planned", "recorded", recorded=visit, sequence=F("sequence") + 1):
            raise Refused("planned_taken")
    if visit.outcome == "done":
        if visit.referral is not None:
            _first_visit(visit.referral, visit.on)
            visit.allotment = allotments.use_visit(visit.referral, on=visit.on)
            visit.save(update_fields=["allotment"])
        if unit.visits_used is None:
            Unit.objects.filter(pk=unit.pk, visits_used__isnull=True).update(visits_used=visits_used_by_pace(unit, visit.on))
        Unit.objects.filter(pk=unit.pk).update(visits_used=F("visits_used") + clients_of_session(unit))


def _hold_facts(program_id: int) -> None:
    """The facts are new. Its row is taken first, as whoever steps a referral does: two who wait for each other would both be lost."""
    Program.objects.filter(pk=program_id).update(facts_version=F("facts_version") + 1)


def _first_visit(referral: Referral, on: date) -> None:
    rows = Referral.objects.filter(Q(first_visit_on__isnull=True) | Q(first_visit_on__gt=on), pk=referral.pk)
    rows.update(first_visit_on=on, version=F("version") + 1)


def _give_back(visit: RecordedVisit) -> None:
    if visit.outcome == "done":
        if visit.allotment is not None:
            allotments.return_visit(visit.allotment)
        if visit.referral_id is not None:
            others = RecordedVisit.objects.filter(referral_id=visit.referral_id, outcome="done").exclude(pk=visit.pk)
            rows = Referral.objects.filter(pk=visit.referral_id, first_visit_on=visit.on)
            rows.update(first_visit_on=others.aggregate(first=Min("on"))["first"], version=F("version") + 1)
        if visit.unit is not None:
            used = clients_of_session(visit.unit)
            Unit.objects.filter(pk=visit.unit.pk, visits_used__gte=used).update(visits_used=F("visits_used") - used)


def _codes(visit: RecordedVisit) -> list[str]:
    named = [visit.unit.code] if visit.unit else []
    return [*named, visit.referral.client.code] if visit.referral else named
