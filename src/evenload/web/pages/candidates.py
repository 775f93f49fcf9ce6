"""Who could take a unit, why, and why not the others: facts and candidates on one screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.records.access import program_for, unit_for
from evenload.records.models import Draft, Program, Unit
from evenload.web.candidate_parts import (
    MOST_COMPARED,
    ORDERS,
    candidate_view,
    compared,
    excluded_groups,
    facts_of_unit,
    in_order,
    neighbours_of,
)
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, refusal_sentence, unit_name
from evenload.web.waiting_words import left_waiting_sentence, reason_choices
from evenload.words import Words, fix_sentence
from evenload.workflow import drafts, what_if
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.waiting import leave_waiting, left_waiting


@door("unit.see")
@require_safe
def candidates(request: HttpRequest, code: str, piece: str) -> HttpResponse:
    """Facts, everybody possible by rank, everybody else with the reason and the nearest fix."""
    return _page(request, code, piece, "candidates.html")


@door("unit.see")
@require_safe
def compare(request: HttpRequest, code: str, piece: str) -> HttpResponse:
    """Up to four candidates side by side (`with`, repeated); without any, the first of the ranking."""
    return _page(request, code, piece, "compare.html")


@door("desk.change")
@require_POST
def wait(request: HttpRequest, code: str, piece: str) -> HttpResponse:
    """Leaves the unit waiting, with the reason that is kept with it."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "desk.change")
    unit = unit_for(person, program, piece, "unit.see")
    draft, seen = drafts.open_draft_of(program), request.POST.get("seen_version", "")
    if draft is None:
        return redirect("desk", code=code)
    reason, note = request.POST.get("why", ""), request.POST.get("note", "")
    try:
        version = int(seen) if seen.isdecimal() else draft.version
        leave_waiting(draft, piece, reason=reason, note=note, by=person, at=timezone.now(), seen_version=version)
    except Refused as refused:
        if refused.code not in FIELDS:
            messages.error(request, refusal_sentence(words, refused, {}))
            return redirect("candidates", code=code, piece=piece)
        shown = {"errors": {FIELDS[refused.code]: [refusal_sentence(words, refused, {})]}, "why": reason, "note": note}
        return render(request, "candidates.html", _facts(request, program, unit, piece) | shown, status=422)
    messages.success(request, words.say("{unit} is left waiting; the reason is kept with it.", unit=_title(words, draft, piece)))
    return redirect("candidates", code=code, piece=piece)


FIELDS = {"waiting_reason_missing": "why", "waiting_note_missing": "note"}


def _title(words: Words, draft: Draft, piece: str) -> str:
    return unit_name(words, names_of(words, picture_of(draft).facts), piece)


def _page(request: HttpRequest, code: str, piece: str, template: str) -> HttpResponse:
    person = person_in(request)
    program = program_for(person, code, "unit.see")
    unit = unit_for(person, program, piece, "unit.see")
    shows(request, program=program, subject=unit, clients=[unit.code] if unit.kind == "client" else [])
    try:
        facts = _facts(request, program, unit, piece)
    except Refused as refused:
        messages.error(request, refusal_sentence(words_of(request), refused, {}))
        return redirect("desk", code=code)
    return render(request, template, facts)


def _facts(request: HttpRequest, program: Program, unit: Unit, piece: str) -> dict[str, Any]:
    words = words_of(request)
    picture, draft = picture_at_hand(program)
    if piece not in picture.facts.units:
        piece = next((one for one, known in picture.facts.units.items() if known.stated_id == unit.code), piece)
    found = what_if.ranking_in(picture, piece)
    names, case = names_of(words, picture.facts), picture.facts.case
    order = request.GET.get("sort", "") if request.GET.get("sort", "") in ORDERS else ORDERS[0]
    views = [candidate_view(words, names, case.practitioner(one.practitioner), one) for one in in_order(found.possible, order)]
    before, after = neighbours_of(picture, piece)
    return {
        "program": program,
        "draft": draft,
        "unit": unit,
        "piece": piece,
        "title": unit_name(words, names, piece),
        "asks_french": any(one.is_french for one in picture.facts.bundle_of[piece]),
        "found": found,
        "holder": names.get(found.assigned_to or "", ""),
        "facts": facts_of_unit(words, names, picture, unit=unit, piece=piece, today=timezone.localdate()),
        "views": views,
        "order": order,
        "orders": ORDERS,
        "first": next((view.code for view in sorted(views, key=lambda view: view.rank) if not view.is_assigned), ""),
        "groups": excluded_groups(words, names, found),
        "smallest": "" if views or draft is None else fix_sentence(words, what_if.nearest_fix(draft, piece), names),
        "excluded_count": len(found.excluded),
        "everybody_count": len(found.possible) + len(found.excluded),
        "compared": compared(views, request.GET.getlist("with")[:MOST_COMPARED]),
        "banned": [(code, names.get(code, code)) for code in sorted(picture.places[piece].banned)],
        "seen_version": picture.version,
        "before": before,
        "after": after,
    } | _waiting_facts(words, program, unit, picture, piece)


def _waiting_facts(words: Words, program: Program, unit: Unit, picture: Picture, piece: str) -> dict[str, Any]:
    """What the form "Leave waiting" holds; the reason that stands, while the unit waits."""
    waits = picture.places[piece].practitioner is None
    stands = left_waiting(program, [unit.code]).get(unit.code) if waits else None
    return {
        "waits": waits,
        "left_waiting": left_waiting_sentence(words, stands),
        "reasons": reason_choices(words),
        "why": stands.reason if stands else "",
        "note": stands.note if stands else "",
        "errors": {},
    }
