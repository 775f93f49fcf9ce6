"""The least, and the few least, of a row of prices: loops that the compiler makes vector code of."""

from __future__ import annotations

import numpy as np

from evenload.planning.optimise.arrays import Bytes, Floats, Ints
from evenload.planning.optimise.bare import bare

HALVINGS = 14
"""Tries to find a price that few are below."""

LANES = 16
"""A loop over a multiple of so many is vector code to its end."""


@bare
def least_of(values: Floats) -> float:
    """The least value (none is NaN); infinite where there is none. Four minima at a time, which one after the other would wait for."""
    one, two, three, four = np.inf, np.inf, np.inf, np.inf
    whole = len(values) // 4 * 4
    for i in range(0, whole, 4):
        a, b, c, d = values[i], values[i + 1], values[i + 2], values[i + 3]
        one = a if a < one else one
        two = b if b < two else two
        three = c if c < three else three
        four = d if d < four else four
    for i in range(whole, len(values)):
        one = values[i] if values[i] < one else one
    return min(min(one, two), min(three, four))


@bare
def keep_flagged(flags: Bytes, values: Floats) -> None:
    """Values without the flag become infinite."""
    for i in range(len(values)):
        value = values[i]
        values[i] = value if flags[i] != 0 else np.inf


@bare
def first_of(values: Floats, place: Ints, best: Ints) -> int:
    """Fills in where the least finite values [W] lie, least first, ties by place; returns how many there are, at most len(best).

    place int32[W + 1]: written over.
    """
    limit, count = _limit(values, len(best), len(best) * 3 // 2), 0
    for i in range(len(values)):
        place[count] = i
        count += values[i] <= limit
    kept = 0
    for found in range(count):
        i, value = place[found], values[place[found]]
        if kept == len(best) and value >= values[best[kept - 1]]:
            continue
        at = kept if kept < len(best) else kept - 1
        kept = max(kept, at + 1)
        while at > 0 and values[best[at - 1]] > value:
            best[at] = best[at - 1]
            at -= 1
        best[at] = i
    return kept


@bare
def ranked_of(values: Floats, count: int, best: Ints) -> int:
    """As `first_of` for the first `count` of a few values: each is asked how many are below it, which needs no guessing of branches.

    values [at least LANES more than count]: written over beyond count.
    """
    whole, kept = (count + LANES - 1) // LANES * LANES, 0
    for i in range(count, whole):
        values[i] = np.inf
    for i in range(len(best)):
        best[i] = -1
    for i in range(count):
        rank = _below(values[:whole], values[i]) if values[i] < np.inf else len(best)
        while rank < len(best) and best[rank] >= 0:
            rank += 1
        if rank < len(best):
            best[rank] = i
            kept += 1
    return kept


@bare
def _below(values: Floats, limit: float) -> int:
    count = 0
    for i in range(len(values)):
        count += values[i] < limit
    return count


@bare
def some_of(values: Floats, place: Ints, best: Ints) -> int:
    """As `first_of`, in any order: putting the least few in order takes longer than finding them."""
    limit, count = _limit(values, len(best), len(best)), 0
    if _up_to(values, limit) > len(best):
        return int(first_of(values, place, best))
    for i in range(len(values)):
        place[count] = i
        count += values[i] <= limit
    for found in range(count):
        best[found] = place[found]
    return count


@bare
def _limit(values: Floats, wanted: int, most: int) -> float:
    """A finite price that at least `wanted` are not above, where so many are finite, and seldom more than `most`."""
    few, enough, width = least_of(values), MOST, 1.0
    if few == np.inf:
        return enough
    for _ in range(HALVINGS):
        limit = (few + enough) / 2 if enough < MOST else few + width
        count = _up_to(values, limit)
        if count < wanted:
            few, width = limit, 4 * width
        else:
            enough = limit
            if count <= most:
                break
    return enough


@bare
def _up_to(values: Floats, limit: float) -> int:
    count = 0
    for i in range(len(values)):
        count += values[i] <= limit
    return count


MOST = float(np.finfo(np.float64).max)
