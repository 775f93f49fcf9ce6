"""The tables of the program report: each with its formulas, its days and its source beneath it. What is not known is a dash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from evenload.exchange.counted_tables import Counting, Share, Sum, counted_row, counted_rows, figures_column, known
from evenload.exchange.pages import Column, Formulas, Row, Table, Value
from evenload.exchange.quarter_facts import QuarterFacts
from evenload.words import Words
from evenload.words.labels import label


@dataclass(frozen=True, slots=True)
class Quarter:
    """The facts of a quarter, seen in one language."""

    facts: QuarterFacts
    words: Words

    @property
    def days(self) -> str:
        """The days that were counted."""
        return self.words.say("{first} to {last}", first=self.facts.first, last=self.facts.counted_to)


def tables(of: Quarter) -> Iterator[Table]:
    """Every table, in the order of the report."""
    yield referrals_table(of)
    yield visits_table(of)
    yield contracts_table(of)
    yield pools_table(of)
    yield weeks_table(of)
    yield french_table(of)
    yield said_table(of)
    yield editions_table(of)


def referrals_table(of: Quarter) -> Table:
    """Received, placed, closed, waiting by priority, with waits and first visits in time."""
    words = of.words
    columns = (
        Column(words.say("Priority"), "wrapped", 18),
        figures_column(words.say("Referrals received")),
        figures_column(words.say("Placed")),
        figures_column(words.say("Referrals closed")),
        figures_column(words.say("Waiting at the end")),
        figures_column(words.say("Wait of those placed, middle, days"), 11, tenths=True),
        figures_column(words.say("Longest, days")),
        figures_column(words.say("First visits with a target day"), 11),
        figures_column(words.say("Of them in time")),
        Column(words.say("Share in time"), "percent", 9),
    )
    lines: list[tuple[Value, ...]] = [
        (
            label(words, "priority", str(one.priority)),
            one.received,
            one.placed,
            one.closed,
            one.waiting,
            known(one.middle_wait),
            known(one.longest_wait),
            one.first_visits,
            one.within,
            None,
        )
        for one in of.facts.priorities
    ]
    counting = Counting({9: Share(8, 7)}, (1, 2, 3, 4, 7, 8))
    return Table(
        name=words.say("Referrals"),
        title=words.say("Referrals: received, placed, waiting"),
        columns=columns,
        rows=counted_rows(lines, counting, words.say("Together")),
        empty=words.say("No referral was received, placed or waiting in these days."),
        footnotes=(
            words.say(
                "Days: {days}. Placed: first assigned in these days; the wait runs from the day it was received, or from the day on which "
                "the client was available. In time: first visit by its target day. Source: referrals and their steps.",
                days=of.days,
            ),
        ),
        landscape=False,
        sortable=False,
    )


def visits_table(of: Quarter) -> Table:
    """Visits made and not made, by discipline."""
    words = of.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 34),
        figures_column(words.say("Visits made"), 12),
        figures_column(words.say("Missed or cancelled"), 12),
        figures_column(words.say("Visits recorded"), 12),
        Column(words.say("Share made"), "percent", 10),
    )
    lines: list[tuple[Value, ...]] = [
        (label(words, "discipline", one.discipline), one.made, one.not_made, None, None) for one in of.facts.visits
    ]
    return Table(
        name=words.say("Visits"),
        title=words.say("Visits"),
        columns=columns,
        rows=counted_rows(lines, Counting({3: Sum((1, 2)), 4: Share(1, 3)}, (1, 2, 3)), words.say("Together")),
        empty=words.say("No visit was recorded in these days."),
        footnotes=(words.say("Days: {days}. Share made = visits made ÷ visits recorded. Source: recorded visits.", days=of.days),),
        landscape=False,
        sortable=False,
    )


def contracts_table(of: Quarter) -> Table:
    """Visits delivered against each contract, and where it is going, with the range."""
    words = of.words
    columns = (
        Column(words.say("Contract"), "wrapped", 20),
        Column(words.say("Its days"), "wrapped", 15),
        figures_column(words.say("Visits contracted"), 11),
        figures_column(words.say("Made in these days")),
        figures_column(words.say("Made so far")),
        Column(words.say("Of the contract"), "percent", 9),
        figures_column(words.say("At an even pace")),
        figures_column(words.say("Expected at its end")),
        figures_column(words.say("Four times in five at least")),
        figures_column(words.say("and at most")),
    )
    lines: list[tuple[Value, ...]] = [
        (
            words.either(one.name_en, one.name_fr),
            words.say("{first} to {last}", first=one.starts_on, last=one.ends_on),
            one.visits,
            one.in_quarter,
            one.so_far,
            None,
            one.even_pace,
            known(one.expected),
            known(one.low),
            known(one.high),
        )
        for one in of.facts.contracts
    ]
    return Table(
        name=words.say("Contracts"),
        title=words.say("Visits delivered against contracts"),
        columns=columns,
        rows=counted_rows(lines, Counting({5: Share(4, 2)}, (2, 3, 4)), words.say("Together")),
        empty=words.say("No contract runs in these days."),
        footnotes=(
            words.say(
                "As of {day}. Expected = made so far + weeks left × mean visits of the whole weeks behind; the range holds four times in "
                "five if the weeks to come are like those. With fewer than 4 whole weeks nothing is expected. Source: contracts, recorded visits.",
                day=of.facts.counted_to,
            ),
        ),
        landscape=False,
        sortable=False,
    )


def pools_table(of: Quarter) -> Table:
    """Hours a week that each pool has and needs in the weeks ahead; only in the report of the quarter that runs."""
    words = of.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 34),
        Column(words.say("Language"), "wrapped", 20),
        figures_column(words.say("Have, h/week"), 12, tenths=True),
        figures_column(words.say("Need, h/week"), 12, tenths=True),
        figures_column(words.say("Gap, h/week"), 12, tenths=True),
        Column(words.say("Utilization"), "percent", 11),
    )
    counting = Counting({4: Sum((2,), (3,)), 5: Share(3, 2)})
    rows = [
        counted_row(
            (label(words, "discipline", one.discipline), label(words, "pool_language", one.language), one.have, one.need, None, None),
            counting,
            "short" if one.have < one.need and one.language != "all" else "total" if one.language == "all" else "plain",
        )
        for one in of.facts.pools
    ]
    ended = words.say("The period is over: no week lies ahead.")
    over = words.say("These days lie behind: capacity against demand is stated week by week below, as it was carried.")
    nothing = words.say("Nothing can be counted: the program is empty, or its facts contradict each other, and the desk says where.")
    return Table(
        name=words.say("Capacity and demand"),
        title=words.say("Capacity against demand, the weeks ahead"),
        columns=columns,
        rows=tuple(rows),
        empty=over if of.facts.counted_to < of.facts.today else ended if of.facts.is_period_over else nothing,
        footnotes=(
            words.say(
                "As of {day}, mean of the weeks ahead, at most 12. Gap = have − need. French need meets French hours first, what "
                "is left of them serves the rest: rows do not add up. Hours missing in one language are not made good by "
                "another. Source: staff, absences, duties, time standards, the list that holds.",
                day=of.facts.today,
            ),
        ),
        landscape=False,
        sortable=False,
    )


def weeks_table(of: Quarter) -> Table:
    """How full each past week was, and how evenly it was carried."""
    words, facts = of.words, of.facts
    columns = (
        Column(words.say("Week of"), "date", 12),
        figures_column(words.say("People with hours")),
        figures_column(words.say("Hours for clients, h"), 12, tenths=True),
        figures_column(words.say("Committed, h"), 12, tenths=True),
        Column(words.say("Utilization"), "percent", 11),
        figures_column(words.say("Recorded visits, h"), 12, tenths=True),
        Column(words.say("Middle load"), "percent", 9),
        Column(words.say("Unevenness, 0 to 1"), "hundredths", 12),
        figures_column(words.say("People above {percent}", percent=words.percent(110)), 11),
    )
    lines: list[tuple[Value, ...]] = [
        (
            one.monday,
            one.people,
            Fraction(one.hours_minutes, 60),
            one.committed_minutes / 60,
            None,
            one.recorded_minutes / 60,
            known(one.middle_percent),
            known(one.gini),
            one.over,
        )
        for one in facts.weeks
    ]
    change = () if facts.change is None else (_change(words, facts.change),)
    return Table(
        name=words.say("Weeks"),
        title=words.say("Utilization and fairness, week by week"),
        columns=columns,
        rows=counted_rows(lines, Counting({4: Share(3, 2)}, (2, 3, 5)), words.say("Together")),
        empty=words.say("No week of these days was written down: weeks are written once they are over, from the first published list on."),
        footnotes=(
            words.say(
                "Weeks that begin in {days}. Utilization = committed ÷ hours for clients. Unevenness = Gini index of the loads: 0 where all "
                "are equally full. Source: weeks written down when they were over, by the list published then.",
                days=of.days,
            ),
            *change,
        ),
        landscape=False,
        sortable=False,
    )


def _change(words: Words, change: Fraction) -> str:
    return words.say("From week to week, a load changed by {points} percentage points on average.", points=words.number(change))


def french_table(of: Quarter) -> Table:
    """Service in French: asked for, offered, served, waited for, and where it broke."""
    words, one = of.words, of.facts.french
    columns = (
        Column(words.say("Service in French"), "wrapped", 60),
        figures_column(words.say("Figure"), 12, tenths=False),
        Column(words.say("Share"), "percent", 10),
    )
    counts = (
        (words.say("Referrals received"), one.received, None),
        (words.say("Language asked and recorded"), one.offered, one.received),
        (words.say("Language not asked"), one.not_asked, one.received),
        (words.say("Asked for French"), one.requested, one.received),
        (words.say("Of these served by a French speaker"), one.served, one.requested),
        (words.say("Of these waiting"), one.waiting, one.requested),
        (words.say("Visits with those who ask for French"), one.visits, None),
        (words.say("Of these made by a French speaker"), one.visits_french, one.visits),
        (words.say("Units that lost their French speaker"), one.broken, None),
        (words.say("Exceptions recorded"), one.exceptions, None),
    )
    shared = {1: 0, 2: 0, 3: 0, 4: 3, 5: 3, 7: 6}
    rows = []
    for at, (name, count, whole) in enumerate(counts):
        percent: Value = None if whole is None else 100 * Fraction(count, whole) if whole else known(None)
        formulas: Formulas = ((2, f"={{1}}/{{1@{shared[at]}}}"),) if whole else ()
        rows.append(Row((name, count, percent), formulas=formulas))
    is_empty = not (one.received or one.visits or one.exceptions or one.broken)
    return Table(
        name=words.say("French service"),
        title=words.say("Service in French"),
        columns=columns,
        rows=() if is_empty else tuple(rows),
        empty=words.say("No referral was received, and nobody who asks for French was visited, in these days."),
        footnotes=(
            *_french_waits(of),
            words.say("Days: {days}. Source: referrals, recorded visits, editions, French exceptions.", days=of.days),
        ),
        landscape=False,
        sortable=False,
    )


def _french_waits(of: Quarter) -> Iterator[str]:
    words, one = of.words, of.facts.french
    if one.wait_french is not None or one.wait_english is not None:
        both = ("–" if days is None else words.number(days) for days in (one.wait_french, one.wait_english))
        french, english = both
        yield words.say(
            "Days from receipt to the first visit, in the middle: {french} in French, {english} in English.", french=french, english=english
        )


def said_table(of: Quarter) -> Table:
    """How loads felt, and what became of the conversations."""
    words, one = of.words, of.facts.said
    columns = (Column(words.say("Feedback on loads"), "wrapped", 60), figures_column(words.say("Number"), 12))
    lines = (
        (words.say("Said: my load is too high"), one.too_high),
        (words.say("Said: my load is right"), one.right),
        (words.say("Said: my load is too low"), one.too_low),
        (words.say("Conversations begun"), one.begun),
        (words.say("Conversations in which both agreed"), one.agreed),
        (words.say("Conversations ended"), one.ended),
        (words.say("Gone on to the director, for want of an answer"), one.escalated),
    )
    is_empty = not any(count for _, count in lines)
    return Table(
        name=words.say("Feedback"),
        title=words.say("Feedback on loads"),
        columns=columns,
        rows=() if is_empty else tuple(Row(line) for line in lines),
        empty=words.say("Nobody said anything about a load in these days, and no conversation was held."),
        footnotes=(words.say("Days: {days}. Source: what practitioners said, and load conversations.", days=of.days),),
        landscape=False,
        sortable=False,
    )


def editions_table(of: Quarter) -> Table:
    """The editions published, and who kept whom between the first and the last that held."""
    words, kept = of.words, of.facts.kept
    columns = (
        figures_column(words.say("Edition"), 9),
        Column(words.say("In effect from"), "date", 14),
        figures_column(words.say("Rows changed"), 12),
        figures_column(words.say("Units waiting"), 12),
        figures_column(words.say("French exceptions"), 12),
    )
    lines: list[tuple[Value, ...]] = [(one.number, one.effective_on, one.changed, one.waiting, one.exceptions) for one in of.facts.editions]
    return Table(
        name=words.say("Editions"),
        title=words.say("Editions and continuity"),
        columns=columns,
        rows=counted_rows(lines, Counting()),
        empty=words.say("No edition was published in these days."),
        footnotes=(
            continuity_sentence(of) if kept is not None else words.say("Continuity is not stated: no two editions held in these days."),
            words.say("Days: {days}. Source: published editions.", days=of.days),
        ),
        landscape=False,
        sortable=False,
    )


def continuity_sentence(of: Quarter) -> str:
    """Who kept whom between two editions."""
    words, kept = of.words, of.facts.kept
    if kept is None or not kept.held:
        return words.say("Continuity is not stated: no two editions held in these days.")
    return words.say(
        "Continuity: {kept} of {held} units that somebody had in edition {before} have the same person in edition {after} ({percent}).",
        kept=kept.kept,
        held=kept.held,
        before=kept.before,
        after=kept.after,
        percent=words.percent(Fraction(100 * kept.kept, kept.held)),
    )
