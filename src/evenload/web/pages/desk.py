"""The manager's desk: who is over, who has room, what waits and why; moves, pins, bans and undo, each a form of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenload.records.access import program_for
from evenload.records.models import Draft, Program
from evenload.web.closed_rows import Room, shown_row
from evenload.web.desk_answers import Deed, answer_deed, refuse_deed, words_of
from evenload.web.desk_asked import SORTS, asked_of, board_asked, week_options
from evenload.web.desk_lines import draft_line, plan_notices, run_line
from evenload.web.desk_parts import (
    CARDS_AT_ONCE,
    WAITING_AT_ONCE,
    RowView,
    client_units,
    counters_view,
    opened_codes,
    row_view,
    shown_rows,
    waiting_views,
)
from evenload.web.desk_preview import chooser_of, preview_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, refusal_sentence, stored_problem, unit_name
from evenload.workflow import drafts, what_if
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_rows import row_of
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.editions import current_edition
from evenload.workflow.refused import Refused


def draft_or_none(program: Program) -> Draft | None:
    """The open draft of a program."""
    return drafts.open_draft_of(program)


@door("desk.see")
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """The desk: the open draft, or to be read what holds now; a POST begins a draft where none is open."""
    person = person_in(request)
    if request.method == "POST":
        return _begin(request, program_for(person, code, "desk.change"))
    program = program_for(person, code, "desk.see")
    shows(request, program=program)
    if not program.practitioners.exists():
        return render(request, "desk_begin.html", {"program": program})
    try:
        facts = _desk_facts(request, program)
    except Refused as refused:
        return _contradicting(request, program, refused)
    return render(request, "desk.html", facts)


def _begin(request: HttpRequest, program: Program) -> HttpResponse:
    try:
        drafts.open_draft(program, by=person_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refusal_sentence(words_of(request), refused, {}))
    # Begun from the page of one unit: that page again, where it can be placed or offered now.
    piece = request.POST.get("piece", "")
    return redirect("candidates", code=program.code, piece=piece) if piece else redirect("desk", code=program.code)


def _contradicting(request: HttpRequest, program: Program, refused: Refused) -> HttpResponse:
    """Facts without a Case: every problem by name, and where to correct it."""
    stated = refused.facts.get("problems", [])
    problems = [stored_problem(words_of(request), problem, {}) for problem in stated] if isinstance(stated, list) else []
    return render(request, "desk_facts.html", {"program": program, "problems": problems}, status=409)


def _desk_facts(request: HttpRequest, program: Program) -> dict[str, Any]:
    words, today = words_of(request), timezone.localdate()
    picture, draft = picture_at_hand(program)
    names = names_of(words, picture.facts)
    board = what_if.board(draft, today=today) if draft else what_if.board_of(picture, today=today)
    asked = asked_of(request)
    board = board_asked(picture, board, asked)
    opened = opened_codes(board, asked.opened)
    rows = [
        shown_row(Room(words, names, program, picture.facts), row, is_open=row.code in opened)
        for row in shown_rows(board, sort=asked.sort, show=asked.show)
    ]
    waiting = board.waiting if asked.all_waiting else board.waiting[:WAITING_AT_ONCE]
    cards = [card for row in rows if isinstance(row, RowView) for card in row.row.cards] + [one.card for one in waiting]
    shows(request, program=program, subject=draft, clients=client_units(cards))
    return {
        "program": program,
        "draft": draft,
        "board": board,
        "line": draft_line(words, draft, picture, board) if draft else None,
        "edition": None if draft else current_edition(program),
        "run_line": run_line(program, draft),
        "notices": plan_notices(words, names, draft) if draft else [],
        "counters": counters_view(words, board.counters, program, asked),
        "rows": rows,
        "people_count": len(board.rows),
        "waiting": waiting_views(words, names, program, waiting),
        "waiting_count": len(board.waiting),
        "waiting_left": len(board.waiting) - len(waiting),
        "asked": asked,
        "sorts": SORTS,
        "show": asked.show,
        "show_all": asked.query(show=""),
        "weeks": week_options(words, picture, asked),
        "is_large": sum(len(row.units) for row in board.rows) > CARDS_AT_ONCE,
    }


@door("desk.see")
@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """A fragment: the cards of one person (`person`), or the whole board."""
    program = program_for(person_in(request), code, "desk.see")
    wanted = request.GET.get("person", "")
    picture, draft = picture_at_hand(program)
    if wanted not in picture.facts.people:
        return render(request, "_board.html", _desk_facts(request, program))
    words = words_of(request)
    row = row_of(picture, picture.facts.case.practitioner(wanted))
    shows(request, program=program, subject=draft, clients=client_units(row.cards))
    view = row_view(words, names_of(words, picture.facts), row, is_open=True)
    return render(request, "_cards.html", {"program": program, "draft": draft, "board": picture, "row": view})


@door("desk.see")
@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """A unit before it is moved: to whom (`piece` alone), or what that does to both weeks (`piece` and `to`; empty: it waits)."""
    program = program_for(person_in(request), code, "desk.see")
    draft = draft_or_none(program)
    shows(request, program=program, subject=draft)
    piece = request.GET.get("piece", "")
    if draft is None or not piece:
        return render(request, "preview_none.html", {"program": program})
    try:
        facts = preview_facts(request, draft, piece, request.GET.get("to"))
    except Refused as refused:
        messages.error(request, refusal_sentence(words_of(request), refused, {}))
        return render(request, "preview_none.html", {"program": program})
    return render(request, "_preview.html" if request.headers.get("HX-Request") else "preview.html", facts)


def preview_facts(request: HttpRequest, draft: Draft, piece: str, to: str | None) -> dict[str, Any]:
    """What the preview's page and fragment show. Refused where the unit or the person is not there."""
    words, picture = words_of(request), picture_of(draft)
    names = names_of(words, picture.facts)
    unit = picture.facts.units.get(piece)
    shows(request, program=draft.program, subject=draft, clients=[unit.stated_id] if unit and unit.kind == "client" else [])
    known: dict[str, Any] = {"picture": picture, "piece": piece}
    found = chooser_of(words, names, draft, **known) if to is None else preview_of(words, names, draft, to=to, **known)
    return {"program": draft.program, "draft": draft, "piece": piece, "to": to, "title": unit_name(words, names, piece), **found}


@door("desk.change")
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Places a unit (`to` empty: it waits), pinned where the button said so."""
    deed = _deed(request, code)
    if deed is None:
        return redirect("desk", code=code)
    if "to" not in request.POST:
        messages.error(request, words_of(request).say("Choose somebody first."))
        return redirect("candidates", code=code, piece=deed.piece)
    to = request.POST["to"] or None
    is_pinned = request.POST.get("pin") == "yes"

    def done() -> None:
        drafts.move(
            deed.draft,
            deed.piece,
            to,
            by=deed.by,
            at=timezone.now(),
            seen_version=deed.seen_version,
            pin=is_pinned,
            reason=request.POST.get("reason", ""),
            reason_code=request.POST.get("reason_code", ""),
        )

    return _carried_out(request, deed, done, to=to)


@door("desk.change")
@require_POST
def pin(request: HttpRequest, code: str) -> HttpResponse:
    """Pins a unit where it stands, or (`pin=no`) takes the pin off."""
    deed = _deed(request, code)
    if deed is None:
        return redirect("desk", code=code)
    act = drafts.unpin if request.POST.get("pin") == "no" else drafts.pin

    def done() -> None:
        act(deed.draft, deed.piece, by=deed.by, at=timezone.now(), seen_version=deed.seen_version)

    return _carried_out(request, deed, done)


@door("desk.change")
@require_POST
def ban(request: HttpRequest, code: str) -> HttpResponse:
    """Rules a person out for a unit, or (`ban=no`) allows her again."""
    deed = _deed(request, code)
    practitioner = request.POST.get("practitioner", "")
    if deed is None or not practitioner:
        return redirect("desk", code=code)
    act = drafts.unban if request.POST.get("ban") == "no" else drafts.ban

    def done() -> None:
        act(deed.draft, deed.piece, practitioner, by=deed.by, at=timezone.now(), seen_version=deed.seen_version)

    return _carried_out(request, deed, done)


@door("desk.change")
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the last change back."""
    person = person_in(request)
    program = program_for(person, code, "desk.change")
    draft = draft_or_none(program)
    if draft is None:
        return redirect("desk", code=code)
    deed = Deed(draft, person, "", "", draft.version)

    def done() -> None:
        drafts.undo(draft, by=person, at=timezone.now())

    return _carried_out(request, deed, done)


def _deed(request: HttpRequest, code: str) -> Deed | None:
    """What every small change names: the draft, the unit, and the version that the page showed; None for an empty form."""
    person = person_in(request)
    program = program_for(person, code, "desk.change")
    draft, piece, seen = draft_or_none(program), request.POST.get("piece", ""), request.POST.get("seen_version", "")
    if draft is None or not piece or not seen.isdecimal():
        return None
    kind = (request.resolver_match.url_name or "") if request.resolver_match else ""
    return Deed(draft, person, kind, piece, int(seen))


def _carried_out(request: HttpRequest, deed: Deed, done: Any, *, to: str | None = None) -> HttpResponse:
    before = picture_of(deed.draft)
    try:
        if request.POST.get("draft", str(deed.draft.pk)) != str(deed.draft.pk):
            raise Refused("draft_closed")
        done()
    except Refused as refused:
        if refused.code in ("reason_needed", "full") and deed.kind == "desk_move" and deed.piece in before.facts.units:
            facts = preview_facts(request, deed.draft, deed.piece, to)
            template = "_preview.html" if request.headers.get("HX-Request") else "preview.html"
            return render(request, template, facts | _asked_again(request, refused), status=422)
        return refuse_deed(request, deed, refused)
    fresh = Draft.objects.select_related("program", "plan_run").get(pk=deed.draft.pk)
    return answer_deed(request, deed, before, fresh)


def _asked_again(request: HttpRequest, refused: Refused) -> dict[str, Any]:
    """What was typed of the reason, and that one is needed."""
    stated = {"stated_code": request.POST.get("reason_code", ""), "stated_reason": request.POST.get("reason", "")}
    return {**stated, "asks_reason": refused.code == "reason_needed"}
