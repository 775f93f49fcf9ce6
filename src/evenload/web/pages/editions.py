"""Editions: all of them, what differs between two, their files; check the draft and publish it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.exchange.edition_files import FORMS, MEDIA_TYPES
from evenload.exchange.printed_edition import line_of
from evenload.records.access import Person, draft_for, edition_for, may, program_for
from evenload.records.barred import has_directives, hidden_codes
from evenload.records.models import Draft, Edition, EditionRow, Program
from evenload.web.door import door, person_in, shows
from evenload.web.draft_words import names_of
from evenload.web.exception_words import OVERLOAD_REASONS, choices_of
from evenload.web.list_words import change_name, recount_sentences, refusal_sentence
from evenload.web.pages.exceptions import exception_line
from evenload.web.pages.lists import day_in, program_name, words_of
from evenload.web.plan_notices import exposed_line
from evenload.web.row_names import RowNames
from evenload.words import Words
from evenload.words.formats import LANGUAGES
from evenload.workflow import edition_notices, french_exceptions, sole_french
from evenload.workflow import editions as publishing
from evenload.workflow import publish as files
from evenload.workflow.edition_differences import RowChange, visible
from evenload.workflow.edition_rows import parts_of, printed_row, rows_of
from evenload.workflow.protection import robust_of
from evenload.workflow.refused import Refused

SHOWN_EDITIONS = 200
SHOWN_CHANGES = 200
SHOWN_PROBLEMS = 100
SHOWN_FRENCH = 50


@door("list.see")
@require_safe
def editions(request: HttpRequest, code: str) -> HttpResponse:
    """Every edition, newest first, with what changed from one to the next."""
    person = person_in(request)
    program = program_for(person, code, "list.see")
    found = list(Edition.objects.filter(program=program).select_related("published_by", "publication")[:SHOWN_EDITIONS])
    known = {edition.number for edition in found}
    lines = [(edition, edition.number - 1 if edition.number - 1 in known else None) for edition in found]
    shows(request, program=program)
    shown = {
        "program": program,
        "program_name": program_name(words_of(request), program),
        "lines": lines,
        "may_see_record": may(person, "record.see", program),
    }
    return render(request, "editions.html", shown)


@door("list.see")
@require_safe
def difference(request: HttpRequest, code: str, number: int, other: int) -> HttpResponse:
    """What differs between two editions, the older on the left whatever the order of the address."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "list.see")
    before, after = (edition_for(person, program, one) for one in sorted((number, other)))
    changes = visible(publishing.difference(before, after), hidden_codes(person.account, program))
    shows(request, program=program, subject=after, clients=[_unit_of(change.piece) for change in changes[:SHOWN_CHANGES]])
    shown = {
        "program": program,
        "program_name": program_name(words, program),
        "before": before,
        "after": after,
        "count": len(changes),
        "changes": change_lines(changes[:SHOWN_CHANGES], words, before=rows_of(before), after=rows_of(after)),
    }
    return render(request, "difference.html", shown)


@door("list.download")
@require_safe
def download(request: HttpRequest, code: str, *, number: int, language: str, form: str) -> HttpResponse:
    """One file of an edition, the same bytes as on the shared drive."""
    person = person_in(request)
    program = program_for(person, code, "list.download")
    edition = edition_for(person, program, number, "list.download")
    if language not in LANGUAGES or form not in FORMS:
        raise Http404(request.path)
    name, content = files.file_of(edition, language, form, hidden=hidden_codes(person.account, program))
    shows(request, program=program, subject=edition)
    response = HttpResponse(content, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@door("draft.check")
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The draft counted again, with the form that publishes it."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "draft.check")
    draft = _open_draft(person, program)
    if draft is None:
        messages.info(request, words.say("No draft is open. Begin one at the desk."))
        return redirect("list", code=program.code)
    return _check_page(request, draft, effective_on=_first_day(program))


@door("edition.publish")
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft as it was seen; whatever is refused is said on the same page, with what was typed."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "edition.publish")
    effective_on, seen = day_in(request.POST.get("effective_on", "")), request.POST.get("seen_version", "")
    draft = Draft.objects.filter(program=program, pk=_number(request.POST.get("draft", ""))).first() or _open_draft(person, program)
    if draft is None:
        messages.info(request, words.say("No draft is open. Begin one at the desk."))
        return redirect("list", code=program.code)
    if effective_on is None:
        error = words.say("{value}: expected a day, as 2026-02-03.", value=words.quoted(request.POST.get("effective_on", "")[:40]))
        return _check_page(request, draft, effective_on=_first_day(program), errors={"effective_on": [error]}, status=422)
    try:
        made = publishing.publish(
            draft,
            effective_on=effective_on,
            by=person,
            at=timezone.now(),
            seen_version=_number(seen),
            overload_reason=request.POST.get("overload_reason", ""),
        )
    except Refused as refusal:
        return _refused(request, program, draft, effective_on, refusal)
    said = words.say(
        "Edition {number} is published, in effect from {day}. Its code is {code}.",
        number=str(made.number),
        day=effective_on,
        code=made.code,
    )
    messages.success(request, said)
    return redirect("list", code=program.code)


def _refused(request: HttpRequest, program: Program, draft: Draft, effective_on: date, refusal: Refused) -> HttpResponse:
    words = words_of(request)
    sentence = refusal_sentence(words, refusal)
    if refusal.code in ("already_published", "draft_closed"):
        messages.warning(request, sentence)
        return redirect("list", code=program.code)
    fields = {"effective_too_early": "effective_on", "effective_too_late": "effective_on", "overload_reason_needed": "overload_reason"}
    field = fields.get(refusal.code, "publish")
    status = 409 if refusal.code in ("draft_changed_meanwhile", "recount_differs") else 422
    return _check_page(request, draft, effective_on=effective_on, errors={field: [sentence]}, status=status)


def _check_page(
    request: HttpRequest, draft: Draft, *, effective_on: date, errors: dict[str, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    words, program = words_of(request), draft.program
    shown: dict[str, Any] = {"program": program, "program_name": program_name(words, program), "errors": errors or {}}
    try:
        found = publishing.check_draft(draft, effective_on=effective_on)
    except Refused as refusal:
        return render(request, "draft_check.html", {**shown, "refusal": refusal_sentence(words, refusal)}, status=409)
    names = RowNames(found, words)
    told = edition_notices.told(program, found.people)
    shown |= {
        "draft": found.draft,
        "check": found,
        "effective_on": effective_on,
        "problems": recount_sentences(words, found.problems[:SHOWN_PROBLEMS], names),
        "problem_count": len(found.problems),
        "overloads": recount_sentences(words, found.overloads, names),
        "overload_reasons": [("", "–"), *choices_of(words, OVERLOAD_REASONS)],
        "overload_reason": request.POST.get("overload_reason", ""),
        "changes": change_lines(
            found.changes[:SHOWN_CHANGES], words, before=rows_of(found.current) if found.current else (), after=found.rows
        ),
        "told": words.list_of(told.named),
        "untold": words.list_of(told.without_account),
        "has_directives": has_directives(program),
        **_french(found, words, names),
        "robust": robust_of(found.draft),
        "exposures": [exposed_line(words, one, robust_of(found.draft), names) for one in found.exposed],
        "next_number": (found.current.number if found.current else 0) + 1,
    }
    return render(request, "draft_check.html", shown, status=status)


def _french(found: publishing.Check, words: Words, names: RowNames) -> dict[str, Any]:
    """Clients who asked for French: not decided yet, under an exception, and those who wait."""
    today = timezone.localdate()
    undecided = [
        (one.where.item or "", names.get(one.where.item or "", ""), names.get(one.value, one.value)) for one in found.french_to_decide
    ]
    named = names_of(words, found.picture.facts)
    waiting = [row.piece for row in found.rows if row.language == "fr" and not row.practitioner_code][:SHOWN_FRENCH]
    return {
        "french_to_decide": undecided,
        "french_waiting": [(piece, names[piece]) for piece in waiting],
        "french_lost": [named.get(site, site) for site in sole_french.sites_lost_in(found.draft)],
        "exceptions": [exception_line(words, one, today=today) for one in found.excepted],
        "exceptions_due": french_exceptions.due(found.draft.program, today=today),
    }


def change_lines(
    changes: tuple[RowChange, ...], words: Words, *, before: Iterable[EditionRow], after: Iterable[EditionRow]
) -> list[dict[str, str]]:
    """Changes as a table shows them: what was, what is; `before` and `after` are all rows, among which the parts of a split unit are counted."""
    now = parts_of(row.piece for row in after)
    gone = parts_of(row.piece for row in before) if any(change.after is None for change in changes) else {}
    return [_change_line(change, gone if change.after is None else now, words) for change in changes]


def _change_line(change: RowChange, parts: Mapping[str, tuple[int, int]], words: Words) -> dict[str, str]:
    line = line_of(printed_row(change.row, parts), words)
    return {
        "site": line.site,
        "unit": line.unit,
        "discipline": line.discipline,
        "kind": change_name(words, change.kind),
        "before": _who(change.before, change.kind, words),
        "after": _who(change.after, change.kind, words),
    }


def _who(row: EditionRow | None, kind: str, words: Words) -> str:
    if row is None:
        return "–"
    if kind == "cover":
        return row.cover or words.say("none: gap")
    return row.practitioner or words.say("waiting")


def _unit_of(piece: str) -> str:
    return piece.rpartition("#")[0] or piece


def _open_draft(person: Person, program: Program) -> Draft | None:
    if not Draft.objects.filter(program=program, closed_at__isnull=True).exists() or not may(person, "draft.check", program):
        return None
    return draft_for(person, program, "draft.check")


def _first_day(program: Program) -> date:
    """Today, or the day the current edition takes effect where that is later."""
    current = publishing.current_edition(program)
    return max(timezone.localdate(), current.effective_on) if current else timezone.localdate()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1
