"""A table as a CSV file: UTF-8 with a byte order mark, semicolons in French, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from django.http import HttpResponse

from evenload.exchange.written import csv_text
from evenload.words import Words

Cell = str | int | float | Fraction | date | None


def csv_answer(words: Words, file_name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The file as a download; `file_name` without its ending."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if words.lang == "fr" else ",", lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_text(words, cell) for cell in row])
    answer = HttpResponse(("\ufeff" + out.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}.csv"'
    return answer


def _text(words: Words, cell: Cell) -> str:
    if isinstance(cell, bool | int):
        return str(cell)
    if isinstance(cell, Fraction | float):
        return csv_text(round(float(cell), 2), "," if words.lang == "fr" else ".")
    return csv_text(cell, ".")
