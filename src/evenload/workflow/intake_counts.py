"""What an import would do, before it does it: per sheet, how many rows are created, changed, left, and not named any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Final, TypeVar

from evenload.exchange.rows import ClassRow, PractitionerRow, Rows, SiteRow, UnitRow

Counts = dict[str, dict[str, int]]
MATCHED: Final = ("practitioners", "sites", "classes", "units")
"""sheets whose rows are matched by id and never deleted"""
REPLACED: Final = ("absences", "duties", "visits", "goals")
"""sheets that are replaced as a whole"""
Row = TypeVar("Row", PractitionerRow, SiteRow, ClassRow, UnitRow)


def counts(rows: Rows, base: Rows | None) -> Counts:
    """The counts of every sheet that has rows, and of the people who look after units ("assignments")."""
    found: Counts = {"program": _program(rows, base)}
    for sheet in MATCHED:
        found[sheet] = _matched(getattr(rows, sheet), getattr(base, sheet) if base else ())
    for sheet in REPLACED:
        found[sheet] = _replaced(getattr(rows, sheet), getattr(base, sheet) if base else ())
    found["assignments"] = _assignments(rows.units, base.units if base else ())
    return {sheet: counted for sheet, counted in found.items() if any(counted.values())}


def _program(rows: Rows, base: Rows | None) -> dict[str, int]:
    if base is None:
        return _counted(created=1)
    return _counted(left=1) if rows.program == base.program else _counted(changed=1)


def _matched(rows: Iterable[Row], base: Iterable[Row]) -> dict[str, int]:
    known: dict[str, Row] = {row.id: row for row in base}
    counted = _counted()
    for row in rows:
        before = known.pop(row.id, None)
        counted["created" if before is None else "left" if _compared(before) == _compared(row) else "changed"] += 1
    counted["gone"] = len(known)
    return counted


def _compared(row: object) -> object:
    """A unit's practitioner is an assignment and is counted there."""
    return replace(row, current_practitioner=None) if isinstance(row, UnitRow) else row


def _replaced(rows: Iterable[Hashable], base: Iterable[Hashable]) -> dict[str, int]:
    new, old = Counter(rows), Counter(base)
    return _counted(created=(new - old).total(), left=(new & old).total(), gone=(old - new).total())


def _assignments(units: Iterable[UnitRow], base: Iterable[UnitRow]) -> dict[str, int]:
    before = {row.id: row.current_practitioner for row in base}
    counted = _counted()
    for row in units:
        held, holds = before.get(row.id), row.current_practitioner
        if held == holds:
            counted["left"] += holds is not None
        elif holds is None:
            counted["gone"] += 1
        else:
            counted["created" if held is None else "changed"] += 1
    return counted


def _counted(*, created: int = 0, changed: int = 0, left: int = 0, gone: int = 0) -> dict[str, int]:
    return {"created": created, "changed": changed, "left": left, "gone": gone}
