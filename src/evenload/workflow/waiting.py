"""A unit left waiting on purpose: the reason is kept with the unit, dated and signed, until another one is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evenload.records.access import Person
from evenload.records.models import Draft, Program, Unit
from evenload.records.models.vocabulary import WAITING_REASONS
from evenload.workflow import drafts, journal
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused

LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class LeftWaiting:
    """Why a unit is left waiting: a code of WAITING_REASONS, a few words, whose decision, since when."""

    reason: str
    note: str
    by: str
    at: datetime | None


def leave_waiting(draft: Draft, piece: str, *, reason: str, note: str, by: Person, at: datetime, seen_version: int) -> Draft:
    """Let the unit wait in the draft, where it does not yet, and keep the reason with it.

    Refused `waiting_reason_missing`; `waiting_note_missing` where the reason is `other` and nothing is said; as a move is.
    """
    if reason not in WAITING_REASONS:
        raise Refused("waiting_reason_missing")
    if reason == "other" and not note.strip():
        raise Refused("waiting_note_missing")
    with transaction.atomic():
        stated = picture_of(draft).facts.units.get(piece)
        if stated is None:
            raise Refused("piece_unknown", piece=piece)
        held = drafts.move(draft, piece, None, by=by, at=at, seen_version=seen_version)
        unit = Unit.objects.get(program=draft.program_id, code=stated.stated_id)
        unit.left_waiting_reason, unit.left_waiting_note = reason, note.strip()[:LONGEST_NOTE]
        unit.left_waiting_by, unit.left_waiting_at = by.account, at
        unit.save(update_fields=["left_waiting_reason", "left_waiting_note", "left_waiting_by", "left_waiting_at"])
        journal.record(by, "unit.left_waiting", at=at, program=draft.program, subject=unit, reason=reason)
    return held


def left_waiting(program: Program, codes: Iterable[str] | None = None) -> dict[str, LeftWaiting]:
    """Unit code → why it is left waiting, of all the program's units or of these; one query."""
    units = Unit.objects.filter(program=program).exclude(left_waiting_reason="")
    if codes is not None:
        units = units.filter(code__in=list(codes))
    fields = ("code", "left_waiting_reason", "left_waiting_note", "left_waiting_by__full_name", "left_waiting_at")
    return {code: LeftWaiting(reason, note, name or "", at) for code, reason, note, name, at in units.values_list(*fields)}
