"""The planning worksheet as a workbook: the answer on the first sheet, then one sheet per table. Sums, differences and shares count by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from evenload.exchange.pages import Facing, Table
from evenload.exchange.printed_workbook import PrintedWorkbook, RunningText
from evenload.exchange.rows import Rows
from evenload.exchange.worksheet import assumptions, notices, worksheet
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import facing, pools_callout
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.program import Program
from evenload.words import Words

_POOLS_NAMED = 6


def worksheet_xlsx(plan: CapacityPlan, program: Program, rows: Rows, words: Words) -> bytes:
    """The whole worksheet as a workbook."""
    facts = WorksheetFacts(plan, program, rows, words)
    document = worksheet(plan, program, rows, words)
    running = RunningText(program=document.program, edition=document.edition, mark="", as_of=document.as_of)
    book = PrintedWorkbook(words, running, document.title)
    book.front_page(words.say("Worksheet"), document.title, (document.subtitle, document.edition), tuple(_statements(facts)))
    book.tables([block for block in document.blocks if isinstance(block, Table)])
    return book.content()


def _statements(facts: WorksheetFacts) -> Iterator[tuple[str, str]]:
    words = facts.words
    yield words.say("Pools"), "\n".join(pools_callout(facts, _POOLS_NAMED).lines)
    for match in facts.plan.match:
        yield facts.discipline(match.discipline), "\n".join(_facing_lines(facts, facing(facts, match)))
    yield words.say("Assumptions"), "\n".join(assumptions(facts))
    if facts.plan.notices:
        yield words.say("What to know about these figures"), "\n".join(notices(facts))


def _facing_lines(facts: WorksheetFacts, both: Facing) -> Iterator[str]:
    for panel in (both.left, both.right):
        yield facts.words.pair(panel.title, panel.statement)
        yield from (f"   {line}" for line in panel.lines)
    yield from both.lines
