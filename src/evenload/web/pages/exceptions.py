"""Exceptions to the French rule: recorded for one client, listed by the day on which they are looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenload.planning.eligibility import FLUENT, speaks
from evenload.records.access import exception_for, program_for, unit_for
from evenload.records.models import Draft, FrenchException
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of, unit_name
from evenload.web.exception_words import OVERLOAD_REASONS, REASONS, choices_of, end_name, field_and_sentence, reason_name
from evenload.web.pages.lists import day_in, program_name
from evenload.words import Words, reason_sentence
from evenload.words.phrases import Names, joined
from evenload.workflow import drafts, french_exceptions, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.french_exceptions import Decision
from evenload.workflow.refused import Refused

REVIEW_AFTER: Final = timedelta(days=91)
ENDED_SHOWN: Final = 50
FIELDS: Final = ("practitioner", "reason", "note", "alternatives", "review_on", "overload_reason")


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One exception as a table shows it. `could`: who speaks French and could take the client now."""

    row: FrenchException
    unit: str
    reason: str
    could: str
    is_due: bool
    end: str


@door("exception.see")
@require_safe
def exceptions(request: HttpRequest, code: str) -> HttpResponse:
    """What holds now, the next review first, and what ended lately."""
    program = program_for(person_in(request), code, "exception.see")
    words, today = words_of(request), timezone.localdate()
    known = FrenchException.objects.filter(program=program).select_related("unit", "unit__site")
    held = list(known.filter(ended_at__isnull=True))
    ended = list(known.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")[:ENDED_SHOWN])
    could = _who_could(words, drafts.open_draft_of(program), [one.piece for one in held])
    shows(request, program=program, clients=[one.piece.rpartition("#")[0] or one.piece for one in [*held, *ended]])
    shown = {
        "program": program,
        "program_name": program_name(words, program),
        "held": [exception_line(words, one, today=today, could=could.get(one.piece, "")) for one in held],
        "ended": [exception_line(words, one, today=today) for one in ended],
    }
    return render(request, "french_exceptions.html", shown)


def exception_line(words: Words, one: FrenchException, *, today: date, could: str = "") -> ExceptionLine:
    """An exception in words."""
    reason = reason_name(words, one.reason)
    site = one.unit.site if one.unit else None
    place = words.either(site.name_en, site.name_fr) if site else ""
    name = (one.unit.label if one.unit else "") or place or one.piece
    return ExceptionLine(
        row=one,
        unit=name,
        reason=words.pair(reason, one.note) if one.note else reason,
        could=could,
        is_due=one.ended_at is None and one.review_on <= today,
        end=end_name(words, one.ended_why) if one.ended_at else "",
    )


def _who_could(words: Words, draft: Draft | None, pieces: list[str]) -> dict[str, str]:
    """Piece → names of those who speak French and could take the client in the open draft."""
    if draft is None or not pieces:
        return {}
    picture = picture_of(draft)
    known = [piece for piece in pieces if piece in picture.facts.bundle_of]
    able = {piece: french_exceptions.who_could(picture, picture.facts.bundle_of[piece]) for piece in known}
    return {piece: words.list_of(picture.facts.name(code) for code in codes) for piece, codes in able.items()}


@door("exception.record")
@require_POST
def take_back(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Ends an exception; what it allowed may not be published any more."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "exception.record")
    found = exception_for(person, program, key, "exception.record")
    try:
        french_exceptions.take_back(found, by=person, at=timezone.now())
        messages.success(request, words.say("The exception is taken back. The next list needs another place for this client."))
    except Refused:
        messages.info(request, words.say("This exception had ended already. Nothing was changed."))
    return redirect("exceptions", code=code)


@door("exception.record")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, code: str, piece: str) -> HttpResponse:
    """The form of one exception: who takes the client, why, what was tried, and when it is looked at again."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "exception.record")
    unit_for(person, program, piece, "exception.record")
    draft = drafts.open_draft_of(program)
    if draft is None:
        return redirect("desk", code=code)
    if piece not in picture_of(draft).facts.bundle_of:
        raise Http404(piece)
    if request.method != "POST":
        today = timezone.localdate()
        stated = {"practitioner": request.GET.get("to", ""), "review_on": (today + REVIEW_AFTER).isoformat()}
        return _form(request, draft, piece, stated)
    stated = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        french_exceptions.record(
            draft, piece, _decision(stated), by=person, at=timezone.now(), seen_version=_number(request.POST.get("seen_version", ""))
        )
    except Refused as refused:
        field, sentence = field_and_sentence(words, refused, names_of(words, picture_of(draft).facts))
        return _form(request, draft, piece, stated, errors={field: [sentence]})
    messages.success(request, words.say("The exception is recorded, with your name. It is looked at again on {day}.", day=_day(stated)))
    return redirect("draft_check", code=code)


def _decision(stated: dict[str, str]) -> Decision:
    return Decision(
        practitioner=stated["practitioner"],
        reason=stated["reason"],
        alternatives=stated["alternatives"],
        review_on=_day(stated),
        note=stated["note"],
        overload_reason=stated["overload_reason"],
    )


def _day(stated: dict[str, str]) -> date:
    return day_in(stated["review_on"]) or date.min


def _form(
    request: HttpRequest, draft: Draft, piece: str, stated: dict[str, str], *, errors: dict[str, list[str]] | None = None
) -> HttpResponse:
    words, picture = words_of(request), picture_of(draft)
    names, bundle = names_of(words, picture.facts), picture.facts.bundle_of[piece]
    people = sorted(((one.id, names.get(one.id, one.id)) for one in french_exceptions.who_may_be_named(picture, bundle)), key=_by_name)
    holder = picture.places[piece].practitioner
    shows(request, program=draft.program, clients=[unit.stated_id for unit in bundle])
    shown: dict[str, Any] = {
        "program": draft.program,
        "draft": draft,
        "piece": piece,
        "title": unit_name(words, names, piece),
        "holder": names.get(holder, holder) if holder else "",
        "asks_french": any(unit.is_french for unit in bundle),
        "french": french_speakers(words, draft, piece, names),
        "people": [("", words.say("Choose one")), *people],
        "reasons": choices_of(words, REASONS),
        "overload_reasons": choices_of(words, OVERLOAD_REASONS) if errors and "overload_reason" in errors else [],
        "stated": {**stated, "practitioner": stated.get("practitioner") or holder or ""},
        "errors": errors or {},
    }
    return render(request, "french_exception.html", shown, status=422 if errors else 200)


def french_speakers(words: Words, draft: Draft, piece: str, names: Names) -> list[tuple[str, str, bool]]:
    """Everybody of the discipline who speaks French: name, why she cannot take the client, and whether she could."""
    found, case = what_if.ranking(draft, piece), picture_of(draft).facts.case
    able = [(one, True) for one in found.possible] + [(one, False) for one in found.excluded]
    spoken = [(one, could) for one, could in able if speaks(case.practitioner(one.practitioner), "fr", FLUENT)]
    return [
        (names.get(one.practitioner, one.practitioner), joined(reason_sentence(words, reason, names) for reason in one.reasons), could)
        for one, could in spoken
        if could or one.reasons[0].code != "discipline"
    ]


def _by_name(person: tuple[str, str]) -> str:
    return person[1].casefold()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1
