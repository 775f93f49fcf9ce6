"""The waiting list on its page: rows, pools, filters, paging, the audit, and the CSV."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cast import Cast
from evenload.records.models import Client, JournalEntry, Referral, Unit
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def referred(everybody: Cast, code: str, *, days: int = 10, **facts: Any) -> Referral:
    of_client = {name: facts.pop(name) for name in ("initials", "birth_year", "language") if name in facts}
    client = Client.objects.create(program=everybody.program_a, code=code, **{"initials": code.upper()[:6], **of_client})
    received = timezone.localdate() - timedelta(days=days)
    return Referral.objects.create(client=client, **{"discipline": "OT", "received_on": received, "state": "waiting", **facts})


def rows_on(page: str) -> list[str]:
    return re.findall(r'id="wait-(u?\d+)"', page)


def audited(everybody: Cast, referral: Referral, **fields: str) -> Any:
    path = reverse("waiting_list_audit", args=[everybody.program_a.code, referral.pk])
    return client_of(everybody.administrative).post(path, {"seen_version": str(referral.version), **fields})


def test_the_late_one_stands_on_top_with_its_days_and_what_is_owed(everybody: Cast) -> None:
    today = timezone.localdate()
    referred(everybody, "calm")
    late = referred(everybody, "late", days=40, first_visit_by=today - timedelta(days=1), available_from=today - timedelta(days=30))

    page = page_of(client_of(everybody.administrative), "waiting_list", everybody.program_a)

    assert rows_on(page)[0] == str(late.pk)
    first = text_of(page.partition(f'id="wait-{late.pk}"')[2].partition("</li>")[0])
    assert "30 days (10 days the client chose, not counted)" in first
    assert "First visit by: " in first
    assert "Late" in first


def test_a_unit_of_an_imported_list_waits_too_with_its_reason(everybody: Cast) -> None:
    unit = Unit.objects.filter(program=everybody.program_a, assignments__isnull=True, referrals__isnull=True)[0]
    Unit.objects.filter(pk=unit.pk).update(left_waiting_reason="equipment", left_waiting_note="ramp in May")

    page = page_of(client_of(everybody.manager_of_a), "waiting_list", everybody.program_a)

    row = text_of(page.partition(f'id="wait-u{unit.pk}"')[2].partition("</li>")[0])
    assert "A unit without a referral" in row
    assert "Equipment or space is not there yet: ramp in May" in row


def test_a_pool_leads_to_its_rows(everybody: Cast) -> None:
    french = referred(everybody, "fra", language="fr", discipline="SLP")
    client = client_of(everybody.administrative)

    found = client.get(reverse("waiting_list", args=[everybody.program_a.code]), {"discipline": "SLP", "language": "fr"})

    page = page_of(client, "waiting_list", everybody.program_a)
    assert "?discipline=SLP&amp;language=fr" in page
    assert rows_on(found.content.decode()) == [str(french.pk)]


def test_unreadable_filters_take_everything(everybody: Cast) -> None:
    everything = rows_on(page_of(client_of(everybody.administrative), "waiting_list", everybody.program_a))
    odd = {"priority": "9", "age": "old", "language": "xx", "only": "me", "sort": "no", "page": "-3"}

    assert rows_on(page_of(client_of(everybody.administrative), "waiting_list", everybody.program_a, **odd)) == everything


def test_many_rows_come_in_pages_and_cost_the_same_queries(everybody: Cast) -> None:
    client = client_of(everybody.administrative)
    page_of(client, "waiting_list", everybody.program_a)
    few = _queries(everybody, client)
    for number in range(130):
        referred(everybody, f"m{number}", days=number, initials=f"M{number % 9}", birth_year=1950)

    assert _queries(everybody, client) == few
    first = rows_on(page_of(client, "waiting_list", everybody.program_a))
    last = rows_on(page_of(client, "waiting_list", everybody.program_a, page="99"))
    assert len(first) == 50
    assert 0 < len(last) < 50
    assert not set(first) & set(last)


def _queries(everybody: Cast, client: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        page_of(client, "waiting_list", everybody.program_a)
    return len(found)


def test_an_audit_is_kept_and_the_page_stays_filtered(everybody: Cast) -> None:
    referral = referred(everybody, "aa")

    answer = audited(everybody, referral, answer="not_reached", query="priority=3")

    referral.refresh_from_db()
    assert (answer.status_code, answer["Location"].rpartition("?")[2]) == (302, "priority=3")
    assert referral.audit_answer == "not_reached"


def test_the_way_back_never_leads_elsewhere(everybody: Cast) -> None:
    answer = audited(everybody, referred(everybody, "aa"), answer="still_waiting", query="\r\nLocation: //elsewhere.example")

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("waiting_list", args=[everybody.program_a.code]))
    assert "\n" not in answer["Location"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose what you found."),
        ({"answer": "needs_changed"}, "Write in a few words what changed."),
        ({"answer": "no_longer"}, "Choose why the client no longer waits."),
        ({"answer": "duplicate"}, "Choose which referral it duplicates."),
    ],
)
def test_what_is_missing_is_said_in_the_row(everybody: Cast, fields: dict[str, str], sentence: str) -> None:
    referral = referred(everybody, "aa")

    answer = audited(everybody, referral, **fields)

    row = text_of(answer.content.decode().partition(f'id="wait-{referral.pk}"')[2].partition("</li>")[0])
    assert answer.status_code == 422
    assert sentence in row


def test_an_old_page_changes_nothing(everybody: Cast) -> None:
    referral = referred(everybody, "aa")
    audited(everybody, referral, answer="still_waiting")

    late = audited(everybody, referral, answer="no_longer", reason="moved")

    referral.refresh_from_db()
    assert (late.status_code, referral.state) == (409, "waiting")


def test_a_duplicate_is_offered_and_closed(everybody: Cast) -> None:
    kept = referred(everybody, "bb", initials="J. M.", birth_year=1950)
    twice = referred(everybody, "cc", initials="JM", birth_year=1950)
    page = page_of(client_of(everybody.administrative), "waiting_list", everybody.program_a)
    assert f'<option value="{kept.pk}">' in page.partition(f'id="wait-{twice.pk}"')[2].partition("</li>")[0]

    answer = audited(everybody, twice, answer="duplicate", of=str(kept.pk))

    twice.refresh_from_db()
    assert answer.status_code == 302
    assert (twice.closing_reason, twice.duplicate_of) == ("duplicate", kept)
    assert str(twice.pk) not in rows_on(page_of(client_of(everybody.administrative), "waiting_list", everybody.program_a))


def test_the_list_leaves_as_csv_as_it_is_filtered_and_the_journal_has_it(everybody: Cast) -> None:
    referred(everybody, "fra", language="fr", discipline="SLP", note="=cmd")
    path = reverse("waiting_list_csv", args=[everybody.program_a.code])

    answer = client_of(everybody.administrative).post(path, {"query": "discipline=SLP"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Code"], row["Language"], row["Days waited"]) for row in rows] == [("fra", "French", "10")]
    assert JournalEntry.objects.get(action="waiting_list.export").client_ids == ["fra"]
    assert "fra" not in answer["Content-Disposition"]


def test_a_closed_duplicate_leads_to_the_referral_that_stays(everybody: Cast) -> None:
    kept = referred(everybody, "bb", initials="J. M.", birth_year=1950)
    twice = referred(everybody, "cc", initials="JM", birth_year=1950)
    audited(everybody, twice, answer="duplicate", of=str(kept.pk))

    page = page_of(client_of(everybody.administrative), "referral", everybody.program_a, twice.pk)

    assert reverse("referral", args=[everybody.program_a.code, kept.pk]) in page
    assert reverse("allotments", args=[everybody.program_a.code, twice.pk]) in page
