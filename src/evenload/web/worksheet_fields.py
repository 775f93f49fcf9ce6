"""The fields of a worksheet: each figure that may be tried, with what is recorded, what was typed and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from urllib.parse import urlencode

from evenload.exchange.changes_json import TIMES
from evenload.planning.problems import Problem
from evenload.web.worksheet_words import figure_name, problem_words, wrong_sentence
from evenload.words import Words
from evenload.words.problems import expectation
from evenload.workflow.planning_worksheet import Worksheet
from evenload.workflow.worksheet_tries import Figure, Try, plain_decimal

FIELD_OF_FACT: Final = {fact: what for what, fact in TIMES.items()}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. `was` says what is recorded where something else is tried."""

    name: str
    id: str
    label: str
    value: str
    was: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent that could not be taken: its fields, and the code of what is wrong with some."""

    fields: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TryView:
    """One try in the list above the figures: what it was, what it is, and the page without it."""

    name: str
    before: str
    after: str
    address: str


NOTHING_TYPED: Final = Typed({}, {})


def field_views(words: Words, sheet: Worksheet, typed: Typed = NOTHING_TYPED) -> dict[str, FieldView]:
    """Every field of every step, by its figure's key."""
    now = {one.figure.key: one.value for one in sheet.tries}
    at_fields, _ = problems_at_fields(words, sheet)
    found = {}
    for place, figure in enumerate(sheet.figures):
        key = figure.key
        errors = [wrong_sentence(words, figure, typed.wrong[key])] if key in typed.wrong else at_fields.get(key, [])
        value = typed.fields.get(key, as_typed(words, now.get(key, figure.recorded)))
        was = words.say("recorded: {figure}", figure=as_typed(words, figure.recorded) or "–") if key in now else ""
        found[key] = FieldView(key, field_id(place), figure_name(words, sheet.rows, figure), value, was, tuple(errors))
    return found


def field_id(place: int) -> str:
    """The name by which a page leads to the field of a figure, by the figure's place among all."""
    return f"figure-{place}"


def as_typed(words: Words, value: Fraction | None) -> str:
    """A number as somebody types it: no separator of thousands, the comma in French."""
    if value is None:
        return ""
    text = plain_decimal(value)
    return text.replace(".", ",") if words.lang == "fr" else text


def problems_at_fields(words: Words, sheet: Worksheet) -> tuple[dict[str, list[str]], list[str]]:
    """The sentence of every contradiction: by the field where it can be mended, and those that have none here."""
    keys = {figure.key for figure in sheet.figures}
    first_of = {row.discipline: row.id for row in reversed(sheet.stated.classes)}
    at_fields: dict[str, list[str]] = defaultdict(list)
    elsewhere = []
    for problem in sheet.problems:
        key = _key_of(problem, first_of)
        if key in keys:
            at_fields[key].append(expectation(words, problem, {}))
        else:
            elsewhere.append(problem_words(words, problem, sheet.rows))
    return at_fields, elsewhere


def _key_of(problem: Problem, first_of: Mapping[str, str]) -> str:
    where = problem.where
    if where.table == "practitioners" and where.field == "weekly_hours":
        return f"hours:{where.item}"
    if where.table == "classes" and where.field in FIELD_OF_FACT:
        return f"{FIELD_OF_FACT[where.field]}:{where.item}"
    if where.table == "mix":
        return f"mix:{first_of.get(where.item or '', where.item)}"
    return "reserve:" if where.table == "program" and where.field == "reserve_percent" else ""


def try_views(words: Words, sheet: Worksheet, step: int) -> tuple[TryView, ...]:
    """What is tried, each with the way to take it back."""
    return tuple(
        TryView(
            figure_name(words, sheet.rows, one.figure),
            as_typed(words, one.figure.recorded) or "–",
            as_typed(words, one.value),
            address_of(step, [other for other in sheet.tries if other is not one]),
        )
        for one in sheet.tries
    )


def address_of(step: int, tries: Iterable[Try], **more: str) -> str:
    """The worksheet at a step with these tries, as the rest of an address."""
    return "?" + urlencode([("step", str(step)), *(("try", one.token) for one in tries), *more.items()])


def figures_of_step(sheet: Worksheet, step: int) -> tuple[Figure, ...]:
    """The figures that one step asks for."""
    return tuple(one for one in sheet.figures if one.step == step)
