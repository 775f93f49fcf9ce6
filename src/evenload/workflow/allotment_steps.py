"""More visits for a referral: authorised by who plans, or asked for beyond the funding and then approved or refused by another planner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from evenload.records.access import Person
from evenload.records.models import Allotment, Contract, Program, Referral, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow import journal, notices
from evenload.workflow.allotments import COUNTED, FEW_LEFT, SOON
from evenload.workflow.referral_steps import codes_of
from evenload.workflow.referral_units import count_facts
from evenload.workflow.refused import Refused

MOST_VISITS: Final = 1000
LONGEST_REASON: Final = 200
DECIDED_SHOWN: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class More:
    """Visits that somebody wants for a referral, from a day on, until a day (None: without end), of a contract or of none."""

    visits: int
    starts_on: date
    expires_on: date | None = None
    contract: Contract | None = None


def authorise(referral: Referral, more: More, *, by: Person, at: datetime) -> Allotment:
    """Authorise visits: they may be used at once, and the unit of a single client needs so many more.

    Refused `referral_closed`, `visits_odd`, `allotment_days_reversed`, `contract_foreign`.
    """
    with transaction.atomic():
        held = _held(referral, more)
        made = _write(held, more, funding="funded")
        _give_to_unit(held, more.visits)
        facts = {"visits": more.visits, "expires_on": more.expires_on, "contract": more.contract.code if more.contract else ""}
        journal.record(by, "allotment.authorise", at=at, program=held.client.program, subject=made, clients=codes_of(held), **facts)
    return made


def ask(referral: Referral, more: More, *, because: str, by: Person, at: datetime) -> Allotment:
    """Ask for visits that nobody pays for yet. They count once another planner approves them; planners are told.

    Refused as `authorise`, and `reason_missing`; `asked_already` while an earlier question is open.
    """
    if not because.strip():
        raise Refused("reason_missing")
    with transaction.atomic():
        held = _held(referral, more)
        if Allotment.objects.filter(referral=held, funding="asked").exists():
            raise Refused("asked_already")
        made = _write(held, more, funding="asked", asked_by=by.account, asked_because=because.strip()[:LONGEST_REASON])
        program = held.client.program
        planners = [one for one in notices.planners_of(program) if one.pk != by.account.pk] or notices.directors()
        told = [one for one in planners if one.pk != by.account.pk]
        values = {"program": program.name_en, "n": more.visits, "discipline": held.discipline}
        address = f"/programs/{program.code}/approvals"
        notices.tell(told, "approval_asked", at=at, program=program, address=address, values=values, once=f"asked {made.pk}")
        journal.record(by, "allotment.ask", at=at, program=program, subject=made, clients=codes_of(held), visits=more.visits)
    return made


def approve(allotment: Allotment, *, by: Person, at: datetime) -> Allotment:
    """Approve unfunded visits: they may be used from now on; who asked is told.

    Refused `own_request` where she asked herself, `decided_already` where somebody was quicker, `referral_closed`.
    """
    with transaction.atomic():
        held = _decide(allotment, by=by, funding="approved", approved_by=by.account, approved_at=at)
        _give_to_unit(held.referral, held.authorised_visits)
        _tell(held, "approval_given", at=at)
        program, clients = held.referral.client.program, codes_of(held.referral)
        journal.record(by, "allotment.approve", at=at, program=program, subject=held, clients=clients, visits=held.authorised_visits)
    return held


def refuse(allotment: Allotment, *, because: str, by: Person, at: datetime) -> Allotment:
    """Refuse unfunded visits with a reason; who asked is told. Refused `reason_missing`, and as `approve`."""
    if not because.strip():
        raise Refused("reason_missing")
    with transaction.atomic():
        changes = {"refused_by": by.account, "refused_at": at, "refused_because": because.strip()[:LONGEST_REASON]}
        held = _decide(allotment, by=by, funding="refused", **changes)
        _tell(held, "approval_refused", at=at)
        program, clients = held.referral.client.program, codes_of(held.referral)
        journal.record(by, "allotment.refuse", at=at, program=program, subject=held, clients=clients, visits=held.authorised_visits)
    return held


def to_decide(program: Program) -> QuerySet[Allotment]:
    """Unfunded visits that nobody has decided about, the oldest question first."""
    return _of(program).filter(funding="asked", referral__state__in=OPEN_REFERRALS).order_by("pk")


def decided(program: Program, *, at: datetime) -> QuerySet[Allotment]:
    """What was decided in the last weeks, newest first."""
    since = at - DECIDED_SHOWN
    return _of(program).filter(Q(approved_at__gte=since) | Q(refused_at__gte=since)).order_by("-pk")


def running_out(program: Program, *, today: date) -> list[Referral]:
    """Open referrals with allotments, of which few visits are left, none, or what is left expires soon; the urgent ones on top."""
    usable = Q(allotments__funding__in=COUNTED, allotments__starts_on__lte=today) & (
        Q(allotments__expires_on__isnull=True) | Q(allotments__expires_on__gte=today)
    )
    rows = Referral.objects.filter(client__program=program, state__in=("assigned", "offered", "waiting"))
    rows = rows.filter(allotments__isnull=False).annotate(
        left=Sum(F("allotments__authorised_visits") - F("allotments__used_visits"), filter=usable)
    )
    soon = Q(allotments__expires_on__lte=today + SOON) & usable & Q(allotments__used_visits__lt=F("allotments__authorised_visits"))
    ends = Referral.objects.filter(soon, client__program=program).values("pk")
    few = Q(left__lte=FEW_LEFT) | Q(left__isnull=True)
    return list(rows.filter(few | Q(pk__in=ends)).select_related("client", "unit", "site").order_by("priority", "pk"))


def _of(program: Program) -> QuerySet[Allotment]:
    rows = Allotment.objects.filter(referral__client__program=program)
    return rows.select_related(
        "referral__client__program", "referral__unit", "referral__site", "asked_by", "approved_by", "refused_by", "contract"
    )


def _held(referral: Referral, more: More) -> Referral:
    """The referral, its program held; refused where these visits cannot be."""
    Program.objects.select_for_update().get(pk=referral.client.program_id)
    held = Referral.objects.select_related("client__program", "unit").get(pk=referral.pk)
    if held.state not in OPEN_REFERRALS:
        raise Refused("referral_closed")
    if not 1 <= more.visits <= MOST_VISITS:
        raise Refused("visits_odd")
    if more.expires_on is not None and more.expires_on < more.starts_on:
        raise Refused("allotment_days_reversed")
    if more.contract is not None and more.contract.program_id != held.client.program_id:
        raise Refused("contract_foreign")
    return held


def _write(referral: Referral, more: More, **funding: object) -> Allotment:
    return Allotment.objects.create(
        referral=referral,
        authorised_visits=more.visits,
        starts_on=more.starts_on,
        expires_on=more.expires_on,
        contract=more.contract,
        **funding,
    )


def _decide(allotment: Allotment, *, by: Person, funding: str, **changes: object) -> Allotment:
    """From asked to decided, in one guarded update."""
    Program.objects.select_for_update().get(pk=allotment.referral.client.program_id)
    held = Allotment.objects.select_related("referral__client__program", "referral__unit", "asked_by").get(pk=allotment.pk)
    if held.asked_by_id == by.account.pk:
        raise Refused("own_request")
    if held.referral.state not in OPEN_REFERRALS:
        raise Refused("referral_closed")
    if not Allotment.objects.filter(pk=held.pk, funding="asked").update(funding=funding, **changes):
        raise Refused("decided_already")
    held.refresh_from_db(fields=["funding", *changes])
    return held


def _tell(allotment: Allotment, event: str, *, at: datetime) -> None:
    referral = allotment.referral
    program = referral.client.program
    asker = [allotment.asked_by] if allotment.asked_by else []
    values = {"program": program.name_en, "n": allotment.authorised_visits, "discipline": referral.discipline}
    address = f"/programs/{program.code}/referrals/{referral.pk}/visits"
    notices.tell(asker, event, at=at, program=program, address=address, values=values, once=f"decided {allotment.pk}")


def _give_to_unit(referral: Referral, visits: int) -> None:
    """The unit holds so many visits more; where it stated none, that of a single client holds all that are authorised."""
    unit = referral.unit
    if unit is None or unit.closed_on is not None:
        return
    if unit.visits_allotted is not None:
        Unit.objects.filter(pk=unit.pk).update(visits_allotted=F("visits_allotted") + visits)
    elif unit.kind == "client":
        rows = Allotment.objects.filter(referral=referral, funding__in=COUNTED)
        total = rows.aggregate(total=Sum("authorised_visits"))["total"] or 0
        Unit.objects.filter(pk=unit.pk).update(visits_allotted=Decimal(total))
    count_facts(unit.program_id)
