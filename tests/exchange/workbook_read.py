"""A finished workbook read back, as a reader's office program would see it."""

from __future__ import annotations

import html
import io
import re
import warnings
import zipfile

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet


def opened(content: bytes, *, figures: bool = False) -> Workbook:
    """The workbook in these bytes, formulas as formulas, or with the `figures` that they came to."""
    with warnings.catch_warnings():
        # openpyxl does not know the bars behind percents; Excel and LibreOffice do
        warnings.filterwarnings("ignore", ".* extension is not supported", UserWarning)
        return load_workbook(io.BytesIO(content), data_only=figures)


def formula_cells(content: bytes) -> list[str]:
    """Every cell that holds a formula, and every formula element in the file."""
    book = opened(content)
    cells = [f"{sheet.title}!{cell.coordinate}" for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheets = [name for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
        return cells + [name for name in sheets if re.search(rb"<f[ >]", file.read(name))]


def page_headers(content: bytes) -> list[str]:
    """The page header of every sheet with its codes, as the file holds it."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    return [html.unescape(found.group(1)) for sheet in sheets if (found := re.search("<oddHeader>(.*?)</oddHeader>", sheet, re.DOTALL))]


def texts(content: bytes) -> set[str]:
    """Every text in the workbook."""
    return {cell.value for sheet in opened(content) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}


def table_of(sheet: Worksheet, heading: str) -> list[dict[str, object]]:
    """The rows under the line of headings that contains this heading, up to the first empty row."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(rows) if heading in row)
    found = []
    for row in rows[top + 1 :]:
        if all(value is None for value in row):
            break
        found.append(dict(zip(rows[top], row, strict=True)))
    return found
