"""The report of service in French: each figure by its rows."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from cast import NOW, Cast
from evenload.records.models import Assignment, Client, FrenchException, Practitioner, RecordedVisit, Referral, Unit
from evenload.workflow import french_service
from evenload.workflow.french_service import Report, Waits, waits_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 2)


def referred(everybody: Cast, code: str, language: str = "fr", **facts: Any) -> Referral:
    asked = facts.pop("asked_on", date(2026, 1, 5) if language else None)
    client = Client.objects.create(program=everybody.program_a, code=code, initials=code[:6], language=language, language_asked_on=asked)
    return Referral.objects.create(client=client, **{"discipline": "OT", "received_on": date(2026, 1, 5), "state": "waiting", **facts})


def unit_of(everybody: Cast, code: str, holder: str = "", **facts: Any) -> Unit:
    like = everybody.program_a.units.filter(kind="client")[0]
    facts = {"kind": "client", "discipline": "OT", "time_standard": like.time_standard, "language": "fr", **facts}
    made = Unit.objects.create(program=everybody.program_a, code=code, **facts)
    if holder:
        Assignment.objects.create(unit=made, piece=code, practitioner=person_of(everybody, holder))
    return made


def person_of(everybody: Cast, code: str) -> Practitioner:
    return Practitioner.objects.get(program=everybody.program_a, code=code)


def reported(everybody: Cast) -> Report:
    return french_service.report(everybody.program_a, FIRST, LAST)


def test_what_was_asked_and_what_nobody_asked_is_counted_apart(everybody: Cast) -> None:
    french, english = referred(everybody, "f"), referred(everybody, "e", "en")
    silent, undated = referred(everybody, "s", ""), referred(everybody, "u", "fr", asked_on=None)
    referred(everybody, "early", received_on=date(2025, 12, 31))
    referred(everybody, "late", received_on=date(2026, 2, 1))

    found = reported(everybody)

    assert set(found.received) == {french, english, silent, undated}
    assert found.not_asked == (silent,)
    assert set(found.offered) == {french, english}
    assert set(found.requested) == {french, undated}


def test_a_request_is_with_a_french_speaker_with_another_with_nobody_or_over(everybody: Cast) -> None:
    rows = {
        "french": referred(everybody, "a", unit=unit_of(everybody, "x1", "Béa"), state="assigned"),
        "other": referred(everybody, "b", unit=unit_of(everybody, "x2", "Ana"), state="assigned"),
        "waiting": referred(everybody, "c", unit=unit_of(everybody, "x3")),
        "ended": referred(everybody, "d", state="closed", closed_on=LAST, closing_reason="goals_met"),
    }

    found = reported(everybody)

    assert {which: found.standing(which) for which in french_service.STANDS} == {which: (row,) for which, row in rows.items()}


def test_a_unit_of_two_of_whom_one_speaks_no_french_is_not_served_in_french(everybody: Cast) -> None:
    unit = unit_of(everybody, "x1", "Béa")
    Assignment.objects.create(unit=unit, piece="x1#2", practitioner=person_of(everybody, "Ana"))
    row = referred(everybody, "a", unit=unit, state="assigned")

    assert reported(everybody).standing("other") == (row,)


def seen_after(days: int, **facts: Any) -> Referral:
    return Referral(received_on=FIRST, first_visit_on=FIRST + timedelta(days=days), state="assigned", **facts)


def test_waits_are_the_middle_and_the_quartiles_of_days_to_the_first_visit() -> None:
    rows = [seen_after(days) for days in (4, 8, 15, 16, 23, 42)]

    found = waits_of([*rows, Referral(received_on=FIRST, state="waiting"), Referral(received_on=FIRST, state="closed")])

    assert found == Waits(6, Fraction(31, 2), Fraction(39, 4), Fraction(85, 4), still=1)
    assert found.is_small


def test_days_before_the_client_was_available_are_not_waited() -> None:
    found = waits_of([seen_after(20, available_from=FIRST + timedelta(days=15)), seen_after(3, available_from=FIRST + timedelta(days=9))])

    assert (found.n, found.lower, found.upper) == (2, Fraction(5, 4), Fraction(15, 4))
    assert waits_of([seen_after(7)]) == Waits(1, Fraction(7), None, None, still=0)
    assert waits_of([]) == Waits(0, None, None, None, still=0)


def test_french_is_compared_with_english_only(everybody: Cast) -> None:
    referred(everybody, "f", first_visit_on=date(2026, 1, 10))
    referred(everybody, "e", "en", first_visit_on=date(2026, 1, 20))
    referred(everybody, "a", "ar", first_visit_on=date(2026, 1, 30))

    found = reported(everybody)

    assert (found.waits_french.middle, found.waits_english.middle) == (5, 15)
    assert (found.waits_french.n, found.waits_english.n) == (1, 1)


def test_visits_with_who_asks_for_french_are_counted_by_who_made_them(everybody: Cast) -> None:
    unit, english = unit_of(everybody, "x1", "Béa"), unit_of(everybody, "x2", "Ana", language="en")
    french_client = referred(everybody, "a", unit=english, state="assigned")
    facts = {"program": everybody.program_a, "time_standard": unit.time_standard, "direct_minutes": 45, "outcome": "done"}
    bea, ana = person_of(everybody, "Béa"), person_of(everybody, "Ana")
    RecordedVisit.objects.create(on=FIRST, unit=unit, practitioner=bea, **facts)
    RecordedVisit.objects.create(on=LAST, unit=unit, practitioner=ana, **facts)
    RecordedVisit.objects.create(on=LAST, unit=english, referral=french_client, practitioner=ana, **facts)
    for other in (
        {"on": LAST, "unit": english, "practitioner": ana},
        {"on": LAST + timedelta(days=1), "unit": unit, "practitioner": bea},
        {"on": LAST, "unit": unit, "practitioner": bea, "outcome": "no_show"},
    ):
        RecordedVisit.objects.create(**{**facts, **other})

    found = reported(everybody)

    assert (found.visits, found.visits_french) == (3, 1)


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [("Béa", "Ana", True), ("Béa", "", True), ("Ana", "Cal", False), ("Ana", "Béa", False), ("Béa", "Béa", False)],
)
def test_continuity_breaks_where_a_french_speaker_is_followed_by_another_or_by_nobody(
    everybody: Cast, before: str, after: str, broken: bool
) -> None:
    unit = unit_of(everybody, "x1")
    Assignment.objects.create(unit=unit, piece="x1", practitioner=person_of(everybody, before), ends_on=date(2026, 1, 15))
    if after:
        Assignment.objects.create(unit=unit, piece="x1", practitioner=person_of(everybody, after), starts_on=date(2026, 1, 15))

    found = reported(everybody).broken

    assert [(one.unit, one.on, one.before, one.to) for one in found] == ([(unit, date(2026, 1, 15), before, after)] if broken else [])


def test_a_closed_unit_breaks_nothing_and_neither_does_another_period(everybody: Cast) -> None:
    unit = unit_of(everybody, "x1", closed_on=date(2026, 1, 15))
    Assignment.objects.create(unit=unit, piece="x1", practitioner=person_of(everybody, "Béa"), ends_on=date(2026, 1, 15))
    other = unit_of(everybody, "x2")
    Assignment.objects.create(unit=other, piece="x2", practitioner=person_of(everybody, "Béa"), ends_on=date(2026, 2, 1))

    assert reported(everybody).broken == ()


def test_who_covers_is_named_with_whether_she_speaks_french(everybody: Cast) -> None:
    Assignment.objects.filter(unit__program=everybody.program_a).delete()
    for number, cover in enumerate(("Béa", "Ana", "")):
        unit = unit_of(everybody, f"x{number}", position=number)
        named = person_of(everybody, cover) if cover else None
        Assignment.objects.create(unit=unit, piece=unit.code, practitioner=person_of(everybody, "Cal"), cover=named)

    assert [(one.cover, one.speaks_french) for one in reported(everybody).covered] == [("Béa", True), ("Ana", False), ("", False)]


def test_open_exceptions_stand_in_the_order_of_their_review(everybody: Cast) -> None:
    facts = {
        "program": everybody.program_a,
        "practitioner": person_of(everybody, "Cal"),
        "practitioner_code": "Cal",
        "practitioner_name": "Cal",
        "reason": "no_french_speaker",
        "alternatives": "others",
        "decided_by": everybody.manager_of_a,
        "decided_by_name": "Marie Roy",
        "decided_at": NOW,
    }
    rows = [
        FrenchException.objects.create(
            unit=unit_of(everybody, f"x{days}"), piece=f"x{days}", review_on=TODAY + timedelta(days=days), **facts
        )
        for days in (60, 5)
    ]

    assert reported(everybody).exceptions == (rows[1], rows[0])


def test_the_report_asks_as_many_questions_of_more_rows(everybody: Cast, django_assert_max_num_queries: Any) -> None:
    def with_more(letter: str) -> int:
        for number in range(6):
            unit = unit_of(everybody, f"{letter}{number}", "Béa")
            referred(everybody, f"r{letter}{number}", unit=unit, state="assigned")
            Assignment.objects.create(unit=unit, piece="gone", practitioner=person_of(everybody, "Béa"), ends_on=date(2026, 1, 20))
        with django_assert_max_num_queries(8) as queries:
            found = reported(everybody)
        assert len(found.broken) >= 6
        return len(queries)

    assert with_more("x") == with_more("y")
