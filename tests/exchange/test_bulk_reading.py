"""A workbook of 50,000 rows is read within 15 seconds and 500 MB."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from exchange.small_books import good, member, with_members, write_book

ROWS = 50_000
READ = """
import json, pathlib, re, sys, time
from evenload.exchange.open_input import open_input
begun = time.process_time()
rows = open_input(sys.argv[1]).rows
spent = time.process_time() - begun
status = pathlib.Path("/proc/self/status")  # getrusage would count the process that started this one, too
peak_mb = int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) / 1024 if status.exists() else 0
print(json.dumps([len(rows.units), spent, peak_mb, rows.units[-1].label]))
"""


@pytest.mark.slow
def test_fifty_thousand_rows_are_read_within_15_seconds_and_500_mb(tmp_path: Path, repository: Path) -> None:
    path = large_book(tmp_path)
    answer = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(repository / "src")}
    )
    count, seconds, peak_mb, label = json.loads(answer.stdout)
    assert (count, label) == (ROWS, "Élève nº 49999")
    assert seconds < 15
    assert peak_mb < 500


def large_book(folder: Path) -> Path:
    """The small program with 50,000 units, most columns filled, every cell written as most programs write it."""
    small = write_book(good(), folder / "small.xlsx")
    name = "xl/worksheets/sheet7.xml"
    head, _, rest = member(small, name).partition(b"<sheetData>")
    header = rest[: rest.index(b"</row>") + len(b"</row>")]
    rows = "".join(_row(number) for number in range(ROWS)).encode()
    text = head + b"<sheetData>" + header + rows + b"</sheetData>" + rest.partition(b"</sheetData>")[2]
    with_members(small, {name: text}, folder / "large.xlsx")
    assert zipfile.is_zipfile(folder / "large.xlsx")
    return folder / "large.xlsx"


def _row(number: int) -> str:
    texts = {"A": f"id {number}", "B": "site", "C": "s1", "D": "OT", "E": "low", "H": "en", "J": "ana", "K": "no", "L": "béa"}
    texts |= {"M": f"Élève nº {number}", "N": "no", "O": f"note {number * 7919 % 1009}"}
    numbers = {"F": number % 30 + 1, "G": number % 4 + 1, "P": 45 + number % 1000 / 1000, "Q": -75 - number % 997 / 1000}
    place = number + 2
    cells = {letter: f'<c r="{letter}{place}" t="inlineStr"><is><t>{text}</t></is></c>' for letter, text in texts.items()}
    cells |= {letter: f'<c r="{letter}{place}"><v>{value}</v></c>' for letter, value in numbers.items()}
    return f'<row r="{place}">{"".join(cells[letter] for letter in sorted(cells))}</row>'
