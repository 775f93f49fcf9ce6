"""The table of columns: two complete languages, no heading that could mean two columns, and a row field for every column."""

from __future__ import annotations

from dataclasses import fields

import pytest

from evenload.exchange.columns import SHEETS, Column, Sheet
from evenload.exchange.intake import ROW_TYPES
from evenload.exchange.template_texts import UNITS_FR, described

EVERY_COLUMN = [(sheet, column) for sheet in SHEETS for column in (*sheet.columns, *sheet.keys)]

pytestmark = pytest.mark.parametrize("sheet, column", EVERY_COLUMN, ids=lambda one: one.name)


def test_every_column_is_explained_in_both_languages_in_at_most_25_words(sheet: Sheet, column: Column) -> None:
    for text in (column.about_en, column.about_fr):
        assert 2 <= len(text.split()) <= 25
        assert text.endswith(".")


def test_every_column_says_what_may_stand_in_it(sheet: Sheet, column: Column) -> None:
    if column.kind not in ("reference", "references", "who") and not column.ignored:
        assert described(column, "en")
        assert described(column, "fr")
    if column.unit:
        assert column.unit in UNITS_FR


def test_every_column_is_a_field_of_its_row(sheet: Sheet, column: Column) -> None:
    if not column.ignored and not (sheet.keys and column in sheet.columns):
        assert column.field in {field.name for field in fields(ROW_TYPES[sheet.name])}
