"""The planning worksheet: hours we have, hours clients need, match; every figure opens, and may be tried otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from evenload.exchange.rows import Rows
from evenload.exchange.setting_rows import class_rows
from evenload.exchange.worksheet import assumptions, notices
from evenload.exchange.worksheet_facts import WorksheetFacts
from evenload.records.access import program_for
from evenload.records.models import Program
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.standard_parts import template_choices
from evenload.web.worksheet_fields import (
    NOTHING_TYPED,
    Typed,
    address_of,
    field_id,
    field_views,
    figures_of_step,
    problems_at_fields,
    try_views,
)
from evenload.web.worksheet_have import have_view
from evenload.web.worksheet_match_parts import change_views, gap_sentence, match_step, mix_fields
from evenload.web.worksheet_need import need_view, usual_views
from evenload.web.worksheet_words import STEPS
from evenload.words import Words, label, words_in
from evenload.words.formats import LANGUAGES
from evenload.workflow.planning_worksheet import Worksheet, earlier_run, since, tried, worksheet_of
from evenload.workflow.worksheet_tries import read_fields, read_tokens

FORMS: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TRIES_NAMED: Final = 4
ERRORS_NAMED: Final = 6
"""in the summary on top; each stands at its field all the same"""
MOST_TRIES: Final = 60
"""More at once is another plan, not a try; the address would not hold them."""
USUAL_DISCIPLINES: Final = ("OT", "PT", "SLP")


@door("worksheet.see")
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet(request: HttpRequest, code: str) -> HttpResponse:
    """One step of the worksheet, live from the records, with what the address tries; a form leads to such an address."""
    program = program_for(person_in(request), code, "worksheet.see")
    shows(request, program=program)
    recorded = worksheet_of(program)
    stated = request.POST if request.method == "POST" else request.GET
    step = int(found) if (found := stated.get("step", "")) in {"1", "2", "3"} else 3
    tries = read_tokens(stated.getlist("try")[:MOST_TRIES], recorded.figures)
    if request.method != "POST":
        return render(request, "worksheet.html", _facts(request, program, tried(program, recorded, tries), step=step))
    asked = figures_of_step(recorded, step)
    fields = {one.key: request.POST[one.key] for one in asked if one.key in request.POST}
    new, wrong = read_fields(fields, asked)
    kept = tuple(one for one in tries if one.figure.key not in fields)
    place = {one.key: at for at, one in enumerate(recorded.figures)}
    sheet = tried(program, recorded, sorted((*kept, *new), key=lambda one: place[one.figure.key]))
    if wrong or len(kept) + len(new) > MOST_TRIES or (sheet.problems and sheet.problems != recorded.problems):
        typed = Typed(fields, wrong)
        return render(request, "worksheet.html", _facts(request, program, sheet, step=step, typed=typed), status=422)
    return redirect(reverse("worksheet", args=[code]) + address_of(step, sheet.tries) + _at_changed_field(request, recorded, sheet))


def _at_changed_field(request: HttpRequest, recorded: Worksheet, sheet: Worksheet) -> str:
    """Leads back to the field that was changed, so that the focus stays there; also where its try was taken back."""
    now = {one.figure.key: one.token for one in sheet.tries}
    shown = {one.figure.key: one.token for one in read_tokens(request.POST.getlist("shown"), recorded.figures)}
    changed = (place for place, one in enumerate(recorded.figures) if one.key in request.POST and now.get(one.key) != shown.get(one.key))
    place = next(changed, None)
    return "" if place is None else f"#{field_id(place)}"


def _facts(request: HttpRequest, program: Program, sheet: Worksheet, *, step: int, typed: Typed = NOTHING_TYPED) -> dict[str, Any]:
    words, recorded = words_of(request), worksheet_of(program)
    facts = WorksheetFacts(sheet.plan, sheet.stated, sheet.rows, words)
    fields = field_views(words, sheet, typed)
    _, elsewhere = problems_at_fields(words, sheet)
    step_of = {one.key: one.step for one in sheet.figures}
    errors = [
        (("" if step_of[key] == step else address_of(step_of[key], sheet.tries)) + f"#{one.id}", one.label, error)
        for key, one in fields.items()
        for error in one.errors
    ]
    at_step = {one.key: fields[one.key] for one in figures_of_step(sheet, step)}
    shown = {
        "program": program,
        "step": step,
        "steps": [(number, words.say(name), address_of(number, sheet.tries)) for number, name in STEPS.items()],
        "query": address_of(step, sheet.tries),
        "shown_tokens": [one.token for one in sheet.tries if one.figure.key in at_step],
        "tokens": [one.token for one in sheet.tries if one.figure.key not in at_step],
        "tries": try_views(words, sheet, step),
        "all_tokens": [one.token for one in sheet.tries],
        "clean": address_of(step, ()),
        "said": _said(words, sheet, recorded),
        "title": words.say("{program} · {period}", program=facts.program_name, period=facts.period),
        "is_whole": sheet.is_whole,
        "has_people": bool(sheet.stated.practitioners),
        "has_classes": bool(sheet.stated.classes),
        "elsewhere": elsewhere,
        "errors": errors[:ERRORS_NAMED],
        "is_mix_wrong": any(one.errors for key, one in at_step.items() if step == 3),
        "more_errors": max(0, len(errors) - ERRORS_NAMED),
        "assumptions": assumptions(facts),
        "notices": notices(facts),
    }
    return shown | _step_facts(request, program, facts, sheet, step, fields)


def _step_facts(
    request: HttpRequest, program: Program, facts: WorksheetFacts, sheet: Worksheet, step: int, fields: dict[str, Any]
) -> dict[str, Any]:
    words = facts.words
    if step == 1:
        return {"have": have_view(facts, fields, request.GET.get("person", "")), "person_query": address_of(1, sheet.tries)}
    if step == 2:
        rows = () if sheet.stated.classes else class_rows(program.setting, USUAL_DISCIPLINES)
        names = {code: label(words, "discipline_short", code) for code in USUAL_DISCIPLINES}
        usual = usual_views(words, rows, names)
        templates = () if sheet.stated.classes else template_choices(words, program)
        return {"need": need_view(facts, fields), "usual": usual, "setting": program.setting, "templates": templates}
    run = earlier_run(program)
    changed = since(run, sheet) if run is not None and "since" in request.GET else None
    return {
        "match": match_step(facts, before=worksheet_of(program).plan, tries=sheet.tries),
        "mixes": mix_fields(facts, fields),
        "run": run,
        "since_query": address_of(3, sheet.tries, since="plan"),
        "asks_since": "since" in request.GET,
        "changed": changed,
        "changes": change_views(facts, changed.differences) if changed else (),
    }


def _said(words: Words, sheet: Worksheet, recorded: Worksheet) -> list[str]:
    """What the tries did to the gap of each discipline, for eyes and ears."""
    before = {row.discipline: row.gap_hours for row in recorded.plan.match}
    if not sheet.tries or not sheet.is_whole:
        return []
    said = [
        words.pair(label(words, "discipline", row.discipline), gap_sentence(words, row.gap_hours, before[row.discipline]))
        for row in sheet.plan.match
        if before.get(row.discipline, row.gap_hours) != row.gap_hours
    ]
    return said or [words.say("No gap in hours changes.")]


@door("worksheet.see")
@require_safe
def download(request: HttpRequest, code: str, language: str, form: str) -> HttpResponse:
    """The worksheet as a PDF (its last page is the gap sheet) or a workbook, with what the address tries."""
    program = program_for(person_in(request), code, "worksheet.see")
    if language not in LANGUAGES or form not in FORMS:
        raise Http404
    recorded = worksheet_of(program)
    sheet = tried(program, recorded, read_tokens(request.GET.getlist("try")[:MOST_TRIES], recorded.figures))
    if not sheet.is_whole:
        return redirect(reverse("worksheet", args=[code]) + address_of(1, sheet.tries))
    shows(request, program=program)
    words = words_in(language)
    response = HttpResponse(_written(form, sheet, words), content_type=FORMS[form])
    name = slugify(words.say("Planning worksheet"))
    response["Content-Disposition"] = f'attachment; filename="{name}-{program.code}-{language}.{form}"'
    return response


def _written(form: str, sheet: Worksheet, words: Words) -> bytes:
    """The file; the writers are loaded only where one is asked for."""
    rows = _rows_that_say_what_is_tried(words, sheet)
    if form == "pdf":
        from evenload.exchange.worksheet_pdf import worksheet_pdf

        return worksheet_pdf(sheet.plan, sheet.stated, rows, words)
    from evenload.exchange.worksheet_xlsx import worksheet_xlsx

    return worksheet_xlsx(sheet.plan, sheet.stated, rows, words)


def _rows_that_say_what_is_tried(words: Words, sheet: Worksheet) -> Rows:
    """The rows; where something is tried, every sheet of the file says so beside the program's name."""
    if not sheet.tries:
        return sheet.rows
    views = try_views(words, sheet, 3)
    some = [words.say("{figure}: {value}", figure=one.name, value=one.after) for one in views[:TRIES_NAMED]]
    named = "; ".join([*some, "…"] if len(views) > TRIES_NAMED else some)
    program = words.either(sheet.rows.program.name_en, sheet.rows.program.name_fr)
    said = words.say("{program} (tried, not recorded: {tries})", program=program, tries=named)
    return replace(sheet.rows, program=replace(sheet.rows.program, name_en=said, name_fr=said))
