"""Classes from a template: entered as approved first versions by a named person, into a program that has none of the discipline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from evenload.exchange.class_templates import DISCIPLINES, ClassTemplate
from evenload.records.access import Person
from evenload.records.models import Program, TimeStandard
from evenload.workflow import journal, standard_versions
from evenload.workflow.refused import Refused
from evenload.workflow.standard_figures import Figures


def open_disciplines(program: Program) -> tuple[str, ...]:
    """Disciplines with a template of which the program has no class yet: those of its people first."""
    held = set(program.time_standards.values_list("discipline", flat=True))
    people = {code for codes in program.practitioners.values_list("disciplines", flat=True) for code in codes}
    free = [one for one in DISCIPLINES if one not in held]
    return tuple(sorted(free, key=lambda one: one not in people))


def stated_of(template: ClassTemplate, source: str) -> Figures:
    """The figures of one class of a template, under this source."""
    row = template.row
    return Figures(
        visits=row.visits,
        direct_minutes=row.direct_minutes,
        indirect_minutes=row.indirect_minutes,
        travel_minutes=row.travel_minutes,
        episode_minutes=row.episode_minutes,
        group_size=row.group_size,
        no_show_rate=row.no_show_rate,
        no_show_minutes=row.no_show_minutes,
        experience_years=row.experience_years,
        judgement_weight=row.judgement_weight,
        source=source,
    )


def enter(
    program: Program, templates: Sequence[ClassTemplate], figures: Mapping[str, Figures], *, by: Person, at: datetime
) -> list[TimeStandard]:
    """Enter the classes of a template, with the figures as the person left them; each is an approved version of hers.

    Refused `standard_fields` {problems: class-and-field → code}, `template_not_empty` where the discipline has classes already.
    """
    stated = {code: one.fitted() for code, one in figures.items()}
    problems = {f"{name}-{code}": problem for code, one in stated.items() for name, problem in one.problems().items()}
    if problems:
        raise Refused("standard_fields", problems=problems)
    with transaction.atomic():
        held = Program.objects.select_for_update().get(pk=program.pk)
        disciplines = {one.row.discipline for one in templates}
        if TimeStandard.objects.filter(program=held, discipline__in=disciplines).exists():
            raise Refused("template_not_empty")
        made = _made(held, templates, stated)
        standard_versions.note(made, "template", by=by, at=at)
        Program.objects.filter(pk=held.pk).update(facts_version=F("facts_version") + 1)
        journal.record(by, "standard.template", at=at, program=held, classes=[one.code for one in made])
    return made


def _made(program: Program, templates: Sequence[ClassTemplate], stated: Mapping[str, Figures]) -> list[TimeStandard]:
    rows = [
        TimeStandard(
            program=program,
            code=one.row.id,
            discipline=one.row.discipline,
            label_en=one.row.label_en,
            label_fr=one.row.label_fr or "",
            **stated[one.row.id].columns(),
        )
        for one in templates
    ]
    try:
        with transaction.atomic():
            TimeStandard.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused("template_not_empty") from error
    return list(TimeStandard.objects.filter(program=program, code__in=[one.code for one in rows]))
