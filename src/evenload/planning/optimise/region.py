"""One region of a very large program as a small program of its own: some practitioners, and the nodes that may go to them.

It is cut out of the arrays in memory, searched with the machinery of any program of its size, and forgotten. Rows are numbered anew:
practitioner p of the region is row people[p] of the whole, node n row nodes[n]. Who is not of the region is one further practitioner,
`len(people)`, in no wing: leaving her costs what it costs, and nothing can go back to her.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evenload.planning.case import Unit
from evenload.planning.optimise.arrays import ExactDrives, Groups, Instance, Ints, Longs, Staff, Units, Wing, starts
from evenload.planning.optimise.candidates import Worth, arcs_of
from evenload.planning.optimise.columns import Singles
from evenload.planning.optimise.dual import Rooms
from evenload.planning.optimise.setting import Priced, Setting


def cut_out(setting: Setting, worth: Worth, people: Ints, nodes: Ints, who: Ints, *, is_lean: bool = False) -> tuple[Setting, Priced]:
    """The region of these practitioners int32[p] and nodes int32[n], both ascending, at the prices of the whole.

    who int32[n]: which of `people` has each node now (their place), −1 waits. Its arcs are the cheapest among the region's practitioners;
    what its prices would prove of it is no bound of anything. Nodes have no companions (`regions.is_open_to_regions`). is_lean: arcs in a
    fifth of the room, their costs rounded down, without an order (`candidates.arcs_of`).
    """
    local = np.full(len(setting.instance.practitioners), len(people), np.int32)
    local[people] = np.arange(len(people), dtype=np.int32)
    instance, exact = _instance_of(setting, people, nodes, local)
    rows = setting.rooms
    rooms = Rooms(rows.breaks[people], rows.hours[people], rows.size[people], rows.trip_limit[people], rows.trip_price)
    own = Worth(worth.minute[people], worth.trip[people], worth.move)
    listed = arcs_of(instance, exact, own, who, is_lean=is_lean, is_usual=True)
    staff = Staff(*(column[people] for column in setting.staff))  # type: ignore[arg-type]
    cut = Setting(setting.case, instance, exact, staff, setting.targets_minutes, who, setting.pinned_minutes[people], rooms, listed)
    return cut, Priced(own, listed, np.zeros(len(people)), 0.0)


def _instance_of(setting: Setting, people: Ints, nodes: Ints, local: Ints) -> tuple[Instance, ExactDrives]:
    whole = setting.instance
    rows, start = _rows(whole.units.start, nodes)
    nobody = np.empty(0, np.int32)
    wings = [_wing_of(wing, people, nodes, local) for wing in whole.wings]
    pinned = whole.pinned[nodes]
    instance = replace(
        whole,
        practitioners=tuple(whole.practitioners[p] for p in people.tolist()),
        nodes=_nodes_of(whole.nodes, nodes),
        wings=tuple(wing for wing in wings if len(wing.members) and len(wing.nodes)),
        units=_units_of(whole.units, rows, start, local),
        waiting=whole.waiting[nodes],
        trips=whole.trips[nodes],
        clients=whole.clients[nodes],
        pinned=np.where(pinned >= 0, local[np.maximum(pinned, 0)], pinned).astype(np.int32),
        groups=Groups(np.zeros(len(nodes) + 1, np.int64), nobody, np.zeros(1, np.int64), nobody, np.empty(0)),
        held_back_hours=0.0,
    )
    at, first = _rows(setting.exact.start, rows)
    return instance, ExactDrives(first.astype(np.int64), local[setting.exact.person[at]], setting.exact.minutes[at])


def _nodes_of(nodes: Sequence[tuple[Unit, ...]], chosen: Ints) -> Sequence[tuple[Unit, ...]]:
    return Singles(nodes.units.laid(chosen.astype(np.int64))) if isinstance(nodes, Singles) else tuple(nodes[n] for n in chosen.tolist())


def _rows(start: Longs, chosen: Ints) -> tuple[Longs, Longs]:
    """The rows start[c] to start[c + 1] of each chosen c, end to end, and where each begins among them."""
    lengths = start[chosen + 1] - start[chosen]
    offsets = starts(lengths)
    return np.arange(offsets[-1]) + np.repeat(start[chosen] - offsets[:-1], lengths), offsets


def _units_of(units: Units, rows: Longs, start: Longs, local: Ints) -> Units:
    current = units.current[rows]
    return units._replace(
        start=start.astype(np.int32),
        place=units.place[rows],
        kind=units.kind[rows],
        current=np.where(current >= 0, local[np.maximum(current, 0)], -1).astype(np.int32),
        barred=local[units.barred],
    )


def _wing_of(wing: Wing, people: Ints, nodes: Ints, local: Ints) -> Wing:
    members = people[wing.column[people] >= 0]
    at = wing.column[members]
    column = np.full(len(people) + 1, -1, np.int32)
    column[local[members]] = np.arange(len(members), dtype=np.int32)
    place = np.minimum(np.searchsorted(wing.nodes, nodes), len(wing.nodes) - 1)
    return Wing(
        members=local[members],
        column=column,
        base=np.ascontiguousarray(wing.base[:, at]),
        has_base=wing.has_base[at],
        longest_drive=wing.longest_drive[at],
        accepts_new=wing.accepts_new[at],
        maximum=wing.maximum[at],
        allowed=np.ascontiguousarray(wing.allowed[:, at]),
        soft=np.ascontiguousarray(wing.soft[:, at]),
        nodes=np.flatnonzero(wing.nodes[place] == nodes).astype(np.int32),
    )
