"""The assignment list as a workbook made to be read and printed. It is a draft: a named manager confirms every assignment."""

from __future__ import annotations

from collections.abc import Iterator

from evenload.exchange.list_facts import ListFacts, list_facts
from evenload.exchange.list_people import capacity_table, loads_table
from evenload.exchange.list_score import helpful_hours_table, provenance_table, score_table, scorecard_table
from evenload.exchange.list_summary import statements
from evenload.exchange.list_views import area_table, cover_table, practitioner_table, site_tables
from evenload.exchange.list_waiting import changes_table, teams_table, waiting_table
from evenload.exchange.pages import Table
from evenload.exchange.printed_workbook import PrintedWorkbook, RunningText
from evenload.exchange.rows import Rows
from evenload.planning.case import Case
from evenload.planning.plan import Plan
from evenload.planning.program import Program
from evenload.planning.scorecard import scorecard
from evenload.words import Words

_FINGERPRINT_CHARACTERS = 7


def assignment_list_xlsx(rows: Rows, program: Program, case: Case, plan: Plan, *, words: Words) -> bytes:
    """The whole list in one language. `program` and `case` are those that the plan was made of; names come from `rows`.

    The same plan gives the same bytes. Raises KeyError where the plan holds a unit or practitioner that the case does not.
    """
    facts = list_facts(rows, program, case, plan, words=words)
    name = words.either(rows.program.name_en, rows.program.name_fr)
    edition = words.say(
        "Draft as of {as_of}, not published · Evenload {version} · case {code}",
        as_of=case.as_of,
        version=plan.provenance.version,
        code=plan.case_digest.removeprefix("sha256:")[:_FINGERPRINT_CHARACTERS],
    )
    running = RunningText(program=name, edition=edition, mark=words.say("DRAFT – not for use"), as_of=case.as_of)
    book = PrintedWorkbook(words, running, words.say("Assignment list"))
    lines = (
        words.say("{program} · {period}", program=name, period=words.period(case.starts_on, case.weeks)),
        edition,
        words.say("A plan only proposes: a named manager confirms every assignment."),
    )
    book.front_page(words.say("Summary"), words.say("Assignment list"), lines, statements(facts))
    for table in list_tables(facts):
        book.table(table)
    return book.content()


def list_tables(facts: ListFacts) -> Iterator[Table]:
    """The sheets after the first page, in order."""
    yield from site_tables(facts)
    yield area_table(facts)
    yield practitioner_table(facts)
    yield loads_table(facts)
    yield cover_table(facts)
    yield waiting_table(facts)
    yield changes_table(facts)
    yield teams_table(facts)
    yield capacity_table(facts)
    card = scorecard(facts.case, facts.plan)
    yield helpful_hours_table(facts, card.helpful_hours)
    yield score_table(facts)
    yield scorecard_table(facts, card)
    yield provenance_table(facts)
