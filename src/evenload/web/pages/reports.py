"""Reports of a program: which question each answers, its files in both languages, and which are written to the shared drive by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.records.access import program_for, schedule_for
from evenload.records.models import Program, ReportSchedule, ReportWriting
from evenload.records.models.reports import CADENCES, REPORTS
from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.report_words import CADENCES as OFTEN
from evenload.web.report_words import REPORTS as ABOUT
from evenload.web.report_words import refusal_sentence, report_name, schedule_sentence, writing_sentence
from evenload.words import Words, message
from evenload.workflow import quarters, report_schedules
from evenload.workflow.planning_worksheet import worksheet_of
from evenload.workflow.refused import Refused
from evenload.workflow.report_files import FORMS

PAGES: Final = (
    (
        "program_figures",
        message("Program figures"),
        message("Where are hours missing, who is too full, who waits, and what does that need?"),
    ),
    ("contracts", message("Contracts"), message("Are the contracted visits delivered, and when do they run out?")),
    ("approvals", message("Visits to approve"), message("Who asks for unfunded visits, and whose visits run out?")),
    ("waiting_list", message("Waiting list"), message("Who waits in which pool, for how long, and what is late?")),
    ("french_service", message("Service in French"), message("Who asked for French, who is served in it, and where does it break?")),
    ("exceptions", message("French exceptions"), message("Which exceptions stand, and which are due for review?")),
    ("recruiting", message("Recruiting list"), message("Which hours would have to be hired?")),
    ("sites", message("Sites and teams"), message("Who comes where, and which discipline is missing?")),
)
"""route, name, question"""


@dataclass(frozen=True, slots=True)
class FileLink:
    """One file of a report."""

    address: str
    language: str
    form: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report: its question, what it holds, what stands in it about people, its page, its files, when it is written."""

    key: str
    name: str
    answers: str
    holds: str
    people: str
    page: str
    page_name: str
    files: tuple[FileLink, ...]
    schedules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """One report that is written by itself."""

    key: int
    name: str
    next: str
    last: str
    is_failed: bool
    files: tuple[str, ...]


@door("report.see")
@require_safe
def reports(request: HttpRequest, code: str) -> HttpResponse:
    """The reports, each with its question, and the schedules."""
    program = program_for(person_in(request), code, "report.see")
    return _page(request, program)


@door("report.schedule")
@require_POST
def schedule(request: HttpRequest, code: str) -> HttpResponse:
    """Has a report written by itself from its next due day on."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "report.schedule")
    stated = request.POST
    chosen = (stated.get("report", ""), stated.get("language", ""), stated.get("cadence", ""))
    try:
        made = report_schedules.begin(program, chosen, by=person, today=timezone.localdate(), at=timezone.now())
    except Refused as refused:
        status = 409 if refused.code == "scheduled_already" else 422
        return _page(request, program, sentence=refusal_sentence(words, refused), status=status)
    said = words.say("It is written to the shared drive for the first time on {day}.", day=words.day(made.next_on, year=True))
    messages.success(request, said)
    return redirect(f"{reverse('reports', args=[code])}#schedules")


@door("report.schedule")
@require_POST
def end_schedule(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Has a report written no more."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "report.schedule")
    found = schedule_for(person, program, key)
    try:
        report_schedules.end(found, by=person, at=timezone.now())
    except Refused as refused:
        return _page(request, program, sentence=refusal_sentence(words, refused), status=409)
    messages.success(request, words.say("It is not written any more. The files that were written stay."))
    return redirect(f"{reverse('reports', args=[code])}#schedules")


def _page(request: HttpRequest, program: Program, *, sentence: str = "", status: int = 200) -> HttpResponse:
    shows(request, program=program)
    words, today = words_of(request), timezone.localdate()
    kept = list(_schedules(program))
    views = [_schedule_view(words, *pair) for pair in kept]
    facts: dict[str, Any] = {
        "program": program,
        "sentence": sentence,
        "is_whole": worksheet_of(program).is_whole,
        "reports": [_report_view(words, program, key, [one for one, _ in kept]) for key in ABOUT],
        "lines": [(reverse(route, args=[program.code]), words.say(name), words.say(question)) for route, name, question in PAGES],
        "schedules": views,
        "report_choices": [(key, report_name(words, key)) for key in REPORTS],
        "language_choices": [(code, words.language_name(code)) for code in LANGUAGES_OF_THE_PRODUCT],
        "cadence_choices": [(key, words.say(OFTEN[key])) for key in CADENCES],
        "stated": request.POST,
        "quarter": quarters.to_be_written(today),
    }
    return render(request, "reports.html", facts, status=status)


def _schedules(program: Program) -> list[tuple[ReportSchedule, ReportWriting | None]]:
    """Those that run, each with its last due day: two queries."""
    last = ReportWriting.objects.filter(schedule=OuterRef("pk")).order_by("-due_on").values("pk")[:1]
    rows = list(ReportSchedule.objects.filter(program=program, ended_at__isnull=True).annotate(last=Subquery(last)))
    writings = ReportWriting.objects.in_bulk([one.last for one in rows if one.last is not None])
    return [(one, writings.get(one.last)) for one in rows]


def _schedule_view(words: Words, one: ReportSchedule, last: ReportWriting | None) -> ScheduleView:
    return ScheduleView(
        key=one.pk,
        name=schedule_sentence(words, one),
        next=words.say("Next on {day}.", day=words.day(one.next_on, year=True)),
        last=writing_sentence(words, last),
        is_failed=last is not None and last.state == "failed",
        files=tuple(name for _, name, _ in last.files) if last is not None else (),
    )


def _report_view(words: Words, program: Program, key: str, kept: list[ReportSchedule]) -> ReportView:
    about, code = ABOUT[key], program.code
    pages = {
        "worksheet": (reverse("worksheet", args=[code]), words.say("Open the worksheet")),
        "gap_sheet": ("", ""),
        "quarter": (reverse("quarter_report", args=[code]), words.say("Choose a quarter and see it")),
        "workload": (reverse("team", args=[code]), words.say("Choose somebody of the team")),
    }
    return ReportView(
        key=key,
        name=words.say(about.name),
        answers=words.say(about.answers),
        holds=words.say(about.holds),
        people=words.say(about.people),
        page=pages[key][0],
        page_name=pages[key][1],
        files=tuple(_files(words, program, key)),
        schedules=tuple(
            words.say("{language}, {often}", language=words.language_name(one.language), often=words.say(OFTEN[one.cadence]))
            for one in kept
            if one.report == key
        ),
    )


def _files(words: Words, program: Program, key: str) -> list[FileLink]:
    """Every language and form of it; the quarter's stand on its own page, the workload's on each person's."""
    routes = {"worksheet": "worksheet_file", "gap_sheet": "gap_sheet_file"}
    if key not in routes:
        return []
    return [
        FileLink(reverse(routes[key], args=[program.code, language, form]), words.language_name(language), form.upper())
        for language in LANGUAGES_OF_THE_PRODUCT
        for form in FORMS
    ]
