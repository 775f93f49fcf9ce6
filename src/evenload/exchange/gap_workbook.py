"""The gap sheet as a workbook that goes on counting: change the hours or the need, and the gap follows in every measure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from evenload.exchange.gap_sheet import counted_sentence, gap_sheet, where_hours_go
from evenload.exchange.pages import Column, Formulas, Row, Table, Value
from evenload.exchange.printed_workbook import PrintedWorkbook, RunningText
from evenload.exchange.rows import Rows
from evenload.exchange.worksheet import assumptions
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import gap_sentence, pools_callout, pools_table
from evenload.exchange.worksheet_views import sensitivity_table
from evenload.planning.capacity_plan import CapacityPlan, Match
from evenload.planning.program import Program
from evenload.words import Words

_POOLS_NAMED = 6


def gap_sheet_xlsx(plan: CapacityPlan, program: Program, rows: Rows, words: Words) -> bytes:
    """The gap sheet's figures with the formulas between them. No person is named in it."""
    facts, document = WorksheetFacts(plan, program, rows, words), gap_sheet(plan, program, rows, words)
    running = RunningText(program=document.program, edition=document.edition, mark="", as_of=document.as_of)
    book = PrintedWorkbook(words, running, document.title)
    book.front_page(document.title, document.title, (document.subtitle, document.edition), tuple(_statements(facts)))
    gap = gap_table(facts)
    book.tables([gap, where_hours_go(facts), sensitivity_table(facts, gap.name), pools_table(facts)])
    return book.content()


def _statements(facts: WorksheetFacts) -> Iterator[tuple[str, str]]:
    words = facts.words
    yield words.say("Pools"), "\n".join(pools_callout(facts, _POOLS_NAMED).lines)
    for match in facts.plan.match:
        yield facts.discipline(match.discipline), gap_sentence(facts, match)
    yield words.say("How it is counted"), counted_sentence(facts)
    yield words.say("Assumptions"), "\n".join(assumptions(facts))


def gap_table(facts: WorksheetFacts) -> Table:
    """One row per discipline: have and need as they are recorded, and every measure of the gap counted from them."""
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 26),
        Column(words.say("Have, h"), "hours", 10),
        Column(words.say("Need, h"), "hours", 10),
        Column(words.say("Gap, h"), "hours", 10),
        Column(words.say("Hours of a client"), "hundredths", 9),
        Column(words.say("Gap, clients"), "hours", 9),
        Column(words.say("Hours of a visit"), "hundredths", 9),
        Column(words.say("Gap, visits"), "hours", 9),
        Column(words.say("FTE there are"), "hundredths", 9),
        Column(words.say("Hours of one FTE"), "hours", 10),
        Column(words.say("FTE needed"), "hundredths", 9),
        Column(words.say("Gap, FTE"), "hundredths", 9),
        Column(words.say("Utilization"), "percent_tenths", 11),
    )
    return Table(
        name=words.say("Gap"),
        title=words.say("The gap of each discipline, in every measure"),
        columns=columns,
        rows=tuple(_gap_row(facts, match) for match in facts.plan.match),
        notes=(words.say("Change have, need, or what a client, a visit or one FTE takes: the rest counts itself anew."),),
        footnotes=(counted_sentence(facts),),
        landscape=True,
    )


def _gap_row(facts: WorksheetFacts, match: Match) -> Row:
    of_client, of_visit = _each(match.gap_hours, match.gap_clients), _each(match.gap_hours, match.gap_visits)
    of_one = match.demand_hours / match.fte_required if match.fte_required else None
    values: tuple[Value, ...] = (
        facts.discipline(match.discipline),
        match.supply_hours,
        match.demand_hours,
        match.gap_hours,
        of_client,
        match.gap_clients,
        of_visit,
        match.gap_visits,
        match.fte_current,
        of_one,
        match.fte_required,
        match.gap_fte,
        match.utilisation_percent,
    )
    formulas: Formulas = ((3, "={1}-{2}"), (11, "={8}-{10}"), (12, "={2}/{1}"))
    formulas += ((5, "={3}/{4}"),) if of_client else ()
    formulas += ((7, "={3}/{6}"),) if of_visit else ()
    formulas += ((10, "={2}/{9}"),) if of_one else ()
    return Row(values, "short" if match.gap_hours < 0 else "plain", formulas=formulas)


def _each(gap: Fraction, counted: Fraction | None) -> Fraction | None:
    """Mean hours of a client or of a visit, by which the gap was counted; None where the gap says nothing of it."""
    return gap / counted if gap and counted else None
