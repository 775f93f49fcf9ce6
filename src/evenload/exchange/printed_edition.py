"""A published edition as it is printed: a frozen value of texts, numbers and days, with allow-listed columns only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from evenload.words import Words, message
from evenload.words.labels import label

KINDS: Final = ("school", "retirement_home", "clinic", "hospital", "area")
"""Kinds of site in the order in which a list shows them; what has no site stands with the areas."""

TITLES: Final = {
    "school": message("Schools"),
    "retirement_home": message("Retirement homes"),
    "clinic": message("Clinics"),
    "hospital": message("Hospitals"),
    "area": message("Areas and homes"),
}


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of an edition. Empty `primary`: the piece waits. `part`: number and count of a block. Visits are whole visits."""

    site_en: str
    site_fr: str
    site_kind: str
    kind: str
    unit: str
    part: tuple[int, int] | None
    town: str
    area: str
    discipline: str
    primary: str
    cover: str
    language: str
    used: int | None
    left: int | None
    from_date: date | None
    note: str
    changed: str
    """"new", "moved", "waiting", "cover", "facts" or empty: against the edition before"""
    before: str


@dataclass(frozen=True, slots=True)
class PrintedEdition:
    """A whole edition; `address` is where its code is answered."""

    program_en: str
    program_fr: str
    number: int
    effective_on: date
    published_on: date
    code: str
    address: str
    changed_rows: int
    waiting: int
    rows: tuple[PrintedRow, ...]

    def program(self, words: Words) -> str:
        """The program's name in a language."""
        return words.either(self.program_en, self.program_fr)


@dataclass(frozen=True, slots=True)
class Line:
    """One row in one language, as every format shows it; `emphasis` is plain, changed or waiting."""

    kind: str
    area: str
    emphasis: str
    site: str
    unit: str
    place: str
    discipline: str
    primary: str
    cover: str
    language: str
    used: int | None
    left: int | None
    from_date: date | None
    note: str
    changed: str

    @property
    def values(self) -> tuple[str | int | date | None, ...]:
        """The columns of the list, in order."""
        return (
            self.site,
            self.unit,
            self.place,
            self.discipline,
            self.primary,
            self.cover,
            self.language,
            self.used,
            self.left,
            self.from_date,
            self.note,
            self.changed,
        )


def headings(words: Words) -> tuple[str, ...]:
    """The headings of a line's values."""
    return (
        words.say("Site"),
        words.say("Unit"),
        words.say("Town or area"),
        words.say("Disc."),
        words.say("Primary"),
        words.say("Cover"),
        words.say("Language"),
        words.say("Visits used"),
        words.say("Visits left"),
        words.say("From"),
        words.say("Note"),
        words.say("Changed"),
    )


def lines_of(edition: PrintedEdition, words: Words) -> tuple[Line, ...]:
    """Every row in one language: by kind of site, then site, discipline and unit. The same rows in every format."""
    lines = [line_of(row, words) for row in edition.rows]
    return tuple(sorted(lines, key=lambda line: (KINDS.index(line.kind), line.site.casefold(), line.discipline, line.unit.casefold())))


def by_kind(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The lines of each kind of site; `lines` is in order."""
    for kind, members in groupby(lines, key=lambda line: line.kind):
        yield kind, list(members)


def edition_sentence(edition: PrintedEdition, words: Words) -> str:
    """What stands on every page: number, effective day, code."""
    return words.say(
        "Edition {number} · in effect from {day} · code {code}", number=str(edition.number), day=edition.effective_on, code=edition.code
    )


def check_sentence(edition: PrintedEdition, words: Words) -> str:
    """How a reader finds out whether this print is still the current list."""
    return words.say(
        "Is this the current list? Scan the code, or type it at {address}", address=edition.address.rpartition("/e/")[0] + "/check-list"
    )


def line_of(row: PrintedRow, words: Words) -> Line:
    """One row in one language."""
    site = clean(words.either(row.site_en, row.site_fr))
    return Line(
        kind=row.site_kind if row.site_kind in KINDS else "area",
        area=clean(row.area) or label(words, "area", "all"),
        emphasis="waiting" if not row.primary else "changed" if row.changed else "plain",
        site=site or label(words, "unit_kind", row.kind),
        unit=_unit(row, words),
        place=clean(row.town or row.area) or label(words, "area", "all"),
        discipline=label(words, "discipline_short", row.discipline),
        primary=clean(row.primary) or words.say("waiting"),
        cover=clean(row.cover) or (words.say("none: gap") if row.primary else ""),
        language=_language(row.language, words),
        used=row.used,
        left=row.left,
        from_date=row.from_date,
        note=clean(row.note),
        changed=changed_word(row.changed, clean(row.before), words),
    )


def _unit(row: PrintedRow, words: Words) -> str:
    if row.part is None:
        return clean(row.unit)
    number, count = row.part
    part = words.say("part {number} of {count}", number=number, count=count)
    return f"{clean(row.unit)}, {part}" if row.unit else part


def _language(code: str, words: Words) -> str:
    name = words.language_name(code) if code else "–"
    return name[:1].upper() + name[1:]


def changed_word(kind: str, before: str, words: Words) -> str:
    """What the last column says of a change against the edition before."""
    match kind:
        case "new":
            return words.say("NEW")
        case "moved":
            return words.say("NEW, was {name}", name=before)
        case "waiting":
            return words.say("was {name}", name=before) if before else words.say("NEW")
        case "cover":
            return words.say("NEW cover")
        case "facts":
            return words.say("updated")
        case _:
            return ""


def clean(text: str) -> str:
    """Text that every format can hold: no control characters, no lone surrogates."""
    if text.isprintable():
        return text
    whole = text.encode("utf-8", "replace").decode()
    return "".join(
        " " if character in "\t\r\n" else "\ufffd" if ord(character) < 32 or ord(character) == 127 else character for character in whole
    )
