"""The files that browsers are given: as they were published, free of outside addresses, and the templates behind them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from evenload.words import catalogue
from web.style_sheet import STATIC

VENDOR = STATIC / "vendor"
TEMPLATES = STATIC.parent / "templates"
OWN = sorted(path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg") and VENDOR not in path.parents)
PAGES = sorted(TEMPLATES.rglob("*.html"))
SPOKEN_AS_THEY_ARE = {"Evenload", "English", "Français", "en", "fr", "Hello", "Bonjour"}
FOR_BUILDERS = {"styleguide.html"}
ATTRIBUTES_ONLY = {"_field_marks.html"}


def shown(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def test_the_files_of_others_are_the_ones_that_were_published() -> None:
    lines = [line.split("  ") for line in (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    sums = {name: sum for sum, name in lines}
    files = {f"./{path.relative_to(VENDOR).as_posix()}": path for path in VENDOR.rglob("*") if path.is_file()}

    kept = {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if path.name not in ("SHA256SUMS", "README.md")
    }

    assert kept == sums


def test_every_library_of_others_has_its_licence_and_no_source_map() -> None:
    folders = [folder for folder in VENDOR.iterdir() if folder.is_dir()]

    assert [folder.name for folder in folders if not (folder / "LICENSE.txt").is_file()] == []
    assert list(VENDOR.rglob("*.map")) == []


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.name)
def test_no_file_of_ours_fetches_anything_from_elsewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")

    assert re.findall(r"(?:https?:)?//[\w.]+|@import|\beval\b|new Function|\.style\b|\.innerHTML\b", text) == []


@pytest.mark.parametrize("file", PAGES, ids=shown)
def test_no_template_needs_an_inline_script_or_style(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"\sstyle=|<style|\son\w+=|hx-on|javascript:|hx-vals=.js:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("file", [page for page in PAGES if page.name not in FOR_BUILDERS | ATTRIBUTES_ONLY], ids=shown)
def test_no_template_speaks_outside_the_catalogue(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    spoken = [words for words in texts_of(text) if words not in SPOKEN_AS_THEY_ARE]

    assert spoken == []


@pytest.mark.parametrize("file", PAGES, ids=shown)
def test_every_message_of_a_template_is_literal_and_every_file_is_one_thought(file: Path) -> None:
    list(catalogue.messages_in_template(file.read_text(encoding="utf-8"), shown(file)))

    assert len(file.read_text(encoding="utf-8").splitlines()) < 250


def test_a_message_of_a_template_is_found_with_its_plural_and_its_quotes() -> None:
    text = """<p>{% say "It's {name}." name=x %}</p>{% say_n 'one "q"' "many" n as t %}{%say "a \\"b\\"" %}"""

    found = [one.id for one in catalogue.messages_in_template(text, "x.html")]

    assert found == ["It's {name}.", ('one "q"', "many"), 'a "b"']


def test_a_message_that_is_put_together_is_refused() -> None:
    with pytest.raises(catalogue.NotLiteralError, match=r"x\.html, line 2"):
        list(catalogue.messages_in_template("\n{% say title %}", "x.html"))
    with pytest.raises(catalogue.NotLiteralError):
        list(catalogue.messages_in_template('{% say_n "one" many n %}', "x.html"))


def texts_of(template: str) -> list[str]:
    """Every run of letters that a template shows by itself: between tags, and in the attributes that people read."""
    bare = re.sub(
        r"\{%\s*block (?:page|body)_class\s*%\}.*?\{%\s*endblock\s*%\}|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->",
        "",
        template,
        flags=re.DOTALL,
    )
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", bare)
    attributes = re.findall(r'\s(?:aria-label|alt|title|placeholder|data-title|content)="([^"]*)"', re.sub(r"<meta[^>]*>", "", bare))
    between = re.sub(r"<(?:svg|kbd|code)\b.*?</(?:svg|kbd|code)>", "", bare, flags=re.DOTALL)
    pieces = re.sub(r"<[^>]*>", "\n", between).replace("\0", "\n").split("\n")
    return [
        word for piece in [*pieces, *attributes] for word in re.findall(r"[^\W\d_]{2,}(?:[ '’][^\W\d_]+)*", piece.replace("&nbsp;", " "))
    ]
