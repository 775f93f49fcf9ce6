"""Step 2 of the worksheet: the hours that the clients need, by complexity class, and the time standards behind them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from evenload.exchange.pages import Column, Row, Table
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.planning.capacity_plan import ClassLine
from evenload.planning.standards import ClassTime, Standard


def classes_table(facts: WorksheetFacts) -> Table:
    """One row per class: clients, visits, hours per client, hours by kind, and where the times come from."""
    words, weeks = facts.words, facts.weeks
    columns = (
        Column(words.say("Class"), "wrapped", 22),
        Column(words.say("Discipline"), "wrapped", 10),
        Column(words.say("Clients"), "integer", 8),
        Column(words.say("Visits per client"), "hours", 9),
        Column(words.say("Hours per client"), "hundredths", 9),
        Column(words.say("Visits"), "integer", 8),
        Column(words.say("Direct, h"), "hours", 10),
        Column(words.say("Indirect, h"), "hours", 10),
        Column(words.say("Travel by standard, h"), "hours", 11),
        Column(words.say("Missed visits, h"), "hours", 9),
        Column(words.say_n("Hours over {n} week", "Hours over {n} weeks", weeks), "hours", 11),
        Column(words.say("Travel, modelled, h"), "hours", 11),
        Column(words.say("Source of the times"), "wrapped", 46),
    )
    lines = facts.plan.classes
    return Table(
        name=words.say("2 Hours clients need"),
        title=words.say("2  Hours clients need"),
        columns=columns,
        rows=(*(_class_row(facts, line) for line in lines), *_sum_row(facts, lines)),
        notes=(words.say("All clients of the period, as if nothing had been used yet: {period}.", period=facts.period),),
        footnotes=_class_footnotes(facts),
    )


def _class_row(facts: WorksheetFacts, line: ClassLine) -> Row:
    return Row(
        (
            facts.class_label(line.class_id),
            facts.disciplines((line.discipline,)),
            line.clients,
            line.time.visits,
            line.hours_per_client,
            line.visits,
            line.direct_hours,
            line.indirect_hours,
            line.travel_hours,
            line.no_show_hours,
            line.hours,
            line.modelled_travel_hours if line.time.travel_minutes is None else None,
            _source(facts, line.time),
        ),
        formulas=((10, "=SUM({6},{7},{8},{9})"),),
    )


def _sum_row(facts: WorksheetFacts, lines: tuple[ClassLine, ...]) -> Iterator[Row]:
    if not lines:
        return
    sums = [
        sum((getattr(line, name) for line in lines), Fraction(0))
        for name in ("visits", "direct_hours", "indirect_hours", "travel_hours", "no_show_hours", "hours", "modelled_travel_hours")
    ]
    clients = sum(line.clients for line in lines)
    formulas = tuple((place, f"=SUM({{{place}@0:{len(lines) - 1}}})") for place in (2, *range(5, 12)))
    yield Row((facts.words.say("Together"), "", clients, None, None, *sums, ""), "total", formulas=formulas)


def _source(facts: WorksheetFacts, time: ClassTime) -> str:
    words = facts.words
    said = time.source or words.say("Judgement, source not stated")
    seen = time.direct.observed
    if seen is None:
        return said
    return words.say_n("{source}; {n} recorded visit", "{source}; {n} recorded visits", seen.count, source=said)


def _class_footnotes(facts: WorksheetFacts) -> tuple[str, ...]:
    words = facts.words
    return (
        words.say(
            "Hours per client = (visits per client × minutes per visit ÷ group size + minutes per episode) ÷ 60, groups full. "
            "Minutes per visit = direct + indirect + travel by standard + what missed visits cost; they stand in the next table."
        ),
        words.say(
            "Hours = the visits of each unit × minutes per visit + minutes per episode × clients. The visits of a unit are those "
            "allotted to it, else its weekly frequency × weeks, else clients × visits per client. Episode minutes count as indirect."
        ),
        words.say(
            "Travel is counted once: in the class where it has a travel standard; elsewhere it is modelled from distance to the nearest "
            "practitioner who may take the unit, a lower estimate that stands beside the hours and joins the need in step 3."
        ),
    )


def standards_table(facts: WorksheetFacts) -> Table:
    """One row per time standard: judgement and its weight, what was recorded with its range, and what is planned with."""
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 10),
        Column(words.say("Class"), "wrapped", 26),
        Column(words.say("Time"), "wrapped", 22),
        Column(words.say("Judgement, min"), "hours", 11),
        Column(words.say("Judgement is worth, visits"), "hours", 12),
        Column(words.say("Recorded visits"), "integer", 10),
        Column(words.say("Recorded mean, min"), "hours", 10),
        Column(words.say("Middle 80 percent, min"), "wrapped", 13),
        Column(words.say("Range, min"), "wrapped", 13),
        Column(words.say("Planned with, min"), "hours", 10),
        Column(words.say("Recorded against planned"), "percent_tenths", 12),
    )
    rows = [row for line in facts.plan.classes for row in _standard_rows(facts, line)]
    return Table(
        name=words.say("2 Time standards"),
        title=words.say("Time standards: minutes per visit, and where they come from"),
        columns=columns,
        rows=tuple(rows),
        footnotes=(
            words.say(
                "Planned with = (recorded visits × recorded mean + weight × judgement) ÷ (recorded visits + weight); the judgement alone "
                "where nothing is recorded. Only visits that took place count. Source: sheets {classes} and {visits}.",
                classes=facts.sheet_name("classes"),
                visits=facts.sheet_name("visits"),
            ),
            words.say(
                "Missed visits cost: share missed ÷ (1 − share missed) × minutes lost per missed visit, for each visit that takes place; "
                "nothing in groups. Minutes per visit of a group are those of the whole session, charged once."
            ),
        ),
    )


def _standard_rows(facts: WorksheetFacts, line: ClassLine) -> Iterator[Row]:
    words, time = facts.words, line.time
    name = (facts.disciplines((line.discipline,)), facts.class_label(line.class_id))
    blended = ((words.say("Direct"), time.direct), (words.say("Indirect"), time.indirect), (words.say("Travel"), time.travel))
    for at, (what, standard) in enumerate(blended):
        if standard is not None:
            yield _standard_row(facts, name, what, standard, starts_group=at == 0)
    if time.travel is None:
        yield _plain_row(name, words.say("Travel, modelled from distance"), None)
    if time.episode_minutes:
        yield _plain_row(name, words.say("Per episode"), time.episode_minutes)
    if time.group_size > 1:
        said = words.say_n("Group of {n} client", "Groups of {n} clients", time.group_size)
        yield _plain_row(name, said, time.visit_minutes)
    if time.lost_minutes_per_visit:
        missed = words.percent(100 * time.no_show_rate, 1)
        yield _plain_row(name, words.say("Missed visits: {percent} of bookings", percent=missed), time.lost_minutes_per_visit)


def _standard_row(facts: WorksheetFacts, name: tuple[str, str], what: str, standard: Standard, *, starts_group: bool) -> Row:
    words, seen = facts.words, standard.observed
    judged = (*name, what, standard.judged_minutes, standard.weight)
    if seen is None:
        return Row((*judged, 0, None, "", "", standard.minutes, None), starts_group=starts_group)
    middle = words.say("{low} to {high}", low=facts.tenths(seen.p10), high=facts.tenths(seen.p90))
    spread = words.say("{low} to {high}", low=facts.tenths(seen.least), high=facts.tenths(seen.most))
    figures = (*judged, seen.count, seen.mean, middle, spread, standard.minutes, standard.drift_percent)
    blended = ((9, "=({5}*{6}+{4}*{3})/({5}+{4})"),) if seen.count else ()
    return Row(figures, starts_group=starts_group, formulas=blended)


def _plain_row(name: tuple[str, str], what: str, minutes: Fraction | None) -> Row:
    return Row((*name, what, None, None, None, None, "", "", minutes, None), "muted")
