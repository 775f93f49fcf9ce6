"""Accounts and roles: made by the director, watched by the privacy officer, every change in the journal."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW, PASSWORD, Cast, account, person
from evenload.records.access import own_practitioners
from evenload.records.models import Account, JournalEntry, Practitioner
from evenload.workflow import accounts
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import rows_of

pytestmark = pytest.mark.both

NEW_ACCOUNT = {
    "username": "jo",
    "full_name": "Josée Martin",
    "language": "fr",
    "email": "",
    "roles": ["program_manager:school-rehab", "administrative:home-care"],
}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_a_new_person_signs_in_with_the_password_that_was_shown_once(everybody: Cast) -> None:
    page = signed_in(everybody.director).post(reverse("account_new"), NEW_ACCOUNT)
    shown = re.search(r'class="first-password">([^<]+)<', page.content.decode())

    assert page.status_code == 200
    assert shown is not None
    newcomer = Client()
    newcomer.post(reverse("sign_in"), {"username": "jo", "password": shown[1]})
    assert newcomer.get(reverse("account"))["Location"] == reverse("change_password")
    made = Account.objects.get(username="jo")
    assert {(one.role, one.program_id) for one in made.roles.all()} == {
        ("program_manager", everybody.program_a.pk),
        ("administrative", everybody.program_b.pk),
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "marie"}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": ""}, "username"),
        ({"full_name": " "}, "full_name"),
        ({"email": "not an address"}, "email"),
        ({"roles": []}, "roles"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_at_its_field(everybody: Cast, change: dict[str, object], field: str) -> None:
    before = Account.objects.count()

    answer = signed_in(everybody.director).post(reverse("account_new"), {**NEW_ACCOUNT, **change})

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert Account.objects.count() == before


def test_a_program_that_does_not_exist_is_no_choice(everybody: Cast) -> None:
    answer = signed_in(everybody.director).post(reverse("account_new"), {**NEW_ACCOUNT, "roles": ["program_manager:elsewhere"]})

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["superuser", ""])
def test_a_role_that_does_not_exist_is_no_choice(everybody: Cast, role: str) -> None:
    assert signed_in(everybody.director).post(reverse("account_new"), {**NEW_ACCOUNT, "roles": [f"{role}:"]}).status_code == 404


def test_the_last_director_stays(everybody: Cast) -> None:
    director = signed_in(everybody.director)
    own = reverse("account_roles", kwargs={"key": everybody.director.pk})

    assert director.post(own, {"roles": ["administrative:"]}).status_code == 422
    assert director.post(reverse("account_end", kwargs={"key": everybody.director.pk}), {"what": "off"}).status_code == 422
    with pytest.raises(Refused, match="last_director"):
        accounts.switch_off(everybody.director, by=person(everybody.privacy_officer), at=NOW)
    assert Account.objects.get(pk=everybody.director.pk).is_active


def test_the_privacy_officer_ends_sessions_but_gives_no_roles(everybody: Cast) -> None:
    marie, petra = signed_in(everybody.manager_of_a), signed_in(everybody.privacy_officer)
    key = {"key": everybody.manager_of_a.pk}

    assert petra.post(reverse("account_end", kwargs=key), {"what": "sessions"}).status_code == 302
    assert marie.get(reverse("account")).status_code == 302
    assert petra.post(reverse("account_roles", kwargs=key), {"roles": ["director:"]}).status_code == 403
    with pytest.raises(Refused, match="not_allowed"):
        accounts.change_roles(everybody.manager_of_a, roles=[("director", None)], by=person(everybody.privacy_officer), at=NOW)
    with pytest.raises(Refused, match="not_allowed"):
        accounts.new_first_password(everybody.manager_of_a, by=person(everybody.privacy_officer), at=NOW)


def test_an_account_is_switched_off_and_on_again(everybody: Cast) -> None:
    director, key = signed_in(everybody.director), {"key": everybody.manager_of_a.pk}
    marie = signed_in(everybody.manager_of_a)

    director.post(reverse("account_end", kwargs=key), {"what": "off"})
    assert marie.get(reverse("account")).status_code == 302
    assert Client().post(reverse("sign_in"), {"username": "marie", "password": PASSWORD}).status_code == 422
    director.post(reverse("account_end", kwargs=key), {"what": "on"})
    assert Client().post(reverse("sign_in"), {"username": "marie", "password": PASSWORD}).status_code == 302


def test_every_change_of_access_is_in_the_journal(everybody: Cast) -> None:
    director, key = signed_in(everybody.director), {"key": everybody.manager_of_a.pk}

    director.post(reverse("account_roles", kwargs=key), {"roles": ["program_manager:home-care"]})
    for what in ("sessions", "password", "off", "on"):
        director.post(reverse("account_end", kwargs=key), {"what": what})

    lines = JournalEntry.objects.filter(action__startswith="access.", subject_id=str(everybody.manager_of_a.pk)).order_by("number")
    assert [line.action for line in lines] == [
        "access.roles_changed",
        "access.sessions_ended",
        "access.password_given",
        "access.account_off",
        "access.account_on",
    ]
    assert lines[0].facts == {"before": [["program_manager", "school-rehab"]], "after": [["program_manager", "home-care"]]}
    assert PASSWORD not in "".join(str(line.facts) for line in lines)


@pytest.mark.django_db
def test_an_installation_is_begun_once() -> None:
    begun = accounts.begin_installation(
        organisation_en="Two Rivers", organisation_fr="", username="dora", full_name="Dora", password=PASSWORD, language="en", at=NOW
    )

    assert person(begun).is_director
    with pytest.raises(Refused, match="already_begun"):
        accounts.begin_installation(
            organisation_en="Other", organisation_fr="", username="eve", full_name="Eve", password=PASSWORD, language="en", at=NOW
        )


@pytest.mark.django_db
def test_where_nobody_has_an_account_yet_the_sign_in_page_leads_to_the_beginning() -> None:
    assert Client().get(reverse("sign_in"))["Location"] == reverse("first_run")


def test_the_page_of_accounts_costs_the_same_for_one_and_for_many(everybody: Cast, django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(everybody.privacy_officer)
    client.get(reverse("access"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("access"))
    for number in range(3):
        accounts.create_account(
            username=f"more{number}",
            full_name=f"More {number}",
            language="en",
            roles=[("administrative", everybody.program_a), ("administrative", everybody.program_b)],
            by=person(everybody.director),
            at=NOW,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("access"))

    assert len(many) == len(few)


def test_an_account_is_linked_to_its_practitioner_on_a_page_and_sees_what_changed_for_her(everybody: Cast) -> None:
    director, cal = signed_in(everybody.director), account("cal", "Cal Dubois", "practitioner", everybody.program_a)
    path = reverse("account_practitioner", kwargs={"key": cal.pk})
    page = director.get(reverse("account_of", kwargs={"key": cal.pk})).content.decode()
    assert '<option value="Cal">Cal</option>' in page
    assert '<option value="Béa">' not in page  # she is somebody else's account

    taken = director.post(path, {"program": "school-rehab", "practitioner": "Béa"})
    linked = director.post(path, {"program": "school-rehab", "practitioner": "Cal"})

    assert taken.status_code == 422
    assert "linked to another account already" in taken.content.decode()
    assert linked.status_code == 302
    assert [one.code for one in own_practitioners(person(cal))] == ["Cal"]
    line = JournalEntry.objects.get(action="access.practitioner_linked")
    assert (line.subject_id, line.facts) == (str(cal.pk), {"before": [], "after": "Cal"})
    director.post(path, {"program": "school-rehab", "practitioner": ""})
    assert not own_practitioners(person(cal)).exists()


def test_only_a_practitioner_of_the_program_is_linked_and_only_while_she_is_one(everybody: Cast) -> None:
    director, ada, bea = signed_in(everybody.director), everybody.administrative, everybody.practitioner
    refused = director.post(reverse("account_practitioner", kwargs={"key": ada.pk}), {"program": "school-rehab", "practitioner": "Cal"})
    unknown = director.post(reverse("account_practitioner", kwargs={"key": bea.pk}), {"program": "school-rehab", "practitioner": "Nobody"})
    assert (refused.status_code, unknown.status_code) == (422, 422)
    assert Practitioner.objects.get(program=everybody.program_a, code="Béa").account == bea

    director.post(reverse("account_roles", kwargs={"key": bea.pk}), {"roles": ["administrative:school-rehab"]})

    assert Practitioner.objects.get(program=everybody.program_a, code="Béa").account is None


def test_an_import_keeps_the_link(everybody: Cast) -> None:
    take_in(rows_of(everybody.program_a, with_held=True), program=everybody.program_a, code=everybody.program_a.code)

    assert Practitioner.objects.get(program=everybody.program_a, code="Béa").account == everybody.practitioner
