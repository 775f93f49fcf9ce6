"""Rows of the tables of rules and goals for units that come later: each facet is asked once per kind of practitioner."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import no_capacity
from evenload.planning.optimise.arrays import Floats, Ints, Wing
from evenload.planning.optimise.tables import GOAL_FACETS, RULE_FACETS, Facet

SPARE_ROWS = 16

ALLOWED_FACETS = tuple(facet for facet in RULE_FACETS if facet.of is not no_capacity)
"""The rule about hours is left out: hours change, so it is a flag of the practitioner (`rows_held.Facts.gone`)."""


class FacetRows:
    """The tables of a program's wings, growing by a row for each kind of unit that was not seen before."""

    def __init__(self, case: Case, practitioners: Sequence[Practitioner], wings: Sequence[Wing], rows: tuple[int, int]) -> None:
        """`rows`: how many rows of permissions and of prices the wings' tables have already."""
        self.case, self.practitioners = case, practitioners
        self.wings = [wing._replace(allowed=_taller(wing.allowed, 1), soft=_taller(wing.soft, 0)) for wing in wings]
        self._used = list(rows)
        self._kinds = {facet.of: _kinds(facet, practitioners) for facet in (*ALLOWED_FACETS, *GOAL_FACETS)}
        self._known: dict[tuple[object, Hashable], int] = {}

    def rows_of(self, unit: Unit) -> tuple[list[int], list[int]]:
        """Rows of permissions and of prices that this unit uses; 0 objects to nobody and costs nothing."""
        free = replace(unit, pinned_to=None)
        allowed = {facet.of: self._row(facet, free, is_rule=True) for facet in ALLOWED_FACETS}
        return [allowed.get(facet.of, 0) for facet in RULE_FACETS], [self._row(facet, free, is_rule=False) for facet in GOAL_FACETS]

    def _row(self, facet: Facet, unit: Unit, *, is_rule: bool) -> int:
        asked = (facet.of, facet.unit(unit))
        if asked not in self._known:
            first, number = self._kinds[facet.of]
            answers = [facet.of(self.case, self.practitioners[p], unit) for p in first]
            values = np.array([float(one is None) if is_rule else float(one) for one in answers])[number]  # type: ignore[arg-type]
            self._known[asked] = 0 if (values == (1.0 if is_rule else 0.0)).all() else self._add(values, is_rule=is_rule)
        return self._known[asked]

    def _add(self, values: Floats, *, is_rule: bool) -> int:
        row = self._used[not is_rule]
        self._used[not is_rule] += 1
        for number, wing in enumerate(self.wings):
            if is_rule:
                table = wing.allowed if row < len(wing.allowed) else _taller(wing.allowed, 1)
                table[row] = values[wing.members].astype(np.uint8)
                self.wings[number] = wing._replace(allowed=table)
            else:
                prices = wing.soft if row < len(wing.soft) else _taller(wing.soft, 0)
                prices[row] = values[wing.members]
                self.wings[number] = wing._replace(soft=prices)
        return row


def _kinds(facet: Facet, practitioners: Sequence[Practitioner]) -> tuple[list[int], Ints]:
    """The first practitioner of each kind, and each one's kind."""
    number: dict[Hashable, int] = {}
    first: list[int] = []
    kinds = np.empty(len(practitioners), np.int32)
    for p, practitioner in enumerate(practitioners):
        key = facet.practitioner(practitioner)
        if key not in number:
            number[key] = len(first)
            first.append(p)
        kinds[p] = number[key]
    return first, kinds


def _taller(table: NDArray[Any], neutral: int) -> NDArray[Any]:
    more = np.full((SPARE_ROWS, table.shape[1]), neutral, table.dtype)
    return np.ascontiguousarray(np.vstack([table, more]))
