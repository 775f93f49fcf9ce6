"""Plan runs: ask for one, watch it, stop it, read what it would change, take it up into the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.planning.changes import Change, changes
from evenload.planning.check import units_that_moved
from evenload.records.access import program_for, run_for
from evenload.records.models import PlanRun, Program
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, refusal_sentence, stored_problem, unit_name
from evenload.web.plan_form import Stated, fields_of, form_facts, stated_in
from evenload.web.plan_notices import notice_lines, price_line
from evenload.words import Words, message
from evenload.words.phrases import Names
from evenload.workflow import drafts, plans
from evenload.workflow.draft_picture import facts_of, picture_of
from evenload.workflow.refused import Refused

RUNS_SHOWN: Final = 20
CHANGES_SHOWN: Final = 60
DRAWN: Final = 300


STATES: Final = {
    "asked": message("waits for its turn"),
    "running": message("is being computed"),
    "done": message("done"),
    "failed": message("stopped"),
    "cancelled": message("cancelled"),
}
PROBLEMS: Final = {
    "worker_lost": message("The computation stopped three times before it was done. Ask whoever runs Evenload for you."),
    "cluster_settings": message("The settings of the cluster cannot be used here. Ask whoever runs Evenload for you."),
    "cluster_version": message("The cluster has another version of Evenload. Ask whoever runs Evenload for you."),
    "cluster_silent": message("The cluster does not answer. Ask whoever runs Evenload for you, or try again."),
    "engine_stopped": message("The computation stopped with an error. The draft is as you left it."),
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the list."""

    run: PlanRun
    state: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One unit that the plan would put elsewhere."""

    unit: str
    before: str
    after: str
    clients: int
    minutes: int


@door("run.see")
@require_safe
def runs(request: HttpRequest, code: str) -> HttpResponse:
    """The form that asks for a plan, and the runs so far."""
    program = program_for(person_in(request), code, "run.see")
    draft = drafts.open_draft_of(program)
    before = fields_of(draft.plan_run) if draft and draft.plan_run else {"robust": "0", "effort": "usual"}
    return render(request, "runs.html", _runs_facts(request, program, Stated(before)))


def _runs_facts(request: HttpRequest, program: Program, stated: Stated) -> dict[str, Any]:
    words, draft = words_of(request), drafts.open_draft_of(program)
    found = (
        PlanRun.objects.filter(program=program, scenario__isnull=True)
        .select_related("asked_by")
        .defer("facts_json", "plan_json")[:RUNS_SHOWN]
    )
    lines = [RunLine(run, words.say(STATES[run.state])) for run in found]
    pins = sum(place.is_pinned for place in picture_of(draft).places.values()) if draft else 0
    return form_facts(words, program, stated) | {
        "program": program,
        "lines": lines,
        "pins": pins,
        "has_draft": draft is not None,
        "open_run": next((line.run for line in lines if line.run.state in ("asked", "running")), None),
    }


@door("run.ask")
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for a plan."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "run.ask")
    stated = stated_in(words, request.POST.dict())
    if stated.errors:
        return render(request, "runs.html", _runs_facts(request, program, stated), status=422)
    try:
        run = plans.ask_run(program, by=person, at=timezone.now(), wish=stated.wish)
    except Refused as refused:
        messages.error(request, refusal_sentence(words, refused, {}))
        return redirect("runs", code=code)
    return redirect("run", code=code, key=run.pk)


@door("run.see")
@require_safe
def run(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One run: how far it is, or what it found."""
    person = person_in(request)
    found = run_for(person, key, "run.see", program=program_for(person, code, "run.see"))
    shows(request, program=found.program, subject=found)
    return render(request, "run.html", _run_facts(request, found))


@door("run.see")
@require_safe
def progress(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """A fragment: how far the run is; once it ended, the whole page is loaded again."""
    person = person_in(request)
    found = run_for(person, key, "run.see", program=program_for(person, code, "run.see"))
    answer = render(request, "_progress.html", _progress_facts(request, found))
    if found.state not in ("asked", "running") and request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer


def _progress_facts(request: HttpRequest, found: PlanRun) -> dict[str, Any]:
    return {
        "program": found.program,
        "run": found,
        "state": words_of(request).say(STATES[found.state]),
        "is_open": found.state in ("asked", "running"),
        "drawn": found.progress_percent * DRAWN // 100,
    }


def _run_facts(request: HttpRequest, found: PlanRun) -> dict[str, Any]:
    words = words_of(request)
    facts: dict[str, Any] = _progress_facts(request, found)
    facts["again"] = fields_of(found)
    facts["problems"] = [_problem(words, problem) for problem in found.problems]
    return facts | _result(words, found) if found.state == "done" else facts


def _problem(words: Words, problem: list[str]) -> str:
    """A stored problem: what is known of it by name, else its code, place and value as they are."""
    known = PROBLEMS.get(str(problem[0])) if problem else None
    return words.say(known) if known else stored_problem(words, problem, {})


def _result(words: Words, found: PlanRun) -> dict[str, Any]:
    plan, case = plans.plan_of(found), plans.case_of_run(found)
    names = _names(words, found.program)
    moved = changes(case, plan)
    lines = [_line(words, names, one) for one in (*moved.moved, *moved.newly_placed, *moved.newly_waiting)]
    gap = plan.bound.gap_percent(plan.score)
    chosen = len(units_that_moved(case, {row.unit: row.practitioner for row in plan.assignments}))
    return {
        "plan": plan,
        "notices": notice_lines(words, found, names),
        "protection_price": price_line(words, found),
        "gap": words.percent(gap, 1),
        "is_best": gap < 0.05,
        "assigned": len(plan.assignments),
        "waiting": len(plan.waiting),
        "moved": len(moved.moved) + len(moved.newly_waiting),
        "chosen": chosen,
        "forced": max(0, len(moved.moved) + len(moved.newly_waiting) - chosen),
        "placed": len(moved.newly_placed),
        "fallen": len(moved.newly_waiting),
        "clients": sum(one.clients for one in moved.moved),
        "lines": lines[:CHANGES_SHOWN],
        "lines_left": max(0, len(lines) - CHANGES_SHOWN),
        "is_old": found.facts_version != Program.objects.values_list("facts_version", flat=True).get(pk=found.program_id),
    }


def _names(words: Words, program: Program) -> Names:
    try:
        facts = facts_of(program)
    except Refused:
        return {}
    classes = {row.id: words.either(row.label_en, row.label_fr) for row in facts.snapshot.rows.classes}
    return {**classes, **names_of(words, facts)}


def _line(words: Words, names: Names, one: Change) -> ChangeLine:
    waits = words.say("waiting")
    before, after = (names.get(code, code) if code else waits for code in (one.before, one.after))
    return ChangeLine(unit_name(words, names, one.unit), before, after, one.clients, one.minutes)


@door("run.ask")
@require_POST
def cancel(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Stops a run, at once or at the worker's next beat."""
    person = person_in(request)
    found = run_for(person, key, "run.ask", program=program_for(person, code, "run.ask"))
    try:
        plans.cancel_run(found, by=person, at=timezone.now())
        messages.success(request, words_of(request).say("The plan is being stopped. The draft is as you left it."))
    except Refused as refused:
        messages.error(request, refusal_sentence(words_of(request), refused, {}))
    return redirect("run", code=code, key=key)


@door("run.ask")
@require_POST
def take_up(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Puts the plan into the draft, as one change with one undo; asks again where facts or draft changed since."""
    person, words = person_in(request), words_of(request)
    found = run_for(person, key, "run.ask", program=program_for(person, code, "run.ask"))
    try:
        plans.take_up(found, by=person, at=timezone.now(), confirmed=request.POST.get("confirmed") == "yes")
    except Refused as refused:
        sentence = refusal_sentence(words, refused, {})
        if refused.code in ("facts_changed", "draft_changed"):
            return render(request, "run.html", _run_facts(request, found) | {"confirm": sentence}, status=409)
        messages.error(request, sentence)
        return redirect("run", code=code, key=key)
    messages.success(request, words.say("The plan is in the draft now. One undo takes it back."))
    return redirect("desk", code=code)
