"""Changes of a scenario as forms state them: read into what is kept, with the code of what is wrong with each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any, Final

from evenload.exchange.changes_json import TIMES
from evenload.planning.amounts import places_of
from evenload.planning.capacity import EVERYBODY
from evenload.planning.codes import ENGAGEMENTS
from evenload.planning.program import Program
from evenload.workflow.scenario_facts import NEW, Change
from evenload.workflow.worksheet_tries import HOURS_OF_A_WEEK, MOST, MOST_DAYS, MOST_MINUTES, number_in, plain_decimal

LONGEST_NAME: Final = 100
MOST_GROWTH: Final = Fraction(1_000)
MOST_WEEKS: Final = Fraction(104)
USUAL_LANGUAGES: Final = ("en", "fr")
FRAME: Final = ("contract", "reserve", "weeks")


@dataclass(frozen=True, slots=True)
class Known:
    """What a form may name: the facts without changes, and who joins by one."""

    program: Program
    joining: Mapping[str, str]
    """id → name of who joins"""

    @property
    def people(self) -> tuple[str, ...]:
        """Ids of everybody, those who join last."""
        return (*(one.id for one in self.program.practitioners), *self.joining)

    @property
    def classes(self) -> tuple[str, ...]:
        """Ids of the classes."""
        return tuple(one.id for one in self.program.classes)

    @property
    def disciplines(self) -> tuple[str, ...]:
        """Disciplines that somebody works in or some class is of, each once."""
        found = [code for one in self.program.practitioners for code in one.disciplines]
        return tuple(dict.fromkeys([*(one.discipline for one in self.program.classes), *found]))

    @property
    def languages(self) -> tuple[str, ...]:
        """English and French, and whatever else somebody speaks or asks for."""
        spoken = [code for one in self.program.practitioners for code in one.languages]
        asked = [unit.language for unit in self.program.units if unit.language]
        return tuple(dict.fromkeys([*USUAL_LANGUAGES, *sorted({*spoken, *asked})]))


@dataclass(frozen=True, slots=True)
class Read:
    """What a form states: the change, or None with the code of what is wrong with each field."""

    change: dict[str, Any] | None
    wrong: dict[str, str] = field(default_factory=dict)


def known_of(program: Program, changes: Sequence[Change]) -> Known:
    """What forms of a scenario with these changes may name."""
    return Known(program, {one["item"]: one["name"] for one in changes if one["kind"] == "join"})


def form_of(change: Change) -> str:
    """The form in which a change is stated."""
    kind = change["kind"]
    return "standard" if kind in TIMES else "frame" if kind in FRAME else str(kind)


def read(form: str, fields: Mapping[str, Sequence[str]], known: Known) -> Read:
    """The change that a form states; its fields are named `<form>_<field>`. Raises KeyError for a form that is not there."""
    typed = _Typed(form, fields, known)
    change = _READERS[form](typed)
    return Read(None, typed.wrong) if typed.wrong else Read(change)


def merged(changes: Sequence[Change], change: Change, place: int | None = None) -> list[Change]:
    """The changes with this one: in the place of the one it replaces, else of the one about the same figure, else at the end."""
    found = list(changes)
    if place is None and change["kind"] != "join":
        same = (at for at, one in enumerate(found) if (one["kind"], one["item"]) == (change["kind"], change["item"]))
        place = next(same, None)
    if place is None or place >= len(found):
        return [*found, change]
    if change["kind"] == "join" and found[place]["kind"] == "join":
        change = {**change, "item": found[place]["item"]}
    found[place] = change
    return found


@dataclass(slots=True)
class _Typed:
    """The fields of one form as they were typed; what is wrong is gathered."""

    form: str
    fields: Mapping[str, Sequence[str]]
    known: Known
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return " ".join(next(iter(self.fields.get(f"{self.form}_{name}", ())), "").split())

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self.fields.get(f"{self.form}_{name}", ()))

    def refuse(self, name: str, code: str) -> None:
        self.wrong[f"{self.form}_{name}"] = code

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        text = self.text(name)
        if text not in choices:
            self.refuse(name, "choose")
        return text

    def number(self, most: Fraction, name: str = "value", *, is_whole: bool = False) -> str:
        text = self.text(name)
        value = number_in(text)
        if value is None:
            self.refuse(name, "not_a_number" if text else "figure_missing")
        elif value > most:
            self.refuse(name, "too_large")
        elif is_whole and value.denominator != 1:
            self.refuse(name, "not_whole")
        return "" if value is None else plain_decimal(value)

    def day(self, name: str) -> str | None:
        text = self.text(name)
        try:
            return date.fromisoformat(text).isoformat() if text else None
        except ValueError:
            self.refuse(name, "day_odd")
            return None


def _join(typed: _Typed) -> dict[str, Any]:
    name = typed.text("name")
    if not name:
        typed.refuse("name", "name_missing")
    elif len(name) > LONGEST_NAME:
        typed.refuse("name", "name_long")
    taken = set(typed.known.people)
    languages = [code for code in typed.known.languages if code in typed.all("languages")]
    if not languages:
        typed.refuse("languages", "language_missing")
    return {
        "kind": "join",
        "item": next(id for number in count(1) if (id := f"{NEW}{number}") not in taken),
        "name": name,
        "discipline": typed.one_of("discipline", typed.known.disciplines),
        "engagement": typed.one_of("engagement", ENGAGEMENTS),
        "languages": languages,
        "value": typed.number(HOURS_OF_A_WEEK),
        **_on(typed.day("day")),
    }


def _leave(typed: _Typed) -> dict[str, Any]:
    return {"kind": "leave", "item": typed.one_of("item", typed.known.people), **_on(typed.day("day"))}


def _on(day: str | None) -> dict[str, str]:
    return {"day": day} if day else {}


def _hours(typed: _Typed) -> dict[str, Any]:
    return {"kind": "hours", "item": typed.one_of("item", typed.known.people), "value": typed.number(HOURS_OF_A_WEEK)}


def _growth(typed: _Typed) -> dict[str, Any]:
    item, text = typed.one_of("item", ("", *typed.known.classes)), typed.text("value")
    is_less = text[:1] in ("-", "−")
    value = number_in(text[1:] if text[:1] in ("-", "−", "+") else text)
    if value is None:
        typed.refuse("value", "not_a_growth")
    elif value > (100 if is_less else MOST_GROWTH):
        typed.refuse("value", "growth_too_large")
    elif value == 0:
        typed.refuse("value", "growth_nothing")
    return {"kind": "growth", "item": item, "value": "" if value is None else f"{'-' if is_less else ''}{plain_decimal(value)}"}


def _clients(typed: _Typed) -> dict[str, Any]:
    return {"kind": "clients", "item": typed.one_of("item", typed.known.classes), "value": typed.number(MOST, is_whole=True)}


def _mix(typed: _Typed) -> dict[str, Any]:
    """Shares by class; the field of each is named by the class's place."""
    stated = {id: f"share_{place}" for place, id in enumerate(typed.known.classes) if typed.text(f"share_{place}")}
    if not stated:
        typed.refuse("share_0", "figure_missing")
    return {"kind": "mix", "item": "", "shares": {id: typed.number(Fraction(100), name) for id, name in stated.items()}}


def _standard(typed: _Typed) -> dict[str, Any]:
    what = typed.one_of("what", tuple(TIMES))
    item = typed.one_of("item", typed.known.classes)
    return {"kind": what, "item": item, "value": typed.number(MOST if what == "visits" else MOST_MINUTES)}


def _absence(typed: _Typed) -> dict[str, Any]:
    return {"kind": "absence", "item": typed.one_of("item", tuple(places_of(typed.known.program.absences))), "value": typed.number(MOST)}


def _duty(typed: _Typed) -> dict[str, Any]:
    places = places_of(typed.known.program.duties)
    item = typed.one_of("item", tuple(places))
    is_percent = item in places and typed.known.program.duties[places[item]].basis == "percent"
    return {"kind": "duty", "item": item, "value": typed.number(Fraction(100) if is_percent else MOST)}


def _away(typed: _Typed) -> dict[str, Any]:
    return {"kind": "away", "item": typed.one_of("item", (EVERYBODY, *typed.known.people)), "value": typed.number(MOST_DAYS)}


def _other(typed: _Typed) -> dict[str, Any]:
    return {"kind": "other", "item": typed.one_of("item", (EVERYBODY, *typed.known.people)), "value": typed.number(HOURS_OF_A_WEEK)}


def _frame(typed: _Typed) -> dict[str, Any]:
    what = typed.one_of("what", FRAME)
    if what == "contract" and not typed.text("value"):
        return {"kind": what, "item": "", "value": None}
    most = {"reserve": Fraction(100), "weeks": MOST_WEEKS}.get(what, MOST)
    value = typed.number(most, is_whole=what == "weeks")
    if what == "weeks" and value == "0":
        typed.refuse("value", "weeks_none")
    return {"kind": what, "item": "", "value": value}


_READERS: Final[dict[str, Callable[[_Typed], dict[str, Any]]]] = {
    "join": _join,
    "leave": _leave,
    "hours": _hours,
    "growth": _growth,
    "clients": _clients,
    "mix": _mix,
    "standard": _standard,
    "absence": _absence,
    "away": _away,
    "duty": _duty,
    "other": _other,
    "frame": _frame,
}
FORMS: Final = tuple(_READERS)
