"""Tight programs: hard limits, no price of loads, and loads that depend on who takes a node; the generalised assignment problem.

Where a Case has this shape nothing but the limits holds caseloads apart, and what decides is how exactly weeks can be filled. It is
solved by prices of nodes, exact weeks and dives (`fill`, `dive`): dives of the whole plan, then of a few practitioners at a time. In turn with
them, targets just above the bound are refuted or reached branch by branch (`targets`, `tree`), and some practitioners' weeks are decided
the same way (`openings`). The bound at the start is counted over all arcs (`strengthen`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evenload.planning.optimise.arrays import FREE, Floats, Ints
from evenload.planning.optimise.begin import SMALLEST_GAIN, board_for
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.dice import Dice, dice_of
from evenload.planning.optimise.dive import Bench, Patience, dive_all, least_values, nearness, reopen
from evenload.planning.optimise.dual import ascend, level_prices
from evenload.planning.optimise.fill import climb_open, items_of, opened, scratch_of
from evenload.planning.optimise.knapsack import Weeks, weeks_of
from evenload.planning.optimise.openings import Openings
from evenload.planning.optimise.setting import Priced, Setting, demand_of, priced_with
from evenload.planning.optimise.strengthen import MOST_ARCS
from evenload.planning.optimise.two_weeks import halves

LEVELS = ((150, (0.2, 0.01)), (150, (0.05, 0.001)))
"""Passes, and first and last step as shares of the common price of load, of the two ascents over prices of loads."""

WIDTH = 24
"""Arcs of a node that dives look at."""

CLIMB, CLIMB_STEPS = 200, (0.1, 0.004)
"""Passes of the ascent over node prices, and its steps as shares of how far a node's good arcs are apart."""

GOOD_ARCS = 4
"""That is how far the first and so many-th arc are apart, by the median."""

LEAST_SCALE_SHARE = 0.005
"""It is at least such a share of the mean cost: where prices tie, steps must not vanish."""

STEPS = (((10, 0.05), (6, 0.05)), ((16, 0.3), (10, 0.3)))
"""Passes and step (a share of the same) of dives of the whole plan, and of a few practitioners: small steps and large ones in turn.

Small ones keep prices that are good already; large ones are needed where there are many practitioners and loads differ much by arc."""

JITTER_WHOLE, JITTER_SOME = 0.3, 0.5
"""How much chance has to do with who is closed."""

CHARGE = 0.3
"""What a mean load is charged at least, as a share of that scale, in every other turn: else too much of the room is used up for nothing."""

PROVING_PASSES = 15
"""Passes that turn the dives' prices of nodes into a bound over all arcs."""

VAIN = 24
"""Rounds of dives in which a complete plan must be found."""

TARGETS_AFTER = 2
"""Rounds of dives after which targets above the bound are looked at too."""

SHARES = ((3, 3.0), (6, 1.0))
"""Work on targets beside that of dives, while the bound is so many steps below the plan …"""

LEAST_SHARE = 0.3
"""… and where it is more: each step takes about three times the work of the one before."""

MOST_TIMES = 10
"""At most so many times as much where dives have long been in vain."""

ROUNDING = 1e-9
"""By so much, as a share, a bound may have been rounded up: it counts as not above that step."""

LARGEST_WHOLE = 2.0**40

TRIES = 10
"""Sub-problems opened in one round, at least: about as much work as a dive of the whole plan."""

ROUNDS = ("whole", "few", "few", "more")
"""Kinds of round, in turn."""

FEW, MORE = (4, 8), (6, 14)
"""Least and most practitioners opened."""

EFFORT_OF_ROUND = 10
"""Steps per node that a round counts as."""


def is_tight(setting: Setting, most_moves: int | None) -> bool:
    """Whether only limits and prices of pairs decide: no price of loads, trips, companions or moves, nothing pinned."""
    instance, rooms = setting.instance, setting.rooms
    if most_moves is not None or not instance.wings or len(instance.practitioners) < 3 or len(instance.groups.start) > 1:
        return False
    rates = instance.rates
    is_priced = bool((rooms.hours != 0).any()) or rates.trip > 0 or rates.client > 0 or rates.travel > 0
    return not is_priced and bool((instance.pinned == FREE).all()) and len(instance.practitioners) * len(instance.nodes) <= MOST_ARCS


def priced_over_all(setting: Setting) -> Priced:
    """Good prices of loads with every arc listed: in tight programs the cheapest arcs without prices are the wrong ones."""
    people = len(setting.instance.practitioners)
    width = max(len(wing.members) for wing in setting.instance.wings)
    wing_of = np.zeros(people, np.int32)
    for number, wing in enumerate(setting.instance.wings):
        wing_of[wing.members] = number
    unpriced = priced_with(setting, _nothing(people), None, setting.current, width=width)
    listed, demand = unpriced.listed, demand_of(setting.instance, unpriced.listed)
    worth = level_prices(listed.arcs, demand, setting.rooms, wing_of)
    level = 60 * max(1e-6, float(np.abs(worth.minute).mean()))
    for passes, (first, last) in LEVELS:
        steps = (first * level, last * level)
        worth = ascend(listed.arcs, demand, setting.rooms, worth, most_moves=None, passes=passes, steps=steps).worth
    return priced_with(setting, worth, None, setting.current, width=width)


def everybody_fits(setting: Setting, priced: Priced) -> bool:
    """Whether, at these prices, no node would rather wait."""
    return bool((priced.listed.node_hours < setting.instance.waiting).all())


def step_between_plans(setting: Setting, priced: Priced) -> float:
    """The least by which two plans' prices differ: the greatest common divisor of whole prices; 0 where they are not whole."""
    is_listed = np.arange(priced.listed.arcs.shape[1]) < priced.listed.degree[:, None]
    price = np.concatenate([priced.listed.arcs["cost"][is_listed], setting.instance.waiting])
    if np.abs(price - np.rint(price)).max() > 0 or np.abs(price).max() > LARGEST_WHOLE:
        return 0.0
    return float(np.gcd.reduce(np.rint(price).astype(np.int64)))


def next_step(hours: float, step: float) -> float:
    """The least price of a plan that is not below a bound, where prices are multiples of `step`; the bound itself at step 0."""
    return step * math.ceil((hours - ROUNDING * max(1.0, abs(hours))) / step) if step > 0 else hours


def share_of_targets(gap_hours: float, step: float, vain_rounds: int) -> float:
    """Work on targets for each unit of work on dives, after so many rounds without a cheaper plan."""
    share = next((share for steps, share in SHARES if gap_hours <= steps * step), LEAST_SHARE) if step > 0 else 1.0
    return share * min(MOST_TIMES, 1 + vain_rounds / VAIN)


def share_of_openings(vain_rounds: int) -> float:
    """How much of the work of openings counts as that of dives: the more, the longer neither found a cheaper plan."""
    return min(1.0, vain_rounds / (MOST_TIMES * VAIN))


def rounds_of(moves_per_unit: int) -> int:
    """Rounds of dives for a search of so many steps per node."""
    return max(VAIN, moves_per_unit // EFFORT_OF_ROUND)


class Dives:
    """Dives of one tight program: the best complete plan so far (`who` int32[N], `hours`), and prices of its nodes that prove most."""

    def __init__(self, setting: Setting, priced: Priced, seed: int, step: float) -> None:
        self.setting, self.priced, self.seed = setting, priced, seed
        nodes = len(setting.instance.nodes)
        self.who: Ints = np.full(nodes, -1, np.int32)
        self.hours = math.inf
        self.least_gain = max(step, SMALLEST_GAIN)
        self.scale = _scale(priced)
        self.rounds, self.longest, self.gained = 0, 0.0, 0
        charge = _charge(priced, self.scale)
        self.benches = [self._bench(0.0)] + ([self._bench(charge)] if charge > 0 else [])
        self.prices: Floats = self.benches[0].price
        self.state = opened(self.benches[0].items, self.prices, self.benches[0].minute)

    def _bench(self, charge: float) -> Bench:
        """What dives need, with good prices of nodes under this charge for load."""
        nodes, people = (np.arange(len(of), dtype=np.int32) for of in (self.setting.instance.nodes, self.setting.instance.practitioners))
        board = board_for(self.setting, self.priced)
        weeks = weeks_of(self.setting, self.priced, board, nodes, people)
        items = items_of(weeks, len(nodes), _is_near(weeks, self.priced, len(nodes)), charge)
        state, scratch = (
            opened(items, self.priced.listed.node_hours + charge * _least_loads(weeks, len(nodes)), self.priced.worth.minute),
            scratch_of(items),
        )
        climb_open(items, state, scratch, CLIMB, CLIMB_STEPS[0] * self.scale, CLIMB_STEPS[1] * self.scale)
        minute, least = state.minute.copy(), least_values(items, state, scratch)
        return Bench(items, scratch, halves(), nearness(items, state, self.scale), state.price.copy(), minute, least)

    def round(self, is_over: Callable[[], bool], seconds: Callable[[], float]) -> bool:
        """One round of the kind whose turn it is; True where the plan is cheaper now.

        Effort decides what it does; `seconds` left only keep a dive of the whole plan from starting that would end too late.
        """
        cycle = self.rounds // len(ROUNDS)
        bench = self.benches[-1 - cycle % len(self.benches)]
        whole, some = STEPS[cycle // len(self.benches) % len(STEPS)]
        kind = ROUNDS[self.rounds % len(ROUNDS)] if math.isfinite(self.hours) else "whole"
        before, dice = self.hours, dice_of(self.seed, self.rounds)
        self.rounds += 1
        if kind == "whole" and (math.isinf(self.hours) or seconds() > self.longest):
            left = seconds()
            self._dive(bench, dice, whole)
            self.longest = max(self.longest, left - seconds()) if math.isfinite(left) else 0.0
        else:
            widths = MORE if kind == "more" else FEW
            patience = Patience(some[0], some[1] * self.scale, JITTER_SOME)
            for _ in range(max(TRIES, 2 * (len(bench.least) // sum(widths)) ** 2)):
                if is_over():
                    break
                self.hours -= reopen(bench, self.state, patience, 1, widths, dice, self.who)
        return self._is_cheaper_than(before)

    def vain_rounds(self) -> int:
        """Rounds since the plan was last made cheaper."""
        return self.rounds - self.gained

    def _is_cheaper_than(self, hours: float) -> bool:
        is_cheaper = self.hours < hours - SMALLEST_GAIN
        self.gained = self.rounds if is_cheaper else self.gained
        return is_cheaper

    def cells(self) -> int:
        """The work of all dives so far, in cells of weeks filled."""
        return sum(int(bench.scratch.cells[0]) for bench in self.benches)

    def are_vain(self) -> bool:
        """Whether no dive has ended with a complete plan for too long."""
        return self.rounds >= VAIN and math.isinf(self.hours)

    def take(self, who: Ints, hours: float) -> None:
        """Goes on from this plan where it is cheaper and complete."""
        if hours < self.hours - SMALLEST_GAIN and bool((who >= 0).all()):
            self.who, self.hours = who.copy(), hours

    def open(self, openings: Openings, cells: int, bound: float, is_over: Callable[[], bool]) -> bool:
        """Openings for so many cells; True where the plan is cheaper now. bound: no plan costs less."""
        before, dice, bench = self.hours, dice_of(self.seed + 1, self.rounds), self.benches[0]
        while cells > 0 and math.isfinite(self.hours) and not is_over():
            gain = (self.least_gain, self.hours - bound)
            fresh, filled = openings.open(bench, self.state, self.who, dice, gain)
            cells -= filled
            if fresh is not None:
                self.who, self.hours = fresh, self._price(fresh)
        return self._is_cheaper_than(before)

    def _price(self, who: Ints) -> float:
        items = self.benches[0].items
        return float(items.cost[items.row[who, np.arange(len(who))]].sum())

    def _dive(self, bench: Bench, dice: Dice, steps: tuple[int, float]) -> None:
        patience = Patience(steps[0], steps[1] * self.scale, JITTER_WHOLE if self.rounds > 1 else 0.0)
        fresh: Ints = np.full(len(self.who), -1, np.int32)
        found = dive_all(bench, self.state, patience, self.hours - self.least_gain + SMALLEST_GAIN, dice, fresh)
        if found < self.hours:
            self.who, self.hours = fresh, found


def _is_near(weeks: Weeks, priced: Priced, nodes: int) -> NDArray[np.bool_]:
    """bool[rows]: the arc is among its node's WIDTH cheapest ones under the prices of loads."""
    owner = np.repeat(weeks.people, np.diff(weeks.start))
    order = np.lexsort((weeks.cost + priced.worth.minute[owner] * weeks.load, weeks.node))
    first = np.concatenate([[0], np.cumsum(np.bincount(weeks.node, minlength=nodes))])
    is_near = np.zeros(len(order), np.bool_)
    is_near[order] = np.arange(len(order)) - first[weeks.node[order]] < WIDTH
    return is_near


def _scale(priced: Priced) -> float:
    """How far the prices of a node's good arcs are apart, hours per week."""
    arcs, degree, minute = priced.listed.arcs, priced.listed.degree, priced.worth.minute
    is_listed = np.arange(arcs.shape[1]) < degree[:, None]
    price = np.sort(np.where(is_listed, arcs["cost"] + minute[arcs["to"]] * arcs["load"], np.inf), axis=1)
    last = np.minimum(GOOD_ARCS, np.maximum(1, degree)) - 1
    spread = float(np.median(price[np.arange(len(price)), last] - price[:, 0]))
    return max(spread, LEAST_SCALE_SHARE * float(np.abs(arcs["cost"][is_listed]).mean()), 1e-6)


def _nothing(people: int) -> Worth:
    return Worth(np.zeros(people), np.zeros(people), 0.0)


def _charge(priced: Priced, scale: float) -> float:
    """A charge for load where the limits hardly have a price: 0 where they have one."""
    listed = priced.listed
    load = float(listed.arcs["load"][np.arange(listed.arcs.shape[1]) < listed.degree[:, None]].mean())
    wanted = CHARGE * scale / max(1.0, load)
    return max(0.0, wanted - float(priced.worth.minute.mean()))


def _least_loads(weeks: Weeks, nodes: int) -> Floats:
    """[n] least minutes of each node."""
    least = np.full(nodes, np.inf)
    np.minimum.at(least, weeks.node, weeks.load)
    return np.where(np.isfinite(least), least, 0.0)
