"""Files made to hurt, by others and by us: each ends in rows or in problems, quickly, never in a traceback."""

from __future__ import annotations

import json
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from evenload.exchange.open_input import open_input
from evenload.exchange.reading import InputError
from evenload.exchange.text_cells import FORBIDDEN
from exchange.small_books import good, problems_in, problems_of, read_sheets, told, with_cell, write_book, write_folder

SUFFIXES = (".xlsx", ".xls", ".ods")


def test_every_hostile_workbook_ends_in_problems(shared_data: Path) -> None:
    codes = {path.name: {problem.code for problem in problems_of(path)} for path in (shared_data / "hostile" / "workbooks").iterdir()}
    assert len(codes) == 16
    assert all(codes.values())  # none of them holds a program
    assert codes["protected_passtika.xlsx"] == {"file_encrypted"}
    assert codes["duplicate-filename-case-insensitive.xlsx"] == {"zip_duplicate_member"}
    assert codes["poc-xmlbomb.xlsx"] == {"xml_entities"}


def test_hidden_sheets_of_a_hostile_workbook_are_listed(shared_data: Path) -> None:
    with pytest.raises(InputError) as raised:
        open_input(shared_data / "hostile" / "workbooks" / "TwoSheetsOneHidden.xlsx")
    assert [(notice.code, notice.facts["sheet"]) for notice in raised.value.notices] == [
        ("sheet_hidden", "Sheet1"),
        ("sheet_unknown", "Sheet2"),
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_files_with_the_name_of_a_workbook_end_in_a_problem(shared_data: Path, tmp_path: Path, suffix: str) -> None:
    for path in [
        *(shared_data / "hostile" / "xml").iterdir(),
        *(shared_data / "hostile" / "csv" / "csvs").iterdir(),
        shared_data / "hostile" / "blns.json",
    ]:
        target = tmp_path / f"{path.stem}{suffix}"
        shutil.copyfile(path, target)
        assert told(target) == [("", "file_corrupted")], path.name


@pytest.mark.slow
def test_other_files_with_the_name_of_a_sheet_end_in_problems(shared_data: Path, tmp_path: Path) -> None:
    hostile = shared_data / "hostile"
    for path in sorted(path for path in hostile.rglob("*") if path.is_file()):
        folder = tmp_path / f"folder of {path.name}"
        write_folder(good(), folder)
        (folder / "units.csv").write_bytes(path.read_bytes())
        assert all(problem.sheet == "units" for problem in problems_of(folder)), path.name
        assert problems_of(folder), path.name


def test_xml_bombs_within_a_workbook_are_refused(shared_data: Path, tmp_path: Path) -> None:
    book = write_book(good(), tmp_path / "good.xlsx")
    for path in sorted((shared_data / "hostile" / "xml").iterdir()):
        target = tmp_path / f"{path.name}.xlsx"
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, path.read_bytes() if name == "xl/workbook.xml" else old.read(name))
        found = told(target)
        assert found
        assert {code for _, code in found} <= {"xml_entities", "zip_ratio", "file_corrupted", "sheet_missing"}, path.name


@pytest.mark.slow
def test_naughty_strings_as_names_and_labels_are_kept_or_refused(shared_data: Path) -> None:
    strings = json.loads((shared_data / "hostile" / "blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 500
    refused = 0
    for place, text in enumerate(strings):
        sheets = with_cell(good(), "practitioners!B2", f"{text}")
        sheets = with_cell(sheets, "units!M2", f"{text}")
        found = problems_in(sheets)
        if found:
            refused += 1
            assert {problem.place for problem in found} <= {"practitioners!B2", "units!M2"}, place
            assert FORBIDDEN.search(text) or len(text.strip()) > 200, place
            continue
        rows = read_sheets(sheets).rows
        expected = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip() or None
        assert rows.practitioners[0].name == rows.units[0].label == expected, place
    assert 0 < refused < 40


@pytest.mark.slow
def test_naughty_strings_survive_files(shared_data: Path, tmp_path: Path) -> None:
    strings = json.loads((shared_data / "hostile" / "blns.json").read_text(encoding="utf-8"))
    kept = [text.strip() for text in strings if text.strip() and not problems_in(with_cell(good(), "units!M2", text))]
    sheets = good()
    sheets["visits"] += [[*sheets["visits"][1][:2], "ana", text, 5, "done"] for text in kept]
    expected = [unicodedata.normalize("NFC", text) for text in kept]
    for path in (write_book(sheets, tmp_path / "book.xlsx"), write_folder(sheets, tmp_path / "csv")):
        found = [visit.unit for visit in open_input(path).rows.visits[1:]]
        differing = [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]
        # an apostrophe before formula-like text in a CSV file is ours to take away
        assert all(path.name == "csv" and there.startswith("'") for _, there in differing)


def test_names_of_every_kind_are_matched_once_composed_and_folded() -> None:
    for one, other in (("Zoé", "ZOE\u0301"), ("O'Brien-Nguyễn", "o'brien-nguye\u0302\u0303n"), ("STRASSE", "straße")):
        sheets = with_cell(with_cell(good(), "practitioners!A2", one), "units!J2", other)
        sheets["absences"] = sheets["absences"][:2]
        rows = read_sheets(with_cell(sheets, "practitioners!A2", one)).rows
        assert rows.units[0].current_practitioner == unicodedata.normalize("NFC", one)
        twice = with_cell(with_cell(good(), "sites!A2", one), "sites!A3", other)
        assert ("sites!A3", "duplicate_id") in [(problem.place, problem.code) for problem in problems_in(twice)]


def test_ten_thousand_problems_are_told_and_the_rest_counted() -> None:
    sheets = good()
    sheets["visits"] += [["never", "low", "ana", "u1", "x", "y"]] * 4_000
    found = problems_in(sheets)
    assert len(found) == 10_001
    assert (found[-1].code, found[-1].facts["count"]) == ("problems_more", "2000")


def test_thousands_of_wrong_words_are_answered_soon() -> None:
    sheets = good()
    sheets["units"] += [[f"v{n}", f"kind {n}", None, f"OTT{n}", "low", 1, 1, f"language {n}"] for n in range(3_000)]
    found = problems_in(sheets)
    assert len(found) == 9_000
    assert {problem.code for problem in found[-300:]} == {"choice_unknown", "language_unknown"}


def test_thousands_of_unknown_references_are_answered_soon() -> None:
    sheets = good()
    sheets["units"] += [[f"v{n}", "client", f"site number {n}", "OT", "low"] for n in range(3_000)]
    found = problems_in(sheets)
    assert len(found) == 3_000
    assert {problem.code for problem in found} == {"unknown_reference"}
