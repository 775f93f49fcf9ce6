"""Accepting in part: so many visits are hers, and the rest becomes a unit of its own that waits and can be offered on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.timezone import localdate

from evenload.records.access import Person
from evenload.records.models import Assignment, DraftPlacement, Offer, Program, Referral, ReferralStep, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow.draft_picture import Picture
from evenload.workflow.referral_steps import take_step
from evenload.workflow.refused import Refused

REST = "rest"
"""under this name an offer keeps the code of the unit that holds the rest"""

COPIED = (
    "kind",
    "site",
    "discipline",
    "time_standard",
    "clients",
    "visits_per_week",
    "language",
    "language_need",
    "skills_required",
    "skills_preferred",
    "priority",
    "label",
    "days",
    "evening",
    "from_date",
    "note",
    "postal",
    "lat",
    "lon",
    "position",
)


def visits_left(picture: Picture, piece: str) -> int:
    """Whole visits that are left of the unit, as lists show them."""
    return picture.facts.snapshot.visits[picture.facts.units[piece].stated_id][1]


def refuse_part(picture: Picture, piece: str, visits: Decimal) -> None:
    """Refused `part_of_one_client_only` for sites, blocks and units that go together; `part_is_all` {left} where nothing would be left."""
    unit, left = picture.facts.units[piece], visits_left(picture, piece)
    if unit.kind != "client" or unit.id != unit.stated_id or len(picture.facts.bundle_of[piece]) > 1:
        raise Refused("part_of_one_client_only")
    if visits >= left or visits != int(visits):
        raise Refused("part_is_all", left=left)


def set_rest_aside(offer: Offer, picture: Picture, visits: Decimal, *, by: Person, at: datetime) -> Unit:
    """The unit keeps so many of its visits; the others are a new unit, with a referral of its own, that waits. Refused as `refuse_part`."""
    refuse_part(picture, offer.piece, visits)
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=offer.unit_id)
    used, left = picture.facts.snapshot.visits[unit.code]
    rest = Unit.objects.create(
        program=offer.program,
        code=_free_code(offer.program, unit.code),
        visits_allotted=left - visits,
        visits_used=0,
        waiting_since=unit.waiting_since or localdate(at),
        **{name: getattr(unit, name) for name in COPIED},
    )
    rest.barred_practitioners.set(unit.barred_practitioners.all())
    Unit.objects.filter(pk=unit.pk).update(visits_allotted=used + visits, visits_used=used)
    for referral in unit.referrals.filter(state__in=OPEN_REFERRALS).select_related("client"):
        _refer_rest(referral, rest, by=by, at=at)
    _keep(offer, rest.code)
    _count_up(offer.program)
    return rest


def _refer_rest(referral: Referral, rest: Unit, *, by: Person, at: datetime) -> None:
    """The rest has a referral like that of the whole: what bars a practitioner from the one bars her from the other."""
    made = Referral.objects.create(
        client=referral.client,
        discipline=referral.discipline,
        site=referral.site,
        unit=rest,
        priority=referral.priority,
        received_on=referral.received_on,
        state="waiting",
        contract=referral.contract,
        time_standard=referral.time_standard,
        resumes=referral,
        respond_by=referral.respond_by,
        responded_at=referral.responded_at or at,
        first_visit_by=referral.first_visit_by,
    )
    ReferralStep.objects.create(referral=made, before="", after="waiting", at=at, by=by.account, reason="rest_of_visits")


def join_rest(offer: Offer, *, by: Person, at: datetime) -> None:
    """An acceptance in part was given back: where nobody has the rest yet, the two are one again."""
    rest = Unit.objects.filter(program=offer.program_id, code=offer.shown.get(REST, "")).first()
    if rest is None or _is_spoken_for(rest):
        return
    Unit.objects.filter(pk=offer.unit_id).update(visits_allotted=F("visits_allotted") + (rest.visits_allotted or 0))
    for referral in rest.referrals.filter(state__in=OPEN_REFERRALS).select_related("client__program", "unit"):
        take_step(referral, "closed", by=by, at=at, reason="mistake", closing_reason="mistake", closed_on=localdate(at))
    Unit.objects.filter(pk=rest.pk).update(closed_on=localdate(at), visits_allotted=0)
    _keep(offer, "")
    _count_up(offer.program)


def _is_spoken_for(rest: Unit) -> bool:
    return (
        Assignment.objects.filter(unit=rest).exists()
        or Offer.objects.filter(unit=rest).exists()
        or DraftPlacement.objects.filter(unit=rest, practitioner__isnull=False, draft__closed_at__isnull=True).exists()
        or bool(rest.visits_used)
    )


def _free_code(program: Program, code: str) -> str:
    number = 2
    while Unit.objects.filter(program=program, code=f"{code[:190]}-{number}").exists():
        number += 1
    return f"{code[:190]}-{number}"


def _keep(offer: Offer, code: str) -> None:
    offer.shown = {**offer.shown, REST: code}
    offer.save(update_fields=["shown"])


def _count_up(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)
