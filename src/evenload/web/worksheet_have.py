"""Step 1 on its page: the waterfall of hours, each line with its formula, its inputs, its source and its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenload.exchange.pages import Row, Span
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_hours import calculations_table, practitioners_table, waterfall_table
from evenload.planning.amounts import places_of
from evenload.planning.capacity import Capacity
from evenload.planning.program import Absence, Duty
from evenload.web.worksheet_fields import FieldView
from evenload.web.worksheet_tables import UNKNOWN, CellView, TableView, exact, shown, table_view
from evenload.web.worksheet_words import who_named
from evenload.words import Words, label, label_in_sentence

WIDTH: Final = 1000
SHOWN_OF_A_PERSON: Final[dict[int, Callable[[Capacity], Fraction]]] = {
    2: lambda one: one.contracted_hours,
    3: lambda one: one.absence_hours,
    6: lambda one: one.nonclient_hours,
    9: lambda one: one.plannable_hours,
    10: lambda one: one.weekly_capacity_hours,
}
"""column of the printed table → the figure in it: the page shows these, the rest stands in the calculation of each person"""


@dataclass(frozen=True, slots=True)
class BarView:
    """One line of the waterfall. `x` and `width` are of a drawing 1,000 wide; None where there is nothing to draw."""

    name: str
    hours: str
    percent: str
    x: str | None
    width: str
    fill: str
    is_total: bool
    formula: str
    inputs: tuple[str, ...]
    source: str
    exact: str
    range: str


@dataclass(frozen=True, slots=True)
class AmountField:
    """One row of absence or duty with its field and the unit that it is stated in."""

    field: FieldView
    kind: str
    who: str
    unit: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """One practitioner: the field of her weekly hours, and her waterfall; dashes where it cannot be counted."""

    name: str
    code: str
    disciplines: str
    field: FieldView
    figures: tuple[CellView, ...]
    is_counted: bool


@dataclass(frozen=True, slots=True)
class HaveView:
    """Step 1."""

    bars: tuple[BarView, ...]
    note: str
    left_out: str
    """whose hours are missing from the waterfall, as a sentence"""
    people: tuple[PersonView, ...]
    people_title: str
    headings: tuple[str, ...]
    footnotes: tuple[str, ...]
    calculation: TableView | None
    """of one person, where it was asked for"""
    absences: tuple[AmountField, ...]
    duties: tuple[AmountField, ...]
    more: tuple[AmountField, ...]


def have_view(facts: WorksheetFacts, fields: dict[str, FieldView], person: str) -> HaveView:
    """Step 1; `person` is the id of the one whose calculation is opened."""
    words = facts.words
    table, people = waterfall_table(facts), practitioners_table(facts)
    headings = tuple(people.columns[at].heading for at in SHOWN_OF_A_PERSON)
    return HaveView(
        bars=bar_views(facts),
        note=" ".join(table.notes),
        left_out=_left_out(facts),
        people=tuple(_people(facts, fields, headings)),
        people_title=people.title,
        headings=headings,
        footnotes=people.footnotes,
        calculation=_calculation(facts, person),
        absences=tuple(_absence_fields(facts, fields)),
        duties=tuple(_duty_fields(facts, fields)),
        more=tuple(_more_fields(words, fields)),
    )


def _left_out(facts: WorksheetFacts) -> str:
    missing = len(facts.program.practitioners) - len(facts.plan.capacities)
    if not missing:
        return ""
    return facts.words.say_n(
        "The hours of {n} practitioner cannot be counted and are left out here.",
        "The hours of {n} practitioners cannot be counted and are left out here.",
        missing,
    )


def bar_views(facts: WorksheetFacts) -> tuple[BarView, ...]:
    """The waterfall, line by line."""
    return tuple(_bars(facts, waterfall_table(facts).rows))


def _people(facts: WorksheetFacts, fields: dict[str, FieldView], headings: tuple[str, ...]) -> Iterator[PersonView]:
    """Everybody by name, also those whose hours cannot be counted."""
    words, names = facts.words, facts.names()
    counted = {one.practitioner: one for one in facts.plan.capacities}
    for person in sorted(facts.program.practitioners, key=lambda one: names.get(one.id, one.id).casefold()):
        own = counted.get(person.id)
        amounts = [None] * len(headings) if own is None else [amount(own) for amount in SHOWN_OF_A_PERSON.values()]
        cells = (CellView(shown(words, hours, "hours"), heading, True) for hours, heading in zip(amounts, headings, strict=True))
        field = fields[f"hours:{person.id}"]
        yield PersonView(
            names.get(person.id, person.id), person.id, facts.disciplines(person.disciplines), field, tuple(cells), own is not None
        )


def _bars(facts: WorksheetFacts, rows: tuple[Row, ...]) -> Iterator[BarView]:
    words = facts.words
    for row, part in zip(rows, _parts(facts), strict=True):
        name, hours, span, percent, formula, source = row.values
        assert isinstance(hours, Fraction)
        drawn = span if isinstance(span, Span) else None
        yield BarView(
            name=str(name),
            hours=words.hours(hours) if facts.plan.capacities or not facts.program.practitioners else UNKNOWN,
            percent="–" if percent is None else words.percent(percent, 1),  # type: ignore[arg-type]
            x=None if drawn is None else f"{WIDTH * drawn.start:.1f}",
            width="0" if drawn is None else f"{max(2.0, WIDTH * (drawn.end - drawn.start)):.1f}",
            fill=drawn.fill if drawn else "",
            is_total=drawn is not None and drawn.fill in ("have", "care"),
            formula=str(formula),
            inputs=tuple(part.inputs),
            source=str(source),
            exact=words.say("{hours} h, not rounded", hours=exact(words, hours)),
            range=_range(words, [part.hours(one) for one in facts.plan.capacities]),
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands behind one line: each person's hours, and what was stated."""

    hours: Callable[[Capacity], Fraction]
    inputs: tuple[str, ...] = ()


def _parts(facts: WorksheetFacts) -> Iterator[_Part]:
    """In the order of the waterfall's lines."""
    words, plan, program = facts.words, facts.plan, facts.program
    people = words.say_n("{n} practitioner", "{n} practitioners", len(plan.capacities))
    yield _Part(lambda one: one.contracted_hours, (people,))
    for kind in dict.fromkeys(kind for one in plan.capacities for kind, _ in one.absences):
        stated = tuple(_absence_said(facts, row) for row in program.absences if row.kind == kind)
        yield _Part(lambda one, kind=kind: sum((hours for name, hours in one.absences if name == kind), Fraction(0)), stated)  # type: ignore[misc]
    yield _Part(lambda one: one.available_hours)
    for kind in dict.fromkeys(kind for one in plan.capacities for kind, _, _ in one.duties):
        stated = tuple(_duty_said(facts, row) for row in program.duties if row.kind == kind)
        yield _Part(lambda one, kind=kind: sum((hours for name, _, hours in one.duties if name == kind), Fraction(0)), stated)  # type: ignore[misc]
    yield _Part(lambda one: one.client_care_hours)
    if plan.reserve_percent:
        yield _Part(lambda one: one.reserve_hours)
    yield _Part(lambda one: one.plannable_hours)


def _range(words: Words, amounts: list[Fraction]) -> str:
    if not amounts:
        return ""
    return words.say("{low} to {high} by practitioner", low=words.hours(min(amounts)), high=words.hours(max(amounts)))


def _absence_said(facts: WorksheetFacts, row: Absence) -> str:
    words, who = facts.words, who_named(facts.words, facts.rows, row.who)
    if row.hours is not None:
        return words.say("{who}: {amount} h", who=who, amount=exact(words, row.hours))
    if row.days is not None:
        return words.say("{who}: {amount} days", who=who, amount=exact(words, row.days))
    return words.say("{who}: from {first} to {last}", who=who, first=row.from_date or "", last=row.to_date or row.from_date or "")


def _duty_said(facts: WorksheetFacts, row: Duty) -> str:
    words, who, amount = facts.words, who_named(facts.words, facts.rows, row.who), exact(facts.words, row.amount)
    if row.basis == "percent":
        return words.say("{who}: {amount} percent of the hours after absence", who=who, amount=amount)
    if row.basis == "hours_per_week":
        return words.say("{who}: {amount} h per worked week", who=who, amount=amount)
    return words.say("{who}: {amount} h over the period", who=who, amount=amount)


def _calculation(facts: WorksheetFacts, person: str) -> TableView | None:
    """How one practitioner's hours were counted, line by line."""
    if person not in {one.practitioner for one in facts.plan.capacities}:
        return None
    own = tuple(one for one in facts.plan.capacities if one.practitioner == person)
    return table_view(facts.words, "calculation", calculations_table(_with_only(facts, own)))


def _with_only(facts: WorksheetFacts, people: tuple[Capacity, ...]) -> WorksheetFacts:
    return replace(facts, plan=replace(facts.plan, capacities=people))


def _absence_fields(facts: WorksheetFacts, fields: dict[str, FieldView]) -> Iterator[AmountField]:
    words = facts.words
    for key, place in places_of(facts.program.absences).items():
        row = facts.program.absences[place]
        if f"absence:{key}" in fields:
            unit = words.say("days") if row.hours is None else words.say("hours")
            yield AmountField(fields[f"absence:{key}"], label(words, "absence", row.kind), who_named(words, facts.rows, row.who), unit)


def _duty_fields(facts: WorksheetFacts, fields: dict[str, FieldView]) -> Iterator[AmountField]:
    words = facts.words
    for key, place in places_of(facts.program.duties).items():
        row = facts.program.duties[place]
        if f"duty:{key}" in fields:
            unit = label_in_sentence(words, "basis", row.basis)
            yield AmountField(fields[f"duty:{key}"], label(words, "duty", row.kind), who_named(words, facts.rows, row.who), unit)


def _more_fields(words: Words, fields: dict[str, FieldView]) -> Iterator[AmountField]:
    everybody = words.say("Everybody")
    yield AmountField(fields["away:*"], words.say("More absence"), everybody, words.say("days"))
    yield AmountField(fields["other:*"], words.say("More other work"), everybody, words.say("hours per worked week"))
    yield AmountField(fields["reserve:"], words.say("Reserve"), everybody, words.say("percent of the hours for clients"))
