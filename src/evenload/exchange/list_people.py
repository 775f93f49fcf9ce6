"""The practitioners of the assignment list: everybody's load, and the hours behind it."""

from __future__ import annotations

from fractions import Fraction

from evenload.exchange.list_facts import ListFacts
from evenload.exchange.pages import Column, Row, Table
from evenload.planning.capacity import Capacity, capacities
from evenload.planning.plan import Load


def loads_table(facts: ListFacts) -> Table:
    """Everybody's week under the plan, fullest first: state in word, icon and pattern, percent with a bar, hours, travel, peak, target."""
    words = facts.words
    columns = (
        Column(words.say("Practitioner"), "wrapped", 22),
        Column(words.say("Disc."), "text", 7),
        Column(words.say("Load"), "load", 23),
        Column(words.say("Mark"), "swatch", 6),
        Column(words.say("Comfortable range"), "text", 13),
        Column(words.say("Percent of capacity"), "bar", 20),
        Column(words.say("Hours a week"), "hours", 9),
        Column(words.say("Capacity, h/week"), "hours", 10),
        Column(words.say("Target, h/week"), "hours", 9),
        Column(words.say("Maximum, h/week"), "hours", 10),
        Column(words.say("Travel, h/week"), "hours", 9),
        Column(words.say("Peak week, h"), "hours", 9),
        Column(words.say("Units"), "integer", 7),
        Column(words.say("Clients"), "integer", 8),
    )
    loads = sorted(facts.plan.loads, key=lambda load: (-_share(load), facts.name(load.practitioner).casefold()))
    return Table(
        name=words.say("Loads"),
        title=words.say("Loads, fullest first"),
        columns=columns,
        rows=tuple(_load_row(facts, load) for load in loads),
        notes=(words.say("Hours are averages per calendar week; the bar runs from 0 to {top}.", top=words.percent(130)),),
        footnotes=(
            words.say(
                "Capacity is 100%: the lesser of the hours to plan with and the own maximum. The comfortable range is the person's own. "
                "Target: a fair share of what the discipline needs. Peak week: when every frequency is kept."
            ),
        ),
    )


def _share(load: Load) -> Fraction:
    return Fraction(100 * load.assigned_minutes, load.capacity_minutes) if load.capacity_minutes else Fraction(0)


def _load_row(facts: ListFacts, load: Load) -> Row:
    words, person, mark = facts.words, facts.case.practitioner(load.practitioner), facts.load_word(load)
    comfortable = words.say(
        "{low} to {high}", low=words.percent(person.comfortable_min_percent), high=words.percent(person.comfortable_max_percent)
    )
    return Row(
        (
            facts.name(load.practitioner),
            ", ".join(facts.discipline(code) for code in person.disciplines),
            mark,
            mark,
            comfortable,
            _share(load) if load.capacity_minutes else None,
            facts.hours_of(load.assigned_minutes),
            facts.hours_of(load.capacity_minutes),
            facts.hours_of(load.target_minutes),
            facts.hours_of(load.maximum_minutes),
            facts.hours_of(load.travel_minutes),
            facts.hours_of(load.peak_minutes),
            load.units,
            load.clients,
        )
    )


def capacity_table(facts: ListFacts) -> Table:
    """Where each one's capacity comes from, and what the plan leaves of it."""
    words = facts.words
    columns = (
        Column(words.say("Practitioner"), "wrapped", 22),
        Column(words.say("Contracted, h"), "hours", 11),
        Column(words.say("Absence, h"), "hours", 10),
        Column(words.say("Available, h"), "hours", 10),
        Column(words.say("Non-client duties, h"), "hours", 11),
        Column(words.say("For clients, h"), "hours", 10),
        Column(words.say("Reserve, h"), "hours", 9),
        Column(words.say("To plan with, h"), "hours", 11),
        Column(words.say("Capacity, h/week"), "hours", 10),
        Column(words.say("Assigned, h/week"), "hours", 10),
        Column(words.say("Left, h/week"), "hours", 10),
    )
    assigned = {load.practitioner: load for load in facts.plan.loads}
    people = sorted(capacities(facts.program), key=lambda row: facts.name(row.practitioner).casefold())
    return Table(
        name=words.say("Capacity"),
        title=words.say("Hours behind the capacity of each practitioner"),
        columns=columns,
        rows=tuple(_capacity_row(facts, row, assigned[row.practitioner]) for row in people),
        footnotes=(
            words.say(
                "Hours are over the period, {period}; hours a week are averages over its calendar weeks. How each figure is counted stands in "
                "the planning worksheet.",
                period=words.period(facts.case.starts_on, facts.case.weeks),
            ),
        ),
    )


def _capacity_row(facts: ListFacts, row: Capacity, load: Load) -> Row:
    left = load.capacity_minutes - load.assigned_minutes
    return Row(
        (
            facts.name(row.practitioner),
            row.contracted_hours,
            -row.absence_hours,
            row.available_hours,
            -row.nonclient_hours,
            row.client_care_hours,
            -row.reserve_hours,
            row.plannable_hours,
            row.weekly_capacity_hours,
            facts.hours_of(load.assigned_minutes),
            facts.hours_of(left),
        ),
        "short" if left < 0 else "plain",
    )
