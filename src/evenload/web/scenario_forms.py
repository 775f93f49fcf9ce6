"""The forms that change a scenario: one per kind of change, each with what may be chosen, what is recorded and what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from evenload.exchange.changes_json import TIMES
from evenload.planning.amounts import places_of
from evenload.planning.capacity import EVERYBODY
from evenload.planning.codes import ENGAGEMENTS
from evenload.planning.program import Program
from evenload.web.scenario_words import STANDARDS, Told, row_name
from evenload.web.worksheet_fields import as_typed
from evenload.words import Words, label, message
from evenload.words.labels import label_in_sentence
from evenload.workflow.scenario_changes import FORMS, FRAME, Known, form_of
from evenload.workflow.scenario_facts import Change

Choice = tuple[str, str]

TITLES: Final = {
    "join": message("Somebody joins"),
    "leave": message("Somebody leaves"),
    "hours": message("Other weekly hours"),
    "growth": message("Demand grows or shrinks"),
    "clients": message("Another number of clients"),
    "mix": message("Another mix of classes"),
    "standard": message("Another time standard"),
    "absence": message("Another amount of a recorded absence"),
    "away": message("More days away"),
    "duty": message("Another amount of a recorded duty"),
    "other": message("More other work"),
    "frame": message("Contract, reserve, period"),
}
HINTS: Final = {
    "join": message("Languages are spoken fluently. Without a first day, from the first day of the period."),
    "leave": message("Without a last day, in the whole period; what this person looks after waits for somebody else."),
    "growth": message("Whole clients, spread over the units as they lie today."),
    "mix": message("Shares in percent, 100 in each discipline; a discipline left empty keeps its mix. Only what the hours carry changes."),
    "standard": message("What is judged changes; recorded visits weigh in as they do now."),
    "frame": message("Visits per client stay as stated when the period changes. An empty contract is no contract."),
}
GROUPS: Final = (
    (message("Staff"), ("join", "leave", "hours")),
    (message("Clients"), ("growth", "clients", "mix")),
    (message("Time standards"), ("standard",)),
    (message("Absence and other work"), ("absence", "away", "duty", "other")),
    (message("Contract, reserve, period"), ("frame",)),
)
FRAMES: Final = {
    "contract": message("Contracted visits"),
    "reserve": message("Reserve, percent"),
    "weeks": message("Weeks of the period"),
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. `choices` make it a list; `boxes` are languages, ticked or not."""

    name: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    boxes: tuple[tuple[str, str, bool], ...] = ()
    hint: str = ""
    type: str = "text"
    inputmode: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormView:
    """One form; `place` is that of the change which it replaces."""

    name: str
    title: str
    hint: str
    fields: tuple[FieldView, ...]
    is_open: bool
    place: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows of its forms: the one that is open, what it holds, and what is wrong with it."""

    form: str = ""
    place: int | None = None
    typed: Mapping[str, Sequence[str]] | None = None
    errors: Mapping[str, Sequence[str]] | None = None


def group_views(told: Told, known: Known, asked: Asked) -> list[tuple[str, list[FormView]]]:
    """Every form whose choices are not empty, in its group."""
    found = []
    for title, names in GROUPS:
        views = [_form(told, known, asked, name) for name in names]
        possible = [
            view for view in views if all(field.choices or field.boxes or not _is_list(field) for field in view.fields) and view.fields
        ]
        if possible:
            found.append((told.words.say(title), possible))
    return found


def _is_list(field: FieldView) -> bool:
    return field.name.endswith(("_item", "_what", "_discipline", "_engagement"))


def _form(told: Told, known: Known, asked: Asked, name: str) -> FormView:
    words, is_open = told.words, asked.form == name
    typed = (asked.typed or {}) if is_open else {}
    errors = (asked.errors or {}) if is_open else {}
    fields = tuple(_filled(field, typed, errors) for field in _fields(told, known, name))
    hint = words.say(HINTS[name]) if name in HINTS else ""
    return FormView(name, words.say(TITLES[name]), hint, fields, is_open, asked.place if is_open else None)


def _filled(field: FieldView, typed: Mapping[str, Sequence[str]], errors: Mapping[str, Sequence[str]]) -> FieldView:
    boxes = tuple((code, text, code in typed[field.name] if field.name in typed else is_on) for code, text, is_on in field.boxes)
    value = next(iter(typed.get(field.name, ())), "") if typed else field.value
    return replace(field, value=value, boxes=boxes, errors=tuple(errors.get(field.name, ())))


def _fields(told: Told, known: Known, name: str) -> tuple[FieldView, ...]:
    words, program = told.words, known.program

    def pick(field: str, title: str, choices: Sequence[Choice]) -> FieldView:
        return FieldView(f"{name}_{field}", title, choices=tuple(choices))

    def number(title: str, hint: str = "") -> FieldView:
        return FieldView(f"{name}_value", title, inputmode="decimal", hint=hint)

    people = _people(told, known)
    everybody = [(EVERYBODY, words.say("Everybody")), *people]
    classes = [(id, told.class_name(id)) for id in known.classes]
    who, which = words.say("Who"), words.say("Class")
    if name == "join":
        return _join_fields(words, known)
    if name in _RECORDED:
        choices, (field, title, amount) = _recorded(told, program, name), _RECORDED[name]
        return (pick(field, words.say(title), choices), number(words.say(amount)))
    if name == "leave":
        return (pick("item", who, people), FieldView(f"{name}_day", words.say("Last day (may stay empty)"), type="date"))
    if name == "hours":
        return (pick("item", who, people), number(words.say("Hours per week")))
    if name == "growth":
        hint = words.say("10 for 10 percent more, -10 for 10 percent fewer")
        return (pick("item", which, [("", words.say("Every class")), *classes]), number(words.say("Growth, percent"), hint))
    if name == "clients":
        return (pick("item", which, classes), number(words.say("Clients")))
    if name == "mix":
        return tuple(FieldView(f"mix_share_{at}", text, inputmode="decimal") for at, (_, text) in enumerate(classes))
    if name == "standard":
        whats = [(what, words.say(title)) for what, title in STANDARDS.items()]
        return (pick("item", which, classes), pick("what", words.say("Figure"), whats), number(words.say("Value")))
    title = words.say("Days") if name == "away" else words.say("Hours in each worked week")
    return (pick("item", who, everybody), number(title))


_RECORDED: Final = {
    "absence": ("item", message("Recorded absence"), message("Amount")),
    "duty": ("item", message("Recorded duty"), message("Amount")),
    "frame": ("what", message("Figure"), message("Value")),
}


def _recorded(told: Told, program: Program, name: str) -> list[Choice]:
    """What is recorded and may have another amount."""
    rows = {"absence": _absences, "duty": _duties, "frame": _frames}
    return rows[name](told, program)


def _join_fields(words: Words, known: Known) -> tuple[FieldView, ...]:
    disciplines = tuple((code, label(words, "discipline", code)) for code in known.disciplines)
    engagements = tuple((code, label(words, "engagement", code)) for code in ENGAGEMENTS)
    spoken = tuple((code, words.language_name(code), code == words.lang) for code in known.languages)
    return (
        FieldView("join_name", words.say("Name in this scenario"), hint=words.say("Any name will do, as New therapist.")),
        FieldView("join_discipline", words.say("Discipline"), choices=disciplines),
        FieldView("join_engagement", words.say("Engagement"), choices=engagements),
        FieldView("join_value", words.say("Hours per week"), inputmode="decimal"),
        FieldView("join_languages", words.say("Languages, fluent"), boxes=spoken),
        FieldView("join_day", words.say("First day (may stay empty)"), type="date"),
    )


def _people(told: Told, known: Known) -> list[Choice]:
    return sorted(((id, told.person(id)) for id in known.people), key=lambda one: one[1].casefold())


def _absences(told: Told, program: Program) -> list[Choice]:
    found = []
    for key, place in places_of(program.absences).items():
        row = program.absences[place]
        amount = told.number(row.days if row.hours is None else row.hours)
        unit = told.words.say("days") if row.hours is None else told.words.say("hours")
        found.append((key, _amount_said(told, row_name(told, "absence", key), amount, unit)))
    return found


def _duties(told: Told, program: Program) -> list[Choice]:
    return [
        (key, _amount_said(told, row_name(told, "duty", key), told.number(row.amount), label_in_sentence(told.words, "basis", row.basis)))
        for key, place in places_of(program.duties).items()
        for row in (program.duties[place],)
    ]


def _amount_said(told: Told, name: str, amount: str, unit: str) -> str:
    return told.words.say("{row}: recorded {amount} ({unit})", row=name, amount=amount, unit=unit)


def _frames(told: Told, program: Program) -> list[Choice]:
    recorded = {"contract": program.contracted_visits, "reserve": program.reserve_percent, "weeks": Fraction(program.period.weeks)}
    say = told.words.say
    return [(what, say("{figure}: recorded {amount}", figure=say(FRAMES[what]), amount=told.number(recorded[what]))) for what in FRAME]


def stated_fields(words: Words, change: Change, known: Known) -> dict[str, list[str]]:
    """What the form of a change holds when it is opened to be changed."""
    form = form_of(change)
    if form == "mix":
        places = {id: at for at, id in enumerate(known.classes)}
        return {f"mix_share_{places[id]}": [as_typed(words, Fraction(share))] for id, share in change["shares"].items() if id in places}
    fields: dict[str, Any] = {name: [change[name]] for name in ("item", "name", "discipline", "engagement", "day") if change.get(name)}
    fields |= {"item": [change["item"]]}
    if change.get("value") is not None:
        fields["value"] = [as_signed(words, change["value"])]
    if "languages" in change:
        fields["languages"] = list(change["languages"])
    if change["kind"] in (*TIMES, *FRAME):
        fields["what"] = [change["kind"]]
    return {f"{form}_{name}": values for name, values in fields.items()}


def as_signed(words: Words, value: str) -> str:
    """A kept number as it is typed, a loss with its sign."""
    return ("-" if value.startswith("-") else "") + as_typed(words, Fraction(value.lstrip("-")))


assert set(TITLES) == set(FORMS)
