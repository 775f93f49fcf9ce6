"""Another time standard: proposed with what it changes, approved, declined or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import NotHers, Person, program_for, standard_for
from evenload.records.models import StandardJudgement, StandardVersion, TimeStandard
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in
from evenload.web.standard_effect_parts import effect_view
from evenload.web.standard_fields import field_views, read_figures, sentences, typed_of
from evenload.web.standard_page import standard_facts
from evenload.web.standard_words import CONFLICTS, class_name, field_errors, refusal
from evenload.words import Words
from evenload.workflow import standard_effect, standard_judgements, standard_versions, time_standards
from evenload.workflow.refused import Refused
from evenload.workflow.standard_figures import Figures, figures_of, read
from evenload.workflow.worksheet_tries import plain_decimal


@door("standard.change")
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The form of another standard: what it would change is shown before it is proposed; nothing is stored before."""
    person, words = person_in(request), words_of(request)
    standard = standard_for(person, program_for(person, code, "standard.change"), key, "standard.change")
    if request.method != "POST":
        return render(request, "standard_change.html", _form(words, standard, _begun(words, standard, request.GET.get("from", ""))))
    stated = request.POST.dict()
    figures, wrong = read_figures(stated)
    if figures is not None:
        wrong = figures.fitted().problems()
    if wrong or figures is None:
        return render(request, "standard_change.html", _form(words, standard, stated, sentences(words, wrong)), status=422)
    if request.POST.get("act") == "look":
        return render(request, "standard_change.html", _form(words, standard, stated) | _looked(words, standard, figures))
    return _proposed(request, words, person, standard=standard, figures=figures)


def _proposed(request: HttpRequest, words: Words, person: Person, *, standard: TimeStandard, figures: Figures) -> HttpResponse:
    stated = request.POST.dict()
    line = time_standards.line_of(standard, today=timezone.localdate())
    evidence = time_standards.evidence_of(line, StandardJudgement.objects.filter(standard=standard))
    try:
        standard_versions.propose(standard, figures, why=stated.get("why", ""), by=person, at=timezone.now(), evidence=evidence)
    except Refused as refused:
        if refused.code == "standard_fields":
            facts = _form(words, standard, stated, field_errors(words, refused)) | _looked(words, standard, figures)
            return render(request, "standard_change.html", facts, status=422)
        facts = _form(words, standard, stated) | {"refused": refusal(words, refused)}
        return render(request, "standard_change.html", facts, status=409 if refused.code in CONFLICTS else 422)
    messages.success(request, words.say("Proposed. Nothing is planned with it before somebody approves it."))
    return redirect("standard", code=standard.program.code, key=standard.pk)


@door("standard.change")
@require_POST
def decide(request: HttpRequest, code: str, key: int, number: int) -> HttpResponse:
    """Approve, decline or withdraw what is proposed; who comes too late, or saw other facts, sees what stands now."""
    person, words = person_in(request), words_of(request)
    standard = standard_for(person, program_for(person, code, "standard.change"), key, "standard.change")
    version = StandardVersion.objects.filter(standard=standard, number=number).first()
    if version is None:
        raise NotHers
    try:
        said = _decided(words, person, standard, version=version, stated=request.POST)
    except Refused as refused:
        facts = standard_facts(words, person, standard_for(person, standard.program, key)) | {
            "refused": refusal(words, refused),
            "why_not": request.POST.get("why", ""),
        }
        return render(request, "standard.html", facts, status=409 if refused.code in CONFLICTS else 422)
    messages.success(request, said)
    return redirect("standard", code=code, key=key)


def _decided(words: Words, person: Person, standard: TimeStandard, *, version: StandardVersion, stated: Mapping[str, str]) -> str:
    act, now = stated.get("act", ""), timezone.now()
    if act == "withdraw":
        standard_versions.withdraw(version, by=person, at=now)
        return words.say("Withdrawn. It stays in the history.")
    if act == "decline":
        standard_versions.decline(version, why=stated.get("why", ""), by=person, at=now)
        return words.say("Declined. Who proposed it is told.")
    seen = stated.get("seen", "")
    if act != "approve" or not seen.isdecimal() or len(seen) > 12:
        raise Refused("standard_outdated")
    effect = standard_effect.effect_of(standard, read(version.says))
    if effect.problems and version.state == "proposed":
        raise Refused("standard_uncountable")
    standard_versions.approve(version, seen=int(seen), effect=effect.shown(), by=person, at=now)
    return words.say("Approved. Everything is planned with it from now on.")


def _form(words: Words, standard: TimeStandard, stated: Mapping[str, str], errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    found = errors or {}
    return {
        "program": standard.program,
        "standard": standard,
        "name": class_name(words, standard),
        "fields": field_views(words, stated, found),
        "why": stated.get("why", ""),
        "why_errors": found.get("why", []),
        "errors": found,
        "period": words.period(standard.program.period_start, standard.program.period_weeks),
    }


def _looked(words: Words, standard: TimeStandard, figures: Figures) -> dict[str, Any]:
    return {"effect": effect_view(words, standard.program, standard_effect.effect_of(standard, figures.fitted()))}


def _begun(words: Words, standard: TimeStandard, start: str) -> dict[str, str]:
    """What the form begins with: what is planned with; or the judges' median, what is recorded now, an earlier version."""
    typed = typed_of(figures_of(standard))
    kind, _, number = start.partition("-")
    if kind == "version" and number.isdecimal() and len(number) < 9:
        version = StandardVersion.objects.filter(standard=standard, number=int(number)).first()
        return typed if version is None else typed_of(read(version.says)) | {"why": words.say("As version {number} had it.", number=number)}
    if kind == "judges":
        return typed | _of_judges(words, standard)
    return typed | _recorded_now(words, standard) if kind == "recorded" else typed


def _of_judges(words: Words, standard: TimeStandard) -> dict[str, str]:
    """The median of each figure. Travel from distance stays so: stated as well, it would be counted in two places."""
    found = standard_judgements.spreads(StandardJudgement.objects.filter(standard=standard))
    judged = {name: plain_decimal(round(one.median, 1)) for name, one in found.items() if getattr(standard, name) is not None}
    if not judged:
        return {}
    count, day = max(one.judges for one in found.values()), timezone.localdate()
    source = words.say_n("Median of {n} judge, {day}", "Median of {n} judges, {day}", count, day=day)
    return judged | {"source": source, "why": words.say("The median of what was judged.")}


def _recorded_now(words: Words, standard: TimeStandard) -> dict[str, str]:
    """The means of the last weeks, where there are enough visits."""
    today = timezone.localdate()
    drifts = time_standards.line_of(standard, today=today).drifts
    means = {time_standards.PARTS[part]: plain_decimal(round(drift.mean, 1)) for part, drift in drifts.items() if drift.is_enough}
    if not means:
        return {}
    count = max(drift.count for drift in drifts.values())
    source = words.say_n("Mean of {n} recorded visit, {day}", "Mean of {n} recorded visits, {day}", count, day=today)
    return means | {"source": source, "why": words.say("The mean of the visits of the last 26 weeks.")}
