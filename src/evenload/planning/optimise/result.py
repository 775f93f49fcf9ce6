"""From what the search found to the Plan: every row, each sum, the reasons, the cover and the bound."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evenload import __version__
from evenload.planning.case import Case, Practitioner, Unit, digest
from evenload.planning.optimise.arrays import FREE, Floats, Ints, Longs
from evenload.planning.optimise.begin import Placed
from evenload.planning.optimise.candidates import arcs_of
from evenload.planning.optimise.hours_guarded import guarded_hours_saved, node_prices_for, proved_by_nodes
from evenload.planning.optimise.hours_saved import MOST_NODES, hours_saved
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.state import node_spreads
from evenload.planning.optimise.waiting_screened import waiting_entries_screened
from evenload.planning.plan import Assignment, Bound, Cover, Load, Plan, Provenance, Score, WholeHour
from evenload.planning.problems import Notice, Where
from evenload.planning.score import score
from evenload.planning.travel import load_minutes, pair_travel_minutes

AGREEMENT_HOURS = 1e-6
"""By how much the array score may differ from the score of the pair functions, per hour of score."""


class CountsDisagreeError(RuntimeError):
    """The search's own score is not that of the pair functions: a fault of the engine, never of the input."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ends with; held-back units are in none of it."""

    setting: Setting
    priced: Priced
    placed: Placed
    bound_hours: float
    """the best that was proved, by prices or by the solver"""
    most_moves: int | None
    """the limit on moves that was kept: the stated one, or the fewest that were found"""
    node_prices: Floats | None = None
    """[N] what the bound was proved with; None: it was not climbed for"""


@dataclass(frozen=True, slots=True)
class Way:
    """How it came about: what `Provenance` says beside the version."""

    seed: int
    seconds: float
    method: str
    stopped_by: str
    effort: int
    max_moves: int | None


def plan_of(found: Found, way: Way) -> Plan:
    """The Plan of what was found. Raises CountsDisagreeError where the two scores differ."""
    setting, case = found.setting, found.setting.case
    if not len(found.priced.listed.arcs):
        # A very large program does without the arcs of the whole.
        found = replace(found, priced=priced_with(setting, found.priced.worth, found.most_moves, found.placed.who))
    if case.robust and found.node_prices is None:
        found = replace(found, node_prices=node_prices_for(setting, found.priced, found.placed, found.most_moves))
    holder = _holders(found)
    held_back = setting.instance.held_back_hours
    total = score(case, holder, targets_minutes=setting.targets_minutes, unavoidable=setting.unavoidable_hours + held_back)
    if not abs(total.hours - found.placed.hours - held_back) <= AGREEMENT_HOURS * max(1.0, abs(total.hours)):
        raise CountsDisagreeError(f"arrays {found.placed.hours + held_back!r}, pairs {total.hours!r}")
    bound = _bound(found, total)
    return Plan(
        case_digest=digest(case),
        assignments=_assignments(case, holder),
        waiting=waiting_entries_screened(setting, holder, bound.prices),
        cover=_cover(found),
        loads=_loads(case, holder, setting.targets_minutes),
        score=total,
        bound=bound,
        notices=(*case.notices, *_move_notices(found.placed.moves, way.max_moves)),
        provenance=Provenance(
            seed=way.seed,
            version=__version__,
            seconds=way.seconds,
            method=way.method,
            stopped_by=way.stopped_by,
            effort=way.effort,
            max_moves=way.max_moves,
            as_of=case.as_of,
            robust=case.robust,
        ),
        hours_saved=_hours_saved(found, way.max_moves),
    )


def _hours_saved(found: Found, max_moves: int | None) -> tuple[WholeHour, ...]:
    setting = found.setting
    is_counted = max_moves is None and setting.instance.wings and len(setting.instance.nodes) <= MOST_NODES
    if setting.case.robust and is_counted:
        return guarded_hours_saved(setting, found.priced, found.placed, found.node_prices)
    return hours_saved(setting, found.priced, max_moves)


def _holders(found: Found) -> dict[str, str]:
    instance = found.setting.instance
    pairs = zip(instance.nodes, found.placed.who, strict=True)
    return {unit.id: instance.practitioners[p].id for node, p in pairs if p >= 0 for unit in node}


def _units(case: Case) -> list[Unit]:
    return sorted(case.units, key=lambda unit: unit.id)


def _assignments(case: Case, holder: dict[str, str]) -> tuple[Assignment, ...]:
    rows = []
    for unit in _units(case):
        if unit.id in holder:
            practitioner = case.practitioner(holder[unit.id])
            rows.append(Assignment(unit.id, practitioner.id, unit.minutes, pair_travel_minutes(case, practitioner, unit)))
    return tuple(rows)


def _bound(found: Found, total: Score) -> Bound:
    """The bound, never above the score by rounding alone; prices per hour of load.

    bound_hours already allows for the limit on moves that was kept; the certified part is counted for the greater of the
    stated limit and the plan's own moves, as `check` counts it again.
    """
    worth, people = found.priced.worth, found.setting.instance.practitioners
    held_back = found.setting.instance.held_back_hours
    certified, unit_prices = found.priced.certified_hours, _unit_prices(found)
    if unit_prices is not None:
        certified = unit_prices.proved_hours
    certified = min(certified + held_back, total.hours)
    return Bound(
        hours=min(max(found.bound_hours + held_back, certified), total.hours),
        certified_hours=certified,
        prices={p.id: float(60 * price) for p, price in zip(people, worth.minute, strict=True)},
        move_price=float(worth.move),
        method="prices" if found.bound_hours <= found.priced.bound_hours else "prices and solver",
        trip_prices={p.id: float(price) for p, price in zip(people, worth.trip, strict=True)},
        unit_prices=unit_prices.prices if unit_prices is not None else {},
    )


@dataclass(frozen=True, slots=True)
class _UnitPrices:
    """Prices of units that certify more of a protected plan than the prices of loads, and how much; held-back units are not in it."""

    prices: dict[str, float]
    proved_hours: float


def _unit_prices(found: Found) -> _UnitPrices | None:
    setting, prices = found.setting, found.node_prices
    if not setting.case.robust or prices is None:
        return None
    proved = proved_by_nodes(setting, found.priced, found.placed, prices, found.most_moves)
    if proved is None or proved <= found.priced.certified_hours:
        return None
    nodes, pinned = setting.instance.nodes, setting.instance.pinned
    return _UnitPrices({nodes[n][0].id: float(prices[n]) for n in np.flatnonzero(pinned == FREE).tolist()}, proved)


def _loads(case: Case, holder: dict[str, str], targets: dict[str, int]) -> tuple[Load, ...]:
    caseloads: dict[str, list[Unit]] = {p.id: [] for p in case.practitioners}
    for unit in _units(case):
        if unit.id in holder:
            caseloads[holder[unit.id]].append(unit)
    return tuple(_load(case, p, caseloads[p.id], targets[p.id]) for p in sorted(case.practitioners, key=lambda p: p.id))


def _load(case: Case, practitioner: Practitioner, units: list[Unit], target: int) -> Load:
    loads = [load_minutes(case, practitioner, unit) for unit in units]
    return Load(
        practitioner=practitioner.id,
        capacity_minutes=practitioner.capacity_minutes,
        maximum_minutes=practitioner.maximum_minutes,
        assigned_minutes=sum(loads),
        travel_minutes=sum(pair_travel_minutes(case, practitioner, unit) for unit in units),
        units=len(units),
        clients=sum(unit.clients for unit in units),
        target_minutes=target,
        peak_minutes=sum(load - unit.minutes + unit.peak_minutes for load, unit in zip(loads, units, strict=True)),
    )


def _cover(found: Found) -> tuple[Cover, ...]:
    """Next-ranked eligible practitioner with room for each placed unit; a pin does not stand in the way of cover."""
    setting, worth, who = found.setting, found.priced.worth, found.placed.who
    instance = replace(setting.instance, pinned=np.full(len(who), FREE, np.int32))
    listed = arcs_of(instance, setting.exact, worth)
    arcs, people = listed.arcs, len(instance.practitioners)
    if not people or not len(who):
        return ()
    free = setting.staff.maximum - _loads_of(found)
    spread = node_spreads(setting.instance)
    guard, last = _guards_of(found, spread)
    free -= guard
    price = arcs["cost"] + worth.minute[arcs["to"]] * arcs["load"] + worth.trip[arcs["to"]] * instance.trips[:, None]
    needed = arcs["load"] + np.maximum(0, spread[:, None] - last[arcs["to"]])
    is_possible = (np.arange(arcs.shape[1]) < listed.degree[:, None]) & (arcs["to"] != who[:, None]) & (needed <= free[arcs["to"]])
    slot = np.where(is_possible, price, np.inf).argmin(axis=1)
    rows = [
        Cover(unit.id, instance.practitioners[arcs[n, slot[n]]["to"]].id)
        for n in np.flatnonzero((who >= 0) & is_possible.any(axis=1)).tolist()
        for unit in instance.nodes[n]
    ]
    return tuple(sorted(rows, key=lambda row: row.unit))


def _loads_of(found: Found) -> Longs:
    """int64[P]: minutes that each practitioner has."""
    listed, who = found.priced.listed, found.placed.who
    is_hers = (listed.arcs["to"] == who[:, None]) & (np.arange(listed.arcs.shape[1]) < listed.degree[:, None]) & (who[:, None] >= 0)
    load = np.where(is_hers, listed.arcs["load"], 0).sum(axis=1)
    return np.bincount(who[who >= 0], load[who >= 0], len(found.setting.instance.practitioners)).astype(np.int64)


def _guards_of(found: Found, spread: Ints) -> tuple[Longs, Longs]:
    """int64[P] what protection keeps free in each week, and the least of the Γ largest spreads (0 where there are fewer)."""
    budget, people, who = found.setting.case.robust, len(found.setting.instance.practitioners), found.placed.who
    guard, last = np.zeros(people, np.int64), np.zeros(people, np.int64)
    for p in range(people if budget else 0):
        largest = np.sort(spread[who == p])[::-1][:budget]
        guard[p], last[p] = largest.sum(), largest[-1] if len(largest) == budget else 0
    return guard, last


def _move_notices(moves: int, max_moves: int | None) -> tuple[Notice, ...]:
    if max_moves is None or moves <= max_moves:
        return ()
    return (Notice("max_moves_exceeded", Where("provenance", None, "max_moves"), {"moves": str(moves), "limit": str(max_moves)}),)
