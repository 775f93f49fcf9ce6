"""Blocks: a large site or area unit is split into blocks of whole clients that may go to different practitioners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from evenload.planning.case import Unit
from evenload.planning.program import UnitFacts


def split_into_blocks(unit: Unit, block_minutes: Fraction, *, trips: Callable[[Fraction], Fraction]) -> tuple[Unit, ...]:
    """The unit's blocks `id#1`, `id#2` …, or the unit itself where it is not split.

    A site or area unit above twice the block is split into ceil(minutes / block) blocks of whole clients whose sizes differ
    by at most one; minutes in proportion by largest remainder, visits in proportion. A client, a unit with one client and a
    unit that goes together with others are never split. `trips` gives trips per week from a block's visits per week.
    """
    clients = clients_of_blocks(unit, unit.minutes, block_minutes)
    if clients is None:
        return (unit,)
    count = len(clients)
    minutes = largest_remainder(unit.minutes, clients)
    peaks = largest_remainder(unit.peak_minutes, clients)
    visits = [unit.visits_per_week * Fraction(share, unit.clients) for share in clients]
    return tuple(
        replace(
            unit,
            id=f"{unit.id}#{number + 1}",
            clients=clients[number],
            minutes=minutes[number],
            peak_minutes=peaks[number],
            visits_per_week=visits[number],
            trips=trips(visits[number]),
        )
        for number in range(count)
    )


def clients_of_blocks(unit: Unit | UnitFacts, minutes: int, block_minutes: Fraction) -> list[int] | None:
    """Clients of each block of a unit with so many minutes a week; None where it is not split."""
    if unit.kind == "client" or unit.clients < 2 or unit.together or minutes <= 2 * block_minutes:
        return None
    return even_shares(unit.clients, min(unit.clients, ceil(minutes / block_minutes)))


def even_shares(total: int, count: int) -> list[int]:
    """`total` in `count` whole parts that differ by at most one, larger parts first."""
    small, larger = divmod(total, count)
    return [small + 1] * larger + [small] * (count - larger)


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts in proportion to the weights: floors, then one each by largest remainder, ties to the first."""
    whole = sum(weights)
    exact = [Fraction(total * weight, whole) for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
