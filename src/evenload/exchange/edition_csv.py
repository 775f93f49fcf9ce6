"""An edition as CSV: UTF-8 with a byte order mark; every row carries the edition's number, effective day and code."""

from __future__ import annotations

import csv
import io
from datetime import date

from evenload.exchange.printed_edition import Line, PrintedEdition, headings
from evenload.exchange.written import csv_text
from evenload.words import Words


def csv_of(edition: PrintedEdition, lines: tuple[Line, ...], words: Words) -> bytes:
    """The file. French has semicolons, as French Excel expects. Text that looks like a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if words.lang == "fr" else ",", lineterminator="\r\n")
    first = (str(edition.number), edition.effective_on.isoformat(), edition.code)
    writer.writerow([*(words.say("Edition"), words.say("In effect from"), words.say("Code")), *headings(words)])
    for line in lines:
        writer.writerow([*first, *(_cell(value) for value in line.values)])
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: str | int | date | None) -> str:
    return str(value) if isinstance(value, int) else csv_text(value, ".")
