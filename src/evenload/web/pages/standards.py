"""Time standards of a program: every class with its evidence, one class with its judges and its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import program_for, standard_for
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in
from evenload.web.standard_csv import standards_csv
from evenload.web.standard_page import standard_facts
from evenload.web.standard_parts import line_view, template_choices
from evenload.web.standard_words import drift_rule
from evenload.workflow import time_standards


@door("standard.see")
@require_safe
def all_of(request: HttpRequest, code: str) -> HttpResponse:
    """Every class of the program: as judged, as recorded, as planned with, and what departs now."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "standard.see")
    lines = time_standards.lines_of(program, today=timezone.localdate())
    views = [line_view(words, line, program.code) for line in lines]
    facts = {
        "program": program,
        "views": views,
        "departing": [view for view in views if view.alerts],
        "proposed": [view for view in views if view.is_proposed],
        "rule": drift_rule(words),
        "period": words.period(program.period_start, program.period_weeks),
        "templates": template_choices(words, program),
    }
    return render(request, "standards.html", facts)


@door("standard.see")
@require_safe
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The table of standards as CSV: one line for each part of each class."""
    program = program_for(person_in(request), code, "standard.see")
    today = timezone.localdate()
    return standards_csv(words_of(request), program, time_standards.lines_of(program, today=today), today)


@door("standard.see")
@require_safe
def one(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One class: what is planned with and why, recorded visits, judges, a proposal with what it changes, the history."""
    person = person_in(request)
    program = program_for(person, code, "standard.see")
    standard = standard_for(person, program, key)
    return render(request, "standard.html", standard_facts(words_of(request), person, standard))
