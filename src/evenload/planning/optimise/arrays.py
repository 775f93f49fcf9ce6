"""From a Case to arrays: the Instance that the kernels work on, and what each array means.

Letters of shapes: P practitioners (by id), U units, N bundles ("nodes": what is assigned), W a wing's practitioners,
G groups of companions. Minutes per week unless said otherwise, prices in hours per week. Nodes are ordered by discipline
and along a curve through space, so that neighbours in memory are neighbours on the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.goals import trip_limit

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
    """Units in the order of their nodes: node n has units start[n] to start[n+1]. Q kinds of units hold what many have alike."""

    start: Ints
    """[N+1]"""
    place: Floats
    """[U, 2] degrees north and east; NaN where it is not known"""
    kind: Ints
    """[U] which of the rows below are the unit's"""
    current: Ints
    """[U] current practitioner, −1 none"""
    minutes: Floats
    """[Q]"""
    spread: Floats
    """[Q] minutes that it may need beyond its own; 0 where nothing is protected (`planning.robust`)"""
    adds_travel: Floats
    """[Q] 1 where the load holds the pair travel, 0 where the class has a travel standard"""
    trips: Floats
    """[Q, 2] numerator and denominator of trips per week; both exact integers"""
    leave_hours: Floats
    """[Q] price of leaving the current practitioner"""
    allowed_row: Ints
    """[Q, rules]"""
    soft_row: Ints
    """[Q, goals]"""
    barred_start: Longs
    """[Q+1]"""
    barred: Ints
    """practitioners barred by units of kind q: barred_start[q] to barred_start[q+1]"""


class ExactDrives(NamedTuple):
    """Drives so close to a rounding edge that `travel.drive_minutes` itself decided them."""

    start: Longs
    """[U+1]"""
    person: Ints
    """practitioner"""
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
    """The Case as arrays. N = len(nodes), P = len(practitioners). Targets and fair shares come later (`staff_of`)."""

    case: Case
    practitioners: tuple[Practitioner, ...]
    nodes: Sequence[tuple[Unit, ...]]
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


def starts(lengths: Sequence[int] | Longs) -> Longs:
    """Offsets [n+1] of rows of these lengths laid end to end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.asarray(lengths, np.int64))])


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
