"""Contracts on their pages: the list, one contract down to practitioners, its CSV, and the forms."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import Cast
from evenload.records.models import Contract, JournalEntry, ServiceTarget
from evenload.workflow import contract_ledger
from web.desk_visits import client_of, page_of, text_of
from workflow.test_contracts import visited

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FORM = {
    "code": "east",
    "name_en": "East schools",
    "name_fr": "Écoles de l'Est",
    "discipline": "",
    "starts_on": "2026-01-05",
    "ends_on": "2026-12-31",
    "visits": "1 000",
    "tolerance_percent": "2,5",
    "hours-1": "24",
    "days-1": "5",
}


def stated(everybody: Cast, **changes: str) -> Any:
    return client_of(everybody.director).post(reverse("contract_new", args=[everybody.program_a.code]), {**FORM, **changes})


def contract_of(everybody: Cast, weeks: int = 30, **more: Any) -> Contract:
    """A contract that began twelve weeks ago, with five visits a week so far."""
    today = timezone.localdate()
    begins = today - timedelta(days=today.weekday(), weeks=12)
    facts = {"code": "east", "name_en": "East", "starts_on": begins, "ends_on": begins + timedelta(weeks=weeks, days=-1), "visits": 100}
    made = Contract.objects.create(program=everybody.program_a, **{**facts, **more})
    for week in range(12):
        for day in range(5):
            who = ("u1", "Ana") if day else ("u2", "Béa")
            visited(everybody.program_a, *who, begins + timedelta(weeks=week, days=day))
    return made


def test_without_a_contract_the_page_says_so_and_a_director_may_state_one(everybody: Cast) -> None:
    director = page_of(client_of(everybody.director), "contracts", everybody.program_a)
    planner = page_of(client_of(everybody.manager_of_a), "contracts", everybody.program_a)

    assert "This program has no contract." in text_of(director)
    assert reverse("contract_new", args=[everybody.program_a.code]) in director
    assert "This program has no contract." in text_of(planner)
    assert reverse("contract_new", args=[everybody.program_a.code]) not in planner


def test_a_contract_is_stated_with_its_targets(everybody: Cast) -> None:
    answer = stated(everybody)

    made = Contract.objects.get()
    assert answer.status_code == 302
    assert (made.visits, float(made.tolerance_percent), made.ends_on) == (1000, 2.5, date(2026, 12, 31))
    assert ServiceTarget.objects.get(contract=made).respond_hours == 24


def test_everything_that_is_wrong_is_said_at_its_field_and_what_was_typed_stays(everybody: Cast) -> None:
    wrong = {"code": "a b", "name_en": "", "starts_on": "soon", "visits": "many", "tolerance_percent": "all", "hours-1": "", "days-2": "x"}

    answer = stated(everybody, **wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Contract.objects.exists()
    for field in ("name_en", "starts_on", "visits", "tolerance_percent", "hours-1", "hours-2", "days-2"):
        assert f'href="#id_{field}"' in page, field
        assert f'id="error_{field}_1"' in page, field
    assert 'value="soon"' in page
    assert "State both, or leave both empty." in text_of(page)


def test_days_in_the_wrong_order_are_refused_at_the_last_day(everybody: Cast) -> None:
    answer = stated(everybody, ends_on="2026-01-04")

    assert answer.status_code == 422
    assert 'id="error_ends_on_1"' in answer.content.decode()


def test_who_changes_what_somebody_else_changed_sees_both(everybody: Cast) -> None:
    stated(everybody)
    made = Contract.objects.get()
    director = client_of(everybody.director)
    path = reverse("contract_change", args=[everybody.program_a.code, made.pk])
    seen = director.get(path).context["seen"]
    assert director.post(path, {**FORM, "visits": "1100", "seen": seen}).status_code == 302

    late = director.post(path, {**FORM, "visits": "900", "seen": seen})

    made.refresh_from_db()
    assert (late.status_code, made.visits) == (409, 1100)
    assert 'value="900"' in late.content.decode()
    assert "Somebody changed this contract meanwhile." in text_of(late.content.decode())
    assert JournalEntry.objects.filter(action="contract.change").count() == 1


def test_a_contract_says_where_it_is_going_and_when_its_visits_run_out(everybody: Cast) -> None:
    made = contract_of(everybody)

    page = text_of(page_of(client_of(everybody.manager_of_a), "contract", everybody.program_a, made.pk))

    found = contract_ledger.ledger(made, today=timezone.localdate()).line.forecast
    assert found.expected is not None
    assert found.expected > 105
    assert f"{round(found.expected)} of 100 contracted visits" in page
    assert "The contracted visits would be used up on" in page
    assert "Over" in page
    assert "Ana" in page
    assert "Béa" in page


def test_the_drawing_and_its_table_say_the_same(everybody: Cast) -> None:
    made = contract_of(everybody)

    page = page_of(client_of(everybody.manager_of_a), "contract", everybody.program_a, made.pk)

    assert page.count('class="course-drawing"') == 1
    assert "style=" not in page.partition("<figure")[2].partition("</figure>")[0]
    assert text_of(page.partition("Since the beginning")[2].partition("</table>")[0]).split()[-1] == "60"


def test_the_ledger_leaves_as_csv_with_the_same_sums(everybody: Cast) -> None:
    made = contract_of(everybody)
    client = client_of(everybody.manager_of_a)

    answer = client.get(reverse("contract_csv", args=[everybody.program_a.code, made.pk]))

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "attachment" in answer["Content-Disposition"]
    assert sum(int(row["Delivered"]) for row in rows) == 60
    assert {row["Practitioner"]: int(row["Delivered"]) for row in rows if row["Delivered"] != "0"} == {"Ana": 48, "Béa": 12}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31)}, "It ended on December 31, 2020 with 0 of 100 contracted visits"),
        ({"starts_on": date(2090, 1, 2), "ends_on": date(2090, 12, 31)}, "It begins on January 2, 2090. Nothing is delivered yet."),
        ({"visits": 0}, "of 0 contracted visits"),
    ],
    ids=["past", "future", "no visits"],
)
def test_contracts_of_the_past_of_the_future_and_of_no_visits_say_so(everybody: Cast, more: dict[str, Any], sentence: str) -> None:
    made = contract_of(everybody, **more)

    for page in (
        page_of(client_of(everybody.director), "contract", everybody.program_a, made.pk),
        page_of(client_of(everybody.director), "contracts", everybody.program_a),
    ):
        assert sentence in text_of(page)


def test_the_targets_of_the_program_are_kept_and_taken_away(everybody: Cast) -> None:
    director = client_of(everybody.director)
    path = reverse("contract_targets", args=[everybody.program_a.code])

    assert director.post(path, {"hours-1": "24", "days-1": "5"}).status_code == 302
    assert ServiceTarget.objects.get().first_visit_days == 5
    assert director.post(path, {"hours-1": "0", "days-1": "5"}).status_code == 422
    assert director.post(path, {}).status_code == 302
    assert not ServiceTarget.objects.exists()


def test_a_manager_finds_every_report_from_her_navigation(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)
    desk = page_of(client, "contracts", everybody.program_a)
    assert reverse("reports", args=[everybody.program_a.code]) in desk

    page = page_of(client, "reports", everybody.program_a)

    for name in ("contracts", "approvals", "waiting_list", "french_service"):
        path = reverse(name, args=[everybody.program_a.code])
        assert f'href="{path}"' in page
        assert client.get(path).status_code == 200
