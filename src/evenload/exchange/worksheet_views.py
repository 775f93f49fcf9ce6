"""Other views of step 3: what if the estimates were off, the WISN terms, and what today's caseloads need."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from evenload.exchange.pages import Column, Emphasis, Formulas, Row, Table
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.planning.capacity_plan import Sensitivity, WisnView
from evenload.words.labels import label


def sensitivity_table(facts: WorksheetFacts, totals: str = "") -> Table:
    """The match if all times, or all hours, were 10 % shorter or longer.

    `totals` is the table of the match that a workbook counts it from; without one that of the worksheet.
    """
    words = facts.words
    totals = totals or words.say("3 Totals")
    columns = (
        Column(words.say("Discipline"), "wrapped", 30),
        Column(words.say("What if"), "wrapped", 34),
        Column(words.say("Have, h"), "hours", 12),
        Column(words.say("Need, h"), "hours", 12),
        Column(words.say("Gap, h"), "hours", 12),
        Column(words.say("FTE needed"), "hundredths", 11),
        Column(words.say("Clients carried"), "hours", 11),
    )
    rows: list[Row] = []
    for row in facts.plan.sensitivity:
        emphasis: Emphasis = "short" if row.gap_hours < 0 else "plain"
        values = (row.supply_hours, row.demand_hours, row.gap_hours, row.fte_required, row.clients)
        first = not rows or rows[-1].values[0] != facts.discipline(row.discipline)
        named = (facts.discipline(row.discipline), _what_if(facts, row), *values)
        rows.append(Row(named, emphasis, starts_group=first, formulas=_varied(facts, row, totals)))
    return Table(
        name=words.say("3 Sensitivity"),
        title=words.say("If the estimates were off by 10 percent"),
        columns=columns,
        rows=tuple(rows),
        footnotes=(words.say("Each line changes one thing and leaves the rest. Period: {period}.", period=facts.period),),
        landscape=False,
    )


def _varied(facts: WorksheetFacts, row: Sensitivity, totals: str) -> Formulas:
    """Have and need of the match, one of them by the percent; found by the discipline's name, so that either sheet may be sorted."""
    last = len(facts.plan.match) - 1

    def taken(place: int) -> str:
        return f"SUMPRODUCT(({{{totals}!0@0:{last}}}={{0}})*{{{totals}!{place}@0:{last}}})"

    factor = f"(1+{row.percent}/100)"
    have, need = (f"={taken(1)}", f"={taken(2)}*{factor}") if row.what == "times" else (f"={taken(1)}*{factor}", f"={taken(2)}")
    return (2, have), (3, need), (4, "={2}-{3}")


def _what_if(facts: WorksheetFacts, row: Sensitivity) -> str:
    words, percent = facts.words, facts.words.percent(abs(row.percent))
    if row.what == "times":
        if row.percent < 0:
            return words.say("All times {percent} shorter", percent=percent)
        return words.say("All times {percent} longer", percent=percent)
    if row.percent < 0:
        return words.say("{percent} fewer hours to plan with", percent=percent)
    return words.say("{percent} more hours to plan with", percent=percent)


def wisn_table(facts: WorksheetFacts) -> Table:
    """The same hours in the terms of WISN, line by line."""
    words = facts.words
    columns = (
        Column(words.say("Discipline"), "wrapped", 30),
        Column(words.say("WISN term"), "wrapped", 40),
        Column(words.say("How it is counted"), "wrapped", 46),
        Column(words.say("Figure"), "hundredths", 12),
        Column(words.say("Unit"), "text", 12),
    )
    rows = [
        Row((facts.discipline(view.discipline), *line), starts_group=at == 0)
        for view in facts.plan.wisn
        for at, line in enumerate(_wisn_lines(facts, view))
    ]
    return Table(
        name=words.say("3 WISN"),
        title=words.say("The same hours as the WISN method of the World Health Organization counts them"),
        columns=columns,
        rows=tuple(rows),
        notes=(words.say("Period: {period}.", period=facts.period),),
        landscape=False,
    )


def _wisn_lines(facts: WorksheetFacts, view: WisnView) -> Iterator[tuple[str, str, Fraction | None, str]]:
    words = facts.words
    hours, staff = words.say("hours"), words.say("FTE")
    counted = words.say("Hours available after absence ÷ FTE there are")
    yield words.say("Available working time of one FTE"), counted, view.available_hours_per_fte, hours
    for component in view.components:
        name = words.say("Modelled travel") if component.activity == "travel" else facts.class_label(component.activity)
        counted = words.say("{hours} ÷ available working time", hours=words.hours(component.hours))
        yield words.say("Staff for: {activity}", activity=name), counted, component.basic_staff, staff
    yield words.say("Basic staff"), words.say("Sum of the lines above"), view.basic_staff, staff
    for kind, share in view.category_shares:
        counted = words.say("Share of the available hours, stated for everybody or a group")
        yield words.say("Category allowance: {kind}", kind=_allowance(facts, kind)), counted, 100 * share, "%"
    yield words.say("Category allowance factor"), words.say("1 ÷ (1 − sum of the shares)"), view.category_factor, "×"
    for kind, amount in view.individual_hours:
        counted = words.say("Stated for single practitioners")
        yield words.say("Individual allowance: {kind}", kind=_allowance(facts, kind)), counted, amount, hours
    counted = words.say("Individual allowances ÷ available working time")
    yield words.say("Individual allowance factor"), counted, view.individual_factor, staff
    yield words.say("Required staff"), words.say("Basic staff × category factor + individual factor"), view.required_staff, staff
    yield words.say("Current staff"), facts.sheet("practitioners"), view.current_staff, staff
    yield words.say("Difference"), words.say("Current − required"), view.difference, staff
    yield words.say("WISN ratio"), _ratio_counted(facts, view), view.ratio, "×"


def _ratio_counted(facts: WorksheetFacts, view: WisnView) -> str:
    words = facts.words
    if view.reason == "allowances_exceed_time":
        return words.say("Not stated: the allowances leave no time for clients")
    if view.reason is not None or view.ratio is None:
        return words.say("Not stated: nobody has hours in this discipline, or no client needs any")
    if view.band == "short":
        return words.say("Current ÷ required; below 0.9: short")
    if view.band == "surplus":
        return words.say("Current ÷ required; above 1.1: more than required")
    return words.say("Current ÷ required; between 0.9 and 1.1: balanced")


def _allowance(facts: WorksheetFacts, kind: str) -> str:
    return facts.words.say("Reserve") if kind == "reserve" else label(facts.words, "duty", kind)


def current_table(facts: WorksheetFacts) -> Table:
    """What the units of each current practitioner need, beside the own hours."""
    words = facts.words
    columns = (
        Column(words.say("Practitioner"), "wrapped", 24),
        Column(words.say("Units"), "integer", 8),
        Column(words.say("Clients"), "integer", 8),
        Column(words.say("Care, h"), "hours", 11),
        Column(words.say("Travel, modelled, h"), "hours", 11),
        Column(words.say("Hours to plan with"), "hours", 12),
        Column(words.say("Share of own hours"), "percent_tenths", 12),
    )
    names = facts.names()
    rows = tuple(
        Row(
            (
                names.get(row.practitioner, row.practitioner),
                row.units,
                row.clients,
                row.care_hours,
                row.modelled_travel_hours,
                row.plannable_hours,
                row.utilisation_percent,
            ),
            "short" if row.demand_hours > row.plannable_hours else "plain",
            formulas=((6, "=({3}+{4})/{5}"),),
        )
        for row in sorted(facts.plan.current, key=lambda row: names.get(row.practitioner, row.practitioner).casefold())
    )
    return Table(
        name=words.say("3 Today's caseloads"),
        title=words.say("What today's caseloads need, practitioner by practitioner"),
        columns=columns,
        rows=rows,
        empty=words.say("No unit has a current practitioner."),
        footnotes=(words.say("The units that each one has today, over the whole period: {period}.", period=facts.period),),
        landscape=False,
    )
