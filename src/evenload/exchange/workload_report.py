"""The workload report of one practitioner, for the conversation about her load: hours, units, weeks ahead, what was said, the team.

Every figure stands with how it is counted, over which days, and from what; none of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from evenload import __version__
from evenload.exchange.pages import Block, Bullets, Callout, Document, Facing, Heading, Panel, Paragraph, Table
from evenload.exchange.printed_pdf import pdf_of
from evenload.exchange.printed_workbook import PrintedWorkbook, RunningText
from evenload.exchange.workload_facts import WorkloadFacts
from evenload.exchange.workload_tables import Workload, tables
from evenload.exchange.worksheet import document
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.words import Words
from evenload.words.labels import label

_OFF = Fraction(1, 10)


def workload_report(facts: WorkloadFacts, words: Words) -> Document:
    """The report as a document."""
    of = Workload(facts, WorksheetFacts(facts.plan, facts.stated, facts.rows, words))
    made = document(of.sheet, words.say("Workload of {name}", name=facts.name), (*_brief(of), *tables(of), *_rests(of)))
    as_of = words.say("Evenload {version}, as of {as_of}", version=__version__, as_of=facts.today)
    return replace(made, edition=as_of, as_of=facts.today)


def _brief(of: Workload) -> Iterator[Block]:
    words, facts = of.words, of.facts
    yield Heading(words.say("In brief"))
    yield Facing(_hours_panel(of), _assigned_panel(of), tuple(_findings(of)))
    if facts.is_draft:
        yield Callout("note", (words.say("Counted with the open draft of the assignment list, which is not published yet."),))


def _hours_panel(of: Workload) -> Panel:
    words, facts = of.words, of.facts
    low, high = (Fraction(share * facts.capacity_minutes, 6000) for share in (facts.low_percent, facts.high_percent))
    own = words.say("own range {low} to {high}", low=words.number(low), high=words.hours(high, per="week"))
    most = words.say("own maximum {hours}", hours=words.hours(Fraction(facts.maximum_minutes, 60), per="week"))
    return Panel(words.say("Hours for clients"), words.hours(Fraction(facts.capacity_minutes, 60), per="week"), (own, most))


def _assigned_panel(of: Workload) -> Panel:
    words, facts = of.words, of.facts
    hours = words.hours(Fraction(facts.assigned_minutes, 60), per="week")
    statement = (
        hours if facts.percent is None else words.say("{hours} = {percent}", hours=hours, percent=words.percent(round(facts.percent)))
    )
    units = words.say_n("{n} unit", "{n} units", len(facts.units))
    clients = words.say_n("{n} client", "{n} clients", sum(one.clients for one in facts.units))
    travel = words.say("travel {hours}", hours=words.hours(Fraction(facts.travel_minutes, 60), per="week"))
    return Panel(
        words.say("Assigned"),
        statement,
        (label(words, "load", facts.state), words.say("{units}, {clients}; {travel}", units=units, clients=clients, travel=travel)),
    )


def _findings(of: Workload) -> Iterator[str]:
    words, facts = of.words, of.facts
    peak = facts.peak
    if peak is not None and peak.percent is not None:
        yield words.say(
            "Fullest week ahead: that of {day}, {percent}.",
            day=words.day(peak.monday, year=True),
            percent=words.percent(round(peak.percent)),
        )
    if facts.percent is not None:
        least, most = (words.percent(round(facts.percent * factor)) for factor in (1 - _OFF, 1 + _OFF))
        yield words.say("If all planned times were 10 percent off, the load would lie between {least} and {most}.", least=least, most=most)
    if facts.signals:
        last = facts.signals[0]
        felt = label(words, "feedback", last.feeling).lower()
        yield words.say("Said on {day}: my load is {felt}.", day=words.day(last.on, year=True), felt=felt)
    else:
        yield words.say("Nothing was said about this load yet.")


def _rests(of: Workload) -> Iterator[Block]:
    words, facts = of.words, of.facts
    yield Heading(words.say("On what this rests"))
    yield Bullets(
        (
            words.say("Minutes a week are averages over all calendar weeks of the period: {period}.", period=of.sheet.period),
            words.say("A load is what is assigned, travel included, ÷ the hours for clients a week; 100% is the own hours, not a target."),
            words.say("Where a class states no travel, it is modelled from a straight line: an estimate, not a measured drive."),
            words.say("Planned times are blended from recorded visits and judgement; the planning worksheet states each with its source."),
        )
    )
    yield Paragraph(
        words.say("Counted on {day} for a conversation, from the records; nothing of it is kept. No client is named.", day=facts.today),
        quiet=True,
    )


def workload_pdf(facts: WorkloadFacts, words: Words) -> bytes:
    """The report on paper."""
    return pdf_of(workload_report(facts, words), words)


def workload_xlsx(facts: WorkloadFacts, words: Words) -> bytes:
    """The report as a workbook that goes on counting."""
    made, of = workload_report(facts, words), Workload(facts, WorksheetFacts(facts.plan, facts.stated, facts.rows, words))
    book = PrintedWorkbook(words, RunningText(program=made.program, edition=made.edition, mark="", as_of=made.as_of), made.title)
    hours, assigned = _hours_panel(of), _assigned_panel(of)
    said = tuple((side.title, "\n".join((side.statement, *side.lines))) for side in (hours, assigned))
    rests = tuple((words.say("On what this rests"), "\n".join(block.items)) for block in made.blocks if isinstance(block, Bullets))
    book.front_page(
        words.say("Workload"), made.title, (made.subtitle, made.edition), (*said, (words.say("In brief"), "\n".join(_findings(of))), *rests)
    )
    book.tables([block for block in made.blocks if isinstance(block, Table)])
    return book.content()
