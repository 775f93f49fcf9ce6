"""The program report of a quarter as a document in one language: what stands out in brief, then table after table."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from evenload import __version__
from evenload.exchange.pages import Block, Bullets, Callout, Document, Heading, Paragraph
from evenload.exchange.printed_pdf import pdf_of
from evenload.exchange.printed_workbook import PrintedWorkbook, RunningText
from evenload.exchange.quarter_facts import QuarterFacts
from evenload.exchange.quarter_tables import Quarter, continuity_sentence, tables
from evenload.words import Words
from evenload.words.labels import label


def quarter_name(facts: QuarterFacts, words: Words) -> str:
    """`first quarter of 2026`, or a stretch of the program's period."""
    if not facts.year:
        return words.say("weeks {first} to {last} of the period", first=13 * facts.number - 12, last=_last_week(facts))
    return {
        1: words.say("first quarter of {year}", year=str(facts.year)),
        2: words.say("second quarter of {year}", year=str(facts.year)),
        3: words.say("third quarter of {year}", year=str(facts.year)),
        4: words.say("fourth quarter of {year}", year=str(facts.year)),
    }[facts.number]


def _last_week(facts: QuarterFacts) -> int:
    return 13 * facts.number - 13 + ((facts.last - facts.first).days + 1) // 7


def quarter_report(facts: QuarterFacts, words: Words) -> Document:
    """The report as a document."""
    name, of = words.either(facts.program_en, facts.program_fr), Quarter(facts, words)
    days = words.say("{first} to {last}", first=facts.first, last=facts.last)
    return Document(
        title=words.say("Program report"),
        subtitle=words.say("{program} · {quarter}, {days}", program=name, quarter=quarter_name(facts, words), days=days),
        program=name,
        period=days,
        edition=words.say("Evenload {version}, as of {as_of}", version=__version__, as_of=facts.today),
        as_of=facts.today,
        blocks=(Heading(words.say("In brief")), *_brief_blocks(of), *tables(of), *_rests(of)),
    )


def _brief_blocks(of: Quarter) -> Iterator[Block]:
    words, facts = of.words, of.facts
    if facts.is_running:
        yield Callout("note", (words.say("The quarter is not over: every figure is so far, to {day}.", day=facts.counted_to),))
    yield Bullets(tuple(brief(of)))


def brief(of: Quarter) -> Iterator[str]:
    """What stands out, one sentence for each question; a question without an answer is said to have none."""
    words, facts = of.words, of.facts
    received, placed, waiting = (sum(getattr(one, name) for one in facts.priorities) for name in ("received", "placed", "waiting"))
    if facts.priorities:
        numbers = {"received": received, "placed": placed, "waiting": waiting}
        yield words.say("Referrals: {received} received, {placed} placed, {waiting} waiting at the end.", **numbers)
    else:
        yield words.say("No referral was received, placed or waiting in these days.")
    yield from _first_visits(of)
    yield from _visits(of)
    yield from _hours(of)
    yield continuity_sentence(of)
    french = facts.french
    if french.requested:
        numbers = {"n": french.requested, "served": french.served}
        yield words.say("French: {n} asked for it, {served} of them are served by a French speaker.", **numbers)
    else:
        yield words.say("Nobody received in these days asked for French.")


def _first_visits(of: Quarter) -> Iterator[str]:
    made, within = (sum(getattr(one, name) for one in of.facts.priorities) for name in ("first_visits", "within"))
    if made:
        percent = of.words.percent(Fraction(100 * within, made))
        yield of.words.say("First visits: {within} of {made} by their target day ({percent}).", within=within, made=made, percent=percent)


def _visits(of: Quarter) -> Iterator[str]:
    words, made = of.words, sum(one.made for one in of.facts.visits)
    if not of.facts.visits:
        yield words.say("No visit was recorded in these days.")
        return
    yield words.say_n("{n} visit was made.", "{n} visits were made.", made)
    for one in of.facts.contracts:
        name = words.either(one.name_en, one.name_fr)
        facts: dict[str, str | int] = {"contract": name, "made": one.so_far, "visits": one.visits}
        if one.expected is None or one.low is None or one.high is None:
            yield words.say("{contract}: {made} of {visits} contracted visits made so far.", **facts)
        else:
            facts |= {"expected": words.integer(one.expected), "low": words.integer(one.low), "high": words.integer(one.high)}
            yield words.say(
                "{contract}: {made} of {visits} contracted visits made so far; {expected} expected at its end, four times in five "
                "between {low} and {high}.",
                **facts,
            )


def _hours(of: Quarter) -> Iterator[str]:
    words, facts = of.words, of.facts
    hours, committed = sum(one.hours_minutes for one in facts.weeks), sum((one.committed_minutes for one in facts.weeks), Fraction(0))
    if hours:
        used = words.percent(100 * committed / hours)
        yield words.say_n(
            "In {n} past week, {used} of the hours for clients were committed.",
            "In {n} past weeks, {used} of the hours for clients were committed.",
            len(facts.weeks),
            used=used,
        )
    short = [one for one in facts.pools if one.language != "all" and one.have < one.need]
    for one in sorted(short, key=lambda pool: pool.have - pool.need)[:3]:
        pool = words.say(
            "{discipline}, {language}",
            discipline=label(words, "discipline", one.discipline),
            language=label(words, "pool_language", one.language).lower(),
        )
        yield words.say("{pool}: {hours} missing in the weeks ahead.", pool=pool, hours=words.hours(one.need - one.have, per="week"))


def _rests(of: Quarter) -> Iterator[Block]:
    words = of.words
    yield Heading(words.say("On what this rests"))
    yield Paragraph(
        words.say(
            "Every figure is counted from the program's records as of {day}; beneath each table stand its days, its formulas and its source. "
            "Planned times are estimates: if they were 10 percent off, hours committed and the utilization would be 10 percent off. "
            "A dash stands where nothing is known. No person and no client is named.",
            day=of.facts.today,
        ),
        quiet=True,
    )


def quarter_pdf(facts: QuarterFacts, words: Words) -> bytes:
    """The report on paper."""
    return pdf_of(quarter_report(facts, words), words)


def quarter_xlsx(facts: QuarterFacts, words: Words) -> bytes:
    """The report as a workbook that goes on counting."""
    document, of = quarter_report(facts, words), Quarter(facts, words)
    running = RunningText(program=document.program, edition=document.edition, mark="", as_of=document.as_of)
    book = PrintedWorkbook(words, running, document.title)
    said = ((words.say("In brief"), "\n".join(brief(of))),)
    rests = tuple((words.say("On what this rests"), block.text) for block in document.blocks if isinstance(block, Paragraph))
    book.front_page(document.title, document.title, (document.subtitle, document.edition), (*said, *rests))
    book.tables(list(tables(of)))
    return book.content()
