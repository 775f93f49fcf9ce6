"""Rows of units that are kept from one reading to the next are never older than the records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from evenload.exchange.example import example_rows
from evenload.records.models import Assignment, Practitioner, Program, Site, TimeStandard, Unit
from evenload.workflow import unit_rows
from evenload.workflow.records_from_rows import take_in

pytestmark = [pytest.mark.both, pytest.mark.django_db]
CHANGES: dict[str, Any] = {
    "clients": 777,
    "visits_used": Decimal("2.50"),
    "language": "de",
    "skills_required": ["juggling"],
    "days": ["tue", "sun"],
    "waiting_since": date(2020, 1, 6),
    "note": "by the back door",
    "lat": Decimal("44.123456789012345"),
}


def test_only_what_changed_is_made_anew_and_nothing_is_older_than_the_records() -> None:
    program = take_in(example_rows(practitioners=6, units=24, setting="school", seed=3), program=None, code="a").program

    def read() -> dict[str, Any]:
        found = {row.id: row for row in unit_rows.unit_rows(Program.objects.get(pk=program.pk), with_held=False)}
        unit_rows.forget()
        afresh = unit_rows.unit_rows(program, with_held=False)
        assert tuple(found.values()) == afresh
        return {row.id: row for row in afresh}

    def changed(before: dict[str, Any]) -> set[str]:
        kept = {row.id: row for row in unit_rows.unit_rows(program, with_held=False)}
        others = {id for id, row in kept.items() if row is not before.get(id)}
        assert {id: kept[id] for id in kept.keys() - others} == {id: before[id] for id in before.keys() - others}
        before |= read()
        return others

    before, unit = read(), Unit.objects.filter(program=program, site__isnull=False).order_by("pk")[3]
    assert changed(before) == set()
    for name, value in CHANGES.items():
        Unit.objects.filter(pk=unit.pk).update(**{name: value})
        assert changed(before) == {unit.code}, name
    nobody = Practitioner.objects.filter(program=program).exclude(assignments__unit=unit)[0]
    unit.barred_practitioners.add(nobody)
    assert changed(before) == {unit.code}
    Assignment.objects.filter(unit=unit, ends_on__isnull=True).delete()
    Assignment.objects.create(unit=unit, piece=unit.code, practitioner=nobody)
    assert changed(before) == {unit.code}
    Site.objects.filter(pk=unit.site_id).update(code="elsewhere")
    assert unit.code in changed(before)
    TimeStandard.objects.filter(pk=unit.time_standard_id).update(code="other class")
    assert unit.code in changed(before)
    assert (before[unit.code].site, before[unit.code].class_id) == ("elsewhere", "other class")
    Unit.objects.filter(pk=unit.pk).update(closed_on=date(2026, 1, 5))
    assert unit.code not in {row.id for row in unit_rows.unit_rows(program, with_held=False)}
