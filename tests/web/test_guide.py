"""The guide for managers: the same in both languages, whole, and readable in the application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from evenload.records.models import Account
from evenload.web.guide import Block, Span, folder, names, page_of, picture_of, spans
from evenload.words import words_in

LANGUAGES = ("en", "fr")
LARGEST_PICTURE = 150_000


def text_of(name: str, lang: str) -> str:
    return (folder() / lang / f"{name}.md").read_text(encoding="utf-8")


def shape(name: str, lang: str) -> list[str]:
    """What a page is made of, whatever its language: headings, pictures, lists, tables with their rows."""
    page = page_of(name, lang)
    assert page is not None
    return [f"{block.kind} {block.text if block.kind in ('picture', 'code') else len(block.rows)}" for block in page.blocks]


def test_both_languages_have_the_same_pages() -> None:
    assert names("en") == names("fr")
    assert len(names("en")) > 10


@pytest.mark.parametrize("name", sorted(names("en")))
def test_a_page_has_the_same_parts_in_both_languages(name: str) -> None:
    assert shape(name, "en") == shape(name, "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_there_modest_in_size_and_described(lang: str) -> None:
    shown = [(name, alt, picture) for name in names(lang) for alt, picture in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text_of(name, lang))]

    files = {picture: folder() / lang / picture for _, _, picture in shown}

    assert len(shown) > 10
    assert [name for name, alt, _ in shown if len(alt) < 20] == []
    assert [picture for picture, file in files.items() if not file.is_file() or file.stat().st_size > LARGEST_PICTURE] == []
    assert {file.name for file in (folder() / lang / "pictures").iterdir()} == {Path(picture).name for picture in files}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_named_on_the_first(lang: str) -> None:
    first = page_of("README", lang)
    assert first is not None

    linked = {span.page for block in first.blocks for row in block.rows for cell in row for span in cell if span.kind == "link"}

    assert linked == names(lang) - {"README"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_buttons_bear_the_names_that_the_pages_give_them(lang: str) -> None:
    # Each of these stands in the guide in bold, as the application writes it.
    said = (
        "Import all of it", "Take it up into the draft", "Compute a plan", "Check and publish", "Publish", "Undo", "Move to…", "Move and pin",
        "Assign in draft", "Compare those chosen", "Propose who takes over", "Put it into the draft", "New account", "Check a printed list",
        "Switch the account off", "Take everything out", "Add a program", "Record an exception",
    )  # fmt: skip
    whole = " ".join(" ".join(text_of(name, lang).split()) for name in sorted(names(lang)))

    assert [words_in(lang).say(one) for one in said if f"**{words_in(lang).say(one)}**" not in whole] == []


def test_the_forms_of_writing_are_read() -> None:
    assert spans("Press **Move** or [a page](move.md), `m` and *so on*.") == (
        Span("text", "Press "),
        Span("bold", "Move"),
        Span("text", " or "),
        Span("link", "a page", "move"),
        Span("text", ", "),
        Span("code", "m"),
        Span("text", " and "),
        Span("em", "so on"),
        Span("text", "."),
    )
    assert spans("[Running](../../running.md)") == (Span("text", "Running"),)
    page = page_of("backup", "en")
    assert page is not None
    assert Block("code", text="\n".join(text_of("backup", "en").split("```")[1].strip().splitlines())) in page.blocks


def test_names_that_lead_out_of_the_folder_find_nothing() -> None:
    assert page_of("../README", "en") is None
    assert picture_of("../../../pictures/street", "en") is None


@pytest.mark.django_db
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_application_shows_every_page_with_its_pictures(everybody: Cast, lang: str) -> None:
    Account.objects.filter(pk=everybody.practitioner.pk).update(language=lang)
    client = Client()
    client.force_login(everybody.practitioner)

    for name in names(lang):
        answer = client.get(reverse("guide_page", args=[name]))
        assert answer.status_code == 200, name
        page = page_of(name, lang)
        assert page is not None
        assert page.title.replace("'", "&#x27;") in answer.content.decode()
        for picture in re.findall(r'src="(/guide/pictures/[^"]+)"', answer.content.decode()):
            found = client.get(picture)
            assert (found.status_code, found["Content-Type"]) == (200, "image/png"), picture
            assert found.content.startswith(b"\x89PNG")

    assert client.get(reverse("guide_page", args=["no-such-page"])).status_code == 404
    assert client.get(reverse("guide_picture", args=["no-such-picture"])).status_code == 404
