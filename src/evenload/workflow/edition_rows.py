"""Rows of an edition: what the list says of every piece, in allow-listed columns only, and the frozen value that is printed."""

from __future__ import annotations

import threading
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from evenload.exchange.edition_files import PrintedEdition, PrintedRow
from evenload.planning.areas import EVERYWHERE
from evenload.planning.case import Unit
from evenload.records.models import Assignment, Edition, EditionRow, Program, Referral
from evenload.workflow.known_facts import KnownFacts

LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ø": "o", "đ": "d", "ł": "l"})
SEARCHED: Final = ("site_en", "site_fr", "town", "area", "practitioner", "cover", "label", "discipline", "piece")

MOST_KEPT: Final = 8
"""Editions whose rows are kept per process: the current ones of the programs that are being looked at."""


class Holder(NamedTuple):
    """Who has a piece and who covers it, by code; None: it waits, or nobody covers it."""

    practitioner: str | None
    cover: str | None = None


class Since(NamedTuple):
    """With whom a piece is by now, by code, and since when (None: nobody stated it)."""

    practitioner: str
    starts_on: date | None
    cover: str | None = None


@lru_cache(maxsize=65_536)
def without_accents(text: str) -> str:
    """As the list is searched: lower case, no accents, ligatures spelled out."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return "".join(character for character in plain if not unicodedata.combining(character)).translate(LIGATURES)


def standing_of_pieces(program: Program, facts: KnownFacts) -> dict[str, Since]:
    """Open assignments by piece of the Case; a block of a unit that was assigned whole has the unit's."""
    rows = Assignment.objects.filter(unit__program=program, ends_on__isnull=True)
    stated = rows.values_list("piece", "practitioner__code", Cast("starts_on", CharField()), "cover__code")
    found = {piece: _since(code, starts_on, cover) for piece, code, starts_on, cover in stated}
    return {piece: since for piece, unit in facts.units.items() if (since := found.get(piece) or found.get(unit.stated_id))}


@lru_cache(maxsize=65_536)
def _since(code: str, starts_on: str | None, cover: str | None) -> Since:
    """Of thousands of rows few differ: each is made once. Days are read as text, for the same reason."""
    return Since(code, None if starts_on is None else date.fromisoformat(starts_on), cover)


@lru_cache(maxsize=65_536)
def holder_of(practitioner: str | None, cover: str | None) -> Holder:
    """The holder, made once: of thousands of pieces few have another."""
    return Holder(practitioner, cover)


def rows_of_places(
    program: Program,
    facts: KnownFacts,
    places: Mapping[str, Holder],
    *,
    since: Mapping[str, Since],
    effective_on: date,
    only: Container[str] | None = None,
) -> list[EditionRow]:
    """One row per piece of the Case (or per piece of `only`), not saved and of no edition, in the order of sites, disciplines, pieces.

    `searched` says what is searched in a row; it is filled in when the row is kept. Nobody may change these rows: where a piece stands as
    it stood before, it is the very same row, kept with the facts. Whoever writes into one takes an `unsaved_copy`.
    """
    initials, kept = _initials(program), facts.kept.setdefault("rows", {})
    rows = []
    for unit, stands in _in_order(facts):
        if only is not None and unit.id not in only:
            continue
        holder = places.get(unit.id) or Holder(None)
        from_date = _from_date(holder, since.get(unit.id), facts.unit_rows[unit.stated_id].from_date, effective_on)
        asked = (holder.practitioner, holder.cover, from_date, initials.get(unit.stated_id))
        known = kept.get(unit.id)
        if known is None or known[0] != asked:
            known = (asked, _row(facts, unit, stands, holder, from_date, initials))
            if only is None:
                kept[unit.id] = known
        rows.append(known[1])
    return rows


def unsaved_copy(row: EditionRow) -> EditionRow:
    """The row once more, to be written into; Django gives the copy a state of its own."""
    return copy(row)


def _in_order(facts: KnownFacts) -> tuple[tuple[Unit, Mapping[str, Any]], ...]:
    """The pieces in the order of the list, each with the columns that no assignment changes; kept until the facts change."""
    if "in order" not in facts.kept:
        lines = [(unit, _columns(facts, unit)) for unit in facts.units.values()]
        lines.sort(
            key=lambda line: (
                not line[1]["site_code"],
                without_accents(line[1]["site_en"]),
                line[1]["site_code"],
                line[0].discipline,
                line[0].id,
            )
        )
        facts.kept["in order"] = tuple(lines)
    ordered: tuple[tuple[Unit, Mapping[str, Any]], ...] = facts.kept["in order"]
    return ordered


def _columns(facts: KnownFacts, unit: Unit) -> dict[str, Any]:
    site = facts.sites.get(unit.site or "")
    used, left = facts.snapshot.visits[unit.stated_id]
    return {
        "piece": unit.id,
        "label": _label(facts, unit)[:200],
        "kind": unit.kind,
        "site_code": unit.site or "",
        "site_en": site.name_en if site else "",
        "site_fr": (site.name_fr or "") if site else "",
        "site_kind": unit.site_kind or "",
        "town": (site.town or "") if site else "",
        "area": "" if unit.area == EVERYWHERE else unit.area,
        "discipline": unit.discipline,
        "language": unit.language or "",
        "clients": unit.clients,
        "visits_used": used,
        "visits_left": left,
        "note": facts.unit_rows[unit.stated_id].note or "",
    }


def _row(
    facts: KnownFacts,
    unit: Unit,
    columns: Mapping[str, Any],
    holder: Holder,
    from_date: date | None,
    initials: Mapping[str, str],
) -> EditionRow:
    row = EditionRow(
        **columns,
        practitioner_code=holder.practitioner or "",
        practitioner=facts.name(holder.practitioner) if holder.practitioner else "",
        cover_code=holder.cover or "",
        cover=facts.name(holder.cover) if holder.cover else "",
        from_date=from_date,
    )
    if unit.kind == "client":
        row.label = (initials.get(unit.stated_id) or unit.stated_id)[:200]
    return row


def searched(row: EditionRow) -> str:
    """What a search looks through: the names of the row, without accents."""
    return " ".join(without_accents(str(getattr(row, name))) for name in SEARCHED)[:1000]


def _initials(program: Program) -> dict[str, str]:
    """Client units by their client's initials: the list never shows a client's name."""
    rows = Referral.objects.filter(unit__program=program, unit__kind="client").order_by("pk")
    return dict(rows.values_list("unit__code", "client__initials"))


def _label(facts: KnownFacts, unit: Unit) -> str:
    """The stated label of a site's or area's unit, without the site and discipline that stand beside it."""
    text, site = facts.unit_rows[unit.stated_id].label or "", facts.sites.get(unit.site or "")
    for beside in (site.name_en if site else "", (site.name_fr or "") if site else "", unit.discipline):
        if beside and text.startswith(beside):
            text = text.removeprefix(beside).lstrip(" ,;:-–")
    return text


def _from_date(holder: Holder, since: Since | None, unit_from: date | None, effective_on: date) -> date | None:
    """An old pairing since it was stated; a new one from the day the edition takes effect, or later where the unit begins later."""
    if holder.practitioner is None:
        return None
    if since is not None and since.practitioner == holder.practitioner:
        return since.starts_on or unit_from
    return max(effective_on, unit_from or effective_on)


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """What this process read of one published edition, which never changes: nobody may change these rows."""

    rows: tuple[EditionRow, ...]
    answers: dict[object, Any] = field(default_factory=dict)
    """what was worked out from the rows before: lines in a language, orders, differences"""


_kept: dict[int, KeptEdition] = {}
_lock = threading.Lock()


def kept_edition(edition: Edition) -> KeptEdition:
    """The edition's rows and what was worked out from them; read once per process."""
    kept = _kept.get(edition.pk) or KeptEdition(tuple(edition.rows.all()))
    with _lock:
        _kept.pop(edition.pk, None)
        _kept[edition.pk] = kept
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    return kept


def rows_of(edition: Edition) -> tuple[EditionRow, ...]:
    """Every row of a published edition, in its order. Nobody may change these rows."""
    return kept_edition(edition).rows


def without_units(kept: KeptEdition, hidden: frozenset[str]) -> KeptEdition:
    """The edition for a reader from whom these units are hidden; itself where none is."""
    if not hidden:
        return kept
    return KeptEdition(tuple(row for row in kept.rows if unit_of(row.piece) not in hidden and row.piece not in hidden))


def unit_of(piece: str) -> str:
    """The unit's code of a piece: `u1` of `u1#2`."""
    return piece.rpartition("#")[0] or piece


def forget() -> None:
    """Empty what is kept in this process: tests begin with other records under the same keys."""
    _kept.clear()


def printed_edition(edition: Edition, *, hidden: frozenset[str] = frozenset()) -> PrintedEdition:
    """The edition as it is printed: a frozen value of texts, numbers and days, which knows no records. Units `hidden` are left out."""
    program, rows = edition.program, without_units(kept_edition(edition), hidden).rows
    return PrintedEdition(
        program_en=program.name_en,
        program_fr=program.name_fr or program.name_en,
        number=edition.number,
        effective_on=edition.effective_on,
        published_on=localdate(edition.published_at),
        code=edition.code,
        address=f"{public_address()}/e/{edition.code}",
        changed_rows=edition.changed_rows,
        waiting=edition.waiting_units,
        rows=printed_rows(rows),
    )


def printed_rows(rows: Iterable[EditionRow]) -> tuple[PrintedRow, ...]:
    """Rows of one edition as they are printed, in their order; the parts of a split unit are counted among them."""
    stated = list(rows)
    parts = parts_of(row.piece for row in stated)
    return tuple(printed_row(row, parts) for row in stated)


def printed_row(row: EditionRow, parts: Mapping[str, tuple[int, int]]) -> PrintedRow:
    """One row as it is printed; `parts` of all rows that it stands among (`parts_of`)."""
    return _printed(row, parts.get(row.piece))


def public_address() -> str:
    """Where a print's code is answered: as the installation states it, else its first host."""
    host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS and settings.ALLOWED_HOSTS[0] != "*" else "localhost"
    return settings.PUBLIC_ADDRESS or f"{'https' if settings.BEHIND_TLS else 'http'}://{host}"


def _printed(row: EditionRow, part: tuple[int, int] | None) -> PrintedRow:
    return PrintedRow(
        site_en=row.site_en,
        site_fr=row.site_fr or row.site_en,
        site_kind=row.site_kind,
        kind=row.kind,
        unit=row.label,
        part=part,
        town=row.town,
        area=row.area,
        discipline=row.discipline,
        primary=row.practitioner,
        cover=row.cover,
        language=row.language,
        used=None if row.visits_used is None else round(row.visits_used),
        left=None if row.visits_left is None else round(row.visits_left),
        from_date=row.from_date,
        note=row.note,
        changed=row.changed,
        before=row.practitioner_before,
    )


def parts_of(pieces: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Number and count of each block of a unit that was split."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for piece in pieces:
        stated, mark, number = piece.rpartition("#")
        if mark and number.isascii() and number.isdecimal():
            blocks[stated].append(piece)
    ordered = {stated: sorted(ids, key=lambda id: (len(id), id)) for stated, ids in blocks.items()}
    return {id: (place, len(ids)) for ids in ordered.values() for place, id in enumerate(ids, start=1)}
