"""Visits to the desk for its tests: a manager's client, an open draft, and the forms as their pages hold them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import NOW, Cast, person
from evenload.records.models import Account, Draft, Program
from evenload.workflow import drafts


def client_of(account: Account) -> Client:
    """A browser in which this account is signed in."""
    client = Client(raise_request_exception=True)
    client.force_login(account)
    return client


def begun(everybody: Cast) -> Draft:
    """The open draft of program A, everybody where she is."""
    return drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)


def page_of(client: Client, name: str, program: Program, *more: Any, **query: str) -> str:
    """The text of a page of the program."""
    answer = client.get(reverse(name, args=[program.code, *more]), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def done(client: Client, name: str, draft: Draft, *, htmx: bool = False, to_piece: str = "", **fields: str) -> Any:
    """A form of the desk, sent as its page sends it; `seen` is the version on the page, `to_piece` a unit in the address."""
    at = [draft.program.code, *([to_piece] if to_piece else [])]
    sent = {"draft": str(draft.pk), "seen_version": fields.pop("seen", str(fresh(draft).version)), **fields}
    return client.post(reverse(name, args=at), sent, headers={"HX-Request": "true"} if htmx else {})


def publish_now(client: Client, draft: Draft) -> None:
    """Publishes the draft as it stands, from today on."""
    fields = {"draft": str(draft.pk), "seen_version": str(fresh(draft).version), "effective_on": timezone.localdate().isoformat()}
    assert client.post(reverse("publish", args=[draft.program.code]), fields).status_code == 302


def fresh(draft: Draft) -> Draft:
    """The draft as the records hold it now."""
    return Draft.objects.select_related("program").get(pk=draft.pk)


def holder(draft: Draft, piece: str) -> str | None:
    """Who has the piece in the draft."""
    return draft.placements.values_list("practitioner__code", flat=True).get(piece=piece)


def text_of(page: str) -> str:
    """A page as it is read: without its tags, one space between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").replace("&#x27;", "'").strip()
