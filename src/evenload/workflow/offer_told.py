"""Who is told what of an offer, in the transaction of what happened. No client is named: area and discipline only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from evenload.records.models import Account, Offer, OfferAnswer, Practitioner
from evenload.workflow import notices

INBOX: Final = "/offers"


def asked(offer: Offer, answers: Iterable[OfferAnswer], *, until: datetime, at: datetime) -> None:
    """Those whose turn it is."""
    notices.tell(_people(answers), "offer_made", at=at, program=offer.program, address=INBOX, values=_values(offer) | {"until": until})


def reminded(answer: OfferAnswer, *, at: datetime) -> None:
    """She who has not answered yet, once, before her time is over."""
    values = _values(answer.offer) | {"until": answer.answer_by}
    once = f"answer:{answer.pk}"
    notices.tell(_people([answer]), "offer_reminder", at=at, program=answer.offer.program, address=INBOX, values=values, once=once)


def taken(offer: Offer, losers: Iterable[OfferAnswer], winner: Practitioner, *, at: datetime) -> None:
    """Everybody else who was asked: who has it now, with thanks."""
    values = _values(offer) | {"practitioner": str(winner)}
    notices.tell(_people(losers), "offer_taken", at=at, program=offer.program, address=f"{INBOX}?show=past", values=values)


def over(offer: Offer, answers: Iterable[OfferAnswer], *, at: datetime) -> None:
    """Those who need not answer any more: it was withdrawn, or the unit was assigned otherwise."""
    notices.tell(_people(answers), "offer_withdrawn", at=at, program=offer.program, address=f"{INBOX}?show=past", values=_values(offer))


def answered(offer: Offer, practitioner: Practitioner, answer: str, *, at: datetime) -> None:
    """Whoever made the offer: what was answered (the state of the answer)."""
    values = _values(offer) | {"practitioner": str(practitioner), "answer": answer}
    notices.tell(planners(offer), "offer_answered", at=at, program=offer.program, address=_sent(offer), values=values)


def questioned(answer: OfferAnswer, *, by_practitioner: bool, at: datetime) -> None:
    """The other of the two: something was asked of the offer, or answered."""
    offer = answer.offer
    to, address = (planners(offer), _sent(offer)) if by_practitioner else (_people([answer]), INBOX)
    values = _values(offer) | {"practitioner": str(answer.practitioner)}
    notices.tell(to, "offer_question", at=at, program=offer.program, address=address, values=values)


def confirmed(offer: Offer, practitioner: Practitioner, *, day: date, at: datetime) -> None:
    """Whoever accepted: from which day on it is hers."""
    to, values = notices.account_of(practitioner), _values(offer) | {"day": day}
    notices.tell(to, "offer_confirmed", at=at, program=offer.program, address=f"{INBOX}?show=accepted", values=values)


def lapsed(offer: Offer, *, at: datetime) -> None:
    """Whoever made the offer: nobody is left who could say yes."""
    values = _values(offer) | {"n": offer.answers.count()}
    notices.tell(planners(offer), "offers_lapsed", at=at, program=offer.program, address=_sent(offer), values=values)


def planners(offer: Offer) -> list[Account]:
    """Whoever made the offer; once that account is off, those who plan the program."""
    return [offer.made_by] if offer.made_by.is_active else notices.planners_of(offer.program)


def _people(answers: Iterable[OfferAnswer]) -> list[Account]:
    return [answer.practitioner.account for answer in answers if answer.practitioner.account is not None]


def _values(offer: Offer) -> dict[str, object]:
    shown = offer.shown
    return {"area": shown.get("town") or shown.get("postal_area") or "", "discipline": shown.get("discipline", "")}


def _sent(offer: Offer) -> str:
    return f"/programs/{offer.program.code}/offers"
