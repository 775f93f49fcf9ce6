"""How a load feels, on its pages: two taps, the conversation, remedies with their effect, and the two who agree."""

from __future__ import annotations

import re

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from cast import Cast
from evenload.records.models import Draft, LoadTalk, Practitioner, Program
from web.desk_visits import begun, client_of, holder, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def draft(everybody: Cast) -> Draft:
    """Béa's account is Ana's here: she has two units that somebody else could take."""
    Practitioner.objects.filter(program=everybody.program_a, code="Béa").update(account=None)
    Practitioner.objects.filter(program=everybody.program_a, code="Ana").update(account=everybody.practitioner)
    return begun(everybody)


@pytest.fixture
def ana(everybody: Cast, draft: Draft) -> Client:
    return client_of(everybody.practitioner)


def said(client: Client, **fields: str) -> int:
    key = Practitioner.objects.get(program__code="school-rehab", code="Ana").pk
    return client.post(reverse("my_load"), {"practitioner": str(key), **fields}).status_code


def test_my_load_shows_my_own_bar_range_and_travel(ana: Client) -> None:
    page = text_of(ana.get(reverse("my_load")).content.decode())

    assert "25.8 / 29.2 h · 88%" in page
    assert re.search(r"range 20\.\d to 27\.\d h", page)


def test_too_high_takes_two_taps(ana: Client) -> None:
    key = Practitioner.objects.get(program__code="school-rehab", code="Ana").pk

    asked = ana.get(reverse("my_load"), {"feels": "too_high", "practitioner": key}).content.decode()
    assert "Too high: what does it come from?" in text_of(asked)
    assert said(ana, feeling="too_high", cause="travel") == 302

    assert LoadTalk.objects.get().signal.cause == "travel"
    assert "Open the conversation" in text_of(ana.get(reverse("my_load")).content.decode())


def test_a_feeling_without_a_cause_is_asked_for_it(ana: Client) -> None:
    assert said(ana, feeling="too_high") == 422
    assert not LoadTalk.objects.exists()


def test_the_two_solve_it_and_only_then_the_draft_changes(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_high", cause="travel")
    marie, path = client_of(everybody.manager_of_a), reverse("talk", args=[LoadTalk.objects.get().pk])
    page = marie.get(path).content.decode()
    assert "They differ." in text_of(page)
    move = re.search(r'value="(move:[^"]+)"', page)
    assert move is not None
    _, piece, to = move[1].split(":")

    marie.post(path, {"act": "choose", "remedy": move[1]})
    assert holder(draft, piece) == "Ana"
    assert "You agree. The other one has not agreed yet." in text_of(marie.get(path).content.decode())
    ana.post(path, {"act": "agree"})

    assert holder(draft, piece) == to
    assert "Look again together on" in text_of(ana.get(path).content.decode())


def test_messages_are_shown_as_text_to_both(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_high", cause="complexity")
    path = reverse("talk", args=[LoadTalk.objects.get().pk])

    ana.post(path, {"act": "write", "text": "<script>alert(1)</script>"})
    page = client_of(everybody.manager_of_a).get(path).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Messages: 1" in text_of(page)


def test_nobody_reads_a_conversation_that_is_not_hers(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_low", cause="hours_wanted")
    path = reverse("talk", args=[LoadTalk.objects.get().pk])

    assert client_of(everybody.manager_of_b).get(path).status_code == 404
    assert client_of(everybody.administrative).get(path).status_code == 403


def test_the_manager_lists_open_conversations_and_what_was_counted(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_high", cause="travel")

    page = text_of(page_of(client_of(everybody.manager_of_a), "talks", everybody.program_a))

    assert "Ana Too high, cause: travel 88%, in range, 25.8 h/week" in page


def chosen_key(page: str, kind: str) -> str:
    found = re.search(rf'value="({kind}:[^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_sum_of_what_is_marked_is_counted_without_choosing_it(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_high", cause="travel")
    path = reverse("talk", args=[LoadTalk.objects.get().pk])
    move = chosen_key(ana.get(path).content.decode(), "move")

    answer = ana.post(path, {"act": "count", "remedy": move})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r"Together (Ana after )?88% .{0,20}\d\d%", text_of(page))
    assert re.search(rf'value="{re.escape(move)}" checked', page)
    assert not LoadTalk.objects.get().remedies.exists()


def test_what_is_outdated_is_said_with_the_room_that_is_left_and_both_agree_again(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_high", cause="travel")
    marie, path = client_of(everybody.manager_of_a), reverse("talk", args=[LoadTalk.objects.get().pk])
    move = chosen_key(ana.get(path).content.decode(), "move")
    marie.post(path, {"act": "choose", "remedy": move})
    Practitioner.objects.filter(program=draft.program, code=move.split(":")[2]).update(comfortable_min_percent=0, comfortable_max_percent=1)
    Program.objects.filter(pk=draft.program_id).update(facts_version=F("facts_version") + 1)

    answer = ana.post(path, {"act": "agree"})

    assert answer.status_code == 409
    assert "of room in the own range. Recounted; both agree again." in text_of(answer.content.decode())
    assert holder(draft, move.split(":")[1]) == "Ana"


def test_after_it_is_done_the_page_shows_whether_it_helped_and_opens_it_again(everybody: Cast, draft: Draft, ana: Client) -> None:
    said(ana, feeling="too_high", cause="travel")
    marie, path = client_of(everybody.manager_of_a), reverse("talk", args=[LoadTalk.objects.get().pk])
    move = chosen_key(ana.get(path).content.decode(), "move")
    assert marie.post(path, {"act": "reopen"}).status_code == 409
    marie.post(path, {"act": "choose", "remedy": move})
    ana.post(path, {"act": "agree"})
    assert marie.post(path, {"act": "agree"}).status_code == 409
    assert marie.post(path, {"act": "choose", "remedy": move}).status_code == 409

    page = text_of(ana.get(path).content.decode())
    assert "When it was said, and after" in page
    assert re.search(r"Ana 88% .{0,20}\d\d%", page)
    assert ana.post(path, {"act": "reopen"}).status_code == 302
    assert LoadTalk.objects.get().state == "open"
    marie.post(path, {"act": "settle", "outcome": "Better."})
    for act in ("write", "choose", "agree", "reopen", "settle"):
        answer = marie.post(path, {"act": act, "text": "Hello", "remedy": move, "outcome": "Again"})
        assert answer.status_code == 409, act
