"""Files of reports, made when they are asked for and never kept: the gap sheet, the report of a quarter, the workload of one person.

And the quarter as a page. Where the facts contradict each other, a page says so instead of a file.
"""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from evenload.exchange.quarter_report import brief, quarter_name
from evenload.exchange.quarter_tables import Quarter as SeenQuarter
from evenload.exchange.quarter_tables import tables
from evenload.records.access import program_for, workload_for
from evenload.records.models import Practitioner, Program
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.worksheet_tables import table_view
from evenload.words import Words, words_in
from evenload.words.formats import LANGUAGES
from evenload.words.problems import problem_sentence
from evenload.workflow import quarters
from evenload.workflow.planning_worksheet import worksheet_of
from evenload.workflow.quarter_figures import quarter_figures
from evenload.workflow.quarters import Quarter
from evenload.workflow.refused import Refused
from evenload.workflow.report_files import FORMS, plan_file, quarter_file, whole
from evenload.workflow.workload_figures import workload_figures

TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PROBLEMS_NAMED: Final = 12


@door("worksheet.see")
@require_safe
def gap_sheet(request: HttpRequest, code: str, language: str, form: str) -> HttpResponse:
    """The gap sheet on one page, or as a workbook that goes on counting."""
    program = program_for(person_in(request), code, "worksheet.see")
    words = _asked(language, form)
    shows(request, program=program)
    try:
        content = plan_file("gap_sheet", whole(worksheet_of(program)), words, form)
    except Refused:
        return _refused(request, program)
    return _file(content, words, words.say("Gap sheet"), program.code, form)


@door("report.see")
@require_safe
def quarter(request: HttpRequest, code: str) -> HttpResponse:
    """The report of a quarter as a page; without a choice that of the quarter that was last written, or runs."""
    program, words, today = program_for(person_in(request), code, "report.see"), words_of(request), timezone.localdate()
    shows(request, program=program)
    asked = request.GET.get("quarter", "")
    chosen = _quarter(program, asked) if asked else quarters.to_be_written(today)
    facts = quarter_figures(program, chosen, today=today)
    of = SeenQuarter(facts, words)
    shown = {
        "program": program,
        "chosen": chosen,
        "name": quarter_name(facts, words),
        "facts": facts,
        "choices": [(one.code, _choice(words, one)) for one in quarters.choices(program, today=today)],
        "brief": list(brief(of)),
        "tables": [(table.title, table_view(words, f"table-{at}", table)) for at, table in enumerate(tables(of))],
        "files": [
            (reverse("quarter_file", args=[code, chosen.code, language, form]), words.language_name(language), form.upper())
            for language in LANGUAGES
            for form in FORMS
        ],
    }
    return render(request, "quarter.html", shown)


def _choice(words: Words, one: Quarter) -> str:
    days = words.say("{first} to {last}", first=one.first, last=one.last)
    if one.year:
        return words.say("Quarter {number} of {year}: {days}", number=one.number, year=str(one.year), days=days)
    return words.say("13 weeks of the period, part {number}: {days}", number=one.number, days=days)


@door("report.see")
@require_safe
def quarter_download(request: HttpRequest, code: str, quarter: str, *, language: str, form: str) -> HttpResponse:
    """The report of a quarter as a PDF or a workbook."""
    program, words = program_for(person_in(request), code, "report.see"), _asked(language, form)
    chosen = _quarter(program, quarter)
    shows(request, program=program)
    content = quarter_file(program, chosen, words, form, today=timezone.localdate())
    return _file(content, words, words.say("Program report"), f"{program.code}-{chosen.code}", form)


@door("workload.see")
@require_safe
def workload(request: HttpRequest, code: str, practitioner: str, *, language: str, form: str) -> HttpResponse:
    """The workload of one practitioner, for her managers and for herself: served, never kept."""
    person, words = person_in(request), _asked(language, form)
    found = workload_for(person, code, practitioner)
    try:
        facts = workload_figures(found, reader=person.account, today=timezone.localdate())
    except Refused as refused:
        return _not_in_facts(request, found) if refused.code == "not_in_facts" else _refused(request, found.program)
    shows(request, program=found.program, subject=found, clients=[one.code for one in facts.units if not one.is_hidden])
    from evenload.exchange.workload_report import workload_pdf, workload_xlsx

    content = {"pdf": workload_pdf, "xlsx": workload_xlsx}[form](facts, words)
    return _file(content, words, words.say("Workload"), f"{found.program.code}-{found.pk}", form)


def _asked(language: str, form: str) -> Words:
    """The words of the file; Http404 for a language or form that there is not."""
    if language not in LANGUAGES or form not in FORMS:
        raise Http404
    return words_in(language)


def _quarter(program: Program, code: str) -> Quarter:
    found = quarters.quarter_of(program, code, today=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _file(content: bytes, words: Words, name: str, of: str, form: str) -> HttpResponse:
    """A download; in its name stand the report, the program and the language, no person."""
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}-{slugify(of)}-{words.lang}.{form}"'
    return response


def _refused(request: HttpRequest, program: Program) -> HttpResponse:
    """Why there is no file: each contradiction in a sentence for who plans; for others that her manager sees it."""
    words, person = words_of(request), person_in(request)
    sheet = worksheet_of(program)
    names = {**sheet.rows.labels_of_classes(words.lang), **sheet.rows.names_of_sites(words.lang), **sheet.rows.names_of_practitioners()}
    problems = [] if person.is_practitioner else [problem_sentence(words, one, names) for one in sheet.problems[:PROBLEMS_NAMED]]
    facts = {"program": program, "problems": problems, "is_planner": not person.is_practitioner}
    return render(request, "report_refused.html", facts, status=409)


def _not_in_facts(request: HttpRequest, found: Practitioner) -> HttpResponse:
    facts = {"program": found.program, "problems": [], "is_planner": not person_in(request).is_practitioner, "is_absent": True}
    return render(request, "report_refused.html", facts, status=409)
