"""A calculator of waiting lists for everybody: what is typed, read and counted; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.planning import capa, waitlist
from evenload.planning.capa import CapaFigures, Service, capa_figures
from evenload.planning.waitlist import Known, KnownFigures, known_figures
from evenload.workflow.worksheet_tries import number_in

MOST: Final = Fraction(1_000_000)
MOST_WEEKS: Final = Fraction(520)
HUNDRED: Final = Fraction(100)
SMALLEST: Final = Fraction(1, 10_000)


@dataclass(frozen=True, slots=True)
class Question:
    """One figure that is asked: its usual value (None: none), and what it may be. `is_needed`: it must be stated."""

    name: str
    usual: Fraction | None = None
    most: Fraction = MOST
    least: Fraction = Fraction(0)
    is_whole: bool = False
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the value of each question (None: left empty), and the code of what is wrong with some."""

    values: Mapping[str, Fraction | None]
    wrong: Mapping[str, str]


WAIT: Final = (
    Question("demand", is_needed=True),
    Question("capacity"),
    Question("queue"),
    Question("target", most=MOST_WEEKS, least=SMALLEST),
    Question("mean", most=MOST_WEEKS),
    Question("factor", usual=waitlist.DEFAULT_FACTOR, most=HUNDRED, least=SMALLEST),
    Question("relief", usual=Fraction(waitlist.RELIEF_WEEKS), most=MOST_WEEKS, least=Fraction(1), is_whole=True),
)
CAPA: Final = (
    Question("referrals", is_needed=True),
    Question("fte"),
    Question("share", usual=Fraction(30), most=HUNDRED),
    Question("hours", most=Fraction(168)),
    Question("transfer", usual=capa.TRANSFER_SHARE * 100, most=HUNDRED),
    Question("appointments", usual=capa.APPOINTMENTS_PER_CLIENT, most=HUNDRED, least=SMALLEST),
    Question("worked", usual=Fraction(45), most=Fraction(52)),
)
"""shares in percent; `worked` in weeks of 52"""


def read(questions: Sequence[Question], fields: Mapping[str, str]) -> Typed:
    """The figures of a form; what is left empty is the usual one. Wrong: `missing`, `not_a_number`, `too_large`, `too_small`, `not_whole`."""
    values: dict[str, Fraction | None] = {}
    wrong: dict[str, str] = {}
    for one in questions:
        text = fields.get(one.name, "").strip()
        value = number_in(text) if text else one.usual
        if text and value is None:
            wrong[one.name] = "not_a_number"
        elif value is None and one.is_needed:
            wrong[one.name] = "missing"
        elif value is not None and (code := _refusal(one, value)):
            wrong[one.name] = code
        values[one.name] = value
    return Typed(values, wrong)


def _refusal(asked: Question, value: Fraction) -> str:
    if value > asked.most:
        return "too_large"
    if value < asked.least:
        return "too_small"
    return "not_whole" if asked.is_whole and value.denominator != 1 else ""


def wait_answer(typed: Typed) -> KnownFigures:
    """The arithmetic of a list; nothing may be wrong with what was typed."""
    values = typed.values
    known = Known(values["demand"], values["capacity"], values["queue"], values["mean"], values["target"])
    factor, relief = values["factor"], values["relief"]
    assert factor is not None
    assert relief is not None
    return known_figures(known, factor=factor, relief_weeks=relief.numerator)


def capa_answer(typed: Typed) -> CapaFigures:
    """Choice and partnership of a service; nothing may be wrong with what was typed. What is left empty is 0 of it."""
    values = {name: value or Fraction(0) for name, value in typed.values.items()}
    return capa_figures(
        Service(
            referrals=values["referrals"],
            fte=values["fte"],
            share=values["share"] / 100,
            partnership_hours=values["hours"],
            transfer=values["transfer"] / 100,
            appointments=values["appointments"],
            worked=values["worked"] / 52,
        )
    )
