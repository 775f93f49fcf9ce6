"""Triage: the referrals of a program by what is late, urgent and old; and the page of one, with every legal next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenload.records.access import Person, directive_for, may, program_for, referral_for, referrals_of
from evenload.records.models import Practitioner, Program, Referral
from evenload.web import referral_parts as parts
from evenload.web import referral_words as said
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.pages.lists import program_name
from evenload.words import Words
from evenload.workflow import allotments, consent, referral_steps, referral_triage, referrals
from evenload.workflow.referral_triage import Asked
from evenload.workflow.referrals import NewReferral
from evenload.workflow.referrals_late import late
from evenload.workflow.refused import Refused

ON_A_PAGE: Final = 50
LATE: Final = "late"


@door("referral.see")
@require_safe
def triage(request: HttpRequest, code: str) -> HttpResponse:
    """The referrals of a program in one state, the late ones on top."""
    program = program_for(person_in(request), code, "referral.see")
    return render(request, "referrals.html", _triage_facts(request, program))


def _triage_facts(request: HttpRequest, program: Program) -> dict[str, Any]:
    person, words, now = person_in(request), words_of(request), timezone.now()
    today = timezone.localdate(now)
    wanted = request.GET.get("q", "").strip()[:60]
    rows = _found(referrals_of(person, program), wanted)
    counts = parts.counts_of(rows, now, today)
    tab = request.GET.get("show", "received")
    tab = tab if tab in (*parts.TABS, LATE) else "received"
    rows = rows.filter(late(now, today)) if tab == LATE else rows.filter(state__in=parts.TABS[tab])
    ordered = rows.order_by("-closed_on", "-pk") if tab == "closed" else parts.in_order(rows, now, today)
    first = (_page(request.GET.get("page", "")) - 1) * ON_A_PAGE
    shown = list(ordered[first : first + ON_A_PAGE])
    shows(request, program=program, clients=[code for row in shown for code in referral_steps.codes_of(row)])
    count = counts[tab]
    return {
        "program": program,
        "program_name": program_name(words, program),
        "lines": parts.lines_of(words, program, shown, now=now),
        "tab": tab,
        "counts": counts,
        "wanted": wanted,
        "priorities": parts.priority_choices(words),
        "first": first + 1 if shown else 0,
        "last": first + len(shown),
        "count": count,
        "earlier": first // ON_A_PAGE if first else 0,
        "later": first // ON_A_PAGE + 2 if first + ON_A_PAGE < count else 0,
        "has_targets": program.service_targets.exists(),
        "may_set_targets": may(person, "desk.see", program),
    }


def _found(rows: QuerySet[Referral], wanted: str) -> QuerySet[Referral]:
    if not wanted:
        return rows
    named = Q(client__initials__icontains=wanted) | Q(client__code__iexact=wanted) | Q(number__iexact=wanted)
    return rows.filter(named | Q(client__name__icontains=wanted) | Q(unit__code__iexact=wanted))


def _page(text: str) -> int:
    return max(1, min(int(text), 100_000)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


@door("referral.see")
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One referral: its facts, what is due, every legal next step, its history, and whom its client bars."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "referral.see")
    found = referral_for(person, program, key)
    shows(request, program=program, subject=found, clients=referral_steps.codes_of(found))
    if request.method != "POST":
        return render(request, "referral.html", _facts(request, found))
    try:
        messages.success(request, _acted(request.POST, words, found, person))
    except Refused as refused:
        sentence = said.refusal_sentence(words, refused)
        now = referral_for(person, program, key)
        status = 409 if refused.code in said.CONFLICTS else 422
        facts = _facts(request, now) | {"sentence": sentence, "stated": request.POST}
        return render(request, "referral.html", facts, status=status)
    if request.POST.get("back") == "triage":
        return redirect("referrals", code=code)
    return redirect("referral", code=code, key=key)


def _acted(stated: QueryDict, words: Words, found: Referral, by: Person) -> str:
    act = ACTS.get(stated.get("act", ""))
    if act is None:
        raise Refused("step_missing")
    return act(_Deed(stated, words, found, by))


@dataclass(frozen=True, slots=True)
class _Deed:
    """What somebody asks of one referral."""

    stated: QueryDict
    words: Words
    found: Referral
    by: Person

    @property
    def version(self) -> int:
        text = self.stated.get("version", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _judge(deed: _Deed) -> str:
    _judged(deed)
    return deed.words.say("Priority and complexity are kept.")


def _judged(deed: _Deed) -> Referral:
    priority = deed.stated.get("priority", "")
    return referral_triage.judge(
        deed.found,
        priority=int(priority) if priority in ("1", "2", "3", "4") else 0,
        complexity=deed.stated.get("complexity", ""),
        seen_version=deed.version,
        by=deed.by,
        at=timezone.now(),
    )


def _accept(deed: _Deed) -> str:
    """Onto the waiting list, with the priority and complexity that stand beside the button."""
    found, version = deed.found, deed.version
    if "priority" in deed.stated and found.state != "closed":
        found = _judged(deed)
        version = found.version
    return _stepped(deed, found, Asked("waiting", version))


def _step(deed: _Deed) -> str:
    asked = Asked(
        deed.stated.get("after", ""),
        deed.version,
        hold_until=_day(deed.stated.get("hold_until", "")) if deed.stated.get("after") == "on_hold" else None,
        reason=deed.stated.get("reason", ""),
    )
    return _stepped(deed, deed.found, asked)


def _stepped(deed: _Deed, found: Referral, asked: Asked) -> str:
    moved = referral_triage.act(found, asked, by=deed.by, at=timezone.now())
    day = deed.words.date(moved.hold_until) if moved.hold_until else ""
    facts = {"initials": moved.client.initials} | ({"day": day} if moved.state == "on_hold" else {})
    return deed.words.say(said.DONE[moved.state], **facts)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("day_odd") from error


def _bar(deed: _Deed) -> str:
    program = deed.found.client.program
    named = Practitioner.objects.filter(program=program, code=deed.stated.get("practitioner", "")).first()
    if named is None:
        raise Refused("barred_elsewhere")
    consent.bar(deed.found.client, named, by=deed.by, at=timezone.now())
    return deed.words.say("Recorded. {name} is never proposed for this client, and does not see her.", name=str(named))


def _lift(deed: _Deed) -> str:
    text = deed.stated.get("directive", "")
    key = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    directive = directive_for(deed.by, deed.found.client.program, key)
    consent.lift(directive, by=deed.by, at=timezone.now())
    return deed.words.say("The directive is lifted. {name} may be proposed again.", name=str(directive.practitioner))


ACTS: Final[dict[str, Callable[[_Deed], str]]] = {"judge": _judge, "accept": _accept, "step": _step, "bar": _bar, "lift": _lift}


def _facts(request: HttpRequest, found: Referral) -> dict[str, Any]:
    words, now = words_of(request), timezone.now()
    program = found.client.program
    line = parts.lines_of(words, program, [found], now=now)[0]
    directives = list(parts.directives_of(found))
    barred = {one.practitioner_id for one in directives if one.lifted_at is None}
    people = [(one.code, str(one)) for one in program.practitioners.all() if one.pk not in barred]
    resumes_to = referral_steps.resume_state(found)
    return {
        "program": program,
        "referral": found,
        "line": line,
        "title": ", ".join((found.client.name or found.client.initials, line.discipline, line.place)),
        "visits": allotments.left(found, today=timezone.localdate(now)),
        "complexity": next((name for key, name in line.standards if found.time_standard and key == found.time_standard.code), ""),
        "contract": words.either(found.contract.name_en, found.contract.name_fr) if found.contract else "",
        "asked_how": dict(said.how_choices(words)).get(found.client.language_asked_how, ""),
        "ways": parts.ways_on(found, resumes_to=resumes_to),
        "may_offer": may(person_in(request), "offer.make", program),
        "alike": _alike(found) if found.state != "closed" else [],
        "resumed_by": found.resumed_by.order_by("pk").last(),
        "priorities": parts.priority_choices(words),
        "closing": [("", words.say("Choose…")), *said.closing_choices(words)],
        "closing_reason": said.step_reason(words, found.closing_reason),
        "directives": [one for one in directives if one.lifted_at is None],
        "people": [("", words.say("Choose…")), *people],
        "history": parts.history(words, found),
        "may_see_unit": may(person_in(request), "unit.see", program),
    }


def _alike(found: Referral) -> list[Referral]:
    """Open referrals that may be the same."""
    client = found.client
    asked = NewReferral(discipline=found.discipline, initials=client.initials, birth_year=client.birth_year, number=found.number)
    return [one for one in referrals.duplicates(client.program, asked) if one.pk != found.pk]
