"""The question whether one more can be taken: its form, what is wrong at its fields, and the answer in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from evenload.web.draft_words import RULES
from evenload.words import Words, label, message
from evenload.words.phrases import Names
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused
from evenload.workflow.room_for_one import LEAVING, Answer, Room, Wanted, room_for_one
from evenload.workflow.worksheet_tries import number_in

MOST_MINUTES: Final = Fraction(600)
MOST_A_WEEK: Final = Fraction(14)
NO_CLASS: Final = "-"
REFUSALS: Final = {
    "class_unknown": ("class", message("Choose a class, or none and state the minutes.")),
    "minutes_missing": ("minutes", message("Without a class, write the minutes of a visit.")),
    "class_without_visits": ("per_week", message("This class states no visits: write the visits a week.")),
}


@dataclass(frozen=True, slots=True)
class RoomView:
    """One person in the answer: yes or the week in which it would break, the fullest week, her own range, when she is away."""

    room: Room
    name: str
    answer: str
    fullest: str
    own_range: str
    away: str
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: the client, or what is wrong at which field."""

    wanted: Wanted | None
    errors: Mapping[str, list[str]]


def asked_of(words: Words, stated: Mapping[str, str], picture: Picture, days: Sequence[date]) -> Asked | None:
    """The question in an address; None where nothing is asked."""
    if not stated.get("class"):
        return None
    rows, errors = picture.facts.snapshot.rows, dict[str, list[str]]()
    class_id, discipline = stated["class"], stated.get("discipline", "")
    if class_id != NO_CLASS and all(one.id != class_id for one in rows.classes):
        errors["class"] = [words.say(REFUSALS["class_unknown"][1])]
    if class_id == NO_CLASS and discipline not in picture.facts.by_discipline:
        errors["discipline"] = [words.say("Choose a discipline of this program.")]
    if class_id == NO_CLASS and not stated.get("per_week", "").strip():
        errors["per_week"] = [words.say("Without a class, write the visits a week.")]
    minutes = _amount(words, stated, "minutes", MOST_MINUTES, errors)
    per_week = _amount(words, stated, "per_week", MOST_A_WEEK, errors)
    site = stated.get("site") or None
    if site is not None and site not in picture.facts.sites:
        errors["site"] = [words.say("Choose a site of this program, or none.")]
    first = next((day for day in days if day.isoformat() == stated.get("first")), days[0])
    if errors:
        return Asked(None, errors)
    known = "" if class_id == NO_CLASS else class_id
    return Asked(Wanted(first, known, discipline, stated.get("language", "")[:20], minutes, per_week, site), {})


def _amount(words: Words, stated: Mapping[str, str], name: str, most: Fraction, errors: dict[str, list[str]]) -> Fraction | None:
    """A number above 0; None where the field is empty or wrong, which is said at it."""
    text = stated.get(name, "").strip()
    if not text:
        return None
    value = number_in(text)
    if value is None:
        errors[name] = [words.say("Write a number such as 45 or 1.5.")]
    elif not 0 < value <= most:
        errors[name] = [words.say("Write a number above 0 and at most {most}.", most=words.integer(most))]
    return value


def room_facts(words: Words, names: Names, picture: Picture, asked: Asked | None) -> dict[str, Any]:
    """The answer to what was asked; else what is wrong with it."""
    if asked is None:
        return {"room_errors": {}}
    if asked.wanted is None:
        return {"room_errors": asked.errors}
    try:
        answer = room_for_one(picture, asked.wanted)
    except Refused as refused:
        field, sentence = REFUSALS[refused.code]
        return {"room_errors": {field: [words.say(sentence)]}}
    views = [_view(words, names, room) for room in answer.rooms]
    return {
        "room_errors": {},
        "rooms": views,
        "room_sentence": _sentence(words, answer),
        "room_counted": _counted(words, picture, asked.wanted, answer),
        "may_not": sorted((names.get(code, code), words.list_of(_rule(words, rule) for rule in rules)) for code, rules in answer.may_not),
    }


def _rule(words: Words, rule: str) -> str:
    return words.say("Is leaving") if rule == LEAVING else words.say(RULES[rule])


def _sentence(words: Words, answer: Answer) -> str:
    """How many can, of those who may."""
    can = sum(room.fits for room in answer.rooms)
    if not answer.rooms:
        return words.say("Nobody may take this client by the hard rules.")
    if can == len(answer.rooms):
        return words.say_n(
            "{n} person may take this client, and has room in every week.",
            "{n} people may take this client, and all have room in every week.",
            can,
        )
    if not can:
        return words.say_n(
            "{n} person may take this client, and has no room in some week.",
            "{n} people may take this client, and nobody has room in every week.",
            len(answer.rooms),
        )
    return words.say_n(
        "{n} of {all} who may take this client has room in every week.",
        "{n} of {all} who may take this client have room in every week.",
        can,
        all=str(len(answer.rooms)),
    )


def _counted(words: Words, picture: Picture, wanted: Wanted, answer: Answer) -> str:
    """What the client was counted as."""
    week = words.say(
        "Counted as {minutes} in a week with visits, from the week of {day} to the end of the period.",
        minutes=words.minutes(answer.peak_minutes),
        day=wanted.first_week,
    )
    if wanted.site is not None:
        return week
    return f"{week} " + words.say(
        "Where is not known: a drive of {minutes} one way is assumed, unless the class states its travel.",
        minutes=words.minutes(picture.facts.case.unknown_place_drive),
    )


def _view(words: Words, names: Names, room: Room) -> RoomView:
    return RoomView(
        room=room,
        name=names.get(room.code, room.code),
        answer=_answer(words, room),
        fullest=_fullest(words, room),
        own_range=words.say("above from the week of {day}", day=room.above_range_on)
        if room.above_range_on
        else words.say("within in every week"),
        away=words.say_n("{n} week without hours", "{n} weeks without hours", len(room.away)) if room.away else "",
        state="over" if not room.fits else "above_range" if room.above_range_on else "in_range",
    )


def _answer(words: Words, room: Room) -> str:
    if room.breaks_on is None:
        return words.say("Yes, in every week")
    by = words.hours(room.by_minutes / 60)
    if room.weeks_above == 1:
        return words.say("Breaks in the week of {day}: {hours} above the maximum", day=room.breaks_on, hours=by)
    return words.say_n(
        "Breaks in the week of {day}: {hours} above the maximum; {n} week in all",
        "Breaks in the week of {day}: {hours} above the maximum; {n} weeks in all",
        room.weeks_above,
        day=room.breaks_on,
        hours=by,
    )


def _fullest(words: Words, room: Room) -> str:
    """`week of 2026-03-09: 26.5 of 28.0 h, 95%`."""
    if room.fullest is None:
        return "–"
    load, hours = words.number(room.fullest_minutes / 60), words.hours(Fraction(room.fullest_hours, 60))
    share = words.percent(100 * room.fullest_minutes / room.fullest_hours) if room.fullest_hours else "–"
    return words.say("week of {day}: {load} of {hours}, {percent}", day=room.fullest, load=load, hours=hours, percent=share)


def form_facts(words: Words, picture: Picture, days: Sequence[date], stated: Mapping[str, str]) -> dict[str, Any]:
    """What the form offers, and what was typed."""
    rows = picture.facts.snapshot.rows
    classes = [(one.id, _class_name(words, one.discipline, words.either(one.label_en, one.label_fr))) for one in rows.classes]
    spoken = {code for one in rows.practitioners for code in one.languages} | {"en", "fr"}
    languages = sorted(((code, words.language_name(code)) for code in spoken), key=lambda pair: pair[1].casefold())
    return {
        "room_stated": stated,
        "class_choices": [("", words.say("Choose")), *classes, (NO_CLASS, words.say("No class: own minutes"))],
        "discipline_choices": [(code, label(words, "discipline", code)) for code in sorted(picture.facts.by_discipline)],
        "language_choices": [("", words.say("Any language")), *languages],
        "week_choices": [(day.isoformat(), words.date(day)) for day in days],
        "site_choices": [("", words.say("Not known")), *((one.id, words.either(one.name_en, one.name_fr)) for one in rows.sites)],
    }


def _class_name(words: Words, discipline: str, name: str) -> str:
    return words.say("{discipline} · {name}", discipline=label(words, "discipline_short", discipline), name=name)
