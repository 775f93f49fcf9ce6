"""The workbooks go on counting: an office program comes to the figures of the core, and nothing that people typed is a formula."""

from pathlib import Path

import pytest
from printed_cases import PrintedCase, printed_case, with_hostile_names
from workbook_read import opened

from evenload.exchange.example import example_rows
from evenload.exchange.gap_workbook import gap_sheet_xlsx
from evenload.exchange.worksheet_xlsx import worksheet_xlsx
from evenload.words import words_in
from recalculated import recalculated

pytestmark = pytest.mark.slow  # begins an office program


@pytest.fixture(scope="module")
def printed() -> PrintedCase:
    return printed_case(practitioners=6, units=30)


def test_an_office_program_counts_the_worksheet_to_the_figures_of_the_core(printed: PrintedCase, tmp_path: Path) -> None:
    content = worksheet_xlsx(printed.capacity, printed.program, printed.rows, words_in("fr"))

    cells = recalculated(content, tmp_path)

    assert [one for one in cells if not one.is_same] == []
    assert len({one.sheet for one in cells}) >= 6
    assert len(cells) > 100


def test_an_office_program_counts_the_gap_sheet_to_the_figures_of_the_core(printed: PrintedCase, tmp_path: Path) -> None:
    content = gap_sheet_xlsx(printed.capacity, printed.program, printed.rows, words_in("en"))

    cells = recalculated(content, tmp_path)

    assert [one for one in cells if not one.is_same] == []
    gap = opened(content)["Gap"]
    formulas = {str(cell.value).lstrip("=")[:3] for row in gap.iter_rows() for cell in row if cell.data_type == "f"}
    assert len(formulas) >= 6  # gap, clients, visits, FTE needed, FTE missing, utilization


def test_formulas_hold_nothing_that_people_typed() -> None:
    hostile = printed_case(with_hostile_names(example_rows(practitioners=6, units=30, seed=3)))
    words = words_in("en")

    for content in (
        worksheet_xlsx(hostile.capacity, hostile.program, hostile.rows, words),
        gap_sheet_xlsx(hostile.capacity, hostile.program, hostile.rows, words),
    ):
        formulas = [str(cell.value) for sheet in opened(content) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert formulas
        names = set(hostile.rows.names_of_practitioners().values())
        assert not [one for one in formulas if any(len(name) > 2 and name in one for name in names)]
