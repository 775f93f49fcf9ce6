"""CSV folders in every usual encoding, separator and line end say the same as the workbook."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from evenload.exchange.csv_folder import csv_records, decoded
from evenload.exchange.open_input import open_input
from exchange.small_books import good, problems_of, read_sheets, told, with_cell, write_folder

KNOWN_TO_DIFFER = "location_coordinates"  # its expected object states another telephone number than its table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le+bom", "utf-16-be+bom"])
@pytest.mark.parametrize("separator, decimal_sign", [(",", "."), (";", ","), ("\t", ",")])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_same_rows_in_every_encoding_separator_and_line_end(
    tmp_path: Path, encoding: str, separator: str, decimal_sign: str, line_end: str
) -> None:
    sheets = with_cell(good(), "units!O2", "one line")
    codec = encoding.removesuffix("+bom")
    if codec != encoding:
        sheets = {name: [[f"\ufeff{rows[0][0]}", *rows[0][1:]], *rows[1:]] for name, rows in sheets.items()}
    folder = write_folder(sheets, tmp_path / "csv", separator=separator, encoding=codec, line_end=line_end, decimal_sign=decimal_sign)
    reading = open_input(folder)
    assert reading.rows == read_sheets(with_cell(good(), "units!O2", "one line")).rows
    assert {notice.code for notice in reading.notices} == ({"encoding_assumed"} if encoding == "cp1252" else set())


def test_a_late_accent_in_a_windows_file_is_read_right(tmp_path: Path) -> None:
    sheets = good()
    for number in range(3_000):
        sheets["visits"].append([*sheets["visits"][1][:2], "ana", f"unit number {number:06d} of many", 45, "done"])
    sheets["visits"].append([*sheets["visits"][1][:2], "béa", "u1", 45, "done"])
    folder = write_folder(sheets, tmp_path / "csv", encoding="cp1252")
    content = (folder / "visits.csv").read_bytes()
    assert content[:130_000].isascii()
    assert not content.isascii()
    assert open_input(folder).rows.visits[-1].practitioner == "béa"


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    folder = write_folder(good(), tmp_path / "csv")
    (folder / "classes.csv").write_bytes(b"id,discipline\n\x81\x8d\x8f,OT\n")
    assert told(folder) == [("classes", "text_encoding")]


def test_a_line_that_states_the_separator_is_believed(tmp_path: Path) -> None:
    folder = write_folder(good(), tmp_path / "csv")
    text = (folder / "goals.csv").read_text(encoding="utf-8")
    (folder / "goals.csv").write_text(f"sep=;\r\n{text.replace(',', ';').replace('1.5', 'x')}", encoding="utf-8")
    assert told(folder) == [("goals!B3", "not_a_number")]


def test_problems_name_the_line_on_which_a_record_begins(tmp_path: Path) -> None:
    sheets = good()
    sheets["units"].insert(1, [])
    sheets["units"].append(["u3", "client", None, "OT", "low", "x"])
    problems = problems_of(write_folder(sheets, tmp_path / "csv"))
    # header 1, blank 2, u1 3 and 4 (its note has two lines), u2 5, u3 6
    assert [(problem.place, problem.value, problem.code) for problem in problems] == [("units!F6", "x", "not_a_number")]


def test_quotes_that_do_not_close_are_told_with_their_line(tmp_path: Path) -> None:
    folder = write_folder(good(), tmp_path / "csv")
    with (folder / "duties.csv").open("a", encoding="utf-8") as file:
        file.write('*,"meeting,percent,5\n')
    problem = problems_of(folder)[0]
    assert (problem.place, problem.code, problem.facts["line"]) == ("duties", "csv_broken", "3")


@pytest.mark.parametrize("written", ["'=HYPERLINK(1)", "'+1", "'-2", "'@SUM", "'＝1"])
def test_the_apostrophe_before_formula_like_text_is_taken_away(tmp_path: Path, written: str) -> None:
    sheets = with_cell(good(), "units!M2", written)
    assert open_input(write_folder(sheets, tmp_path / "csv")).rows.units[0].label == written[1:]


def test_other_apostrophes_stay(tmp_path: Path) -> None:
    sheets = with_cell(good(), "units!M2", "'t Hooft")
    assert open_input(write_folder(sheets, tmp_path / "csv")).rows.units[0].label == "'t Hooft"


def test_a_comma_between_thousands_is_no_decimal_comma_where_commas_separate_columns(tmp_path: Path) -> None:
    sheets = good()
    sheets["program"].append(["contracted_visits", "1,200"])
    assert told(write_folder(sheets, tmp_path / "comma")) == [("program!B10", "number_ambiguous")]
    reading = open_input(write_folder(sheets, tmp_path / "semicolon", separator=";"))
    assert reading.rows.program.contracted_visits == Fraction("1.2")


def test_empty_files_and_folders_without_sheets_are_told(tmp_path: Path) -> None:
    folder = write_folder(good(), tmp_path / "csv")
    (folder / "classes.csv").write_bytes(b"")
    (folder / "absences.csv").write_bytes(b"\xef\xbb\xbf\r\n")
    assert told(folder) == [("classes", "sheet_empty")]
    (tmp_path / "empty").mkdir()
    assert told(tmp_path / "empty") == [("", "folder_without_sheets")]


def test_unknown_files_are_noticed_and_names_may_be_french_or_capital(tmp_path: Path) -> None:
    folder = write_folder(good(), tmp_path / "csv")
    (folder / "units.csv").rename(folder / "Unités.CSV")
    (folder / "old list.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "README.md").write_text("nothing", encoding="utf-8")
    reading = open_input(folder)
    assert reading.positions["units"].title == "Unités"
    assert [(notice.code, notice.facts["sheet"]) for notice in reading.notices] == [("sheet_unknown", "old list")]


@pytest.mark.parametrize("noise", [b"\x00", b"\x00" * 50, b"=\x00,\x01\n", b'"\n"\n', b",,,,,\n" * 5])
def test_noise_after_a_table_ends_in_rows_or_problems(tmp_path: Path, noise: bytes) -> None:
    folder = write_folder(good(), tmp_path / "csv")
    for name in ("program", "units", "visits"):
        with (folder / f"{name}.csv").open("ab") as file:
            file.write(noise)
    assert problems_of(folder) or open_input(folder).rows.units


def test_the_worked_example_reads(shared_data: Path) -> None:
    rows = open_input(shared_data / "worked-example").rows
    assert [row.id for row in rows.practitioners] == ["Ana", "Béa", "Cal"]
    assert len(rows.units) == 8


def test_the_acid_tests_of_csv_readers_come_out_as_expected(shared_data: Path) -> None:
    tables = sorted((shared_data / "hostile" / "csv" / "csvs").glob("*.csv"))
    assert len(tables) == 12
    for table in tables:
        expected = json.loads((table.parents[1] / "json" / f"{table.stem}.json").read_text(encoding="utf-8"))
        text, _ = decoded(table.read_bytes())
        (_, header), *records = csv_records(text)
        found = [dict(zip(header, cells, strict=True)) for _, cells in records]
        if table.stem == KNOWN_TO_DIFFER:
            (only,) = found
            assert {**only, "Contact Phone Number": expected["Contact Phone Number"]} == expected
        else:
            assert _with_plain_breaks(found) == _with_plain_breaks(expected), table.stem


def _with_plain_breaks(records: list[dict[str, str]]) -> list[dict[str, str]]:
    """Line ends of the shared tables were made plain when they were stored; their expected values were not."""
    plain: Callable[[str], str] = lambda text: text.replace("\r\n", "\n")  # noqa: E731
    return [{key: plain(value) for key, value in record.items()} for record in records]
