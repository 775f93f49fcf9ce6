"""Step 1 of the worksheet: the hours that there are, as a waterfall in hours, in total and for each practitioner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from evenload.exchange.pages import Column, Emphasis, Fill, Formulas, Row, Span, Table, Value
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.planning.capacity import Capacity, absence_hours, duty_hours, weeks_present
from evenload.planning.codes import ENGAGEMENTS
from evenload.planning.program import Absence, Duty, PractitionerFacts
from evenload.words.labels import label

_NONE = Fraction(0)


def waterfall_table(facts: WorksheetFacts) -> Table:
    """From contracted hours to plannable hours, all practitioners together, each step with how it is counted and its source."""
    words, weeks = facts.words, facts.weeks
    columns = (
        Column(words.say("Step"), "wrapped", 30),
        Column(words.say_n("Hours over {n} week", "Hours over {n} weeks", weeks), "hours", 14),
        Column(words.say("Share of the contracted hours"), "span", 34),
        Column(words.say("Percent of contracted"), "percent_tenths", 13),
        Column(words.say("How it is counted"), "wrapped", 50),
        Column(words.say("Source"), "wrapped", 30),
    )
    return Table(
        name=words.say("1 Hours we have"),
        title=words.say("1  Hours we have"),
        columns=columns,
        rows=tuple(_waterfall_rows(facts)),
        notes=(
            words.say_n(
                "{n} practitioner. Hours of everybody together over the whole period: {period}.",
                "{n} practitioners. Hours of everybody together over the whole period: {period}.",
                len(facts.plan.capacities),
                period=facts.period,
            ),
        ),
        landscape=False,
        sortable=False,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the waterfall. Deductions are negative; totals begin again at the left edge."""

    name: str
    hours: Fraction
    counted: str
    source: str
    fill: Fill


def _waterfall_rows(facts: WorksheetFacts) -> Iterator[Row]:
    steps = list(_waterfall_steps(facts))
    whole = left = steps[0].hours
    total_at, people = 0, len(facts.plan.capacities)
    for at, step in enumerate(steps):
        is_total = step.fill in ("have", "care")
        start = _NONE if is_total else left + step.hours
        span = Span(float(start / whole), float((step.hours if is_total else left) / whole), step.fill) if whole else None
        left = step.hours if is_total else start
        percent = 100 * step.hours / whole if whole else None
        emphasis: Emphasis = "total" if step.fill == "care" else "plain"
        formulas: Formulas = ((3, "={1}/{1@0}"),)
        if step.fill == "care":
            formulas += ((1, f"=SUM({{1@{total_at}:{at - 1}}})"),)
            total_at = at
        elif at == 0 and people:
            formulas += ((1, f"=SUM({{{facts.words.say('1 By practitioner')}!2@0:{people - 1}}})"),)
        yield Row((step.name, step.hours, span, percent, step.counted, step.source), emphasis, formulas=formulas)


def _waterfall_steps(facts: WorksheetFacts) -> Iterator[_Step]:
    words, plan = facts.words, facts.plan
    people, here = plan.capacities, words.say("Counted here")
    whole = _total(row.contracted_hours for row in people)
    counted = words.say("Weekly hours × weeks present, added up")
    yield _Step(words.say("Contracted or offered"), whole, counted, facts.sheet("practitioners"), "have")
    counted = words.say("As stated for each person; a day is a fifth of the weekly hours")
    for kind, hours in _by_kind((kind, hours) for row in people for kind, hours in row.absences):
        yield _Step(label(words, "absence", kind), -hours, counted, facts.sheet("absences"), "absence")
    available = _total(row.available_hours for row in people)
    yield _Step(words.say("Available"), available, words.say("Contracted less absence"), here, "care")
    counted = words.say("Hours, hours per worked week, or percent of the available hours, as stated")
    for kind, hours in _by_kind((kind, hours) for row in people for kind, _, hours in row.duties):
        yield _Step(label(words, "duty", kind), -hours, counted, facts.sheet("duties"), "duty")
    care = _total(row.client_care_hours for row in people)
    yield _Step(words.say("For clients"), care, words.say("Available less non-client duties"), here, "care")
    if plan.reserve_percent:
        counted = words.say("{percent} of the hours for clients, kept free", percent=words.percent(plan.reserve_percent, 1))
        yield _Step(words.say("Reserve"), -_total(row.reserve_hours for row in people), counted, facts.sheet("program"), "reserve")
    plannable = _total(row.plannable_hours for row in people)
    yield _Step(words.say("To plan with"), plannable, words.say("For clients less the reserve; what step 3 can spend"), here, "care")


def practitioners_table(facts: WorksheetFacts) -> Table:
    """One row per practitioner: her own waterfall, and her week."""
    words, weeks = facts.words, facts.weeks
    columns = (
        Column(words.say("Practitioner"), "wrapped", 22),
        Column(words.say("Discipline"), "wrapped", 10),
        Column(words.say("Contracted, h"), "hours", 11),
        Column(words.say("Absence, h"), "hours", 10),
        Column(words.say("Available, h"), "hours", 10),
        Column(words.say("Worked weeks"), "hours", 9),
        Column(words.say("Non-client duties, h"), "hours", 11),
        Column(words.say("For clients, h"), "hours", 10),
        Column(words.say("Reserve, h"), "hours", 9),
        Column(words.say("To plan with, h"), "hours", 11),
        Column(words.say("Capacity, h/week"), "hours", 10),
        Column(words.say("Maximum, h/week"), "hours", 11),
    )
    names = facts.names()
    people = sorted(facts.plan.capacities, key=lambda row: names.get(row.practitioner, row.practitioner).casefold())
    own: Formulas = (
        (4, "={2}+{3}"),
        (7, "={4}+{6}"),
        (9, "={7}+{8}"),
        (10, f"=MIN({{9}}/{weeks},{{11}})"),
    )
    rows = [Row((names[row.practitioner], facts.disciplines(row.disciplines), *_figures(row)), formulas=own) for row in people]
    sums: Formulas = tuple((place, f"=SUM({{{place}@0:{len(rows) - 1}}})") for place in range(2, 12)) if rows else ()
    return Table(
        name=words.say("1 By practitioner"),
        title=words.say("Hours of each practitioner"),
        columns=columns,
        rows=(*rows, Row((words.say("Together"), "", *_together(people)), "total", formulas=sums)),
        footnotes=(
            words.say_n(
                "Hours are over {n} calendar week. Available = contracted − absence. For clients = available − non-client duties.",
                "Hours are over {n} calendar weeks. Available = contracted − absence. For clients = available − non-client duties.",
                weeks,
            ),
            words.say(
                "Worked weeks = available ÷ weekly hours. Capacity = the lesser of the hours to plan with ÷ calendar weeks, and the "
                "own maximum; it is 100% of every load. Maximum = stated maximum × worked weeks ÷ calendar weeks; without a stated "
                "maximum, the hours to plan with ÷ calendar weeks."
            ),
        ),
    )


def _figures(row: Capacity) -> tuple[Fraction, ...]:
    return (
        row.contracted_hours,
        -row.absence_hours,
        row.available_hours,
        row.worked_weeks,
        -row.nonclient_hours,
        row.client_care_hours,
        -row.reserve_hours,
        row.plannable_hours,
        row.weekly_capacity_hours,
        row.weekly_maximum_hours,
    )


def _together(people: Iterable[Capacity]) -> tuple[Fraction, ...]:
    figures = [_figures(row) for row in people]
    return tuple(_total(column) for column in zip(*figures, strict=True)) if figures else (_NONE,) * 10


def calculations_table(facts: WorksheetFacts) -> Table:
    """Every figure of every practitioner's waterfall with the calculation behind it, so that it can be followed by hand."""
    words = facts.words
    columns = (
        Column(words.say("Practitioner"), "wrapped", 22),
        Column(words.say("Step"), "wrapped", 28),
        Column(words.say("Calculation"), "wrapped", 46),
        Column(words.say("Stated for"), "wrapped", 20),
        Column(words.say("Hours over the period"), "hours", 13),
    )
    names = facts.names()
    own_facts = {person.id: person for person in facts.program.practitioners}
    rows: list[Row] = []
    for capacity in sorted(facts.plan.capacities, key=lambda row: names.get(row.practitioner, row.practitioner).casefold()):
        rows += _person_rows(facts, capacity, own_facts[capacity.practitioner], names[capacity.practitioner], above=len(rows))
    return Table(
        name=words.say("1 Calculations"),
        title=words.say("How each practitioner's hours were counted"),
        columns=columns,
        rows=tuple(rows),
        notes=(words.say("Period: {period}. Percent duties are of the hours available after absence.", period=facts.period),),
        landscape=False,
    )


def _person_rows(facts: WorksheetFacts, capacity: Capacity, person: PractitionerFacts, name: str, *, above: int) -> list[Row]:
    """One practitioner's lines, with `above` rows above them in their table; each total is a sum down to itself."""
    rows, before = list[Row](), above
    for at, (line, emphasis) in enumerate(_calculation_lines(facts, capacity, person), start=above):
        formulas: Formulas = ((4, f"=SUM({{4@{before}:{at - 1}}})"),) if emphasis == "total" else ()
        rows.append(Row((name, *line), emphasis, starts_group=at == above, formulas=formulas))
        before = at if emphasis == "total" else before
    return rows


def own_calculations(facts: WorksheetFacts, practitioner: str) -> Table | None:
    """The hours of one practitioner, step by step; None where she is not in the plan."""
    words = facts.words
    capacity = next((row for row in facts.plan.capacities if row.practitioner == practitioner), None)
    if capacity is None:
        return None
    person = next(one for one in facts.program.practitioners if one.id == practitioner)
    columns = (
        Column(words.say("Step"), "wrapped", 28),
        Column(words.say("Calculation"), "wrapped", 46),
        Column(words.say("Stated for"), "wrapped", 20),
        Column(words.say("Hours over the period"), "hours", 13),
    )
    rows = tuple(
        Row(row.values[1:], row.emphasis, formulas=tuple((3, formula.replace("{4@", "{3@")) for _, formula in row.formulas))
        for row in _person_rows(facts, capacity, person, "", above=0)
    )
    return Table(
        name=words.say("Hours"),
        title=words.say("Hours there are, step by step"),
        columns=columns,
        rows=rows,
        footnotes=(words.say("Period: {period}. Source: hours, absences and duties in the program's records.", period=facts.period),),
        landscape=False,
        sortable=False,
    )


def _calculation_lines(facts: WorksheetFacts, row: Capacity, person: PractitionerFacts) -> Iterator[tuple[tuple[Value, ...], Emphasis]]:
    words = facts.words
    present = weeks_present(person, facts.plan.period)
    weekly = words.say("{hours} a week × {weeks} weeks", hours=words.hours(person.weekly_hours), weeks=facts.tenths(present))
    yield (words.say("Contracted or offered"), weekly, words.say("This person"), row.contracted_hours), "plain"
    stated_absences = [item for item in facts.program.absences if _may_concern(item.who, person)]
    for kind, hours in row.absences:
        absence = _next_absence(stated_absences, kind, hours, person)
        whom = _stated_for(facts, absence.who) if absence else words.say("This person")
        yield (label(words, "absence", kind), _absence_calculation(facts, absence, person), whom, -hours), "plain"
    yield (words.say("Available"), words.say("Contracted less absence"), "", row.available_hours), "total"
    stated_duties = [item for item in facts.program.duties if _may_concern(item.who, person)]
    for kind, who, hours in row.duties:
        duty = _next_duty(stated_duties, kind, who, hours, row)
        yield (label(words, "duty", kind), _duty_calculation(facts, duty, row), _stated_for(facts, who), -hours), "plain"
    yield (words.say("For clients"), words.say("Available less non-client duties"), "", row.client_care_hours), "total"
    if row.reserve_hours:
        share = words.percent(facts.plan.reserve_percent, 1)
        kept = words.say("{percent} of {hours}", percent=share, hours=words.hours(row.client_care_hours))
        yield (words.say("Reserve"), kept, words.say("Everybody"), -row.reserve_hours), "plain"
    per_week = words.say(
        "{hours} ÷ {weeks} calendar weeks = {week} a week",
        hours=words.hours(row.plannable_hours),
        weeks=facts.weeks,
        week=words.hours(row.weekly_care_hours),
    )
    yield (words.say("To plan with"), per_week, "", row.plannable_hours), "total"
    if person.max_hours is not None:
        most = words.say(
            "Maximum: {hours} a week × {worked} worked weeks ÷ {weeks} calendar weeks = {week} a week",
            hours=words.hours(person.max_hours),
            worked=words.number(row.worked_weeks),
            weeks=facts.weeks,
            week=words.hours(row.weekly_maximum_hours),
        )
        yield (words.say("Own maximum"), most, words.say("This person"), None), "muted"


def _absence_calculation(facts: WorksheetFacts, absence: Absence | None, person: PractitionerFacts) -> str:
    words = facts.words
    if absence is None:
        return words.say("Days known by date, beyond what is stated without dates")
    if absence.days is None:
        return words.say("Hours as stated")
    return words.say(
        "{days} days × {hours} ÷ 5",
        days=facts.tenths(absence.days),
        hours=words.hours(person.weekly_hours),
    )


def _duty_calculation(facts: WorksheetFacts, duty: Duty, row: Capacity) -> str:
    words = facts.words
    if duty.basis == "percent":
        return words.say("{percent} of {hours}", percent=words.percent(duty.amount, 1), hours=words.hours(row.available_hours))
    if duty.basis == "hours_per_week":
        worked = words.number(row.worked_weeks)
        return words.say("{hours} a week × {worked} worked weeks", hours=words.hours(duty.amount), worked=worked)
    return words.say("Hours as stated")


def _stated_for(facts: WorksheetFacts, who: str) -> str:
    words = facts.words
    if who == "*":
        return words.say("Everybody")
    if who in ENGAGEMENTS:
        return label(words, "engagement", who)
    return words.say("This person") if facts.rows.names_of_practitioners().get(who) else label(words, "discipline", who)


def _may_concern(who: str, person: PractitionerFacts) -> bool:
    return who in ("*", person.id, person.engagement, *person.disciplines)


def _next_absence(stated: list[Absence], kind: str, hours: Fraction, person: PractitionerFacts) -> Absence | None:
    """The next stated row behind these hours; each row is found once. None: they are those of rows with dates."""
    undated = (row for row in stated if row.from_date is None and row.kind == kind)
    found = next((row for row in undated if absence_hours(row, person) == hours), None)
    if found is not None:
        stated.remove(found)
    return found


def _next_duty(stated: list[Duty], kind: str, who: str, hours: Fraction, row: Capacity) -> Duty:
    counted = (row.available_hours, row.worked_weeks)
    found = next(duty for duty in stated if (duty.kind, duty.who) == (kind, who) and duty_hours(duty, *counted) == hours)
    stated.remove(found)
    return found


def _by_kind(amounts: Iterable[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    """Hours per kind, in the order in which the kinds first appear."""
    sums: dict[str, Fraction] = {}
    for kind, hours in amounts:
        sums[kind] = sums.get(kind, _NONE) + hours
    return list(sums.items())


def _total(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, _NONE)
