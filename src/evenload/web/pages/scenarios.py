"""Scenarios of a program: the list, one with its changes and what comes of them, its run, and the page that a link shares."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenload.records.access import Person, program_for, scenario_for, scenarios_of, shared_scenario_for
from evenload.records.models import PlanScenario, Program
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.scenario_forms import Asked, group_views, stated_fields
from evenload.web.scenario_parts import change_lines, line_of, recorded_line, result_of, run_view
from evenload.web.scenario_words import Told, change_sentence, refusal, told_of, without_names, wrong_sentences
from evenload.web.worksheet_words import problem_words
from evenload.words import Words
from evenload.workflow import plans, scenario_runs, scenarios
from evenload.workflow.planning_worksheet import earlier_run, worksheet_of
from evenload.workflow.refused import Refused
from evenload.workflow.scenario_changes import FORMS, form_of, known_of, merged, read
from evenload.workflow.scenario_facts import facts_day, figures_of, sheet_of
from evenload.workflow.scenarios import LONGEST_NAME
from evenload.workflow.worksheet_tries import read_tokens

MOST_TRIES: Final = 60
NAMING: Final = {
    "scenario_note_long": "note",
    "scenario_name_missing": "name",
    "scenario_name_long": "name",
    "scenario_name_taken": "name",
}
"""refusal of a name or a note → the field at which it stands"""


@door("scenario.see")
@require_http_methods(["GET", "HEAD", "POST"])
def all_of(request: HttpRequest, code: str) -> HttpResponse:
    """The scenarios of the program with their key figures; a form makes one from today's facts, or from what the worksheet tries."""
    person = person_in(request)
    program = program_for(person, code, "scenario.see")
    shows(request, program=program)
    if request.method != "POST":
        return render(request, "scenarios.html", _list_facts(request, person, program))
    program = program_for(person, code, "scenario.change")
    recorded = worksheet_of(program)
    tries = read_tokens(request.POST.getlist("try")[:MOST_TRIES], recorded.figures)
    name, changes = request.POST.get("name", ""), scenarios.changes_of_tries(tries)
    try:
        made = scenarios.make(program, name, by=person, at=timezone.now(), changes=changes)
    except Refused as refused:
        errors = {"name": _sentences(words_of(request), refused)}
        facts = {"errors": errors, "stated": name, "tokens": [one.token for one in tries]}
        return render(request, "scenarios.html", _list_facts(request, person, program) | facts, status=422)
    return redirect("scenario", code=code, key=made.pk)


def _list_facts(request: HttpRequest, person: Person, program: Program) -> dict[str, Any]:
    words = words_of(request)
    found = list(scenarios_of(person, program))
    latest, done = scenario_runs.latest(found), scenario_runs.latest_done(found)
    figures = figures_of(worksheet_of(program))
    lines = [recorded_line(words, figures, timezone.localdate(), earlier_run(program))]
    lines += [line_of(words, one, latest.get(one.pk), done.get(one.pk)) for one in found]
    return {
        "program": program,
        "lines": lines,
        "has_scenarios": bool(found),
        "errors": {},
        "stated": "",
        "tokens": [],
        "most_name": LONGEST_NAME,
    }


def _sentences(words: Words, refused: Refused) -> list[str]:
    if refused.code != "changes_contradict":
        return [refusal(words, refused.code, refused.facts)]
    sheet: Any = refused.facts["sheet"]
    problems: Any = refused.facts["problems"]
    return [problem_words(words, problem, sheet.after.rows) for problem in problems]


@door("scenario.see")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One scenario: what it assumes, what comes of it, and the forms that change it."""
    person = person_in(request)
    program = program_for(person, code, "scenario.see")
    found = scenario_for(person, program, key)
    shows(request, program=program, subject=found)
    if request.method == "POST":
        return _changed(request, scenario_for(person, program, key, "scenario.change"))
    return render(request, "scenario.html", _facts(request, found, _asked(request, found)))


def _asked(request: HttpRequest, found: PlanScenario) -> Asked:
    """The form that the address opens: a kind of change, or one of the changes to be changed."""
    place = request.GET.get("change", "")
    if place.isdecimal() and len(place) < 4 and int(place) < len(found.changes):
        change = found.changes[int(place)]
        known = known_of(sheet_of(found).before.stated, found.changes)
        return Asked(form_of(change), int(place), stated_fields(words_of(request), change, known))
    return Asked(request.GET.get("form", ""))


def _facts(request: HttpRequest, found: PlanScenario, asked: Asked) -> dict[str, Any]:
    words, sheet = words_of(request), sheet_of(found)
    told = told_of(words, sheet)
    run = scenario_runs.latest([found]).get(found.pk)
    shared = request.build_absolute_uri(reverse("shared_scenario", args=[found.share_code])) if found.share_code else ""
    return {
        "program": found.program,
        "scenario": found,
        "facts_day": facts_day(found),
        "days_old": (timezone.localdate() - facts_day(found)).days,
        "lines": change_lines(told, sheet),
        "unfit": len(sheet.unfit),
        "result": result_of(words, sheet, sheet.after.rows),
        "groups": group_views(told, known_of(sheet.before.stated, found.changes), asked),
        "asked": asked,
        "run": run_view(words, found, run) if run else None,
        "shared": shared,
        "name": found.name,
        "note": found.note,
        "errors": {},
        "conflict": "",
    }


def _changed(request: HttpRequest, found: PlanScenario) -> HttpResponse:
    """Carries out what a form asks for: another name, a change taken out, or one stated."""
    deed = request.POST.get("do", "")
    seen = int(text) if (text := request.POST.get("version", "")).isdecimal() and len(text) < 9 else 0
    if deed == "name":
        return _renamed(request, found, seen)
    if deed == "take_out":
        return _taken_out(request, found, seen)
    return _stated(request, found, seen)


def _renamed(request: HttpRequest, found: PlanScenario, seen: int) -> HttpResponse:
    name, note = request.POST.get("name", ""), request.POST.get("note", "")
    try:
        scenarios.rename(found, name, note, seen=seen, by=person_in(request), at=timezone.now())
    except Refused as refused:
        return _refused(request, found, Asked(), refused, {"name": name, "note": note})
    return redirect("scenario", code=found.program.code, key=found.pk)


def _taken_out(request: HttpRequest, found: PlanScenario, seen: int) -> HttpResponse:
    place = request.POST.get("place", "")
    if not (place.isdecimal() and len(place) < 4 and int(place) < len(found.changes)):
        return _refused(request, found, Asked(), Refused("changed_meanwhile"), {})
    rest = [change for at, change in enumerate(found.changes) if at != int(place)]
    return _tried(request, found, rest, seen, Asked())


def _stated(request: HttpRequest, found: PlanScenario, seen: int) -> HttpResponse:
    """A change that a form states; what is wrong stands at its fields, and nothing that was typed is lost."""
    words, form = words_of(request), request.POST.get("form", "")
    if form not in FORMS:
        facts = {"errors": {"changes": [words.say("Choose what is to change.")]}}
        return render(request, "scenario.html", _facts(request, found, Asked()) | facts, status=422)
    fields = {name: request.POST.getlist(name) for name in request.POST}
    text = request.POST.get("place", "")
    place = int(text) if text.isdecimal() and len(text) < 4 and int(text) < len(found.changes) else None
    known = known_of(sheet_of(found).before.stated, found.changes)
    stated = read(form, fields, known)
    if stated.change is None:
        errors = wrong_sentences(words, stated.wrong)
        facts = _facts(request, found, Asked(form, place, fields, errors)) | {"errors": errors}
        return render(request, "scenario.html", facts, status=422)
    asked = Asked(form, place, fields)
    return _tried(request, found, merged(found.changes, stated.change, place), seen, asked, wanted=stated.change)


def _tried(request: HttpRequest, found: PlanScenario, changes: list[Any], seen: int, asked: Asked, *, wanted: Any = None) -> HttpResponse:
    try:
        scenarios.change(found, changes, seen=seen, by=person_in(request), at=timezone.now())
    except Refused as refused:
        sheet = sheet_of(found)
        told = told_of(words_of(request), sheet)
        names = Told(told.words, told.rows, told.recorded)
        more = {"wanted": change_sentence(names, wanted)} if wanted and wanted["kind"] != "join" else {}
        return _refused(request, found, asked, refused, more)
    return redirect(reverse("scenario", args=[found.program.code, found.pk]) + "#changes")


def _refused(request: HttpRequest, found: PlanScenario, asked: Asked, refused: Refused, more: dict[str, Any]) -> HttpResponse:
    """The page again: with what stands now where somebody was quicker, else with the sentence at the field."""
    words = words_of(request)
    sentences = _sentences(words, refused)
    if refused.code == "changed_meanwhile":
        now = scenario_for(person_in(request), found.program, found.pk)
        facts = _facts(request, now, asked) | more | {"conflict": sentences[0], "by": now.changed_by_name}
        return render(request, "scenario.html", facts, status=409)
    field = _first_field(asked) if asked.form else NAMING.get(refused.code, "changes")
    errors = {field: sentences}
    asked = Asked(asked.form, asked.place, asked.typed, errors)
    return render(request, "scenario.html", _facts(request, found, asked) | more | {"errors": errors}, status=422)


def _first_field(asked: Asked) -> str:
    """Where a contradiction stands: at the figure of the form, or its first field."""
    typed = list(asked.typed or {})
    value = f"{asked.form}_value"
    return value if value in typed else next((name for name in typed if name.startswith(f"{asked.form}_")), f"{asked.form}_item")


@door("scenario.change")
@require_POST
def act(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Copies a scenario, puts it away, shares it or ends that, asks for its run or cancels it."""
    person, words, now = person_in(request), words_of(request), timezone.now()
    program = program_for(person, code, "scenario.change")
    found = scenario_for(person, program, key, "scenario.change")
    deed = request.POST.get("do", "")
    try:
        if deed in ("copy", "copy_today"):
            name = request.POST.get("name", "").strip() or _copy_name(words, person, found)
            made = scenarios.copy(found, name, by=person, at=now, onto_today=deed == "copy_today")
            messages.success(request, words.say("Copied as {name}.", name=words.quoted(made.name)))
            return redirect("scenario", code=code, key=made.pk)
        return _acted(request, found, deed)
    except Refused as refused:
        messages.error(request, refusal(words, refused.code, refused.facts))
        return redirect("scenario", code=code, key=key)


def _copy_name(words: Words, person: Person, found: PlanScenario) -> str:
    """`Ana leaves, copy`, with a number where that is taken."""
    taken = set(scenarios_of(person, found.program).values_list("name", flat=True))
    first = words.say("{name}, copy", name=found.name[: LONGEST_NAME - 20])
    return next(name for name in (first, *(f"{first} {n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _acted(request: HttpRequest, found: PlanScenario, deed: str) -> HttpResponse:
    person, words, now = person_in(request), words_of(request), timezone.now()
    here = reverse("scenario", args=[found.program.code, found.pk])
    if deed == "put_away":
        scenarios.put_away(found, by=person, at=now)
        messages.success(request, words.say("{name} is put away.", name=words.quoted(found.name)))
        return redirect("scenarios", code=found.program.code)
    if deed == "share":
        scenarios.share(found, by=person, at=now)
        return redirect(f"{here}#share")
    if deed == "end_share":
        scenarios.end_share(found, by=person, at=now)
        messages.success(request, words.say("The link opens nothing any more."))
        return redirect(f"{here}#share")
    if deed == "run":
        scenario_runs.ask(found, by=person, at=now)
        return redirect(f"{here}#run")
    if deed == "cancel_run":
        run = scenario_runs.latest([found]).get(found.pk)
        if run is None:
            raise Http404
        plans.cancel_run(run, by=person, at=now)
        return redirect(f"{here}#run")
    raise Http404


@door("scenario.see")
@require_safe
def progress(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """A fragment: how far the scenario's run is; once it ended, the whole page is loaded again."""
    person, words = person_in(request), words_of(request)
    found = scenario_for(person, program_for(person, code, "scenario.see"), key)
    run = scenario_runs.latest([found]).get(found.pk)
    view = run_view(words, found, run) if run else None
    answer = render(request, "_scenario_run.html", {"program": found.program, "scenario": found, "run": view})
    if request.headers.get("HX-Request") and (view is None or not view.is_open):
        answer["HX-Refresh"] = "true"
    return answer


@door("scenario.shared")
@require_safe
def shared(request: HttpRequest, share_code: str) -> HttpResponse:
    """A shared scenario, to be read by everybody of the organisation who may see plans: figures, no names of people."""
    words = words_of(request)
    found = shared_scenario_for(person_in(request), share_code)
    shows(request, program=found.program, subject=found)
    sheet = sheet_of(found)
    rows = without_names(words, sheet)
    run = scenario_runs.latest_done([found]).get(found.pk)
    facts = {
        "scenario": found,
        "program_name": words.either(found.program.name_en, found.program.name_fr),
        "facts_day": facts_day(found),
        "days_old": (timezone.localdate() - facts_day(found)).days,
        "lines": change_lines(Told(words, rows, sheet.before.stated), sheet),
        "unfit": len(sheet.unfit),
        "result": result_of(words, sheet, rows),
        "run": run_view(words, found, run) if run else None,
    }
    return render(request, "shared_scenario.html", facts)
