"""The program that all solvers get: the arcs that our pricing listed, and loads, trips and waits at the same prices."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.optimise.model import lower_hull
from evenload.planning.optimise.setting import Priced, Setting, priced, setting_of


def run(solver: str, solve: Callable[[Case, float], dict[str, Any]]) -> None:
    """Command line of one solver: SIZE TIGHTNESS SECONDS; prints one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size")
    parser.add_argument("tightness", type=float)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    practitioners, units = (int(number) for number in asked.size.split("x"))
    found = solve(caseload(Size(practitioners, units, asked.tightness)), asked.seconds)
    print(json.dumps({"solver": solver, "size": asked.size, "tightness": asked.tightness, **found}))


def solved_by_highs(case: Case, seconds: float, options: dict[str, Any]) -> dict[str, Any]:
    """HiGHS on the linear program of the listed arcs, on one thread; hours is its optimum, None where it was not reached in time."""
    import time

    setting = setting_of(case)
    lp = linear_program(setting, priced(setting, None))
    solver = highspy.Highs()
    for name, value in ({"output_flag": False, "time_limit": seconds, "threads": 1} | options).items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    began = time.perf_counter(), time.process_time()
    solver.run()
    spent, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    is_done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return {
        "seconds": spent,
        "processor_seconds": processor,
        "hours": float(solver.getInfo().objective_function_value) if is_done else None,
    }


def linear_program(setting: Setting, found: Priced) -> highspy.HighsLp:
    """Columns: arcs, waits, pieces of each load's price, trips above a limit. Rows: nodes, loads, trips."""
    instance, arcs, rooms = setting.instance, found.listed.arcs, setting.rooms
    nodes, people = len(instance.nodes), len(instance.practitioners)
    used = np.arange(arcs.shape[1]) < found.listed.degree[:, None]
    node, slot = np.nonzero(used)
    arc = arcs[node, slot]
    cost, upper = [arc["cost"], instance.waiting], [np.ones(len(arc)), np.ones(nodes)]
    entries = [
        (node, np.arange(len(arc)), np.ones(len(arc))),
        (nodes + arc["to"], np.arange(len(arc)), arc["load"].astype(np.float64)),
        (np.arange(nodes), len(arc) + np.arange(nodes), np.ones(nodes)),
    ]
    limited = np.flatnonzero(np.isfinite(rooms.trip_limit))
    trip_row = np.full(people, -1)
    trip_row[limited] = nodes + people + np.arange(len(limited))
    counts = trip_row[arc["to"]] >= 0
    entries.append((trip_row[arc["to"]][counts], np.flatnonzero(counts), instance.trips[node][counts]))
    column, offset, first_load = len(arc) + nodes, 0.0, np.zeros(people)
    for p in range(people):
        load, hours = lower_hull(rooms.breaks[p], rooms.hours[p])
        offset += float(hours[0])
        first_load[p] = load[0]
        pieces = len(load) - 1
        cost.append(np.diff(hours) / np.diff(load))
        upper.append(np.diff(load))
        entries.append((np.full(pieces, nodes + p), column + np.arange(pieces), np.full(pieces, -1.0)))
        column += pieces
    cost.append(np.full(len(limited), rooms.trip_price))
    upper.append(np.full(len(limited), np.inf))
    entries.append((trip_row[limited], column + np.arange(len(limited)), np.full(len(limited), -1.0)))
    return _laid_out(np.concatenate(cost), np.concatenate(upper), entries, (nodes, first_load, rooms.trip_limit[limited]), offset)


def _laid_out(cost: Any, upper: Any, entries: list[Any], rows: tuple[int, Any, Any], offset: float) -> highspy.HighsLp:
    row, column, value = (np.concatenate([one[at] for one in entries]) for at in range(3))
    order = np.argsort(column, kind="stable")
    nodes, first_load, limits = rows
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.offset_ = len(cost), nodes + len(first_load) + len(limits), offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost.astype(np.float64), np.zeros(len(cost)), upper
    lp.row_lower_ = np.concatenate([np.ones(nodes), first_load, np.full(len(limits), -np.inf)])
    lp.row_upper_ = np.concatenate([np.ones(nodes), first_load, limits])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(cost)))]).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row[order].astype(np.int32), value[order].astype(np.float64)
    return lp
