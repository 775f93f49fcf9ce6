"""The door of every view: what is written down about a visit, and what a visitor cannot claim about herself."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from cast import Cast
from evenload.records.models import JournalEntry
from evenload.web import middleware
from evenload.web.door import action_of, door


def signed_in(everybody: Cast, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(everybody.accounts()[name])
    return client


def test_a_door_to_an_action_without_a_rule_cannot_be_built() -> None:
    with pytest.raises(KeyError):
        door("moon.walk")


def test_a_view_behind_a_door_lets_in_nobody_without_a_person() -> None:
    @door("desk.see")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("units")

    with pytest.raises(PermissionDenied):
        view(RequestFactory().get("/"))
    assert action_of(view) == "desk.see"


def test_who_knocks_at_a_wrong_door_is_written_down(everybody: Cast) -> None:
    answer = signed_in(everybody, "practitioner").get(reverse("journal"))

    line = JournalEntry.objects.get()
    assert answer.status_code == 403
    assert (line.action, line.subject_id, line.account_name) == ("access.denied", "journal.see", "Béa Martin")


def test_nobody_chooses_her_request_id_or_address(everybody: Cast) -> None:
    claimed = {"X-Request-ID": "mine", "X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "X-User-ID": "1"}

    answer = signed_in(everybody, "privacy_officer").post(reverse("journal_verify"), headers=claimed)

    line = JournalEntry.objects.get()
    assert (line.request_id, line.address, line.account_name) == (answer["X-Request-ID"], "127.0.0.1", "Petra Privacy")
    assert answer["X-Request-ID"] != "mine"


def test_records_that_do_not_answer_are_said_plainly_and_nothing_is_half_done(everybody: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(everybody, "director")

    def silent(*args: object, **rest: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(middleware, "person_of", silent)
    answer = client.get(reverse("account"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "database is locked" not in answer.content.decode()


@pytest.mark.parametrize("code", ["u1", "u1#2", "St. Anne/OT", "50%", "..", ".", "%2e%2e", "é ü", "a\\b", "x?y=1", "1 000"])
def test_an_address_leads_to_the_code_that_it_was_made_of(code: str) -> None:
    address = reverse("candidates", kwargs={"code": "school-rehab", "piece": code})

    assert "/../" not in address
    assert resolve(unquote(address)).kwargs["piece"] == code
