"""Exceptions to the French rule on their pages: the form, the check, the list, the edition's decision record; and who is told."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cast import Cast, person
from evenload.records.models import Account, Draft, FrenchException, PractitionerLanguage, ReadReceipt
from evenload.workflow import drafts
from web.desk_visits import text_of

pytestmark = [pytest.mark.both, pytest.mark.django_db]

CODE = "school-rehab"


@pytest.fixture
def draft(everybody: Cast) -> Draft:
    """Béa's French is functional now: u2 stands with her all the same, u5 waits."""
    PractitionerLanguage.objects.filter(practitioner__code="Béa", language="fr").update(level="functional")
    return drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=timezone.now())


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def shown(client: Client, name: str, *arguments: object, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200
    return text_of(html.unescape(answer.content.decode()))


def stated(draft: Draft, **changes: str) -> dict[str, str]:
    draft.refresh_from_db()
    in_a_quarter = (timezone.localdate() + timedelta(days=90)).isoformat()
    known = {
        "practitioner": "Cal",
        "reason": "no_french_speaker",
        "alternatives": "Asked Home care <b>twice</b>.",
        "review_on": in_a_quarter,
    }
    return {**known, "note": "", "seen_version": str(draft.version), **changes}


def record(client: Client, draft: Draft, piece: str, **changes: str) -> HttpResponse:
    return client.post(reverse("exception_record", args=[CODE, piece]), stated(draft, **changes))  # type: ignore[return-value]


def published(client: Client, draft: Draft) -> HttpResponse:
    draft.refresh_from_db()
    fields = {"draft": str(draft.pk), "seen_version": str(draft.version), "effective_on": timezone.localdate().isoformat()}
    return client.post(reverse("publish", args=[CODE]), fields)  # type: ignore[return-value]


def test_from_the_check_to_the_exception_to_the_edition_and_its_record(everybody: Cast, draft: Draft) -> None:
    marie = client_of(everybody.manager_of_a)
    check = shown(marie, "draft_check", CODE)
    assert "French exceptions: 1. 1 is not decided yet." in check
    assert published(marie, draft).status_code == 409

    assert record(marie, draft, "u2", practitioner="Béa")["Location"] == reverse("draft_check", args=[CODE])
    assert record(marie, draft, "u5").status_code == 302
    check = shown(marie, "draft_check", CODE)
    assert "Exceptions in this list" in check
    assert "not decided yet" not in check
    assert "Asked Home care &lt;b&gt;twice&lt;/b&gt;." in marie.get(reverse("draft_check", args=[CODE])).content.decode()
    assert published(marie, draft)["Location"] == reverse("list", args=[CODE])

    told = shown(marie, "edition_record", CODE, 1)
    assert "Cal Nobody who speaks French works in this discipline here" in told
    assert "Marie Roy" in told
    assert "Moved a unit in the draft" in told
    assert "Decision record" in shown(marie, "editions", CODE)


def test_the_form_says_who_speaks_french_and_why_she_cannot(everybody: Cast, draft: Draft) -> None:
    marie = client_of(everybody.manager_of_a)
    assert "Nobody of this discipline speaks French in this program." in shown(marie, "exception_record", CODE, "u5")
    PractitionerLanguage.objects.filter(practitioner__code="Béa", language="fr").update(level="fluent")
    everybody.program_a.facts_version += 1
    everybody.program_a.save()

    page = shown(marie, "exception_record", CODE, "u5")
    refused = record(marie, draft, "u5")

    assert "Béa · could take this client" in page
    assert refused.status_code == 422
    assert "Béa speaks French and could take this client." in text_of(refused.content.decode())
    assert not FrenchException.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"practitioner": ""}, "practitioner", "Choose who takes the client."),
        ({"reason": ""}, "reason", "Choose a reason."),
        ({"reason": "other"}, "note", "Write the reason."),
        ({"alternatives": " "}, "alternatives", "Write what was offered or tried instead."),
        ({"review_on": "tomorrow"}, "review_on", "Choose a day after today."),
        ({"review_on": "2099-01-01"}, "review_on", "Choose a day by"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    everybody: Cast, draft: Draft, change: dict[str, str], field: str, sentence: str
) -> None:
    answer = record(client_of(everybody.manager_of_a), draft, "u5", **{"note": "since May", **change} if field != "note" else change)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f'<a href="#id_{field}">{sentence}' in page
    assert field == "alternatives" or "Asked Home care &lt;b&gt;twice&lt;/b&gt;." in page
    assert field == "note" or 'value="since May"' in page
    assert not FrenchException.objects.exists()


def test_the_list_shows_what_is_due_first_and_who_could_take_the_client_now(everybody: Cast, draft: Draft) -> None:
    marie = client_of(everybody.manager_of_a)
    record(marie, draft, "u5")
    soon = (timezone.localdate() + timedelta(days=1)).isoformat()
    record(marie, draft, "u2", practitioner="Béa", review_on=soon)
    assert "due" not in shown(marie, "exceptions", CODE)
    PractitionerLanguage.objects.filter(practitioner__code="Béa", language="fr").update(level="fluent")
    everybody.program_a.facts_version += 1
    everybody.program_a.save()

    page = shown(marie, "exceptions", CODE)

    assert page.index("Béa") < page.index("Cal")
    assert page.count("Could take this client in French now: Béa.") == 2


def test_an_exception_due_for_review_is_said_on_the_list_and_the_check(
    everybody: Cast, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    marie = client_of(everybody.manager_of_a)
    record(marie, draft, "u5")
    record(marie, draft, "u2", practitioner="Béa")
    assert published(marie, draft).status_code == 302
    later = timezone.now() + timedelta(days=120)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later.date())
    everybody.manager_of_a.refresh_from_db()

    assert "2 French exceptions are due for review." in shown(marie, "list", CODE)
    assert "French exceptions are due" not in shown(client_of(everybody.administrative), "list", CODE)
    assert shown(marie, "exceptions", CODE).count(" due ") >= 2


def test_an_exception_is_taken_back_once(everybody: Cast, draft: Draft) -> None:
    marie = client_of(everybody.manager_of_a)
    record(marie, draft, "u5")
    one = FrenchException.objects.get()
    back = reverse("exception_take_back", args=[CODE, one.pk])

    first, second = marie.post(back, follow=True), marie.post(back, follow=True)

    assert "The exception is taken back." in first.content.decode()
    assert "This exception had ended already." in second.content.decode()
    assert "Ended: taken back by a manager" in shown(marie, "exceptions", CODE)


def test_the_exceptions_page_costs_the_same_for_one_and_for_two(everybody: Cast, draft: Draft) -> None:
    marie = client_of(everybody.manager_of_a)
    record(marie, draft, "u5")
    shown(marie, "exceptions", CODE)
    with CaptureQueriesContext(connection) as one:
        shown(marie, "exceptions", CODE)
    record(marie, draft, "u2", practitioner="Béa")
    shown(marie, "exceptions", CODE)
    with CaptureQueriesContext(connection) as two:
        shown(marie, "exceptions", CODE)

    assert len(one) == len(two)


def test_only_who_is_touched_is_told_on_her_list_and_only_until_she_opened_it(everybody: Cast) -> None:
    marie, bea, ada = (client_of(one) for one in (everybody.manager_of_a, everybody.practitioner, everybody.administrative))
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=timezone.now())
    drafts.move(draft, "u6", "Béa", by=person(everybody.manager_of_a), at=timezone.now(), seen_version=0)
    assert "They are told when they sign in: Béa." in shown(marie, "draft_check", CODE)
    assert published(marie, draft).status_code == 302

    assert "What changed for you" not in shown(ada, "list", CODE)
    assert "changes 1 row of yours" in bea.get(reverse("today")).content.decode()
    first, second = shown(bea, "list", CODE), shown(bea, "list", CODE)

    assert "What changed for you" in first
    assert "newly placed" in first
    assert "What changed for you" not in second
    assert ReadReceipt.objects.filter(account=everybody.practitioner).exists()


def test_the_pages_are_in_french_too(everybody: Cast, draft: Draft) -> None:
    everybody.manager_of_a.language = "fr"
    everybody.manager_of_a.save()
    marie = client_of(everybody.manager_of_a)
    marie.post(reverse("language"), {"language": "fr"})

    record(marie, draft, "u5")

    assert "Ce qui a été offert ou essayé à la place" in shown(marie, "exception_record", CODE, "u2")
    assert "Personne de cette discipline ne parle français ici" in shown(marie, "exceptions", CODE)


def test_the_desk_and_the_candidates_lead_to_the_exception_and_show_it(everybody: Cast, draft: Draft) -> None:
    marie = client_of(everybody.manager_of_a)
    form = reverse("exception_record", args=[CODE, "u5"])
    assert form in marie.get(reverse("candidates", args=[CODE, "u5"])).content.decode()
    assert "French below fluent level" in shown(marie, "desk", CODE, open="Béa")

    record(marie, draft, "u2", practitioner="Béa")

    desk = shown(marie, "desk", CODE, open="Béa")
    assert "French exception on record" in desk
    assert "French below fluent level" not in desk
