"""What differs between two editions, and for whom: by piece, in the columns that a reader acts on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

from evenload.records.models import Account, Edition, EditionRow, ReadReceipt
from evenload.workflow.edition_rows import kept_edition, rows_of, unit_of, unsaved_copy

FACTS: Final = (
    "site_code",
    "site_en",
    "site_fr",
    "town",
    "area",
    "discipline",
    "practitioner",
    "cover",
    "language",
    "clients",
    "note",
    "label",
)
"""Columns whose change is a change of the row. Visits used and left change every day and are left out."""

_stated = attrgetter(*FACTS)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One piece that differs. `kind`: new, gone, moved, waiting, cover or facts: the first of these that holds.

    `new`: nobody had it before (or it was not there) and somebody has it now; `waiting`: somebody had it, or it is a new row
    that waits.
    """

    piece: str
    kind: str
    before: EditionRow | None
    after: EditionRow | None

    @property
    def row(self) -> EditionRow:
        """The row as it is now, or was last."""
        row = self.after or self.before
        assert row is not None
        return row

    def people(self) -> frozenset[str]:
        """Codes of the practitioners whom it touches: primary and cover, before and after."""
        rows = [row for row in (self.before, self.after) if row is not None]
        if self.kind == "facts":
            return frozenset(row.practitioner_code for row in rows) - {""}
        primary = {row.practitioner_code for row in rows} if self.kind != "cover" else set()
        covers = [row.cover_code for row in rows]
        return frozenset(primary | (set(covers) if len(set(covers)) > 1 or len(rows) == 1 else set())) - {""}


Kinds = dict[str, tuple[EditionRow, EditionRow, str]]
"""piece → two rows that were compared, and what was found: where both stand again, they are not compared again"""


def rows_differing(before: Iterable[EditionRow], after: Iterable[EditionRow], kinds: Kinds | None = None) -> tuple[RowChange, ...]:
    """Every piece that differs, in the order of `after`, then what is gone. `kinds` is kept from one call to the next, where rows are."""
    known, now, met = {row.piece: row for row in before}, {row.piece: row for row in after}, {} if kinds is None else kinds
    found = []
    for piece, row in now.items():
        old, same = known.get(piece), met.get(piece)
        if same is None or same[0] is not old or same[1] is not row:
            kind = _kind(old, row)
            if old is not None:
                met[piece] = (old, row, kind)
        else:
            kind = same[2]
        if kind:
            found.append(RowChange(piece, kind, old, row))
    return (*found, *(RowChange(piece, "gone", row, None) for piece, row in known.items() if piece not in now))


def _kind(before: EditionRow | None, after: EditionRow) -> str:
    if before is after:
        return ""
    if before is None:
        return "new" if after.practitioner_code else "waiting"
    if before.practitioner_code != after.practitioner_code:
        return "new" if not before.practitioner_code else "moved" if after.practitioner_code else "waiting"
    if before.cover_code != after.cover_code:
        return "cover"
    return "facts" if _stated(before) != _stated(after) else ""


def marked(rows: Iterable[EditionRow], changes: Iterable[RowChange]) -> tuple[list[EditionRow], tuple[RowChange, ...]]:
    """Rows and changes where each row that changed says so. The rows themselves may be kept for the next page, so copies say it."""
    known = {change.piece: _marked_row(change.after, change) for change in changes if change.after is not None}
    return [known.get(row.piece, row) for row in rows], tuple(replace(one, after=known.get(one.piece)) for one in changes)


def _marked_row(row: EditionRow, change: RowChange) -> EditionRow:
    copied = unsaved_copy(row)
    copied.changed = change.kind
    copied.practitioner_before = change.before.practitioner if change.before and change.kind in ("moved", "waiting") else ""
    return copied


def difference(a: Edition, b: Edition) -> tuple[RowChange, ...]:
    """What differs in edition `b` against edition `a`."""
    answers = kept_edition(b).answers
    if ("since", a.pk) not in answers:
        answers["since", a.pk] = rows_differing(rows_of(a), rows_of(b))
    found: tuple[RowChange, ...] = answers["since", a.pk]
    return found


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """What changed since an account last looked: the edition it read before (None: it never did), and the changes."""

    edition: Edition | None
    changes: tuple[RowChange, ...] = ()

    @property
    def pieces(self) -> frozenset[str]:
        """The pieces that changed."""
        return frozenset(change.piece for change in self.changes)


def visible(changes: tuple[RowChange, ...], hidden: frozenset[str]) -> tuple[RowChange, ...]:
    """The changes for a reader from whom these units are hidden."""
    return tuple(one for one in changes if unit_of(one.piece) not in hidden and one.piece not in hidden) if hidden else changes


def changed_since(edition: Edition, account: Account, *, hidden: frozenset[str] = frozenset()) -> ChangedSince:
    """What differs in this edition against the newest one before it that the account has read; units `hidden` from it are left out."""
    receipts = ReadReceipt.objects.filter(account=account, edition__program=edition.program_id, edition__number__lt=edition.number)
    receipt = receipts.select_related("edition").order_by("-edition__number").first()
    return ChangedSince(None) if receipt is None else ChangedSince(receipt.edition, visible(difference(receipt.edition, edition), hidden))
