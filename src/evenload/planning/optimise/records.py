"""Records that the searching kernels share: arcs, nodes and practitioners as rows of structured arrays.

One row holds all that a step reads of one thing, so a step touches few cache lines; and plain arrays as arguments cost the
kernels nothing, where tuples of arrays would count references at every access.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Records = np.ndarray[Any, Any]
"""A structured array of one of the types below."""

ARC = np.dtype(
    [
        ("cost", np.float64),  # hours per week: pair_hours of the node's units
        ("priced", np.float64),  # cost + λ·load + ν·trips, once a board has been made of it
        ("to", np.int32),  # practitioner; −1 in an empty slot
        ("load", np.int32),  # minutes per week
        ("travel", np.int32),  # minutes per week
        ("moves", np.int32),  # units that would leave an eligible current practitioner
    ],
    align=True,
)
"""Row of arcs[N, K]: one practitioner who may take the node."""

SMALL_ARC = np.dtype(
    [
        ("cost", np.float32),  # rounded down, so that what is proved with it holds
        ("priced", np.float32),
        ("to", np.int16),
        ("load", np.int16),
        ("travel", np.int16),
        ("moves", np.int16),
    ]
)
"""The same in half the room, for the largest programs: what a plan costs and what is proved of it is counted from the facts anew."""

NODE = np.dtype(
    [
        ("waiting", np.float64),  # price of waiting, hours per week
        ("trips", np.float64),  # per week
        ("clients", np.float64),
        ("spread", np.int32),  # minutes that it may need beyond its load (`weeks_guarded`)
        ("waiting_moves", np.int32),  # moves that its waiting counts
        ("arcs", np.int32),  # how many of its slots are in use
        ("held", np.int32),  # 1: pinned, may not leave
        ("mates_from", np.int32),  # its groups of companions: mates[mates_from] to mates[mates_to]
        ("mates_to", np.int32),
        ("who", np.int32),  # practitioner, −1 waits
        ("slot", np.int32),  # arc in use, −1 waits
        ("place", np.int32),  # its place in the caseload, from the caseload's beginning
        ("tile", np.int32),  # −1 stands still in this round
        ("queue", np.int32),  # its place among the tile's waiting nodes
    ],
    align=True,
)
"""Row of nodes[N]: one bundle, what it asks and where it is."""

SMALL_NODE = np.dtype(
    [
        ("waiting", np.float32),
        ("trips", np.float32),
        ("clients", np.float32),
        ("spread", np.int32),
        ("mates_from", np.int32),
        ("mates_to", np.int32),
        ("queue", np.int32),
        ("waiting_moves", np.int16),
        ("who", np.int16),
        ("place", np.int16),
        ("tile", np.int16),
        ("slot", np.int8),
        ("arcs", np.int8),
        ("held", np.int8),
    ],
    align=True,
)
"""The same beside SMALL_ARC."""

LEAN_ARC = np.dtype(
    {
        "names": ["cost", "to", "load", "moves"],
        "formats": [np.float32, np.int16, np.int16, np.int16],
        "offsets": [0, 4, 6, 6],  # moves are not told: where they have a price, arcs are not lean
        "itemsize": 8,
    }
)
"""What an ascent of prices without a limit on moves reads of an arc: sixteen of these take the room of eight small ones."""

OPEN_ARC = np.dtype([("cost", np.float32), ("load", np.float32), ("to", np.int32)])
"""The same in programs that are not that large; cost rounded down. Five of these lie in the cache line of two arcs."""

MOST_SMALL = 32_000
"""Numbers up to here fit into the small records."""

PERSON = np.dtype(
    [
        ("low", np.float64),  # minutes: low end of the comfortable range
        ("target", np.float64),
        ("tenth", np.float64),  # a tenth of B
        ("high", np.float64),  # top of the comfortable range
        ("capacity", np.float64),  # B
        ("limit", np.int64),  # max(M, pinned minutes)
        ("room", np.int64),  # minutes that the search may give her: the limit, or more while it looks about
        ("beyond", np.float64),  # price of a minute above the limit, 0 where the limit is kept
        ("trip_limit", np.float64),
        ("fair_clients", np.float64),
        ("fair_travel", np.float64),  # minutes
        ("load", np.int64),  # minutes
        ("guard", np.int64),  # minutes kept free beside the load: the `budget` largest spreads of her nodes (`weeks_guarded`)
        ("last", np.int64),  # the least of them where there are `budget`, else 0
        ("budget", np.int32),  # Γ; 0: nothing is kept free
        ("spreads", np.int32),  # how many of her nodes have a spread
        ("load_hours", np.float64),  # price of the load
        ("trips", np.float64),
        ("clients", np.float64),
        ("travel", np.float64),  # minutes
        ("totals_hours", np.float64),  # price of trips, clients and travel
        ("first", np.int64),  # caseload: member[first] to member[first + size]
        ("size", np.int32),
        ("tile", np.int32),
        ("touched", np.int64),  # the last step of the search that changed this week
    ],
    align=True,
)
"""Row of people[P]: one practitioner, her marks and her week. Minutes and trips per week."""

MATES = np.dtype([("hours", np.float64), ("start", np.int32), ("end", np.int32)], align=True)
"""Row of mates: one group of companions of one node: mate_node[start] to mate_node[end], and the price of each further practitioner."""

LIFTED = np.dtype([("key", np.float64), ("node", np.int32), ("slot", np.int32)], align=True)
"""Row of the nodes that a step took away: place in the order of handing out, the node, and the arc it had (−1 none)."""

WEEK = np.dtype(
    [
        ("load_hours", np.float64),
        ("totals_hours", np.float64),
        ("trips", np.float64),
        ("clients", np.float64),
        ("travel", np.float64),
        ("load", np.int64),
        ("person", np.int32),
    ],
    align=True,
)
"""Row of the weeks that a step touched, as they were before."""
