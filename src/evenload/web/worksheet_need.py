"""Step 2 on its page: the hours that clients need, class by class, each opened to its times, its sources and its range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.exchange.rows import ClassRow
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_needs import classes_table
from evenload.planning.capacity_plan import ClassLine
from evenload.planning.standards import ClassTime, Standard
from evenload.web.worksheet_fields import FieldView
from evenload.web.worksheet_tables import exact
from evenload.web.worksheet_words import CLASS_FIGURES
from evenload.words import Words


@dataclass(frozen=True, slots=True)
class TimeView:
    """One time standard of a class: what it is planned with, and where that comes from."""

    name: str
    planned: str
    said: tuple[str, ...]
    drifts: bool


@dataclass(frozen=True, slots=True)
class ClassView:
    """One class: its fields, its hours, and what stands behind them."""

    name: str
    discipline: str
    fields: tuple[FieldView, ...]
    per_client: str
    hours: str
    travel: str
    formula: str
    exact: str
    range: str
    source: str
    times: tuple[TimeView, ...]
    note: str
    is_sound: bool


@dataclass(frozen=True, slots=True)
class NeedView:
    """Step 2."""

    classes: tuple[ClassView, ...]
    headings: tuple[str, ...]
    clients: str
    hours: str
    travel: str
    note: str
    footnotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsualView:
    """One class of the usual figures of a setting, where a program has none yet."""

    name: str
    discipline: str
    visits: str
    times: str
    source: str


DRIFTS_FROM: Final = Fraction(10)
"""percent from which a standard is said to drift, as in the core's notice"""


def need_view(facts: WorksheetFacts, fields: dict[str, FieldView]) -> NeedView:
    """Step 2, in the order in which the classes are stated."""
    words, table = facts.words, classes_table(facts)
    lines = {line.class_id: line for line in facts.plan.classes}
    classes = (_class(facts, fields, one.id, one.discipline, lines.get(one.id)) for one in facts.program.classes)
    return NeedView(
        classes=tuple(classes),
        headings=tuple(words.say(name) for name in CLASS_FIGURES.values()),
        clients=words.integer(sum(line.clients for line in lines.values())),
        hours=words.hours(sum((line.hours for line in lines.values()), Fraction(0))),
        travel=words.hours(sum((line.modelled_travel_hours for line in lines.values()), Fraction(0))),
        note=" ".join(table.notes),
        footnotes=table.footnotes,
    )


def _class(facts: WorksheetFacts, fields: dict[str, FieldView], id: str, discipline: str, line: ClassLine | None) -> ClassView:
    words = facts.words
    own = tuple(fields[f"{what}:{id}"] for what in CLASS_FIGURES)
    name, called = facts.class_label(id), facts.disciplines((discipline,))
    if line is None:
        return ClassView(name, called, own, "–", "–", "–", "", "–", "", "", (), "", False)
    time = line.time
    return ClassView(
        name=name,
        discipline=called,
        fields=own,
        per_client=words.number(line.hours_per_client, 2),
        hours=words.hours(line.hours),
        travel="" if time.travel_minutes is not None else words.hours(line.modelled_travel_hours),
        formula=class_formula(words, time),
        exact=words.say("{hours} h, not rounded", hours=exact(words, line.hours)),
        range=_range(words, time),
        source=_source(words, time),
        times=tuple(_times(words, time)),
        note=_note(words, line),
        is_sound=True,
    )


def class_formula(words: Words, time: ClassTime) -> str:
    """Hours of one client, with the figures in it."""
    minutes = (time.direct_minutes, time.indirect_minutes, time.travel_minutes or Fraction(0), time.lost_minutes_per_visit)
    per_visit = " + ".join(exact(words, one) for one in minutes)
    facts = {"visits": exact(words, time.visits), "minutes": per_visit, "episode": exact(words, time.episode_minutes)}
    hours = exact(words, time.hours_per_client)
    if time.group_size > 1:
        return words.say(
            "({visits} visits × ({minutes}) min ÷ {group} in a group + {episode} min) ÷ 60 = {hours} h per client",
            group=time.group_size,
            hours=hours,
            **facts,
        )
    return words.say("({visits} visits × ({minutes}) min + {episode} min) ÷ 60 = {hours} h per client", hours=hours, **facts)


def _range(words: Words, time: ClassTime) -> str:
    """Hours of one client if every visit took as long as the 10th, or the 90th, of a hundred recorded ones."""
    standards = [one for one in (time.direct, time.indirect, time.travel) if one is not None]
    if all(one.observed is None for one in standards):
        return words.say("judgement only: no recorded visits, so no range is known")
    low, high = (_hours_at(time, standards, which) for which in (0, 1))
    return words.say(
        "{low} to {high} per client, from the middle 80 percent of recorded visits", low=words.hours(low), high=words.hours(high)
    )


def _hours_at(time: ClassTime, standards: list[Standard], which: int) -> Fraction:
    minutes = sum((one.minutes if one.observed is None else (one.observed.p10, one.observed.p90)[which] for one in standards), Fraction(0))
    per_visit = (minutes + time.lost_minutes_per_visit) / time.group_size
    return (time.visits * per_visit + time.episode_minutes) / 60


def _source(words: Words, time: ClassTime) -> str:
    return time.source or words.say("Judgement, source not stated")


def _times(words: Words, time: ClassTime) -> Iterator[TimeView]:
    blended = ((words.say("Direct"), time.direct), (words.say("Indirect"), time.indirect), (words.say("Travel"), time.travel))
    for name, standard in blended:
        if standard is not None:
            yield _time(words, name, standard)
    if time.travel is None:
        yield TimeView(words.say("Travel, modelled from distance"), "–", (), False)
    if time.lost_minutes_per_visit:
        said = words.say("Missed visits: {percent} of bookings", percent=words.percent(100 * time.no_show_rate, 1))
        bookings = words.say(
            "{bookings} bookings for {visits} visits",
            bookings=exact(words, time.visits * time.bookings_per_visit),
            visits=exact(words, time.visits),
        )
        yield TimeView(said, _minutes(words, time.lost_minutes_per_visit), (bookings,), False)


def _time(words: Words, name: str, standard: Standard) -> TimeView:
    seen = standard.observed
    judged = words.say(
        "judgement {minutes}, worth {visits} visits", minutes=_minutes(words, standard.judged_minutes), visits=exact(words, standard.weight)
    )
    if seen is None:
        return TimeView(name, _minutes(words, standard.minutes), (judged, words.say("no recorded visits")), False)
    recorded = words.say_n(
        "{n} recorded visit, mean {mean}, middle 80 percent {low} to {high}",
        "{n} recorded visits, mean {mean}, middle 80 percent {low} to {high}",
        seen.count,
        mean=_minutes(words, seen.mean),
        low=words.number(seen.p10),
        high=_minutes(words, seen.p90),
    )
    drift = standard.drift_percent or Fraction(0)
    drifts = abs(drift) >= DRIFTS_FROM and seen.count >= DRIFTS_FROM
    said = (recorded, judged, words.say("recorded against planned {percent}", percent=words.signed_percent(drift, 1)))
    return TimeView(name, _minutes(words, standard.minutes), said, drifts)


def _minutes(words: Words, minutes: Fraction) -> str:
    return words.say("{minutes} min", minutes=exact(words, Fraction(round(minutes * 100), 100)))


def _note(words: Words, line: ClassLine) -> str:
    if not line.hours_per_client:
        return words.say("A client of this class takes no time. Check its visits and minutes.")
    if not line.time.visits:
        return words.say("This class has no visits: its clients need only the minutes per episode.")
    return ""


def usual_views(words: Words, rows: tuple[ClassRow, ...], disciplines: dict[str, str]) -> tuple[UsualView, ...]:
    """The usual figures of a setting, each with its source."""
    return tuple(
        UsualView(
            words.either(row.label_en, row.label_fr),
            disciplines.get(row.discipline, row.discipline),
            exact(words, row.visits),
            words.say("{direct} + {indirect} min", direct=exact(words, row.direct_minutes), indirect=exact(words, row.indirect_minutes)),
            row.source or "",
        )
        for row in rows
    )
