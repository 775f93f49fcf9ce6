"""From a Case to arrays: the Instance that the kernels work on, and what each array means.

Letters of shapes: P practitioners (by id), U units, N bundles ("nodes": what is assigned), W a wing's practitioners,
G groups of companions. Minutes per week unless said otherwise, prices in hours per week. Nodes are ordered by discipline
and along a curve through space, so that neighbours in memory are neighbours on the ground.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.distance import EARTH_RADIUS_KM
from evenload.planning.eligibility import bundles
from evenload.planning.goals import continuity, trip_limit, waiting_hours
from evenload.planning.optimise.tables import Tables, tables_of
from evenload.planning.prices import Prices
from evenload.planning.score import may_take

Ints = NDArray[np.integer[Any]]
"""int32 unless said otherwise"""
Longs = NDArray[np.integer[Any]]
"""int64"""
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

FREE = -1
"""in Instance.pinned: the node is not pinned"""
STRANDED = -2
"""in Instance.pinned: pinned to somebody who may not take it; the node has no arc at all"""

MOST_TRIP_DIGITS = 2**30
"""Largest numerator and denominator of trips for which travel is exact in float64 (drives up to 40,000 minutes)."""


class Wing(NamedTuple):
    """One discipline: its practitioners (W) as columns. Whoever has several disciplines is in several wings."""

    members: Ints
    """[W] practitioner"""
    column: Ints
    """[P] column in this wing, −1 elsewhere"""
    base: Floats
    """[3, W] point on the unit sphere"""
    has_base: Bytes
    longest_drive: Floats
    """[W] minutes one way, infinite where none is stated"""
    accepts_new: Bytes
    maximum: Floats
    """[W] M"""
    allowed: Bytes
    """[rows, W] see Tables"""
    soft: Floats
    """[rows, W] see Tables"""
    nodes: Ints
    """nodes of this discipline"""


class Units(NamedTuple):
    """Units in the order of their nodes: node n has units start[n] to start[n+1]."""

    start: Longs
    """[N+1]"""
    place: Floats
    """[U, 3] point on the unit sphere"""
    has_place: Bytes
    minutes: Floats
    spread: Floats
    """[U] minutes that it may need beyond its own; 0 where nothing is protected (`planning.robust`)"""
    adds_travel: Floats
    """[U] 1 where the load holds the pair travel, 0 where the class has a travel standard"""
    trips: Floats
    """[U, 2] numerator and denominator of trips per week; both exact integers"""
    current: Ints
    """[U] current practitioner, −1 none"""
    leave_hours: Floats
    """[U] price of leaving the current practitioner"""
    allowed_row: Ints
    """[U, rules]"""
    soft_row: Ints
    """[U, goals]"""
    barred_start: Longs
    """[U+1]"""
    barred: Ints
    """practitioners barred by unit u: barred_start[u] to barred_start[u+1]"""


class ExactDrives(NamedTuple):
    """Drives so close to a rounding edge that `travel.drive_minutes` itself decided them."""

    start: Longs
    """[U+1]"""
    column: Ints
    """column in the unit's wing"""
    minutes: Floats


class Scale(NamedTuple):
    """Scalars of the pair kernels."""

    minutes_per_radian: float
    """drive per radian of half the arc: 2 × earth radius × minutes per kilometre"""
    unknown_drive: float
    travel_hours_per_minute: float


class Rates(NamedTuple):
    """Prices of loads in hours per *minute* (trips and clients: per trip, per client)."""

    too_little: float
    near: float
    far: float
    dear: float
    overload: float
    trip: float
    client: float
    travel: float


class Staff(NamedTuple):
    """Practitioners: what their loads are priced against."""

    maximum: Longs
    """[P] M"""
    marks: Floats
    """[P, 5] minutes: low end of the range, target, a tenth of B, high end of the range, B"""
    trip_limit: Floats
    """[P] weekly trips, infinite where none is stated"""
    fair_clients: Floats
    fair_travel: Floats


class Groups(NamedTuple):
    """Companions: nodes whose further practitioners cost (blocks of one unit; units of one discipline at one site)."""

    of_node_start: Longs
    """[N+1]"""
    of_node: Ints
    start: Longs
    """[G+1]"""
    node: Ints
    hours: Floats
    """[G] price of each further practitioner"""


@dataclass(frozen=True, slots=True)
class Instance:
    """The Case as arrays. N = len(nodes), P = len(practitioners). Targets and fair shares come later (`with_staff`)."""

    case: Case
    practitioners: tuple[Practitioner, ...]
    nodes: tuple[tuple[Unit, ...], ...]
    wings: tuple[Wing, ...]
    units: Units
    scale: Scale
    rates: Rates
    waiting: Floats
    """[N] price of waiting"""
    trips: Floats
    """[N] trips per week"""
    clients: Floats
    """[N]"""
    pinned: Ints
    """[N] practitioner, FREE or STRANDED"""
    groups: Groups
    held_back_hours: float
    """waiting price of the units that wait before the engine starts"""


def instance_of(case: Case) -> Instance:
    """The arrays of a Case; the same facts in any order give the same arrays.

    Raises NotImplementedError for a rule or goal without an array twin, ValueError for trips that are not exact.
    """
    practitioners = tuple(sorted(case.practitioners, key=lambda p: p.id))
    index = {p.id: i for i, p in enumerate(practitioners)}
    nodes = _ordered(bundles(case))
    members = [unit for node in nodes for unit in node]
    tables = tables_of(case, practitioners, members) if practitioners and members else None
    wings = tuple(_wings(practitioners, nodes, tables)) if tables else ()
    return Instance(
        case=case,
        practitioners=practitioners,
        nodes=nodes,
        wings=wings,
        units=units_of(case, nodes, index, tables),
        scale=Scale(2 * EARTH_RADIUS_KM * case.minutes_per_km, float(case.unknown_place_drive), case.prices.travel / 60),
        rates=rates_of(case.prices),
        waiting=np.array([sum(waiting_hours(case, unit) for unit in node) for node in nodes], np.float64),
        trips=np.array([float(sum(unit.trips for unit in node)) for node in nodes], np.float64),
        clients=np.array([sum(unit.clients for unit in node) for node in nodes], np.float64),
        pinned=np.array([_pin(case, node, index) for node in nodes], np.int32),
        groups=_groups(case.prices, nodes),
        held_back_hours=sum(waiting_hours(case, unit) for unit in _by_id(case.units) if unit.held_back is not None),
    )


def rates_of(prices: Prices) -> Rates:
    """The prices of loads per minute, trip and client."""
    return Rates(
        too_little=prices.too_little / 60,
        near=prices.balance_near / 60,
        far=prices.balance_far / 60,
        dear=prices.dear / 60,
        overload=prices.overload / 60,
        trip=prices.site_visits,
        client=prices.balance_clients,
        travel=prices.balance_travel / 60,
    )


def _by_id(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: unit.id)


def _ordered(nodes: Sequence[tuple[Unit, ...]]) -> tuple[tuple[Unit, ...], ...]:
    """By discipline, then along a Z-curve through space, then by id."""
    return tuple(sorted(nodes, key=lambda node: (node[0].discipline, _curve(node[0]), node[0].id)))


def _curve(unit: Unit) -> int:
    """Position on a Z-curve of 2^16 × 2^16 cells over the earth; −1 where the place is unknown."""
    if unit.place is None:
        return -1
    x = int((unit.place.lon + 180) / 360 * 65535)
    y = int((unit.place.lat + 90) / 180 * 65535)
    return _spread(x) | _spread(y) << 1


def _spread(number: int) -> int:
    """The 16 bits of a number, a zero between each."""
    number = (number | number << 8) & 0x00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F
    number = (number | number << 2) & 0x33333333
    return (number | number << 1) & 0x55555555


def _wings(practitioners: Sequence[Practitioner], nodes: Sequence[tuple[Unit, ...]], tables: Tables) -> Iterable[Wing]:
    of_discipline: dict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        of_discipline[node[0].discipline].append(number)
    for discipline in sorted(of_discipline):
        members = np.array([i for i, p in enumerate(practitioners) if discipline in p.disciplines], np.int32)
        yield wing_of(practitioners, members, np.array(of_discipline[discipline], np.int32), tables)


def wing_of(practitioners: Sequence[Practitioner], members: Ints, nodes: Ints, tables: Tables) -> Wing:
    """The wing of these practitioners (int32[W]) and nodes."""
    people = [practitioners[i] for i in members]
    column = np.full(len(practitioners), -1, np.int32)
    column[members] = np.arange(len(members), dtype=np.int32)
    return Wing(
        members=members,
        column=column,
        base=np.ascontiguousarray(_on_sphere([p.base for p in people]).T),
        has_base=np.array([p.base is not None for p in people], np.uint8),
        longest_drive=np.array([np.inf if p.longest_drive_minutes is None else p.longest_drive_minutes for p in people], np.float64),
        accepts_new=np.array([p.accepts_new for p in people], np.uint8),
        maximum=np.array([p.maximum_minutes for p in people], np.float64),
        allowed=np.ascontiguousarray(tables.allowed[:, members]),
        soft=np.ascontiguousarray(tables.soft[:, members]),
        nodes=nodes,
    )


def _on_sphere(places: Sequence[object]) -> Floats:
    """[n, 3] points on the unit sphere; (1, 0, 0) where the place is unknown."""
    degrees = np.array([(0.0, 0.0) if place is None else (place.lat, place.lon) for place in places], np.float64)  # type: ignore[attr-defined]
    lat, lon = np.radians(degrees.reshape(-1, 2)).T
    return np.ascontiguousarray(np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1))


def units_of(case: Case, nodes: Sequence[tuple[Unit, ...]], index: dict[str, int], tables: Tables | None) -> Units:
    """The units of these nodes; `index`: practitioner id → row."""
    members = [unit for node in nodes for unit in node]
    barred = [sorted(index[id] for id in unit.barred if id in index) for unit in members]
    none = np.zeros((len(members), 1), np.int32)
    return Units(
        start=starts([len(node) for node in nodes]),
        place=_on_sphere([unit.place for unit in members]),
        has_place=np.array([unit.place is not None for unit in members], np.uint8),
        minutes=np.array([unit.minutes for unit in members], np.float64),
        spread=np.array([unit.deviation_minutes for unit in members], np.float64) if case.robust else np.zeros(len(members)),
        adds_travel=np.array([not unit.travel_in_standard for unit in members], np.float64),
        trips=_exact_trips(members),
        current=np.array([index.get(unit.current or "", -1) for unit in members], np.int32),
        leave_hours=np.array([_leave_hours(case, unit) for unit in members], np.float64),
        allowed_row=tables.allowed_row if tables else none,
        soft_row=tables.soft_row if tables else none,
        barred_start=starts([len(row) for row in barred]),
        barred=np.array([i for row in barred for i in row], np.int32),
    )


def starts(lengths: Sequence[int] | Longs) -> Longs:
    """Offsets [n+1] of rows of these lengths laid end to end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.asarray(lengths, np.int64))])


def _exact_trips(units: Sequence[Unit]) -> Floats:
    for unit in units:
        if max(unit.trips.numerator, unit.trips.denominator) > MOST_TRIP_DIGITS:
            raise ValueError(f"unit {unit.id}: expected trips of at most {MOST_TRIP_DIGITS} / {MOST_TRIP_DIGITS}, got {unit.trips}")
    return np.array([(unit.trips.numerator, unit.trips.denominator) for unit in units], np.float64).reshape(-1, 2)


def _leave_hours(case: Case, unit: Unit) -> float:
    """What `goals.continuity` says of anybody but the current practitioner."""
    other = next((p for p in case.practitioners if p.id != unit.current), None)
    return continuity(case, other, unit) if other else 0.0


def _pin(case: Case, node: tuple[Unit, ...], index: dict[str, int]) -> int:
    pinned_to = next((unit.pinned_to for unit in node if unit.pinned_to is not None), None)
    if pinned_to is None:
        return FREE
    if pinned_to not in index or not may_take(case, case.practitioner(pinned_to), node):
        return STRANDED
    return index[pinned_to]


def _groups(prices: Prices, nodes: Sequence[tuple[Unit, ...]]) -> Groups:
    """Groups of two or more nodes: blocks of one stated unit, and, where it is priced, one discipline at one site."""
    of_unit: dict[object, set[int]] = defaultdict(set)
    at_site: dict[object, set[int]] = defaultdict(set)
    for number, node in enumerate(nodes):
        for unit in node:
            of_unit[unit.stated_id].add(number)
            if unit.site is not None:
                at_site[unit.site, unit.discipline].add(number)
    priced = ((of_unit, prices.split), (at_site, prices.site_sharing))
    found = [(sorted(group), price) for groups, price in priced if price > 0 for group in groups.values() if len(group) > 1]
    of_node: list[list[int]] = [[] for _ in nodes]
    for number, (group, _) in enumerate(found):
        for node_number in group:
            of_node[node_number].append(number)
    return Groups(
        of_node_start=starts([len(row) for row in of_node]),
        of_node=np.array([g for row in of_node for g in row], np.int32),
        start=starts([len(group) for group, _ in found]),
        node=np.array([n for group, _ in found for n in group], np.int32),
        hours=np.array([price for _, price in found], np.float64),
    )


def staff_of(instance: Instance, targets_minutes: dict[str, int], fair_clients: Sequence[float], fair_travel: Sequence[float]) -> Staff:
    """The loads' marks. targets_minutes by practitioner id; fair shares in the order of instance.practitioners."""
    people = instance.practitioners
    limits = [trip_limit(p) for p in people]
    marks = [
        (
            float(p.comfortable_min_percent) / 100 * p.capacity_minutes,
            float(targets_minutes[p.id]),
            p.capacity_minutes / 10,
            float(p.comfortable_max_percent) / 100 * p.capacity_minutes,
            float(p.capacity_minutes),
        )
        for p in people
    ]
    return Staff(
        maximum=np.array([p.maximum_minutes for p in people], np.int64),
        marks=np.array(marks, np.float64).reshape(-1, 5),
        trip_limit=np.array([np.inf if limit is None else limit for limit in limits], np.float64),
        fair_clients=np.array(fair_clients, np.float64),
        fair_travel=np.array(fair_travel, np.float64),
    )
