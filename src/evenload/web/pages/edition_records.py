"""The decision record of an edition: who published it from what, every exception in it, and every change made by hand with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from evenload.records.access import edition_for, program_for
from evenload.records.models import Draft, DraftChange, Edition
from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in, shows
from evenload.web.exception_words import overload_reason
from evenload.web.journal_words import action_name
from evenload.web.pages.exceptions import exception_line
from evenload.web.pages.lists import program_name
from evenload.words import Words
from evenload.workflow import french_exceptions, standing_overloads

CHANGES_SHOWN: Final = 500
PIECES_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of the draft as it stood when it was published."""

    row: DraftChange
    action: str
    pieces: str
    reason: str


@door("record.see")
@require_safe
def edition_record(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What was known and decided when this edition was published."""
    person, words = person_in(request), words_of(request)
    program = program_for(person, code, "record.see")
    edition = edition_for(person, program, number, "record.see")
    exceptions = list(french_exceptions.in_force(edition).select_related("unit", "unit__site"))
    changes = _changes(edition)
    labels = dict(edition.rows.filter(piece__in={entry[0] for one in changes for entry in one.after}).values_list("piece", "label"))
    shows(request, program=program, subject=edition, clients=[one.piece for one in exceptions])
    overloads, why = standing_overloads.recorded(edition)
    people = dict(program.practitioners.filter(code__in=[one[0] for one in overloads]).values_list("code", "name"))
    shown = {
        "overloads": [(people.get(code) or code, int(minutes), int(maximum)) for code, minutes, maximum in overloads],
        "overload_reason": overload_reason(words, why) if why else "",
        "program": program,
        "program_name": program_name(words, program),
        "edition": edition,
        "run": edition.plan_run,
        "exceptions": [exception_line(words, one, today=localdate(edition.published_at)) for one in exceptions],
        "changes": [_line(words, one, labels) for one in changes[:CHANGES_SHOWN]],
        "change_count": len(changes),
    }
    return render(request, "edition_record.html", shown)


def _changes(edition: Edition) -> list[DraftChange]:
    """What stood of the draft that became this edition, first to last."""
    draft = Draft.objects.filter(program=edition.program_id, closed_at=edition.published_at).first()
    if draft is None:
        return []
    standing = draft.changes.filter(undone_by__isnull=True).exclude(kind="undo")
    return list(standing.select_related("by").order_by("pk"))


def _line(words: Words, change: DraftChange, labels: dict[str, str]) -> ChangeLine:
    pieces = [labels.get(entry[0]) or entry[0] for entry in change.after]
    named = words.list_of(pieces[:PIECES_NAMED])
    further = words.say_n("{n} unit", "{n} units", len(pieces)) if len(pieces) > PIECES_NAMED else named
    why = overload_reason(words, change.reason_code) if change.reason_code else ""
    reason = words.pair(why, change.reason) if why and change.reason else why or change.reason
    return ChangeLine(change, action_name(words, f"draft.{change.kind}"), further, reason)
