"""The same figures on the screen, in the PDF, in the workbook and on the command line: pools, totals and the WISN view, row by row."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from evenload.cli.app import run
from evenload.exchange.sheets_out import write_rows
from evenload.words import words_in
from evenload.workflow.snapshot import rows_of
from web.desk_visits import client_of
from web.worksheet_pages import Sheet, number, text
from workflow.drafts_made import example_program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (Debian package poppler-utils) is not installed"),
]
NUMBER = r"([\u2212\d,.]+)"
AMOUNTS = {
    "areas": rf"{NUMBER}\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s+(?:SHORT|ok)\s*$",
    "wisn": rf"\s{NUMBER}\s+(?:hours|FTE|%|×)\s*$",
}
"""the figures at the end of a line of the PDF"""
TITLES = {
    "areas": ("Match, pool by pool", "Match of each discipline"),
    "wisn": ("The same hours as the WISN method", "What today's caseloads need"),
}


def test_pools_and_wisn_are_the_same_on_screen_in_pdf_workbook_and_command_line(db: None, tmp_path: Path) -> None:
    program, by = example_program(practitioners=6, units=40)
    sheet = Sheet(client_of(by.account), program)
    write_rows(rows_of(program, with_held=True), tmp_path / "program.xlsx", "en")
    assert run(["plan", str(tmp_path / "program.xlsx"), "--json", str(tmp_path / "plan.json"), "--quiet"], {}) == 0
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    files = {form: sheet.client.get(reverse("worksheet_file", args=[program.code, "en", form])).content for form in ("xlsx", "pdf")}
    book = load_workbook(io.BytesIO(files["xlsx"]), data_only=True)
    printed = pdf_lines(files["pdf"], tmp_path)
    page = sheet.page(3)

    # Pools: hours there are, needed, of it modelled travel, gap
    screen = figures_on_screen(page, "areas")
    assert len(screen) > 6
    workbook = [row[3:7] for row in rows_of_sheet(book["3 Pools"]) if isinstance(row[3], int | float)]
    assert [tuple(words_in("en").number(cell, 1) for cell in row) for row in workbook] == screen
    assert figures_in_print(printed, "areas") == screen
    stated = [
        (row["supply_hours"], row["demand_hours"], row["demand_hours"] - row["care_hours"], row["gap_hours"])
        for row in plan["pools"]
        if row["supply_hours"] or row["demand_hours"]
    ]
    assert sorted(tuple(words_in("en").number(round(cell, 6), 1) for cell in row) for row in stated) == sorted(screen)

    # WISN: one figure a row, exact on the screen
    screen = figures_on_screen(page, "wisn")
    shown = [float(number(figure)) for (figure,) in screen]
    workbook = [row[3] for row in rows_of_sheet(book["3 WISN"]) if isinstance(row[3], int | float)]
    assert len(shown) == len(workbook) > 20
    assert max(abs(one - other) for one, other in zip(shown, workbook, strict=True)) < 1e-6
    assert [float(number(figure)) for (figure,) in figures_in_print(printed, "wisn")] == [pytest.approx(one, abs=0.00501) for one in shown]
    fields = ("available_hours_per_fte", "basic_staff", "category_factor", "required_staff", "current_staff", "ratio")
    for row in plan["wisn"]:
        assert {field for field in fields if min(abs(row[field] - one) for one in shown) > 1e-6} == set()


def figures_on_screen(page: str, anchor: str) -> list[tuple[str, ...]]:
    """The number cells of a table's rows."""
    table = re.search(r"<table.*?</table>", page[page.index(f'id="{anchor}"') :], re.S)
    assert table
    rows = re.findall(r"<tr\b[^>]*>(.*?)</tr>", table[0], re.S)
    found = (tuple(text(cell) for cell in re.findall(r'<td class="number[^>]*>(.*?)</td>', row, re.S)) for row in rows)
    return [cells for cells in found if cells]


def rows_of_sheet(sheet: Any) -> Iterable[tuple[Any, ...]]:
    return (tuple(row) for row in sheet.iter_rows(values_only=True))


def pdf_lines(content: bytes, folder: Path) -> list[str]:
    """The PDF's lines of text, as they stand beside each other."""
    (folder / "worksheet.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", str(folder / "worksheet.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def figures_in_print(printed: list[str], table: str) -> list[tuple[str, ...]]:
    """The figures of a table in the order of its rows; a name that takes two lines has its figures on the first."""
    begin, end = (next(at for at, line in enumerate(printed) if title in line and "Page" not in line) for title in TITLES[table])
    found = (re.search(AMOUNTS[table], line) for line in printed[begin:end])
    return [match.groups() for match in found if match]
