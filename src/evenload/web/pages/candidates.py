"""Who could take a unit, why, and why not the others: facts and candidates on one screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import program_for, unit_for
from evenload.records.models import Draft, Unit
from evenload.web.candidate_parts import MOST_COMPARED, candidate_view, compared, excluded_groups, facts_of_unit, neighbours_of
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, refusal_sentence, unit_name
from evenload.workflow import drafts, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused


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


def _page(request: HttpRequest, code: str, piece: str, template: str) -> HttpResponse:
    person = person_in(request)
    program = program_for(person, code, "unit.see")
    unit = unit_for(person, program, piece, "unit.see")
    draft = drafts.open_draft_of(program)
    shows(request, program=program, subject=unit, clients=[unit.code] if unit.kind == "client" else [])
    if draft is None:
        return redirect("desk", code=code)
    try:
        facts = _facts(request, draft, unit, piece)
    except Refused as refused:
        messages.error(request, refusal_sentence(words_of(request), refused, {}))
        return redirect("desk", code=code)
    return render(request, template, facts)


def _facts(request: HttpRequest, draft: Draft, unit: Unit, piece: str) -> dict[str, Any]:
    words, picture = words_of(request), picture_of(draft)
    if piece not in picture.facts.units:
        piece = next((one for one, known in picture.facts.units.items() if known.stated_id == unit.code), piece)
    names, case = names_of(words, picture.facts), picture.facts.case
    found = what_if.ranking(draft, piece)
    views = [candidate_view(words, names, case.practitioner(one.practitioner), one) for one in found.possible]
    chosen = request.GET.getlist("with")[:MOST_COMPARED]
    before, after = neighbours_of(picture, piece)
    return {
        "program": draft.program,
        "draft": draft,
        "unit": unit,
        "piece": piece,
        "title": unit_name(words, names, piece),
        "found": found,
        "holder": names.get(found.assigned_to or "", ""),
        "facts": facts_of_unit(words, names, picture, unit=unit, piece=piece, today=timezone.localdate()),
        "views": views,
        "first": next((view.code for view in views if not view.is_assigned), ""),
        "groups": excluded_groups(words, names, found),
        "excluded_count": len(found.excluded),
        "everybody_count": len(found.possible) + len(found.excluded),
        "compared": compared(views, chosen),
        "banned": [(code, names.get(code, code)) for code in sorted(picture.places[piece].banned)],
        "seen_version": picture.version,
        "before": before,
        "after": after,
    }
