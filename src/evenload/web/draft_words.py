"""What the pages of a draft say: names of people, units and sites, why a change was refused, what a change did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.utils import timezone

from evenload.planning.plan import Reason
from evenload.planning.problems import Problem, Where
from evenload.web.load_bar import ICONS
from evenload.words import Words, label, message, problem_sentence, reason_sentence, words_in
from evenload.words.formats import LANGUAGES
from evenload.words.phrases import Names, name_of
from evenload.words.reasons import EXCLUDED, WAITING
from evenload.workflow.desk_rows import Row
from evenload.workflow.known_facts import KnownFacts
from evenload.workflow.refused import Refused

MOST_KEPT: Final = 8

REFUSALS: Final = {
    "changed_meanwhile": message("{by} changed this unit at {time}. Nothing is lost. Compare and choose."),
    "draft_closed": message("This draft was published meanwhile. Nothing was changed; the desk shows the draft of now."),
    "piece_unknown": message("This unit is not in the program any more. Nothing was changed."),
    "practitioner_unknown": message("This person is not in the program any more. Nothing was changed."),
    "leaving": message("{practitioner} is leaving: nothing new can be given to this person."),
    "banned": message("In this draft {practitioner} is ruled out for this unit. Allow it again first."),
    "reason_needed": message(
        "{practitioner} would have {over_time} a week more than there are hours for. It can be done with a reason, which is kept."
    ),
    "pin_needs_practitioner": message("A unit that waits cannot be pinned. Move it to somebody first."),
    "together_scattered": message("These units go together and stand with several people. Move them to one person first, then pin."),
    "nothing_to_undo": message("There is nothing to undo."),
    "changed_since": message("{by} changed the same unit at {time}, after the change that you want to undo. Undo that one first."),
    "undo_of_undo": message("What was undone is not undone again. Make the change anew."),
    "run_has_no_plan": message("This plan is not done. There is nothing to take up."),
    "run_of_a_scenario": message("This plan belongs to a scenario. It is there to compare, not to be taken up."),
    "facts_changed": message("The program's facts changed since this was computed. Look again, then take it up or compute anew."),
    "draft_changed": message(
        "The draft was changed since this was asked for. Taking it up replaces those changes; one undo brings them back."
    ),
    "facts_contradict": message("The program's facts contradict each other. Correct them, then come back."),
    "run_already_open": message("A plan is already being computed for this program."),
    "run_ended": message("This plan run has already ended."),
    "dates_reversed": message("The last day lies before the first day."),
    "nothing_to_hand_over": message("{practitioner} has no units to hand over."),
    "leaves_before_she_came": message("{practitioner} begins only after that day. Choose a later first day away."),
    "waiting_reason_missing": message("Choose why it is left waiting."),
    "waiting_note_missing": message("Write in a few words what the other reason is."),
    "units_changed": message("These units changed since the proposal was made. Here is the proposal as of now."),
}

RULES: Final = {
    "discipline": message("Another discipline"),
    "no_capacity": message("No hours in this period"),
    "language_french": message("French below fluent level"),
    "french_exception": message("French exception on record"),
    "language_required": message("Does not speak the language"),
    "skill_missing": message("Required skill missing"),
    "barred": message("Assignment not possible: directive on file"),
    "not_accepting_new": message("Takes no new clients"),
    "drive_too_long": message("Drive longer than accepted"),
    "days": message("Does not work on the days asked for"),
    "evening": message("Works no evenings"),
    "pinned_elsewhere": message("Pinned to somebody else"),
    "full": message("Would exceed the maximum"),
}
"""What stands against several people at once, or against one where nothing more need be said."""


def names_of(words: Words, facts: KnownFacts) -> Names:
    """Display names of people, units and sites; kept until the facts change."""
    return _names(words, _Known(facts))


class _Known:
    """Facts as a key: the same facts are the same key."""

    def __init__(self, facts: KnownFacts) -> None:
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.facts is self.facts

    def __hash__(self) -> int:
        return id(self.facts)


@lru_cache(maxsize=MOST_KEPT)
def _names(words: Words, known: _Known) -> Names:
    facts = known.facts
    sites = {code: words.either(site.name_en, site.name_fr) for code, site in facts.sites.items()}
    units = {}
    for code, unit in facts.unit_rows.items():
        place = sites.get(unit.site or "", "") if unit.kind == "site" else ""
        discipline = label(words, "discipline_short", unit.discipline)
        name = unit.label or place or code
        shorts = {label(words_in(lang), "discipline_short", unit.discipline) for lang in LANGUAGES}
        says_itself = bool(shorts & set(name.replace(",", " ").split()))
        units[code] = name if says_itself else words.say("{name}, {discipline}", name=name, discipline=discipline)
    people = {code: row.name or code for code, row in facts.people.items()}
    return {**units, **sites, **people}


def unit_name(words: Words, names: Names, piece: str) -> str:
    """`St. Anne School, OT`; a block is named after its unit."""
    return name_of(words, piece, names)


def refusal_sentence(words: Words, refused: Refused, names: Names) -> str:
    """Why a change was refused. Raises KeyError for an unknown code."""
    facts: dict[str, Any] = dict(refused.facts)
    if refused.code in REFUSALS:
        return words.say(REFUSALS[refused.code], **_told(words, REFUSALS[refused.code], facts, names))
    if refused.code in EXCLUDED or refused.code in WAITING:
        person = names.get(str(facts.get("practitioner", "")), "")
        sentence = reason_sentence(words, Reason(refused.code, _without(facts, "piece", "practitioner", "practitioners")), names)
        return words.pair(person, sentence) + "." if person else f"{sentence}."
    raise KeyError(refused.code)


def stored_problem(words: Words, problem: Sequence[str], names: Names) -> str:
    """A problem of the facts as it was stored (code, place `table/item/field`, value) in words; as it is where none are known."""
    code, place, value = (*(str(part) for part in problem), "", "", "")[:3]
    table, item, field = (*place.split("/"), "", "", "")[:3]
    try:
        return problem_sentence(words, Problem(code, Where(table, item or None, field or None), value), names)
    except (KeyError, ValueError):
        return words.say("{place}: {value} ({code})", place=place or "–", value=value or "–", code=code)


def _without(facts: dict[str, Any], *left_out: str) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name not in left_out and isinstance(fact, str | int | float)}


def _told(words: Words, sentence: str, facts: dict[str, Any], names: Names) -> dict[str, str]:
    """The facts that a sentence names, as text."""
    at = facts.get("at")
    over = int(facts.get("over_minutes", 0))
    told = {
        "by": str(facts.get("by") or words.say("Somebody else")),
        "time": words.clock(timezone.localtime(at).time()) if isinstance(at, datetime) else "–",
        "practitioner": names.get(str(facts.get("practitioner", "")), str(facts.get("practitioner", ""))),
        "over_time": words.hours(over / 60) if over >= 60 else words.duration(max(1, over)),
    }
    return {name: text for name, text in told.items() if "{" + name + "}" in sentence}


def week_sentence(words: Words, row: Row) -> str:
    """`Fatou Diallo: 72%, in range.`"""
    state = {"no_capacity": "away"}.get(row.load.state, row.load.state)
    assert state in ICONS
    percent = row.load.percent
    shown = "–" if percent is None else words.percent(percent)
    return words.say("{name}: {percent}, {state}.", name=row.name, percent=shown, state=label(words, "load", state).lower())


def moved_sentence(words: Words, unit: str, to: str | None, rows: Iterable[Row]) -> str:
    """`St. Anne School, OT, moved to Fatou Diallo. Fatou Diallo: 72%, in range. Amara Lee: 94%, in range.`"""
    begin = words.say("{unit} moved to {name}.", unit=unit, name=to) if to else words.say("{unit} waits now.", unit=unit)
    return " ".join([begin, *(week_sentence(words, row) for row in rows)])
