"""Everything of a program, out again: the same workbook that comes in, or a zip of its CSV files."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from evenload.exchange.rows import Rows
from evenload.exchange.sheets_out import write_csv_folder, write_rows
from evenload.records.access import Person
from evenload.records.models import Program
from evenload.workflow import journal
from evenload.workflow.snapshot import rows_of

MADE_ON: Final = (2026, 1, 1, 0, 0, 0)
"""stands in the zip instead of the clock: the same rows give the same bytes"""
FORMS: Final = ("xlsx", "csv")
CONTENT_TYPES: Final = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "application/zip"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to hand out: its bytes, a name made from the program's code, and its content type."""

    content: bytes
    name: str
    content_type: str


def export(program: Program, *, form: str, lang: str, by: Person, at: datetime) -> Exported:
    """The program as a workbook (`xlsx`) or as zipped CSV files (`csv`) in English or French; the journal has a line of it.

    Reading it back gives the same rows. Raises ValueError for another form.
    """
    if form not in FORMS:
        raise ValueError(f"form: expected one of {', '.join(FORMS)}, got {form!r}")
    with transaction.atomic():
        rows = rows_of(program, with_held=True)
        clients = [row.id for row in rows.units]
        journal.record(by, "export.make", at=at, program=program, subject=program, clients=clients, form=form, language=lang)
    content = workbook_of(rows, lang) if form == "xlsx" else _zip_of_csv(rows, lang)
    suffix = "xlsx" if form == "xlsx" else "zip"
    return Exported(content, f"{program.code}-{lang}.{suffix}", CONTENT_TYPES[form])


def workbook_of(rows: Rows, lang: str) -> bytes:
    """The rows as the bytes of a workbook with headings in English or French."""
    with tempfile.TemporaryDirectory(prefix="evenload-export-") as folder:
        path = Path(folder) / "workbook.xlsx"
        write_rows(rows, path, lang)
        return path.read_bytes()


def _zip_of_csv(rows: Rows, lang: str) -> bytes:
    content = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="evenload-export-") as folder, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        write_csv_folder(rows, Path(folder), lang)
        for path in sorted(Path(folder).iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, MADE_ON), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()
