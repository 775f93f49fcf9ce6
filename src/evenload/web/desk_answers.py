"""What the desk answers to a change: a page again, or with htmx the rows it touched, the counters and the line of the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from evenload.records.access import Person
from evenload.records.models import Draft, DraftChange
from evenload.web.desk_asked import asked_of, board_asked
from evenload.web.desk_lines import draft_line
from evenload.web.desk_parts import WAITING_AT_ONCE, counters_view, key_of, row_view, waiting_views
from evenload.web.draft_words import moved_sentence, names_of, refusal_sentence, unit_name, week_sentence
from evenload.web.spoken import spoken
from evenload.words import Words, words_in
from evenload.words.phrases import Names
from evenload.workflow import what_if
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.refused import Refused

MOST_ROWS: Final = 12
"""A change that touches more people than this is answered with the whole page."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One small change that a form asks for."""

    draft: Draft
    by: Person
    kind: str
    piece: str
    seen_version: int


def words_of(request: HttpRequest) -> Words:
    """The words of the request's language."""
    return words_in(getattr(request, "LANGUAGE_CODE", "en")[:2])


def desk_address(program_code: str, *, opened: str | None = None, piece: str = "", version: int | None = None) -> str:
    """The desk, with one person's row opened, at one card; with `version` it is loaded anew, also where one is on it."""
    stated = {"open": opened, "version": version}
    query = f"?{urlencode({name: value for name, value in stated.items() if value is not None})}" if any(stated.values()) else ""
    return f"{reverse('desk', args=[program_code])}{query}{f'#card-{key_of(piece)}' if piece else ''}"


def answer_deed(request: HttpRequest, deed: Deed, before: Picture, fresh: Draft) -> HttpResponse:
    """After a change: the sentence that says it, and the desk."""
    words, after = words_of(request), picture_of(fresh)
    names = names_of(words, after.facts)
    change = DraftChange.objects.filter(draft=fresh, by=deed.by.account).order_by("-pk").first()
    pieces = [entry[0] for entry in change.after if entry[0] in after.places] if change and before.version != after.version else []
    people = _touched(before, after, pieces)
    sentence = _sentence(words, names, fresh, after, change if pieces else None, people)
    if not request.headers.get("HX-Request"):
        messages.success(request, sentence)
        place = after.places.get(deed.piece)
        return redirect(desk_address(fresh.program.code, opened=place.practitioner if place else None, piece=deed.piece))
    if len(people) > MOST_ROWS:
        messages.success(request, sentence)
        return _sent(desk_address(fresh.program.code))
    return spoken(_fragments(request, fresh, after, people, deed.piece), sentence)


def _sent(address: str) -> HttpResponse:
    answer = HttpResponse(status=200)
    answer["HX-Redirect"] = address
    return answer


def _touched(before: Picture, after: Picture, pieces: list[str]) -> list[str]:
    """Practitioners whose rows look different now: who takes first, then who gives."""
    takers = [after.places[piece].practitioner for piece in pieces]
    givers = [before.places[piece].practitioner for piece in pieces if piece in before.places]
    return [code for code in dict.fromkeys([*takers, *givers]) if code is not None and code in after.facts.people]


def _sentence(words: Words, names: Names, draft: Draft, after: Picture, change: DraftChange | None, people: list[str]) -> str:
    if change is None:
        return words.say("Nothing had to be changed.")
    rows = what_if.rows_of(draft, people[:2])
    first = next((entry[0] for entry in change.after if entry[0] in after.places), "")
    unit, to = unit_name(words, names, first), after.places[first].practitioner if first else None
    if change.kind == "move":
        return moved_sentence(words, unit, names.get(to, to) if to else None, rows)
    said = {
        "pin": words.say("{unit} is pinned.", unit=unit),
        "unpin": words.say("{unit} is not pinned any more.", unit=unit),
        "ban": words.say("Ruled out for {unit}.", unit=unit),
        "unban": words.say("Allowed again for {unit}.", unit=unit),
        "undo": words.say("The last change is undone."),
    }.get(change.kind, words.say("The draft is changed."))
    return " ".join([said, *(week_sentence(words, row) for row in rows if change.kind in ("undo", "ban"))])


def _fragments(request: HttpRequest, draft: Draft, after: Picture, people: list[str], piece: str) -> HttpResponse:
    words = words_of(request)
    names = names_of(words, after.facts)
    asked = asked_of(request)
    board = board_asked(after, what_if.board(draft, today=timezone.localdate()), asked)
    rows = {row.code: row for row in board.rows}
    facts: dict[str, Any] = {
        "program": draft.program,
        "draft": draft,
        "board": board,
        "line": draft_line(words, draft, after, board),
        "counters": counters_view(words, board.counters, draft.program, asked),
        "touched": [row_view(words, names, rows[code], is_open=True) for code in people],
        "waiting": waiting_views(words, names, draft.program, board.waiting[:WAITING_AT_ONCE]),
        "waiting_count": len(board.waiting),
        "waiting_left": max(0, len(board.waiting) - WAITING_AT_ONCE),
        "piece": piece,
        "oob": True,
    }
    return render(request, "_after_change.html", facts)


def refuse_deed(request: HttpRequest, deed: Deed, refused: Refused) -> HttpResponse:
    """A refused change: both versions where somebody else was quicker, else the sentence; nothing was changed."""
    words, picture = words_of(request), picture_of(deed.draft)
    names = names_of(words, picture.facts)
    sentence = refusal_sentence(words, refused, names)
    is_fragment = bool(request.headers.get("HX-Request"))
    if refused.code == "changed_meanwhile":
        facts = _both_versions(deed, refused, picture, names) | {
            "program": deed.draft.program,
            "draft": deed.draft,
            "sentence": sentence,
            "title": unit_name(words, names, deed.piece),
            "deed": deed,
            "kept": {name: request.POST.get(name, "") for name in ("pin", "ban", "practitioner", "reason", "reason_code")},
        }
        return render(request, "_conflict.html" if is_fragment else "conflict.html", facts, status=409)
    if is_fragment:
        return render(request, "_refused.html", {"sentence": sentence, "program": deed.draft.program}, status=422)
    messages.error(request, sentence)
    return redirect(desk_address(deed.draft.program.code))


def _both_versions(deed: Deed, refused: Refused, picture: Picture, names: Names) -> dict[str, Any]:
    theirs, yours = refused.facts.get("theirs"), refused.facts.get("yours")
    return {
        "theirs": names.get(str(theirs), str(theirs)) if theirs else None,
        "theirs_code": theirs,
        "theirs_pinned": refused.facts.get("theirs_pinned"),
        "yours": names.get(str(yours), str(yours)) if yours else None,
        "yours_code": yours,
        "by": refused.facts.get("by"),
        "now_version": picture.version,
        "address": desk_address(deed.draft.program.code, opened=str(theirs) if theirs else None, piece=deed.piece, version=picture.version),
    }
