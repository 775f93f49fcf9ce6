"""From nothing to a first program: an example that is deleted in one step, or a program of one's own from five answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from evenload.exchange.example import example_rows
from evenload.exchange.example_organisation import PARTS, organisation_rows
from evenload.exchange.example_settings import SETTINGS
from evenload.exchange.facts import program_from
from evenload.exchange.rows import ClassRow, PractitionerRow, ProgramRow, Rows, SiteRow, UnitRow
from evenload.exchange.setting_rows import SITE_KINDS, absence_rows, class_rows, duty_rows, usual_class
from evenload.planning.capacity import capacities
from evenload.planning.problems import CaseError
from evenload.records.access import Person, may
from evenload.records.models import Assignment, Edition, Program, Unit
from evenload.words import label, message, words_in
from evenload.workflow import journal, standard_versions
from evenload.workflow.intake import free_code
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.refused import Refused

EXAMPLE_SIZES: Final = {"small": (12, 160), "medium": (30, 600), "large": (80, 2500)}
"""size → practitioners and caseload units"""
ORGANISATION_SIZE: Final = (sum(part.extent.practitioners for part in PARTS), sum(part.extent.units for part in PARTS))
"""practitioners and caseload units of the example organisation"""
MOST_PEOPLE, MOST_CLIENTS = 200, 5_000
UNITS_WANTED: Final = 400
CLIENTS_TOGETHER: Final = 3
"""clients in one unit of a program from five answers, where there are few"""
FRENCH_SPEAKER: Final = {"fr": "native", "en": "fluent"}
ENGLISH_SPEAKER: Final = {"en": "native"}
EXAMPLE_NAME: Final = message("{name} (example)")
FIRST_SITE: Final = message("Our clients")
UNIT_LABEL: Final = message("{discipline}, group {number}")
PERSON_NAME: Final = message("{discipline}, person {number}")


@dataclass(frozen=True, slots=True)
class Team:
    """People and clients of one discipline, and how many of each speak French or asked for it."""

    people: int
    people_in_french: int
    clients: int
    clients_in_french: int


@dataclass(frozen=True, slots=True)
class FiveAnswers:
    """What the five questions of the first run ask."""

    name: str
    setting: str
    teams: Mapping[str, Team]
    """by discipline"""
    weekly_hours: Fraction


def make_example(*, setting: str, size: str, by: Person, at: datetime) -> Program:
    """A program of invented people and clients, marked as an example. Raises KeyError for an unknown setting or size."""
    _check_director(by)
    practitioners, units = EXAMPLE_SIZES[size]
    rows = example_rows(practitioners=practitioners, units=units, setting=setting)
    return _made(_named_example(rows), code=free_code(f"example-{setting}"), is_example=True, by=by, at=at)


def make_example_organisation(*, by: Person, at: datetime) -> tuple[Program, ...]:
    """The four programs of the demonstration, as they stand this week: all of them or none. The largest comes first."""
    _check_director(by)
    with transaction.atomic():
        return tuple(
            _made(_named_example(rows), code=free_code(f"example-{part.code}"), is_example=True, by=by, at=at)
            for part, rows in organisation_rows(on=localdate(at))
        )


def _named_example(rows: Rows) -> Rows:
    name_en = words_in("en").say(EXAMPLE_NAME, name=rows.program.name_en)
    name_fr = words_in("fr").say(EXAMPLE_NAME, name=rows.program.name_fr or rows.program.name_en)
    return replace(rows, program=replace(rows.program, name_en=name_en, name_fr=name_fr))


def make_program(answers: FiveAnswers, *, lang: str, by: Person, at: datetime) -> Program:
    """A program of one's own: people and clients without names, time standards, absences and duties of the setting.

    Refused `name_missing`, `nobody_to_plan`, `nothing_to_plan`, `too_many` (limit=), `hours_leave_nothing`.
    """
    _check_director(by)
    _check(answers)
    rows = rows_of_answers(answers, lang=lang, today=localdate(at))
    try:
        capacities(program_from(rows))
    except CaseError as error:
        raise Refused("hours_leave_nothing") from error
    return _made(rows, code=free_code(answers.name), is_example=False, by=by, at=at)


def delete_example(program: Program, *, by: Person, at: datetime) -> None:
    """Take an example away with everything in it; the journal keeps its line. Refused `not_an_example` for any other program."""
    if not may(by, "example.delete") or not program.is_example:
        raise Refused("not_an_example")
    with transaction.atomic():
        Assignment.objects.filter(unit__program=program).delete()
        Edition.objects.filter(program=program).delete()
        Unit.objects.filter(program=program).delete()
        code, name = program.code, program.name_en
        program.delete()
        journal.record(by, "example.delete", at=at, subject=("program", code), name=name)


def delete_examples(*, by: Person, at: datetime) -> None:
    """Take every example away in one step. Refused `not_an_example` where there is none."""
    with transaction.atomic():
        examples = list(Program.objects.filter(is_example=True))
        if not examples:
            raise Refused("not_an_example")
        for program in examples:
            delete_example(program, by=by, at=at)


def rows_of_answers(answers: FiveAnswers, *, lang: str, today: date) -> Rows:
    """The rows that the answers stand for; the period begins next Monday and is as long as is usual in the setting."""
    disciplines = [discipline for discipline, team in answers.teams.items() if team.people or team.clients]
    classes = class_rows(answers.setting, disciplines)
    words = words_in(lang)
    return Rows(
        program=ProgramRow(
            name_en=answers.name.strip(),
            setting=answers.setting,
            period_start=today + timedelta(days=7 - today.weekday()),
            period_weeks=SETTINGS[answers.setting].weeks,
        ),
        practitioners=tuple(_people(answers, lang)),
        absences=absence_rows(answers.setting, ["employee"]),
        duties=duty_rows(answers.setting, [one for one in disciplines if answers.teams[one].people], ["employee"]),
        sites=(SiteRow(id="site-1", name_en=words.say(FIRST_SITE), kind=SITE_KINDS[answers.setting]),),
        classes=classes,
        units=tuple(_units(answers, classes, lang)),
    )


def _people(answers: FiveAnswers, lang: str) -> Iterator[PractitionerRow]:
    for discipline, team in answers.teams.items():
        for number in range(1, team.people + 1):
            speaks = FRENCH_SPEAKER if number <= team.people_in_french else ENGLISH_SPEAKER
            yield PractitionerRow(
                id=f"{discipline}-{number}",
                name=words_in(lang).say(PERSON_NAME, discipline=_discipline(discipline, lang), number=number),
                disciplines=(discipline,),
                engagement="employee",
                weekly_hours=answers.weekly_hours,
                languages=speaks,
            )


def _units(answers: FiveAnswers, classes: tuple[ClassRow, ...], lang: str) -> Iterator[UnitRow]:
    total = sum(team.clients for team in answers.teams.values())
    together = max(CLIENTS_TOGETHER, -(-total // UNITS_WANTED))
    for discipline, team in answers.teams.items():
        standard = usual_class(classes, discipline)
        number = 0
        for language, clients in (("fr", team.clients_in_french), ("en", team.clients - team.clients_in_french)):
            for first in range(0, clients, together):
                number += 1
                assert standard is not None
                yield UnitRow(
                    id=f"{discipline}-group-{number}",
                    kind="site",
                    site="site-1",
                    discipline=discipline,
                    class_id=standard.id,
                    clients=min(together, clients - first),
                    language=language,
                    label=words_in(lang).say(UNIT_LABEL, discipline=_discipline(discipline, lang), number=number),
                )


def _discipline(code: str, lang: str) -> str:
    return label(words_in(lang), "discipline", code)


def _check(answers: FiveAnswers) -> None:
    if not answers.name.strip() or len(answers.name.strip()) > 200:
        raise Refused("name_missing")
    people = sum(team.people for team in answers.teams.values())
    clients = sum(team.clients for team in answers.teams.values())
    if not people:
        raise Refused("nobody_to_plan")
    if not clients:
        raise Refused("nothing_to_plan")
    if people > MOST_PEOPLE or clients > MOST_CLIENTS:
        raise Refused("too_many", people=MOST_PEOPLE, clients=MOST_CLIENTS)


def _check_director(by: Person) -> None:
    if not may(by, "program.create"):
        raise Refused("program_needed")


def _made(rows: Rows, *, code: str, is_example: bool, by: Person, at: datetime) -> Program:
    with transaction.atomic():
        program = take_in(rows, program=None, code=code).program
        program.is_example = is_example
        program.save(update_fields=["is_example"])
        standard_versions.note_all(program, "example" if is_example else "template", by=by, at=at)
        journal.record(by, "program.create", at=at, program=program, subject=program, is_example=is_example)
    return program
