"""Contracts: what is kept of them, their targets, and the ledger of their visits down to practitioners."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from cast import NOW, Cast, person
from evenload.records.models import Allotment, Assignment, Contract, JournalEntry, Practitioner, Program, RecordedVisit, Referral, Unit
from evenload.workflow import contract_ledger, contracts
from evenload.workflow.contracts import Stated
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MONDAY = date(2026, 1, 5)
STATED = Stated("east", "East", "Est", "", MONDAY, MONDAY + timedelta(weeks=20, days=-1), 100, Decimal(5))


def made(everybody: Cast, **changes: object) -> Contract:
    stated = replace(STATED, **changes)  # type: ignore[arg-type]
    return contracts.add(everybody.program_a, stated, targets={1: (24, 5)}, by=person(everybody.director), at=NOW)


def visited(program: Program, unit: str, practitioner: str, on: date, *, outcome: str = "done", **more: object) -> RecordedVisit:
    row = Unit.objects.get(program=program, code=unit)
    by = Practitioner.objects.get(program=program, code=practitioner)
    return RecordedVisit.objects.create(
        program=program, on=on, time_standard=row.time_standard, unit=row, practitioner=by, direct_minutes=45, outcome=outcome, **more
    )


def test_a_contract_is_kept_with_its_targets_and_the_journal_has_it(everybody: Cast) -> None:
    contract = made(everybody)

    assert contracts.targets_of(everybody.program_a, contract) == {1: (24, 5)}
    line = JournalEntry.objects.get(action="contract.add")
    assert line.facts["after"]["visits"] == 100
    assert line.facts["after"]["targets"] == {"priority 1": "24 h, 5 d"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("code", "two words", "contract_code_odd"),
        ("name_en", " ", "contract_name_missing"),
        ("discipline", "XX", "contract_discipline_unknown"),
        ("ends_on", date(2026, 1, 4), "contract_days_reversed"),
        ("visits", -1, "contract_visits_odd"),
        ("tolerance_percent", Decimal(100), "contract_tolerance_odd"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(everybody: Cast, field: str, value: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        made(everybody, **{field: value})

    assert refused.value.facts["problems"] == {field: code}
    assert not Contract.objects.exists()


def test_a_code_is_given_once_in_a_program(everybody: Cast) -> None:
    made(everybody)

    with pytest.raises(Refused) as refused:
        made(everybody)

    assert refused.value.facts["problems"] == {"code": "contract_code_taken"}
    assert Contract.objects.count() == 1


def test_a_target_of_no_hours_is_refused_and_nothing_is_kept(everybody: Cast) -> None:
    with pytest.raises(Refused) as refused:
        contracts.add(everybody.program_a, STATED, targets={2: (0, 9999)}, by=person(everybody.director), at=NOW)

    assert refused.value.facts["problems"] == {"hours-2": "target_hours_odd", "days-2": "target_days_odd"}
    assert not Contract.objects.exists()


def test_a_change_says_before_and_after_and_who_came_second_is_told(everybody: Cast) -> None:
    contract, by = made(everybody), person(everybody.director)
    seen = contracts.as_seen(contract)

    contracts.change(contract, replace(STATED, visits=120), targets={2: (48, 10)}, by=by, at=NOW, seen=seen)

    facts = JournalEntry.objects.get(action="contract.change").facts
    assert (facts["before"]["visits"], facts["after"]["visits"]) == (100, 120)
    assert contracts.targets_of(everybody.program_a, contract) == {2: (48, 10)}
    with pytest.raises(Refused, match="contract_changed"):
        contracts.change(contract, STATED, targets={}, by=by, at=NOW, seen=seen)


def test_a_referral_gets_the_target_of_its_contract_else_of_the_program(everybody: Cast) -> None:
    program, contract = everybody.program_a, made(everybody)
    contracts.set_targets(program, {1: (72, 30), 2: (96, 60)}, by=person(everybody.director), at=NOW)

    found = [contracts.targets_for(program, *asked) for asked in ((contract, 1), (contract, 2), (None, 1), (contract, 3))]

    assert [one and one.respond_hours for one in found] == [24, 96, 72, None]


def test_the_ledger_counts_what_took_place_in_the_contract_by_site_and_practitioner(everybody: Cast) -> None:
    program, contract = everybody.program_a, made(everybody)
    for week in range(4):
        visited(program, "u1", "Ana", MONDAY + timedelta(weeks=week))
        visited(program, "u1", "Ana", MONDAY + timedelta(weeks=week, days=2))
        visited(program, "u2", "Béa", MONDAY + timedelta(weeks=week))
    visited(program, "u1", "Ana", MONDAY - timedelta(days=1))
    visited(program, "u1", "Ana", MONDAY, outcome="no_show")
    visited(everybody.program_b, "u1", "Ana", MONDAY)

    found = contract_ledger.ledger(contract, today=MONDAY + timedelta(weeks=4, days=-1))

    assert (found.line.forecast.delivered, found.missed) == (12, 1)
    assert found.line.forecast.expected == 60
    assert found.line.forecast.state == "under"
    rows = {(row.site, row.practitioner): (row.delivered, row.expected) for row in found.rows if row.delivered}
    sites = {unit.code: unit.site.code if unit.site else "" for unit in program.units.select_related("site")}
    assert rows == {(sites["u1"], "Ana"): (8, 40), (sites["u2"], "Béa"): (4, 20)}
    assert sum(found.by_day.values()) == 12


def test_the_list_and_the_ledger_of_one_contract_say_the_same(everybody: Cast) -> None:
    program = everybody.program_a
    contract, other = made(everybody), made(everybody, code="ot", discipline="OT", ends_on=date(2026, 3, 31))
    for week in range(5):
        visited(program, "u1", "Ana", MONDAY + timedelta(weeks=week))
    today = date(2026, 2, 9)

    found = {line.contract.pk: line for line in contract_ledger.lines(program, today=today)}

    for one in (contract, other):
        assert contract_ledger.ledger(one, today=today).line == found[one.pk]
    assert found[other.pk].forecast.delivered == 5
    assert found[contract.pk].forecast.delivered == 0


def test_committed_is_what_remains_of_the_units_that_somebody_has(everybody: Cast) -> None:
    """To the end of the period, from the next day on; what nobody has stands apart; both together are all visits that remain."""
    program, contract = everybody.program_a, made(everybody)
    case = contract_ledger.picture_of_now(program).facts.case
    remain = sum((unit.visits_per_week * case.weeks_left for unit in case.units), Fraction(0))

    found = contract_ledger.ledger(contract, today=MONDAY - timedelta(days=1))

    assert found.line.committed is not None
    assert found.line.nobody is not None
    assert found.line.committed + found.line.nobody == remain
    taken = set(Assignment.objects.filter(unit__program=program, ends_on__isnull=True).values_list("piece", flat=True))
    assert found.line.committed == sum((unit.visits_per_week * case.weeks_left for unit in case.units if unit.id in taken), Fraction(0))
    half = contract_ledger.ledger(contract, today=MONDAY + timedelta(weeks=10, days=-1))
    assert half.line.committed == found.line.committed / 2


def test_what_is_left_of_an_allotment_stands_for_the_unit_of_its_client(everybody: Cast) -> None:
    program, contract = everybody.program_a, made(everybody)
    before = contract_ledger.ledger(contract, today=MONDAY).line
    referral = Referral.objects.filter(unit__program=program, unit__assignments__isnull=True).select_related("unit")[0]
    assert referral.unit is not None
    piece = contract_ledger.picture_of_now(program).facts.units[referral.unit.code]
    Allotment.objects.create(referral=referral, authorised_visits=9, used_visits=2, starts_on=MONDAY, expires_on=date(2026, 2, 28))

    after = contract_ledger.ledger(contract, today=MONDAY).line

    assert before.nobody is not None
    assert after.nobody is not None
    days = 7 * 20 - 1
    assert after.nobody - before.nobody == 7 - piece.visits_per_week * 20 * Fraction(days, days + 1)


def test_contracts_of_the_past_of_the_future_and_without_visits_stand(everybody: Cast) -> None:
    made(everybody, code="past", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    made(everybody, code="future", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    made(everybody, code="none", visits=0, tolerance_percent=Decimal(0))

    found = {line.contract.code: line for line in contract_ledger.lines(everybody.program_a, today=date(2026, 2, 2))}

    assert (found["past"].forecast.state, found["past"].forecast.is_over, found["past"].committed) == ("under", True, 0)
    assert (found["future"].forecast.state, found["future"].forecast.delivered, found["future"].committed) == ("before", 0, 0)
    assert found["none"].forecast.state == "on_course"
    assert contract_ledger.ledger(found["past"].contract, today=date(2026, 2, 2)).rows == ()
    assert contract_ledger.ledger(found["future"].contract, today=date(2026, 2, 2)).rows == ()


def test_facts_that_contradict_each_other_leave_the_delivered_visits_standing(everybody: Cast) -> None:
    program, contract = everybody.program_a, made(everybody)
    visited(program, "u1", "Ana", MONDAY)
    program.duties.create(who="*", kind="everything", basis="percent", amount=100)
    Program.objects.filter(pk=program.pk).update(facts_version=99)

    found = contract_ledger.ledger(contract, today=MONDAY)

    assert (found.line.forecast.delivered, found.line.committed, found.line.nobody) == (1, None, None)
