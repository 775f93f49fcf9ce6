"""The same program for the peers: a mixed-integer program over the 16 cheapest eligible practitioners of each unit.

Every price of the default table that these programs have is in it: pairs, waiting, loads (pieces of a convex price) and trips above a
limit. Fewer arcs make it easier than ours; a gap proved for it is a gap over these arcs alone. Nothing is told of prices or a plan.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.caseload_solvers.report import Report

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


class Columns(NamedTuple):
    """Minimise cost · x + offset, 0 ≤ x ≤ upper; the first `whole` columns are 0 or 1: arcs, then waiting."""

    cost: Floats
    upper: Floats
    whole: int
    offset: float


class Entries(NamedTuple):
    """The matrix: row, column and value of each entry."""

    row: Longs
    column: Longs
    value: Floats


class Program(NamedTuple):
    """Rows: each unit once (= 1); each practitioner's load (arcs − pieces = least load); trips above the limit (≤ limit)."""

    columns: Columns
    entries: Entries
    row_low: Floats
    row_high: Floats
    arc_node: Longs
    """[arcs] which node each of the first columns places"""
    arc_person: Longs
    units: NDArray[np.str_]
    """id of each node's unit"""
    people: NDArray[np.str_]
    """ids of the practitioners"""
    targets: Longs
    """[practitioners] minutes"""
    unavoidable_hours: float

    @property
    def targets_minutes(self) -> dict[str, int]:
        """Targets by practitioner."""
        return dict(zip(self.people.tolist(), self.targets.tolist(), strict=True))

    def holders(self, values: Sequence[float] | Floats) -> dict[str, str]:
        """Who looks after each placed unit, by ids, where the arc columns have these values."""
        chosen = np.flatnonzero(np.asarray(values)[: len(self.arc_node)] > 0.5)
        pairs = zip(self.arc_node[chosen], self.arc_person[chosen], strict=True)
        return {str(self.units[n]): str(self.people[p]) for n, p in pairs}


def program_of(report: Report) -> Program:
    """The report's program, made in a process of its own: the engine's memory is not the peer's, and OR-Tools cannot live beside HiGHS."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.npz"
        made = [sys.executable, "-m", "benchmarks.caseload_solvers.program_arrays", report.size, str(report.tightness), str(report.seed)]
        subprocess.run([*made, str(file)], check=True)
        with np.load(file) as kept:
            fields = {name: kept[name] for name in kept.files}
    unavoidable, whole, offset = float(fields.pop("unavoidable")), int(fields.pop("whole")), float(fields.pop("offset"))
    columns = Columns(fields.pop("cost"), fields.pop("upper"), whole, offset)
    entries = Entries(fields.pop("row"), fields.pop("column"), fields.pop("value"))
    return Program(columns, entries, unavoidable_hours=unavoidable, **fields)
