"""What scenarios say: every change as a sentence, and what is wrong with one that is stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from evenload.exchange.changes_json import TIMES
from evenload.exchange.rows import Rows
from evenload.planning.amounts import places_of
from evenload.planning.capacity import EVERYBODY
from evenload.planning.program import ComplexityClass, Program
from evenload.web.worksheet_fields import as_typed
from evenload.web.worksheet_words import who_named
from evenload.words import Words, label, message
from evenload.words.labels import label_in_sentence
from evenload.workflow.scenario_facts import Change, ScenarioSheet

WRONG: Final = {
    "choose": message("Choose one of the list."),
    "not_a_number": message("Write a number such as 7.5."),
    "figure_missing": message("Write a number; 0 for none."),
    "too_large": message("This is more than there can be."),
    "not_whole": message("Write a whole number."),
    "day_odd": message("Write a day as 2026-02-03."),
    "name_missing": message("Write a name, as New therapist."),
    "name_long": message("Write at most 100 characters."),
    "language_missing": message("Choose at least one language."),
    "not_a_growth": message("Write a percentage such as 10, or -10 for fewer clients."),
    "growth_too_large": message("Write from -100 to 1000 percent."),
    "growth_nothing": message("0 percent changes nothing."),
    "weeks_none": message("A period has at least one week."),
}

REFUSALS: Final = {
    "scenario_name_missing": message("Write a name for the scenario."),
    "scenario_name_long": message("Write at most {most} characters."),
    "scenario_note_long": message("Write at most {most} characters."),
    "scenario_name_taken": message("This program has a scenario of that name already."),
    "changes_too_many": message("A scenario holds at most {most} changes. Take some out first."),
    "change_unfit": message("This is not in the scenario's facts, or leaves by another change."),
    "changed_meanwhile": message(
        "Somebody changed this scenario meanwhile. Nothing is lost: below is what stands now, and what you asked for."
    ),
    "scenario_ended": message("This scenario was put away meanwhile."),
    "run_already_open": message("A plan is already being computed for this scenario."),
    "run_ended": message("This plan run has already ended."),
}

STANDARDS: Final = {
    "visits": message("Visits per client"),
    "direct": message("Direct minutes per visit"),
    "indirect": message("Indirect minutes per visit"),
    "travel": message("Travel minutes per visit"),
    "episode": message("Minutes per episode"),
}


def refusal(words: Words, code: str, facts: Mapping[str, object]) -> str:
    """Why nothing was changed. Raises KeyError for an unknown code."""
    most = facts.get("most")
    return words.say(REFUSALS[code], **({"most": most} if isinstance(most, int) else {}))


@dataclass(frozen=True, slots=True)
class Told:
    """What sentences of changes need: a language, names (also of who joins), and what was recorded."""

    words: Words
    rows: Rows
    recorded: Program

    def person(self, id: str) -> str:
        return who_named(self.words, self.rows, id)

    def class_name(self, id: str) -> str:
        """With its discipline where the program has several: each may have a class of the same name."""
        name = self.rows.labels_of_classes(self.words.lang).get(id, id)
        disciplines = {one.id: one.discipline for one in self.recorded.classes}
        if id not in disciplines or len(set(disciplines.values())) < 2:
            return name
        return self.words.say("{name}, {discipline}", name=name, discipline=label(self.words, "discipline_short", disciplines[id]))

    def number(self, value: str | Fraction | None) -> str:
        """As it is typed, with the comma in French; a dash where nothing is recorded."""
        return as_typed(self.words, None if value is None else Fraction(value)) or "–"


def told_of(words: Words, sheet: ScenarioSheet) -> Told:
    """For the scenario's own pages."""
    return Told(words, sheet.after.rows, sheet.before.stated)


def without_names(words: Words, sheet: ScenarioSheet) -> Rows:
    """The rows for readers of other programs: people by their discipline, not by name."""

    def nameless(disciplines: tuple[str, ...]) -> str:
        shorts = ", ".join(label(words, "discipline_short", code) for code in disciplines)
        return words.say("Practitioner ({disciplines})", disciplines=shorts)

    rows = sheet.after.rows
    return replace(rows, practitioners=tuple(replace(one, name=nameless(one.disciplines)) for one in rows.practitioners))


def change_sentence(told: Told, change: Change) -> str:
    """One change as a sentence."""
    return _SENTENCES[change["kind"]](told, change)


def _join(told: Told, change: Change) -> str:
    words = told.words
    facts = {
        "name": told.person(change["item"]),
        "discipline": label_in_sentence(words, "discipline", change["discipline"]),
        "engagement": label_in_sentence(words, "engagement", change["engagement"]),
        "hours": words.hours_per_week(Fraction(change["value"])),
        "languages": words.list_of(words.language_name(code) for code in change["languages"]),
    }
    if day := change.get("day"):
        return words.say(
            "{name} joins on {day}: {discipline}, {engagement}, {hours}, fluent in {languages}.", day=date.fromisoformat(day), **facts
        )
    return words.say("{name} joins: {discipline}, {engagement}, {hours}, fluent in {languages}.", **facts)


def _leave(told: Told, change: Change) -> str:
    name = told.person(change["item"])
    if day := change.get("day"):
        return told.words.say("{name} leaves after {day}.", name=name, day=date.fromisoformat(day))
    return told.words.say("{name} is not there in the whole period.", name=name)


def _hours(told: Told, change: Change) -> str:
    was = next((one.weekly_hours for one in told.recorded.practitioners if one.id == change["item"]), None)
    hours = told.words.hours_per_week(Fraction(change["value"]))
    if was is None:
        return told.words.say("{name} works {hours}.", name=told.person(change["item"]), hours=hours)
    return told.words.say(
        "{name} works {hours} instead of {was}.", name=told.person(change["item"]), hours=hours, was=told.words.hours_per_week(was)
    )


def _growth(told: Told, change: Change) -> str:
    words, percent = told.words, Fraction(change["value"])
    share = words.percent(abs(percent), 0 if percent.denominator == 1 else 1)
    if not change["item"]:
        if percent > 0:
            return words.say("{percent} more clients in every class.", percent=share)
        return words.say("{percent} fewer clients in every class.", percent=share)
    name = told.class_name(change["item"])
    if percent > 0:
        return words.say("{class_name}: {percent} more clients.", class_name=name, percent=share)
    return words.say("{class_name}: {percent} fewer clients.", class_name=name, percent=share)


def _clients(told: Told, change: Change) -> str:
    there = sum(unit.clients for unit in told.recorded.units if unit.class_id == change["item"])
    return told.words.say_n(
        "{class_name}: {n} client instead of {was}.",
        "{class_name}: {n} clients instead of {was}.",
        int(change["value"]),
        class_name=told.class_name(change["item"]),
        was=there,
    )


def _mix(told: Told, change: Change) -> str:
    stated = [one.id for one in told.recorded.classes if one.id in change["shares"]]
    gone = sorted(change["shares"].keys() - set(stated))
    shares = [f"{told.class_name(id)} {told.words.percent(Fraction(change['shares'][id]), 1)}" for id in (*stated, *gone)]
    return told.words.say("Of the caseload that the hours carry: {shares}.", shares=told.words.list_of(shares))


def _standard(told: Told, change: Change) -> str:
    found = next((one for one in told.recorded.classes if one.id == change["item"]), None)
    was = getattr(found, TIMES[change["kind"]]) if isinstance(found, ComplexityClass) else None
    return told.words.say(
        "{class_name}, {figure}: {value} instead of {was}.",
        class_name=told.class_name(change["item"]),
        figure=told.words.say(STANDARDS[change["kind"]]).lower(),
        value=told.number(change["value"]),
        was=told.number(was),
    )


def row_name(told: Told, kind: str, key: str) -> str:
    """A recorded row of absence or duty: `Vacation, everybody`."""
    what, _, who = key.rpartition("#")[0].partition("@") if "#" in key else key.partition("@")
    return told.words.say("{item}, {figure}", item=label(told.words, kind, what), figure=told.person(who))


def _absence(told: Told, change: Change) -> str:
    place = places_of(told.recorded.absences).get(change["item"])
    row = None if place is None else told.recorded.absences[place]
    was = None if row is None else row.days if row.hours is None else row.hours
    facts = {"row": row_name(told, "absence", change["item"]), "value": told.number(change["value"]), "was": told.number(was)}
    if row is not None and row.hours is not None:
        return told.words.say("Hours of {row}: {value} instead of {was}.", **facts)
    return told.words.say("Days of {row}: {value} instead of {was}.", **facts)


def _duty(told: Told, change: Change) -> str:
    place = places_of(told.recorded.duties).get(change["item"])
    row = None if place is None else told.recorded.duties[place]
    return told.words.say(
        "{row}: {value} instead of {was} ({unit}).",
        row=row_name(told, "duty", change["item"]),
        value=told.number(change["value"]),
        was=told.number(row.amount if row else None),
        unit=label_in_sentence(told.words, "basis", row.basis if row else "hours_per_week"),
    )


def _away(told: Told, change: Change) -> str:
    value = Fraction(change["value"])
    facts = {"days": told.number(value)}
    if change["item"] == EVERYBODY:
        return told.words.say("More days away for everybody: {days}.", **facts)
    return told.words.say("More days away for {name}: {days}.", name=told.person(change["item"]), **facts)


def _other(told: Told, change: Change) -> str:
    hours = told.words.hours(Fraction(change["value"]))
    if change["item"] == EVERYBODY:
        return told.words.say("Everybody has {hours} more other work in each worked week.", hours=hours)
    return told.words.say("{name} has {hours} more other work in each worked week.", name=told.person(change["item"]), hours=hours)


def _contract(told: Told, change: Change) -> str:
    was = told.recorded.contracted_visits
    if change["value"] is None:
        return told.words.say("No contract; recorded are {was} visits.", was=told.number(was))
    if was is None:
        return told.words.say("Contracted visits: {value}; none are recorded.", value=told.number(change["value"]))
    return told.words.say("Contracted visits: {value} instead of {was}.", value=told.number(change["value"]), was=told.number(was))


def _reserve(told: Told, change: Change) -> str:
    was, now = told.recorded.reserve_percent, Fraction(change["value"])
    return told.words.say("Reserve: {now} instead of {was}.", now=told.words.percent(now, 1), was=told.words.percent(was, 1))


def _weeks(told: Told, change: Change) -> str:
    return told.words.say_n(
        "The period has {n} week instead of {was}.",
        "The period has {n} weeks instead of {was}.",
        int(change["value"]),
        was=told.recorded.period.weeks,
    )


_SENTENCES: Final[dict[str, Callable[[Told, Change], str]]] = {
    "join": _join,
    "leave": _leave,
    "hours": _hours,
    "growth": _growth,
    "clients": _clients,
    "mix": _mix,
    **dict.fromkeys(TIMES, _standard),
    "absence": _absence,
    "duty": _duty,
    "away": _away,
    "other": _other,
    "contract": _contract,
    "reserve": _reserve,
    "weeks": _weeks,
}


def wrong_sentences(words: Words, wrong: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong with each field, as forms show it."""
    return {name: [words.say(WRONG[code])] for name, code in wrong.items()}
