"""Editions made through the front door: a draft, a move, a publication."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cast import NOW
from evenload.records.access import Person
from evenload.records.models import Draft, Edition, Program
from evenload.workflow import drafts, editions

FIRST_DAY = date(2026, 2, 2)


def published(program: Program, by: Person, *moves: tuple[str, str | None], at: datetime = NOW, effective_on: date = FIRST_DAY) -> Edition:
    """The next edition of the program, after these moves (piece, practitioner)."""
    draft = drafted(program, by, *moves, at=at)
    return editions.publish(draft, effective_on=effective_on, by=by, at=at + timedelta(minutes=5), seen_version=draft.version)


def drafted(program: Program, by: Person, *moves: tuple[str, str | None], at: datetime = NOW) -> Draft:
    """The open draft, after these moves."""
    draft = drafts.open_draft(program, by=by, at=at)
    for piece, practitioner in moves:
        draft = drafts.move(draft, piece, practitioner, by=by, at=at, seen_version=draft.version, reason="as agreed")
    draft.refresh_from_db()
    return draft
