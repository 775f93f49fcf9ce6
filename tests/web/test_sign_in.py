"""Signing in and out: generic refusals, throttling, sessions that end, first passwords, roles one at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import PASSWORD, Cast, account
from evenload import settings as ours
from evenload.records.models import Account, JournalEntry, RoleOfAccount
from evenload.web.middleware import BEGAN_AT, SEEN_AT

pytestmark = pytest.mark.django_db
NEW = "seven quiet otters swim"


def signed_in(everybody: Cast) -> Client:
    client = Client()
    client.post(reverse("sign_in"), {"username": "marie", "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_the_right_password_opens_the_page_that_was_asked_for(everybody: Cast) -> None:
    answer = Client().post(reverse("sign_in"), {"username": "marie", "password": PASSWORD, "next": "/account"})

    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert JournalEntry.objects.get().action == "account.signed_in"


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(everybody: Cast, next_page: str) -> None:
    answer = Client().post(reverse("sign_in"), {"username": "marie", "password": PASSWORD, "next": next_page})

    assert answer["Location"] == reverse("home")


def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words(everybody: Cast) -> None:
    refused = [
        Client().post(reverse("sign_in"), {"username": name, "password": word}).content.decode()
        for name, word in (("marie", "not this one"), ("nobody", "not this one"))
    ]

    shown = [text[text.index('role="alert"') : text.index("</p>", text.index('role="alert"'))] for text in refused]
    assert shown[0] == shown[1]


def test_names_and_passwords_may_be_filled_in_by_a_password_keeper(everybody: Cast) -> None:
    page = Client().get(reverse("sign_in")).content.decode()

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_after_ten_wrong_passwords_there_is_a_pause_for_this_name_only(everybody: Cast) -> None:
    client = Client()
    statuses = [client.post(reverse("sign_in"), {"username": "marie", "password": f"wrong {n}"}).status_code for n in range(11)]
    right = client.post(reverse("sign_in"), {"username": "marie", "password": PASSWORD})
    other = client.post(reverse("sign_in"), {"username": "ada", "password": PASSWORD})

    assert statuses[:9] == [422] * 9
    assert statuses[-1] == 429
    assert (right.status_code, right["Retry-After"]) == (429, "900")
    assert other.status_code == 302


def test_a_session_ends_when_nobody_used_it_for_half_an_hour(everybody: Cast) -> None:
    client = signed_in(everybody)
    session = client.session
    session[SEEN_AT] = (timezone.now() - timedelta(minutes=31)).timestamp()
    session.save()

    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy_it_is(everybody: Cast) -> None:
    client = signed_in(everybody)
    assert is_in(client)
    session = client.session
    session[BEGAN_AT] -= 12 * 60 * 60 - 60
    session.save()
    still = is_in(client)
    session = client.session
    session[BEGAN_AT] -= 61
    session.save()

    assert still
    assert not is_in(client)


def test_a_session_of_a_busy_person_goes_on(everybody: Cast) -> None:
    client = signed_in(everybody)
    session = client.session
    session[SEEN_AT] = (timezone.now() - timedelta(minutes=29)).timestamp()
    session.save()

    assert is_in(client)
    assert timezone.now().timestamp() - client.session[SEEN_AT] < 60


def test_a_fragment_asked_for_after_the_session_loads_the_sign_in_page_as_a_whole(everybody: Cast) -> None:
    answer = Client().get(reverse("account"), headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"].startswith(reverse("sign_in"))


def test_an_account_that_is_switched_off_is_out_at_once(everybody: Cast) -> None:
    client = signed_in(everybody)
    Account.objects.filter(username="marie").update(is_active=False)

    assert not is_in(client)
    assert not is_in(signed_in(everybody))


def test_all_other_sessions_end_and_this_one_stays(everybody: Cast) -> None:
    here, elsewhere = signed_in(everybody), signed_in(everybody)

    here.post(reverse("end_sessions"))

    assert is_in(here)
    assert not is_in(elsewhere)


def test_signing_out_ends_the_session_and_clears_the_browser(everybody: Cast) -> None:
    client = signed_in(everybody)

    answer = client.post(reverse("sign_out"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)


def test_a_first_password_is_changed_before_anything_else(everybody: Cast) -> None:
    Account.objects.filter(username="marie").update(must_change_password=True)
    client = signed_in(everybody)

    assert client.get(reverse("account"))["Location"] == reverse("change_password")
    client.post(reverse("change_password"), {"old": PASSWORD, "new": NEW, "again": NEW})
    assert is_in(client)
    assert Client().post(reverse("sign_in"), {"username": "marie", "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "id_old"),
        (PASSWORD, PASSWORD, PASSWORD, "id_new"),
        (PASSWORD, "short", "short", "id_new"),
        (PASSWORD, "administrator", "administrator", "id_new"),
        (PASSWORD, "marie roy marie", "marie roy marie", "id_new"),
        (PASSWORD, NEW, NEW + "s", "id_again"),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_at_its_field(everybody: Cast, old: str, new: str, again: str, field: str) -> None:
    client = signed_in(everybody)

    answer = client.post(reverse("change_password"), {"old": old, "new": new, "again": again})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert Account.objects.get(username="marie").check_password(PASSWORD)


def test_a_changed_password_ends_every_other_session(everybody: Cast) -> None:
    here, elsewhere = signed_in(everybody), signed_in(everybody)

    here.post(reverse("change_password"), {"old": PASSWORD, "new": NEW, "again": NEW})

    assert is_in(here)
    assert not is_in(elsewhere)


def test_passwords_are_kept_by_scrypt() -> None:
    hasher = f"{ScryptPasswordHasher.__module__}.{ScryptPasswordHasher.__qualname__}"
    assert next(one for one in ours.PASSWORD_HASHERS if "MD5" not in one) == hasher


def test_somebody_with_two_roles_acts_in_one_at_a_time(everybody: Cast) -> None:
    RoleOfAccount.objects.create(account=everybody.manager_of_a, role="privacy_officer")
    client = signed_in(everybody)

    assert client.get(reverse("journal")).status_code == 403
    client.post(reverse("role"), {"role": "privacy_officer"})
    assert client.get(reverse("journal")).status_code == 200
    assert client.post(reverse("role"), {"role": "director"}).status_code == 404


def test_an_account_without_a_role_sees_nothing(everybody: Cast) -> None:
    bare = account("bare", "Bare Name", "practitioner", everybody.program_a)
    RoleOfAccount.objects.filter(account=bare).delete()
    client = Client()
    client.force_login(bare)

    assert client.get(reverse("account")).status_code == 403


def test_the_language_is_kept_by_the_account_and_by_the_browser(everybody: Cast) -> None:
    client = signed_in(everybody)

    client.post(reverse("language"), {"language": "fr", "next": "/account"})
    page = client.get(reverse("account"))

    assert '<html lang="fr"' in page.content.decode()
    assert page["Content-Language"] == "fr"
    client.post(reverse("sign_out"))
    assert '<html lang="fr"' in client.get(reverse("sign_in")).content.decode()
