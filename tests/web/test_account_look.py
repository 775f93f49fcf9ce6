"""What a person chose for her pages: colours, height of rows, letter keys; kept in the account and seen on every page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cast import Cast
from evenload.records.models import Account
from web.desk_visits import client_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_a_chosen_look_is_on_every_page_of_that_person_alone(everybody: Cast) -> None:
    marie, dora = client_of(everybody.manager_of_a), client_of(everybody.director)

    marie.post(reverse("account"), {"theme": "dark", "rows": "compact"})
    page = marie.get(reverse("help")).content.decode()
    other = dora.get(reverse("help")).content.decode()

    assert '<html lang="en" data-bs-theme="dark" class="is-compact">' in page
    assert 'data-keys="off"' in page
    assert "data-bs-theme" not in other
    assert 'data-keys="on"' in other


def test_the_device_decides_where_nothing_was_chosen(everybody: Cast) -> None:
    page = client_of(everybody.manager_of_a).get(reverse("account")).content.decode()

    assert '<meta name="color-scheme" content="light dark">' in page
    assert 'name="theme" value="" checked' in page
    assert 'name="letter_keys" value="yes" checked' in page


def test_unknown_colours_are_refused_and_nothing_is_kept(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)

    answer = client.post(reverse("account"), {"theme": "pink", "rows": "compact"}, follow=True)

    assert "Choose one of the colours on the page." in answer.content.decode()
    assert not Account.objects.get(pk=everybody.manager_of_a.pk).compact_rows
