"""What a whole hour more would save, group by group: the linear program solved again with the hour added (promise AS13).

The prices say what the first minute saves. Where supply is just above demand the price falls within the hour, so the hour itself is
added: each connected part is one linear program over the listed arcs, solved once, and once more from that basis for every group
of practitioners, their hours, ranges and targets grown by their share of the hour.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from evenload.planning.optimise.arrays import FREE, Floats, Ints, Rates
from evenload.planning.optimise.model import lower_hull
from evenload.planning.optimise.parts import parts_of
from evenload.planning.optimise.setting import Priced, Setting
from evenload.planning.plan import WholeHour
from evenload.planning.shadow import HOUR_MINUTES, groups_of

if TYPE_CHECKING:
    import highspy

MOST_NODES = 10_000
"""Beyond so many nodes the first minute stands for the hour: a group has so many practitioners then that its price hardly falls."""

PIECES = 7
"""Straight pieces that the price of a load has at most."""


def hours_saved(setting: Setting, priced: Priced, most_moves: int | None) -> tuple[WholeHour, ...]:
    """What the optimum of the linear program falls by, hours per week, when a group has one hour a week more.

    Empty beyond MOST_NODES nodes, under a limit on moves (one purse for all parts), under protection (which the linear program
    does not see: `hours_guarded`), and where nothing can be assigned.
    """
    instance = setting.instance
    groups = groups_of(instance.case)
    if len(instance.nodes) > MOST_NODES or most_moves is not None or instance.case.robust or not instance.wings:
        return ()
    index = {p.id: i for i, p in enumerate(instance.practitioners)}
    listed = priced.listed
    of_person, of_node = parts_of(listed.arcs, listed.degree, instance.groups, len(index))
    saved: dict[tuple[str, str, str], float] = defaultdict(float)
    for number in range(int(of_person.max(initial=-1)) + 1):
        relaxed = _Relaxed(setting, priced, np.flatnonzero(of_node == number), np.flatnonzero(of_person == number))
        for key, members in groups.items():
            people = np.array([index[p.id] for p in members], np.int64)
            share = 1 + HOUR_MINUTES / sum(p.capacity_minutes for p in members)
            saved[key] += relaxed.saved(people[of_person[people] == number], share)
    return tuple(WholeHour(*key, hours=hours) for key, hours in sorted(saved.items()))


class _Relaxed:
    """One part as a linear program: nodes may be shared out in fractions; rows of nodes, then of loads, then of trip limits."""

    def __init__(self, setting: Setting, priced: Priced, nodes: Ints, people: Ints) -> None:
        self.setting, self.people = setting, people
        self.row_of = np.full(len(setting.instance.practitioners), -1, np.int64)
        self.row_of[people] = len(nodes) + np.arange(len(people))
        weeks = [_pieces(setting, int(p), 1.0) for p in people]
        self.offset = sum(week[0] for week in weeks)
        self.solver = self._solver(priced, nodes, weeks)
        self.optimum = self._solved() + self.offset

    def saved(self, members: Ints, share: float) -> float:
        """By how much the optimum falls when these practitioners have `share` times their hours; the program is then as it was."""
        if not len(members):
            return 0.0
        before = {int(p): _pieces(self.setting, int(p), 1.0) for p in members}
        after = {int(p): _pieces(self.setting, int(p), share) for p in members}
        self._give(after)
        change = sum(after[p][0] - before[p][0] for p in after)
        saved = self.optimum - (self._solved() + self.offset + change)
        self._give(before)
        return max(0.0, saved)

    def _give(self, weeks: dict[int, tuple[float, float, Floats, Floats]]) -> None:
        for p, (_, least, width, slope) in weeks.items():
            row = int(self.row_of[p])
            self.solver.changeRowBounds(row, least, least)
            for piece in range(PIECES):
                column = self.first_piece + (row - self.first_load) * PIECES + piece
                self.solver.changeColBounds(column, 0.0, float(width[piece]))
                self.solver.changeColCost(column, float(slope[piece]))

    def _solved(self) -> float:
        self.solver.run()
        return float(self.solver.getInfo().objective_function_value)

    def _solver(self, priced: Priced, nodes: Ints, weeks: list[tuple[float, float, Floats, Floats]]) -> highspy.Highs:
        instance, listed, rooms = self.setting.instance, priced.listed, self.setting.rooms
        place, slot = np.nonzero(np.arange(listed.arcs.shape[1]) < listed.degree[nodes][:, None])
        arcs = listed.arcs[nodes[place], slot]
        is_held = instance.pinned[nodes] > FREE
        waits = np.flatnonzero(~is_held)
        limited = self.people[np.isfinite(rooms.trip_limit[self.people])]
        trip_row = np.full(len(self.row_of), -1, np.int64)
        trip_row[limited] = len(nodes) + len(self.people) + np.arange(len(limited))
        self.first_load, self.first_piece = len(nodes), len(arcs) + len(waits)
        pieces = np.arange(len(self.people) * PIECES)
        over = self.first_piece + len(pieces) + np.arange(len(limited))
        arc, has_trips = np.arange(len(arcs)), trip_row[arcs["to"]] >= 0
        entries = [
            (place, arc, np.ones(len(arcs))),
            (self.row_of[arcs["to"]], arc, arcs["load"]),
            (trip_row[arcs["to"]][has_trips], arc[has_trips], instance.trips[nodes][place][has_trips]),
            (waits, len(arcs) + np.arange(len(waits)), np.ones(len(waits))),
            (self.first_load + pieces // PIECES, self.first_piece + pieces, np.full(len(pieces), -1.0)),
            (trip_row[limited], over, np.full(len(limited), -1.0)),
        ]
        least = [week[1] for week in weeks]
        return _program(
            cost=np.concatenate([arcs["cost"], instance.waiting[nodes][waits], *(w[3] for w in weeks), np.full(len(limited), rooms.trip_price)]),
            low=np.concatenate([is_held[place].astype(np.float64), np.zeros(len(waits) + len(pieces) + len(limited))]),
            high=np.concatenate([np.ones(len(arcs) + len(waits)), *(w[2] for w in weeks), np.full(len(limited), np.inf)]),
            row_low=np.concatenate([np.ones(len(nodes)), least, np.full(len(limited), -np.inf)]),
            row_high=np.concatenate([np.ones(len(nodes)), least, rooms.trip_limit[limited]]),
            entries=entries,
        )  # fmt: skip


def _program(
    *, cost: Floats, low: Floats, high: Floats, row_low: Floats, row_high: Floats, entries: list[tuple[Ints, Ints, Floats]]
) -> highspy.Highs:
    """The program of these columns, rows and (rows, columns, values), in a silent solver with one thread."""
    import highspy  # imported late: large programs do without its megabytes

    row, column, value = (np.concatenate(one) for one in zip(*entries, strict=True))
    order = np.argsort(column, kind="stable")
    linear = highspy.HighsLp()
    linear.num_col_, linear.num_row_ = len(cost), len(row_low)
    linear.col_cost_, linear.col_lower_, linear.col_upper_ = cost, low, high
    linear.row_lower_, linear.row_upper_ = row_low, row_high
    linear.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    linear.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(cost)))]).astype(np.int32)
    linear.a_matrix_.index_ = row[order].astype(np.int32)
    linear.a_matrix_.value_ = value[order].astype(np.float64)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(linear)
    return solver


def _pieces(setting: Setting, p: int, share: float) -> tuple[float, float, Floats, Floats]:
    """The price of the load of practitioner p with `share` times her hours, as a convex sum of straight pieces.

    Returns its price at the least load, the least load, and the widths and slopes [PIECES]; minutes, hours per week.
    """
    marks, least = setting.staff.marks[p] * share, float(setting.pinned_minutes[p])
    most = max(float(setting.staff.maximum[p]) * share, least)
    breaks = np.clip([least, most, marks[0], marks[3], marks[4], marks[1] - marks[2], marks[1], marks[1] + marks[2]], least, most)
    load, hours = lower_hull(breaks, _load_hours(setting.instance.rates, marks, breaks))
    width, slope = np.zeros(PIECES), np.zeros(PIECES)
    width[: len(load) - 1] = np.diff(load)
    slope[: len(load) - 1] = np.diff(hours) / np.diff(load)
    return float(hours[0]), float(load[0]), width, slope


def _load_hours(rates: Rates, marks: Floats, minutes: Floats) -> Floats:
    """`dual.hours_of_load` for loads [n] of one practitioner: marks as in Staff."""
    low, target, tenth, high, capacity = marks
    off = np.abs(minutes - target)
    near = np.minimum(off, tenth)
    price = rates.too_little * np.maximum(0.0, low - minutes) + rates.near * near + rates.far * (off - near)
    price += rates.dear * np.maximum(0.0, np.minimum(minutes, capacity) - high) + rates.overload * np.maximum(0.0, minutes - capacity)
    return np.asarray(price, np.float64)
