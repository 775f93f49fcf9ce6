"""The setting of a solve: a Case with its targets as arrays, and the prices that bound it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from evenload.planning.case import Case
from evenload.planning.optimise.apart import Apart, Climbs
from evenload.planning.optimise.arrays import FREE, ExactDrives, Floats, Instance, Ints, Longs, Staff, Units, staff_of
from evenload.planning.optimise.build import instance_of
from evenload.planning.optimise.candidates import Listed, Listing, Worth, arcs_of, is_small, lean_record
from evenload.planning.optimise.dual import MANY_NODES, Ascent, Demand, Rooms, ascend, level_prices, rooms_of, staff_shares
from evenload.planning.optimise.greedy import current_holders
from evenload.planning.optimise.levels import Crowd, climb_by_levels, crowds_of, even_prices, open_rows
from evenload.planning.optimise.pairs import exact_drives, nearest_travel
from evenload.planning.optimise.records import LEAN_ARC, Records
from evenload.planning.targets import fair_shares_for, targets_for

CLIMBS = ((40, (1.0, 0.1)), (150, (0.5, 0.002)))
"""Passes, and first and last step in hours per hour, of each ascent; all pairs are priced anew after each."""

LARGE_CLIMBS = ((40, (1.0, 0.1)), (80, (0.5, 0.005)))
"""The same from MANY_NODES on."""

CLIMBS_WITH_MOVES = ((100, (1.0, 0.02)), (250, (0.5, 0.003)))
"""The same where moves are limited: their price ties everybody together, so nobody climbs apart."""

OVERSTATED = 2e-4
"""Share of the bound by which the listed arcs may promise more than all arcs prove before another ascent is worth it."""

FURTHER = 2
"""Such ascents at most."""

FIRST_CHEAPEST, FIRST_SLOTS = 24, 28
"""Arcs of a node before there are prices (`candidates.CHEAPEST`): the cheapest sixteen all lead to those who are asked for most."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change while a Case is solved."""

    case: Case
    instance: Instance
    exact: ExactDrives
    staff: Staff
    targets_minutes: dict[str, int]
    current: Ints
    """int32[N]: pins, else current practitioners; −1 none"""
    pinned_minutes: Floats
    """[P]"""
    rooms: Rooms
    unpriced: Listed
    """the arcs without any prices of loads"""

    @property
    def unavoidable_hours(self) -> float:
        """Waiting price of what nobody may take, held-back units left out."""
        return float(self.instance.waiting[self.unpriced.takers == 0].sum())


@dataclass(frozen=True, slots=True)
class Priced:
    """Prices, the arcs that are cheapest under them, and what they prove. Held-back units are left out."""

    worth: Worth
    listed: Listed
    staff_shares: Floats
    """[P] the practitioners' shares of the bound"""
    move_credit: float
    """μ·N, to be taken off"""

    @property
    def bound_hours(self) -> float:
        """What the prices prove over all arcs that fit."""
        return float(self.listed.node_hours.sum() + self.staff_shares.sum() - self.move_credit)

    @property
    def certified_hours(self) -> float:
        """What they prove over all eligible pairs, whether a load alone fits or not: what `check` counts again."""
        return float(self.listed.eligible_hours.sum() + self.staff_shares.sum() - self.move_credit)


def setting_of(case: Case) -> Setting:
    """The Case as arrays, with targets, fair shares and what is pinned."""
    with _uncollected():
        return _setting_of(case)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles of garbage while very many objects are made that all stay: a fifth of the time of large programs."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _setting_of(case: Case) -> Setting:
    instance = instance_of(case)
    exact = exact_drives(instance)
    asked = _asked(instance, nearest_travel(instance, exact))
    wanted = targets_for(case, asked.minutes)
    staff = _staff(instance, wanted, asked)
    current, nobody = current_holders(instance), np.zeros(len(instance.practitioners))
    width = (None, None) if is_small(instance) else (FIRST_CHEAPEST, FIRST_SLOTS)
    # Large programs list for an ascent at once (without pins, which are read from here): another pass over all pairs would be the dearest step.
    is_lean = is_small(instance) and not (instance.pinned > FREE).any()
    unpriced = arcs_of(instance, exact, Worth(nobody, nobody, 0.0), current, keep=width[0], slots=width[1], is_lean=is_lean)
    pinned_minutes = _pinned_minutes(instance, unpriced)
    rooms = rooms_of(staff, instance.rates, pinned_minutes)
    return Setting(instance.case, instance, exact, staff, wanted, current, pinned_minutes, rooms, unpriced)


def without_unpriced_arcs(setting: Setting) -> Setting:
    """The setting once there are prices: the arcs without any are not needed again, and in large programs they are tens of megabytes."""
    unpriced, nothing = setting.unpriced, np.empty(0)
    if not is_small(setting.instance):
        return replace(setting, unpriced=replace(unpriced, arcs=unpriced.arcs[:, :0].copy()))
    counts = np.empty(0, np.int16)
    only_takers = Listed(unpriced.arcs[:0, :0].copy(), counts, nothing, nothing, counts, unpriced.takers.copy(), nothing)
    return replace(setting, unpriced=only_takers)


def priced(setting: Setting, most_moves: int | None, *, uses_up: bool = False) -> Priced:
    """Climbs to good prices; every eligible pair is priced after each climb, so that the bound holds over all of them.

    uses_up: the arcs are listed where the setting's arcs without prices are, which must not be read again (`without_unpriced_arcs`): in a
    large program each list is hundreds of megabytes.
    """
    instance, nobody = setting.instance, np.zeros(len(setting.instance.practitioners))
    climbs = climbs_of(instance, most_moves) if instance.wings and len(nobody) else ()
    if not climbs:
        return priced_with(setting, Worth(nobody, nobody, 0.0), most_moves, setting.current)
    is_lean = most_moves is None
    crowds = crowds_of(instance) if is_lean else ()
    if is_lean and not is_small(instance):
        found, promised, best = _priced_apart(setting, crowds, climbs, uses_up=uses_up)
    else:
        found, promised, best = _priced_together(setting, crowds, climbs, most_moves, uses_up=uses_up)
    for _ in range(FURTHER if is_lean else 0):
        if promised - found.bound_hours <= OVERSTATED * abs(found.bound_hours):
            break
        found, promised = _once_more(setting, found, crowds, *climbs[-1])
        best = max(best, (found.bound_hours, found.worth), key=_hours_proved)
    if found.bound_hours < best[0]:
        return priced_with(setting, best[1], most_moves, setting.current, into=found.listed.arcs)
    return found


class _Found(NamedTuple):
    """What ascents have come to."""

    last: Priced
    promised: float
    """hours that the last ascent's prices prove over the arcs that were listed for it"""
    best: tuple[float, Worth]
    """the most hours that any ascent's prices prove over all pairs, and these prices"""


def _priced_apart(setting: Setting, crowds: tuple[Crowd, ...], climbs: Climbs, *, uses_up: bool) -> _Found:
    """Crowd by crowd (`apart`): without a limit on moves nothing ties them together."""
    instance, unpriced = setting.instance, setting.unpriced
    rows = open_rows(unpriced.arcs, unpriced.degree, lean_record(instance))
    lean = Listing(instance, setting.exact, setting.current, keep=FIRST_CHEAPEST, slots=FIRST_CHEAPEST, is_lean=True)
    usual = Listing(instance, setting.exact, setting.current, into=unpriced.arcs if uses_up else None)
    apart = Apart(setting.rooms, crowds, climbs, (lean, usual))
    apart.run(rows, demand_of(instance, unpriced))
    found = [
        Priced(worth, listing.listed(), staff_shares(setting.rooms, worth.minute, worth.trip), 0.0)
        for worth, listing in zip(apart.worth, apart.lists, strict=True)
    ]
    return _Found(found[1], float(apart.promised.sum()), max(((one.bound_hours, one.worth) for one in found), key=_hours_proved))


def _priced_together(setting: Setting, crowds: tuple[Crowd, ...], climbs: Climbs, most_moves: int | None, *, uses_up: bool) -> _Found:
    """One ascent after the other, each followed by a pass over all pairs."""
    instance, listed, is_lean = setting.instance, setting.unpriced, most_moves is None
    if is_lean != (listed.arcs.dtype == LEAN_ARC):
        nobody = np.zeros(len(instance.practitioners))
        nothing = listed.arcs if uses_up else None
        listed = arcs_of(instance, setting.exact, Worth(nobody, nobody, 0.0), setting.current, into=nothing, is_lean=is_lean)
    all_found: list[_Found] = []
    for number, (passes, steps) in enumerate(climbs, 1):
        demand, start = demand_of(instance, listed), all_found[-1].last.worth if all_found else None
        if is_lean:
            ascent = _climbed(setting, listed, demand, crowds, start, passes, steps)
        else:
            start = start or level_prices(listed.arcs, demand, setting.rooms, _wing_of(instance))
            ascent = ascend(listed.arcs, demand, setting.rooms, start, most_moves=most_moves, passes=passes, steps=steps)
        into = listed.arcs if uses_up or number > 1 else None
        last = priced_with(setting, ascent.worth, most_moves, setting.current, into=into, is_lean=is_lean and number < len(climbs))
        proved = [one.best for one in all_found] + [(last.bound_hours, ascent.worth)]
        all_found.append(_Found(last, ascent.hours, max(proved, key=_hours_proved)))
        listed = last.listed
    return all_found[-1]


def _hours_proved(proved: tuple[float, Worth]) -> float:
    return proved[0]


def _once_more(setting: Setting, found: Priced, crowds: tuple[Crowd, ...], passes: int, steps: tuple[float, float]) -> tuple[Priced, float]:
    """Another ascent from these prices, over the arcs that are cheapest under them, and what the listed ones promised.

    Where a region has too little room, prices run up until arcs that nobody listed undercut them; listed now, they bring prices down.
    """
    small = is_small(setting.instance)
    into, width = (found.listed.arcs, None) if small else (None, FIRST_CHEAPEST)
    listed = priced_with(setting, found.worth, None, setting.current, width=width, into=into, is_lean=True).listed
    ascent = _climbed(setting, listed, demand_of(setting.instance, listed), crowds, found.worth, passes, steps)
    return priced_with(setting, ascent.worth, None, setting.current, into=listed.arcs), ascent.hours


def climbs_of(instance: Instance, most_moves: int | None) -> Climbs:
    """Passes, first and last step of each ascent, by the shape of the Case."""
    if most_moves is not None:
        return CLIMBS_WITH_MOVES
    return CLIMBS if len(instance.nodes) < MANY_NODES else LARGE_CLIMBS


def _climbed(
    setting: Setting,
    listed: Listed,
    demand: Demand,
    crowds: tuple[Crowd, ...],
    start: Worth | None,
    passes: int,
    steps: tuple[float, float],
) -> Ascent:
    """An ascent over these arcs, from common prices where none are given."""
    rows = open_rows(listed.arcs, listed.degree, lean_record(setting.instance))
    start = start or even_prices(rows, demand, setting.rooms, crowds)
    return climb_by_levels(rows, demand, setting.rooms, start, crowds, passes=passes, steps=steps)


def priced_with(
    setting: Setting, worth: Worth, most_moves: int | None, holder: Ints, *, width: int | None = None, into: Records | None = None,
    is_lean: bool = False,
) -> Priced:  # fmt: skip
    """Prices every pair under given prices; holder int32[N]: whose arcs are listed in any case. `width`: list so many arcs.

    into: arcs that are not needed any more, to be written over. is_lean: see `arcs_of`.
    """
    listed = arcs_of(setting.instance, setting.exact, worth, holder, into=into, keep=width, slots=width, is_lean=is_lean)
    return Priced(worth, listed, staff_shares(setting.rooms, worth.minute, worth.trip), worth.move * (most_moves or 0))


class _Asked(NamedTuple):
    """What each discipline is asked for: minutes of load with the nearest travel, clients, minutes of nearest travel."""

    minutes: dict[str, int]
    clients: dict[str, int]
    driven: dict[str, int]


def _asked(instance: Instance, nearest: Longs) -> _Asked:
    """nearest int64[U]"""
    asked, units = _Asked({}, {}, {}), instance.units
    travel = np.where(units.adds_travel[units.kind] > 0, nearest, 0)
    for wing in instance.wings:
        code = instance.nodes[int(wing.nodes[0])][0].discipline
        rows = _rows_of(units, wing.nodes)
        asked.minutes[code] = int(units.minutes[units.kind[rows]].sum()) + int(travel[rows].sum())
        asked.clients[code] = int(instance.clients[wing.nodes].sum())
        asked.driven[code] = int(nearest[rows].sum())
    return asked


def _rows_of(units: Units, nodes: Ints) -> Ints:
    """The units of these nodes."""
    if len(units.kind) == len(units.start) - 1:
        return nodes
    return np.concatenate([np.arange(units.start[n], units.start[n + 1]) for n in nodes])


def _staff(instance: Instance, wanted: dict[str, int], asked: _Asked) -> Staff:
    case, people = instance.case, instance.practitioners
    if not (case.prices.balance_clients or case.prices.balance_travel):
        return staff_of(instance, wanted, [0.0] * len(people), [0.0] * len(people))
    fair = fair_shares_for(case, *asked)
    clients = [float(fair[p.id].clients) for p in people]
    return staff_of(instance, wanted, clients, [float(fair[p.id].travel_minutes) for p in people])


def _pinned_minutes(instance: Instance, listed: Listed) -> Floats:
    """float64[P]: load of what is pinned to each practitioner; a pinned node has a single arc."""
    minutes = np.zeros(len(instance.practitioners))
    for n in np.flatnonzero(instance.pinned > FREE):
        minutes[listed.arcs[n, 0]["to"]] += listed.arcs[n, 0]["load"]
    return minutes


def demand_of(instance: Instance, listed: Listed) -> Demand:
    """What an ascent over these arcs asks of the nodes."""
    is_pinned = instance.pinned > FREE
    waiting = np.where(is_pinned, np.inf, instance.waiting) if is_pinned.any() else instance.waiting
    return Demand(waiting, instance.trips, listed.waiting_moves, listed.degree)


def _wing_of(instance: Instance) -> Ints:
    """int32[P]: a wing of each practitioner; 0 for one whom nobody needs."""
    wing_of = np.zeros(len(instance.practitioners), np.int32)
    for number, wing in enumerate(instance.wings):
        wing_of[wing.members] = number
    return wing_of
