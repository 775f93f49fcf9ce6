"""The tables of the workload report, each with how it is counted, over which days, and from what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenload.exchange.counted_tables import Counting, Share, Sum, counted_rows, figures_column, known
from evenload.exchange.pages import Column, Row, Table, Value
from evenload.exchange.workload_facts import UnitLine, WorkloadFacts
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_hours import own_calculations
from evenload.words import Words, message
from evenload.words.labels import label

REMEDIES: Final = {
    "move": message("hand a unit over"),
    "take": message("take a unit"),
    "pause_offers": message("pause offers"),
    "every_two_weeks": message("see every two weeks"),
    "recruit": message("recruit"),
    "lend_visits": message("lend visits"),
    "move_site": message("hand a site over"),
    "more_hours": message("contract more hours"),
}
BESIDE: Final = {
    "load": message("Load, % of own hours"),
    "travel": message("Travel, min/week"),
    "clients": message("Clients"),
    "units": message("Units"),
}


@dataclass(frozen=True, slots=True)
class Workload:
    """The facts of a load beside the worksheet that its hours are counted in, seen in one language."""

    facts: WorkloadFacts
    sheet: WorksheetFacts

    @property
    def words(self) -> Words:
        """The language."""
        return self.sheet.words


def tables(of: Workload) -> Iterator[Table]:
    """Every table, in the order of the report."""
    hours = own_calculations(of.sheet, of.facts.practitioner)
    if hours is not None:
        yield hours
    yield units_table(of)
    yield week_table(of)
    yield ahead_table(of)
    yield said_table(of)
    yield talks_table(of)
    yield team_table(of)


def units_table(of: Workload) -> Table:
    """What is assigned, unit by unit."""
    words = of.words
    columns = (
        Column(words.say("Unit"), "wrapped", 18),
        Column(words.say("Site or area"), "wrapped", 18),
        Column(words.say("Class"), "wrapped", 15),
        figures_column(words.say("Clients"), 8),
        figures_column(words.say("Care, min")),
        figures_column(words.say("Travel, modelled, min"), 11),
        figures_column(words.say("Together, min"), 10),
        figures_column(words.say("Visits authorized"), 11),
        figures_column(words.say("Used"), 8),
        figures_column(words.say("Left"), 8),
    )
    lines = [_unit_line(of, one) for one in of.facts.units]
    return Table(
        name=words.say("Units"),
        title=words.say("What is assigned, minutes a week"),
        columns=columns,
        rows=counted_rows(lines, Counting({6: Sum((4, 5)), 9: Sum((7,), (8,))}, (3, 4, 5, 6)), words.say("Together")),
        empty=words.say("Nothing is assigned."),
        footnotes=(
            words.say(
                "Care = visits that remain × minutes of the class ÷ calendar weeks, with the travel that the class states. Travel, modelled = "
                "2 × drive × trips a week. Visits: authorized and used as of {day}; a dash where nobody stated them. Source: the list of "
                "assignments, time standards, referrals.",
                day=of.facts.today,
            ),
        ),
        landscape=False,
        sortable=False,
    )


def _unit_line(of: Workload, one: UnitLine) -> tuple[Value, ...]:
    words = of.words
    site = words.either(one.site_en, one.site_fr)
    place = site if one.kind == "site" else ""
    called = one.label or (
        words.say("{site}, {discipline}", site=place, discipline=of.sheet.disciplines((one.discipline,))) if place else one.code
    )
    return (
        words.say("Not shown") if one.is_hidden else called,
        "–" if one.is_hidden else site or one.area or "–",
        "–" if one.is_hidden else of.sheet.class_label(one.class_id),
        one.clients,
        one.care_minutes,
        one.travel_minutes,
        None,
        known(one.allotted),
        known(one.used),
        None,
    )


def week_table(of: Workload) -> Table:
    """The average week against her own hours, range and maximum."""
    words, facts = of.words, of.facts
    columns = (
        Column(words.say("An average week"), "wrapped", 34),
        figures_column(words.say("Hours a week"), 12, tenths=True),
        Column(words.say("Of the own hours"), "percent", 12),
        Column(words.say("How it is counted"), "wrapped", 56),
    )
    own, assigned, travel = (Fraction(minutes, 60) for minutes in (facts.capacity_minutes, facts.assigned_minutes, facts.travel_minutes))
    low, high = (share * own / 100 for share in (facts.low_percent, facts.high_percent))
    stated = (
        (words.say("Hours for clients"), own, words.say("The lesser of the hours to plan with ÷ calendar weeks, and the own maximum"), ""),
        (words.say("Assigned, with travel"), assigned, words.say("Sum of the units above"), ""),
        (words.say("Of it travel"), travel, words.say("Travel that classes state, and modelled travel"), ""),
        (words.say("Own range from"), low, words.say("Own lower share × hours for clients"), ""),
        (words.say("Own range to"), high, words.say("Own upper share × hours for clients"), ""),
        (words.say("Left up to the top of the range"), high - assigned, words.say("Own range to − assigned"), "={1@4}-{1@1}"),
        (words.say("Own maximum"), Fraction(facts.maximum_minutes, 60), words.say("Stated maximum × worked weeks ÷ calendar weeks"), ""),
    )
    rows = []
    for name, hours, counted, formula in stated:
        percent: Value = 100 * hours / own if own else known(None)
        formulas = (((1, formula),) if formula else ()) + (((2, "={1}/{1@0}"),) if own else ())
        rows.append(Row((name, hours, percent, counted), formulas=formulas))
    return Table(
        name=words.say("Week"),
        title=words.say("The average week"),
        columns=columns,
        rows=tuple(rows),
        footnotes=(words.say("Period: {period}. Each figure is rounded once, to whole minutes.", period=of.sheet.period),),
        landscape=False,
        sortable=False,
    )


def ahead_table(of: Workload) -> Table:
    """Week by week to the end of the period; the fullest one is marked."""
    words, facts = of.words, of.facts
    columns = (
        Column(words.say("Week of"), "date", 12),
        figures_column(words.say("Committed, h"), 12, tenths=True),
        figures_column(words.say("Driving, h"), 12, tenths=True),
        figures_column(words.say("Together, h"), 12, tenths=True),
        figures_column(words.say("Hours there are, h"), 12, tenths=True),
        Column(words.say("Load"), "percent", 10),
        figures_column(words.say("Left, h"), 12, tenths=True),
        Column(words.say("Note"), "wrapped", 18),
    )
    peak = facts.peak
    lines: list[tuple[Value, ...]] = [
        (
            week.monday,
            week.committed / 60,
            week.driving / 60,
            None,
            Fraction(week.hours_minutes, 60),
            None,
            None,
            words.say("the fullest") if week is peak else "",
        )
        for week in facts.ahead
    ]
    rows = counted_rows(lines, Counting({3: Sum((1, 2)), 5: Share(3, 4), 6: Sum((4,), (3,))}, (1, 2, 3, 4, 6)), words.say("Together"))
    marked = tuple(replace(row, emphasis="changed") if peak is not None and row.values[0] == peak.monday else row for row in rows)
    return Table(
        name=words.say("Weeks ahead"),
        title=words.say("Week by week ahead"),
        columns=columns,
        rows=marked,
        empty=words.say("The period is over: no week lies ahead."),
        footnotes=(
            words.say(
                "Committed = visits that remain at their minutes, at a stated frequency or spread evenly. Load = together ÷ hours there are "
                "in that week, absences taken off. Source: the hour ledger as of {day}.",
                day=facts.today,
            ),
        ),
        landscape=False,
        sortable=False,
    )


def said_table(of: Workload) -> Table:
    """What she said, and what was counted at that moment."""
    words = of.words
    columns = (
        Column(words.say("Said on"), "date", 12),
        Column(words.say("My load feels"), "wrapped", 18),
        Column(words.say("Cause"), "wrapped", 24),
        figures_column(words.say("Counted then, h/week"), 14, tenths=True),
        figures_column(words.say("Hours then, h/week"), 14, tenths=True),
        Column(words.say("Load then"), "percent", 10),
    )
    lines: list[tuple[Value, ...]] = [
        (
            one.on,
            label(words, "feedback", one.feeling),
            label(words, "load_cause", one.cause) if one.cause else "–",
            known(None if one.assigned_minutes is None else Fraction(one.assigned_minutes, 60)),
            known(None if one.capacity_minutes is None else Fraction(one.capacity_minutes, 60)),
            None,
        )
        for one in of.facts.signals
    ]
    return Table(
        name=words.say("Said"),
        title=words.say("What was said, and what was counted"),
        columns=columns,
        rows=counted_rows(lines, Counting({5: Share(3, 4)})),
        empty=words.say("Nothing was said about this load yet."),
        footnotes=(
            words.say("The last {n} at most. Comments stay in the conversation. Source: what she said, and the week counted then.", n=12),
        ),
        landscape=False,
        sortable=False,
    )


def talks_table(of: Workload) -> Table:
    """Conversations, and what both agreed on."""
    words = of.words
    columns = (
        Column(words.say("Begun on"), "date", 12),
        Column(words.say("State"), "wrapped", 22),
        Column(words.say("Agreed on"), "text", 12),
        Column(words.say("Remedies agreed"), "wrapped", 40),
        Column(words.say("Look again on"), "text", 12),
    )
    lines: list[tuple[Value, ...]] = [
        (
            one.begun_on,
            label(words, "talk_state", one.state),
            words.date(one.agreed_on) if one.agreed_on else "–",
            words.list_of(words.say(REMEDIES[kind]) for kind in one.remedies) if one.remedies else "–",
            words.date(one.follow_up_on) if one.follow_up_on else "–",
        )
        for one in of.facts.talks
    ]
    return Table(
        name=words.say("Conversations"),
        title=words.say("Conversations and remedies"),
        columns=columns,
        rows=tuple(Row(line) for line in lines),
        empty=words.say("No conversation about this load was held yet."),
        landscape=False,
        sortable=False,
    )


def team_table(of: Workload) -> Table:
    """Beside the middle half of her discipline, nobody named."""
    words, facts = of.words, of.facts
    columns = (
        Column(words.say("Beside the team"), "wrapped", 34),
        figures_column(words.say("Own"), 12, tenths=True),
        figures_column(words.say("Middle half from"), 12, tenths=True),
        figures_column(words.say("Middle"), 12, tenths=True),
        figures_column(words.say("Middle half to"), 12, tenths=True),
    )
    lines: list[tuple[Value, ...]] = [(words.say(BESIDE[one.what]), known(one.own), one.lower, one.middle, one.upper) for one in facts.team]
    return Table(
        name=words.say("Team"),
        title=words.say("Beside the middle half of the team"),
        columns=columns,
        rows=tuple(Row(line) for line in lines),
        empty=words.say("Fewer than 5 people of the discipline have hours: a comparison would say who they are."),
        footnotes=(
            words.say(
                "The middle half are those between the quartiles of {n} people of the discipline with hours in this program, this person "
                "included. Nobody is named.",
                n=facts.team_people,
            ),
        )
        if facts.team
        else (),
        landscape=False,
        sortable=False,
    )
