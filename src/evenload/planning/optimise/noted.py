"""What shows that a target is refuted, noted branch by branch, so that other code can count it again (`tree`, `targets`).

Branches are numbered in the order in which they are looked at, depth first, the root 0. A branch either takes an arc (its node goes to that
practitioner) or bars it. Prices are noted where arcs were closed at them or the branch was refuted. Noting changes nothing of the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evenload.planning.optimise.arrays import Floats, Ints, Longs
from evenload.planning.optimise.margins import Arcs

NOTED = 4_096
"""Branches, and prices, noted before they are fetched."""

MOST_BYTES = 400_000_000
"""Prices of one target that are kept at most; of a target with more of them nothing is shown."""


class Notes(NamedTuple):
    """Space for what is noted until it is fetched; without space nothing is noted."""

    parent: Longs
    """[b] −1 at the root"""
    row: Longs
    """[b] the arc …"""
    is_taken: Ints
    """int8[b] … which the branch takes, or bars"""
    at: Longs
    """[k] the branch of each price vector"""
    price: NDArray[np.float32]
    """[k, n]"""
    put_off: Longs
    """[depth, 2] parent and arc of the branches put off"""
    tally: Longs
    """[branches in this space, price vectors in it, branches in all]"""


def notes_of(space: int, nodes: int, depth: int) -> Notes:
    """Space for so many branches and price vectors."""
    longs = np.zeros(space, np.int64)
    return Notes(
        longs, longs.copy(), np.zeros(space, np.int8), longs.copy(), np.zeros((space, nodes), np.float32),
        np.zeros((depth if space else 0, 2), np.int64), np.zeros(3, np.int64),
    )  # fmt: skip


@njit(cache=True)
def has_space(notes: Notes, prices: int) -> bool:
    """Whether one more branch and so many price vectors can be noted, or nothing is to be."""
    space = len(notes.parent)
    return space == 0 or (notes.tally[0] < space and notes.tally[1] + prices <= space)


@njit(cache=True)
def note_branch(notes: Notes, parent: int, row: int, is_taken: int) -> None:
    """The branch that is looked at from now on."""
    if len(notes.parent) > 0:
        at = notes.tally[0]
        notes.parent[at], notes.row[at], notes.is_taken[at] = parent, row, is_taken
        notes.tally[0] += 1
        notes.tally[2] += 1


@njit(cache=True)
def note_prices(notes: Notes, price: Floats) -> None:
    """Prices [n] that show something of the branch at hand."""
    if len(notes.parent) > 0:
        at = notes.tally[1]
        notes.at[at] = notes.tally[2] - 1
        notes.price[at] = price
        notes.tally[1] += 1


@njit(cache=True)
def put_off(notes: Notes, depth: int, row: int) -> int:
    """Puts off the branch that bars the arc; returns the number of the branch that is divided."""
    divided = notes.tally[2] - 1
    if len(notes.parent) > 0:
        notes.put_off[depth, 0], notes.put_off[depth, 1] = divided, row
    return divided


@njit(cache=True)
def take_up(notes: Notes, depth: int) -> None:
    """Goes on with the branch that was put off there."""
    if len(notes.parent) > 0:
        note_branch(notes, notes.put_off[depth, 0], notes.put_off[depth, 1], 0)


@dataclass(frozen=True, slots=True)
class Refuted:
    """The branches of a refuted target: no plan costs as little as `target`, hours per week. b branches, k price vectors, n nodes."""

    target: float
    first: Floats
    """[n] prices at which the arcs were closed that are open to no branch"""
    parent: Longs
    """[b]"""
    person: Longs
    """[b] −1 at the root"""
    node: Longs
    """[b] −1 at the root"""
    is_taken: Ints
    """int8[b] whether the branch takes that arc, or bars it"""
    at: Longs
    """[k] the branch of each price vector, in order"""
    price: NDArray[np.float32]
    """[k, n]"""


class Fetched:
    """What was noted of one target so far."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.parts: list[tuple[NDArray[Any], ...]] = []
        self.bytes = 0

    def fetch(self) -> None:
        """Copies what is in the space, as far as so much is kept, and empties it."""
        notes, (branches, prices) = self.notes, self.notes.tally[:2].tolist()
        self.bytes += notes.price[:prices].nbytes
        if self.bytes > MOST_BYTES:
            self.parts.clear()
            notes.tally[:2] = 0
        elif branches or prices:
            by_branch = [part[:branches].astype(np.int32) for part in (notes.parent, notes.row, notes.is_taken)]
            self.parts.append((*by_branch, notes.at[:prices].astype(np.int32), notes.price[:prices].copy()))
            notes.tally[:2] = 0

    def refuted(self, target: float, first: Floats, arcs: Arcs) -> Refuted | None:
        """All of it, in the words of the program; None where it was too much."""
        if not self.parts:
            return None
        parent, row, is_taken, at, price = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        is_root = parent < 0
        person, node = (np.where(is_root, -1, of[row]).astype(np.int32) for of in (arcs.person, arcs.node))
        return Refuted(target, first, parent, person, node, is_taken.astype(np.int8), at, price)
