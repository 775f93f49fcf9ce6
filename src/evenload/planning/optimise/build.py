"""From a Case to arrays: one builder, whether the Case's units are objects or columns (`columns`).

Nodes are ordered by discipline and along a curve through space, so that neighbours in memory are neighbours on the ground.
What many units have alike is kept once, as a kind; rules and goals are asked of kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.distance import EARTH_RADIUS_KM
from evenload.planning.eligibility import bundles
from evenload.planning.goals import continuity, waiting_hours
from evenload.planning.optimise.arrays import FREE, STRANDED, Floats, Groups, Instance, Ints, Longs, Rates, Scale, Units, Wing, starts
from evenload.planning.optimise.columns import OWN, Columns, Singles
from evenload.planning.optimise.tables import GOAL_FACETS, RULE_FACETS, Tables, tables_of
from evenload.planning.prices import Prices
from evenload.planning.score import may_take

MOST_TRIP_DIGITS = 2**30
"""Largest numerator and denominator of trips for which travel is exact in float64 (drives up to 40,000 minutes)."""


class Work(NamedTuple):
    """What is to be assigned, in the order of the nodes; see Instance and Units."""

    case: Case
    nodes: Sequence[tuple[Unit, ...]]
    kinds: Sequence[Unit]
    """one unit of each kind"""
    start: Ints
    place: Floats
    kind: Ints
    current: Ints
    waiting: Floats
    trips: Floats
    clients: Floats
    pinned: Ints
    groups: Groups
    held_back_hours: float


def instance_of(case: Case) -> Instance:
    """The arrays of a Case; the same facts in any order give the same arrays.

    Raises NotImplementedError for a rule or goal without an array twin, ValueError for trips that are not exact.
    """
    practitioners = tuple(sorted(case.practitioners, key=lambda p: p.id))
    index = {p.id: i for i, p in enumerate(practitioners)}
    work = _work_of_columns(case, case.units) if isinstance(case.units, Columns) else _work_of_units(case, index)
    tables = tables_of(case, practitioners, work.kinds) if practitioners and len(work.kinds) else None
    return Instance(
        case=work.case,
        practitioners=practitioners,
        nodes=work.nodes,
        wings=tuple(_wings(practitioners, work, tables)) if tables else (),
        units=_units(case, work, index, tables),
        scale=Scale(2 * EARTH_RADIUS_KM * case.minutes_per_km, float(case.unknown_place_drive), case.prices.travel / 60),
        rates=rates_of(case.prices),
        waiting=work.waiting,
        trips=work.trips,
        clients=work.clients,
        pinned=work.pinned,
        groups=work.groups,
        held_back_hours=work.held_back_hours,
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


def _work_of_units(case: Case, index: Mapping[str, int]) -> Work:
    ordered = sorted(case.units, key=_ID)
    nodes = _along_the_curve(_bundles(case, ordered))
    members = [unit for node in nodes for unit in node]
    kinds, kind = _kinds_of(case, members, index)
    return Work(
        case=case,
        nodes=nodes,
        kinds=kinds,
        start=starts([len(node) for node in nodes]).astype(np.int32),
        place=_degrees(members),
        kind=kind,
        current=np.array([index.get(current or "", -1) for current in map(_CURRENT, members)], np.int32),
        waiting=_waiting_of_units(case, nodes, members),
        trips=_trips_of_nodes(nodes, members),
        clients=_sums(nodes, members, _CLIENTS),
        pinned=_pins(case, nodes, members, index),
        groups=_groups(case.prices, nodes, members),
        held_back_hours=sum(waiting_hours(case, unit) for unit in ordered if unit.held_back is not None),
    )


_ID, _CURRENT, _CLIENTS, _TRIPS, _PLACE = map(attrgetter, ("id", "current", "clients", "trips", "place"))
_WAITS_AS = attrgetter("clients", "minutes", "language", "priority", "weeks_waiting")


def _bundles(case: Case, ordered: Sequence[Unit]) -> tuple[tuple[Unit, ...], ...]:
    """`eligibility.bundles`; ordered: the units by id."""
    if all(unit.together is None and unit.held_back is None for unit in ordered):
        return tuple((unit,) for unit in ordered)
    return bundles(case)


def _along_the_curve(nodes: Sequence[tuple[Unit, ...]]) -> tuple[tuple[Unit, ...], ...]:
    """By discipline, along the curve through space, and by id, in which order they come."""
    first = [node[0] for node in nodes]
    codes = {code: number for number, code in enumerate(sorted({unit.discipline for unit in first}))}
    discipline = np.array([codes[unit.discipline] for unit in first], np.int64)
    order = np.lexsort((_curves(_degrees(first)), discipline))
    return tuple(map(nodes.__getitem__, order.tolist()))


def _waiting_of_units(case: Case, nodes: Sequence[tuple[Unit, ...]], members: Sequence[Unit]) -> Floats:
    """[N] `goals.waiting_hours` of each node, asked once of all that are alike to it."""
    hours: dict[Hashable, float] = {}

    def of(unit: Unit) -> float:
        key = (_WAITS_AS(unit), unit.current is None)
        found = hours.get(key)
        if found is None:
            found = hours[key] = waiting_hours(case, unit)
        return found

    return _sums(nodes, members, of)


def _sums(nodes: Sequence[tuple[Unit, ...]], members: Sequence[Unit], of: Callable[[Unit], float | Fraction]) -> Floats:
    """[N] the sum over each node's units, as a float."""
    if len(nodes) == len(members):
        return np.array(list(map(of, members)), np.float64)
    return np.array([float(sum(map(of, node))) for node in nodes], np.float64)


def _trips_of_nodes(nodes: Sequence[tuple[Unit, ...]], members: Sequence[Unit]) -> Floats:
    """[N]; a fraction that many units share is made a float once."""
    if len(nodes) < len(members):
        return _sums(nodes, members, _TRIPS)
    trips = list(map(_TRIPS, members))
    alone = {one: float(trip) for one, trip in {id(trip): trip for trip in trips}.items()}
    return np.array([alone[id(trip)] for trip in trips], np.float64)


def _pins(case: Case, nodes: Sequence[tuple[Unit, ...]], members: Sequence[Unit], index: Mapping[str, int]) -> Ints:
    if all(unit.pinned_to is None for unit in members):
        return np.full(len(nodes), FREE, np.int32)
    return np.array([_pin(case, node, index) for node in nodes], np.int32)


def _work_of_columns(case: Case, units: Columns) -> Work:
    """The units stand alone, so a node is a unit, and nobody is anybody's companion (sites are priced by their stated site only)."""
    codes = sorted({unit.discipline for unit in units.kinds})
    discipline = np.array([codes.index(unit.discipline) for unit in units.kinds], np.int8)
    laid = units.laid(np.lexsort((units.number, _curves(units.place), discipline[units.kind])))
    count = len(laid)
    nobody = np.empty(0, np.int32)
    return Work(
        case=replace(case, units=laid),
        nodes=Singles(laid),
        # Each row of a kind is asked what leaving costs; who has no current practitioner never looks at it.
        kinds=[replace(kind, current="") for kind in laid.kinds],
        start=np.arange(count + 1, dtype=np.int32),
        place=laid.place,
        kind=laid.kind,
        current=laid.current,
        waiting=_waiting_of_columns(case, laid),
        trips=np.array([float(unit.trips) for unit in laid.kinds], np.float64)[laid.kind],
        clients=_clients_of_columns(laid),
        pinned=np.full(count, FREE, np.int32),
        groups=Groups(np.broadcast_to(np.zeros(1, np.int64), count + 1), nobody, np.zeros(1, np.int64), nobody, np.empty(0)),
        held_back_hours=0.0,
    )


def _spread(number: Longs) -> Longs:
    """The 16 bits of each number, a zero between each."""
    number = (number | number << 8) & 0x00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F
    number = (number | number << 2) & 0x33333333
    return (number | number << 1) & 0x55555555


def _curves(place: Floats) -> Longs:
    """int64[U]: positions of places [U, 2] on a Z-curve of 2^16 × 2^16 cells over the earth; −1 where the place is unknown."""
    is_known = ~np.isnan(place[:, 0])
    known = np.where(is_known[:, None], place, 0.0)
    x = ((known[:, 1] + 180) / 360 * 65535).astype(np.int64)
    y = ((known[:, 0] + 90) / 180 * 65535).astype(np.int64)
    curves: Longs = np.where(is_known, _spread(x) | _spread(y) << 1, -1)
    return curves


def along_curve(instance: Instance) -> Longs:
    """int64[P]: where each practitioner's base lies on the curve along which nodes are ordered; −1 where it is unknown."""
    nowhere = (np.nan, np.nan)
    places = [nowhere if p.base is None else (p.base.lat, p.base.lon) for p in instance.practitioners]
    return _curves(np.array(places, np.float64).reshape(-1, 2))


def _kinds_of(case: Case, members: Sequence[Unit], index: Mapping[str, int]) -> tuple[list[Unit], Ints]:
    """The first unit of each kind, and each unit's kind.

    Units that hold the very same objects in everything that is not their own are of one kind without being asked more.
    """
    number: dict[Hashable, int] = {}
    of_same: dict[Hashable, int] = {}
    first: list[Unit] = []
    kinds = []
    for unit in members:
        current = unit.current
        same = (current is None, current in index, *map(id, _NOT_OWN(unit)))
        kind = of_same.get(same)
        if kind is None:
            key = (*_own_key(case, unit, index), *(facet.unit(unit) for facet in _FACETS))
            kind = of_same[same] = number.setdefault(key, len(first))
            if kind == len(first):
                first.append(unit)
        kinds.append(kind)
    return first, np.array(kinds, np.int32)


_NOT_OWN = attrgetter(*(one.name for one in fields(Unit) if one.name not in OWN))
_FACETS = tuple({facet.unit: facet for facet in (*RULE_FACETS, *GOAL_FACETS)}.values())


def _own_key(case: Case, unit: Unit, index: Mapping[str, int]) -> tuple[Hashable, ...]:
    """What a unit's row looks at beside the facets."""
    trips = unit.trips.numerator, unit.trips.denominator
    asked = unit.discipline, unit.minutes, unit.deviation_minutes if case.robust else 0, unit.travel_in_standard, *trips
    return (*asked, unit.current is None, unit.current in index, unit.barred)


def _clients_of_columns(units: Columns) -> Floats:
    """[U]; one number stands for all where they are alike."""
    clients = np.array([unit.clients for unit in units.kinds], np.float64)
    if len(clients) and (clients == clients[0]).all():
        return np.broadcast_to(clients[:1], len(units))
    of_units: Floats = clients[units.kind]
    return of_units


def _waiting_of_columns(case: Case, units: Columns) -> Floats:
    """[U] `goals.waiting_hours`, asked once of all that are alike to it."""
    alike: dict[Hashable, int] = {}
    number = np.array([alike.setdefault((unit.clients, unit.minutes, unit.is_french), len(alike)) for unit in units.kinds], np.int64)
    weeks = np.minimum(units.weeks_waiting, 26) * (units.current < 0)
    asked = ((number[units.kind] << 8 | units.priority) << 1 | (units.current >= 0)) << 5 | weeks
    _, first, same = np.unique(asked, return_index=True, return_inverse=True)
    hours: Floats = np.array([waiting_hours(case, units[int(at)]) for at in first], np.float64)[same]
    return hours


def _wings(practitioners: Sequence[Practitioner], work: Work, tables: Tables) -> Iterable[Wing]:
    discipline_of = [unit.discipline for unit in work.kinds]
    first_kind = work.kind[work.start[:-1]]
    for discipline in sorted(set(discipline_of)):
        is_of_it = np.array([one == discipline for one in discipline_of])
        nodes = np.flatnonzero(is_of_it[first_kind]).astype(np.int32)
        if len(nodes):
            members = np.array([i for i, p in enumerate(practitioners) if discipline in p.disciplines], np.int32)
            yield wing_of(practitioners, members, nodes, tables)


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


def _degrees(units: Sequence[Unit]) -> Floats:
    """[U, 2] degrees north and east; NaN where the place is not known."""
    nowhere = (np.nan, np.nan)
    return np.array([nowhere if place is None else (place.lat, place.lon) for place in map(_PLACE, units)], np.float64).reshape(-1, 2)


def _units(case: Case, work: Work, index: Mapping[str, int], tables: Tables | None) -> Units:
    kinds = work.kinds
    barred = [sorted(index[id] for id in unit.barred if id in index) for unit in kinds]
    none = np.zeros((len(kinds), 1), np.int32)
    return Units(
        start=work.start,
        place=work.place,
        kind=work.kind,
        current=work.current,
        minutes=np.array([unit.minutes for unit in kinds], np.float64),
        spread=np.array([unit.deviation_minutes for unit in kinds], np.float64) if case.robust else np.zeros(len(kinds)),
        adds_travel=np.array([not unit.travel_in_standard for unit in kinds], np.float64),
        trips=_exact_trips(kinds),
        leave_hours=np.array([_leave_hours(case, unit) for unit in kinds], np.float64),
        allowed_row=tables.allowed_row if tables else none,
        soft_row=tables.soft_row if tables else none,
        barred_start=starts([len(row) for row in barred]),
        barred=np.array([i for row in barred for i in row], np.int32),
    )


def units_of(case: Case, bundle: tuple[Unit, ...], index: Mapping[str, int], tables: Tables) -> Units:
    """The units of one node, each a kind of its own; `index`: practitioner id → row; `tables`: rows of these units."""
    count = len(bundle)
    nothing, nobody = np.empty(0), np.empty(0, np.int32)
    current = np.array([index.get(unit.current or "", -1) for unit in bundle], np.int32)
    one = starts([count]).astype(np.int32)
    groups = Groups(starts([0]), nobody, starts([]), nobody, nothing)
    kind = np.arange(count, dtype=np.int32)
    work = Work(case, (bundle,), bundle, one, _degrees(bundle), kind, current, nothing, nothing, nothing, nobody, groups, 0.0)
    return _units(case, work, index, tables)


def _exact_trips(units: Sequence[Unit]) -> Floats:
    for unit in units:
        if max(unit.trips.numerator, unit.trips.denominator) > MOST_TRIP_DIGITS:
            raise ValueError(f"unit {unit.id}: expected trips of at most {MOST_TRIP_DIGITS} / {MOST_TRIP_DIGITS}, got {unit.trips}")
    return np.array([(unit.trips.numerator, unit.trips.denominator) for unit in units], np.float64).reshape(-1, 2)


def _leave_hours(case: Case, unit: Unit) -> float:
    """What `goals.continuity` says of anybody but the current practitioner."""
    other = next((p for p in case.practitioners if p.id != unit.current), None)
    return continuity(case, other, unit) if other else 0.0


def _pin(case: Case, node: tuple[Unit, ...], index: Mapping[str, int]) -> int:
    pinned_to = next((unit.pinned_to for unit in node if unit.pinned_to is not None), None)
    if pinned_to is None:
        return FREE
    if pinned_to not in index or not may_take(case, case.practitioner(pinned_to), node):
        return STRANDED
    return index[pinned_to]


def _groups(prices: Prices, nodes: Sequence[tuple[Unit, ...]], members: Sequence[Unit]) -> Groups:
    """Groups of two or more nodes: blocks of one stated unit, and, where it is priced, one discipline at one site."""
    if prices.site_sharing <= 0 and len({unit.stated_id for unit in members}) == len(members):
        return Groups(np.zeros(len(nodes) + 1, np.int64), np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0))
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
