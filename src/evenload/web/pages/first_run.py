"""From nothing to a first plan: the first director, then three ways to a first program."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenload.exchange.cells import Manner, number_of
from evenload.exchange.text_cells import Fault
from evenload.planning.codes import SETTINGS
from evenload.records.access import may, program_for
from evenload.records.models import Account, Program
from evenload.web.door import door, open_door, person_in
from evenload.web.import_words import refusal_sentence
from evenload.web.pages.access import REFUSALS as ACCOUNT_REFUSALS
from evenload.web.pages.account import WEAKNESSES
from evenload.words import Words, message, words_in
from evenload.workflow import accounts, first_programs, plans
from evenload.workflow.first_programs import FiveAnswers, Team
from evenload.workflow.refused import Refused

OF_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1"})
DISCIPLINES_ASKED: Final = ("OT", "PT", "SLP")
COUNTS: Final = ("people", "people_in_french", "clients", "clients_in_french")
ORGANISATION: Final = "organisation"
MOST: Final = 100_000
WHERE: Final = {"name_missing": "name", "nobody_to_plan": "people_OT", "nothing_to_plan": "clients_OT", "hours_leave_nothing": "hours"}
"""refusal → the field that it stands at"""
ORGANISATION_MISSING: Final = message("Write the name of your organisation.")


@open_door
def first_run(request: HttpRequest) -> HttpResponseBase:
    """Three choices; where nobody has an account yet, the first director's account comes before them."""
    if isinstance(request.user, Account):
        return _choices(request)
    if Account.objects.exists():
        return redirect("sign_in")
    return _begin(request)


@door("program.create")
@require_POST
def example(request: HttpRequest) -> HttpResponse:
    """An example: the whole organisation or one program, and its first plan asked for."""
    if request.POST.get("size") == ORGANISATION:
        return _organisation(request)
    setting, size = request.POST.get("setting", "school"), request.POST.get("size", "medium")
    if setting not in SETTINGS or size not in first_programs.EXAMPLE_SIZES:
        return redirect("first_run")
    program = first_programs.make_example(setting=setting, size=size, by=person_in(request), at=timezone.now())
    return towards_first_plan(request, program)


def _organisation(request: HttpRequest) -> HttpResponse:
    """Four programs, each with its first plan asked for; to the largest, which is planned first."""
    programs = first_programs.make_example_organisation(by=person_in(request), at=timezone.now())
    answer = towards_first_plan(request, programs[0])
    for program in programs[1:]:
        plans.ask_run(program, by=person_in(request), at=timezone.now())
    return answer


@door("example.delete")
@require_POST
def delete_examples(request: HttpRequest) -> HttpResponse:
    """Every example, gone in one step."""
    try:
        first_programs.delete_examples(by=person_in(request), at=timezone.now())
    except Refused as refusal:
        return render(request, "first_run.html", _shown(request) | {"sentence": refusal_sentence(_words(request), refusal)}, status=422)
    return redirect("first_run")


@door("example.delete")
@require_POST
def delete_example(request: HttpRequest, code: str) -> HttpResponse:
    """The example, gone in one step."""
    person = person_in(request)
    program = program_for(person, code, "example.delete")
    try:
        first_programs.delete_example(program, by=person, at=timezone.now())
    except Refused as refusal:
        return render(request, "first_run.html", _shown(request) | {"sentence": refusal_sentence(_words(request), refusal)}, status=422)
    return redirect("first_run")


@door("program.create")
@require_http_methods(["GET", "HEAD", "POST"])
def empty(request: HttpRequest) -> HttpResponse:
    """Five questions, then a program without names and its first plan."""
    words = _words(request)
    if request.method != "POST":
        return render(request, "first_run_empty.html", _questions(words, QueryDict(), {}))
    answers, errors = _five_answers(request.POST, words)
    if not errors:
        try:
            program = first_programs.make_program(answers, lang=words.lang, by=person_in(request), at=timezone.now())
            return towards_first_plan(request, program)
        except Refused as refusal:
            errors = {WHERE.get(refusal.code, "name"): [refusal_sentence(words, refusal)]}
    return render(request, "first_run_empty.html", _questions(words, request.POST, errors), status=422)


def towards_first_plan(request: HttpRequest, program: Program) -> HttpResponse:
    """Ask for the first plan and go to where it can be watched."""
    run = plans.ask_run(program, by=person_in(request), at=timezone.now())
    return redirect("run", code=program.code, key=run.pk)


# The first director


@sensitive_post_parameters("password", "again")
def _begin(request: HttpRequest) -> HttpResponse:
    """Only somebody at this machine begins an installation: a stranger in the network shall not take it over."""
    if request.META.get("REMOTE_ADDR") not in OF_THIS_MACHINE:
        return render(request, "first_run_elsewhere.html", status=403)
    if request.method != "POST":
        return render(request, "first_run_begin.html")
    words, stated = _words(request), request.POST
    try:
        if stated.get("password", "") != stated.get("again", ""):
            raise Refused("passwords_differ")
        account = accounts.begin_installation(
            organisation_en=stated.get("organisation_en", ""),
            organisation_fr=stated.get("organisation_fr", ""),
            username=stated.get("username", ""),
            full_name=stated.get("full_name", ""),
            password=stated.get("password", ""),
            language=words.lang,
            at=timezone.now(),
        )
    except Refused as refusal:
        if refusal.code == "already_begun":
            return redirect("sign_in")
        return render(request, "first_run_begin.html", {"stated": stated, "errors": _begin_errors(words, refusal)}, status=422)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("first_run")


def _begin_errors(words: Words, refusal: Refused) -> dict[str, list[str]]:
    if refusal.code == "passwords_differ":
        return {"again": [words.say("The two passwords differ. Type the same one twice.")]}
    if refusal.code == "organisation_missing":
        return {"organisation_en": [words.say(ORGANISATION_MISSING)]}
    if refusal.code == "password_weak":
        reasons = refusal.facts["reasons"]
        assert isinstance(reasons, list)
        return {"password": [words.say(WEAKNESSES[reason]) for reason in reasons]}
    field, sentence = ACCOUNT_REFUSALS[refusal.code]
    return {field: [words.say(sentence)]}


# Three choices


@door("program.create")
def _choices(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(request, "first_run.html", _shown(request))


def _shown(request: HttpRequest) -> dict[str, Any]:
    person = person_in(request)
    examples = Program.objects.filter(is_example=True) if may(person, "example.delete") else Program.objects.none()
    sizes = [(size, people, units) for size, (people, units) in first_programs.EXAMPLE_SIZES.items()]
    people, units = first_programs.ORGANISATION_SIZE
    whole = {"size": ORGANISATION, "people": people, "units": units}
    return {"settings": SETTINGS, "sizes": sizes, "examples": examples, "organisation": whole}


# Five questions


def _questions(words: Words, stated: QueryDict, errors: dict[str, list[str]]) -> dict[str, Any]:
    rows = [{"code": code, "cells": [_cell(f"{count}_{code}", count, stated, errors) for count in COUNTS]} for code in DISCIPLINES_ASKED]
    return {
        "settings": SETTINGS,
        "stated": stated,
        "setting": stated.get("setting", "school"),
        "hours": stated.get("hours", words.number(Fraction(75, 2))),
        "rows": rows,
        "errors": errors,
    }


def _cell(name: str, count: str, stated: QueryDict, errors: dict[str, list[str]]) -> dict[str, Any]:
    return {"name": name, "count": count, "value": stated.get(name, ""), "errors": errors.get(name, [])}


def _five_answers(stated: QueryDict, words: Words) -> tuple[FiveAnswers, dict[str, list[str]]]:
    errors: dict[str, list[str]] = {}
    if not stated.get("name", "").strip():
        errors["name"] = [words.say("Give the program a name.")]
    setting = stated.get("setting", "")
    if setting not in SETTINGS:
        errors["setting"] = [words.say("Choose where the program works.")]
    teams = {code: Team(*(_whole(stated, f"{count}_{code}", words, errors) for count in COUNTS)) for code in DISCIPLINES_ASKED}
    for code, team in teams.items():
        for part, whole in (("people_in_french", "people"), ("clients_in_french", "clients")):
            if getattr(team, part) > getattr(team, whole):
                errors.setdefault(f"{part}_{code}", []).append(words.say("At most {n}, the number of all.", n=getattr(team, whole)))
    hours = number_of(stated.get("hours", "").strip() or "-", Manner())
    if isinstance(hours, Fault) or not 0 < hours <= 168:
        errors["hours"] = [words.say("Expected hours a week, more than 0 and at most 168.")]
        hours = Fraction(0)
    return FiveAnswers(stated.get("name", ""), setting, teams, hours), errors


def _whole(stated: QueryDict, name: str, words: Words, errors: dict[str, list[str]]) -> int:
    text = stated.get(name, "").strip()
    number = number_of(text or "0", Manner())
    if isinstance(number, Fault) or number.denominator != 1 or not 0 <= number <= MOST:
        errors[name] = [words.say("Expected a whole number from 0.")]
        return 0
    return int(number)


def _words(request: HttpRequest) -> Words:
    return words_in(getattr(request, "LANGUAGE_CODE", "en"))
