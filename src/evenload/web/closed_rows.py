"""Rows of the board that are not opened, as they were written before: after a move only the two rows that it touched are new."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evenload.records.models import Program
from evenload.web.desk_parts import RowView, row_view
from evenload.words import Words
from evenload.words.phrases import Names
from evenload.workflow.desk_rows import Row
from evenload.workflow.known_facts import KnownFacts


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """One person's row without her cards, written out."""

    told: tuple[object, ...]
    """what it says; not the row itself, which would keep a picture of its day"""
    html: SafeString
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """Where a row is shown: the language, the names in it, the program and its facts."""

    words: Words
    names: Names
    program: Program
    facts: KnownFacts


def shown_row(room: Room, row: Row, *, is_open: bool) -> RowView | ClosedRow:
    """The row as the board shows it. A closed one is written once per language, until something in it changes."""
    if is_open:
        return row_view(room.words, room.names, row, is_open=True)
    told = (row.name, row.load, row.low_percent, row.high_percent, row.feedback, row.is_leaving, len(row.units), row.clients)
    asked, kept = ("closed row", room.words.lang, row.code), room.facts.kept
    known: ClosedRow | None = kept.get(asked)
    if known is None or known.told != told:
        view = row_view(room.words, room.names, row, is_open=False)
        known = ClosedRow(told, render_to_string("_row.html", {"program": room.program, "row": view, "words": room.words}))
        kept[asked] = known
    return known
