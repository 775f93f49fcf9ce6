"""Everything that can be wrong in a workbook is told at its cell, all at once, in order."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evenload.exchange.facts import program_from
from evenload.exchange.open_input import open_input
from evenload.exchange.reading import InputError
from evenload.planning.capacity import capacities
from evenload.planning.problems import CaseError, Problem, Where
from exchange.small_books import good, problems_in, problems_of, told, with_cell, write_book

LEVELS = "native, fluent, functional, basic"

ONE_CELL: list[tuple[str, Any, str, dict[str, str]]] = [
    # impossible values
    ("practitioners!E2", 169, "out_of_range", {"low": "0", "high": "168"}),
    ("practitioners!E2", -1, "out_of_range", {"low": "0", "high": "168"}),
    ("practitioners!F2", 168.5, "out_of_range", {"low": "0", "high": "168"}),
    ("practitioners!I2", 91, "out_of_range", {"low": "-90", "high": "90"}),
    ("practitioners!J2", -181, "out_of_range", {"low": "-180", "high": "180"}),
    ("classes!E2", -45, "out_of_range", {"low": "0", "high": "1440"}),
    ("classes!H2", 1, "out_of_range_below", {"low": "0", "high": "1"}),
    ("classes!G2", 0, "out_of_range", {"low": "1", "high": "100"}),
    ("units!F2", 0, "out_of_range", {"low": "1", "high": "100000"}),
    ("units!G2", 5, "out_of_range", {"low": "1", "high": "4"}),
    ("program!B6", 0, "out_of_range", {"low": "1", "high": "260"}),
    ("program!B8", 101, "out_of_range", {"low": "0", "high": "100"}),
    ("absences!C2", -1, "out_of_range", {"low": "0", "high": "2000"}),
    ("duties!D3", -2, "out_of_range", {"low": "0", "high": "20000"}),
    ("goals!B2", -1, "out_of_range", {"low": "0", "high": "10000"}),
    # wrong types
    ("practitioners!E2", "lots", "not_a_number", {}),
    ("practitioners!E2", True, "not_a_number", {}),
    ("practitioners!E2", "1e3", "not_a_number", {}),
    ("practitioners!E2", "nan", "not_a_number", {}),
    ("practitioners!E2", date(2026, 1, 1), "not_a_number", {}),
    ("units!F2", 2.5, "not_whole", {}),
    ("units!F2", "1,200", "number_ambiguous", {}),
    ("units!I3", "24/11/2025", "not_a_date", {}),
    ("units!I3", "2025-02-30", "not_a_date", {}),
    ("units!I3", 45985, "not_a_date", {}),
    ("units!I3", datetime.fromisoformat("2025-11-24T09:30"), "not_a_date", {}),
    ("units!I3", "1066-10-14", "date_out_of_range", {"low": "1950-01-01", "high": "2150-12-31"}),
    ("units!K2", "perhaps", "not_yes_no", {}),
    ("units!M2", date(2026, 3, 4), "not_text", {}),
    ("sites!G2", "90210", "postal_invalid", {}),
    ("sites!G2", "D1A 0B1", "postal_invalid", {}),
    # unknown words
    ("practitioners!D2", "emploee", "choice_unknown_near", {"choices": "employee, independent", "nearest": "employee"}),
    ("practitioners!D2", "x", "choice_unknown", {"choices": "employee, independent"}),
    ("practitioners!C2", "OT;XX", "choice_unknown", {"choices": "OT, PT, SLP, OTA, PTA, CDA, AUD, RD, SW, BT"}),
    ("practitioners!G2", "fe:native", "language_unknown", {}),
    ("practitioners!G2", "Frensh:native", "language_unknown_near", {"nearest": "fr"}),
    ("practitioners!G2", "en", "level_missing", {"language": "en", "levels": LEVELS}),
    ("practitioners!G2", "en:good", "level_unknown", {"language": "en", "levels": LEVELS}),
    ("practitioners!G2", "en:native; EN:basic", "language_twice", {"language": "en"}),
    ("units!H2", "qqqqqqqq", "language_unknown", {}),
    ("goals!A2", "travle", "choice_unknown_near", {}),
    ("program!A3", "nom_fr", "key_unknown_near", {"nearest": "name_fr"}),
    ("program!A3", "???", "key_unknown", {}),
    ("program!A8", "as_of", "key_twice", {"first": "A7"}),
    # ids and references
    ("practitioners!A3", "ANA", "duplicate_id", {"first": "A2"}),
    ("sites!A3", "S1", "duplicate_id", {"first": "A2"}),
    ("units!A3", "u1", "duplicate_id", {"first": "A2"}),
    ("units!A3", "u1#2", "id_character", {"character": "#"}),
    ("sites!A3", "s;2", "id_character", {"character": ";"}),
    ("sites!A3", "s\u200b2", "invisible_character", {"character": "U+200B"}),
    ("units!C2", "elm", "unknown_reference", {"sheet": "sites"}),
    ("units!C2", "s11", "unknown_reference_near", {"sheet": "sites", "nearest": "s1"}),
    ("units!E2", "loow", "unknown_reference_near", {"sheet": "classes", "nearest": "low"}),
    ("units!J3", "zoé", "unknown_reference", {"sheet": "practitioners"}),
    ("units!L2", "béa;nobody", "unknown_reference", {"sheet": "practitioners"}),
    ("absences!A3", "employees", "who_unknown_near", {"nearest": "employee"}),
    ("absences!A3", "OT", "who_unknown", {}),
    ("duties!A3", "zzz", "who_unknown", {}),
    ("visits!B2", "none", "unknown_reference", {"sheet": "classes"}),
    # required
    ("practitioners!C2", None, "required", {}),
    ("practitioners!G2", "  ", "required", {}),
    ("units!E2", None, "required", {}),
    ("program!B2", None, "key_required", {"key": "name_en", "key_fr": "nom anglais"}),
    # text
    ("practitioners!B2", "A\u202eB", "control_character", {"character": "U+202E"}),
    ("practitioners!B2", "A\nB", "control_character", {"character": "U+000A"}),
    ("practitioners!B2", "x" * 201, "text_too_long", {"length": "201", "limit": "200"}),
    ("units!O2", "x" * 2001, "text_too_long", {"length": "2001", "limit": "2000"}),
    # contradictions
    ("absences!D2", 5, "days_and_hours", {}),
    ("absences!C2", None, "days_or_hours_missing", {}),
    ("practitioners!J2", None, "coordinate_missing", {"other": "base_lat"}),
    ("units!P3", None, "coordinate_missing", {"other": "lon"}),
]  # fmt: skip


@pytest.mark.parametrize("place, value, code, facts", ONE_CELL, ids=[f"{place} {code}" for place, _, code, _ in ONE_CELL])
def test_one_wrong_cell_is_one_problem_at_its_address(place: str, value: Any, code: str, facts: dict[str, str]) -> None:
    sheets = with_cell(good(), place, value)
    if code == "duplicate_id" and place.startswith("practitioners"):  # or the references to the other id break as well
        sheets = with_cell(with_cell(sheets, "absences!A3", "ana"), "units!L2", None)
    if place == "sites!A3" or place == "units!A3":
        sheets["visits"][1][3] = "u1"
    problems = problems_in(sheets)
    assert [(problem.place, problem.code) for problem in problems] == [(place, code)]
    assert facts.items() <= dict(problems[0].facts).items()


def test_reserved_words_cannot_be_ids_of_practitioners() -> None:
    for word in ("*", "Employee", "autonome", "OT", "bt"):
        sheets = good()
        sheets["practitioners"].append([word, None, "OT", "employee", 30, None, "en:native"])
        assert [(problem.place, problem.code) for problem in problems_in(sheets)] == [("practitioners!A4", "id_reserved")]


def test_reversed_ranges_and_dates_are_told() -> None:
    sheets = good()
    sheets["practitioners"][0] += ["comfortable_min_percent", "comfortable_max_percent", "from_date", "to_date"]
    sheets["practitioners"][1] += [90, 80, date(2026, 3, 1), date(2026, 2, 1)]
    sheets["practitioners"][2] += [None, 60, None, None]
    problems = problems_in(sheets)
    assert [(problem.place, problem.code, dict(problem.facts)) for problem in problems] == [
        ("practitioners!L2", "min_above_max", {"maximum": "80"}),
        ("practitioners!O2", "dates_reversed", {"from_date": "2026-03-01"}),
        ("practitioners!M3", "max_below_min", {"minimum": "70"}),
    ]


def test_absences_with_dates_need_no_amount_and_have_them_in_order() -> None:
    sheets = good()
    sheets["absences"][0] += ["from_date", "to_date"]
    sheets["absences"] += [
        ["ana", "vacation", None, None, date(2026, 2, 2), date(2026, 2, 6)],
        ["*", "statutory_holidays", None, None, date(2026, 2, 16), None],
        ["ana", "vacation", None, None, date(2026, 2, 6), date(2026, 2, 2)],
        ["ana", "vacation", 2, None, None, date(2026, 2, 2)],
        ["ana", "vacation", None, None, None, None],
    ]
    first = len(sheets["absences"]) - 4
    problems = problems_in(sheets)
    assert [(problem.place, problem.code) for problem in problems] == [
        (f"absences!F{first + 2}", "dates_reversed"),
        (f"absences!F{first + 3}", "dates_reversed"),
        (f"absences!C{first + 4}", "days_or_hours_missing"),
    ]


def test_a_percentage_written_as_a_share_is_refused(tmp_path: Path) -> None:
    sheets = good()
    sheets["practitioners"][0].append("comfortable_max_percent")
    sheets["practitioners"][1].append(0.95)
    sheets["practitioners"][2].append("95 %")
    assert told(write_book(sheets, tmp_path / "book.xlsx")) == [("practitioners!L2", "percent_as_share")]


def test_missing_unknown_and_repeated_columns_are_told_with_the_nearest_name() -> None:
    sheets = good()
    sheets["units"][0][6] = "prioriti"
    sheets["units"][0][7] = "label"
    sheets["units"][0][14] = None
    sheets["classes"][0][3] = "quantum"
    del sheets["practitioners"]
    problems = problems_in(sheets)
    found = {(problem.place, problem.value, problem.code, *problem.facts.values()) for problem in problems}
    assert {
        ("practitioners", "", "sheet_missing", "practitioners", "praticiennes et praticiens"),
        ("classes", "", "column_missing", "visits", "visites"),
        ("classes!D1", "quantum", "column_unknown"),
        ("units!G1", "prioriti", "column_unknown_near", "priority"),
        ("units!M1", "label", "column_twice", "H1"),
        ("units!O2", "first line\\u000asecond line", "value_without_heading"),
    } <= found


def test_two_sheets_for_one_are_told() -> None:
    sheets = {**good(), "Unités": good()["units"]}
    problems = problems_in(sheets)
    assert [(problem.sheet, problem.cell, problem.code, problem.facts["other"]) for problem in problems] == [
        ("Unités", "", "sheet_twice", "units")
    ]


def test_empty_sheets_and_sheets_without_rows_are_told_once(tmp_path: Path) -> None:
    sheets = good()
    sheets["classes"] = []
    sheets["units"] = sheets["units"][:1]
    sheets["absences"] = []
    assert told(write_book(sheets, tmp_path / "book.xlsx")) == [("classes", "sheet_empty"), ("units", "no_rows")]


def test_formulas_without_a_value_and_with_an_error_are_named_by_their_cell(tmp_path: Path) -> None:
    path = write_book(good(), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    book["units"]["F3"] = "=SUM(1,2)"
    book["units"]["E3"] = "=A1"
    book["units"]["G3"].value = "#REF!"
    book["units"]["G3"].data_type = "e"
    book.save(path)
    problems = [(problem.place, problem.value, problem.code) for problem in problems_of(path)]
    assert problems == [
        ("units!E3", "=A1", "formula_not_calculated"),
        ("units!F3", "=SUM(1,2)", "formula_not_calculated"),
        ("units!G3", "#REF!", "formula_error"),
    ]


def test_merged_cells_within_the_table_are_named_by_their_range(tmp_path: Path) -> None:
    path = write_book(good(), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    book["units"].merge_cells("H2:I3")
    book["units"].merge_cells("AC2:AD3")
    book["units"].merge_cells("A30:B31")
    book.save(path)
    problems = problems_of(path)
    assert [(problem.place, problem.value, problem.code) for problem in problems] == [("units!H2", "H2:I3", "merged_cells")]


def test_fifty_problems_are_fifty_messages_in_the_order_of_sheets_rows_and_columns() -> None:
    sheets = good()
    sheets["units"] = [sheets["units"][0]]
    for number in range(1, 26):
        sheets["units"].append([f"u{number}", "site", "s1", "OT", "low", -number, f"P{number}", "en"])
    problems = problems_in(sheets)
    assert [problem.place for problem in problems] == [f"units!{letter}{row}" for row in range(2, 27) for letter in "FG"]
    assert len({(problem.place, problem.value) for problem in problems}) == 50


def test_contradictions_of_the_core_are_told_in_the_same_breath(tmp_path: Path) -> None:
    sheets = with_cell(good(), "units!F3", "many")
    sheets = with_cell(sheets, "units!L2", "béa;ana")  # pinned to a barred practitioner
    sheets["absences"].append(["ana", "leave", None, 800])  # more than the contract holds
    assert told(write_book(sheets, tmp_path / "book.xlsx")) == [
        ("practitioners!E2", "absence_exceeds_contracted"),
        ("units!K2", "pinned_barred"),
        ("units!F3", "not_a_number"),
    ]


def test_problems_of_the_core_are_located_in_the_file(tmp_path: Path) -> None:
    sheets = good()
    sheets["absences"].append(["béa", "leave", None, 800])
    reading = open_input(write_book(sheets, tmp_path / "book.xlsx"))
    with pytest.raises(CaseError) as raised:
        capacities(program_from(reading.rows))
    problem = reading.locate(raised.value.problems[0])
    assert (problem.place, problem.code) == ("practitioners!E3", "absence_exceeds_contracted")
    assert reading.locate(Problem("x", Where("program", None, "period_weeks"))).place == "program!B6"
    assert reading.locate(Problem("x", Where("units", "u2", "class"))).place == "units!E3"
    assert reading.locate(Problem("x", Where("units", "u2", "nothing"))).place == "units!A3"
    assert reading.locate(Problem("x", Where("elsewhere"))).place == "elsewhere"


def test_an_error_in_words_holds_every_problem_and_the_notices(tmp_path: Path) -> None:
    path = write_book({**with_cell(good(), "units!F2", 0), "Extra": [["x"]]}, tmp_path / "book.xlsx")
    with pytest.raises(InputError, match=r"units!F2: '0': out_of_range") as raised:
        open_input(path)
    assert [notice.code for notice in raised.value.notices] == ["sheet_unknown"]


def test_values_are_quoted_on_one_line_and_cut() -> None:
    sheets = with_cell(with_cell(good(), "units!F2", "a\u202eb"), "units!G2", "y" * 500)
    first, second = problems_in(sheets)
    assert first.value == "a\\u202eb"
    assert second.value == "y" * 79 + "…"
