"""OpenDocument sheets are read like workbooks; what their parser leaves unsaid is told as well."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from evenload.exchange.open_input import open_input
from exchange.small_books import Sheets, good, problems_of, read_sheets, told

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'office:version="1.2"><office:body><office:spreadsheet>'
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"
MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/></manifest:manifest>'
)


def cell_of(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def write_ods(sheets: Sheets, path: Path, changes: dict[str, str] | None = None) -> Path:
    """The sheets as an OpenDocument file; `changes` replaces texts of its XML."""
    tables = (
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(f"<table:table-row>{''.join(map(cell_of, row)) or cell_of(None)}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = HEAD + "".join(tables) + TAIL
    for old, new in (changes or {}).items():
        assert old in content
        content = content.replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return path


def test_an_open_document_reads_as_the_same_rows(tmp_path: Path) -> None:
    assert open_input(write_ods(good(), tmp_path / "book.ods")).rows == read_sheets(good()).rows


def test_formulas_without_value_and_merged_cells_are_told(tmp_path: Path) -> None:
    label = cell_of("Grade 2")
    changes = {
        label: label.replace("<table:table-cell", '<table:table-cell table:number-columns-spanned="2"'),
        cell_of(14): '<table:table-cell table:formula="of:=7*2"/>',
    }
    problems = problems_of(write_ods(good(), tmp_path / "book.ods", changes))
    assert [(problem.place, problem.value, problem.code) for problem in problems] == [
        ("units!F2", "=7*2", "formula_not_calculated"),
        ("units!M2", "M2:N2", "merged_cells"),
    ]


@pytest.mark.parametrize("where", ["units", "unknown"])
def test_repeated_cells_that_would_fill_the_memory_are_refused(tmp_path: Path, where: str) -> None:
    sheets = {**good(), "unknown": [["x"]]}
    first = cell_of("id" if where == "units" else "x")
    place = f'<table:table table:name="{where}"><table:table-row>{first}'
    bomb = place.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">')
    bomb = bomb.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16000" ')
    problems = problems_of(write_ods(sheets, tmp_path / "book.ods", {place: bomb}))
    assert [(problem.sheet, problem.code) for problem in problems] == [(where, "sheet_too_large")]


def test_a_damaged_open_document_is_told_as_such(tmp_path: Path) -> None:
    assert told(write_ods(good(), tmp_path / "book.ods", {TAIL: ""})) == [("", "file_corrupted")]
