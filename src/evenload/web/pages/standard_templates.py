"""A template of time standards: the classes of a setting and discipline, each default with its source, edited before they are entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenload.exchange.class_templates import FIGURES, TEMPLATES, ClassTemplate, class_templates, source_text
from evenload.exchange.template_sources import OUR_JUDGEMENT
from evenload.records.access import program_for
from evenload.records.models import Program
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in
from evenload.web.standard_fields import read_figures, sentences, typed_of
from evenload.web.standard_words import CONFLICTS, HINTS, field_errors, refusal
from evenload.web.standard_words import FIGURES as NAMES_OF_FIGURES
from evenload.words import Words, label, message
from evenload.workflow import standard_templates
from evenload.workflow.refused import Refused
from evenload.workflow.standard_figures import Figures

HOW: Final = {
    "published": message("published"),
    "near": message("judgement near a published figure"),
    "judgement": message("judgement of Evenload's authors"),
}
ASKED: Final = tuple(FIGURES)
"""what the form asks for; the rest is as the template has it"""


@door("standard.change")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str, setting: str, discipline: str) -> HttpResponse:
    """The classes of one template as a form; entered, they are approved first versions of whoever enters them."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "standard.change")
    if (setting, discipline) not in TEMPLATES:
        raise Http404
    chosen = class_templates(setting, discipline)
    begun = {f"{name}-{one.row.id}": value for one in chosen for name, value in _typed(one).items() if name in ASKED}
    stated = {name: request.POST.get(name, "") for name in begun} if request.method == "POST" else begun
    page = TemplatePage(program, setting, discipline, chosen)
    if request.method != "POST":
        return render(request, "standard_template.html", _facts(words, page, stated, {}))
    errors: dict[str, list[str]] = {}
    figures = {}
    for one in chosen:
        edited = [name for name in ASKED if stated[f"{name}-{one.row.id}"].strip() != begun[f"{name}-{one.row.id}"]]
        sources = {**one.sources, **dict.fromkeys(edited, OUR_JUDGEMENT)}
        source = source_text(words, setting, discipline, sources, edited=edited, by=person.name)
        read, wrong = _read(one, stated, source)
        errors |= sentences(words, wrong)
        if read is not None:
            figures[one.row.id] = read
    if errors:
        return render(request, "standard_template.html", _facts(words, page, stated, errors), status=422)
    try:
        standard_templates.enter(program, chosen, figures, by=person, at=timezone.now())
    except Refused as refused:
        if refused.code == "standard_fields":
            return render(request, "standard_template.html", _facts(words, page, stated, field_errors(words, refused)), status=422)
        facts = _facts(words, page, stated, {}) | {"refused": refusal(words, refused)}
        return render(request, "standard_template.html", facts, status=409 if refused.code in CONFLICTS else 422)
    messages.success(request, words.say("The classes are entered. Each can be changed, with its history, from now on."))
    return redirect("standards", code=code)


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """Which template is looked at, for which program."""

    program: Program
    setting: str
    discipline: str
    chosen: tuple[ClassTemplate, ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of one class: its field, where its default comes from."""

    name: str
    label: str
    hint: str
    value: str
    errors: list[str]
    how: str
    said: str
    address: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """One class of the template."""

    name: str
    key: str
    note: str
    fields: tuple[FigureView, ...]


def _typed(one: ClassTemplate) -> dict[str, str]:
    return typed_of(standard_templates.stated_of(one, ""))


def _read(one: ClassTemplate, stated: Mapping[str, str], source: str) -> tuple[Figures | None, dict[str, str]]:
    """One class as it was left: what was asked for from the form, the rest from the template."""
    suffix = f"-{one.row.id}"
    whole = {f"{name}{suffix}": value for name, value in {**_typed(one), "source": source}.items()}
    return read_figures({**whole, **{name: value for name, value in stated.items() if name in whole}}, suffix=suffix)


def _facts(words: Words, page: TemplatePage, stated: Mapping[str, str], errors: Mapping[str, list[str]]) -> dict[str, Any]:
    others = [
        (setting, label(words, "setting", setting))
        for setting, discipline in TEMPLATES
        if discipline == page.discipline and setting != page.setting
    ]
    return {
        "program": page.program,
        "title": words.say(
            "Template: {setting}, {discipline}",
            setting=label(words, "setting", page.setting),
            discipline=label(words, "discipline", page.discipline),
        ),
        "discipline": page.discipline,
        "classes": [_class(words, one, stated, errors) for one in page.chosen],
        "errors": errors,
        "others": others,
        "period": words.period(page.program.period_start, page.program.period_weeks),
        "is_open": page.discipline in standard_templates.open_disciplines(page.program),
    }


def _class(words: Words, one: ClassTemplate, stated: Mapping[str, str], errors: Mapping[str, list[str]]) -> ClassView:
    note = words.say("Groups of {n}: the minutes are those of a session.", n=one.row.group_size) if one.row.group_size > 1 else ""
    return ClassView(
        words.either(one.row.label_en, one.row.label_fr),
        one.row.id,
        note,
        tuple(_figure(words, one, name, stated, errors) for name in ASKED),
    )


def _figure(words: Words, one: ClassTemplate, name: str, stated: Mapping[str, str], errors: Mapping[str, list[str]]) -> FigureView:
    field, source = f"{name}-{one.row.id}", one.sources.get(name)
    return FigureView(
        name=field,
        label=words.say(NAMES_OF_FIGURES[name]),
        hint=words.say(HINTS[name]) if source is None else "",
        value=stated.get(field, ""),
        errors=errors.get(field, []),
        how=words.say(HOW[source.how]) if source else "",
        said=words.say(source.said) if source and source.said else "",
        address=source.address if source else "",
    )
