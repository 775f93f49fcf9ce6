"""Triage: priority and complexity judged, onto the waiting list, on hold, closed, taken up again; and what follows for the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from evenload.planning import codes
from evenload.records.access import Person
from evenload.records.models import Draft, Offer, Program, Referral, TimeStandard, Unit
from evenload.records.models.clients import CLOSING_REASONS
from evenload.records.models.offers import HOLDING_STATES
from evenload.workflow import journal, referral_units
from evenload.workflow.departures import facts_changing
from evenload.workflow.offers_closed import closed_instead
from evenload.workflow.referral_steps import codes_of, resume_state, take_step
from evenload.workflow.referrals import due_dates, find_place
from evenload.workflow.refused import Refused
from evenload.workflow.states import REFERRAL

BY_HAND: Final = ("waiting", "assigned", "on_hold", "closed")
"""steps that a person may ask for; `offered` comes by an offer, and with a practitioner she is by the list, an offer or her site"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One step as a page asks for it: where to, with the version of the page, and what the step needs."""

    after: str
    seen_version: int
    hold_until: date | None = None
    reason: str = ""
    """coded, of a closing"""


def judge(referral: Referral, *, priority: int, complexity: str, seen_version: int, by: Person, at: datetime) -> Referral:
    """Set priority and complexity. Consequences: due dates follow; the unit of its own takes them over, and plans read them.

    Refused `referral_changed`, `referral_over` where it is closed, `priority_unknown`, `complexity_unknown`.
    """
    with facts_changing(), transaction.atomic():
        held = _held(referral, seen_version)
        if held.state == "closed":
            raise Refused("referral_over")
        if priority not in codes.PRIORITIES:
            raise Refused("priority_unknown")
        standard = _standard(held, complexity)
        if (priority, standard) == (held.priority, held.time_standard):
            return held
        held.priority, held.time_standard = priority, standard
        taken_in = held.steps.filter(before="").order_by("pk").first()
        due = due_dates(held.client.program, held.contract, held, at=taken_in.at if taken_in else at)
        _update(held, priority=priority, time_standard=standard, **due)
        _judge_unit(held)
        facts = {"priority": priority, "complexity": standard.code if standard else ""}
        journal.record(by, "referral.judge", at=at, program=held.client.program, subject=held, clients=codes_of(held), **facts)
    return held


def _standard(referral: Referral, code: str) -> TimeStandard | None:
    if not code:
        return referral.time_standard
    found = TimeStandard.objects.filter(program=referral.client.program_id, code=code, discipline=referral.discipline).first()
    if found is None:
        raise Refused("complexity_unknown")
    return found


def _update(referral: Referral, **changes: Any) -> None:
    Referral.objects.filter(pk=referral.pk).update(version=F("version") + 1, **changes)
    referral.refresh_from_db()


def _judge_unit(referral: Referral) -> None:
    unit = referral.unit
    if unit is not None and unit.kind == "client":
        standard = referral.time_standard or unit.time_standard
        Unit.objects.filter(pk=unit.pk).update(priority=referral.priority, time_standard=standard)
        referral_units.count_facts(unit.program_id)


def act(referral: Referral, asked: Asked, *, by: Person, at: datetime) -> Referral:
    """Take one step by hand, with all that follows from it, in one transaction.

    Onto the waiting list it gets its unit, where it has none; on hold, a unit that waits is left out of plans; closed, its unit
    closes, or loses the client, and what was offered is withdrawn. Refused `referral_changed`; `referral_step` {before, after};
    `step_by_offer`; `unit_held`, `unit_not_held` where the list says otherwise; `offer_open`; `complexity_missing`;
    `hold_day_missing`, `hold_day_past`; `closing_reason_missing`.
    """
    with facts_changing(), transaction.atomic():
        held = _held(referral, asked.seen_version)
        _refuse(held, asked, at)
        changes: dict[str, Any] = {}
        if asked.after == "waiting" and held.unit is None:
            _give_place(held, by=by, at=at)
        if asked.after == "on_hold":
            changes = {"hold_until": asked.hold_until}
        if asked.after == "closed":
            changes = {"closed_on": localdate(at), "closing_reason": asked.reason}
            _leave(held, by=by, at=at)
        if held.state == asked.after:  # it joined the site's team on its way to the waiting list
            return held
        moved = take_step(held, asked.after, by=by, at=at, reason=asked.reason, **changes)
        if held.unit is not None:
            referral_units.count_facts(held.client.program_id)
    return moved


def _held(referral: Referral, seen_version: int) -> Referral:
    """The referral as it is now, its program held; refused where somebody was quicker than this page."""
    Program.objects.select_for_update().get(pk=referral.client.program_id)
    rows = Referral.objects.select_related("client__program", "unit__time_standard", "site", "contract", "time_standard")
    held = rows.get(pk=referral.pk)
    if held.version != seen_version:
        raise Refused("referral_changed")
    return held


def _refuse(held: Referral, asked: Asked, at: datetime) -> None:
    before, after = held.state, asked.after
    if after not in REFERRAL or after not in REFERRAL[before]:
        raise Refused("referral_step", before=before, after=after)
    if after not in BY_HAND:
        raise Refused("step_by_offer", before=before, after=after)
    if after in ("waiting", "assigned") and held.unit is not None:
        if before == "offered" and _offers(held.unit).exists():
            raise Refused("offer_open", before=before, after=after)
        if before != "received" and resume_state(held) != after:
            raise Refused("unit_held" if after == "waiting" else "unit_not_held", before=before, after=after)
    if after == "assigned" and (held.unit is None or resume_state(held) != "assigned"):
        raise Refused("unit_not_held", before=before, after=after)
    if after == "on_hold" and asked.hold_until is None:
        raise Refused("hold_day_missing")
    if after == "on_hold" and asked.hold_until is not None and asked.hold_until <= localdate(at):
        raise Refused("hold_day_past")
    if after == "closed" and asked.reason not in CLOSING_REASONS:
        raise Refused("closing_reason_missing")


def _offers(unit: Unit) -> Any:
    return Offer.objects.filter(unit=unit, state__in=HOLDING_STATES)


def _give_place(held: Referral, *, by: Person, at: datetime) -> None:
    find_place(held, by=by, at=at)
    if held.unit is None:
        raise Refused("complexity_missing")


def _leave(held: Referral, *, by: Person, at: datetime) -> None:
    """The unit closes with its last client; what was offered of it is closed."""
    unit = held.unit
    if unit is None:
        return
    referral_units.leave(held, on=localdate(at))
    unit.refresh_from_db()
    if unit.closed_on is not None:
        pieces = set(_offers(unit).values_list("piece", flat=True))
        closed_instead(Draft(program=held.client.program), pieces, by=by, at=at)
        held.refresh_from_db()
