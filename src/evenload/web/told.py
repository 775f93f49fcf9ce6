"""What an edition changes for the very person who looks, until she has opened the list. That there is one, her notices tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evenload.exchange.printed_edition import line_of
from evenload.records.access import Person
from evenload.records.models import Edition, EditionNotice, EditionRow
from evenload.web.list_words import change_name
from evenload.words import Words
from evenload.workflow import edition_notices
from evenload.workflow.edition_rows import parts_of, printed_row, unit_of


def told(
    person: Person, words: Words, edition: Edition, rows: Iterable[EditionRow], *, hidden: frozenset[str] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """(what it is, how it changes), empty where nothing changed for her since she last opened this program's list; not of units `hidden`."""
    unread = [one for one in edition_notices.unread(person) if one.edition.program_id == edition.program_id]
    return tuple(_lines(unread, list(rows), words, hidden))


def _lines(notices: list[EditionNotice], rows: list[EditionRow], words: Words, hidden: frozenset[str]) -> Iterable[tuple[str, str]]:
    """One line per piece, as the newest edition that changed it says; what is on the list no more is named by its code."""
    by_piece, said = {row.piece: row for row in rows}, set()
    parts = parts_of(by_piece)
    for piece, kind in (change for one in notices for change in one.changes):
        if piece not in said and piece not in hidden and unit_of(piece) not in hidden:
            said.add(piece)
            row = by_piece.get(piece)
            yield (_name(row, parts, words) if row else piece), change_name(words, kind)


def _name(row: EditionRow, parts: Mapping[str, tuple[int, int]], words: Words) -> str:
    line = line_of(printed_row(row, parts), words)
    return ", ".join(filter(None, (line.site, line.unit, line.discipline)))
