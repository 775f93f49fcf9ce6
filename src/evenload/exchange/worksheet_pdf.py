"""The planning worksheet and the gap sheet on paper."""

from __future__ import annotations

from dataclasses import replace

from evenload.exchange.gap_sheet import gap_blocks, gap_sheet
from evenload.exchange.pages import Heading, PageBreak
from evenload.exchange.printed_pdf import pdf_of
from evenload.exchange.rows import Rows
from evenload.exchange.worksheet import worksheet
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.program import Program
from evenload.words import Words


def worksheet_pdf(plan: CapacityPlan, program: Program, rows: Rows, words: Words) -> bytes:
    """The whole worksheet as a PDF; its last page is the gap sheet."""
    document = worksheet(plan, program, rows, words)
    gap = gap_blocks(WorksheetFacts(plan, program, rows, words))
    heading = Heading(words.say("Gap sheet"))
    return pdf_of(replace(document, blocks=(*document.blocks, PageBreak(), heading, *gap)), words)


def gap_sheet_pdf(plan: CapacityPlan, program: Program, rows: Rows, words: Words) -> bytes:
    """The gap sheet alone: one page."""
    return pdf_of(gap_sheet(plan, program, rows, words), words)
