"""A workbook becomes typed rows, in English or French, wherever its table stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from evenload.exchange.columns import SHEETS
from evenload.exchange.open_input import open_input
from evenload.exchange.rows import AbsenceRow, DutyRow, GoalRow
from exchange.small_books import Sheets, good, read_sheets, told, with_cell, write_book


def in_french(sheets: Sheets) -> Sheets:
    """The same sheets with French titles, headings and keys."""
    found: Sheets = {}
    for sheet in SHEETS:
        headings = {column.name: column.fr for column in (*sheet.columns, *sheet.keys)}
        header, *rows = sheets[sheet.name]
        if sheet.keys:
            rows = [[headings[key], value] for key, value in rows]
        found[sheet.fr] = [[headings[heading] for heading in header], *rows]
    return found


def test_a_workbook_becomes_typed_rows(tmp_path: Path) -> None:
    reading = open_input(write_book(good(), tmp_path / "book.xlsx"))
    rows = reading.rows
    assert reading.notices == ()
    assert (rows.program.name_en, rows.program.period_start, rows.program.period_weeks) == ("North program", date(2026, 1, 5), 20)
    assert rows.program.other_disciplines == ("BT",)
    ana, bea = rows.practitioners
    assert (ana.name, ana.weekly_hours, ana.max_hours) == ("Ana Roy", Fraction(75, 2), Fraction(30))
    assert (ana.languages, ana.skills, ana.days) == ({"en": "native", "fr": "fluent"}, ("AAC", "seating"), ("mon", "tue"))
    assert (bea.disciplines, bea.max_hours, bea.accepts_new) == (("OT", "PT"), None, True)
    assert rows.absences == (AbsenceRow("*", "vacation", days=Fraction(8)), AbsenceRow("béa", "training", hours=Fraction(15, 2)))
    assert rows.duties[1] == DutyRow("OT", "meetings", "hours_per_week", Fraction(2))
    assert rows.sites[1].postal == "K2C"
    assert rows.classes[0].no_show_rate == Fraction(1, 10)
    first, second = rows.units
    assert (first.clients, first.pinned, first.barred_practitioners) == (14, True, ("béa",))
    assert first.note == "first line\nsecond line"
    assert (second.clients, second.priority, second.waiting_since) == (1, 3, date(2025, 11, 24))
    assert rows.visits[0].on == date(2025, 10, 1)
    assert rows.goals == (GoalRow("travel", Fraction(3, 2)),)


def test_french_titles_headings_and_keys_say_the_same(tmp_path: Path) -> None:
    english = open_input(write_book(good(), tmp_path / "en.xlsx"))
    french = open_input(write_book(in_french(good()), tmp_path / "fr.xlsx"))
    assert french.rows == english.rows
    assert french.positions["units"].title == "unités"


def test_case_accents_spaces_and_stars_in_headings_do_not_matter() -> None:
    sheets = good()
    sheets["  UNITS "] = sheets.pop("units")
    sheets["  UNITS "][0] = [f" {heading.replace('_', ' ').upper()} * " for heading in sheets["  UNITS "][0]]
    sheets["practitioners"][0] = ["Identifiant", "NOM", *sheets["practitioners"][0][2:]]
    assert read_sheets(sheets).rows == read_sheets(good()).rows


def test_french_words_in_cells_are_read() -> None:
    sheets = good()
    for place, value in {
        "practitioners!D2": "Salarié",
        "practitioners!G2": "anglais:maternelle; français:courante",
        "practitioners!K2": "lun;mar",
        "units!K2": "oui",
        "sites!D2": "école",
        "duties!C2": "pourcentage",
        "visits!F2": "faite",
        "goals!A2": "Déplacement",
        "program!B4": "École",
    }.items():
        sheets = with_cell(sheets, place, value)
    assert read_sheets(sheets).rows == read_sheets(good()).rows


def test_a_table_may_begin_anywhere_and_hold_blank_rows(tmp_path: Path) -> None:
    sheets = good()
    sheets["units"] = [[], [], *([None, None, *row] for row in sheets["units"][:2]), [], [None, "  "], [None, None, *sheets["units"][2]]]
    path = write_book(sheets, tmp_path / "book.xlsx")
    reading = open_input(path)
    assert reading.rows == open_input(write_book(good(), tmp_path / "other.xlsx")).rows
    assert reading.positions["units"].row_numbers == {"u1": 4, "u2": 7}
    assert told(write_book(with_cell(sheets, "units!H7", "soon"), path)) == [("units!H7", "not_a_number")]


def test_text_that_looks_like_a_number_and_numbers_that_are_ids_are_kept() -> None:
    sheets = with_cell(with_cell(good(), "sites!A2", 1001), "units!C2", "1001")
    sheets = with_cell(with_cell(sheets, "units!A2", "007"), "units!M2", "null")
    rows = read_sheets(sheets).rows
    assert (rows.sites[0].id, rows.units[0].site, rows.units[0].id, rows.units[0].label) == ("1001", "1001", "007", "null")


def test_references_find_ids_whatever_their_case_and_composition() -> None:
    sheets = with_cell(with_cell(good(), "units!J3", "BÉA"), "units!L2", "be\u0301a")
    rows = read_sheets(sheets).rows
    assert (rows.units[1].current_practitioner, rows.units[0].barred_practitioners) == ("béa", ("béa",))


@pytest.mark.parametrize("written", ["45,42", "45.42", " 45.42 ", "\u221275,69", "1 234,5", "1\u202f234,5"])
def test_decimal_commas_and_spaces_between_thousands_are_read_in_text_cells(written: str) -> None:
    sheets = with_cell(good(), "program!A9", "contracted_visits")
    sheets = with_cell(sheets, "program!B9", written.replace("\u2212", ""))
    visits = read_sheets(sheets).rows.program.contracted_visits
    expected = written.replace("\u2212", "").replace(",", ".").replace(" ", "").replace("\u202f", "")
    assert visits == Fraction(expected)


@pytest.mark.parametrize(
    "written, meant", [(True, True), (1, True), ("OUI", True), ("true", True), ("Non", False), (0, False), ("faux", False)]
)
def test_yes_and_no_in_every_usual_form(written: object, meant: bool) -> None:
    sheets = with_cell(good(), "units!N2", written)
    assert read_sheets(sheets).rows.units[0].evening is meant


def test_a_number_is_exactly_the_decimal_that_is_seen() -> None:
    sheets = with_cell(good(), "practitioners!E2", 0.1 + 0.2)
    assert read_sheets(sheets).rows.practitioners[0].weekly_hours == Fraction(3, 10)


def test_only_some_sheets_and_columns_are_needed() -> None:
    sheets = good()
    for name in ("absences", "duties", "visits", "goals"):
        del sheets[name]
    reading = read_sheets(sheets)
    assert [(notice.code, notice.facts["sheet"]) for notice in reading.notices] == [
        ("sheet_absent", "absences"),
        ("sheet_absent", "duties"),
    ]


def test_unknown_hidden_and_explaining_sheets_are_noticed_as_they_deserve(tmp_path: Path) -> None:
    path = write_book({**good(), "My notes": [["x"]], "Old": [["x"]], "read me": [["x"]]}, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "hidden"
    book["units"].sheet_state = "veryHidden"
    book.save(path)
    reading = open_input(path)
    assert [(notice.code, notice.where.table) for notice in reading.notices] == [
        ("sheet_hidden_read", "units"),
        ("sheet_unknown", "My notes"),
        ("sheet_hidden", "Old"),
    ]
    assert len(reading.rows.units) == 2


def test_what_is_suspicious_but_no_error_is_noticed() -> None:
    sheets = with_cell(good(), "program!B8", 0.5)
    sheets = with_cell(sheets, "program!B7", date(2027, 1, 4))
    sheets = with_cell(sheets, "visits!C2", "gone")
    sheets = with_cell(sheets, "sites!G3", "A9Z")
    reading = read_sheets(sheets)
    assert [notice.code for notice in reading.notices] == [
        "percent_below_one",
        "as_of_after_period",
        "visits_of_unknown",
        "postal_without_place",
    ]
    assert reading.notices[0].facts == {"sheet": "program", "cell": "B8", "value": "0.5"}
