"""Referrals on their pages: the language asked first in both languages, problems at their fields, triage, every step of the table."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, person
from evenload.records.models import Allotment, Assignment, ConsentDirective, Offer, Referral, ServiceTarget
from evenload.records.models.clients import REFERRAL_STATES
from evenload.workflow import drafts
from evenload.workflow.states import REFERRAL
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FORM = {
    "language": "fr",
    "asked_how": "phone",
    "asked_by": "Ada Office",
    "initials": "A. B.",
    "birth_year": "1950",
    "discipline": "OT",
    "complexity": "high",
    "postal": "k1k2b5",
    "priority": "2",
}


@pytest.fixture
def ada(everybody: Cast) -> Client:
    return client_of(everybody.administrative)


def sent(everybody: Cast, browser: Client, /, **fields: str) -> Any:
    today = timezone.localdate().isoformat()
    path = reverse("referral_new", args=[everybody.program_a.code])
    return browser.post(path, {**FORM, "received_on": today, "asked_on": today, **fields})


def taken(everybody: Cast, browser: Client, /, **fields: str) -> Referral:
    answer = sent(everybody, browser, **fields)
    assert answer.status_code == 302, text_of(answer.content.decode())
    return Referral.objects.select_related("client", "unit").order_by("-pk")[0]


def acted(everybody: Cast, client: Client, referral: Referral, **fields: str) -> Any:
    path = reverse("referral", args=[everybody.program_a.code, referral.pk])
    return client.post(path, {"version": str(Referral.objects.get(pk=referral.pk).version), **fields})


def test_the_language_is_asked_first_and_in_both_languages_and_nothing_is_chosen_for_the_client(everybody: Cast, ada: Client) -> None:
    page = page_of(ada, "referral_new", everybody.program_a)
    main = page[page.index("<main") :]
    first = re.search(r"<(?:input|select|textarea)(?![^>]*type=\"hidden\")[^>]*name=\"([^\"]+)\"", main)
    assert first is not None
    assert first[1] == "language"
    assert 'lang="en">In which language would the client like to be served?' in page
    assert 'lang="fr">Dans quelle langue' in page
    assert not re.search(r'name="language"[^>]*checked', page)


def test_a_referral_that_was_stored_stands_on_its_page_with_all_that_was_said(everybody: Cast, ada: Client) -> None:
    made = taken(everybody, ada, visits="12", expires_on="2099-01-31", number="N-7", note="Rings after four")
    page = text_of(page_of(ada, "referral", everybody.program_a, made.pk))
    assert Allotment.objects.get(referral=made).authorised_visits == 12
    for piece in (
        "A. B. (C0001), born in 1950",
        "French",
        "By telephone",
        "Ada Office",
        "at home, K1K",
        "number N-7",
        "12 left of 12",
        "Rings after four",
    ):
        assert piece in page
    assert made.client.postal == "K1K 2B5"


def test_everything_wrong_stands_at_its_field_at_once_and_nothing_is_stored(everybody: Cast, ada: Client) -> None:
    before = Referral.objects.count()
    answer = sent(
        everybody, ada, language="", initials="", postal="", birth_year="19x0", received_on="tomorrow", visits="-1", discipline=""
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("language", "initials", "site", "birth_year", "received_on", "visits", "discipline"):
        assert f'href="#id_{field}"' in page, field
    found = re.findall(r'href="#id_([a-z_]+)"', page)
    assert found == ["language", "initials", "birth_year", "discipline", "site", "received_on", "visits"]
    assert Referral.objects.count() == before
    assert 'value="19x0"' in page


def test_a_possible_duplicate_is_shown_and_stored_only_when_the_person_says_so(everybody: Cast, ada: Client) -> None:
    first = taken(everybody, ada)
    answer = sent(everybody, ada, initials="ab")
    page = answer.content.decode()
    assert (answer.status_code, Referral.objects.filter(client__code="C0002").exists()) == (422, False)
    assert f'name="seen" value="{first.pk}"' in page
    assert "This referral may be here already" in text_of(page)
    assert taken(everybody, ada, initials="ab", seen=str(first.pk)).client.code == "C0002"


def test_triage_puts_what_is_late_on_top_then_the_urgent_then_the_old(everybody: Cast, ada: Client) -> None:
    today, now = timezone.localdate(), timezone.now()
    rows = [
        taken(everybody, ada, initials=letters, birth_year="", priority=priority, received_on=(today - timedelta(days=days)).isoformat())
        for letters, priority, days in (("OLD", "3", 9), ("NEW", "3", 1), ("URG", "1", 1), ("LATE", "4", 1))
    ]
    Referral.objects.filter(pk=rows[3].pk).update(respond_by=now - timedelta(hours=1))
    page = page_of(ada, "referrals", everybody.program_a)
    names = re.findall(r'class="referral-name"[^>]*>([^<]+)<', page)
    assert names == ["LATE", "URG", "OLD", "NEW"]
    assert "Late: the answer was due" in text_of(page)
    late = page_of(ada, "referrals", everybody.program_a, show="late")
    assert re.findall(r'class="referral-name"[^>]*>([^<]+)<', late) == ["LATE"]


def test_a_row_is_judged_and_put_on_the_waiting_list_in_one_step(everybody: Cast, ada: Client) -> None:
    ServiceTarget.objects.create(program=everybody.program_a, priority=1, respond_hours=4, first_visit_days=2)
    made = taken(everybody, ada, complexity="")
    answer = acted(everybody, ada, made, act="accept", priority="1", complexity="mod", back="triage")
    made.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, reverse("referrals", args=[everybody.program_a.code]))
    assert (made.state, made.priority, made.first_visit_by) == ("waiting", 1, timezone.localdate() + timedelta(days=2))
    assert made.unit is not None


def test_who_was_slower_gets_the_page_as_it_stands_now_and_nothing_is_done(everybody: Cast, ada: Client) -> None:
    made = taken(everybody, ada)
    acted(everybody, client_of(everybody.manager_of_a), made, act="judge", priority="1", complexity="")
    path = reverse("referral", args=[everybody.program_a.code, made.pk])
    answer = ada.post(path, {"version": "0", "act": "step", "after": "closed", "reason": "mistake"})
    made.refresh_from_db()
    assert (answer.status_code, made.state, made.priority) == (409, "received", 1)
    assert "Somebody changed this referral meanwhile" in text_of(answer.content.decode())


BY_HAND = {
    ("received", "waiting"),
    ("received", "closed"),
    ("waiting", "on_hold"),
    ("waiting", "closed"),
    ("offered", "waiting"),
    ("offered", "closed"),
    ("assigned", "waiting"),
    ("assigned", "on_hold"),
    ("assigned", "closed"),
    ("on_hold", "waiting"),
    ("on_hold", "closed"),
}
"""of a unit that nobody has; where somebody has it, the referral goes to `assigned` wherever it would go to `waiting`"""


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize(("before", "after"), sorted(itertools.product(REFERRAL_STATES, REFERRAL_STATES)))
def test_every_state_with_every_step_through_the_page(everybody: Cast, ada: Client, before: str, after: str, is_held: bool) -> None:
    code = "u8" if is_held else "u6"
    referral = Referral.objects.get(unit__program=everybody.program_a, unit__code=code)
    Referral.objects.filter(pk=referral.pk).update(state=before)
    answer = acted(everybody, ada, referral, act="step", after=after, hold_until="2099-01-31", reason="mistake")
    referral.refresh_from_db()
    allowed = after in REFERRAL[before] and after != "offered"
    if allowed and after in ("waiting", "assigned"):
        allowed = (after == "assigned") == is_held or (before, after) == ("received", "waiting")
    assert (answer.status_code, referral.state) == ((302, after) if allowed else (409, before))
    assert referral.steps.count() == int(allowed)
    assert is_held or allowed == ((before, after) in BY_HAND)


def test_while_it_is_offered_it_cannot_be_sent_back_by_hand(everybody: Cast, ada: Client) -> None:
    referral = Referral.objects.get(unit__program=everybody.program_a, unit__code="u6")
    Referral.objects.filter(pk=referral.pk).update(state="offered")
    program, made_by = everybody.program_a, everybody.manager_of_a
    assert referral.unit is not None
    offer = Offer.objects.create(
        program=program, unit=referral.unit, piece="u6", way="together", made_by=made_by, made_at=timezone.now(), answer_hours=24
    )
    assert acted(everybody, ada, referral, act="step", after="waiting").status_code == 409
    assert acted(everybody, ada, referral, act="step", after="closed", reason="moved").status_code == 302
    offer.refresh_from_db()
    assert offer.state == "closed"


def test_what_a_step_needs_is_asked_for(everybody: Cast, ada: Client) -> None:
    referral = Referral.objects.get(unit__program=everybody.program_a, unit__code="u6")
    for fields in (
        {"after": "on_hold"},
        {"after": "on_hold", "hold_until": "2020-01-01"},
        {"after": "on_hold", "hold_until": "soon"},
        {"after": "closed"},
        {"after": "closed", "reason": "bored"},
    ):
        assert acted(everybody, ada, referral, act="step", **fields).status_code == 422, fields
    assert Referral.objects.get(pk=referral.pk).version == 0


def test_a_directive_is_recorded_and_lifted_on_the_page_and_stays_in_the_history(everybody: Cast, ada: Client) -> None:
    referral = Referral.objects.get(unit__program=everybody.program_a, unit__code="u8")
    assert acted(everybody, ada, referral, act="bar", practitioner="Cal").status_code == 302
    assert not Assignment.objects.filter(unit=referral.unit, ends_on__isnull=True).exists()
    assert acted(everybody, ada, referral, act="bar", practitioner="Cal").status_code == 422
    directive = ConsentDirective.objects.get()
    assert acted(everybody, ada, referral, act="lift", directive=str(directive.pk)).status_code == 302
    assert acted(everybody, ada, referral, act="lift", directive=str(directive.pk)).status_code == 409
    page = text_of(page_of(ada, "referral", everybody.program_a, referral.pk))
    assert "The client bars a practitioner" in page
    assert "The client lifts the bar" in page


def test_a_closed_referral_is_taken_up_again_with_what_is_known_of_the_client(everybody: Cast, ada: Client) -> None:
    made = taken(everybody, ada)
    acted(everybody, ada, made, act="step", after="closed", reason="goals_met")
    page = page_of(ada, "referral_new", everybody.program_a, resumes=str(made.pk))
    assert 'value="C0001"' in page
    again = taken(everybody, ada, client="C0001", resumes=str(made.pk))
    assert (again.resumes_id, again.client_id) == (made.pk, made.client_id)
    assert "a later referral" in text_of(page_of(ada, "referral", everybody.program_a, made.pk))


def test_the_unit_of_a_closed_referral_is_nowhere_to_be_planned_and_no_page_stumbles_over_it(everybody: Cast, ada: Client) -> None:
    marie, program = client_of(everybody.manager_of_a), everybody.program_a
    made = taken(everybody, ada)
    assert made.unit is not None
    draft = drafts.open_draft(program, by=person(everybody.manager_of_a), at=timezone.now())
    assert made.unit.code in marie.get(reverse("desk_board", args=[program.code])).content.decode()
    acted(everybody, ada, made, act="step", after="closed", reason="moved")
    for name in ("desk", "desk_board", "map", "draft_check", "list", "recruiting"):
        page = marie.get(reverse(name, args=[program.code]))
        assert (page.status_code, made.unit.code in page.content.decode()) == (200, False), name
    for name in ("candidates", "compare", "offer", "exception_record"):
        assert marie.get(reverse(name, args=[program.code, made.unit.code])).status_code in (302, 404), name
    for name in ("desk_move", "desk_pin"):
        fields = {"draft": str(draft.pk), "piece": made.unit.code, "to": "Ana", "seen_version": "0"}
        assert marie.post(reverse(name, args=[program.code]), fields).status_code in (302, 404, 409, 422), name
    assert marie.post(reverse("unit_wait", args=[program.code, made.unit.code]), {"reason": "other", "note": "x"}).status_code in (
        302,
        404,
        422,
    )


def test_in_french_the_pages_are_french(everybody: Cast) -> None:
    everybody.administrative.language = "fr"
    everybody.administrative.save()
    client = client_of(everybody.administrative)
    made = taken(everybody, client)
    for name, more in (("referrals", ()), ("referral_new", ()), ("referral", (made.pk,)), ("referral_import", ())):
        page = text_of(page_of(client, name, everybody.program_a, *more))
        assert "iguillage" in page, name
        assert "Referral" not in page, name
