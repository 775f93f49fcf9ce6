"""The names that break programs (`data/hostile/blns.json`), in the records and on every page that shows names: text, nothing else.

Every unit, site, town, area and note bears one; so do people, teams, skills and an exception's alternatives.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import Cast, person
from evenload.records.models import Edition, Practitioner, PractitionerLanguage, Program, Site, Unit
from evenload.workflow import drafts, editions, french_exceptions, publish
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.french_exceptions import Decision
from exchange.workbook_read import formula_cells

pytestmark = [pytest.mark.slow, pytest.mark.both, pytest.mark.django_db]

UNITS = 160
FORMULA_FIRST = ("=", "+", "-", "@", "\t", "\r")
PAGES = (
    "desk",
    "map",
    "sites",
    "team",
    "runs",
    "list",
    "draft_check",
    "editions",
    "exceptions",
)


class Reading(HTMLParser):
    """A page as a browser takes it: its text, and everything in it that could run or fetch."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.dangers: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.dangers += [f"<{tag} {name}={value}>" for name, value in attrs if _is_dangerous(tag, name, value or "")]
        runs = tag == "script" and not held.get("src") and held.get("type") != "application/json"
        if runs or tag in ("iframe", "object", "embed", "base"):
            self.dangers.append(f"<{tag}>")


def _is_dangerous(tag: str, name: str, value: str) -> bool:
    """Whether an attribute runs something, or leads where no page of ours leads."""
    if name.startswith("on") or name in ("style", "srcdoc"):
        return True
    if name not in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
        return False
    return re.match(r"[/#?]|data:image/|https?://testserver/|$" if tag != "link" else "", value) is None


def read(page: str) -> Reading:
    reading = Reading()
    reading.feed(page)
    reading.close()
    return reading


def squeezed(text: str) -> str:
    """One space between words; a control character, which no file can hold, is shown as missing."""
    visible = re.sub("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}", text)
    return re.sub(r"\s+", " ", visible.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")).strip()


@pytest.fixture
def names(shared_data: Path) -> list[str]:
    """Those that both databases keep: no NUL, no lone surrogate, and not only spaces."""
    strings = json.loads((shared_data / "hostile" / "blns.json").read_text(encoding="utf-8"))
    kept = [text.replace("\0", "")[:190] for text in strings if text.strip() and text.encode("utf-8", "ignore").decode() == text]
    assert len(kept) > 450
    return kept


@pytest.fixture
def named(everybody: Cast, names: list[str]) -> Program:
    """Program A, with every name in it at least once, a published edition, a draft after it and an exception."""
    program, turn = everybody.program_a, itertools.cycle(names)
    for one in Practitioner.objects.filter(program=program):
        one.name, one.team, one.area, one.skills = next(turn), next(turn)[:100], next(turn)[:100], [next(turn)[:50]]
        one.save()
    standard = program.time_standards.first()
    sites = Site.objects.bulk_create(
        Site(
            program=program,
            code=f"h{n}",
            name_en=next(turn),
            name_fr=next(turn),
            kind="school",
            town=next(turn),
            area=next(turn),
            lat=45,
            lon=-75,
        )
        for n in range(UNITS)
    )
    Unit.objects.bulk_create(
        Unit(
            program=program,
            code=f"x{n}",
            kind="site",
            site=sites[n],
            discipline="OT",
            time_standard=standard,
            clients=1,
            visits_allotted=1,
            label=next(turn),
            note=next(turn),
            language="fr" if n == 0 else "",
            position=100 + n,
        )
        for n in range(UNITS)
    )
    PractitionerLanguage.objects.filter(practitioner__program=program, language="fr").update(level="basic")
    program.facts_version += 1
    program.save()
    _published(everybody, program, names)
    return program


def _published(everybody: Cast, program: Program, names: list[str]) -> Edition:
    by, at = person(everybody.manager_of_a), timezone.now()
    draft = drafts.open_draft(program, by=by, at=at)
    drafts.move(draft, "u2", None, by=by, at=at, seen_version=0)
    draft.refresh_from_db()
    decided = Decision("Cal", "other", names[0] + names[1], at.date() + timedelta(days=30), note=names[2])
    draft = french_exceptions.record(draft, "x0", decided, by=by, at=at, seen_version=draft.version)
    for piece in ("x1", "x2"):
        draft.refresh_from_db()
        drafts.move(draft, piece, "Cal", by=by, at=at, seen_version=draft.version, reason=names[3])
    draft.refresh_from_db()
    edition = editions.publish(draft, effective_on=at.date(), by=by, at=at, seen_version=draft.version)
    again = drafts.open_draft(program, by=by, at=at)
    drafts.move(again, "x2", None, by=by, at=at, seen_version=0)
    return edition


def test_every_page_shows_hostile_names_as_text(everybody: Cast, named: Program) -> None:
    client = Client()
    client.force_login(everybody.manager_of_a)
    people = [one.name for one in named.practitioners.all()]
    shown: dict[str, str] = {}
    for name in PAGES:
        answer = client.get(reverse(name, args=[named.code]))
        assert answer.status_code == 200, name
        shown[name] = _as_text(name, answer.content.decode())
    for piece in ("x1", "x2", "x5", "u2"):
        for name in ("candidates", "exception_record"):
            answer = client.get(reverse(name, args=[named.code, piece]))
            assert answer.status_code == 200, (name, piece)
            shown[f"{name} {piece}"] = _as_text(name, answer.content.decode())
    for name, keys in (("edition_record", [1]), ("edition", [1]), ("practitioner", ["Cal"]), ("hand_over", ["Cal"])):
        answer = client.get(reverse(name, args=[named.code, *keys]))
        assert answer.status_code == 200, name
        shown[name] = _as_text(name, answer.content.decode())

    assert [one for one in people if squeezed(one) not in shown["team"]] == []
    rows = list(Edition.objects.get(program=named).rows.filter(piece__startswith="x"))
    assert len({row.label for row in rows}) > 100
    assert [one for row in rows for one in (row.label, row.site_en, row.town, row.note) if squeezed(one) not in shown["list"]] == []
    alternatives = named.french_exceptions.get().alternatives
    assert squeezed(alternatives) in shown["exceptions"]
    assert squeezed(alternatives) in shown["edition_record"]


def _as_text(name: str, page: str) -> str:
    reading = read(page)
    assert reading.dangers == [], (name, reading.dangers[:5])
    return squeezed("".join(reading.text))


def test_every_file_of_an_edition_holds_hostile_names_as_text(named: Program) -> None:
    edition = Edition.objects.get(program=named)
    for language in ("en", "fr"):
        _, page = publish.file_of(edition, language, "html")
        reading = read(page.decode())
        assert reading.dangers == [], reading.dangers[:5]
        _, table = publish.file_of(edition, language, "csv")
        rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";" if language == "fr" else ","))
        assert len(rows) == UNITS + 8 + 1
        assert [cell for row in rows for cell in row if cell.startswith(FORMULA_FIRST)] == []
        _, book = publish.file_of(edition, language, "xlsx")
        assert formula_cells(book) == []
        _, paper = publish.file_of(edition, language, "pdf")
        assert paper.startswith(b"%PDF-")
        assert b"/JavaScript" not in paper


def test_hostile_names_are_kept_by_the_records_as_they_are(named: Program) -> None:
    facts = picture_of(drafts.open_draft_of(named)).facts  # type: ignore[arg-type]
    kept = dict(Unit.objects.filter(program=named).values_list("code", "label"))

    assert {code: row.label or "" for code, row in facts.unit_rows.items()} == kept
