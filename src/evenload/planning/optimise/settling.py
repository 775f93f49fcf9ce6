"""The neighbourhood of a change: who may be asked, a board of them, and the search on it (`settle`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evenload.planning.one_change import Barred, ImpossibleChangeError, Moved, Pinned
from evenload.planning.optimise.arrays import Bytes, Floats, Ints
from evenload.planning.optimise.nearby import Source, copy_nodes, lay_caseloads, nodes_about
from evenload.planning.optimise.records import MATES, NODE, PERSON, Records
from evenload.planning.optimise.settle import Effort, settle
from evenload.planning.optimise.state import Board, empty_people, place_all
from evenload.planning.robust import guard_minutes

if TYPE_CHECKING:
    from evenload.planning.optimise.ledger_held import Key, Ledger
    from evenload.planning.optimise.sketch import Sketch

MOST_ASKED = 64
"""Practitioners of one board."""

NO_LIMIT = 2**40
SEED = 20


def settled(ledger: Ledger, sketch: Sketch, steps: int) -> None:
    """Fills who has which node after the change: the sketch's nodes, who and slot."""
    held = ledger.held
    may_not_move = _may_not_move(ledger, sketch)
    loads = _loads(ledger, sketch)
    over = [p for p in sketch.edit.about if loads[p] + _guard(ledger, _hers(ledger, sketch, p)) > _room(ledger, sketch, p)]
    for p in over:
        _check_room(ledger, sketch, may_not_move, p)
    loose = [n for n, p in sketch.put.items() if p < 0 and not may_not_move[n]]
    is_calm = isinstance(sketch.change, Barred | Pinned) and not over and not loose
    people = np.empty(0, np.int32) if is_calm else _asked(ledger, sketch, loose)
    who, slot = dict(sketch.put), {}
    if len(people):
        near = _Nearby(ledger, sketch, people, may_not_move)
        for n, p, k in near.searched(steps):
            if n in sketch.put or held.who[n] != p:
                who[n], slot[n] = p, k
    rows = sketch.row_of(len(held.alive))
    sketch.nodes = np.array(sorted(who), np.int32)
    sketch.who = np.array([who[n] for n in sorted(who)], np.int32)
    sketch.slot = np.array([slot[n] if n in slot else _slot(sketch, int(rows[n]), who[n]) for n in sorted(who)], np.int32)


def _slot(sketch: Sketch, row: int, p: int) -> int:
    found = np.flatnonzero(sketch.fresh.arcs["to"][row, : sketch.fresh.degree[row]] == p) if p >= 0 else np.empty(0)
    return int(found[0]) if len(found) else -1


def _may_not_move(ledger: Ledger, sketch: Sketch) -> Bytes:
    held = ledger.held
    fixed = ((held.pinned >= 0) | (held.by_hand > 0)).astype(np.uint8)
    fixed[np.array(sketch.let_go, np.int64)] = 0
    fixed[np.array(sketch.by_hand, np.int64)] = 1
    fixed[held.pinned >= 0] = 1
    return fixed


def _room(ledger: Ledger, sketch: Sketch, p: int) -> int:
    held, pinned = ledger.held, int(sketch.pinned_minutes[p])
    if pinned and held.case.robust:
        count = held.count + len(sketch.born)
        pins = np.flatnonzero((held.pinned[:count] == p) & (held.alive[:count] > 0))
        pinned += _guard(ledger, pins[~np.isin(pins, sketch.dead)].tolist())
    return max(int(sketch.staff.maximum[p]), pinned)


def _hers(ledger: Ledger, sketch: Sketch, p: int) -> list[int]:
    """Her nodes before the search."""
    held, dead = ledger.held, set(sketch.dead.tolist())
    kept = np.flatnonzero((held.who[: held.count] == p) & (held.alive[: held.count] > 0)).tolist()
    return [n for n in kept if n not in sketch.put and n not in dead] + [n for n, to in sketch.put.items() if to == p]


def _guard(ledger: Ledger, nodes: list[int]) -> int:
    """Minutes that protection keeps free for these nodes."""
    budget = ledger.held.case.robust
    return guard_minutes((ledger.held.spread(n) for n in nodes), budget) if budget else 0


def _loads(ledger: Ledger, sketch: Sketch) -> Ints:
    """int64[P]: minutes of everybody before the search."""
    held, loads = ledger.held, ledger.weeks.load.copy()
    rows = sketch.row_of(len(held.alive))
    for n in {*sketch.dead.tolist(), *(n for n in sketch.put if n not in sketch.born)}:
        if held.who[n] >= 0:
            loads[held.who[n]] -= held.rows.arcs[n, held.slot[n]]["load"]
    for n, p in sketch.put.items():
        if p >= 0:
            row = int(rows[n])
            load = sketch.fresh.arcs[row, _slot(sketch, row, p)] if row >= 0 else held.rows.arcs[n, held.slot[n]]
            loads[p] += load["load"]
    return loads


def _check_room(ledger: Ledger, sketch: Sketch, may_not_move: Bytes, p: int) -> None:
    """Where what may not leave her exceeds her room: a move is refused; else what was put by hand may leave again."""
    held, rows = ledger.held, sketch.row_of(len(ledger.held.alive))
    hers = _hers(ledger, sketch, p)
    stay = _guard(ledger, [n for n in hers if may_not_move[n]])
    for n in hers:
        if may_not_move[n]:
            row = int(rows[n])
            arcs = sketch.fresh.arcs[row] if row >= 0 else held.rows.arcs[n]
            stay += int(arcs["load"][np.flatnonzero(arcs["to"] == p)[0]])
    if stay <= _room(ledger, sketch, p):
        return
    if isinstance(sketch.change, Moved):
        raise ImpossibleChangeError("no_room", practitioner=held.people[p].id)
    for n in hers:
        if held.pinned[n] < 0:
            may_not_move[n] = 0
            sketch.let_go.append(n)
    sketch.by_hand = [n for n in sketch.by_hand if n not in hers]


def _asked(ledger: Ledger, sketch: Sketch, loose: list[int]) -> Ints:
    """Those whose weeks change, and those whom the nodes about would cost least: at most MOST_ASKED, by votes of the nodes."""
    held = ledger.held
    about = sorted(sketch.edit.about)
    count = held.count + len(sketch.born)
    hers = [np.flatnonzero((held.who[:count] == p) & (held.alive[:count] > 0)) for p in about]
    votes = _votes(ledger, sketch, np.array(loose, np.int64), 4.0)
    votes += _votes(ledger, sketch, np.concatenate([np.empty(0, np.int64), *hers]), 1.0)
    votes[about] += 1e9
    votes[sketch.gone > 0] = 0.0
    order = np.argsort(-votes, kind="stable")[:MOST_ASKED]
    pinned_about = [p for p in about if sketch.gone[p] and sketch.pinned_minutes[p] > 0]
    return np.sort(np.concatenate([order[votes[order] > 0], np.array(pinned_about, np.int64)])).astype(np.int32)


def _votes(ledger: Ledger, sketch: Sketch, nodes: Ints, weight: float) -> Floats:
    held = ledger.held
    votes = np.zeros(len(held.people))
    if not len(nodes):
        return votes
    rows = sketch.row_of(len(held.alive))[nodes]
    for found, degree in (
        (held.rows.arcs["to"][nodes[rows < 0]], held.rows.degree[nodes[rows < 0]]),
        (sketch.fresh.arcs["to"][rows[rows >= 0]], sketch.fresh.degree[rows[rows >= 0]]),
    ):
        rank = np.arange(found.shape[1])
        is_used = rank < degree[:, None]
        votes += np.bincount(found[is_used], np.broadcast_to(weight / (1.0 + rank), found.shape)[is_used], len(votes))
    return votes


class _Nearby:
    """A board of some practitioners, and how its rows are numbered in the program."""

    def __init__(self, ledger: Ledger, sketch: Sketch, people: Ints, may_not_move: Bytes) -> None:
        self.ledger, self.sketch, self.people = ledger, sketch, people
        held = ledger.held
        local_of = np.full(len(held.people), -1, np.int32)
        local_of[people] = np.arange(len(people), dtype=np.int32)
        self.local_of = local_of
        self.nodes = self._nodes_about()
        self.start = held.who[self.nodes].copy()
        self.start[: len(sketch.put)] = [sketch.put[n] for n in sorted(sketch.put)]
        self.board, self.slot_of = self._board(may_not_move)

    def _nodes_about(self) -> Ints:
        """Those that were put come first, ascending."""
        held, sketch = self.ledger.held, self.sketch
        left_out = np.zeros(len(held.alive), np.uint8)
        put = np.array(sorted(sketch.put), np.int32)
        left_out[sketch.dead] = 1
        left_out[put] = 1
        found = np.empty(held.count, np.int32)
        size = nodes_about(held.who, held.rows.arcs, held.rows.degree, held.alive, left_out, held.count, self.local_of, found)
        return np.concatenate([put, found[:size]])

    def _board(self, may_not_move: Bytes) -> tuple[Board, Ints]:
        held, sketch, own = self.ledger.held, self.sketch, len(self.nodes)
        mates, mate_node, ghosts = self._companions()
        nodes = np.zeros(own + len(ghosts), NODE)
        arcs = np.zeros((len(nodes), held.rows.arcs.shape[1]), held.rows.arcs.dtype)
        arcs["to"] = -1
        slot_of = np.full((own, arcs.shape[1]), -1, np.int32)
        source = Source(
            held.rows.arcs, held.rows.degree, held.rows.waiting_moves, sketch.fresh.arcs, sketch.fresh.degree, sketch.fresh.waiting_moves,
            sketch.row_of(len(held.alive)), held.waiting, held.trips, held.clients, held.pinned, may_not_move, sketch.gone,
        )  # fmt: skip
        copy_nodes(source, self.nodes, self.local_of, arcs, nodes, slot_of)
        if held.case.robust:
            nodes["spread"][:own] = [held.spread(n) for n in self.nodes.tolist()]
        nodes["held"][own:] = 1
        nodes["mates_from"], nodes["mates_to"] = mates[1][:-1], mates[1][1:]
        people = self._people()
        member = np.zeros(int(lay_caseloads(arcs, nodes, people)) * (2 if held.case.robust else 1), np.int32)
        board = Board(arcs, nodes, people, member, mates[0], mate_node, self.ledger.rates)
        empty_people(people, self.ledger.rates)
        start = np.where(self.start >= 0, self.local_of[np.maximum(self.start, 0)], -1).astype(np.int32)
        place_all(*board, np.concatenate([start, np.full(len(ghosts), -1, np.int32)]))
        # Companions elsewhere have whom they have; nobody on the board is meant by these numbers.
        nodes["who"][own:] = [len(people) + held.who[n] if held.who[n] >= 0 else -1 for n in ghosts]
        return board, slot_of

    def _people(self) -> Records:
        staff, people = self.sketch.staff, np.zeros(len(self.people), PERSON)
        for column, name in enumerate(("low", "target", "tenth", "high", "capacity")):
            people[name] = staff.marks[self.people, column]
        people["room"] = [_room(self.ledger, self.sketch, int(p)) for p in self.people]
        people["budget"] = self.ledger.held.case.robust
        people["trip_limit"] = staff.trip_limit[self.people]
        people["fair_clients"], people["fair_travel"] = staff.fair_clients[self.people], staff.fair_travel[self.people]
        return people

    def _companions(self) -> tuple[tuple[Records, Ints], Ints, list[int]]:
        """Groups of the board's nodes: rows of mates with their offsets by node, the nodes in them, and ghosts of nodes elsewhere."""
        ledger, sketch = self.ledger, self.sketch
        own, dead, joins = len(self.nodes), set(sketch.dead.tolist()), ledger.joins_of(sketch.born)
        ghosts: list[int] = []
        at_hand = self._at_hand(joins)
        local = {int(self.nodes[i]): i for i in at_hand}
        place: dict[object, tuple[int, int]] = {}
        mate_node: list[int] = []
        of_node: dict[int, list[tuple[float, int, int]]] = {}
        for i in at_hand:
            n = int(self.nodes[i])
            for key in sorted(ledger.keys_of(sketch.born.get(n, ledger.held.members[n])), key=str):
                if key not in place:
                    group = sorted((ledger.groups.get(key, set()) - dead) | joins.get(key, set()))
                    first = len(mate_node)
                    for m in group if len(group) > 1 else ():
                        if m not in local:
                            local[m] = own + len(ghosts)
                            ghosts.append(m)
                        mate_node.append(local[m])
                    place[key] = first, len(mate_node)
                first, last = place[key]
                if last > first:
                    of_node.setdefault(i, []).append((float(getattr(ledger.prices, key[0])), first, last))
        mates = np.array([row for i in at_hand for row in of_node.get(i, ())], MATES)
        lengths = np.zeros(own + len(ghosts) + 1, np.int32)
        lengths[[i + 1 for i in of_node]] = [len(rows) for rows in of_node.values()]
        return (mates, np.cumsum(lengths).astype(np.int32)), np.array(mate_node, np.int32), ghosts

    def _at_hand(self, joins: dict[Key, set[int]]) -> list[int]:
        """Rows of the board's nodes that have companions, ascending."""
        joined = {m for key, born in joins.items() for m in (*self.ledger.groups.get(key, ()), *born)}
        is_grouped = self.ledger.is_grouped[np.minimum(self.nodes, len(self.ledger.is_grouped) - 1)] > 0
        is_grouped &= self.nodes < self.ledger.held.count
        if joined:
            is_grouped |= np.isin(self.nodes, np.array(sorted(joined), np.int64))
        found: list[int] = np.flatnonzero(is_grouped).tolist()
        return found

    def searched(self, steps: int) -> list[tuple[int, int, int]]:
        """(node, practitioner, slot) of every node of the board after the search."""
        board, own = self.board, len(self.nodes)
        left = NO_LIMIT if self.ledger.max_moves is None else self._moves_left()
        settle(*board, Effort(steps, SEED, own, left, 0.0), self._hot())
        who, slot = board.nodes["who"][:own], board.nodes["slot"][:own]
        to = np.where(who >= 0, self.people[np.maximum(who, 0)] if len(self.people) else -1, -1)
        place = np.where(slot >= 0, self.slot_of[np.arange(own), np.maximum(slot, 0)], -1)
        is_new = (to != self.start) | np.isin(self.nodes, np.array(sorted(self.sketch.put), np.int32))
        return list(zip(self.nodes[is_new].tolist(), to[is_new].tolist(), place[is_new].tolist(), strict=True))

    def _moves_left(self) -> int:
        """Moves that the board's nodes may count in all: what is left of the limit when everybody else's are taken off."""
        ledger, held = self.ledger, self.ledger.held
        here = self.nodes[self.nodes < held.count]
        before = np.union1d(here, self.sketch.dead).astype(np.int32)
        return max(ledger.most_moves or 0, 0) - (ledger.moves - ledger.moves_of(held.rows, before, held.slot[before]))

    def _hot(self) -> Ints:
        """Nodes of the board at which steps begin: what was put or set free, what waits, and what those about have."""
        about = np.array(sorted(self.sketch.edit.about), np.int32)
        is_put = np.isin(self.nodes, np.array(sorted(self.sketch.put), np.int32))
        is_hot = is_put | (self.start < 0) | np.isin(self.start, about)
        return np.flatnonzero(is_hot).astype(np.int32)
