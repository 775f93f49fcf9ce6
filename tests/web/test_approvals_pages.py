"""Visits on their pages: what is left, more of them, what is asked for and who decides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast, person
from evenload.records.models import Allotment, Assignment, Practitioner, Referral
from evenload.workflow import allotment_steps
from evenload.workflow.allotment_steps import More
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def referral_of(everybody: Cast) -> Referral:
    return Referral.objects.select_related("client__program", "unit").get(unit__program=everybody.program_a, unit__code="u6")


def path_of(everybody: Cast) -> str:
    return reverse("allotments", args=[everybody.program_a.code, referral_of(everybody).pk])


def asked(everybody: Cast, client: Client, **fields: str) -> Any:
    sent = {"act": "ask", "ask_visits": "4", "ask_starts_on": "2026-01-05", "ask_because": "fell at home", **fields}
    return client.post(path_of(everybody), sent)


def test_without_an_allotment_the_page_says_what_that_means(everybody: Cast) -> None:
    page = text_of(client_of(everybody.administrative).get(path_of(everybody)).content.decode())

    assert "No allotment is recorded. Visits can be made; they count as unfunded." in page


def test_a_planner_authorises_and_the_office_may_not(everybody: Cast) -> None:
    form = {"act": "authorise", "more_visits": "12", "more_starts_on": "2026-01-05", "more_expires_on": "2099-12-31"}

    office = client_of(everybody.administrative).post(path_of(everybody), form)
    planner = client_of(everybody.manager_of_a).post(path_of(everybody), form)

    assert (office.status_code, planner.status_code) == (422, 302)
    made = Allotment.objects.get()
    assert (made.authorised_visits, made.funding, made.expires_on) == (12, "funded", date(2099, 12, 31))
    page = text_of(client_of(everybody.manager_of_a).get(path_of(everybody)).content.decode())
    assert "12 visits authorized, 0 used, 12 left" in page


@pytest.mark.parametrize("field", ["visits", "starts_on", "because"])
def test_what_is_missing_is_said_at_its_field_and_the_rest_stays(everybody: Cast, field: str) -> None:
    answer = asked(everybody, client_of(everybody.administrative), **{f"ask_{field}": ""})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="error_ask_{field}_1"' in page
    assert ('value="fell at home"' in page) is (field != "because")
    assert not Allotment.objects.exists()


def test_what_is_asked_for_is_said_to_be_unavailable_until_another_approves(everybody: Cast) -> None:
    assert asked(everybody, client_of(everybody.administrative)).status_code == 302
    page = text_of(client_of(everybody.administrative).get(path_of(everybody)).content.decode())
    assert "4 more visits were asked for. Until a planner approves them, they are not available." in page
    key = Allotment.objects.get().pk
    marie = client_of(everybody.manager_of_a)
    assert "fell at home" in text_of(page_of(marie, "approvals", everybody.program_a))

    answer = marie.post(reverse("approval_decide", args=[everybody.program_a.code, key]), {"act": "approve"})

    assert answer.status_code == 302
    assert Allotment.objects.get().funding == "approved"
    page = text_of(page_of(marie, "approvals", everybody.program_a))
    assert "Nobody asks for unfunded visits." in page
    assert "approved by Marie Roy" in page


def test_who_asked_sees_no_button_and_is_refused(everybody: Cast) -> None:
    marie = client_of(everybody.manager_of_a)
    asked(everybody, marie)
    key = Allotment.objects.get().pk

    page = page_of(marie, "approvals", everybody.program_a)
    answer = marie.post(reverse("approval_decide", args=[everybody.program_a.code, key]), {"act": "approve"})

    assert 'value="approve"' not in page
    assert "another planner decides" in text_of(page)
    assert answer.status_code == 409
    assert Allotment.objects.get().funding == "asked"


def test_a_refusal_without_a_reason_stays_on_the_page(everybody: Cast) -> None:
    asked(everybody, client_of(everybody.administrative))
    key = Allotment.objects.get().pk

    answer = client_of(everybody.manager_of_a).post(reverse("approval_decide", args=[everybody.program_a.code, key]), {"act": "refuse"})

    assert answer.status_code == 422
    assert "Write why, in a few words." in text_of(answer.content.decode())


def test_a_practitioner_asks_for_her_own_client_and_for_no_other(everybody: Cast) -> None:
    bea = client_of(everybody.practitioner)
    assert asked(everybody, bea).status_code == 404
    practitioner = Practitioner.objects.get(program=everybody.program_a, code="Béa")
    Assignment.objects.create(unit=referral_of(everybody).unit, piece="u6", practitioner=practitioner)
    Referral.objects.filter(pk=referral_of(everybody).pk).update(state="assigned")

    assert asked(everybody, bea).status_code == 302
    assert Allotment.objects.get().asked_by == everybody.practitioner
    assert "Authorize more visits" not in text_of(bea.get(path_of(everybody)).content.decode())


def test_visits_that_run_out_stand_on_the_planners_page(everybody: Cast) -> None:
    more = More(2, NOW.date())
    allotment_steps.authorise(referral_of(everybody), more, by=person(everybody.manager_of_a), at=NOW)

    page = text_of(page_of(client_of(everybody.manager_of_a), "approvals", everybody.program_a))

    assert "1 referral whose visits run out" in page
    assert "2 visits authorized, 0 used, 2 left." in page
