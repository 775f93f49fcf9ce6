"""The form that asks for a plan: its fields as they are read, and what protection can rest on in this program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from evenload.records.models import PlanRun, Program
from evenload.words import Words
from evenload.workflow.draft_picture import facts_of
from evenload.workflow.plans import Wish
from evenload.workflow.protection import deviations
from evenload.workflow.refused import Refused

THOROUGH_SEEDS: Final = 4
MOST_ROBUST: Final = 20
"""nobody has so many units that run high at once; a larger number is a slip"""

MOST_DIGITS: Final = 5
EFFORTS: Final = {"usual": 1, "thorough": THOROUGH_SEEDS}
"""how thoroughly a plan is searched for → independent searches"""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the form states: the fields as they were typed, what is wrong with them, and the wish where nothing is."""

    fields: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    wish: Wish = field(default_factory=Wish)


def stated_in(words: Words, posted: Mapping[str, str]) -> Stated:
    """Reads the form. Empty fields: as many hands as it takes, no protection, the usual search."""
    fields = {name: posted.get(name, "").strip() for name in ("max_moves", "robust", "effort")}
    moves, robust, effort = _whole(fields["max_moves"]), _whole(fields["robust"] or "0"), fields["effort"] or "usual"
    errors = {}
    if fields["max_moves"] and moves is None:
        errors["max_moves"] = [words.say("Write a whole number, or leave the field empty.")]
    if robust is None or robust > MOST_ROBUST:
        errors["robust"] = [words.say("Write a whole number from 0 to {most}.", most=words.integer(MOST_ROBUST))]
    if effort not in EFFORTS:
        errors["effort"] = [words.say("Choose one of the two.")]
    if errors:
        return Stated(fields, errors)
    return Stated(fields, {}, Wish(max_moves=moves, seeds=EFFORTS[effort], robust=robust or 0))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def fields_of(run: PlanRun) -> dict[str, str]:
    """The fields with which this run would be asked for again."""
    moves = "" if run.max_moves is None else str(run.max_moves)
    return {"max_moves": moves, "robust": str(run.robust), "effort": "thorough" if run.seeds > 1 else "usual"}


def efforts(words: Words) -> list[tuple[str, str]]:
    """The choices of effort."""
    many = words.integer(THOROUGH_SEEDS)
    return [
        ("usual", words.say("Usual: one search")),
        ("thorough", words.say("Thorough: the best of {n} searches, takes longer", n=many)),
    ]


def ranges(words: Words, program: Program) -> list[str]:
    """Where the ranges of the program's classes come from; nothing where its facts leave no Case."""
    try:
        found = deviations(program, facts_of(program))
    except Refused:
        return []
    sources: Counter[str] = Counter(one.source for one in found.values())
    return [_source(words, source, sources[source]) for source in ("recorded", "judged", "unknown") if sources[source]]


def _source(words: Words, source: str, n: int) -> str:
    if source == "recorded":
        return words.say_n(
            "{n} class has a range from recorded visits: 9 of 10 of them took no longer.",
            "{n} classes have a range from recorded visits: 9 of 10 of them took no longer.",
            n,
        )
    if source == "judged":
        return words.say_n(
            "{n} class has a range from judgements: the most that one of several people says.",
            "{n} classes have a range from judgements: the most that one of several people says.",
            n,
        )
    return words.say_n(
        "{n} class has no range: nothing protects against it.", "{n} classes have no range: nothing protects against them.", n
    )


def form_facts(words: Words, program: Program, stated: Stated) -> dict[str, Any]:
    """Everything that the form shows."""
    return {"stated": stated.fields, "errors": stated.errors, "efforts": efforts(words), "ranges": ranges(words, program)}
