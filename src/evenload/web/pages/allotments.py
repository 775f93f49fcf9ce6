"""Visits of one referral: what is authorised, used and left; more of them, authorised or asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenload.records.access import NotHers, Person, may, program_for, referral_for
from evenload.records.access_own import own_referrals, own_units
from evenload.records.models import Allotment, Contract, Program, Referral
from evenload.web.allotment_words import REFUSALS, client_title, field_errors, left_sentence, refusal, standing_of
from evenload.web.contract_words import contract_name
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.words import Words
from evenload.workflow import allotment_steps, allotments
from evenload.workflow.allotment_steps import More
from evenload.workflow.referral_steps import codes_of
from evenload.workflow.refused import Refused

CONFLICTS: Final = ("own_request", "decided_already", "referral_closed", "asked_already")


@door("allotment.see")
@require_http_methods(["GET", "HEAD", "POST"])
def visits(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The visits of one referral. A POST authorises more (who plans), or asks for unfunded ones."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "allotment.see")
    referral = _referral(person, program, key)
    shows(request, program=program, subject=referral, clients=codes_of(referral))
    facts = _facts(words, person, referral)
    if request.method != "POST":
        return render(request, "allotments.html", facts)
    authorises = request.POST.get("act") == "authorise" and facts["may_authorise"]
    prefix = "more_" if authorises else "ask_"
    more, errors = _more(request, words, program, prefix)
    status = 422
    if more is not None:
        try:
            messages.success(request, _done(request, words, referral, more, authorises=authorises))
            return redirect("allotments", code=code, key=key)
        except Refused as refused:
            errors = field_errors(words, refused, prefix)
            status = 409 if refused.code in CONFLICTS else 422
    forms = _forms(words, program, facts["may_authorise"], stated=request.POST, errors=errors)
    return render(request, "allotments.html", facts | {"errors": errors, "forms": forms}, status=status)


def _done(request: HttpRequest, words: Words, referral: Referral, more: More, *, authorises: bool) -> str:
    person, at = person_in(request), timezone.now()
    if authorises:
        allotment_steps.authorise(referral, more, by=person, at=at)
        return words.say_n("{n} visit is authorized.", "{n} visits are authorized.", more.visits)
    allotment_steps.ask(referral, more, because=request.POST.get("ask_because", ""), by=person, at=at)
    return words.say("Your question is with the planners. Until one of them approves, these visits are not available.")


def _referral(person: Person, program: Program, key: int) -> Referral:
    """A practitioner sees the referrals of her own units; who plans or keeps the office, those of the program."""
    if not person.is_practitioner:
        return referral_for(person, program, key, "allotment.see")
    units = own_units(person).filter(program=program).values_list("pk", flat=True)
    found = own_referrals(person, units).filter(pk=key).select_related("client__program", "unit", "site").first()
    if found is None:
        raise NotHers
    return found


def _facts(words: Words, person: Person, referral: Referral) -> dict[str, Any]:
    today, program = timezone.localdate(), referral.client.program
    rows = list(referral.allotments.select_related("contract", "asked_by", "approved_by", "refused_by"))
    left = allotments.counted(rows, today)
    return {
        "program": program,
        "referral": referral,
        "title": client_title(words, referral),
        "left": left,
        "sentence": left_sentence(words, left),
        "runs_out": left.runs_out_soon(today),
        "lines": [(row, standing_of(words, row, today), contract_name(words, row.contract) if row.contract else "") for row in rows],
        "unfunded": referral.visits.filter(outcome="done", allotment__isnull=True).count(),
        "may_authorise": may(person, "allotment.authorise", program),
        "may_see_referral": may(person, "referral.see", program),
        "forms": _forms(words, program, may(person, "allotment.authorise", program), stated={}, errors={}),
        "errors": {},
    }


def _forms(
    words: Words, program: Program, may_authorise: bool, *, stated: Mapping[str, Any], errors: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """The two forms, with what was typed: visits that somebody pays for, and visits that nobody pays for yet."""
    today = timezone.localdate()
    contracts = [("", "–"), *((one.code, contract_name(words, one)) for one in program.contracts.filter(ends_on__gte=today))]
    days_and_visits = [
        ("visits", words.say("Visits"), "text", "", None),
        ("starts_on", words.say("From"), "date", today.isoformat(), None),
        ("expires_on", words.say("Until (empty: without end)"), "date", "", None),
    ]
    more = {
        "act": "authorise",
        "title": words.say("Authorize more visits"),
        "button": words.say("Authorize"),
        "fields": _fields("more_", [*days_and_visits, ("contract", words.say("Contract"), "", "", contracts)], stated, errors),
    }
    ask = {
        "act": "ask",
        "title": words.say("Ask for unfunded visits"),
        "hint": words.say("A planner other than you approves them or refuses. Until then they are not available."),
        "button": words.say("Ask for them"),
        "fields": _fields("ask_", [*days_and_visits, ("because", words.say("Why they are needed"), "text", "", None)], stated, errors),
    }
    return [more, ask] if may_authorise else [ask]


def _fields(
    prefix: str, fields: Sequence[tuple[str, str, str, str, Any]], stated: Mapping[str, Any], errors: dict[str, list[str]]
) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{prefix}{name}",
            "label": label,
            "type": kind,
            "value": stated.get(f"{prefix}{name}", default),
            "select_from": choices,
            "errors": errors.get(f"{prefix}{name}"),
            "inputmode": "numeric" if name == "visits" else "",
        }
        for name, label, kind, default, choices in fields
    ]


def _more(request: HttpRequest, words: Words, program: Program, prefix: str) -> tuple[More | None, dict[str, list[str]]]:
    stated, errors = request.POST, {}
    text = "".join(stated.get(f"{prefix}visits", "").split())
    count = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= count <= allotment_steps.MOST_VISITS:
        errors[f"{prefix}visits"] = [words.say(REFUSALS["visits_odd"])]
    days: dict[str, date | None] = {"expires_on": None, "starts_on": None}
    for name in days:
        typed = stated.get(f"{prefix}{name}", "").strip()
        if not typed and name == "expires_on":
            continue
        try:
            days[name] = date.fromisoformat(typed)
        except ValueError:
            errors[f"{prefix}{name}"] = [words.say(REFUSALS["day_odd"])]
    starts_on = days["starts_on"]
    if errors or starts_on is None:
        return None, errors
    contract = Contract.objects.filter(program=program, code=stated.get(f"{prefix}contract", "")).first()
    return More(count, starts_on, days["expires_on"], contract), {}


@door("approval.see")
@require_safe
def approvals(request: HttpRequest, code: str) -> HttpResponse:
    """Unfunded visits to decide about, referrals whose visits run out, and what was decided lately."""
    program = program_for(person_in(request), code, "approval.see")
    return render(request, "approvals.html", _approvals(request, program))


@door("approval.decide")
@require_POST
def decide(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Approve or refuse what somebody else asked for."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "approval.decide")
    asked = Allotment.objects.filter(pk=key, referral__client__program=program).select_related("referral__client").first()
    if asked is None:
        raise NotHers
    try:
        if request.POST.get("act") == "approve":
            allotment_steps.approve(asked, by=person, at=timezone.now())
            messages.success(request, words.say("Approved. The visits may be used from now on; who asked is told."))
        else:
            allotment_steps.refuse(asked, because=request.POST.get("because", ""), by=person, at=timezone.now())
            messages.success(request, words.say("Refused. Who asked is told."))
    except Refused as refused:
        facts = _approvals(request, program) | {
            "refused_key": key,
            "sentence": refusal(words, refused),
            "because": request.POST.get("because"),
        }
        return render(request, "approvals.html", facts, status=409 if refused.code in CONFLICTS else 422)
    return redirect("approvals", code=code)


def _approvals(request: HttpRequest, program: Program) -> dict[str, Any]:
    person, words, today = person_in(request), words_of(request), timezone.localdate()
    asked = list(allotment_steps.to_decide(program))
    ending = allotment_steps.running_out(program, today=today)
    left = allotments.left_of([one.pk for one in (*ending, *(row.referral for row in asked))], today=today)
    past = list(allotment_steps.decided(program, at=timezone.now()))
    shown = [*(row.referral for row in (*asked, *past)), *ending]
    shows(request, program=program, clients=[code for one in shown for code in codes_of(one)])
    return {
        "program": program,
        "asked": [
            {
                "row": row,
                "title": client_title(words, row.referral),
                "left": left_sentence(words, left[row.referral_id]),
                "is_own": row.asked_by_id == person.account.pk,
            }
            for row in asked
        ],
        "ending": [(one, client_title(words, one), left_sentence(words, left[one.pk]), left[one.pk]) for one in ending],
        "past": [(row, client_title(words, row.referral)) for row in past],
    }
