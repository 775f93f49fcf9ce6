"""Imports: shown before anything is written, taken in whole or not at all, once; and everything out again as it came in."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast, person
from evenload.exchange.confined import read_confined
from evenload.exchange.example import example_rows
from evenload.exchange.own_rows import Answers
from evenload.exchange.rows import Rows
from evenload.exchange.sheets_out import write_rows
from evenload.records.models import Assignment, ColumnMapping, Import, JournalEntry, Program, StandardVersion
from evenload.workflow import intake
from evenload.workflow.export import export
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import rows_of

pytestmark = [pytest.mark.both, pytest.mark.slow]

LIST = b"School,Therapist,Discipline,Language\nOak,Ana Cruz,OT,en\nElm,Ben Chan,OT,fr\n"
COLUMNS = {0: "site", 1: "practitioner", 2: "discipline", 3: "language"}
ANSWERS = Answers("Our own", "school", date(2026, 1, 5), 20)


def workbook(rows: Rows, folder: Path) -> bytes:
    write_rows(rows, folder / "made.xlsx", "en")
    return (folder / "made.xlsx").read_bytes()


@pytest.fixture
def small() -> Rows:
    return example_rows(practitioners=4, units=10)


def taken(everybody: Cast, content: bytes, name: str = "w.xlsx", program: Program | None = None) -> Program:
    by = person(everybody.director)
    made = intake.preview(content, name, by=by, program=program, at=NOW)
    return intake.confirm(made, by=by, at=NOW)


# A workbook


def test_a_preview_counts_what_would_be_done_and_does_none_of_it(everybody: Cast, small: Rows, tmp_path: Path) -> None:
    made = intake.preview(workbook(small, tmp_path), "w.xlsx", by=person(everybody.director), program=None, at=NOW)

    assert (made.state, made.problems) == ("previewed", [])
    assert made.counts["units"] == {"created": 10, "changed": 0, "left": 0, "gone": 0}
    assert made.counts["practitioners"]["created"] == 4
    assert Program.objects.count() == 2


def test_confirmed_it_is_all_there_and_the_file_is_forgotten(everybody: Cast, small: Rows, tmp_path: Path) -> None:
    program = taken(everybody, workbook(small, tmp_path))

    made = Import.objects.get()
    assert rows_of(program) == small
    assert (made.state, bytes(made.content), made.program) == ("imported", b"", program)
    assert Assignment.objects.filter(unit__program=program, ends_on=None).count() == sum(bool(u.current_practitioner) for u in small.units)
    assert [entry.action for entry in JournalEntry.objects.order_by("number")] == ["import.preview", "program.create", "import.confirm"]


def test_a_second_time_everything_is_left_as_it_is(everybody: Cast, small: Rows, tmp_path: Path) -> None:
    program = taken(everybody, workbook(small, tmp_path))

    made = intake.preview(workbook(small, tmp_path), "w.xlsx", by=person(everybody.director), program=program, at=NOW)

    assert all(counted["created"] == counted["changed"] == counted["gone"] == 0 for counted in made.counts.values())


def test_what_changes_is_counted_by_kind(everybody: Cast, tmp_path: Path) -> None:
    by, program = person(everybody.manager_of_a), everybody.program_a
    rows = rows_of(program)
    fewer = Rows(**{**{name: getattr(rows, name) for name in rows.__slots__}, "units": rows.units[:-1], "absences": rows.absences[:1]})

    made = intake.preview(workbook(fewer, tmp_path), "w.xlsx", by=by, program=program, at=NOW)

    assert made.counts["units"]["gone"] == 1
    assert made.counts["units"]["left"] == len(rows.units) - 1
    assert made.counts["absences"]["gone"] == len(rows.absences) - 1


def test_every_problem_is_kept_with_its_place_and_nothing_can_be_confirmed(everybody: Cast, small: Rows, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    content = io.BytesIO(workbook(small, tmp_path))
    book = load_workbook(content)
    book["practitioners"]["E2"] = "4O"
    book["units"]["D3"] = "magic"
    changed = io.BytesIO()
    book.save(changed)
    by = person(everybody.director)

    made = intake.preview(changed.getvalue(), "w.xlsx", by=by, program=None, at=NOW)

    found = {(problem["sheet"], problem["cell"], problem["value"]) for problem in made.problems}
    assert {("practitioners", "E2", "4O"), ("units", "D3", "magic")} <= found
    with pytest.raises(Refused, match="import_has_problems"):
        intake.confirm(made, by=by, at=NOW)
    assert Program.objects.count() == 2


def test_a_file_that_cannot_be_read_is_not_kept(everybody: Cast) -> None:
    made = intake.preview(b"PK\x03\x04 nonsense", "w.xlsx", by=person(everybody.director), program=None, at=NOW)

    assert (made.state, bytes(made.content)) == ("refused", b"")
    assert [problem["code"] for problem in made.problems] == ["file_corrupted"]


@pytest.mark.parametrize("content, code", [(b"", "upload_empty"), (b"x" * (intake.UPLOAD_LIMIT_BYTES + 1), "upload_too_large")])
def test_nothing_and_too_much_are_refused(content: bytes, code: str, everybody: Cast) -> None:
    with pytest.raises(Refused, match=code):
        intake.preview(content, "w.xlsx", by=person(everybody.director), program=None, at=NOW)

    assert not Import.objects.exists()


def test_a_manager_creates_no_program_and_imports_into_no_foreign_one(everybody: Cast) -> None:
    by = person(everybody.manager_of_a)

    for program in (None, everybody.program_b):
        with pytest.raises(Refused, match="program_needed"):
            intake.preview(LIST, "list.csv", by=by, program=program, at=NOW)


def test_one_import_is_confirmed_once(everybody: Cast, small: Rows, tmp_path: Path) -> None:
    by = person(everybody.director)
    made = intake.preview(workbook(small, tmp_path), "w.xlsx", by=by, program=None, at=NOW)
    again = Import.objects.get(pk=made.pk)
    intake.confirm(made, by=by, at=NOW)

    with pytest.raises(Refused, match="import_closed"):
        intake.confirm(again, by=by, at=NOW)
    assert Program.objects.count() == 3
    versions = StandardVersion.objects.filter(standard__program=Import.objects.get(pk=made.pk).program)
    assert {(one.number, one.state, one.decided_by_name, one.evidence["origin"]) for one in versions} == {
        (1, "approved", "Dora Director", "imported")
    }
    assert versions.count() == len(small.classes)


def test_a_program_that_changed_meanwhile_is_previewed_anew(everybody: Cast, tmp_path: Path) -> None:
    by, program = person(everybody.manager_of_a), everybody.program_a
    rows = rows_of(program)
    made = intake.preview(workbook(rows, tmp_path), "w.xlsx", by=by, program=program, at=NOW)
    take_in(rows, program=program, code=program.code)  # somebody else is quicker: the version of the facts moves on

    with pytest.raises(Refused, match="import_outdated"):
        intake.confirm(made, by=by, at=NOW)
    assert intake.confirm(Import.objects.get(pk=made.pk), by=by, at=NOW) == program


def test_a_value_that_the_database_does_not_keep_changes_nothing(everybody: Cast, small: Rows, tmp_path: Path) -> None:
    all_reserved = replace(small, program=replace(small.program, reserve_percent=Fraction(100)))
    by = person(everybody.director)
    made = intake.preview(workbook(all_reserved, tmp_path), "w.xlsx", by=by, program=None, at=NOW)

    with pytest.raises(Refused, match="import_not_stored"):
        intake.confirm(made, by=by, at=NOW)
    assert Program.objects.count() == 2
    assert Import.objects.get().state == "previewed"


def test_discarded_it_is_forgotten(everybody: Cast) -> None:
    by = person(everybody.director)
    made = intake.preview(LIST, "list.csv", by=by, program=None, at=NOW)

    intake.discard(made, by=by, at=NOW)

    assert (made.state, bytes(made.content)) == ("discarded", b"")
    with pytest.raises(Refused, match="import_closed"):
        intake.discard(made, by=by, at=NOW)


def test_a_preview_that_nobody_confirms_is_forgotten_after_a_day(everybody: Cast) -> None:
    by = person(everybody.director)
    old = intake.preview(LIST, "list.csv", by=by, program=None, at=NOW)

    intake.preview(LIST, "list.csv", by=by, program=None, at=NOW + timedelta(days=2))

    old.refresh_from_db()
    assert (old.state, bytes(old.content)) == ("discarded", b"")


@pytest.mark.parametrize("name", ["../../x.csv", "C:\\secret\\x.csv", "a\nb\u202e.csv", "é" * 400 + ".csv"])
def test_the_name_of_a_file_is_kept_to_be_shown_only(name: str, everybody: Cast) -> None:
    made = intake.preview(LIST, name, by=person(everybody.director), program=None, at=NOW)

    shown = Import.objects.get(pk=made.pk).file_name
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.isprintable()
    assert len(shown) <= 200


# An own list


def test_an_own_list_waits_for_its_columns_and_then_makes_a_program(everybody: Cast) -> None:
    by = person(everybody.director)
    made = intake.preview(LIST, "list.csv", by=by, program=None, at=NOW)
    assert intake.needs_columns(made)
    with pytest.raises(Refused, match="import_not_mapped"):
        intake.confirm(made, by=by, at=NOW)

    intake.choose_columns(made, columns=COLUMNS, answers=ANSWERS, by=by, at=NOW)
    program = intake.confirm(Import.objects.get(pk=made.pk), by=by, at=NOW)

    assert (program.code, program.name_en, program.units.count(), program.practitioners.count()) == ("our-own", "Our own", 2, 2)


def test_the_mapping_is_offered_again_for_the_same_headings(everybody: Cast) -> None:
    by, program = person(everybody.manager_of_a), everybody.program_a
    first = intake.preview(LIST, "september.csv", by=by, program=program, at=NOW)
    intake.choose_columns(first, columns={**COLUMNS, 3: ""}, answers=ANSWERS, by=by, at=NOW)
    other = LIST.replace(b"Oak", b"Ash")

    second = intake.preview(other, "october.csv", by=by, program=program, at=NOW)

    assert [(guess["meaning"], guess["is_sure"]) for guess in second.columns["guesses"]][3] == ("", True)
    assert ColumnMapping.objects.get().program == program


def test_two_columns_cannot_mean_the_same(everybody: Cast) -> None:
    by = person(everybody.director)
    made = intake.preview(LIST, "list.csv", by=by, program=None, at=NOW)

    with pytest.raises(Refused, match="meaning_twice"):
        intake.choose_columns(made, columns={0: "site", 1: "site"}, answers=ANSWERS, by=by, at=NOW)


def test_an_own_list_completes_a_program_and_keeps_the_rest(everybody: Cast) -> None:
    by, program = person(everybody.manager_of_a), everybody.program_a
    before = rows_of(program)
    made = intake.preview(LIST, "list.csv", by=by, program=program, at=NOW)
    intake.choose_columns(made, columns=COLUMNS, answers=ANSWERS, by=by, at=NOW)

    intake.confirm(made, by=by, at=NOW)

    after = rows_of(program)
    assert after.units[: len(before.units)] == before.units
    assert len(after.units) == len(before.units) + 2
    assert (after.program, after.absences, after.duties) == (before.program, before.absences, before.duties)


def test_programs_of_one_name_get_codes_of_their_own(everybody: Cast) -> None:
    assert intake.free_code("Home care!") == "home-care-2"
    assert intake.free_code("../../x") == "x"
    assert intake.free_code("日本") == "program"


# Everything out


@pytest.mark.parametrize("setting", ["school", "community", "clinic", "hospital"])
@pytest.mark.parametrize("form, lang", [("xlsx", "fr"), ("csv", "en")])
def test_what_goes_out_comes_in_as_the_same_rows(setting: str, form: str, lang: str, everybody: Cast) -> None:
    rows = example_rows(practitioners=6, units=40, setting=setting)
    program = take_in(rows, program=None, code=f"out-{setting}").program
    by = person(everybody.director)

    made = export(program, form=form, lang=lang, by=by, at=NOW)
    answered = read_confined(made.content, made.name)

    assert rows_of(program) == rows
    assert answered.problems == ()
    assert answered.rows == rows
    assert JournalEntry.objects.filter(action="export.make", program_id=program.pk).exists()


def test_the_worked_example_goes_out_and_in_unchanged(everybody: Cast) -> None:
    program, by = everybody.program_a, person(everybody.manager_of_a)
    before = rows_of(program)
    made = export(program, form="xlsx", lang="en", by=by, at=NOW)

    again = intake.preview(made.content, made.name, by=by, program=program, at=NOW)
    intake.confirm(again, by=by, at=NOW)

    assert rows_of(program) == before


def test_names_that_look_like_formulas_go_out_as_text(everybody: Cast) -> None:
    everybody.program_a.practitioners.filter(code="Ana").update(name='=HYPERLINK("http://x","y")')

    made = export(everybody.program_a, form="csv", lang="en", by=person(everybody.director), at=NOW)

    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        text = archive.read("practitioners.csv").decode("utf-8-sig")
    assert "'=HYPERLINK" in text


def test_the_queries_of_an_export_do_not_grow_with_the_program(everybody: Cast) -> None:
    by = person(everybody.director)
    counts = []
    for units in (10, 60):
        program = take_in(example_rows(practitioners=5, units=units), program=None, code=f"size-{units}").program
        with CaptureQueriesContext(connection) as queries:
            export(program, form="csv", lang="en", by=by, at=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
