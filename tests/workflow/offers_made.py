"""Offers of the cast's program, for the tests: u6 may be had by Ana, Béa and Cal, each with an account of her own."""

from __future__ import annotations

from datetime import timedelta

from cast import NOW, Cast, account, person
from evenload.records.access import Person
from evenload.records.models import Draft, Offer, OfferAnswer, Practitioner
from evenload.workflow import drafts, offers
from evenload.workflow.offers import Terms

LATER = NOW + timedelta(hours=2)


def people_of(everybody: Cast) -> dict[str, Person]:
    """The three practitioners as people who sign in."""
    program = everybody.program_a
    found = {"Béa": person(everybody.practitioner)}
    for code in ("Ana", "Cal"):
        made = account(code.lower(), code, "practitioner", program)
        Practitioner.objects.filter(program=program, code=code).update(account=made)
        found[code] = person(made)
    return found


def offered(everybody: Cast, *asked: str, way: str = "together", piece: str = "u6", hours: int = 24) -> Offer:
    """The piece offered to these, or to all three."""
    marie = person(everybody.manager_of_a)
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    return offers.make(draft, piece, asked or ("Ana", "Béa", "Cal"), terms=Terms(way, hours), by=marie, at=NOW)


def answer_of(offer: Offer, code: str) -> OfferAnswer:
    """What one of them answered."""
    return offer.answers.select_related("practitioner").get(practitioner__code=code)


def states(offer: Offer) -> dict[str, str]:
    """The state of everybody's answer."""
    return dict(offer.answers.values_list("practitioner__code", "state"))


def draft_of(everybody: Cast) -> Draft:
    """The open draft as it is now."""
    found = drafts.open_draft_of(everybody.program_a)
    assert found is not None
    return found
