"""Rows to records and back: nothing is lost, nothing is half taken in, and it costs the same queries for a large list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.db import DataError, IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast, edition_of
from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.exchange.rows import Rows
from evenload.planning.prepare import case_from
from evenload.planning.standards import class_times
from evenload.records.models import Assignment, Practitioner, Program, Unit
from evenload.workflow import snapshot
from evenload.workflow.records_from_rows import take_in

pytestmark = [pytest.mark.both, pytest.mark.django_db]
SETTINGS = ("school", "community", "clinic", "hospital")


def small(setting: str = "school", units: int = 40, seed: int = 2) -> Rows:
    return example_rows(practitioners=8, units=units, setting=setting, seed=seed)


@pytest.mark.parametrize("setting", SETTINGS)
def test_rows_come_back_as_they_went_in(setting: str) -> None:
    rows = small(setting, units=80)
    program = take_in(rows, program=None, code=setting).program
    assert snapshot.rows_of(program, with_held=True) == rows
    assert snapshot.rows_of(Program.objects.get(pk=program.pk), with_held=True) == rows


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_case_of_the_records_is_that_of_the_rows(setting: str) -> None:
    rows = small(setting)
    program = take_in(rows, program=None, code=setting).program
    assert snapshot.case_of(program) == case_from(program_from(rows))
    found, stated = snapshot.facts_of(program), program_from(rows)
    assert replace(found, visits=()) == replace(stated, visits=())
    assert class_times(found) == class_times(stated)  # visits that are alike are one row there


def test_the_same_list_again_changes_nothing_but_the_count_of_versions() -> None:
    rows = small()
    program = take_in(rows, program=None, code="a").program
    again = take_in(rows, program=program, code="a")
    assert {name: (one.created, one.changed, one.unnamed) for name, one in again.sheets.items()} == dict.fromkeys(
        ("practitioners", "sites", "classes", "units"), (0, 0, 0)
    )
    assert again.sheets["units"].left == 40
    assert again.program.facts_version == 2
    assert snapshot.rows_of(program, with_held=True) == rows
    assert Assignment.objects.filter(ends_on__isnull=False).count() == 0


def test_a_changed_list_changes_what_it_names_and_keeps_what_it_does_not() -> None:
    rows = small()
    program = take_in(rows, program=None, code="a").program
    first, *others = rows.units
    changed = replace(rows, units=(replace(first, clients=first.clients + 1, id=first.id), *others[:-1]))
    outcome = take_in(changed, program=program, code="a")
    counted = outcome.sheets["units"]
    assert (counted.created, counted.changed, counted.left, counted.unnamed) == (0, 1, 38, 1)
    assert Unit.objects.get(program=program, code=first.id).clients == first.clients + 1
    assert Unit.objects.filter(program=program).count() == 40


def test_what_the_records_refuse_leaves_nothing_behind() -> None:
    rows = small()
    first, *others = rows.practitioners
    impossible = replace(rows, practitioners=(*others, replace(first, weekly_hours=Fraction(169))))
    with pytest.raises((IntegrityError, DataError)):
        take_in(impossible, program=None, code="a")
    assert not Program.objects.exists()
    assert not Practitioner.objects.exists()


def test_a_list_that_fails_late_leaves_the_program_as_it_was() -> None:
    rows = small()
    program = take_in(rows, program=None, code="a").program
    first, *others = rows.units
    changed = replace(rows, units=(*others, replace(first, clients=7, current_practitioner="nobody")))
    with pytest.raises(KeyError):
        take_in(changed, program=program, code="a")
    assert snapshot.rows_of(Program.objects.get(pk=program.pk), with_held=True) == rows


def test_another_current_practitioner_replaces_the_one_of_the_list_before() -> None:
    rows = small()
    program = take_in(rows, program=None, code="a").program
    unit = next(row for row in rows.units if row.current_practitioner)
    other = next(row.id for row in rows.practitioners if row.id != unit.current_practitioner)
    moved = replace(rows, units=tuple(replace(row, current_practitioner=other) if row is unit else row for row in rows.units))
    take_in(moved, program=program, code="a")
    assert snapshot.rows_of(program, with_held=True) == moved
    assert Assignment.objects.filter(unit__code=unit.id).count() == 1


def test_a_published_assignment_is_closed_and_kept(everybody: Cast) -> None:
    program = everybody.program_a
    rows = snapshot.rows_of(program, with_held=True)
    edition = edition_of(program, everybody.director)
    Assignment.objects.filter(unit__program=program, unit__code="u2").update(edition=edition, starts_on=date(2026, 2, 1))
    Assignment.objects.filter(unit__program=program, unit__code="u8").update(edition=edition, starts_on=None)
    moved = {"u2": None, "u8": "Ana"}
    changed = tuple(replace(row, current_practitioner=moved[row.id]) if row.id in moved else row for row in rows.units)
    take_in(replace(rows, units=changed), program=program, code=program.code)
    kept = {one.unit.code: one for one in Assignment.objects.filter(edition=edition).select_related("unit")}
    assert (kept["u2"].ends_on, kept["u8"].ends_on) == (date(2026, 2, 1), date(2026, 1, 5))
    assert snapshot.current_of_pieces(program) == {"u1": "Ana", "u3": "Ana", "u8": "Ana"}


def test_a_unit_whose_blocks_have_several_practitioners_is_left_alone_while_the_list_names_one(everybody: Cast) -> None:
    program = everybody.program_a
    unit = Unit.objects.get(program=program, code="u1")
    Assignment.objects.filter(unit=unit).delete()
    people = {one.code: one for one in Practitioner.objects.filter(program=program)}
    for number, code in enumerate(("Ana", "Cal", "Ana"), start=1):
        Assignment.objects.create(unit=unit, piece=f"u1#{number}", practitioner=people[code])
    rows = snapshot.rows_of(program, with_held=True)
    assert next(row for row in rows.units if row.id == "u1").current_practitioner == "Ana"
    take_in(rows, program=program, code=program.code)
    current = snapshot.current_of_pieces(program)
    assert {piece: who for piece, who in current.items() if piece.startswith("u1")} == {"u1#1": "Ana", "u1#2": "Cal", "u1#3": "Ana"}


def test_reading_costs_the_same_queries_whatever_the_size_and_writing_grows_by_batches_only() -> None:
    counts = []
    for units, code in ((60, "a"), (120, "b")):
        rows = replace(small(units=units), visits=())
        with CaptureQueriesContext(connection) as written:
            program = take_in(rows, program=None, code=code).program
        with CaptureQueriesContext(connection) as read:
            snapshot.rows_of(program, with_held=True)
        with CaptureQueriesContext(connection) as first:
            snapshot.case_of(program)
        with CaptureQueriesContext(connection) as again:
            snapshot.case_of(program)
        counts.append((len(written), len(read), len(first), len(again)))
    (few, *reading), (many, *again_reading) = counts
    assert reading == again_reading
    assert reading[-1] == 1
    assert many - few <= 5  # SQLite takes some forty units in one statement


def test_a_snapshot_is_kept_until_the_facts_change(everybody: Cast) -> None:
    program = everybody.program_a
    before = snapshot.snapshot_of(program)
    assert snapshot.snapshot_of(Program.objects.get(pk=program.pk)) is before
    Unit.objects.filter(program=program, code="u1").update(priority=1)
    Program.objects.filter(pk=program.pk).update(facts_version=before.facts_version + 1)
    # The program at hand still says the old version: the records are asked, not it.
    assert next(unit.priority for unit in snapshot.case_of(program).units if unit.id == "u1") == 1


def test_a_draft_says_what_is_pinned_and_what_is_ruled_out(everybody: Cast) -> None:
    program = everybody.program_a
    Unit.objects.filter(program=program, code="u1").update(pinned=True)
    assert [unit.id for unit in snapshot.case_of(program).units if unit.is_pinned] == ["u1"]
    case = snapshot.case_with_draft(program, pins={"u2": "Béa"}, bans={"u3": ["Cal"]})
    units = {unit.id: unit for unit in case.units}
    assert {piece: unit.pinned_to for piece, unit in units.items() if unit.is_pinned} == {"u2": "Béa"}
    assert units["u3"].barred == frozenset({"Cal"})
    assert NOW.date() > case.as_of


def test_a_row_that_only_stands_elsewhere_in_the_list_was_not_changed() -> None:
    rows = small()
    program = take_in(rows, program=None, code="a").program
    last, *others = reversed(rows.units)
    moved = replace(rows, units=(last, *reversed(others)))
    counted = take_in(moved, program=program, code="a").sheets["units"]
    assert (counted.changed, counted.left) == (0, 40)
    assert snapshot.rows_of(program, with_held=True) == moved


def test_every_row_may_change_at_once() -> None:
    rows = small()
    program = take_in(rows, program=None, code="a").program
    keys = dict(Unit.objects.filter(program=program).values_list("code", "pk"))
    changed = replace(
        rows,
        units=tuple(replace(row, priority=1 + row.priority % 4, note="seen") for row in rows.units),
        practitioners=tuple(replace(row, team="north") for row in rows.practitioners),
    )
    assert take_in(changed, program=program, code="a").sheets["units"].changed == 40
    assert snapshot.rows_of(program, with_held=True) == changed
    assert dict(Unit.objects.filter(program=program).values_list("code", "pk")) == keys
