"""A folder of CSV files, one for each sheet: any usual encoding, separator and line end, decoded whole and strictly.

No encoding is guessed from a part of a file: the first accent of a Windows-1252 file may stand a hundred thousand bytes in.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from evenload.exchange.columns import SHEETS, Sheet, folded
from evenload.exchange.findings import ORDER, Findings
from evenload.exchange.intake import reading_from
from evenload.exchange.reading import InputError, InputProblem, Reading
from evenload.exchange.tables import RawSheet, Record, known_sheets
from evenload.exchange.text_cells import Cell, Fault, shown_text
from evenload.planning.problems import Notice, Where

SEPARATORS = (",", ";", "\t")
FILE_LIMIT_MB = 100
MEGABYTE = 1_000_000
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NEUTRALISED = re.compile("'+[=+\\-@\t\r＝＋－＠]")
"""how formula-like text is written in CSV files (sheets_out): one apostrophe more than it has"""
SEPARATOR_LINE = re.compile("sep=([,;\t])\r?\n")


def read_csv_folder(folder: Path) -> Reading:
    """The Reading of a folder of CSV files named after the sheets; raises InputError with every problem at once.

    Row numbers of problems are line numbers of the file.
    """
    findings = Findings()
    paths = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv" and path.is_file()}
    known = known_sheets(list(paths), findings)
    if not known:
        sheets = ", ".join(f"{sheet.name}.csv" for sheet in SHEETS)
        raise InputError([InputProblem("", "", str(folder), "folder_without_sheets", {"sheets": sheets})])
    notices = [Notice("sheet_unknown", Where(title), {"sheet": title}) for title in paths if title not in known]
    raw_sheets = []
    for title, sheet in sorted(known.items(), key=lambda entry: ORDER[entry[1].name]):
        raw = _raw_sheet(sheet, title, paths[title], findings, notices)
        if raw is not None:
            raw_sheets.append(raw)
    return reading_from(raw_sheets, notices, findings)


def _raw_sheet(sheet: Sheet, title: str, path: Path, findings: Findings, notices: list[Notice]) -> RawSheet | None:
    """The cells of one file, or None where the file cannot be read as text; the problem is then told."""
    megabytes = path.stat().st_size / MEGABYTE
    if megabytes > FILE_LIMIT_MB:
        facts = {"megabytes": str(round(megabytes)), "limit": str(FILE_LIMIT_MB)}
        findings.give_up(sheet.name, title, path.name, Fault("file_too_large", facts))
        return None
    try:
        text, encoding = decoded(path.read_bytes())
    except UnicodeDecodeError:
        findings.give_up(sheet.name, title, path.name, Fault("text_encoding"))
        return None
    if encoding == "cp1252":
        notices.append(Notice("encoding_assumed", Where(title), {"sheet": title}))
    separator, first_line, text = _separator(sheet, text)
    records = _told(csv_records(text, separator, first_line), sheet, title, findings)
    return RawSheet(sheet, title, records, comma_separated=separator == ",")


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a whole file and its encoding: by its byte order mark, else UTF-8, else Windows-1252.

    Raises UnicodeDecodeError for bytes that are none of them.
    """
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return content.decode(encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252"), "cp1252"


def _separator(sheet: Sheet, text: str) -> tuple[str, int, str]:
    """Separator of a file, the number of its first line, and the text from there: what a line `sep=;` says, else the header."""
    stated = SEPARATOR_LINE.match(text)
    if stated:
        return stated[1], 2, text[stated.end() :]
    return _likeliest_separator(sheet, text), 1, text


def _likeliest_separator(sheet: Sheet, text: str) -> str:
    """The separator that finds the most headings of the sheet in the first line that is not blank."""
    headings = {folded(heading) for column in sheet.columns for heading in column.headings}
    header = next((line for line in text.splitlines() if line.strip()), "")

    def found(separator: str) -> tuple[int, int]:
        words = header.split(separator)
        return sum(folded(word) in headings for word in words), len(words)

    return max(SEPARATORS, key=found)


def csv_records(text: str, separator: str = ",", first_line: int = 1) -> Iterator[Record]:
    """Records of a CSV text, each with the number of the line on which it begins. Raises csv.Error where quotes do not close."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first_line
    for record in reader:
        yield line, [_plain(cell) for cell in record]
        line = first_line + reader.line_num


def _plain(cell: str) -> Cell:
    return cell[1:] if cell.startswith("'") and NEUTRALISED.match(cell) else cell


def _told(records: Iterator[Record], sheet: Sheet, title: str, findings: Findings) -> Iterator[Record]:
    """The records, up to where the file breaks; the break is a problem at its line."""
    last: tuple[int, Sequence[Cell]] = (1, ())
    try:
        for last in records:
            yield last
    except csv.Error as error:
        fault = Fault("csv_broken", {"line": str(last[0])})
        findings.add_to_sheet(sheet.name, title, shown_text(str(error)), fault)
