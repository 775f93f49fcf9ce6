"""Referrals follow the offers of their unit: offered while one is open, assigned once one is confirmed, else as they stood."""

from __future__ import annotations

from datetime import datetime

from evenload.records.access import Person
from evenload.records.models import Offer, Practitioner
from evenload.records.models.offers import HOLDING_STATES
from evenload.workflow.referral_steps import follow_unit


def offered(offer: Offer, *, by: Person, at: datetime) -> None:
    """The unit is offered to somebody now. What is assigned to somebody already stays so until the offer is confirmed."""
    if not _is_assigned(offer):
        follow_unit(offer.unit, "offered", by=by, at=at)


def ended(offer: Offer, *, by: Person | None, at: datetime) -> None:
    """The offer ended without an assignment: the referrals wait again, unless another offer of the unit is open."""
    if Offer.objects.filter(unit=offer.unit_id, state__in=HOLDING_STATES).exclude(pk=offer.pk).exists():
        return
    follow_unit(offer.unit, "assigned" if _is_assigned(offer) else "waiting", by=by, at=at, reason="offer_ended")


def confirmed(offer: Offer, practitioner: Practitioner, *, by: Person, at: datetime) -> None:
    """The unit is hers."""
    follow_unit(offer.unit, "assigned", by=by, at=at, practitioner=practitioner)


def _is_assigned(offer: Offer) -> bool:
    return offer.unit.assignments.filter(ends_on__isnull=True).exists()
