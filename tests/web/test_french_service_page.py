"""Service in French on its page: figures that lead to their rows, the period, and the CSV."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cast import Cast
from web.desk_visits import client_of, page_of, text_of
from workflow.test_french_service import referred, unit_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

JANUARY = {"first": "2026-01-01", "last": "2026-01-31"}


@pytest.fixture
def rows(everybody: Cast) -> dict[str, Any]:
    """A served request, one with somebody else, one that waits, an English one and one that nobody asked."""
    return {
        "french": referred(everybody, "fa", unit=unit_of(everybody, "x1", "Béa"), state="assigned", first_visit_on=date(2026, 1, 9)),
        "other": referred(everybody, "fb", unit=unit_of(everybody, "x2", "Ana"), state="assigned", first_visit_on=date(2026, 1, 19)),
        "waiting": referred(everybody, "fc"),
        "english": referred(everybody, "ea", "en", first_visit_on=date(2026, 1, 25)),
        "not_asked": referred(everybody, "na", ""),
    }


def test_every_count_leads_to_its_rows(everybody: Cast, rows: dict[str, Any]) -> None:
    client = client_of(everybody.manager_of_a)
    page = page_of(client, "french_service", everybody.program_a, **JANUARY)
    counts = dict(re.findall(r'show=(\w+)#rows-heading">[^<]*</a></th><td class="number" data-title="Count">(\d+)</td>', page))

    assert counts == {
        "received": "5", "offered": "4", "not_asked": "1", "requested": "3", "french": "1", "other": "1", "waiting": "1", "ended": "0",
    }  # fmt: skip
    for show, count in counts.items():
        opened = page_of(client, "french_service", everybody.program_a, **JANUARY, show=show).partition('id="rows-heading"')[2]
        assert opened.partition("</section>")[0].count("<li>") == int(count), show
    opened = page_of(client, "french_service", everybody.program_a, **JANUARY, show="other")
    assert reverse("referral", args=[everybody.program_a.code, rows["other"].pk]) in opened


def test_the_waits_stand_beside_each_other_and_few_are_said_to_be_few(everybody: Cast, rows: dict[str, Any]) -> None:
    page = text_of(page_of(client_of(everybody.manager_of_a), "french_service", everybody.program_a, **JANUARY))

    assert "Who asked for French was first seen after 9.0 days, who asked for English after 20.0 (middle ones)." in page
    assert "Fewer than 10 in one of them: read with care." in page


def test_french_that_rests_on_one_person_is_said_with_her_sites(everybody: Cast) -> None:
    page = text_of(page_of(client_of(everybody.manager_of_a), "french_service", everybody.program_a))

    alone = page.partition("Where French rests on one person")[2]
    assert "Béa" in alone
    assert "nobody would speak fluent French any more" in alone
    assert "In Occupational therapy nobody of the program would speak fluent French any more." in alone


def test_without_first_visits_nothing_is_compared(everybody: Cast) -> None:
    page = text_of(page_of(client_of(everybody.manager_of_a), "french_service", everybody.program_a, first="2019-01-01", last="2019-01-31"))

    assert "Too few first visits to compare French with English." in page


@pytest.mark.parametrize(
    ("stated", "field"),
    [({"first": "soon"}, "first"), ({"first": "2026-02-01", "last": "2026-01-01"}, "last"), ({"first": "1926-02-01"}, "first")],
)
def test_a_period_that_cannot_be_is_refused_at_its_field(everybody: Cast, stated: dict[str, str], field: str) -> None:
    answer = client_of(everybody.manager_of_a).get(reverse("french_service", args=[everybody.program_a.code]), stated)

    assert answer.status_code == 422
    assert f'id="error_{field}"' in answer.content.decode()


def test_the_figures_leave_as_csv_without_any_client(everybody: Cast, rows: dict[str, Any]) -> None:
    answer = client_of(everybody.manager_of_a).get(reverse("french_service_csv", args=[everybody.program_a.code]), JANUARY)

    text = answer.content.decode("utf-8-sig")
    found = {row["Figure"]: (row["Count"], row["Of"]) for row in csv.DictReader(io.StringIO(text))}
    assert found["Asked for French"] == ("3", "5")
    assert found["With somebody who speaks French"] == ("1", "3")
    assert found["French: Days to the first visit, middle"] == ("9", "2")
    assert not re.search(r"\bfa\b|\bfb\b|\bfc\b", text)
