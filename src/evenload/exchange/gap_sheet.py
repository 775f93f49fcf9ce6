"""The gap sheet: one page for those who decide on staff. What there is, what is needed, what is missing, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from evenload.exchange.pages import Block, Bullets, Column, Document, Facing, Fill, Heading, Paragraph, Row, Span, Table
from evenload.exchange.rows import Rows
from evenload.exchange.worksheet import assumptions, document
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import facing, missing_pools, pools_callout
from evenload.planning.capacity_plan import CapacityPlan, Match
from evenload.planning.program import Program
from evenload.planning.sensitivity import gap_range
from evenload.words import Words

_FACING_DISCIPLINES = 2
_DISCIPLINES = 9
_POOLS = 4
_ASSUMPTIONS = 5
"""so that the page stays one page"""


def gap_sheet(plan: CapacityPlan, program: Program, rows: Rows, words: Words) -> Document:
    """The gap sheet as a document of its own."""
    facts = WorksheetFacts(plan, program, rows, words)
    return document(facts, words.say("Gap sheet"), tuple(gap_blocks(facts)))


def gap_blocks(facts: WorksheetFacts) -> Iterator[Block]:
    """What stands on the gap sheet, from top to bottom."""
    words = facts.words
    by_gap = sorted(facts.plan.match, key=lambda row: (_worst_hours(facts, row), row.gap_hours, row.discipline))
    yield pools_callout(facts, _POOLS)
    is_one_by_one = len(by_gap) <= _FACING_DISCIPLINES
    for match in by_gap if is_one_by_one else by_gap[:1]:
        yield Heading(facts.discipline(match.discipline))
        whole = facing(facts, match)
        short = [replace(side, lines=side.lines[:1]) for side in (whole.left, whole.right)]
        yield Facing(short[0], short[1], (*whole.lines, *_how_sure(facts, match)))
    if not is_one_by_one:
        yield _disciplines_table(facts, by_gap[:_DISCIPLINES])
    yield where_hours_go(facts)
    yield Paragraph(counted_sentence(facts), quiet=True)
    yield Heading(words.say("On what this rests"))
    yield Bullets(assumptions(facts)[:_ASSUMPTIONS])
    yield Paragraph(
        words.say("Every figure, with its formula and its source, stands in the planning worksheet of the same period."), quiet=True
    )


def counted_sentence(facts: WorksheetFacts) -> str:
    """How every figure of the sheet is counted, and from what."""
    return facts.words.say(
        "Period: {period}. Gap = hours to plan with − hours clients need; in clients and visits ÷ the mean hours of a client and of a "
        "visit; in full-time equivalents ÷ the hours to plan with of one. Source: the program's staff, absences, duties, time standards "
        "and clients as of {as_of}.",
        period=facts.period,
        as_of=facts.plan.period.as_of,
    )


def _worst_hours(facts: WorksheetFacts, match: Match) -> Fraction:
    """The largest shortage of the discipline in one language; a total that has hours to spare does not hide it."""
    return min((pool.gap_hours for pool in missing_pools(facts)[0] if pool.discipline == match.discipline), default=Fraction(0))


def _how_sure(facts: WorksheetFacts, match: Match) -> Iterator[str]:
    """The range of the gap where all times, or all hours, were a tenth off."""
    words = facts.words
    least, most = gap_range(facts.plan.sensitivity, match.discipline)
    yield words.say(
        "If all times or all hours were 10 percent off, the gap would lie between {least} and {most}.",
        least=words.signed_hours(least),
        most=words.signed_hours(most),
    )


def _disciplines_table(facts: WorksheetFacts, matches: list[Match]) -> Table:
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 26),
        Column(words.say("Have, h"), "hours", 11),
        Column(words.say("Need, h"), "hours", 11),
        Column(words.say("Gap, h"), "hours", 11),
        Column(words.say("Gap, clients"), "hours", 10),
        Column(words.say("Gap, visits"), "hours", 10),
        Column(words.say("Gap, FTE"), "hundredths", 9),
    )
    rows = tuple(
        Row(
            (
                facts.discipline(row.discipline),
                row.supply_hours,
                row.demand_hours,
                row.gap_hours,
                row.gap_clients,
                row.gap_visits,
                row.gap_fte,
            ),
            "short" if row.gap_hours < 0 else "plain",
        )
        for row in matches
    )
    return Table(words.say("Disciplines"), words.say("Every discipline"), columns, rows, landscape=False)


def where_hours_go(facts: WorksheetFacts) -> Table:
    """From contracted hours to the hours to plan with, in five steps."""
    words, people = facts.words, facts.plan.capacities
    columns = (
        Column(words.say("Step"), "wrapped", 24),
        Column(words.say_n("Hours over {n} week", "Hours over {n} weeks", facts.weeks), "hours", 14),
        Column(words.say("Share of the contracted hours"), "span", 48),
        Column(words.say("Percent of contracted"), "percent_tenths", 14),
    )
    contracted = sum((row.contracted_hours for row in people), Fraction(0))
    absence = sum((row.absence_hours for row in people), Fraction(0))
    duties = sum((row.nonclient_hours for row in people), Fraction(0))
    reserve = sum((row.reserve_hours for row in people), Fraction(0))
    plannable = sum((row.plannable_hours for row in people), Fraction(0))
    steps: tuple[tuple[str, Fraction, Fraction, Fraction, Fill], ...] = (
        (words.say("Contracted or offered"), contracted, Fraction(0), contracted, "have"),
        (words.say("Absence"), -absence, contracted - absence, contracted, "absence"),
        (words.say("Non-client duties"), -duties, contracted - absence - duties, contracted - absence, "duty"),
        (words.say("Reserve"), -reserve, plannable, plannable + reserve, "reserve"),
        (words.say("To plan with"), plannable, Fraction(0), plannable, "care"),
    )
    kept = [step for step in steps if step[1] or step[4] != "reserve"]
    rows = tuple(
        Row(
            (name, hours, _span(start, end, contracted, fill), _percent(hours, contracted)),
            "total" if fill == "care" else "plain",
            formulas=((3, "={1}/{1@0}"), *(((1, f"=SUM({{1@0:{at - 1}}})"),) if fill == "care" else ())),
        )
        for at, (name, hours, start, end, fill) in enumerate(kept)
    )
    return Table(words.say("Where our hours go"), words.say("Where our hours go"), columns, rows, landscape=False, sortable=False)


def _span(start: Fraction, end: Fraction, whole: Fraction, fill: Fill) -> Span | None:
    return Span(float(start / whole), float(end / whole), fill) if whole else None


def _percent(hours: Fraction, whole: Fraction) -> Fraction | None:
    return 100 * hours / whole if whole else None
