"""The first page of the assignment list: who is over, who has room, who waits and why, what changes, and how good the plan is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from evenload.exchange.list_facts import ListFacts
from evenload.exchange.list_score import bound_sentence
from evenload.planning.changes import Over, Room, over, room
from evenload.words import message
from evenload.words.labels import label_in_sentence
from evenload.words.notices import notice_sentence

_NAMED = 3
_CAUSES_NAMED = 4

CAUSES: Final = {
    "full": message("everybody possible is full"),
    "larger_than_any_capacity": message("larger than anybody's hours"),
    "contract_exhausted": message("the contracted visits are used up"),
    "dearer_than_waiting": message("any place would cost more than waiting"),
    "no_practitioner": message("nobody here works in this discipline"),
    "no_capacity": message("nobody possible has hours in this period"),
    "language_french": message("nobody possible is fluent in French"),
    "language_required": message("the required language is not spoken"),
    "skill_missing": message("a required skill is missing"),
    "barred": message("a directive is on file"),
    "not_accepting_new": message("nobody possible takes new clients"),
    "drive_too_long": message("the drive is longer than accepted"),
    "days": message("nobody possible works on the days asked for"),
    "evening": message("nobody possible works evenings"),
    "pinned_elsewhere": message("pinned to somebody who may not have it"),
}
"""The most telling reason of a waiting unit, in a few words, for counting."""


def statements(facts: ListFacts) -> tuple[tuple[str, str], ...]:
    """Heading and sentence of each statement of the first page, in order."""
    words = facts.words
    found = [
        (words.say("Over"), _over(facts)),
        (words.say("Room"), _room(facts)),
        (words.say("Waiting"), _waiting(facts)),
        (words.say("Changes"), _changes(facts)),
        (words.say("French"), _french(facts)),
        (words.say("How good"), bound_sentence(facts)),
    ]
    if facts.plan.notices:
        found.append((words.say("To know"), "\n".join(notice_sentence(words, notice, facts.names) for notice in facts.plan.notices)))
    return tuple(found)


def _over(facts: ListFacts) -> str:
    words, rows = facts.words, over(facts.case, facts.plan)
    if not rows:
        return words.say("Nobody's load is above capacity.")
    return words.say_n(
        "{n} load is above capacity, by {hours}: {names}.",
        "{n} loads are above capacity, by {hours} together: {names}.",
        len(rows),
        hours=words.hours_per_week(facts.hours_of(sum(row.over_minutes for row in rows))),
        names=_first_few(facts, _loads(facts, rows)),
    )


def _room(facts: ListFacts) -> str:
    words, rows = facts.words, room(facts.case, facts.plan)
    if not rows:
        return words.say("Nobody is below the own comfortable range.")
    return words.say_n(
        "{n} person has room for {hours} up to the top of the comfortable range: {names}.",
        "{n} people have room for {hours} together up to the top of their comfortable ranges: {names}.",
        len(rows),
        hours=words.hours_per_week(facts.hours_of(sum(row.to_comfortable_max_minutes for row in rows))),
        names=_first_few(facts, _loads(facts, rows)),
    )


def _loads(facts: ListFacts, rows: Sequence[Over | Room]) -> list[str]:
    words = facts.words
    return [
        words.say(
            "{name} ({assigned} of {capacity} h)",
            name=facts.name(row.practitioner),
            assigned=words.number(facts.hours_of(row.assigned_minutes)),
            capacity=words.number(facts.hours_of(row.capacity_minutes)),
        )
        for row in rows
    ]


def _first_few(facts: ListFacts, named: Sequence[str]) -> str:
    more = len(named) - _NAMED
    if more <= 0:
        return facts.words.list_of(named)
    return facts.words.list_of([*named[:_NAMED], facts.words.say_n("{n} more", "{n} more", more)])


def _waiting(facts: ListFacts) -> str:
    words = facts.words
    waiting = [line.unit for line in facts.lines if line.assignment is None]
    if not waiting:
        return words.say("Nobody is waiting.")
    causes = Counter((unit.discipline, unit.is_french, facts.waiting[unit.id].reasons[0].code) for unit in waiting)
    told = words.say_n(
        "{n} unit waits, {hours}: {causes}.",
        "{n} units wait, {hours}: {causes}.",
        len(waiting),
        hours=words.hours_per_week(facts.hours_of(sum(unit.minutes for unit in waiting))),
        causes="; ".join(_causes(facts, causes)),
    )
    weeks = max(unit.weeks_waiting for unit in waiting)
    if weeks == 0:
        return told
    oldest = words.say_n("The longest wait is {n} week.", "The longest wait is {n} weeks.", weeks)
    return words.say("{waiting} {oldest}", waiting=told, oldest=oldest)


def _causes(facts: ListFacts, causes: Counter[tuple[str, bool, str]]) -> Iterator[str]:
    words = facts.words
    ordered = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    for (discipline, is_french, code), count in ordered[:_CAUSES_NAMED]:
        name = label_in_sentence(words, "discipline", discipline)
        pool = words.say("{discipline} in French", discipline=name) if is_french else name
        yield words.say("{pool} {count}, {cause}", pool=pool, count=count, cause=words.say(CAUSES[code]))
    if rest := sum(count for _, count in ordered[_CAUSES_NAMED:]):
        yield words.say_n("{n} more for other reasons", "{n} more for other reasons", rest)


def _changes(facts: ListFacts) -> str:
    words, found = facts.words, facts.changes
    parts = []
    if found.moved:
        told = facts.clients_phrase(sum(change.clients for change in found.moved))
        parts.append(
            words.say_n("{n} unit changes hands ({clients})", "{n} units change hands ({clients})", len(found.moved), clients=told)
        )
    if found.newly_placed:
        parts.append(words.say_n("{n} unit is newly placed", "{n} units are newly placed", len(found.newly_placed)))
    if found.newly_waiting:
        parts.append(
            words.say_n(
                "{n} unit that has a practitioner today would wait",
                "{n} units that have a practitioner today would wait",
                len(found.newly_waiting),
            )
        )
    if not parts:
        return words.say("Nothing changes against today.")
    parts.append(words.say_n("{n} unit stays as it is", "{n} units stay as they are", len(found.kept)))
    return words.say("Against today, {changes}.", changes=words.list_of(parts))


def _french(facts: ListFacts) -> str:
    words = facts.words
    asked = [line for line in facts.lines if line.unit.is_french]
    if not asked:
        return words.say("No unit asks for French.")
    waiting = sum(line.assignment is None for line in asked)
    placed = len(asked) - waiting
    if waiting:
        return words.say_n(
            "{n} unit that asks for French waits; {placed} have a Francophone or fluent practitioner.",
            "{n} units that ask for French wait; {placed} have a Francophone or fluent practitioner.",
            waiting,
            placed=placed,
        )
    return words.say_n(
        "The {n} unit that asks for French has a Francophone or fluent practitioner.",
        "All {n} units that ask for French have a Francophone or fluent practitioner.",
        placed,
    )
