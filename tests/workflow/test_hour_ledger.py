"""One hour ledger per practitioner and week: commitments of everybody and what nobody has add up to what is needed, always."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random

import pytest

from cast import NOW, Cast, person
from evenload.planning.weekly import mondays
from evenload.records.models import Draft, Unit
from evenload.workflow import drafts
from evenload.workflow.desk_weeks import period_of
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.hour_ledger import hour_ledger, weeks_above
from workflow.drafts_made import example_program, fresh, move_about

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def _adds_up(draft: Draft) -> None:
    picture = picture_of(fresh(draft))
    ledger, case = hour_ledger(picture), picture.facts.case
    for week in range(len(ledger.mondays)):
        assert sum(weeks[week] for weeks in ledger.committed.values()) + ledger.nobody[week] == ledger.needed[week]
    assert sum(ledger.needed) == sum(unit.minutes for unit in case.units) * case.weeks_left
    for one in case.practitioners:
        carried, _ = ledger.forecast(one.id)
        assert carried == picture.standing.weeks[one.id].minutes * case.weeks_left


@pytest.mark.parametrize("setting", ["school", "community"])
def test_commitments_and_what_nobody_has_are_what_is_needed_in_every_week(setting: str) -> None:
    program, manager = example_program(practitioners=6, units=40, setting=setting, seed=11)
    draft = drafts.open_draft(program, by=manager, at=NOW)
    _adds_up(draft)
    assert move_about(draft, manager, Random(4), times=12) > 4
    _adds_up(draft)


def test_a_unit_that_begins_later_is_committed_from_then_on(everybody: Cast) -> None:
    program = everybody.program_a
    Unit.objects.filter(program=program, code="u3").update(from_date=date(2026, 3, 2))
    program.facts_version += 1
    program.save()
    draft = drafts.open_draft(program, by=person(everybody.manager_of_a), at=NOW)
    ledger = hour_ledger(picture_of(draft))

    before = [minutes for monday, minutes in zip(ledger.mondays, ledger.committed["Ana"], strict=True) if monday < date(2026, 3, 2)]
    after = [minutes for monday, minutes in zip(ledger.mondays, ledger.committed["Ana"], strict=True) if monday >= date(2026, 3, 2)]

    assert set(before) == {Fraction(854)}  # u1 alone
    assert min(after) > 854 + 600  # u3's 600 a week lie in fewer weeks
    _adds_up(draft)


def test_whether_somebody_can_take_one_more_is_answered_by_week(everybody: Cast) -> None:
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)
    picture = picture_of(draft)
    ledger, bundle = hour_ledger(picture), picture.facts.bundle_of

    assert weeks_above(ledger, picture, "Béa", bundle["u6"]) == ()
    assert weeks_above(ledger, picture, "Ana", bundle["u4"]) == mondays(period_of(picture.facts))
    assert weeks_above(ledger, picture, "Ana", bundle["u1"]) == ()  # she has it already
    assert min(ledger.free("Béa")) > 0
