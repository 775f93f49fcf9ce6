"""Units of a Case as columns: a country's units are some dozen bytes each, and objects only where one is named.

A Case may hold a `Columns` where others hold a tuple of units: whoever asks for one unit gets it as an object, made then and there.
`build` takes the columns as they are. Units here stand alone: no pin, bar, block, companion or reason to be held back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Unit
from evenload.planning.program import Place

OWN = ("id", "stated_id", "place", "current", "priority", "weeks_waiting")
"""What each unit has of its own; everything else is its kind's."""


@dataclass(frozen=True, slots=True)
class Columns(Sequence[Unit]):
    """U units, in order of id within each discipline and place. Raises ValueError for kinds that columns do not hold."""

    kinds: tuple[Unit, ...]
    """one unit of each kind; its `OWN` facts mean nothing"""
    people: tuple[str, ...]
    """ids of the practitioners, in order of id"""
    name: str
    """the ids: `name.format(number)`, in the order of the numbers"""
    number: NDArray[np.int32]
    """[U]"""
    kind: NDArray[np.int32]
    """[U]"""
    place: NDArray[np.float64]
    """[U, 2] degrees north and east; NaN where it is not known"""
    current: NDArray[np.int32]
    """[U] practitioner, −1 none"""
    priority: NDArray[np.uint8]
    """[U]"""
    weeks_waiting: NDArray[np.int16]
    """[U]"""

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind.pinned_to or kind.barred or kind.together or kind.held_back or kind.site:
                raise ValueError(f"expected units that stand alone, got {kind}")

    def __len__(self) -> int:
        return len(self.number)

    @overload
    def __getitem__(self, at: int) -> Unit: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Unit, ...]: ...
    def __getitem__(self, at: int | slice) -> Unit | tuple[Unit, ...]:
        """The unit, made anew each time."""
        if isinstance(at, slice):
            return tuple(self[i] for i in range(*at.indices(len(self))))
        lat, lon = self.place[at].tolist()
        id, p = self.name.format(self.number[at]), int(self.current[at])
        return replace(
            self.kinds[self.kind[at]],
            id=id,
            stated_id=id,
            place=None if np.isnan(lat) else Place(lat, lon),
            current=None if p < 0 else self.people[p],
            priority=int(self.priority[at]),
            weeks_waiting=int(self.weeks_waiting[at]),
        )

    def __iter__(self) -> Iterator[Unit]:
        return (self[at] for at in range(len(self)))

    def laid(self, order: NDArray[np.int64]) -> Columns:
        """The same units in another order."""
        rows = (getattr(self, name)[order] for name in ("number", "kind", "place", "current", "priority", "weeks_waiting"))
        return Columns(self.kinds, self.people, self.name, *rows)


@dataclass(frozen=True, slots=True)
class Singles(Sequence[tuple[Unit, ...]]):
    """Nodes of one unit each, made when they are asked for."""

    units: Columns

    def __len__(self) -> int:
        return len(self.units)

    @overload
    def __getitem__(self, at: int) -> tuple[Unit, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[Unit, ...], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[Unit, ...] | tuple[tuple[Unit, ...], ...]:
        """The node."""
        return tuple((unit,) for unit in self.units[at]) if isinstance(at, slice) else (self.units[at],)
