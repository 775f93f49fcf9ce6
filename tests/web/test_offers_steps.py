"""Every act on an offer in every state, as its pages take it: what the tables of states allow is done, all else is refused with 409."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, person
from evenload.records.models import Offer, OfferAnswer, OfferQuestion, Practitioner
from evenload.records.models.offers import ANSWER_STATES, OFFER_STATES
from evenload.workflow import drafts, offers
from evenload.workflow.offers import Terms
from web.desk_visits import begun, client_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

OFFER_BEHIND: Final = {
    "open": "open",
    "conditional": "open",
    "accepted": "accepted",
    "declined": "open",
    "expired": "open",
    "withdrawn": "withdrawn",
    "closed": "accepted",
    "given_back": "closed",
}
"""state of Béa's answer → state of its offer; `queued` is not hers to see yet"""

HERS: Final[dict[str, dict[str, str]]] = {
    "accept": {"answer": "accept"},
    "conditions": {"answer": "conditions", "conditions": "Tuesdays only"},
    "decline": {"answer": "decline", "reason": "load"},
    "ask": {"answer": "ask", "question": "Is there parking?"},
    "give_back": {"answer": "give_back"},
}
SHE_MAY: Final = {
    ("open", "accept"),
    ("open", "conditions"),
    ("open", "decline"),
    ("open", "ask"),
    ("conditional", "decline"),
    ("conditional", "ask"),
    ("accepted", "give_back"),
}
MANAGER_MAY: Final = {("open", "withdraw"), ("open", "take"), ("open", "reply"), ("accepted", "confirm")}


@pytest.fixture
def offer(everybody: Cast) -> Offer:
    """Offered to Béa and Cal by Marie, on a day that is today for the pages."""
    draft, marie = begun(everybody), person(everybody.manager_of_a)
    assert draft.program_id == everybody.program_a.pk
    return offers.make(draft, "u6", ["Béa", "Cal"], terms=Terms(), by=marie, at=timezone.now() - timedelta(hours=1))


def in_state(offer: Offer, answer: str) -> OfferAnswer:
    """Béa's answer in that state, its offer in the state that goes with it; where Béa is let go, Cal has accepted."""
    mine, other = offer.answers.get(practitioner__code="Béa"), offer.answers.get(practitioner__code="Cal")
    OfferAnswer.objects.filter(pk=mine.pk).update(state=answer, reason="load" if answer == "declined" else "")
    OfferAnswer.objects.filter(pk=other.pk).update(state="accepted" if answer == "closed" else "open")
    Offer.objects.filter(pk=offer.pk).update(state=OFFER_BEHIND.get(answer, "open"))
    if answer == "accepted":
        here = drafts.open_draft_of(offer.program)
        assert here is not None
        by = person(offer.made_by)
        drafts.move(here, "u6", "Béa", by=by, at=timezone.now(), seen_version=here.version, pin=True, accepted_offer=offer.pk)
    return mine


@pytest.mark.parametrize("state", [state for state in ANSWER_STATES if state != "queued"])
def test_she_can_do_what_her_answers_state_allows_and_nothing_else(everybody: Cast, offer: Offer, state: str) -> None:
    bea = client_of(everybody.practitioner)
    legal = {act for before, act in SHE_MAY if before == state}
    for act, fields in HERS.items():
        if act in legal:
            continue
        mine = in_state(offer, state)
        answer = bea.post(reverse("offer_answer", args=[mine.pk]), fields)
        assert answer.status_code == 409, (state, act)
        mine.refresh_from_db()
        assert mine.state == state, (state, act)
        _not_in_draft_again(offer)
    assert not OfferQuestion.objects.exists()


def _not_in_draft_again(offer: Offer) -> None:
    here = drafts.open_draft_of(offer.program)
    assert here is not None
    if here.placements.filter(piece="u6", practitioner__isnull=False).exists():
        drafts.move(here, "u6", None, by=person(offer.made_by), at=timezone.now(), seen_version=here.version, accepted_offer=offer.pk)


@pytest.mark.parametrize(("state", "act"), sorted(SHE_MAY))
def test_what_the_table_allows_her_is_done(everybody: Cast, offer: Offer, state: str, act: str) -> None:
    mine = in_state(offer, state)
    answer = client_of(everybody.practitioner).post(reverse("offer_answer", args=[mine.pk]), HERS[act])
    assert answer.status_code == 302, answer.content


def test_an_offer_that_has_not_come_to_her_yet_does_not_exist_for_her(everybody: Cast, offer: Offer) -> None:
    mine = in_state(offer, "queued")
    for fields in HERS.values():
        assert client_of(everybody.practitioner).post(reverse("offer_answer", args=[mine.pk]), fields).status_code == 404


def manager_does(client: Client, offer: Offer, act: str) -> int:
    """Marie's act, about Béa's answer: on conditions where she takes them, with a question where she replies."""
    mine = offer.answers.get(practitioner__code="Béa")
    if offer.state == "open" and act == "take":
        OfferAnswer.objects.filter(pk=mine.pk).update(state="conditional")
    if act == "reply":
        OfferQuestion.objects.create(answer=mine, by=Practitioner.objects.get(pk=mine.practitioner_id).account, at=timezone.now(), text="?")
    fields = {"act": act, "answer": str(mine.pk), "reply": "Yes.", "effective_on": "2026-02-02"}
    return client.post(reverse("offer_act", args=[offer.program.code, offer.pk]), fields).status_code


@pytest.mark.parametrize("state", OFFER_STATES)
def test_the_manager_can_do_what_the_offers_state_allows_and_nothing_else(everybody: Cast, offer: Offer, state: str) -> None:
    marie = client_of(everybody.manager_of_a)
    hers = {"accepted": "accepted", "confirmed": "accepted", "open": "open"}.get(state, "closed")
    for act in ("withdraw", "reply", "take", "confirm"):
        in_state(offer, hers)
        Offer.objects.filter(pk=offer.pk).update(state=state)
        offer.refresh_from_db()
        if (state, act) in MANAGER_MAY:
            assert manager_does(marie, offer, act) == 302, (state, act)
        else:
            assert manager_does(marie, offer, act) == 409, (state, act)
            offer.refresh_from_db()
            assert offer.state == state, (state, act)
        _not_in_draft_again(offer)
