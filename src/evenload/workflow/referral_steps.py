"""The steps of referrals: one guarded step with its line in the history; and how referrals follow what happens to their unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from evenload.records.access import Person
from evenload.records.models import Practitioner, Referral, ReferralStep, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow import journal
from evenload.workflow.refused import Refused
from evenload.workflow.states import REFERRAL, step

WAYS: Final[dict[tuple[str, str], tuple[str, ...]]] = {("received", "offered"): ("waiting", "offered")}
"""Steps that nobody took by hand: an offer made for a referral that was not looked at yet is the look itself."""

BATCH: Final = 500
MOST_NAMED: Final = 100
"""a journal line names the clients of so many referrals; beyond, their number"""


def take_step(
    referral: Referral,
    after: str,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    practitioner: Practitioner | None = None,
    **changes: Any,
) -> Referral:
    """Move a referral one step on. Its history gets a line, the journal another; `changes` are further columns of the same update.

    The first step away from `received` says when it was answered. Refused `referral_step` {before, after} where the table has no
    such step, `referral_changed` where somebody was quicker.
    """
    before = referral.state
    if after not in REFERRAL[before]:
        raise Refused("referral_step", before=before, after=after)
    if before == "received" and referral.responded_at is None:
        changes.setdefault("responded_at", at)
    if before == "on_hold":
        changes.setdefault("hold_until", None)
    with transaction.atomic():
        rows = Referral.objects.filter(pk=referral.pk, version=referral.version)
        if not step(rows, REFERRAL, before, after, version=F("version") + 1, **changes):
            raise Refused("referral_changed")
        write_step(referral, before, after, by=by, at=at, reason=reason, practitioner=practitioner)
        journal.record(
            by,
            "referral.step",
            at=at,
            program=referral.client.program,
            subject=referral,
            clients=codes_of(referral),
            before=before,
            after=after,
            reason=reason,
        )
    referral.refresh_from_db()
    return referral


def write_step(
    referral: Referral,
    before: str,
    after: str,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    practitioner: Practitioner | None = None,
) -> ReferralStep:
    """One line of the history, written once."""
    return ReferralStep.objects.create(
        referral=referral, before=before, after=after, at=at, by=by.account if by else None, reason=reason[:20], practitioner=practitioner
    )


def codes_of(referral: Referral) -> list[str]:
    """What the journal calls a referral's client: her code, and that of the unit that holds it."""
    return [referral.client.code, *([referral.unit.code] if referral.unit else [])]


def follow_unit(
    unit: Unit, after: str, *, by: Person | None, at: datetime, practitioner: Practitioner | None = None, reason: str = ""
) -> int:
    """Moves the open referrals of a unit along where the table allows it; how many moved. Call it in your own transaction.

    What is on hold stays on hold: it resumes by hand. What is there already, or cannot go there, is left as it is.
    """
    return follow_holders({unit.pk: practitioner}, after, by=by, at=at, reason=reason)


def follow_holders(holders: Mapping[int, Practitioner | None], after: str, *, by: Person | None, at: datetime, reason: str = "") -> int:
    """As `follow_unit`, for many units (by key), each with the practitioner it went to; the queries do not grow with their number."""
    keys, moved = list(holders), list[Referral]()
    lines = list[ReferralStep]()
    with transaction.atomic():
        for first in range(0, len(keys), BATCH):
            rows = Referral.objects.filter(unit_id__in=keys[first : first + BATCH], state__in=OPEN_REFERRALS)
            moving = rows.exclude(state__in=("on_hold", after)).select_for_update(of=("self",))
            for referral in moving.select_related("client__program", "unit").order_by("pk"):
                way = _way(referral.state, after)
                if way:
                    moved.append(referral)
                    lines.extend(_lines(referral, way, by=by, at=at, reason=reason, practitioner=holders[referral.unit_id or 0]))
        for first in range(0, len(moved), BATCH):
            _move(moved[first : first + BATCH], after, at=at)
        ReferralStep.objects.bulk_create(lines, batch_size=BATCH)
        if moved:
            named = [code for referral in moved for code in codes_of(referral)] if len(moved) <= MOST_NAMED else []
            program = moved[0].client.program
            journal.record(by, "referral.follow", at=at, program=program, clients=named, after=after, referrals=len(moved), reason=reason)
    return len(moved)


def _way(before: str, after: str) -> tuple[str, ...]:
    if (before, after) == ("received", "waiting"):
        return ()  # to be accepted to the waiting list is a decision of its own
    if after in REFERRAL[before]:
        return (after,)
    return WAYS.get((before, after), ())


def _lines(
    referral: Referral, way: tuple[str, ...], *, by: Person | None, at: datetime, reason: str, practitioner: Practitioner | None
) -> Iterable[ReferralStep]:
    before = referral.state
    for after in way:
        yield ReferralStep(
            referral=referral,
            before=before,
            after=after,
            at=at,
            by=by.account if by else None,
            reason=reason[:20],
            practitioner=practitioner if after == way[-1] else None,
        )
        before = after


def _move(moved: list[Referral], after: str, *, at: datetime) -> None:
    """Guarded by version: who changed one of them meanwhile undoes the whole, and the caller is refused."""
    for before in sorted({one.state for one in moved}):
        keys = [one.pk for one in moved if one.state == before]
        rows = Referral.objects.filter(pk__in=keys, state=before)
        changes: dict[str, Any] = {"version": F("version") + 1}
        count = rows.update(state=after, **changes)
        if before == "received":
            Referral.objects.filter(pk__in=keys, responded_at__isnull=True).update(responded_at=at)
        if count != len(keys):
            raise Refused("referral_changed")


def resume_state(referral: Referral) -> str:
    """Where a referral that is not waiting for anything belongs: with whoever holds its unit, else on the waiting list."""
    return "assigned" if referral.unit is not None and referral.unit.assignments.filter(ends_on__isnull=True).exists() else "waiting"
