"""Ids and references across sheets: every id once, every reference to an id that exists, resolved to its spelling there."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from evenload.exchange.column import Column
from evenload.exchange.columns_people import DISCIPLINE_CHOICES, ENGAGEMENT_CHOICES
from evenload.exchange.findings import Findings
from evenload.exchange.tables import Table
from evenload.exchange.text_cells import Fault, code_point, invisible_in, same, shown_text

EVERYBODY = "*"
WITH_IDS = ("practitioners", "sites", "classes", "units")
NEAREST_TRIED = 200
"""Unknown ids for which a near one is sought; beyond, only the sheet is named (seeking is slow among thousands of ids)."""
CANDIDATES = 5_000

Ids = Mapping[str, str]
"""folded id → the id as it stands in its sheet"""


def check_identities(tables: Mapping[str, Table], disciplines: Sequence[str], findings: Findings) -> None:
    """Check every id and resolve every reference in place. `disciplines` are all codes that the program knows.

    References to a sheet that could not be read are left alone: its own problem says enough.
    """
    ids = {name: _checked_ids(tables[name], disciplines, findings) if name in tables else {} for name in WITH_IDS}
    seeker = _Seeker()
    for table in tables.values():
        for column in table.sheet.columns:
            if column.refers_to and column.refers_to not in findings.unreadable and column.name in table.values:
                _resolve(table, column, _targets(table, column, ids, disciplines), seeker, findings)


def _checked_ids(table: Table, disciplines: Sequence[str], findings: Findings) -> Ids:
    reserved = _reserved(disciplines) if table.sheet.name == "practitioners" else {}
    ids: dict[str, str] = {}
    first: dict[str, int] = {}
    for position, value in enumerate(table.column("id")):
        if not isinstance(value, str):
            continue
        key = same(value)
        fault = _id_fault(table, value, key, reserved)
        if fault is None and key in first:
            fault = Fault("duplicate_id", {"first": table.cell("id", first[key])})
        if fault is not None:
            table.accuse(findings, "id", position, shown_text(value), fault=fault)
        first.setdefault(key, position)
        ids.setdefault(key, value)
    return ids


def _reserved(disciplines: Sequence[str]) -> dict[str, str]:
    """Words that mean more than one person where a practitioner is named."""
    words = {same(word): word for word in (EVERYBODY, *disciplines)}
    return words | {same(word): choice.code for choice in ENGAGEMENT_CHOICES for word in choice.words}


def _id_fault(table: Table, id: str, key: str, reserved: Mapping[str, str]) -> Fault | None:
    unseen = invisible_in(id)
    if unseen is not None:
        return Fault("invisible_character", {"character": code_point(unseen)})
    for character in (";", "#") if table.sheet.name == "units" else (";",):
        if character in id:  # ; separates lists; unit#1 is the name of a block
            return Fault("id_character", {"character": character})
    return Fault("id_reserved") if key in reserved else None


class _Seeker:
    """Seeks the nearest id; gives up after a while, for a workbook with thousands of unknown ids shall still be answered."""

    def __init__(self) -> None:
        self._left = NEAREST_TRIED
        self._known: dict[tuple[str, str], str | None] = {}

    def nearest(self, value: str, sheet: str, ids: Ids) -> str | None:
        key = (sheet, value)
        if key not in self._known:
            if self._left <= 0 or len(ids) > CANDIDATES:
                return None
            self._left -= 1
            close = difflib.get_close_matches(same(value), ids, n=1, cutoff=0.6)
            self._known[key] = ids[close[0]] if close else None
        return self._known[key]


def _targets(table: Table, column: Column, ids: Mapping[str, Ids], disciplines: Sequence[str]) -> Ids:
    """What a reference may name: the ids of its sheet; where practitioners are meant in groups, the words of groups too."""
    known = ids[column.refers_to or ""]
    if column.kind != "who":
        return known
    groups = {same(EVERYBODY): EVERYBODY}
    groups |= {same(word): choice.code for choice in ENGAGEMENT_CHOICES for word in choice.words}
    if table.sheet.name == "duties":
        named = {choice.code: choice.words for choice in DISCIPLINE_CHOICES}
        groups |= {same(word): code for code in disciplines for word in named.get(code, (code,))}
    return groups | dict(known)


def _resolve(table: Table, column: Column, targets: Ids, seeker: _Seeker, findings: Findings) -> None:
    """Put the spelling of its sheet in the place of every reference; what names nothing is a problem."""
    values = table.values[column.name]
    for position, value in enumerate(values):
        if isinstance(value, str):
            values[position] = _resolved(table, column, position, value, targets, seeker, findings)
        elif isinstance(value, tuple):
            found = (_resolved(table, column, position, one, targets, seeker, findings) for one in value)
            values[position] = tuple(dict.fromkeys(id for id in found if id is not None))


def _resolved(table: Table, column: Column, position: int, value: str, targets: Ids, seeker: _Seeker, findings: Findings) -> str | None:
    found = targets.get(same(value))
    if found is None:
        table.accuse(findings, column.name, position, shown_text(value), fault=_unknown(column, value, targets, seeker))
    return found


def _unknown(column: Column, value: str, targets: Ids, seeker: _Seeker) -> Fault:
    sheet = column.refers_to or ""
    code, facts = ("who_unknown", {}) if column.kind == "who" else ("unknown_reference", {"sheet": sheet})
    nearest = seeker.nearest(value, sheet, targets)
    return Fault(code, facts) if nearest is None else Fault(f"{code}_near", {**facts, "nearest": nearest})
