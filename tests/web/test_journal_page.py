"""The journal's page: found by person, program, action, client and day; taken out as CSV without formulas; checked on demand."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cast import NOW, Cast, person
from evenload.records import queries, triggers
from evenload.records.models import JournalEntry
from evenload.web.journal_words import ACTIONS
from evenload.workflow import journal

pytestmark = pytest.mark.both


@pytest.fixture
def lines(everybody: Cast) -> Cast:
    for day in range(3):
        at = NOW + timedelta(days=day)
        journal.record_alone(person(everybody.manager_of_a), "unit.see", at=at, program=everybody.program_a, clients=["u5", "é#1"])
        journal.record_alone(person(everybody.manager_of_b), "desk.see", at=at, program=everybody.program_b, clients=["=1+1"], day=day)
    return everybody


def found(everybody: Cast, **search: object) -> list[int]:
    client = Client()
    client.force_login(everybody.privacy_officer)
    return [line["number"] for line in client.get(reverse("journal"), search).context["lines"]]


def test_the_newest_lines_come_first(lines: Cast) -> None:
    assert found(lines) == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ({"person": "marie"}, [5, 3, 1]),
        ({"action": "desk.see"}, [6, 4, 2]),
        ({"client": "u5"}, [5, 3, 1]),
        ({"client": "é#1"}, [5, 3, 1]),
        ({"client": "u"}, []),
        ({"client": "%"}, []),
        ({"first_day": "2026-01-13", "last_day": "2026-01-13"}, [4, 3]),
        ({"first_day": "2026-01-14"}, [6, 5]),
        ({"person": "nobody"}, []),
    ],
)
def test_lines_are_found_by_what_they_tell(lines: Cast, search: dict[str, Any], numbers: list[int]) -> None:
    assert found(lines, **search) == numbers


def test_lines_of_one_program_are_found(lines: Cast) -> None:
    assert found(lines, program=lines.program_b.pk) == [6, 4, 2]


def test_a_day_that_is_none_is_refused_at_its_field(lines: Cast) -> None:
    client = Client()
    client.force_login(lines.privacy_officer)

    answer = client.get(reverse("journal"), {"first_day": "31/01/2026", "before": "x" * 40, "program": "9" * 40})

    assert answer.status_code == 422
    assert 'href="#id_first_day"' in answer.content.decode()


def test_pages_follow_one_another_without_gap(lines: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "JOURNAL_PAGE", 4)

    assert (found(lines), found(lines, before=3)) == ([6, 5, 4, 3], [2, 1])


def test_a_page_costs_the_same_for_few_and_for_many_lines(lines: Cast) -> None:
    client = Client()
    client.force_login(lines.privacy_officer)
    client.get(reverse("journal"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("journal"), {"action": "unit.see"})
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("journal"))

    assert len(few) == len(many)


def test_what_is_taken_out_holds_every_line_and_no_formula_and_is_itself_a_line(lines: Cast) -> None:
    journal.record_alone(person(lines.manager_of_a), "desk.see", at=NOW, subject=("unit", "=cmd|' /C calc'!A0"))
    client = Client()
    client.force_login(lines.privacy_officer)

    answer = client.post(reverse("journal_export"), {"person": ""})
    rows = list(csv.DictReader(StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert [int(row["number"]) for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "@", "\t")] == []
    assert rows[0]["hash"] == JournalEntry.objects.get(number=1).hash
    assert JournalEntry.objects.get(number=8).action == "journal.exported"


def test_the_check_names_the_first_broken_line(lines: Cast) -> None:
    client = Client()
    client.force_login(lines.privacy_officer)
    whole = client.post(reverse("journal_verify"), follow=True).content.decode()
    triggers.thaw(connection)
    JournalEntry.objects.filter(number=3).update(role="director")
    triggers.freeze(connection)

    broken = client.post(reverse("journal_verify"), follow=True).content.decode()

    assert "The journal is whole: 6 lines." in whole
    assert "The first is line 3." in broken


def test_every_line_is_shown_in_words_in_both_languages(lines: Cast) -> None:
    client = Client()
    lines.privacy_officer.language = "fr"
    lines.privacy_officer.save()
    client.force_login(lines.privacy_officer)

    page = client.get(reverse("journal")).content.decode()

    assert ACTIONS["unit.see"] not in page
    assert "unit.see" not in [line["action"] for line in client.get(reverse("journal")).context["lines"]]
