"""The journal for the privacy officer: search, take out, check that it is whole."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterator
from io import StringIO

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenload.exchange.written import csv_text
from evenload.records.models import JournalEntry, Program
from evenload.records.queries import JournalSearch, actions_in_the_journal, journal_lines, journal_page
from evenload.web.door import door, person_in
from evenload.web.journal_words import action_name
from evenload.words import Words, words_in
from evenload.workflow import journal as lines_of

COLUMNS = (
    "number",
    "at",
    "account_id",
    "account_name",
    "role",
    "action",
    "program_id",
    "subject_kind",
    "subject_id",
    "client_ids",
    "facts",
    "request_id",
    "address",
    "previous_hash",
    "hash",
)
AT_ONCE = 2000
SHOWN_BROKEN = 10


@door("journal.see")
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """The lines that match, newest first, one page at a time."""
    words = _words(request)
    wanted, errors = search_of(request.GET, words)
    lines, next_before = journal_page(journal_lines(wanted, timezone.get_current_timezone()), _number(request.GET.get("before", "")))
    programs = {program.pk: words.either(program.name_en, program.name_fr) for program in Program.objects.all()}
    shown = {
        "lines": [_line(words, line, programs) for line in lines],
        "wanted": request.GET,
        "errors": errors,
        "programs": programs,
        "chosen_program": wanted.program,
        "actions": sorted(((code, action_name(words, code)) for code in actions_in_the_journal()), key=lambda pair: pair[1]),
        "older": _with(request.GET, before=str(next_before)) if next_before else "",
        "newest": _with(request.GET, before="") if request.GET.get("before") else "",
        "query": _with(request.GET, before=""),
    }
    return render(request, "journal.html", shown, status=422 if errors else 200)


@door("journal.see")
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """The matching lines as CSV, whole; that they were taken out is itself a line."""
    words = _words(request)
    wanted, errors = search_of(request.POST, words)
    if errors:
        return redirect("journal")
    at = timezone.now()
    with transaction.atomic():
        last = lines_of.record(person_in(request), "journal.exported", at=at, search=request.POST.urlencode()[:500])
    lines = journal_lines(wanted, timezone.get_current_timezone()).filter(number__lt=last.number).order_by("number")
    response = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-{timezone.localdate(at).isoformat()}.csv"'
    return response


@door("journal.see")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Counts every hash again and says the outcome; the first broken line is named."""
    words = _words(request)
    broken, count = lines_of.verify(), JournalEntry.objects.count()
    lines_of.record_alone(person_in(request), "journal.verified", at=timezone.now(), broken=broken[:SHOWN_BROKEN])
    if broken:
        messages.error(
            request,
            words.say_n(
                "The journal is broken: {n} line is not what was written. The first is line {number}.",
                "The journal is broken: {n} lines are not what was written. The first is line {number}.",
                len(broken),
                number=broken[0],
            ),
        )
    else:
        messages.success(request, words.say_n("The journal is whole: {n} line.", "The journal is whole: {n} lines.", count))
    return redirect("journal")


def search_of(stated: QueryDict, words: Words) -> tuple[JournalSearch, dict[str, list[str]]]:
    """The search that a form states, and the sentences of what cannot be read, by field."""
    errors: dict[str, list[str]] = {}
    days: dict[str, datetime.date | None] = {}
    for field in ("first_day", "last_day"):
        text = stated.get(field, "").strip()
        try:
            days[field] = datetime.date.fromisoformat(text) if text else None
        except ValueError:
            days[field] = None
            errors[field] = [words.say("{value}: expected a day, as 2026-02-03.", value=words.quoted(text[:40]))]
    search = JournalSearch(
        person=stated.get("person", "").strip()[:200],
        program=_number(stated.get("program", "")),
        action=stated.get("action", "")[:60],
        client=stated.get("client", "").strip()[:210],
        first_day=days["first_day"],
        last_day=days["last_day"],
    )
    return search, errors


def _line(words: Words, line: JournalEntry, programs: dict[int, str]) -> dict[str, object]:
    return {
        "number": line.number,
        "at": line.at,
        "name": line.account_name,
        "role": line.role,
        "action": action_name(words, line.action),
        "program": programs.get(line.program_id or 0, "") if line.program_id else "",
        "subject": line.subject_id,
        "clients": line.client_ids,
        "facts": json.dumps(line.facts, ensure_ascii=False) if line.facts else "",
        "address": line.address,
    }


def _csv(lines: object) -> Iterator[str]:
    assert hasattr(lines, "values_list")
    yield "\ufeff" + _csv_row(COLUMNS)
    for row in lines.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE):
        yield _csv_row([_csv_cell(cell) for cell in row])


def _csv_cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.astimezone(datetime.UTC).isoformat()
    if isinstance(cell, int):
        return str(cell)
    return csv_text(json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict) else str(cell), ".")


def _csv_row(cells: object) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)  # type: ignore[arg-type]
    return out.getvalue()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _with(stated: QueryDict, *, before: str) -> str:
    changed = stated.copy()
    changed.pop("before", None)
    if before:
        changed["before"] = before
    return changed.urlencode()


def _words(request: HttpRequest) -> Words:
    return words_in(getattr(request, "LANGUAGE_CODE", "en"))
