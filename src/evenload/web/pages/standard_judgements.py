"""What a person judges a visit to take: a planner from the page of a class, a practitioner for the classes of her own disciplines."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.records.access import NotHers, Person, own_practitioners, program_for, standard_for
from evenload.records.models import Program, StandardJudgement, TimeStandard
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in
from evenload.web.standard_fields import Wrong, read_number, sentences
from evenload.web.standard_words import FIGURES, class_name, field_errors, figure_shown
from evenload.words import Words, label
from evenload.workflow import standard_judgements
from evenload.workflow.refused import Refused
from evenload.workflow.standard_judgements import JUDGED
from evenload.workflow.worksheet_tries import plain_decimal


@door("standard.judge")
@require_safe
def judge_own(request: HttpRequest, code: str) -> HttpResponse:
    """The classes that this person may judge, with what she judged last."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "standard.judge")
    last = {row.standard_id: row for row in StandardJudgement.objects.filter(standard__program=program, by=person.account)}
    lines = [
        (one, class_name(words, one), label(words, "discipline_short", one.discipline), last.get(one.pk))
        for one in program.time_standards.all()
        if _is_hers(person, program, one)
    ]
    return render(request, "standards_judged.html", {"program": program, "lines": lines})


@door("standard.judge")
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One person's judgement of one class. What others judged is not shown: each judges for herself."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "standard.judge")
    standard = standard_for(person, program, key, "standard.judge")
    if not _is_hers(person, program, standard):
        raise NotHers
    if request.method != "POST":
        return render(request, "standard_judge.html", _form(words, person, standard, _before(standard, person)))
    stated = request.POST.dict()
    judged: dict[str, Fraction | None] = {}
    wrong: dict[str, str] = {}
    for name in JUDGED:
        found = read_number(stated.get(name, ""), required=name == "direct_minutes")
        if isinstance(found, Wrong):
            wrong[name] = found.code
        else:
            judged[name] = found
    errors = sentences(words, wrong)
    if not errors:
        try:
            standard_judgements.judge(standard, judged, why=stated.get("why", ""), by=person, at=timezone.now())
        except Refused as refused:
            errors = field_errors(words, refused)
        else:
            messages.success(request, words.say("Your judgement is kept. Your earlier one stays on record and counts no more."))
            if person.is_practitioner:
                return redirect("standard_judge_own", code=code)
            return redirect("standard", code=code, key=key)
    return render(request, "standard_judge.html", _form(words, person, standard, stated, errors), status=422)


def _is_hers(person: Person, program: Program, standard: TimeStandard) -> bool:
    """A practitioner judges the classes of her own disciplines in this program."""
    if not person.is_practitioner:
        return True
    rows = own_practitioners(person).filter(program=program)
    return any(standard.discipline in one.disciplines for one in rows)


def _before(standard: TimeStandard, person: Person) -> dict[str, str]:
    """What she judged last."""
    last = StandardJudgement.objects.filter(standard=standard, by=person.account).last()
    if last is None:
        return {}
    said = {name: plain_decimal(Fraction(str(value))) for name in JUDGED if (value := getattr(last, name)) is not None}
    return said | {"why": last.why}


def _form(
    words: Words, person: Person, standard: TimeStandard, stated: dict[str, str], errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    found = errors or {}
    return {
        "program": standard.program,
        "standard": standard,
        "name": class_name(words, standard),
        "fields": [
            {
                "name": name,
                "label": words.say(FIGURES[name]),
                "value": stated.get(name, ""),
                "errors": found.get(name),
                "required": name == "direct_minutes",
                "hint": words.say("Planned with, as judged: {figure}.", figure=figure_shown(words, name, getattr(standard, name))),
            }
            for name in JUDGED
        ],
        "why": stated.get("why", ""),
        "errors": found,
        "is_practitioner": person.is_practitioner,
    }
