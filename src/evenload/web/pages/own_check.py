"""A clinician's check of her own caseload: open to everybody, nothing stored, the program's own arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenload.exchange.example_settings import SETTINGS
from evenload.exchange.pages import Panel
from evenload.exchange.worksheet import assumptions
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.exchange.worksheet_match import facing
from evenload.planning.codes import DISCIPLINES, ENGAGEMENTS
from evenload.planning.sensitivity import gap_range
from evenload.web.desk_answers import words_of
from evenload.web.door import open_door
from evenload.web.own_check_words import CLASS_FIELDS, FIELDS, answer_sentence, field_name, source_of, wrong_sentence
from evenload.web.worksheet_fields import FieldView, as_typed
from evenload.web.worksheet_have import bar_views
from evenload.web.worksheet_match_parts import figure_lines
from evenload.web.worksheet_need import class_formula
from evenload.words import Words, label
from evenload.words.problems import expectation
from evenload.workflow.own_check import Answers, Template, check, read, template_of
from evenload.workflow.planning_worksheet import Worksheet

NEEDED: Final = ("hours", "weeks")
"""asked first: with the clients, all that has to be stated; the rest has its usual figures"""


@dataclass(frozen=True, slots=True)
class CheckField:
    """A field and where its usual figure comes from."""

    field: FieldView
    hint: str


@dataclass(frozen=True, slots=True)
class ClassFields:
    """The fields of one class, and the source of its usual figures."""

    name: str
    fields: tuple[FieldView, ...]
    source: str


@open_door
@require_http_methods(["GET", "HEAD", "POST"])
def own_check(request: HttpRequest) -> HttpResponse:
    """The check: a form with the usual figures of a setting, and with a form sent its answer. No session, no record."""
    words = words_of(request)
    stated = request.POST if request.method == "POST" else request.GET
    template = template_of(stated.get("setting", ""), stated.get("discipline", ""), stated.get("engagement", ""))
    if request.method != "POST":
        return render(request, "own_check.html", _form(words, template, {}, {}))
    typed = {one.name: request.POST.get(one.name, "") for one in template.asked}
    answers = read(template, typed)
    if answers.wrong:
        wrong = {name: wrong_sentence(words, template.of(name), code) for name, code in answers.wrong.items()}
        return render(request, "own_check.html", _form(words, template, typed, wrong), status=422)
    sheet = check(template, answers, starts_on=timezone.localdate(), called=words.say("Me"))
    if sheet.problems:
        return render(request, "own_check.html", _form(words, template, typed, _contradiction(words, sheet)), status=422)
    facts = _form(words, template, typed, {}) | _answer(words, template, sheet, answers)
    return render(request, "own_check.html", facts)


def _contradiction(words: Words, sheet: Worksheet) -> dict[str, str]:
    """What the figures say against each other, at the field where it is mended: absence, or else other work."""
    said: dict[str, str] = {}
    for problem in sheet.problems:
        name = "away" if problem.code == "absence_exceeds_contracted" else "percent"
        said.setdefault(name, expectation(words, problem, {}))
    return said


def _form(words: Words, template: Template, typed: dict[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    fields = {}
    for place, one in enumerate(template.asked):
        value = typed.get(one.name) or as_typed(words, one.usual)
        errors = (wrong[one.name],) if one.name in wrong else ()
        view = FieldView(one.name, f"own-{place}", field_name(words, template, one), value, "", errors)
        fields[one.name] = CheckField(view, source_of(words, template, one))
    return {
        "template": template,
        "settings": [(code, label(words, "setting", code)) for code in SETTINGS],
        "disciplines": [(code, label(words, "discipline", code)) for code in DISCIPLINES],
        "engagements": [(code, label(words, "engagement", code)) for code in ENGAGEMENTS],
        "first": [fields[name] for name in NEEDED],
        "more": [fields[name] for name in FIELDS if name not in NEEDED],
        "headings": [words.say(name) for name in CLASS_FIELDS.values()],
        "classes": [
            ClassFields(
                words.either(row.label_en, row.label_fr),
                tuple(fields[f"{what}:{row.id}"].field for what in CLASS_FIELDS),
                fields[f"visits:{row.id}"].hint,
            )
            for row in template.classes
        ],
        "errors": [(view.field.id, view.field.label, error) for view in fields.values() for error in view.field.errors],
    }


def _answer(words: Words, template: Template, sheet: Worksheet, answers: Answers) -> dict[str, Any]:
    facts = WorksheetFacts(sheet.plan, sheet.stated, sheet.rows, words)
    row = sheet.plan.match[0]
    both = facing(facts, row)
    hours, *others = figure_lines(facts, row)
    low, high = gap_range(sheet.plan.sensitivity, row.discipline)
    return {
        "answer": answer_sentence(words, sheet.plan, row),
        "is_short": row.gap_hours < 0,
        "left": Panel(words.say("My hours carry"), both.left.statement, both.left.lines),
        "right": Panel(words.say("My clients need"), both.right.statement, both.right.lines),
        "gap": both.lines[-1],
        "range": words.say(
            "If times or hours were 10% off: gap from {low} to {high}.", low=words.signed_hours(low), high=words.signed_hours(high)
        ),
        "bars": [replace(bar, source=words.say("What I stated here"), range="") for bar in bar_views(facts)],
        "lines": (replace(hours, formula=words.say("my hours less absence, other work and reserve")), *others),
        "formulas": [
            (facts.class_label(line.class_id), line.clients, class_formula(words, line.time), words.hours(line.hours))
            for line in sheet.plan.classes
            if line.clients
        ],
        "inputs": [
            (field_name(words, template, one), as_typed(words, answers.values[one.name]), one.name in answers.usual and bool(one.source))
            for one in template.asked
            if answers.values[one.name] or one.name in FIELDS
        ],
        "assumptions": assumptions(facts),
    }
