"""What an edition changes for the very person who looks, until she has opened the list: rows of this program, links to her others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from evenload.exchange.printed_edition import line_of
from evenload.records.access import Person
from evenload.records.models import Edition, EditionNotice, EditionRow
from evenload.web.list_words import change_name
from evenload.words import Words
from evenload.workflow import edition_notices
from evenload.workflow.edition_rows import printed_rows


@dataclass(frozen=True, slots=True)
class ToldElsewhere:
    """An edition of another program, with how many of her rows it changes."""

    program: str
    number: int
    rows: int
    address: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is told on one page: (what it is, how it changes) of this program, and what changed in her other programs."""

    lines: tuple[tuple[str, str], ...]
    elsewhere: tuple[ToldElsewhere, ...]


def told(person: Person, words: Words, edition: Edition | None = None, rows: Iterable[EditionRow] = ()) -> Told | None:
    """None where nothing changed for her since she last opened her lists. With `edition`: its page, which reads what is told."""
    unread = list(edition_notices.unread(person))
    if not unread:
        return None
    here = [one for one in unread if edition is not None and one.edition.program_id == edition.program_id]
    return Told(tuple(_lines(here, list(rows), words)), tuple(_elsewhere(words, one) for one in unread if one not in here))


def _lines(notices: list[EditionNotice], rows: list[EditionRow], words: Words) -> Iterable[tuple[str, str]]:
    """One line per piece, as the newest edition that changed it says; what is on the list no more is named by its code."""
    by_piece, said = {row.piece: row for row in rows}, set()
    for piece, kind in (change for one in notices for change in one.changes):
        if piece not in said:
            said.add(piece)
            row = by_piece.get(piece)
            yield (_name(row, words) if row else piece), change_name(words, kind)


def _name(row: EditionRow, words: Words) -> str:
    line = line_of(printed_rows([row])[0], words)
    return ", ".join(filter(None, (line.site, line.unit, line.discipline)))


def _elsewhere(words: Words, one: EditionNotice) -> ToldElsewhere:
    program = one.edition.program
    name = words.either(program.name_en, program.name_fr)
    return ToldElsewhere(name, one.edition.number, len(one.changes), reverse("list", args=[program.code]))
