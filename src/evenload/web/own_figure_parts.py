"""A practitioner's own figures as her page shows them: a chart of her weeks, her place in the team, her visits, what she said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.urls import reverse
from django.utils.timezone import localdate

from evenload.records.models import LoadSignal, Practitioner
from evenload.web.charts import Chart, ChartRow
from evenload.words import Words, label
from evenload.workflow.own_figures import LEAST_OTHERS, Behind, OwnFigures, OwnVisits, own_figures
from evenload.workflow.week_ahead import WeekAhead


@dataclass(frozen=True, slots=True)
class OwnView:
    """Everything below her bar: sentences, and a chart where there are weeks ahead."""

    chart: Chart | None
    place: str
    behind: str
    visits: OwnVisits
    said: tuple[tuple[str, str, str], ...]
    """day, what she felt, what was counted then"""


def own_view(words: Words, one: Practitioner, *, today: date) -> OwnView:
    """Her figures in one program."""
    found = own_figures(one, today=today)
    return OwnView(
        own_chart(words, found),
        _place(words, found),
        _behind(words, found.behind),
        found.visits,
        tuple(_signal(words, signal) for signal in found.signals),
    )


def own_chart(words: Words, found: OwnFigures) -> Chart | None:
    """Her weeks ahead: what is committed, driving included, beside her range and her hours."""
    if not found.weeks:
        return None
    program = found.practitioner.program
    return Chart(
        key=f"own-weeks-{program.code}",
        title=words.say("My weeks ahead"),
        says=_weeks_say(words, found.weeks),
        unit=words.say("hours"),
        columns=(
            words.say("Week of"),
            words.say("Committed, with driving"),
            words.say("My range, from"),
            words.say("My range, to"),
            words.say("My hours"),
        ),
        rows=tuple(
            ChartRow(words.date(week.monday), _hours(week), f"{reverse('week')}?monday={week.monday.isoformat()}") for week in found.weeks
        ),
        kind="lines",
        csv_address=reverse("own_weeks_csv", args=[program.code]),
    )


def _hours(week: WeekAhead) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    person = week.person
    low, high = (share * person.capacity_minutes / 6000 for share in (person.comfortable_min_percent, person.comfortable_max_percent))
    return (week.committed + week.driving) / 60, low, high, Fraction(person.capacity_minutes, 60)


def _weeks_say(words: Words, weeks: tuple[WeekAhead, ...]) -> str:
    over = [week for week in weeks if week.state == "over"]
    above = [week for week in weeks if week.state in ("above_range", "over")]
    if over:
        return words.say_n(
            "In {n} week of {weeks} more is committed than my hours: that of {monday}.",
            "In {n} weeks of {weeks} more is committed than my hours, first in that of {monday}.",
            len(over),
            weeks=len(weeks),
            monday=words.day(over[0].monday),
        )
    if above:
        return words.say_n(
            "In {n} week of {weeks} I am above my range: that of {monday}.",
            "In {n} weeks of {weeks} I am above my range, first in that of {monday}.",
            len(above),
            weeks=len(weeks),
            monday=words.day(above[0].monday),
        )
    return words.say("In none of these weeks am I above my range.")


def _place(words: Words, found: OwnFigures) -> str:
    place = found.place
    if place is None:
        if not found.weeks:
            return ""
        return words.say("My place in the team is told where at least {n} others of my discipline have hours.", n=LEAST_OTHERS)
    facts = {
        "own": words.percent(round(place.percent)),
        "low": words.percent(round(place.lower)),
        "high": words.percent(round(place.upper)),
        "people": words.integer(place.people),
    }
    if place.where == "within":
        return words.say(
            "My load is {own}; the middle half of the {people} of my discipline lies from {low} to {high}. I am in it.", **facts
        )
    if place.where == "above":
        return words.say(
            "My load is {own}; the middle half of the {people} of my discipline lies from {low} to {high}. I am above it.", **facts
        )
    return words.say(
        "My load is {own}; the middle half of the {people} of my discipline lies from {low} to {high}. I am below it.", **facts
    )


def _behind(words: Words, behind: Behind | None) -> str:
    if behind is None:
        return ""
    load = words.percent(round(behind.mean))
    if behind.change is None:
        return words.say_n(
            "In the last week my load was {percent}.", "In the last {n} weeks my load was {percent} on average.", behind.weeks, percent=load
        )
    return words.say(
        "In the last {n} weeks my load was {percent} on average, and moved by {points} points from week to week.",
        n=behind.weeks,
        percent=load,
        points=words.number(behind.change),
    )


def _signal(words: Words, signal: LoadSignal) -> tuple[str, str, str]:
    felt = label(words, "feedback", signal.feeling)
    if signal.cause:
        felt = words.say("{feeling}, cause: {cause}", feeling=felt, cause=label(words, "load_cause", signal.cause).lower())
    minutes, capacity = signal.counted.get("assigned_minutes"), signal.counted.get("capacity_minutes")
    counted = words.percent(round(Fraction(100 * minutes, capacity))) if minutes is not None and capacity else "–"
    return words.date(localdate(signal.said_at)), felt, counted
