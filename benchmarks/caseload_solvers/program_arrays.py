"""Writes the peers' program of a synthetic Case, made of the engine's arrays: SIZE TIGHTNESS SEED FILE.npz."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.caseload_solvers.program import Floats, Longs
from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.optimise.candidates import Worth, arcs_of
from evenload.planning.optimise.model import lower_hull
from evenload.planning.optimise.setting import Setting, setting_of


def program_from(case: Case) -> dict[str, NDArray[Any]]:
    """The program of a Case without pins, blocks, sites and prices on pairs of assignments, as `instances` makes it; else ValueError."""
    setting = setting_of(case)
    instance, nobody = setting.instance, np.zeros(len(setting.instance.practitioners))
    listed = arcs_of(instance, setting.exact, Worth(nobody, nobody, 0.0), setting.current)
    if len(instance.groups.hours) or any(len(node) > 1 for node in instance.nodes) or (instance.pinned >= 0).any():
        raise ValueError("pins, blocks or companions: the peers' program does not hold them")
    nodes, people = len(instance.nodes), len(instance.practitioners)
    node, slot = np.nonzero(np.arange(listed.arcs.shape[1]) < listed.degree[:, None])
    arcs = listed.arcs[node, slot]
    to, count = arcs["to"].astype(np.int64), len(node)
    waits = count + np.arange(nodes)
    pieces = _pieces(setting)
    piece = count + nodes + np.arange(len(pieces.cost))
    limited = np.flatnonzero(np.isfinite(setting.staff.trip_limit))
    extra = count + nodes + len(pieces.cost) + np.arange(len(limited))
    trip_row = np.full(people, -1, np.int64)
    trip_row[limited] = nodes + people + np.arange(len(limited))
    of_limited = np.flatnonzero(trip_row[to] >= 0)
    parts = (
        (node, np.arange(count), np.ones(count)),
        (np.arange(nodes), waits, np.ones(nodes)),
        (nodes + to, np.arange(count), arcs["load"]),
        (nodes + pieces.person, piece, np.full(len(piece), -1.0)),
        (trip_row[to[of_limited]], of_limited, instance.trips[node[of_limited]]),
        (trip_row[limited], extra, np.full(len(limited), -1.0)),
    )
    row, column, value = (np.concatenate([part[place] for part in parts]) for place in range(3))
    cost = np.concatenate([arcs["cost"], instance.waiting, pieces.cost, np.full(len(limited), case.prices.site_visits)])
    upper = np.concatenate([np.ones(count + nodes), pieces.length, np.full(len(limited), np.inf)])
    fixed = np.concatenate([np.ones(nodes), pieces.least])
    return {
        "cost": cost,
        "upper": upper,
        "whole": np.array(count + nodes),
        "offset": np.array(pieces.offset),
        "row": row,
        "column": column,
        "value": value,
        "row_low": np.concatenate([fixed, np.full(len(limited), -np.inf)]),
        "row_high": np.concatenate([fixed, setting.staff.trip_limit[limited]]),
        "arc_node": node,
        "arc_person": to,
        "units": np.array([node[0].id for node in instance.nodes]),
        "people": np.array([person.id for person in instance.practitioners]),
        "targets": np.array([setting.targets_minutes[person.id] for person in instance.practitioners], np.int64),
        "unavoidable": np.array(setting.unavoidable_hours),
    }


class _Pieces(NamedTuple):
    person: Longs
    cost: Floats
    length: Floats
    least: Floats
    """[P] least load"""
    offset: float


def _pieces(setting: Setting) -> _Pieces:
    person, cost, length, least, offset = [], [], [], [], 0.0
    for p in range(len(setting.instance.practitioners)):
        load, hours = lower_hull(setting.rooms.breaks[p], setting.rooms.hours[p])
        person += [p] * (len(load) - 1)
        cost += (np.diff(hours) / np.diff(load)).tolist()
        length += np.diff(load).tolist()
        least.append(load[0])
        offset += float(hours[0])
    return _Pieces(np.array(person, np.int64), np.array(cost), np.array(length), np.array(least), offset)


def main(size: str, tightness: str, seed: str, file: str) -> None:
    """Makes the Case and writes its program."""
    practitioners, units = (int(number) for number in size.split("x"))
    np.savez(Path(file), **program_from(caseload(Size(practitioners, units, float(tightness)), int(seed))))


if __name__ == "__main__":
    main(*sys.argv[1:])
