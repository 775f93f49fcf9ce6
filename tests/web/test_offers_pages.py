"""Offers on their pages: the manager offers a unit, a practitioner reads it and answers, the manager confirms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast, person
from evenload.records.models import Assignment, Draft, Offer, OfferAnswer, Practitioner
from evenload.workflow import offers
from web.desk_visits import begun, client_of, holder, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def offered(everybody: Cast, *to: str, **fields: str) -> Any:
    """Marie's form for u6, sent."""
    path = reverse("offer", args=[everybody.program_a.code, "u6"])
    return client_of(everybody.manager_of_a).post(path, {"to": list(to), "answer_hours": "24", "way": "together", **fields})


@pytest.fixture
def draft(everybody: Cast) -> Draft:
    return begun(everybody)


@pytest.fixture
def bea(everybody: Cast) -> Client:
    return client_of(everybody.practitioner)


def answered(client: Client, **fields: str) -> Any:
    key = OfferAnswer.objects.get(practitioner__code="Béa").pk
    return client.post(reverse("offer_answer", args=[key]), fields)


def test_the_manager_chooses_among_those_who_can_best_fit_first(everybody: Cast, draft: Draft) -> None:
    page = page_of(client_of(everybody.manager_of_a), "offer", everybody.program_a, "u6")

    assert set(re.findall(r'name="to" [^>]*value="([^"]+)"', page)) == {"Ana", "Béa", "Cal"}
    assert "Send to those chosen" in text_of(page)


def test_the_manager_sees_who_would_be_asked_and_who_not_and_why_before_she_sends_it_to_all(everybody: Cast, draft: Draft) -> None:
    Practitioner.objects.filter(program=everybody.program_a, code="Cal").update(offers_paused_until=date(2099, 3, 2))
    marie, path = client_of(everybody.manager_of_a), reverse("offer", args=[everybody.program_a.code, "u6"])
    page = marie.get(path).content.decode()
    eligible = re.findall(r'name="eligible" value="([^"]+)"', page)

    assert set(eligible) == {"Ana", "Béa"}
    assert "Cal No offers until Monday, March 2" in text_of(page)
    late = marie.post(path, {"to_all": "1", "eligible": [*eligible, "Cal"], "answer_hours": "24"})
    assert late.status_code == 409
    assert not Offer.objects.exists()
    assert marie.post(path, {"to_all": "1", "eligible": eligible, "answer_hours": "24"}).status_code == 302
    assert set(OfferAnswer.objects.values_list("practitioner__code", flat=True)) == {"Ana", "Béa"}


def test_a_question_and_its_answer_are_read_by_the_two_and_the_offer_stays_open(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Béa")
    assert answered(bea, answer="ask", question=" ").status_code == 422
    assert answered(bea, answer="ask", question="Is there a parking place?").status_code == 302
    marie, offer = client_of(everybody.manager_of_a), Offer.objects.get()
    assert "Is there a parking place?" in text_of(page_of(marie, "offers_sent", everybody.program_a))

    act = reverse("offer_act", args=[everybody.program_a.code, offer.pk])
    marie.post(act, {"act": "reply", "answer": str(OfferAnswer.objects.get().pk), "reply": "Behind the house."})

    page = text_of(bea.get(reverse("offers")).content.decode())
    assert "Behind the house." in page
    assert "The time to answer goes on meanwhile." in page
    assert OfferAnswer.objects.get().state == "open"


def test_an_offer_to_nobody_is_refused_and_keeps_what_was_typed(everybody: Cast, draft: Draft) -> None:
    answer = offered(everybody, way="in_turn", answer_hours="72")

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose at least one person." in text_of(page)
    assert re.search(r'value="in_turn" checked', page)
    assert re.search(r'<option value="72" selected', page)


def test_the_practitioner_sees_area_load_and_reason_but_neither_site_nor_client(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Béa")

    page = text_of(bea.get(reverse("offers")).content.decode())

    assert "Answer by" in page
    assert "Why you" in page
    assert re.search(r"My load 54% .{0,20}\d+%", page)
    assert "u6" not in page


def test_an_acceptance_opens_the_details_and_places_the_unit(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Béa", "Ana")

    answer = answered(bea, answer="accept")

    assert answer.status_code == 302
    assert holder(draft, "u6") == "Béa"
    page = text_of(bea.get(reverse("offers"), {"show": "accepted"}).content.decode())
    assert "u6" in page
    assert "Withdraw my acceptance" in page


def test_who_comes_too_late_reads_who_was_first(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Béa", "Ana")
    from cast import NOW

    ana = OfferAnswer.objects.get(practitioner__code="Ana")
    offers.accept(ana, by=person(everybody.manager_of_a), at=Offer.objects.get().made_at)
    assert Offer.objects.get().made_at > NOW

    answer = answered(bea, answer="accept")

    assert answer.status_code == 409
    assert "Ana accepted this offer at" in text_of(answer.content.decode())
    assert holder(draft, "u6") == "Ana"


def test_a_refusal_needs_a_reason_and_the_comment_stays(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Béa")

    answer = answered(bea, answer="decline", comment="so far out")
    assert answer.status_code == 422
    assert "Choose a reason." in text_of(answer.content.decode())
    assert "so far out" in answer.content.decode()
    answered(bea, answer="decline", comment="so far out", reason="distance")

    line = text_of(page_of(client_of(everybody.manager_of_a), "offers_sent", everybody.program_a))
    assert "Declined" in line
    assert "Too far. so far out." in line


def test_conditions_are_taken_and_confirmed_by_the_manager(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Béa", "Cal")
    answered(bea, answer="conditions", conditions="Tuesdays only", visits="6")
    marie, offer = client_of(everybody.manager_of_a), Offer.objects.get()
    act = reverse("offer_act", args=[everybody.program_a.code, offer.pk])

    marie.post(act, {"act": "take", "answer": str(OfferAnswer.objects.get(practitioner__code="Béa").pk)})
    assert holder(draft, "u6") == "Béa"
    marie.post(act, {"act": "confirm", "effective_on": "2026-02-02"})

    made = Assignment.objects.get(unit__code="u6", unit__program=everybody.program_a)
    assert (made.practitioner.code, str(made.starts_on)) == ("Béa", "2026-02-02")


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-13-01"])
def test_an_acceptance_is_not_confirmed_from_a_day_that_is_none(everybody: Cast, draft: Draft, bea: Client, day: str) -> None:
    offered(everybody, "Béa")
    answered(bea, answer="accept")
    act = reverse("offer_act", args=[everybody.program_a.code, Offer.objects.get().pk])

    page = client_of(everybody.manager_of_a).post(act, {"act": "confirm", "effective_on": day}, follow=True)

    assert "Write a day as 2026-02-03." in text_of(page.content.decode())
    assert Offer.objects.get().state == "accepted"
    assert not Assignment.objects.filter(unit__code="u6", unit__program=everybody.program_a).exists()


def test_who_agreed_to_a_pause_is_offered_nothing_and_the_page_says_until_when(everybody: Cast, draft: Draft) -> None:
    Practitioner.objects.filter(program=everybody.program_a, code="Béa").update(offers_paused_until=date(2099, 3, 2))

    answer = offered(everybody, "Béa", first_visit_by="soon")
    assert "Write a day as 2026-02-03." in text_of(answer.content.decode())
    answer = offered(everybody, "Béa")

    assert answer.status_code == 422
    assert "Béa gets no offers until Monday, March 2" in text_of(answer.content.decode())


def test_nobody_answers_for_somebody_else(everybody: Cast, draft: Draft, bea: Client) -> None:
    offered(everybody, "Ana")

    key = OfferAnswer.objects.get().pk

    assert bea.post(reverse("offer_answer", args=[key]), {"answer": "accept"}).status_code == 404
    assert OfferAnswer.objects.get().state == "open"


def test_an_inbox_without_offers_says_so(bea: Client) -> None:
    assert "No offers now." in text_of(bea.get(reverse("offers")).content.decode())
