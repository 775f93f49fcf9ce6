"""Programs at the edge of sense still print: an answer that cannot be given says why, and is never a zero."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from printed_cases import PrintedCase, printed_case
from pypdf import PdfReader
from workbook_read import formula_cells, texts

from evenload.exchange.assignment_list import assignment_list_xlsx
from evenload.exchange.example import example_rows
from evenload.exchange.gap_workbook import gap_sheet_xlsx
from evenload.exchange.rows import Rows, UnitRow
from evenload.exchange.worksheet_pdf import worksheet_pdf
from evenload.exchange.worksheet_xlsx import worksheet_xlsx
from evenload.words import words_in
from recalculated import recalculated_all

pytestmark = pytest.mark.slow  # writes whole workbooks and PDFs


def without_people(units: tuple[UnitRow, ...]) -> tuple[UnitRow, ...]:
    return tuple(replace(unit, current_practitioner=None, pinned=False, barred_practitioners=()) for unit in units)


def nobody_here(rows: Rows) -> Rows:
    return replace(rows, practitioners=(), units=without_people(rows.units), absences=(), duties=(), visits=())


def no_clients(rows: Rows) -> Rows:
    return replace(rows, units=(), visits=())


def everybody_away(rows: Rows) -> Rows:
    return replace(rows, practitioners=tuple(replace(person, from_date=date(2030, 1, 1)) for person in rows.practitioners))


def units_without_clients(rows: Rows) -> Rows:
    return replace(rows, units=tuple(replace(unit, clients=0) for unit in rows.units))


EDGES = (nobody_here, no_clients, everybody_away, units_without_clients)


def edge_case(edge: Callable[[Rows], Rows]) -> PrintedCase:
    return printed_case(edge(example_rows(practitioners=4, units=12, seed=3)))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("edge", EDGES)
def test_every_workbook_is_written(edge: Callable[[Rows], Rows], lang: str) -> None:
    case, words = edge_case(edge), words_in(lang)

    planned = worksheet_xlsx(case.capacity, case.program, case.rows, words)
    assigned = assignment_list_xlsx(case.rows, case.program, case.case, case.plan, words=words)

    assert formula_cells(assigned) == []
    assert planned.startswith(b"PK")


def test_an_office_program_finds_no_figure_in_error_where_something_is_missing(tmp_path: Path) -> None:
    cases, words = [edge_case(edge) for edge in EDGES], words_in("en")
    books = [write(case.capacity, case.program, case.rows, words) for case in cases for write in (worksheet_xlsx, gap_sheet_xlsx)]

    found = recalculated_all(books, tmp_path)

    assert [one for cells in found for one in cells if not one.is_same] == []
    assert all(len(cells) > 0 for cells in found[2:])  # where nobody works there is little to count


def test_where_nobody_works_the_worksheet_says_so_instead_of_a_number() -> None:
    case = edge_case(nobody_here)

    found = "\n".join(texts(worksheet_xlsx(case.capacity, case.program, case.rows, words_in("en"))))

    assert "Our clients need: –" in found
    assert "Nobody here works in this discipline" in found


def test_where_there_are_no_clients_the_worksheet_says_so() -> None:
    case = edge_case(no_clients)

    found = "\n".join(texts(worksheet_xlsx(case.capacity, case.program, case.rows, words_in("en"))))

    assert "There are no clients to take a mix from." in found


@pytest.mark.slow
@pytest.mark.parametrize("edge", EDGES)
def test_every_pdf_is_written_and_accessible(edge: Callable[[Rows], Rows]) -> None:
    case = edge_case(edge)

    reader = PdfReader(io.BytesIO(worksheet_pdf(case.capacity, case.program, case.rows, words_in("fr"))))

    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()
