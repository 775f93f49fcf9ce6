"""Fields of a time standard: what was typed becomes figures, or a sentence at the field; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from evenload.web.standard_words import FIGURES, HINTS, PROBLEMS
from evenload.words import Words
from evenload.workflow.standard_figures import LONGEST_SOURCE, NAMES, Figures
from evenload.workflow.worksheet_tries import number_in, plain_decimal

MAY_BE_EMPTY: Final = frozenset({"travel_minutes", "no_show_rate", "no_show_minutes", "experience_years"})
PERCENT: Final = "no_show_rate"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form, as _field.html shows it."""

    name: str
    label: str
    hint: str
    value: str
    errors: tuple[str, ...]
    required: bool
    type: str
    inputmode: str


def typed_of(figures: Figures) -> dict[str, str]:
    """The figures as they stand in the fields."""
    return {name: _typed(name, getattr(figures, name)) for name in NAMES}


def read_figures(stated: Mapping[str, str], *, suffix: str = "") -> tuple[Figures | None, dict[str, str]]:
    """The figures of a form, and the code of what is wrong with each field that cannot be read; None where one cannot.

    `suffix` stands behind each name where several classes share a form.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in NAMES:
        text = stated.get(f"{name}{suffix}", "").strip()
        found = text[:LONGEST_SOURCE] if name == "source" else _number(name, text)
        if isinstance(found, Wrong):
            wrong[f"{name}{suffix}"] = found.code
        else:
            values[name] = found
    return (None if wrong else Figures(**values)), wrong


def sentences(words: Words, wrong: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong, field by field."""
    return {field: [words.say(PROBLEMS[code])] for field, code in wrong.items()}


def field_views(words: Words, stated: Mapping[str, str], errors: Mapping[str, list[str]]) -> tuple[FieldView, ...]:
    """The form of one standard, its values as they were typed."""
    return tuple(
        FieldView(
            name=name,
            label=words.say(FIGURES[name]),
            hint=words.say(HINTS[name]),
            value=stated.get(name, ""),
            errors=tuple(errors.get(name, ())),
            required=name not in MAY_BE_EMPTY,
            type="textarea" if name == "source" else "",
            inputmode="" if name == "source" else ("numeric" if name == "group_size" else "decimal"),
        )
        for name in NAMES
    )


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field."""

    code: str


def read_number(text: str, *, required: bool = True) -> Fraction | Wrong | None:
    """A number from 0 on, as it is typed; None for an empty field that may be."""
    plain = "".join(text.split())
    if not plain:
        return Wrong("figure_missing") if required else None
    found = number_in(plain)
    return Wrong("not_a_number") if found is None else found


def _number(name: str, text: str) -> Fraction | int | Wrong | None:
    found = read_number(text, required=name not in MAY_BE_EMPTY)
    if found is None or isinstance(found, Wrong):
        return found
    if name == "group_size":
        return found.numerator if found.denominator == 1 else Wrong("not_whole")
    return found / 100 if name == PERCENT else found


def _typed(name: str, value: Fraction | int | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return plain_decimal(100 * value if name == PERCENT else value)
    return str(value)
