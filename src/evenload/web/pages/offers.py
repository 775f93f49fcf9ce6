"""Offers: the practitioner's inbox and her answer; the manager's offer to some people, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenload.records.access import Person, offer_for, own_answer, own_answers, program_for, unit_for
from evenload.records.models import Draft, Offer, OfferAnswer, Program
from evenload.records.models.offers import DECLINE_REASONS
from evenload.web.candidate_parts import candidate_view
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, unit_name
from evenload.web.offer_parts import AskedView, ToAllView, asked_view, sent_views, to_all_view
from evenload.web.offer_words import CONFLICTS, offer_refusal
from evenload.words import Words, label
from evenload.workflow import drafts, offer_questions, offer_shown, offers
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.offer_eligible import eligible
from evenload.workflow.offers import Terms
from evenload.workflow.refused import Refused

TABS: Final = {
    "open": ("open", "conditional"),
    "accepted": ("accepted",),
    "past": ("declined", "expired", "withdrawn", "closed", "given_back"),
}
MOST_SHOWN: Final = 50
HOURS_TO_ANSWER: Final = (4, 24, 48, 72, 168)


@door("offer.answer")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What she is asked, soonest answer first; what she accepted; what is past."""
    person, words = person_in(request), words_of(request)
    tab = request.GET.get("show", "open")
    tab = tab if tab in TABS else "open"
    mine = own_answers(person)
    counts = {name: mine.filter(state__in=states).count() for name, states in TABS.items()}
    rows = list(
        mine.prefetch_related("questions__by")
        .filter(state__in=TABS[tab])
        .order_by("answer_by" if tab == "open" else "-answered_at", "pk")[:MOST_SHOWN]
    )
    views = [_asked(words, row) for row in rows]
    OfferAnswer.objects.filter(pk__in=[row.pk for row in rows], seen_at=None).update(seen_at=timezone.now())
    programs = {row.offer.program for row in rows}
    program = programs.pop() if len(programs) == 1 else None
    shows(request, program=program, clients=[row.offer.unit.code for row in rows if row.state == "accepted"])
    return render(request, "offers.html", {"tab": tab, "counts": counts, "views": views, "reasons": _reasons(words)})


def _asked(words: Words, answer: OfferAnswer) -> AskedView:
    """With her week as counted now, while she decides; with the figures she decided from, afterwards."""
    draft = drafts.open_draft_of(answer.offer.program)
    week, names = answer.shown, {}
    if draft is not None:
        names = dict(names_of(words, picture_of(draft).facts))
        if answer.state in TABS["open"]:
            week = answer.shown | offer_shown.week_of(draft, answer.offer.piece, answer.practitioner.code)
    return asked_view(words, answer, names, week)


def _reasons(words: Words) -> list[tuple[str, str]]:
    return [(code, label(words, "decline_reason", code)) for code in DECLINE_REASONS]


@door("offer.answer")
@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Accept, accept on conditions, ask, decline with a reason, or give an acceptance back."""
    person, words = person_in(request), words_of(request)
    mine = own_answer(person, key)
    try:
        said = _answered(request, words, mine, person)
    except Refused as refused:
        facts = _inbox_again(request, words, mine, offer_refusal(words, refused, {}))
        return render(request, "offers.html", facts, status=409 if refused.code in CONFLICTS else 422)
    messages.success(request, said)
    return redirect("offers")


def _inbox_again(request: HttpRequest, words: Words, mine: OfferAnswer, sentence: str) -> dict[str, Any]:
    """The page with what was typed, and the sentence why it was not done."""
    rows = own_answers(person_in(request))
    counts = {name: rows.filter(state__in=states).count() for name, states in TABS.items()}
    views = [
        _asked(words, row)
        for row in rows.filter(state__in=TABS["open"]).prefetch_related("questions__by").order_by("answer_by", "pk")[:MOST_SHOWN]
    ]
    return {
        "tab": "open",
        "counts": counts,
        "views": views,
        "reasons": _reasons(words),
        "sentence": sentence,
        "stated": request.POST,
        "stated_key": mine.pk,
    }


def _answered(request: HttpRequest, words: Words, mine: OfferAnswer, by: Person) -> str:
    stated, at = request.POST, timezone.now()
    wish = stated.get("answer", "")
    if wish == "accept":
        offer = offers.accept(mine, by=by, at=at)
        name = offer.made_by.full_name
        return words.say("Accepted. Full details are open. You may withdraw until {name} confirms.", name=name)
    if wish == "conditions":
        offers.accept_on_conditions(mine, conditions=stated.get("conditions", ""), visits=_visits(stated.get("visits", "")), by=by, at=at)
        return words.say("Your conditions are with {name}. The offer stays open meanwhile.", name=mine.offer.made_by.full_name)
    if wish == "give_back":
        offers.give_back(mine, by=by, at=at)
        return words.say("Your acceptance is withdrawn. {name} sees it.", name=mine.offer.made_by.full_name)
    if wish == "ask":
        offer_questions.ask(mine, stated.get("question", ""), by=by, at=at)
        return words.say("Your question is with {name}. The time to answer goes on.", name=mine.offer.made_by.full_name)
    if wish != "decline":
        raise Refused("answer_unknown")
    offers.decline(mine, reason=stated.get("reason", ""), comment=stated.get("comment", ""), by=by, at=at)
    return words.say("Declined. Thank you for answering.")


def _visits(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        count = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise Refused("visits_odd") from error
    if not 0 < count < 10_000:
        raise Refused("visits_odd")
    return count


@door("offer.make")
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, code: str, piece: str) -> HttpResponse:
    """Offer a unit: to whom, all at once or in turn, by when."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "offer.make")
    unit = unit_for(person, program, piece, "offer.make")
    shows(request, program=program, subject=unit, clients=[unit.code])
    draft = drafts.open_draft_of(program)
    if draft is None:
        return redirect("desk", code=code)
    if piece not in picture_of(draft).facts.bundle_of:
        raise Http404(piece)  # it is closed, or on hold: no plan has it
    facts = _offer_facts(words, request, draft, piece)
    if request.method != "POST":
        return render(request, "offer.html", facts)
    try:
        made = offers.make(draft, piece, _asked_for(request, facts["to_all"]), terms=_terms(request), by=person, at=timezone.now())
    except Refused as refused:
        sentence = offer_refusal(words, refused, facts["names"], to_planner=True)
        return render(request, "offer.html", facts | {"sentence": sentence}, status=409 if refused.code in CONFLICTS else 422)
    asked = made.answers.exclude(asked_at=None).count()
    messages.success(request, words.say_n("Offered to {n} person.", "Offered to {n} people.", asked))
    return redirect("offers_sent", code=code)


def _asked_for(request: HttpRequest, to_all: ToAllView) -> list[str]:
    """Those chosen by name, or all eligible: only while these are the ones whom the page had shown."""
    if "to_all" not in request.POST:
        return request.POST.getlist("to")
    if request.POST.getlist("eligible") != list(to_all.codes):
        raise Refused("eligible_changed")
    return list(to_all.codes)


def _offer_facts(words: Words, request: HttpRequest, draft: Draft, piece: str) -> dict[str, Any]:
    picture = picture_of(draft)
    names = names_of(words, picture.facts)
    found, case = eligible(draft, piece, at=timezone.now()), picture.facts.case
    possible = sorted((one for one in found.ranking.possible if not one.is_assigned), key=lambda one: one.rank or 0)
    stated = request.POST if request.method == "POST" else request.GET
    hours = [(str(count), words.duration(60 * count)) for count in HOURS_TO_ANSWER]
    return {
        "program": draft.program,
        "piece": piece,
        "title": unit_name(words, names, piece),
        "views": [candidate_view(words, names, case.practitioner(one.practitioner), one) for one in possible],
        "to_all": to_all_view(words, names, found),
        "chosen": stated.getlist("to"),
        "stated": stated,
        "hours_choices": hours,
        "names": names,
    }


def _terms(request: HttpRequest) -> Terms:
    stated = request.POST
    try:
        hours = int(stated.get("answer_hours", "24"))
    except ValueError:
        hours = 0
    first_visit_by = _day(stated.get("first_visit_by", "")) if stated.get("first_visit_by") else None
    return Terms("in_turn" if stated.get("way") == "in_turn" else "together", hours, first_visit_by)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("day_odd") from error


@door("offer.see")
@require_safe
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """The offers of a program: open ones first, every answer under its offer."""
    program = program_for(person_in(request), code, "offer.see")
    return render(request, "offers_sent.html", _sent_facts(request, program))


def _sent_facts(request: HttpRequest, program: Program) -> dict[str, Any]:
    words = words_of(request)
    rows = list(
        program.offers.select_related("unit", "made_by").prefetch_related("answers__practitioner", "answers__questions__by")[:MOST_SHOWN]
    )
    rows.sort(key=lambda row: row.state not in ("accepted", "open"))
    shows(request, program=program, clients=[row.unit.code for row in rows])
    draft = drafts.open_draft_of(program)
    picture = picture_of(draft) if draft else None
    names = names_of(words, picture.facts) if picture else {row.piece: str(row.unit) for row in rows}
    waiting = {piece for piece, one in picture.places.items() if one.practitioner is None} if picture else set()
    return {"program": program, "views": sent_views(words, rows, names, waiting), "today": timezone.localdate()}


@door("offer.make")
@require_POST
def act(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The manager's act on an offer: withdraw it, answer a question, take somebody's conditions, confirm an acceptance."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "offer.make")
    found = offer_for(person, program, key, "offer.make")
    act_of = ACTS.get(request.POST.get("act", ""))
    try:
        if act_of is not None:
            messages.success(request, act_of(request.POST, words, found, person))
    except Refused as refused:
        facts = _sent_facts(request, program) | {"sentence": offer_refusal(words, refused, {}, to_planner=True), "stated": request.POST}
        return render(request, "offers_sent.html", facts, status=409 if refused.code in CONFLICTS else 422)
    return redirect("offers_sent", code=code)


def _withdraw(_: QueryDict, words: Words, found: Offer, by: Person) -> str:
    offers.withdraw(found, by=by, at=timezone.now())
    return words.say("The offer is withdrawn.")


def _take(stated: QueryDict, words: Words, found: Offer, by: Person) -> str:
    taken = _named(stated, found)
    offers.take_conditions(taken, by=by, at=timezone.now())
    return words.say("{name} has this unit in the draft, pinned.", name=str(taken.practitioner))


def _named(stated: QueryDict, found: Offer) -> OfferAnswer:
    named = [int(one) for one in stated.getlist("answer") if one.isdecimal()]
    answer = found.answers.select_related("practitioner").filter(pk__in=named).first()
    if answer is None:
        raise Refused("answer_unknown")
    return answer


def _reply(stated: QueryDict, words: Words, found: Offer, by: Person) -> str:
    answer = _named(stated, found)
    offer_questions.reply(answer, stated.get("reply", ""), by=by, at=timezone.now())
    return words.say("Your answer is with {name}.", name=str(answer.practitioner))


def _confirm(stated: QueryDict, words: Words, found: Offer, by: Person) -> str:
    day = _day(stated.get("effective_on", ""))
    made = offers.confirm(found, effective_on=day, by=by, at=timezone.now())
    return words.say("Confirmed: {name} from {day}.", name=str(made.practitioner), day=made.starts_on or day)


ACTS: Final[dict[str, Callable[[QueryDict, Words, Offer, Person], str]]] = {
    "withdraw": _withdraw,
    "reply": _reply,
    "take": _take,
    "confirm": _confirm,
}
"""what a manager may do with an offer; anything else changes nothing"""
