"""The files of a program's reports: one way for the pages that serve them and for the worker that writes them to the shared drive.

The writers are loaded only where a file is asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from evenload.records.models import Program
from evenload.words import Words, words_in
from evenload.workflow.planning_worksheet import Worksheet, worksheet_of
from evenload.workflow.quarter_figures import quarter_figures
from evenload.workflow.quarters import Quarter, to_be_written
from evenload.workflow.refused import Refused

FORMS: Final = ("pdf", "xlsx")
NOT_WHOLE: Final = "facts_contradict"


def report_file(program: Program, report: str, language: str, form: str, *, today: date) -> bytes:
    """One file of a report as the records stand. Refused `facts_contradict` where they leave no figures; KeyError: no such report."""
    words = words_in(language)
    if report == "quarter":
        return quarter_file(program, to_be_written(today), words, form, today=today)
    return plan_file(report, whole(worksheet_of(program)), words, form)


def whole(sheet: Worksheet) -> Worksheet:
    """The worksheet, if all three steps could be counted. Refused `facts_contradict` else."""
    if not sheet.is_whole:
        raise Refused(NOT_WHOLE)
    return sheet


def plan_file(report: str, sheet: Worksheet, words: Words, form: str) -> bytes:
    """The capacity worksheet or the gap sheet. KeyError: neither, or no such form."""
    from evenload.exchange.gap_workbook import gap_sheet_xlsx
    from evenload.exchange.worksheet_pdf import gap_sheet_pdf, worksheet_pdf
    from evenload.exchange.worksheet_xlsx import worksheet_xlsx

    writers = {
        ("worksheet", "pdf"): worksheet_pdf,
        ("worksheet", "xlsx"): worksheet_xlsx,
        ("gap_sheet", "pdf"): gap_sheet_pdf,
        ("gap_sheet", "xlsx"): gap_sheet_xlsx,
    }
    return writers[report, form](sheet.plan, sheet.stated, sheet.rows, words)


def quarter_file(program: Program, quarter: Quarter, words: Words, form: str, *, today: date) -> bytes:
    """The program report of a quarter. KeyError: no such form."""
    from evenload.exchange.quarter_report import quarter_pdf, quarter_xlsx

    return {"pdf": quarter_pdf, "xlsx": quarter_xlsx}[form](quarter_figures(program, quarter, today=today), words)
