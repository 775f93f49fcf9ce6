"""A list of referrals on its pages: the empty form, the file, every problem by row and column, and then all of them or none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cast import Cast
from evenload.records.models import Import, JournalEntry, Referral
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
HEADINGS = "number,initials,birth year,language,discipline,postal code,received on\n"
GOOD = HEADINGS + "N-1,A. B.,1950,fr,OT,K1K 2B5,2026-01-12\nN-2,C. D.,,,OT,K1K 2B5,2026-01-12\n"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ada(everybody: Cast) -> Client:
    return client_of(everybody.administrative)


def sent(everybody: Cast, browser: Client, content: str | bytes, name: str = "list.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return browser.post(reverse("referral_import", args=[everybody.program_a.code]), {"file": file})


def preview_of(everybody: Cast, browser: Client) -> str:
    return page_of(browser, "referral_import_preview", everybody.program_a, Import.objects.latest("pk").pk)


def decide(everybody: Cast, browser: Client, act: str) -> Any:
    key = Import.objects.latest("pk").pk
    return browser.post(reverse("referral_import_preview", args=[everybody.program_a.code, key]), {"act": act})


def test_a_list_is_shown_first_and_taken_in_as_a_whole(everybody: Cast, ada: Client) -> None:
    before = Referral.objects.count()
    assert sent(everybody, ada, GOOD).status_code == 302
    assert "2 referrals will be taken into School rehabilitation" in text_of(preview_of(everybody, ada))
    assert Referral.objects.count() == before
    assert decide(everybody, ada, "confirm")["Location"] == reverse("referrals", args=[everybody.program_a.code])
    assert Referral.objects.count() == before + 2
    assert "2 referrals were taken in" in text_of(preview_of(everybody, ada))
    assert decide(everybody, ada, "confirm").status_code == 302
    assert Referral.objects.count() == before + 2


def test_every_problem_stands_with_its_row_and_column_and_nothing_can_be_confirmed(everybody: Cast, ada: Client) -> None:
    sent(everybody, ada, HEADINGS + f"N-1,{HOSTILE},19,xx,OT,K1K 2B5,yesterday\nN-1,A. B.,,,PT,,2099-01-01\n")
    page = preview_of(everybody, ada)
    text = text_of(page)
    assert HOSTILE not in page
    for piece in (
        "places to fix",
        "2 G yesterday",
        "At most 6 characters: initials only, no name.",
        "3 E PT This program has no such discipline.",
    ):
        assert piece in text
    assert 'value="confirm"' not in page
    decide(everybody, ada, "confirm")
    assert Import.objects.latest("pk").state == "previewed"


def test_discarded_it_is_gone(everybody: Cast, ada: Client) -> None:
    sent(everybody, ada, GOOD)
    decide(everybody, ada, "discard")
    made = Import.objects.latest("pk")
    assert (made.state, bytes(made.content)) == ("discarded", b"")


@pytest.mark.parametrize(("content", "name"), [(b"", "list.csv"), (b"MZ\x90", "list.exe"), (b"PK\x03\x04broken", "list.xlsx")])
def test_what_cannot_be_read_is_said_and_not_kept(everybody: Cast, ada: Client, content: bytes, name: str) -> None:
    answer = sent(everybody, ada, content, name)
    if not content:
        assert (answer.status_code, Import.objects.count()) == (422, 0)
        return
    assert "This file cannot be read" in text_of(preview_of(everybody, ada))
    assert bytes(Import.objects.get().content) == b""


def test_the_imports_page_leads_to_it_and_back(everybody: Cast, ada: Client) -> None:
    sent(everybody, ada, GOOD)
    key = Import.objects.latest("pk").pk
    assert reverse("referral_import", args=[everybody.program_a.code]) in ada.get(reverse("imports")).content.decode()
    answer = ada.get(reverse("import_preview", args=[key]))
    assert answer["Location"] == reverse("referral_import_preview", args=[everybody.program_a.code, key])


@pytest.mark.parametrize(
    ("language", "form", "begins"), [("en", "csv", b"\xef\xbb\xbfnumber"), ("fr", "csv", "\ufeffnuméro".encode()), ("fr", "xlsx", b"PK")]
)
def test_the_empty_list_can_be_had(everybody: Cast, ada: Client, language: str, form: str, begins: bytes) -> None:
    answer = ada.get(reverse("referral_template", args=[everybody.program_a.code, language, form]))
    assert answer.content.startswith(begins)
    assert f".{form}" in answer["Content-Disposition"]


def test_no_name_of_a_client_stands_in_the_journal(everybody: Cast, ada: Client) -> None:
    sent(everybody, ada, GOOD.replace("A. B.", "QXZV"))
    decide(everybody, ada, "confirm")
    written = [f"{line.subject_id} {line.facts} {line.client_ids}" for line in JournalEntry.objects.all()]
    assert not [line for line in written if "QXZV" in line]
