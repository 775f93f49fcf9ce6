"""How long a report takes on paper: `python -m benchmarks.web_reports` sets a worksheet of 400 rows, first in a fresh process.

The goal is two seconds. The first is the slower one: the typesetter reads its fonts once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from time import perf_counter

from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.exchange.pages import Table
from evenload.exchange.worksheet import worksheet
from evenload.exchange.worksheet_pdf import worksheet_pdf
from evenload.exchange.worksheet_xlsx import worksheet_xlsx
from evenload.planning.period_travel import plan_program
from evenload.words import words_in

ROWS = 400
GOAL_SECONDS = 2.0


def report_lines(rounds: int = 3) -> Iterator[str]:
    """Seconds of the PDF and of the workbook, of a worksheet whose tables have at least 400 rows."""
    rows = example_rows(practitioners=20, units=100, seed=7)
    program = program_from(rows)
    plan = plan_program(program)
    words = words_in("fr")
    count = sum(len(block.rows) for block in worksheet(plan, program, rows, words).blocks if isinstance(block, Table))
    if count < ROWS:
        raise ValueError(f"rows of the worksheet: expected {ROWS} or more, got {count}")
    for name, write in (("PDF", worksheet_pdf), ("XLSX", worksheet_xlsx)):
        seconds = []
        for _ in range(rounds):
            begun = perf_counter()
            write(plan, program, rows, words)
            seconds.append(perf_counter() - begun)
        yield f"{name} of {count} rows: first {seconds[0]:.2f} s, then {min(seconds[1:]):.2f} s (goal {GOAL_SECONDS:.0f} s)"


if __name__ == "__main__":
    for line in report_lines():
        sys.stdout.write(f"{line}\n")
