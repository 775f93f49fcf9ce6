"""How a code with facts becomes a sentence: the first of its phrases whose placeholders the facts can fill."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.planning.codes import DAYS
from evenload.words.formats import Number
from evenload.words.labels import LABELS, label_in_sentence
from evenload.words.voice import Words, placeholders

Names = Mapping[str, str]
Facts = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Counted:
    """A phrase with a singular and a plural; the fact `by` decides (a list of items counts its items)."""

    one: str
    many: str
    by: str


Phrase = str | Counted
Phrases = tuple[Phrase, ...]
"""Phrases of one code, the richest first; the last one needs the fewest facts."""

ONE_NAME: Final = frozenset({"practitioner", "unit", "to", "site", "item", "current"})
MANY_NAMES: Final = frozenset({"classes", "ids", "units"})
TEXTS: Final = frozenset(
    [
        "cell",
        "character",
        "choices",
        "column",
        "column_fr",
        "detail",
        "example",
        "expected",
        "file",
        "first",
        "item",
        "key",
        "key_fr",
        "language_code",
        "levels",
        "member",
        "nearest",
        "other",
        "own_team",
        "sheet",
        "sheet_fr",
        "sheets",
        "suffix",
        "team",
        "value",
    ]
)
"""Facts that are names or values as written, never numbers."""
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def phrase(words: Words, phrases: Phrases, facts: Facts, names: Names) -> str:
    """The richest phrase that these facts can fill. Raises ValueError where not even the last one can be filled."""
    known = shown(words, facts, names)
    for one in phrases:
        wanted = placeholders(one) if isinstance(one, str) else placeholders(one.one) | placeholders(one.many) | {one.by}
        if wanted <= known.keys():
            return _said(words, one, facts, {name: known[name] for name in wanted})
    raise ValueError(f"{phrases[-1]!r} cannot be filled from {', '.join(sorted(facts))}")


def shown(words: Words, facts: Facts, names: Names) -> dict[str, str]:
    """Each fact as a reader sees it; an empty one is left out.

    Minutes appear three times: `drive_minutes` as a duration, `drive_hours` in hours, `drive_time` in whichever fits.
    A language appears by name, and as its code in `language_code`.
    """
    texts: dict[str, str] = {}
    for name, value in facts.items():
        if value == "" or (name == "level" and value == "none"):
            continue
        texts[name] = _shown(words, name, value, names)
        if name == "language":
            texts["language_code"] = str(value)
        if name.endswith("minutes") and (minutes := _number(value)) is not None:
            texts |= _times(words, name.removesuffix("minutes"), minutes, facts)
    return texts


def name_of(words: Words, id: str, names: Names) -> str:
    """The display name of an id; a block is named after its unit; an id without a name is shown itself."""
    stated, _, block = id.partition("#")
    if id in names or not block or stated not in names:
        return names.get(id, id)
    return words.say("{unit}, block {block}", unit=names[stated], block=block)


def capitalized(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def joined(sentences: Iterable[str]) -> str:
    """Sentences in a row, each with its full stop."""
    return " ".join(text if text.endswith((".", "?")) else f"{text}." for text in sentences)


def items_of(value: str | int | float) -> list[str]:
    """The items of a list inside one fact, separated by semicolons."""
    return [item for part in str(value).split(";") if (item := part.strip())]


def _said(words: Words, one: Phrase, facts: Facts, filled: Mapping[str, str]) -> str:
    if isinstance(one, str):
        return words.say(one, **filled)
    count = _number(facts[one.by])
    n = len(items_of(facts[one.by])) if count is None else int(count)
    used = placeholders(one.one) | placeholders(one.many)
    return words.say_n(one.one, one.many, n, **{name: text for name, text in filled.items() if name in used})


def _shown(words: Words, name: str, value: str | int | float, names: Names) -> str:
    if name in ONE_NAME:
        return name_of(words, str(value), names)
    if name in MANY_NAMES or (name == "practitioners" and _number(value) is None):
        return words.list_of(name_of(words, id, names) for id in items_of(value))
    if shape := _SHAPES.get(name):
        return shape(words, str(value))
    number = None if name in TEXTS else _number(value)
    return str(value) if number is None else _measured(words, name, number)


def _measured(words: Words, name: str, number: Fraction) -> str:
    if name.endswith("minutes"):
        return words.duration(int(number)) if number.denominator == 1 else words.minutes(number)
    if name == "drift_percent":
        return words.signed_percent(number)
    if "hours" in name:
        return words.hours(number)
    if name.endswith("percent"):
        return words.percent(number, 0 if number.denominator == 1 else 1)
    return words.number(number, 0 if number.denominator == 1 else 1)


def _times(words: Words, stem: str, minutes: Fraction, facts: Facts) -> dict[str, str]:
    hours = words.hours(minutes / 60)
    times = {f"{stem}time": hours if minutes >= 60 else words.minutes(minutes)}
    return times if f"{stem}hours" in facts else times | {f"{stem}hours": hours}


def _number(value: str | int | float) -> Fraction | None:
    if isinstance(value, str):
        return Fraction(value) if NUMBER.fullmatch(value) else None
    number: Number = value
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _listed(shape: Callable[[Words, str], str]) -> Callable[[Words, str], str]:
    def list_shape(words: Words, value: str) -> str:
        return words.list_of(shape(words, item) for item in items_of(value))

    return list_shape


def _tag(words: Words, tag: str) -> str:
    kind = next((kind for kind in ("site_kind", "unit_kind", "setting") if tag in LABELS[kind]), None)
    return label_in_sentence(words, kind, tag) if kind else tag


def _days(words: Words, value: str) -> str:
    in_week = sorted(items_of(value), key=lambda day: DAYS.index(day) if day in DAYS else len(DAYS))
    return words.list_of(label_in_sentence(words, "day", day) for day in in_week)


def _coded(kind: str) -> Callable[[Words, str], str]:
    return lambda words, code: label_in_sentence(words, kind, code)


_SHAPES: Final[Mapping[str, Callable[[Words, str], str]]] = {
    "discipline": _coded("discipline"),
    "disciplines": _listed(_coded("discipline")),
    "language": lambda words, code: words.language_name(code),
    "level": _coded("level"),
    "days": _days,
    "area": lambda words, code: label_in_sentence(words, "area", code),
    "field": lambda words, code: label_in_sentence(words, "time", code),
    "tags": _listed(_tag),
    "skills": _listed(lambda _words, skill: skill),
}
