"""Asking about an offer before answering it, and the answer to that. The clock goes on meanwhile; both hear of every line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenload.records.access import Person
from evenload.records.models import Offer, OfferAnswer, OfferQuestion
from evenload.workflow import journal, offer_told
from evenload.workflow.refused import Refused

LONGEST_TEXT = 500


def ask(answer: OfferAnswer, text: str, *, by: Person, at: datetime) -> OfferQuestion:
    """She asks whoever offers. Refused `nothing_asked`, `offer_over` {state} once there is nothing to decide any more."""
    return _written(answer, text, by=by, at=at, by_practitioner=True)


def reply(answer: OfferAnswer, text: str, *, by: Person, at: datetime) -> OfferQuestion:
    """The manager answers her. Refused `nothing_asked`, `offer_over` {state}, `no_question` where she asked nothing."""
    if not answer.questions.exists():
        raise Refused("no_question")
    return _written(answer, text, by=by, at=at, by_practitioner=False)


def _written(answer: OfferAnswer, text: str, *, by: Person, at: datetime, by_practitioner: bool) -> OfferQuestion:
    with transaction.atomic():
        offer = Offer.objects.select_for_update(of=("self",)).select_related("program", "unit", "made_by").get(pk=answer.offer_id)
        mine = OfferAnswer.objects.select_related("practitioner__account").get(pk=answer.pk)
        if offer.state != "open" or mine.state not in ("open", "conditional"):
            raise Refused("offer_over", state=offer.state)
        if not text.strip():
            raise Refused("nothing_asked")
        made = OfferQuestion.objects.create(answer=mine, by=by.account, at=at, text=text.strip()[:LONGEST_TEXT])
        mine.offer = offer
        offer_told.questioned(mine, by_practitioner=by_practitioner, at=at)
        journal.record(by, "offer.question", at=at, program=offer.program, subject=offer, clients=[offer.unit.code])
    return made
