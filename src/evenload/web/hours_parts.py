"""The parts of her hours ahead: a bar and its figures for every week, and the sentence about one more client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evenload.records.models import Practitioner
from evenload.web.draft_words import names_of, unit_name
from evenload.web.load_bar import LoadBar, practitioner_bar
from evenload.words import Words, label
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.refused import Refused
from evenload.workflow.week_ahead import OneMore, WeekAhead, ahead


@dataclass(frozen=True, slots=True)
class WeekView:
    """One week: the bar, and the same in figures."""

    week: WeekAhead
    bar: LoadBar
    range_text: str
    away: str


@dataclass(frozen=True, slots=True)
class HoursView:
    """Her weeks ahead in one program; `none` says why there are none."""

    practitioner: Practitioner
    program: str
    weeks: tuple[WeekView, ...]
    one_more: str
    source: str
    period_ends: str
    typical: str
    """code of the unit that stands for one more client"""
    none: str


def hours_view(words: Words, one: Practitioner, *, today: date) -> HoursView:
    """Her weeks ahead in one program."""
    program = words.either(one.program.name_en, one.program.name_fr)
    try:
        found = ahead(one, today=today)
    except Refused:
        found, why = None, words.say("Nothing is counted: the program's facts contradict each other, and its manager sees where.")
    else:
        why = words.say("You are not in the facts of this program.") if found is None else ""
    if found is None:
        return HoursView(one, program, (), "", "", "", "", why)
    none = "" if found.weeks else words.say("The program's period is over: nothing lies ahead.")
    source = words.say("As in the draft of now.") if found.is_draft else words.say("As in the list that holds.")
    return HoursView(
        practitioner=one,
        program=program,
        weeks=tuple(_week_view(words, week) for week in found.weeks),
        one_more=_one_more(words, one, found.one_more) if found.one_more else "",
        source=source,
        period_ends=words.day(found.period_ends, year=True),
        typical=found.one_more.unit.stated_id if found.one_more else "",
        none=none,
    )


def _week_view(words: Words, week: WeekAhead) -> WeekView:
    person = week.person
    ends = [Fraction(share * person.capacity_minutes, 6000) for share in (person.comfortable_min_percent, person.comfortable_max_percent)]
    range_text = words.say("range {low} to {high}", low=words.number(ends[0]), high=words.hours(ends[1])) if person.capacity_minutes else ""
    return WeekView(week, practitioner_bar(words, person, week.minutes), range_text, _away(words, week))


def _away(words: Words, week: WeekAhead) -> str:
    whole, part = sum(one is None for one in week.away), sum(one for one in week.away if one is not None)
    said = [words.say_n("{n} day away", "{n} days away", whole)] if whole else []
    if part:
        said.append(words.say("{time} away", time=words.duration(part)))
    return ", ".join(said)


def _one_more(words: Words, one: Practitioner, more: OneMore) -> str:
    """Whom it is like, what it adds, and until when it fits."""
    facts = picture_at_hand(one.program)[0].facts
    name = unit_name(words, names_of(words, facts), more.unit.id)
    hours = words.hours(Fraction(more.minutes, 60), per="week")
    if more.is_hers:
        like = words.say("One more client like the middle one of yours ({name}, {hours})?", name=name, hours=hours)
    else:
        discipline = label(words, "discipline_short", more.unit.discipline)
        like = words.say("One more client like the middle one of the program ({discipline}, {hours})?", discipline=discipline, hours=hours)
    percent = words.percent(more.percent) if more.percent is not None else "–"
    if more.over is None:
        return f"{like} " + words.say("Fits in every week shown: {percent} in the fullest.", percent=percent)
    if more.fits_until is None:
        return f"{like} " + words.say("Does not fit: {percent} in the week of {day}.", percent=percent, day=words.day(more.over))
    until, over = words.day(more.fits_until), words.day(more.over)
    return f"{like} " + words.say(
        "Fits until the week of {until}; then {percent} in the week of {day}.", until=until, percent=percent, day=over
    )
