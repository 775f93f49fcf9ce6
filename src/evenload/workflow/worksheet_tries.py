"""Figures of the worksheet that may be tried otherwise: which there are, what was typed, and the scenario that comes of it.

A try is a figure and another value for it, nothing else; it travels in the page's address and is never stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.exchange.changes_json import TIMES, TRIED
from evenload.planning.amounts import places_of
from evenload.planning.capacity import EVERYBODY
from evenload.planning.problems import CaseError, Problem, Where
from evenload.planning.program import Absence, Duty, Program
from evenload.planning.scenario import (
    AbsenceAdded,
    AbsenceChanges,
    Change,
    ClientsChange,
    DutyAdded,
    DutyChanges,
    MixChanges,
    ReserveChanges,
    Scenario,
    StaffChanges,
    StandardChanges,
    changed,
)

HOURS_OF_A_WEEK: Final = Fraction(168)
MOST_DAYS: Final = Fraction(1_000)
MOST: Final = Fraction(100_000)
MOST_MINUTES: Final = Fraction(10_000)
DIGITS: Final = 6
LONGEST_TEXT: Final = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that may be tried otherwise. `recorded` None: nothing is stated, an empty field leaves it so."""

    step: int
    what: str
    item: str
    recorded: Fraction | None
    most: Fraction
    is_whole: bool = False

    @property
    def key(self) -> str:
        """The name of its field."""
        return f"{self.what}:{self.item}"


@dataclass(frozen=True, slots=True)
class Try:
    """Another value for one figure."""

    figure: Figure
    value: Fraction

    @property
    def token(self) -> str:
        """How it stands in an address."""
        return f"{self.figure.key}:{plain_decimal(self.value)}"


def figures(program: Program) -> tuple[Figure, ...]:
    """Everything that may be tried, step by step, in the order in which the page asks for it."""
    return (*_figures_of_hours(program), *_figures_of_need(program), *_figures_of_mix(program))


def _figures_of_hours(program: Program) -> Iterator[Figure]:
    for key, place in places_of(program.absences).items():
        absence = program.absences[place]
        yield Figure(1, "absence", key, absence.days if absence.hours is None else absence.hours, MOST)
    for key, place in places_of(program.duties).items():
        duty = program.duties[place]
        yield Figure(1, "duty", key, duty.amount, Fraction(100) if duty.basis == "percent" else MOST)
    yield Figure(1, "away", EVERYBODY, None, MOST_DAYS)
    yield Figure(1, "other", EVERYBODY, None, HOURS_OF_A_WEEK)
    yield Figure(1, "reserve", "", program.reserve_percent, Fraction(100))
    for person in program.practitioners:
        yield Figure(1, "hours", person.id, person.weekly_hours, HOURS_OF_A_WEEK)


def _figures_of_need(program: Program) -> Iterator[Figure]:
    clients: dict[str, int] = defaultdict(int)
    for unit in program.units:
        clients[unit.class_id] += unit.clients
    for stated in program.classes:
        yield Figure(2, "clients", stated.id, Fraction(clients[stated.id]), MOST, is_whole=True)
        for what, fact in TIMES.items():
            yield Figure(2, what, stated.id, getattr(stated, fact), MOST if what == "visits" else MOST_MINUTES)


def _figures_of_mix(program: Program) -> Iterator[Figure]:
    yield from (Figure(3, "mix", stated.id, None, Fraction(100)) for stated in program.classes)


def read_tokens(tokens: Iterable[str], known: Iterable[Figure]) -> tuple[Try, ...]:
    """The tries of an address, each figure once, in the order of the figures; what is unknown or no number is left out."""
    by_key = {one.key: one for one in known}
    values: dict[str, Fraction] = {}
    for token in tokens:
        key, _, text = token.rpartition(":")
        value = number_in(text)
        if key in by_key and value is not None and refusal(by_key[key], value) is None:
            values[key] = value
    return tuple(Try(one, values[key]) for key, one in by_key.items() if key in values and values[key] != one.recorded)


def read_fields(fields: Mapping[str, str], known: Iterable[Figure]) -> tuple[tuple[Try, ...], dict[str, str]]:
    """The tries of a form, and the code of what is wrong with each field that cannot be read: `not_a_number`, `too_large`,
    `not_whole`, `figure_missing`. A field that says what is recorded is no try.
    """
    tries, wrong = [], {}
    for one in known:
        if one.key not in fields:
            continue
        text = fields[one.key].strip()
        value = number_in(text)
        if not text:
            if one.recorded is not None:
                wrong[one.key] = "figure_missing"
        elif value is None:
            wrong[one.key] = "not_a_number"
        elif code := refusal(one, value):
            wrong[one.key] = code
        elif value != one.recorded:
            tries.append(Try(one, value))
    return tuple(tries), wrong


def refusal(figure: Figure, value: Fraction) -> str | None:
    """What is wrong with a number for this figure; None where nothing is."""
    if value > figure.most:
        return "too_large"
    return "not_whole" if figure.is_whole and value.denominator != 1 else None


def number_in(text: str) -> Fraction | None:
    """An ordinary decimal number from 0 on, with a point or a comma; never a fraction, an exponent or a word such as nan."""
    whole, _, decimals = text.strip().replace(",", ".", 1).partition(".")
    digits = whole + decimals
    if not (digits.isascii() and digits.isdigit()) or len(digits) > LONGEST_TEXT or len(decimals) > DIGITS:
        return None
    return Fraction(f"{whole or '0'}.{decimals or '0'}")


def plain_decimal(value: Fraction) -> str:
    """A number as it is typed, with a point and without needless zeros; at most six decimals."""
    millionths = round(value * 10**DIGITS)
    whole, rest = divmod(millionths, 10**DIGITS)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def scenario_of(program: Program, tries: Sequence[Try]) -> Scenario:
    """The program with these tries; its mix where shares were tried. Raises CaseError where the figures are not there any more."""
    return changed(Scenario("", program), "", *_changes(program, tries))


def _changes(program: Program, tries: Sequence[Try]) -> Iterator[Change]:
    absences, duties = places_of(program.absences), places_of(program.duties)
    mix: dict[str, Fraction] = {}
    for one in tries:
        what, item = one.figure.what, one.figure.item
        if what == "mix":
            mix[item] = one.value
        elif what == "absence":
            yield AbsenceChanges(absences[item], one.value)
        elif what == "duty":
            yield DutyChanges(duties[item], one.value)
        else:
            yield _change(what, item, one.value)
    if mix:
        yield MixChanges(mix)


def _change(what: str, item: str, value: Fraction) -> Change:
    if what == "away":
        return AbsenceAdded(Absence(item, TRIED, days=value))
    if what == "other":
        return DutyAdded(Duty(item, TRIED, "hours_per_week", value))
    if what == "reserve":
        return ReserveChanges(value)
    if what == "hours":
        return StaffChanges(item, {"weekly_hours": value})
    if what == "clients":
        return ClientsChange(item, value.numerator)
    if what in TIMES:
        return StandardChanges(item, {TIMES[what]: value})
    raise CaseError([Problem("unknown_code", Where("tries", item, what), what)])
