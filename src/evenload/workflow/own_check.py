"""A clinician's check of her own caseload: five figures suffice, the rest are the usual ones of her setting, each with its source.

Nothing is stored and no record is read: the figures come with the form and go with the page. It is the program's own arithmetic, for
a program of one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from evenload.exchange.example_settings import SETTINGS
from evenload.exchange.facts import program_from
from evenload.exchange.rows import AbsenceRow, ClassRow, DutyRow, PractitionerRow, ProgramRow, Rows, UnitRow
from evenload.exchange.setting_rows import absence_rows, class_rows, duty_rows
from evenload.planning.codes import DISCIPLINES, ENGAGEMENTS
from evenload.workflow.planning_worksheet import Worksheet, computed
from evenload.workflow.worksheet_tries import HOURS_OF_A_WEEK, MOST, MOST_MINUTES, number_in, plain_decimal

ME: Final = "me"
LEVELS: Final = ("low", "moderate", "high")
MOST_WEEKS: Final = Fraction(104)
MOST_CLIENTS: Final = Fraction(10_000)
TIMES: Final = ("visits", "direct", "indirect", "travel", "episode")


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure of the check: its field, its usual value with the source of that (empty: she must state it), and its bounds."""

    name: str
    usual: Fraction | None
    source: str
    most: Fraction
    is_whole: bool = False
    least: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Template:
    """A setting, a discipline and an engagement, with what is asked there and what it begins with."""

    setting: str
    discipline: str
    engagement: str
    asked: tuple[Asked, ...]
    classes: tuple[ClassRow, ...]
    weeks: int

    def of(self, name: str) -> Asked:
        """One figure that is asked for. Raises KeyError where the template has none of that name."""
        return next((one for one in self.asked if one.name == name), None) or _missing(name)


def _missing(name: str) -> Asked:
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed: a number for each figure, the code of what is wrong with some, and which of them are the usual ones."""

    values: Mapping[str, Fraction]
    wrong: Mapping[str, str]
    usual: frozenset[str]


def template_of(setting: str, discipline: str, engagement: str) -> Template:
    """What the check asks in a setting, and begins with; an unknown code is the first of its list."""
    setting = setting if setting in SETTINGS else next(iter(SETTINGS))
    discipline = discipline if discipline in DISCIPLINES else DISCIPLINES[0]
    engagement = engagement if engagement in ENGAGEMENTS else ENGAGEMENTS[0]
    classes = class_rows(setting, (discipline,))
    weeks = SETTINGS[setting].weeks
    asked = (*_asked_of_hours(setting, discipline, engagement, weeks), *(one for row in classes for one in _asked_of_class(row)))
    return Template(setting, discipline, engagement, asked, classes, weeks)


def _asked_of_hours(setting: str, discipline: str, engagement: str, weeks: int) -> tuple[Asked, ...]:
    away = sum((row.days or Fraction(0) for row in absence_rows(setting, (engagement,))), Fraction(0))
    usual = {"percent": Fraction(0), "hours_per_week": Fraction(0), "hours_per_period": Fraction(0)}
    for row in duty_rows(setting, (discipline,), (engagement,)):
        usual[row.basis] += row.amount
    return (
        Asked("hours", None, "", HOURS_OF_A_WEEK, least=Fraction(1, 100)),
        Asked("weeks", Fraction(weeks), "setting", MOST_WEEKS, is_whole=True, least=Fraction(1)),
        Asked("away", away, "setting", 7 * MOST_WEEKS),
        Asked("percent", usual["percent"], "setting", Fraction(100)),
        Asked("weekly", usual["hours_per_week"], "setting", HOURS_OF_A_WEEK),
        Asked("period", usual["hours_per_period"], "setting", MOST),
        Asked("reserve", Fraction(0), "none", Fraction(100)),
    )


def _asked_of_class(row: ClassRow) -> tuple[Asked, ...]:
    source = row.source or ""
    minutes = {"direct": row.direct_minutes, "indirect": row.indirect_minutes, "travel": row.travel_minutes, "episode": row.episode_minutes}
    return (
        Asked(f"clients:{row.id}", None, "", MOST_CLIENTS, is_whole=True),
        Asked(f"visits:{row.id}", row.visits, source, MOST_MINUTES),
        *(Asked(f"{name}:{row.id}", value or Fraction(0), source, MOST_MINUTES) for name, value in minutes.items()),
    )


def read(template: Template, fields: Mapping[str, str]) -> Answers:
    """The figures of a form. What is left empty is the usual figure; clients left empty are none; hours must be stated.

    Wrong are: `hours_missing`, `not_a_number`, `too_large`, `too_small`, `not_whole`, and `no_clients` where all classes have none.
    """
    values: dict[str, Fraction] = {}
    wrong: dict[str, str] = {}
    usual = set()
    for one in template.asked:
        text = fields.get(one.name, "").strip()
        value = number_in(text)
        if not text:
            if one.usual is None and not one.name.startswith("clients:"):
                wrong[one.name] = "hours_missing"
            values[one.name] = one.usual or Fraction(0)
            usual.add(one.name)
        elif code := _refusal(one, value):
            wrong[one.name] = code
        else:
            assert value is not None
            values[one.name] = value
            if value == one.usual:
                usual.add(one.name)
    counts = [one.name for one in template.asked if one.name.startswith("clients:")]
    if not set(counts) & wrong.keys() and not any(values[name] for name in counts):
        wrong[counts[0]] = "no_clients"
    return Answers(values, wrong, frozenset(usual))


def _refusal(asked: Asked, value: Fraction | None) -> str | None:
    if value is None:
        return "not_a_number"
    if value > asked.most:
        return "too_large"
    if value < asked.least:
        return "too_small"
    return "not_whole" if asked.is_whole and value.denominator != 1 else None


def check(template: Template, answers: Answers, *, starts_on: date, called: str) -> Worksheet:
    """The worksheet of a program of one person, called so, with these figures. Answers must have nothing wrong."""
    rows = rows_of(template, answers, starts_on, called)
    return computed(rows, program_from(rows))


def rows_of(template: Template, answers: Answers, starts_on: date, called: str) -> Rows:
    """The program of one person, as the workbook would state it."""
    values = answers.values
    weeks, hours = values["weeks"].numerator, values["hours"]
    bases = {"percent": "percent", "weekly": "hours_per_week", "period": "hours_per_period"}
    classes = tuple(_class(row, values) for row in template.classes)
    return Rows(
        ProgramRow("", template.setting, starts_on, weeks, reserve_percent=values["reserve"]),
        practitioners=(PractitionerRow(ME, (template.discipline,), template.engagement, hours, {}, name=called),),
        absences=(AbsenceRow(ME, "days_away", days=values["away"]),) if values["away"] else (),
        duties=tuple(DutyRow(ME, "other", basis, values[name]) for name, basis in bases.items() if values[name]),
        classes=classes,
        units=tuple(
            UnitRow(f"unit-{row.id}", "area", template.discipline, row.id, clients=n, current_practitioner=ME)
            for row in classes
            if (n := values[f"clients:{row.id}"].numerator)
        ),
    )


def _class(row: ClassRow, values: Mapping[str, Fraction]) -> ClassRow:
    return ClassRow(
        id=row.id,
        discipline=row.discipline,
        label_en=row.label_en,
        label_fr=row.label_fr,
        visits=values[f"visits:{row.id}"],
        direct_minutes=values[f"direct:{row.id}"],
        indirect_minutes=values[f"indirect:{row.id}"],
        travel_minutes=values[f"travel:{row.id}"],
        episode_minutes=values[f"episode:{row.id}"],
        source=row.source,
    )


def as_field(value: Fraction | None) -> str:
    """A usual figure as the field would hold it."""
    return "" if value is None else plain_decimal(value)
