"""The planning worksheet as a document in one language: what stands on it, in which order.

Every figure stands with its formula, its period and its source, so that a reader without the system can follow it.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenload import __version__
from evenload.exchange.pages import Block, Bullets, Document, Heading, PageBreak
from evenload.exchange.rows import Rows
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_hours import calculations_table, practitioners_table, waterfall_table
from evenload.exchange.worksheet_match import caseload_table, facing, match_table, pools_callout, pools_table
from evenload.exchange.worksheet_needs import classes_table, standards_table
from evenload.exchange.worksheet_views import current_table, sensitivity_table, wisn_table
from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.program import Program
from evenload.words import Words
from evenload.words.notices import notice_sentence

_POOLS_NAMED = 4


def worksheet(plan: CapacityPlan, program: Program, rows: Rows, words: Words) -> Document:
    """The planning worksheet: the answer first, then the three steps, other views, assumptions, and every calculation."""
    facts = WorksheetFacts(plan, program, rows, words)
    return document(facts, words.say("Planning worksheet"), tuple(_worksheet_blocks(facts)))


def document(facts: WorksheetFacts, title: str, blocks: tuple[Block, ...]) -> Document:
    """A document of this program and period."""
    words, as_of = facts.words, facts.plan.period.as_of
    return Document(
        title=title,
        subtitle=words.say("{program} · {period}", program=facts.program_name, period=facts.period),
        program=facts.program_name,
        period=facts.period,
        edition=words.say("Evenload {version}, as of {as_of}", version=__version__, as_of=as_of),
        as_of=as_of,
        blocks=blocks,
    )


def _worksheet_blocks(facts: WorksheetFacts) -> Iterator[Block]:
    words = facts.words
    yield Heading(words.say("In brief"))
    yield pools_callout(facts, _POOLS_NAMED)
    for match in facts.plan.match:
        yield Heading(facts.discipline(match.discipline), 3)
        yield facing(facts, match)
    yield PageBreak()
    yield waterfall_table(facts)
    yield practitioners_table(facts)
    yield classes_table(facts)
    yield standards_table(facts)
    yield pools_table(facts)
    yield match_table(facts)
    yield caseload_table(facts)
    yield sensitivity_table(facts)
    yield wisn_table(facts)
    yield current_table(facts)
    yield Heading(words.say("Assumptions"))
    yield Bullets(assumptions(facts))
    if facts.plan.notices:
        yield Heading(words.say("What to know about these figures"))
        yield Bullets(notices(facts))
    yield PageBreak()
    yield calculations_table(facts)


def assumptions(facts: WorksheetFacts) -> tuple[str, ...]:
    """What every figure rests on, in sentences."""
    words, plan = facts.words, facts.plan
    kept = words.percent(plan.reserve_percent, 1)
    said = [
        words.say("The period is {period}. Weekly figures are averages over all its calendar weeks.", period=facts.period),
        words.say("One full-time equivalent works {hours} a week.", hours=words.hours(plan.fte_weekly_hours)),
        words.say("{percent} of the hours for clients are kept free as a reserve.", percent=kept)
        if plan.reserve_percent
        else words.say("No reserve is kept free."),
        words.say("Travel is counted once: in the class that has a travel standard, else from distance."),
        words.say(
            "Distance is a straight line × {detour}, driven at {speed} km an hour; it is a model, not a measured drive.",
            detour=facts.program.detour_factor,
            speed=facts.tenths(facts.program.speed_kmh),
        ),
        words.say("Times are blended from recorded visits and professional judgement; each stands with its source and its range."),
        words.say("Defaults are judgement, not published figures; every one of them can be changed in the workbook."),
        words.say(
            "The three steps follow what is published of the Caseload Management Planning Tool (CMPT); its own worksheets could not be "
            "obtained, so this is a reconstruction."
        ),
    ]
    if plan.contracted_visits is not None:
        said.insert(3, words.say("The contract holds {visits} visits.", visits=facts.tenths(plan.contracted_visits)))
    return tuple(said)


def notices(facts: WorksheetFacts) -> tuple[str, ...]:
    """What a reader should know beside the figures."""
    names = facts.names()
    return tuple(notice_sentence(facts.words, notice, names) for notice in facts.plan.notices)
