"""A workbook counted anew by an office program: every formula's figure beside the one that the core had put there."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook


@dataclass(frozen=True, slots=True)
class CountedCell:
    """One cell with a formula: what the core says it comes to, and what the office program counted."""

    sheet: str
    cell: str
    formula: str
    stated: object
    counted: object

    @property
    def is_same(self) -> bool:
        """Equal but for the last bits of a float."""
        both = (self.stated, self.counted)
        return all(isinstance(one, int | float) for one in both) and self.counted == pytest.approx(self.stated, rel=1e-9, abs=1e-9)


def recalculated(content: bytes, folder: Path) -> list[CountedCell]:
    """Every formula cell, counted by LibreOffice from a copy without any kept figure; the test is skipped where it is not installed."""
    return recalculated_all([content], folder)[0]


def recalculated_all(contents: Sequence[bytes], folder: Path) -> list[list[CountedCell]]:
    """The same for several workbooks, for which the office program begins once."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    asked = [folder / f"asked-{number}.xlsx" for number in range(len(contents))]
    for path, content in zip(asked, contents, strict=True):
        path.write_bytes(_without_kept_figures(content))
    command = [
        office,
        "--headless",
        f"-env:UserInstallation=file://{folder}/office",
        "--convert-to",
        "xlsx",
        "--outdir",
        f"{folder}/counted",
    ]
    subprocess.run([*command, *map(str, asked)], check=True, capture_output=True, timeout=180)
    return [_cells(content, folder / "counted" / path.name) for path, content in zip(asked, contents, strict=True)]


def _cells(content: bytes, counted_book: Path) -> list[CountedCell]:
    formulas, stated = load_workbook(io.BytesIO(content)), load_workbook(io.BytesIO(content), data_only=True)
    counted = load_workbook(counted_book, data_only=True)
    return [
        CountedCell(
            sheet.title,
            cell.coordinate,
            str(cell.value),
            stated[sheet.title][cell.coordinate].value,
            counted[sheet.title][cell.coordinate].value,
        )
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def _without_kept_figures(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as kept, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bare:
        for name in kept.namelist():
            part = kept.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", part)
            bare.writestr(name, part)
    return made.getvalue()
