"""A list of referrals: a sheet or a CSV file with the headings of one language, read in the confined child; and its empty form."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from evenload.exchange.columns_referrals import REFERRALS
from evenload.exchange.confined import CHILD_REFUSALS, TEXTS, in_child, named_problem, problem_out, stop_at_limits, suffix_of
from evenload.exchange.csv_folder import SEPARATORS, csv_records, decoded
from evenload.exchange.findings import Findings
from evenload.exchange.layout import Formats, lay_out
from evenload.exchange.open_input import WORKBOOKS
from evenload.exchange.reading import InputError, InputProblem
from evenload.exchange.sheet_reading import table_from
from evenload.exchange.sheets_out import MANNERS, new_workbook
from evenload.exchange.tables import RawSheet, Table
from evenload.exchange.text_cells import Fault
from evenload.exchange.workbook import found_sheet

MOST_ROWS: Final = 1_000
MODULE: Final = "evenload.exchange.referral_list"
ACCEPTED: Final = (*WORKBOOKS, *TEXTS)


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One row of the list as it was typed: values by field (a day as a date), and in which row of the file it stands."""

    row: int
    values: Mapping[str, str | int | date]


@dataclass(frozen=True, slots=True)
class ReferralList:
    """What a file holds: its rows, every problem at its place, and the letters of its columns by field."""

    rows: tuple[ReferralRow, ...] = ()
    problems: tuple[InputProblem, ...] = ()
    title: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)

    def problem(self, row: int, place: str, value: str, *, code: str, facts: Mapping[str, str]) -> InputProblem:
        """A problem that was found later, at its place in the file."""
        return InputProblem(self.title, f"{self.letters.get(place, 'A')}{row}", value, code, facts)


def read_referrals(content: bytes, name: str) -> ReferralList:
    """The list, read in a process of its own, as every file of other people is. Whatever the child dies of is a problem of the file."""
    answered = in_child(MODULE, {"name": name, "suffix": suffix_of(name)}, content)
    if isinstance(answered, str):
        return ReferralList(problems=(InputProblem("", "", name[:120], answered, CHILD_REFUSALS[answered]),))
    found = json.loads(answered)
    rows = tuple(ReferralRow(one["row"], {key: _in(value) for key, value in one["values"].items()}) for one in found["rows"])
    return ReferralList(rows, tuple(InputProblem(**one) for one in found["problems"]), found["title"], found["letters"])


def _in(value: Any) -> str | int | date:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value


def read_list(path: Path) -> ReferralList:
    """The rows of a workbook's first sheet or of a CSV file. Problems are in it; raises InputError where it cannot be read at all."""
    findings = Findings()
    raw = _raw(path)
    table = table_from(raw, findings)
    if len(table.numbers) > MOST_ROWS:
        raise InputError([InputProblem(raw.title, "", "", "list_too_long", {"limit": str(MOST_ROWS)})])
    problems: tuple[InputProblem, ...] = ()
    try:
        findings.raise_if_any()
    except InputError as error:
        problems = error.problems
    return ReferralList(_rows(table), problems, raw.title, _by_field(table))


def _by_field(table: Table) -> dict[str, str]:
    letters = table.positions().letters
    return {column.field: letters[column.name] for column in REFERRALS.columns if column.name in letters}


def _raw(path: Path) -> RawSheet:
    if path.suffix.lower() in WORKBOOKS:
        found = found_sheet(path, _title(path))
        return RawSheet(REFERRALS, found.title, found.records, merged=found.merged, wrong_cells=found.wrong_cells)
    content = path.read_bytes()
    if not content.strip():
        raise InputError([InputProblem("", "", str(path), "file_empty", {})])
    try:
        text, _ = decoded(content)
    except UnicodeDecodeError:
        raise InputError([InputProblem("", "", str(path), "text_encoding", {})]) from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    try:
        records = tuple(csv_records(text, separator))
    except csv.Error as error:
        raise InputError([InputProblem("", "", str(error), "csv_broken", {"line": "1"})]) from None
    return RawSheet(REFERRALS, "", records, comma_separated=separator == ",")


def _title(path: Path) -> str | None:
    """The sheet of that name, where there is one; else the first that holds rows."""
    found = found_sheet(path)
    names = {name.casefold() for name in REFERRALS.titles}
    return next((title for title in found.titles if title.casefold() in names), None)


def _rows(table: Table) -> tuple[ReferralRow, ...]:
    found = []
    for position, number in enumerate(table.numbers):
        values: dict[str, str | int | date] = {}
        for column in REFERRALS.columns:
            value = table.column(column.name)[position]
            if value is not None and not isinstance(value, Fault):
                values[column.field] = int(value) if isinstance(value, Fraction) else value  # type: ignore[assignment]
        found.append(ReferralRow(number, values))
    return tuple(found)


# The empty form


def template_workbook(lang: str) -> bytes:
    """The empty list as a workbook, its columns explained and its choices offered."""
    content = io.BytesIO()
    with new_workbook(content, REFERRALS.title(lang)) as workbook:
        lay_out(workbook.add_worksheet(REFERRALS.title(lang)), REFERRALS, Formats.of(workbook), lang)
    return content.getvalue()


def template_csv(lang: str) -> bytes:
    """The headings alone, as a CSV file that a spreadsheet opens."""
    separator, _ = MANNERS[lang]
    return ("\ufeff" + separator.join(column.heading(lang) for column in REFERRALS.columns) + "\r\n").encode()


# In the child


def main(folder: str) -> None:
    """Read the request and the file from standard input, write the answer to standard output."""
    stop_at_limits()
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        if request["suffix"] not in ACCEPTED:
            raise InputError([InputProblem("", "", request["name"][:120], "upload_type", {})])
        path = Path(folder) / f"upload{request['suffix']}"
        path.write_bytes(content)
        found = read_list(path)
    except InputError as error:
        found = ReferralList(problems=tuple(named_problem(problem, folder, request["name"]) for problem in error.problems))
    except (MemoryError, RecursionError):
        found = ReferralList(problems=(InputProblem("", "", request["name"][:120], "file_corrupted", {}),))
    sys.stdout.buffer.write(json.dumps(_out(found)).encode())


def _out(found: ReferralList) -> dict[str, Any]:
    rows = [
        {"row": one.row, "values": {key: {"day": v.isoformat()} if isinstance(v, date) else v for key, v in one.values.items()}}
        for one in found.rows
    ]
    return {"rows": rows, "problems": [problem_out(one) for one in found.problems], "title": found.title, "letters": dict(found.letters)}


if __name__ == "__main__":
    main(sys.argv[1])
