"""What the remedies for a load are called, and what must be said beside their figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from evenload.records.models import Practitioner, Remedy
from evenload.web.draft_words import unit_name
from evenload.words import Words, label
from evenload.words.phrases import Names
from evenload.workflow.remedy_kinds import PAUSE_WEEKS
from evenload.workflow.remedy_shown import Proposed


def remedy_title(words: Words, names: Names, one: Proposed) -> str:
    """A remedy in one line."""
    unit, name = (unit_name(words, names, one.piece) if one.piece else ""), names.get(one.to or "", one.to or "")
    if one.kind == "move":
        return words.say("Move {unit} to {name}", unit=unit, name=name)
    if one.kind == "take":
        return words.say("Take {unit}, which waits", unit=unit)
    if one.kind == "move_site":
        return words.say("Move all of {site} to {name}", site=names.get(one.piece, one.piece), name=name)
    if one.kind == "lend_visits":
        day = words.date_sentence(one.until) if one.until else "–"
        return words.say_n(
            "Lend {n} visit of {unit} to {name} until {day}",
            "Lend {n} visits of {unit} to {name} until {day}",
            int(one.amount or 0),
            unit=unit,
            name=name,
            day=day,
        )
    if one.kind == "pause_offers":
        return words.say("Pause offers for {n} weeks", n=PAUSE_WEEKS)
    if one.kind == "every_two_weeks":
        units = words.list_of(unit_name(words, names, piece) for piece in one.units)
        return words.say("See every two weeks instead of every week: {units}", units=units) if units else words.say("See every two weeks")
    if one.kind == "more_hours":
        return words.say("Contract {hours} a week more", hours=_hours(words, one.amount))
    return _recruit(words, one)


def _recruit(words: Words, one: Proposed) -> str:
    pool = one.details
    if not pool:
        return words.say("Recruit: the week after hiring")
    language = words.language_name("fr") if pool["language"] == "fr" else words.say("any language")
    parts = [label(words, "discipline_short", pool["discipline"]), language, *([pool["area"]] if pool["area"] not in ("", "all") else [])]
    return words.say("Recruit {hours} a week: {pool}", hours=_hours(words, one.amount), pool=", ".join(parts))


def remedy_note(words: Words, one: Proposed) -> str:
    """What the figures alone do not say; empty where they say it all."""
    if one.kind == "every_two_weeks":
        return words.say("A clinical call: it is done only if the practitioner agrees, and the visits a week change in the records.")
    if one.kind == "pause_offers":
        return words.say("This week, and the week in which the pause ends, as clients finish.")
    if one.kind == "lend_visits":
        return words.say("For this time only. The colleague is named as cover, and the visits come back by themselves.")
    if one.kind == "more_hours":
        return words.say("Room for the most urgent unit that waits and does not fit today.")
    if one.kind != "recruit":
        return ""
    saved = one.details.get("saved_hours")
    if saved is None:
        return words.say("After hiring. No plan is known for this draft, so what an hour there would save cannot be said.")
    return words.say("After hiring. By the draft's plan, one more hour of this pool saves {hours} a week.", hours=words.hours(saved))


def _hours(words: Words, amount: Decimal | None) -> str:
    return words.hours(Fraction(amount or 0))


def lent_line(words: Words, one: Practitioner, remedy: Remedy, *, unit: str) -> str:
    """What is lent for a time, as one of the two reads it on her own page."""
    day = words.date_sentence(remedy.until) if isinstance(remedy.until, date) else "–"
    count = int(remedy.amount or 0)
    if remedy.to_id == one.pk:
        name = str(remedy.talk.practitioner)
        return words.say_n(
            "You cover {n} visit of {name} until {day}: {unit}",
            "You cover {n} visits of {name} until {day}: {unit}",
            count,
            name=name,
            day=day,
            unit=unit,
        )
    name = str(remedy.to)
    return words.say_n(
        "{name} covers {n} visit of yours until {day}: {unit}",
        "{name} covers {n} visits of yours until {day}: {unit}",
        count,
        name=name,
        day=day,
        unit=unit,
    )
