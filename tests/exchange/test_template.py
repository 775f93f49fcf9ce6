"""The template explains itself in both languages, asks only for what is required, and holds no formula."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from evenload.exchange.columns import SHEETS
from evenload.exchange.open_input import open_input
from evenload.exchange.reading import InputError
from evenload.exchange.rows import GoalRow
from evenload.exchange.template import write_template
from evenload.exchange.template_texts import README_TITLE
from evenload.planning.prices import Prices, prices_from

pytestmark = pytest.mark.parametrize("lang", ["en", "fr"])


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One template in each language, for every test that only looks."""
    folder = tmp_path_factory.mktemp("templates")
    for lang in ("en", "fr"):
        write_template(folder / f"{lang}.xlsx", lang)
    return {lang: folder / f"{lang}.xlsx" for lang in ("en", "fr")}


@pytest.fixture
def template(templates: dict[str, Path], lang: str) -> Path:
    return templates[lang]


def headings_of(sheet: Worksheet) -> list[object]:
    return [cell.value for cell in sheet[1]]


def test_every_sheet_and_every_column_is_there_with_its_note(template: Path, lang: str) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [README_TITLE[lang], *(sheet.title(lang) for sheet in SHEETS)]
    for sheet in SHEETS:
        worksheet = book[sheet.title(lang)]
        assert headings_of(worksheet) == [column.heading(lang) for column in sheet.columns]
        for column, cell in zip(sheet.columns, worksheet[1], strict=True):
            assert cell.comment is not None
            assert column.about(lang)[:20] in cell.comment.text.replace("\u00a0", " ")
            assert bool(cell.font.bold) == column.required
        assert worksheet.freeze_panes == "B2"


def test_it_asks_only_for_what_is_required(template: Path, lang: str) -> None:
    with pytest.raises(InputError) as raised:
        open_input(template)
    assert [problem.code for problem in raised.value.problems] == ["key_required"] * 4 + ["no_rows"] * 3
    assert raised.value.notices == ()


def test_closed_choices_are_offered_as_lists_and_ids_from_their_sheet(template: Path, lang: str) -> None:
    book = openpyxl.load_workbook(template)
    units = next(sheet for sheet in SHEETS if sheet.name == "units")
    rules = {str(rule.sqref).partition("2:")[0]: rule for rule in book[units.title(lang)].data_validations.dataValidation}
    letters = {column.name: cell.column_letter for column, cell in zip(units.columns, book[units.title(lang)][1], strict=True)}
    assert rules[letters["kind"]].formula1 == ('"lieu,secteur,cliente ou client"' if lang == "fr" else '"site,area,client"')
    assert (
        rules[letters["current_practitioner"]].formula1
        == f"'{'praticiennes et praticiens' if lang == 'fr' else 'practitioners'}'!$A$2:$A$5000"
    )
    assert (rules[letters["priority"]].type, rules[letters["priority"]].formula1, rules[letters["priority"]].formula2) == (
        "whole",
        "1",
        "4",
    )
    assert rules[letters["waiting_since"]].type == "date"


def test_no_cell_holds_a_formula_and_the_first_sheet_explains_every_column(template: Path, lang: str) -> None:
    book = openpyxl.load_workbook(template)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    readme = {str(cell.value).replace("\u00a0", " ") for row in book[README_TITLE[lang]].iter_rows() for cell in row if cell.value}
    for sheet in SHEETS:
        assert sheet.about(lang) in readme
        for column in sheet.keys or sheet.columns:
            assert column.ignored or {column.heading(lang), column.about(lang)} <= readme


def test_filled_in_it_reads_and_its_prices_are_the_defaults(template: Path, tmp_path: Path, lang: str) -> None:
    book = openpyxl.load_workbook(template)
    program, people, _, _, _, classes, units = (book[sheet.title(lang)] for sheet in SHEETS[:7])
    for row, value in {2: "Test", 4: "school", 5: "2026-01-05", 6: 20}.items():
        program.cell(row, 2, value)
    fill(people, {"id": "a", "disciplines": "OT", "engagement": "employee", "weekly_hours": 30, "languages": "en:native"}, 1)
    fill(classes, {"id": "c", "discipline": "OT", "label_en": "c", "visits": 4, "direct_minutes": 45}, 5)
    fill(units, {"id": "u", "kind": "client", "discipline": "OT", "class": "c"}, 6)
    book.save(tmp_path / "filled in.xlsx")
    rows = open_input(tmp_path / "filled in.xlsx").rows
    assert prices_from({row.goal: float(row.price) for row in rows.goals}) == Prices()
    assert GoalRow in {type(row) for row in rows.goals}
    assert (rows.units[0].id, rows.practitioners[0].languages) == ("u", {"en": "native"})


def fill(worksheet: Worksheet, values: dict[str, object], place: int) -> None:
    names = [column.name for column in SHEETS[place].columns]
    for name, value in values.items():
        worksheet.cell(2, names.index(name) + 1, value)


def test_the_same_template_is_written_every_time(template: Path, tmp_path: Path, lang: str) -> None:
    write_template(tmp_path / "again.xlsx", lang)
    assert (tmp_path / "again.xlsx").read_bytes() == template.read_bytes()
