"""Consent directives: a client bars a named practitioner. From then on she is never proposed, and never sees her.

What she had of the client ends the same day: her assignment, her place in the draft, what she was asked. A client of a unit of
several that she has gets a unit of her own, so that she is not told of her any more; the others of the unit stay with her.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from evenload.records.access import Person
from evenload.records.barred import barred_units
from evenload.records.models import Client, ConsentDirective, OfferAnswer, Practitioner, Program, Referral, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow import drafts, journal, offers, referral_steps, referral_units
from evenload.workflow.departures import facts_changing
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.states import ANSWER, step

__all__ = ["bar", "barred_units", "lift"]

BARRED = "consent"
"""reason of a step back to the waiting list"""


def bar(client: Client, practitioner: Practitioner, *, by: Person, at: datetime) -> ConsentDirective:
    """Record that the client bars her, in one transaction with all that follows from it.

    Consequences: her open assignments and covers of the client's own units end today and the referrals wait again; in the open
    draft she is ruled out; what she was asked about it is withdrawn; out of a unit of several that she has, the client moves into
    one of her own. The next plan knows. Refused `barred_already`, `barred_elsewhere` where she is not of the client's program,
    `complexity_missing` where the unit of her own needs a class that nobody stated.
    """
    if practitioner.program_id != client.program_id:
        raise Refused("barred_elsewhere")
    with facts_changing(), transaction.atomic():
        program = Program.objects.select_for_update().get(pk=client.program_id)
        made = _recorded(client, practitioner, by=by, at=at)
        referral_units.count_facts(program.pk)
        for referral in _open_referrals(client):
            _free(referral, practitioner, by=by, at=at)
        journal.record(by, "consent.bar", at=at, program=program, subject=client, clients=[client.code], practitioner=practitioner.code)
    return made


def _recorded(client: Client, practitioner: Practitioner, *, by: Person, at: datetime) -> ConsentDirective:
    try:
        with transaction.atomic():
            return ConsentDirective.objects.create(client=client, practitioner=practitioner, recorded_by=by.account, recorded_at=at)
    except IntegrityError as error:
        raise Refused("barred_already", practitioner=str(practitioner)) from error


def _open_referrals(client: Client) -> Iterator[Referral]:
    rows = Referral.objects.filter(client=client, unit__isnull=False, state__in=OPEN_REFERRALS)
    yield from rows.select_related("client__program", "unit__program", "unit__site", "unit__time_standard", "site", "time_standard")


def _free(referral: Referral, practitioner: Practitioner, *, by: Person, at: datetime) -> None:
    unit = referral.unit
    assert unit is not None
    if unit.kind != "client":
        if practitioner.pk in referral_units.everybody_of(unit):
            _into_own_unit(referral, unit, by=by, at=at)
        return
    _withdraw_offers(unit, practitioner, by=by, at=at)
    _rule_out(unit, practitioner, by=by, at=at)
    referral.refresh_from_db()  # an offer that ended may have moved it
    ended = referral_units.end_assignments(unit, on=localdate(at), practitioner=practitioner)
    if ended and referral.state == "assigned" and not unit.assignments.filter(ends_on__isnull=True).exists():
        referral_steps.take_step(referral, "waiting", by=by, at=at, reason=BARRED)


def _into_own_unit(referral: Referral, unit: Unit, *, by: Person, at: datetime) -> None:
    referral_units.leave(referral, on=localdate(at))
    referral_units.own_unit(referral, referral.time_standard or unit.time_standard)
    if referral.state == "assigned":
        referral_steps.take_step(referral, "waiting", by=by, at=at, reason=BARRED)


def _withdraw_offers(unit: Unit, practitioner: Practitioner, *, by: Person, at: datetime) -> None:
    """What she was asked is withdrawn; in turn the next is asked, and an offer that nobody is asked any more ends."""
    asked = OfferAnswer.objects.filter(
        practitioner=practitioner, offer__unit=unit, offer__state="open", state__in=("queued", "open", "conditional")
    )
    for answer in asked.select_related("offer__program", "offer__unit"):
        step(OfferAnswer.objects.filter(pk=answer.pk), ANSWER, answer.state, "withdrawn", answered_at=at)
        offers.go_on(answer.offer, by=by, at=at, ended="withdrawn")


def _rule_out(unit: Unit, practitioner: Practitioner, *, by: Person, at: datetime) -> None:
    """In the open draft: every piece of the unit that she has or covers waits, and she is ruled out for it."""
    draft = drafts.open_draft_of(unit.program)
    if draft is None:
        return
    held = drafts.locked(draft)
    for piece, one in picture_of(held).facts.units.items():
        if one.stated_id == unit.code:
            held = drafts.ban(held, piece, practitioner.code, by=by, at=at, seen_version=held.version)


def lift(directive: ConsentDirective, *, by: Person, at: datetime) -> ConsentDirective:
    """The client takes it back: she may be proposed again. Nothing is put back as it was. Refused `lifted_already`."""
    with transaction.atomic():
        rows = ConsentDirective.objects.filter(pk=directive.pk, lifted_at__isnull=True)
        if not rows.update(lifted_at=at, lifted_by=by.account):
            raise Refused("lifted_already")
        directive.refresh_from_db()
        client = directive.client
        referral_units.count_facts(client.program_id)
        code = directive.practitioner.code
        journal.record(by, "consent.lift", at=at, program=client.program, subject=client, clients=[client.code], practitioner=code)
    return directive
