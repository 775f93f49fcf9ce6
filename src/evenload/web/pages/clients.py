"""A practitioner's clients: the list, with initials; and one of them, with her full name and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.records.access import Person, own_practitioners
from evenload.records.access_own import own_referrals, own_unit, own_units
from evenload.records.models import Practitioner, Referral, Unit
from evenload.records.models.offers import DECLINE_REASONS
from evenload.web.client_parts import FILTERS, ORDERS, chosen, client_line, ordered, page_facts, referral_view
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.referral_words import CONFLICTS
from evenload.web.today_parts import unplanned_view
from evenload.web.today_words import cancel_choices, own_refusal
from evenload.words import Words, label
from evenload.workflow import allotment_steps, allotments, give_back, planned_visits, referral_triage
from evenload.workflow.allotment_steps import More
from evenload.workflow.own_clients import OwnClient, own_clients
from evenload.workflow.referral_triage import Asked
from evenload.workflow.refused import Refused
from evenload.workflow.visits_needed import minutes_by_standard


@door("client.see")
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """Everybody she looks after, by what is due, priority, last contact or visits left."""
    person, words, today = person_in(request), words_of(request), timezone.localdate()
    mine = list(own_practitioners(person))
    everybody = [client for one in mine for client in own_clients(one, today=today)]
    order, wanted = request.GET.get("sort", "due"), request.GET.get("show", "all")
    order, wanted = order if order in ORDERS else "due", wanted if wanted in FILTERS else "all"
    kept = ordered(words, chosen(everybody, wanted, today), order)
    shows(request, program=mine[0].program if len(mine) == 1 else None, clients=[one.held.unit.code for one in kept])
    facts = {
        "lines": [client_line(words, one, today=today) for one in kept],
        "total": len(everybody),
        "orders": [(code, words.say(text)) for code, text in ORDERS.items()],
        "filters": [(code, _counted(words, text, chosen(everybody, code, today))) for code, text in FILTERS.items()],
        "order": order,
        "wanted": wanted,
    }
    return render(request, "clients.html", facts)


def _counted(words: Words, text: str, found: list[OwnClient]) -> str:
    return words.pair(words.say(text), words.integer(len(found)))


@door("client.see")
@require_http_methods(["GET", "HEAD", "POST"])
def client(request: HttpRequest, key: int) -> HttpResponse:
    """One client of hers: who she is, what was visited and is planned, and the steps that are hers to take."""
    person, words = person_in(request), words_of(request)
    unit, herself = own_unit(person, key)
    referrals = list(own_referrals(person, [unit.pk]))
    shows(request, program=unit.program, subject=unit, clients=[unit.code, *(one.client.code for one in referrals)])
    sentence, status = "", 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise Refused("step_missing")
            messages.success(request, act(request.POST, words, unit, herself, referrals, person))
        except Refused as refused:
            sentence, status = own_refusal(words, refused), 409 if refused.code in CONFLICTS else 422
        else:
            return redirect("client", key=key) if own_units(person).filter(pk=key).exists() else redirect("clients")
    facts = _facts(words, unit, herself, referrals) | {"asked_back_at": give_back.asked_at(unit, person)}
    return render(
        request, "client.html", facts | {"sentence": sentence, "stated": request.POST, "today": timezone.localdate()}, status=status
    )


def _facts(words: Words, unit: Unit, herself: Practitioner, referrals: list[Referral]) -> dict[str, Any]:
    today = timezone.localdate()
    left = allotments.left_of([one.pk for one in referrals], today=today)
    minutes = minutes_by_standard(unit.program)[unit.time_standard_id][0]
    views = [referral_view(words, one, left[one.pk]) for one in referrals]
    return page_facts(words, unit, herself, views) | {
        "visit": unplanned_view(words, unit, referrals, minutes=minutes, today=today),
        "reasons": cancel_choices(words),
        "give_back_reasons": [(code, label(words, "decline_reason", code)) for code in DECLINE_REASONS],
        "next": "client",
    }


Act = Callable[[QueryDict, Words, Unit, Practitioner, list[Referral], Person], str]


def _plan(stated: QueryDict, words: Words, unit: Unit, herself: Practitioner, referrals: list[Referral], by: Person) -> str:
    on = _day(stated)
    referral = next((one for one in referrals if str(one.pk) == stated.get("referral", "")), None)
    planned_visits.add(herself, unit, on=on, by=by, at=timezone.now(), referral=referral)
    return words.say("A visit is planned for {day}.", day=words.date_sentence(on))


def _hold(stated: QueryDict, words: Words, _: Unit, __: Practitioner, referrals: list[Referral], by: Person) -> str:
    until = _day(stated)
    _step(stated, referrals, "on_hold", by, hold_until=until)
    return words.say("On hold until {day}. Nothing is due meanwhile.", day=words.day(until))


def _resume(stated: QueryDict, words: Words, _: Unit, __: Practitioner, referrals: list[Referral], by: Person) -> str:
    _step(stated, referrals, "assigned", by)
    return words.say("Taken up again.")


def _close(stated: QueryDict, words: Words, _: Unit, __: Practitioner, referrals: list[Referral], by: Person) -> str:
    _step(stated, referrals, "closed", by, reason=stated.get("reason", ""))
    return words.say("Closed. The client leaves your caseload; what was recorded stays.")


def _step(stated: QueryDict, referrals: list[Referral], after: str, by: Person, **more: Any) -> None:
    found = next((one for one in referrals if str(one.pk) == stated.get("referral", "")), None)
    version = stated.get("version", "")
    if found is None or not version.isdecimal():
        raise Refused("referral_changed")
    referral_triage.act(found, Asked(after, int(version), **more), by=by, at=timezone.now())


def _day(stated: QueryDict) -> date:
    try:
        return date.fromisoformat(stated.get("on", "").strip())
    except ValueError as error:
        raise Refused("day_odd") from error


def _ask_more(stated: QueryDict, words: Words, _: Unit, __: Practitioner, referrals: list[Referral], by: Person) -> str:
    found = next((one for one in referrals if str(one.pk) == stated.get("referral", "")), None)
    if found is None:
        raise Refused("referral_changed")
    visits = stated.get("visits", "").strip()
    count = int(visits) if visits.isdecimal() and len(visits) < 6 else 0
    at = timezone.now()
    allotment_steps.ask(found, More(count, timezone.localdate(at)), because=stated.get("because", ""), by=by, at=at)
    return words.say_n(
        "{n} more visit is asked for. Another person approves it.", "{n} more visits are asked for. Another person approves them.", count
    )


def _give_back(stated: QueryDict, words: Words, unit: Unit, herself: Practitioner, _: list[Referral], by: Person) -> str:
    address = reverse("candidates", args=[unit.program.code, unit.code])
    give_back.ask(herself, unit, reason=stated.get("reason", ""), by=by, at=timezone.now(), address=address)
    return words.say("Your manager is told, and decides. Until a new list is published the client stays with you.")


ACTS: Final[dict[str, Act]] = {"plan": _plan, "hold": _hold, "resume": _resume, "close": _close, "more": _ask_more, "give_back": _give_back}
"""what she may do with a client of hers; anything else changes nothing"""
