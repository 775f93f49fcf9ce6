"""Ends what was offered: the other answers once one is accepted, and the whole offer once the unit is assigned otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evenload.records.access import Person
from evenload.records.models import Draft, Offer, OfferAnswer
from evenload.records.models.offers import HOLDING_STATES
from evenload.workflow import offer_referrals, offer_told
from evenload.workflow.states import ANSWER, OFFER, step


def end_answers(offer: Offer, state: str, *, at: datetime, but: int | None = None) -> list[OfferAnswer]:
    """Everybody who has not answered yet, or only on conditions, is let go; those of them who had been asked, to be told."""
    others = OfferAnswer.objects.filter(offer=offer).exclude(pk=but or 0)
    rows = others.filter(state__in=("queued", "open", "conditional")).select_related("practitioner__account")
    ended = list(rows.order_by("turn"))
    for before in dict.fromkeys(one.state for one in ended):
        step(others, ANSWER, before, state, answered_at=at)
    return [one for one in ended if one.state != "queued"]


def closed_instead(draft: Draft, pieces: Iterable[str], *, by: Person | None, at: datetime, but: int | None = None) -> int:
    """Closes the offers of pieces that a change of the draft placed otherwise; how many. The draft is held by the caller."""
    placed, closed = set(pieces), 0
    holding = Offer.objects.filter(program=draft.program_id, state__in=HOLDING_STATES).exclude(pk=but or 0)
    keys = [key for key, piece in holding.values_list("pk", "piece") if piece in placed]
    held = Offer.objects.filter(pk__in=keys, state__in=HOLDING_STATES).select_for_update(of=("self",))
    for offer in held.select_related("program", "unit").order_by("pk"):
        accepted = offer.answers.filter(state="accepted").select_related("practitioner__account").first()
        if step(Offer.objects.filter(pk=offer.pk), OFFER, offer.state, "closed", ended_at=at):
            closed += 1
            ended = end_answers(offer, "closed", at=at)
            step(OfferAnswer.objects.filter(offer=offer), ANSWER, "accepted", "closed", answered_at=at)
            offer_told.over(offer, [*ended, *([accepted] if accepted else [])], at=at)
            offer_referrals.ended(offer, by=by, at=at)
    return closed
