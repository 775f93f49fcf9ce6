"""Ends what was offered: the other answers once one is accepted, and the whole offer once the unit is assigned otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evenload.records.models import Draft, Offer, OfferAnswer
from evenload.records.models.offers import HOLDING_STATES
from evenload.workflow.states import ANSWER, OFFER, step


def end_answers(offer: Offer, state: str, *, at: datetime, but: int | None = None) -> None:
    """Everybody who has not answered yet, or only on conditions, is let go."""
    for before in ("queued", "open", "conditional"):
        step(OfferAnswer.objects.filter(offer=offer).exclude(pk=but or 0), ANSWER, before, state, answered_at=at)


def closed_instead(draft: Draft, pieces: Iterable[str], *, at: datetime, but: int | None = None) -> int:
    """Closes the offers of pieces that a change of the draft placed otherwise; how many. The draft is held by the caller."""
    placed, closed = set(pieces), 0
    holding = Offer.objects.filter(program=draft.program_id, state__in=HOLDING_STATES).exclude(pk=but or 0)
    keys = [key for key, piece in holding.values_list("pk", "piece") if piece in placed]
    for offer in Offer.objects.filter(pk__in=keys, state__in=HOLDING_STATES).select_for_update(of=("self",)).order_by("pk"):
        if step(Offer.objects.filter(pk=offer.pk), OFFER, offer.state, "closed", ended_at=at):
            closed += 1
            end_answers(offer, "closed", at=at)
            step(OfferAnswer.objects.filter(offer=offer), ANSWER, "accepted", "closed", answered_at=at)
    return closed
