"""The waiting list: who is on it, for how long, what is due, its pools; and the audit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, cast, person
from evenload.records.models import Assignment, Client, JournalEntry, Practitioner, Program, Referral, Unit
from evenload.workflow import waiting_list
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.refused import Refused
from evenload.workflow.waiting_list import Row, Wanted, pool, pools, shown

pytestmark = [pytest.mark.slow]

TODAY = date(2026, 1, 12)


def referred(everybody: Cast, code: str, **facts: Any) -> Referral:
    """A referral of a client of her own, waiting since New Year."""
    of_client = {name: facts.pop(name) for name in ("initials", "birth_year", "language") if name in facts}
    client = Client.objects.create(program=everybody.program_a, code=code, **{"initials": "A. B.", **of_client})
    given = {"discipline": "OT", "received_on": date(2026, 1, 1), "state": "waiting", **facts}
    return Referral.objects.create(client=client, **given)


def row_of(everybody: Cast, referral: Referral) -> Row:
    rows = waiting_list.rows_of(everybody.program_a, today=TODAY)
    return next(row for row in rows if not row.is_unit and row.key == referral.pk)


@pytest.mark.django_db
def test_referrals_that_wait_and_units_without_one_are_on_the_list(everybody: Cast) -> None:
    taken = set(Assignment.objects.filter(unit__program=everybody.program_a).values_list("unit__code", flat=True))
    with_referral = set(Referral.objects.filter(unit__program=everybody.program_a).values_list("unit__code", flat=True))
    program = everybody.program_a

    rows = waiting_list.rows_of(program, today=TODAY)

    units = {Unit.objects.get(pk=row.key).code for row in rows if row.is_unit}
    assert units == set(program.units.values_list("code", flat=True)) - taken - with_referral
    assert units != set()
    assert {row.key for row in rows if not row.is_unit} == set(
        Referral.objects.filter(client__program=program).values_list("pk", flat=True)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["assigned", "on_hold", "closed"])
def test_who_is_with_somebody_on_hold_or_closed_does_not_wait(everybody: Cast, state: str) -> None:
    closed = {"closed_on": TODAY, "closing_reason": "moved"} if state == "closed" else {}
    referral = referred(everybody, "n1", state=state, **closed)

    assert referral.pk not in {row.key for row in waiting_list.rows_of(everybody.program_a, today=TODAY) if not row.is_unit}


@pytest.mark.django_db
def test_a_closed_unit_and_one_that_somebody_has_are_not_on_the_list(everybody: Cast) -> None:
    before = {row.key for row in waiting_list.rows_of(everybody.program_a, today=TODAY) if row.is_unit}
    first = min(before)
    Unit.objects.filter(pk=first).update(closed_on=TODAY)

    assert {row.key for row in waiting_list.rows_of(everybody.program_a, today=TODAY) if row.is_unit} == before - {first}
    Unit.objects.filter(pk=first).update(closed_on=None)
    ana = Practitioner.objects.get(program=everybody.program_a, code="Ana")
    Assignment.objects.create(unit=Unit.objects.get(pk=first), piece="x", practitioner=ana)
    assert {row.key for row in waiting_list.rows_of(everybody.program_a, today=TODAY) if row.is_unit} == before - {first}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("available", "days", "own_days"),
    [(None, 11, 0), (date(2026, 1, 8), 4, 7), (date(2025, 12, 1), 11, 0), (date(2026, 2, 1), 0, 11)],
)
def test_days_that_the_client_chose_are_shown_and_not_waited(everybody: Cast, available: date | None, days: int, own_days: int) -> None:
    found = row_of(everybody, referred(everybody, "n1", available_from=available))

    assert (found.days, found.own_days) == (days, own_days)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"respond_by": datetime.fromisoformat("2026-01-11T15:00:00+00:00")}, ("respond", date(2026, 1, 11), True)),
        ({"respond_by": datetime.fromisoformat("2026-01-11T15:00:00+00:00"), "responded_at": NOW}, ("", None, False)),
        ({"first_visit_by": TODAY}, ("first_visit", TODAY, False)),
        ({"first_visit_by": date(2026, 1, 11)}, ("first_visit", date(2026, 1, 11), True)),
        ({"first_visit_by": date(2026, 1, 11), "first_visit_on": date(2026, 1, 9)}, ("", None, False)),
        ({"respond_by": NOW, "first_visit_by": date(2026, 1, 11)}, ("first_visit", date(2026, 1, 11), True)),
    ],
)
def test_what_is_owed_first_is_due_and_late_once_its_day_is_over(everybody: Cast, facts: dict[str, Any], due: tuple[Any, ...]) -> None:
    found = row_of(everybody, referred(everybody, "n1", **facts))

    assert (found.due_kind, found.due, found.is_late) == due


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"received_on": TODAY - timedelta(days=29)}, False),
        ({"received_on": TODAY - timedelta(days=30)}, True),
        ({"received_on": date(2025, 1, 1), "audited_on": TODAY - timedelta(days=29)}, False),
        ({"received_on": date(2025, 1, 1), "audited_on": TODAY - timedelta(days=30)}, True),
    ],
)
def test_whoever_was_not_asked_for_thirty_days_is_due_for_audit(everybody: Cast, facts: dict[str, Any], due: bool) -> None:
    assert row_of(everybody, referred(everybody, "n1", **facts)).is_audit_due is due


def line(key: int, **facts: Any) -> Row:
    given = {"discipline": "OT", "language": "en", "priority": 3, "since": TODAY, "days": 0, "own_days": 0, "due": None, "due_kind": ""}
    return Row(**{"is_unit": False, "key": key, "is_late": False, "is_audit_due": False, **given, **facts})


def test_late_ones_rise_to_the_top_then_what_is_due_then_priority() -> None:
    rows = [
        line(1),
        line(2, priority=1),
        line(3, due=TODAY + timedelta(days=3), due_kind="first_visit"),
        line(4, due=TODAY - timedelta(days=1), due_kind="first_visit", is_late=True),
        line(5, due=TODAY - timedelta(days=9), due_kind="first_visit", is_late=True, priority=4),
    ]

    assert [row.key for row in shown(rows, Wanted())] == [5, 4, 3, 2, 1]
    assert [row.key for row in shown(rows, Wanted(sort="priority"))] == [2, 4, 3, 1, 5]
    assert [row.key for row in shown(rows, Wanted(only="late"))] == [5, 4]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Wanted(discipline="PT"), [2]),
        (Wanted(language="fr"), [2]),
        (Wanted(language="not_asked"), [3]),
        (Wanted(language="other"), [4]),
        (Wanted(priority=1), [4]),
        (Wanted(age="0-30"), [1]),
        (Wanted(age="31-90"), [2]),
        (Wanted(age="181"), [4]),
        (Wanted(only="audit"), [3]),
    ],
)
def test_each_filter_takes_what_it_says(wanted: Wanted, keys: list[int]) -> None:
    rows = [
        line(1, days=30),
        line(2, discipline="PT", language="fr", days=31),
        line(3, language="", days=None, is_audit_due=True),
        line(4, language="ar", priority=1, days=181),
    ]

    assert [row.key for row in shown(rows, wanted)] == keys


def test_a_pool_counts_its_rows_with_the_oldest_and_the_median_wait() -> None:
    rows = [line(1, days=10), line(2, days=40, is_late=True), line(3, days=None), line(4, language="fr", days=5), line(5, days=13)]

    found = pools(rows)

    assert [(one.discipline, one.language, one.count, one.late) for one in found] == [("OT", "en", 4, 1), ("OT", "fr", 1, 0)]
    assert (found[0].oldest_days, found[0].median_days) == (40, 13)
    assert pool([rows[0], rows[4]]).median_days == Fraction(23, 2)
    assert pool([rows[2]]).median_days is None


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["still_waiting", "not_reached", "needs_changed"])
def test_an_audit_is_kept_with_its_day_and_its_person(everybody: Cast, answer: str) -> None:
    referral = referred(everybody, "n1", note="stairs")

    waiting_list.audit(referral, answer, seen_version=0, by=person(everybody.administrative), at=NOW, note="uses a walker now")

    referral.refresh_from_db()
    assert (referral.audit_answer, referral.audited_on, referral.audited_by) == (answer, TODAY, everybody.administrative)
    assert referral.note == "2026-01-12: uses a walker now stairs"
    assert JournalEntry.objects.get(action="waiting_list.audit").facts == {"answer": answer}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "note", "version", "code"),
    [
        ("", "", 0, "audit_answer_missing"),
        ("needs_changed", " ", 0, "audit_note_missing"),
        ("still_waiting", "", 7, "referral_changed"),
    ],
)
def test_an_audit_that_cannot_be_is_refused(everybody: Cast, answer: str, note: str, version: int, code: str) -> None:
    referral = referred(everybody, "n1")

    with pytest.raises(Refused, match=code):
        waiting_list.audit(referral, answer, seen_version=version, by=person(everybody.administrative), at=NOW, note=note)

    referral.refresh_from_db()
    assert referral.audited_on is None


@pytest.mark.django_db
def test_who_does_not_wait_is_not_audited(everybody: Cast) -> None:
    referral = referred(everybody, "n1", state="assigned")
    by = person(everybody.administrative)

    for act in (
        partial(waiting_list.audit, referral, "still_waiting"),
        partial(waiting_list.no_longer, referral, "moved"),
        partial(waiting_list.duplicate, referral, referred(everybody, "n2")),
    ):
        with pytest.raises(Refused, match="not_waiting"):
            act(seen_version=0, by=by, at=NOW)


@pytest.mark.django_db
def test_who_no_longer_waits_is_closed_with_the_reason(everybody: Cast) -> None:
    referral, by = referred(everybody, "n1"), person(everybody.administrative)

    with pytest.raises(Refused, match="closing_reason_missing"):
        waiting_list.no_longer(referral, "duplicate", seen_version=0, by=by, at=NOW)
    waiting_list.no_longer(referral, "moved", seen_version=0, by=by, at=NOW)

    referral.refresh_from_db()
    assert (referral.state, referral.closing_reason, referral.closed_on) == ("closed", "moved", TODAY)


@pytest.mark.django_db
def test_a_duplicate_is_closed_and_leads_to_what_it_duplicates(everybody: Cast) -> None:
    referral, other = referred(everybody, "n1"), referred(everybody, "n2")

    waiting_list.duplicate(referral, other, seen_version=0, by=person(everybody.administrative), at=NOW)

    referral.refresh_from_db()
    other.refresh_from_db()
    assert (referral.state, referral.closing_reason, referral.duplicate_of) == ("closed", "duplicate", other)
    assert other.state == "waiting"


@pytest.mark.django_db
def test_nothing_is_a_duplicate_of_itself_of_another_discipline_or_of_what_is_closed(everybody: Cast) -> None:
    referral = referred(everybody, "n1")
    closed = referred(everybody, "n2", state="closed", closed_on=TODAY, closing_reason="moved")
    cases = {"duplicate_of_itself": referral, "duplicate_unlike": referred(everybody, "n3", discipline="PT"), "duplicate_closed": closed}

    for code, other in cases.items():
        with pytest.raises(Refused, match=code):
            waiting_list.duplicate(referral, other, seen_version=0, by=person(everybody.administrative), at=NOW)

    referral.refresh_from_db()
    assert referral.state == "waiting"


@pytest.mark.django_db
def test_what_may_be_the_same_is_found_by_client_number_or_initials_and_year(everybody: Cast) -> None:
    one = referred(everybody, "n1", initials="J.M.", birth_year=1950, number="R-7")
    by_initials = referred(everybody, "n2", initials="J. M.", birth_year=1950)
    by_number = referred(everybody, "n3", initials="X", number="r-7")
    by_client = Referral.objects.create(client=one.client, discipline="OT", received_on=TODAY, state="assigned")
    for code, facts in {
        "n4": {"initials": "J. M.", "birth_year": 1951},
        "n5": {"initials": "J. M."},
        "n6": {"initials": "J. M.", "birth_year": 1950, "discipline": "PT"},
    }.items():
        referred(everybody, code, **facts)

    found = waiting_list.same_clients(everybody.program_a, [one])

    assert {other.pk for other in found[one.pk]} == {by_initials.pk, by_number.pk, by_client.pk}


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_of_two_who_audit_the_same_referral_at_once_one_is_told_it_changed(db: None) -> None:
    everybody = cast()
    referral, by = referred(everybody, "n1"), person(everybody.administrative)

    answers = answers_at_once(
        [
            partial(waiting_list.audit, referral, "still_waiting", seen_version=0, by=by, at=NOW),
            partial(waiting_list.audit, referral, "not_reached", seen_version=0, by=by, at=NOW),
            partial(waiting_list.no_longer, referral, "moved", seen_version=0, by=by, at=NOW),
        ]
    )

    refused = [one.code for one in answers if isinstance(one, Refused)]
    assert len(refused) == 2
    assert set(refused) <= {"referral_changed", "not_waiting"}


@pytest.mark.django_db
def test_a_unit_of_which_some_blocks_wait_says_how_many(everybody: Cast) -> None:
    program = everybody.program_a
    Program.objects.filter(pk=program.pk).update(block_hours=2, facts_version=60)
    program.refresh_from_db()
    blocks = [unit.id for unit in picture_of_now(program).facts.case.units if unit.stated_id == "u1"]
    assert len(blocks) > 2
    unit = Unit.objects.get(program=program, code="u1")
    Assignment.objects.filter(unit=unit).delete()
    ana = Practitioner.objects.get(program=program, code="Ana")
    Assignment.objects.create(unit=unit, piece=blocks[0], practitioner=ana)
    Program.objects.filter(pk=program.pk).update(facts_version=61)

    rows = [row for row in waiting_list.rows_of(program, today=TODAY) if row.is_unit and row.key == unit.pk]

    assert [row.blocks for row in rows] == [(len(blocks) - 1, len(blocks))]
