"""The table of columns: two complete languages, and a row field for every column."""

from __future__ import annotations

from dataclasses import fields

import pytest

from evenload.exchange.columns import SHEETS, Sheet
from evenload.exchange.intake import ROW_TYPES
from evenload.exchange.template_texts import UNITS_FR, described

pytestmark = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)


def test_every_column_is_explained_in_both_languages_in_at_most_25_words(sheet: Sheet) -> None:
    for column in (*sheet.columns, *sheet.keys):
        for text in (column.about_en, column.about_fr):
            assert 2 <= len(text.split()) <= 25, column.name
            assert text.endswith("."), column.name


def test_every_column_says_what_may_stand_in_it(sheet: Sheet) -> None:
    for column in (*sheet.columns, *sheet.keys):
        told_by_its_explanation = column.ignored or column.kind in ("reference", "references", "who")
        assert told_by_its_explanation or (described(column, "en") and described(column, "fr")), column.name
        assert column.unit is None or column.unit in UNITS_FR, column.name


NOT_STATED = {"visits": {"times"}}
"""fields that no sheet states: records add visits up, a workbook has each by itself"""


def test_every_column_is_a_field_of_its_row(sheet: Sheet) -> None:
    known = {field.name for field in fields(ROW_TYPES[sheet.name])}
    stated = {column.field for column in sheet.keys or sheet.columns if not column.ignored}
    assert stated == known - NOT_STATED.get(sheet.name, set())
