"""From typed values to what stands in cells: the inverse of `cells`, for workbooks and for CSV files, in English or French."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from evenload.exchange.cells import Value
from evenload.exchange.column import Choice, Column, Sheet
from evenload.exchange.columns_people import DISCIPLINE_CHOICES
from evenload.exchange.rows import Rows
from evenload.exchange.text_cells import number_text

Written = str | float | date | None
FORMULA_LIKE = re.compile("'*[=+\\-@\t\r＝＋－＠]")
"""text that a spreadsheet might take for a formula, with the apostrophes that already stand before it"""
DECIMALS = 15


def word_of(choice: Choice, lang: str) -> str:
    """The word of a choice in a workbook of this language. Discipline codes are the same in both."""
    return choice.fr if lang == "fr" and choice not in DISCIPLINE_CHOICES else choice.code


def written(column: Column, value: Value, lang: str) -> Written:
    """What stands in the cell for a typed value: text, a number, a date, or None for nothing."""
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, bool):
        return word_of(column.choices[0 if value else 1], lang)
    if isinstance(value, (int, Fraction)):
        return float(value)
    words = {choice.code: word_of(choice, lang) for choice in column.choices}
    if isinstance(value, Mapping):
        return "; ".join(f"{language}:{words[level]}" for language, level in value.items()) or None
    if isinstance(value, tuple):
        return "; ".join(words.get(str(word), str(word)) for word in value) or None
    return words.get(str(value), str(value)) if column.kind == "choice" else str(value)


def records_of(sheet: Sheet, rows: Rows, lang: str) -> Iterator[list[Written]]:
    """The cells of every row of a sheet in the order of its columns; of the program sheet: its keys with their values."""
    if sheet.keys:
        for key in sheet.keys:
            yield [key.heading(lang), written(key, getattr(rows.program, key.field), lang), key.about(lang)]
        return
    for row in getattr(rows, sheet.name):
        yield [None if column.ignored else written(column, getattr(row, column.field), lang) for column in sheet.columns]


def csv_text(cell: Written, decimal_sign: str) -> str:
    """The cell as it stands in a CSV file. Text that a spreadsheet might run as a formula gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return decimal_text(cell).replace(".", decimal_sign)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if FORMULA_LIKE.match(cell) else cell


def decimal_text(number: float) -> str:
    """The number with 15 significant digits, without exponent."""
    text = number_text(number)
    return format(number, f".{DECIMALS}f").rstrip("0").rstrip(".") if "e" in text else text
