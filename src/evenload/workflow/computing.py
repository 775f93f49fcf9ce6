"""A plan from frozen facts, in a process of its own. Imports no Django, so that a child begins with nothing but its order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final

from evenload.environment import SettingError, cluster
from evenload.exchange.changes_json import applied
from evenload.exchange.facts import program_from
from evenload.exchange.plan_json import plan_to_json
from evenload.exchange.rows_json import rows_from_json
from evenload.planning.case import Case, digest
from evenload.planning.deviations import protected
from evenload.planning.pieces import case_with_pieces
from evenload.planning.plan import Plan
from evenload.planning.prepare import case_from
from evenload.planning.problems import CaseError

if TYPE_CHECKING:
    from evenload.planning.optimise.many_seeds import Run

MOST_ON_A_CLUSTER: Final = 8
"""runs that one worker hands to a cluster at once: each of them is in its hands, and begins again where the worker dies"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be computed: facts as they were, pins and bans as [piece, practitioner], and the search's own settings."""

    facts_json: str
    pins: list[list[str]]
    bans: list[list[str]]
    seed: int
    max_moves: int | None
    moves_per_unit: int
    seeds: int = 1
    robust: int = 0


def side_by_side() -> int:
    """How many searches at most run at once: one for each core, or a handful on the cluster that the environment names."""
    if os.environ.get("EVENLOAD_CLUSTER", "").strip():
        return MOST_ON_A_CLUSTER
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compute(orders: Connection, send: Connection) -> None:
    """In the child: takes a list of orders; facts to Case to Plan. Of each it sends a dict with its "number" in the list and a "kind":
    "progress" again and again, then "plan" or "problems".

    One search alone has all cores. Several, of one order or of many, go over the executor (docs/decisions/0017), each on one thread.
    """
    given: list[Order] = orders.recv()
    cases = dict(_cases(given, send))
    if not cases:
        return
    from evenload.planning.optimise.spread import end_with_parent  # imported late: the compiled code takes a second

    end_with_parent()
    if sum(given[number].seeds for number in cases) == 1:
        _compute_alone(given, cases, send)
    else:
        _compute_side_by_side(given, cases, send)


def _cases(given: Sequence[Order], send: Connection) -> Iterator[tuple[int, Case]]:
    """The Case of every order that has one, by its number; of the others the problems are sent."""
    for number, order in enumerate(given):
        try:
            yield number, case_from_frozen(order.facts_json, pins=order.pins, bans=order.bans, robust=order.robust)
        except CaseError as error:
            found = [[p.code, "/".join(filter(None, (p.where.table, p.where.item, p.where.field))), p.value] for p in error.problems]
            send.send({"kind": "problems", "number": number, "problems": found})


def _compute_alone(given: Sequence[Order], cases: Mapping[int, Case], send: Connection) -> None:
    from evenload.planning.optimise import Limit, solve_protected

    ((number, case),) = cases.items()
    order = given[number]

    def report(share: float, gap_percent: float) -> None:
        send.send({"kind": "progress", "number": number, "share": share, "gap": gap_percent})

    limit = Limit(moves_per_unit=order.moves_per_unit, max_moves=order.max_moves)
    _send_plan(send, number, case, solve_protected(case, seed=order.seed, limit=limit, progress=report))


def _compute_side_by_side(given: Sequence[Order], cases: Mapping[int, Case], send: Connection) -> None:
    """Every seed of every order is a run of its own; an order's plan is sent as soon as the last of its seeds is there."""
    from evenload.planning.optimise import Limit
    from evenload.planning.optimise.many_seeds import Run, best_plan

    runs, of_order = [], []
    for number, case in cases.items():
        order = given[number]
        limit = Limit(moves_per_unit=order.moves_per_unit, max_moves=order.max_moves)
        runs += [Run(case, seed, limit) for seed in range(order.seed, order.seed + order.seeds)]
        of_order += [number] * order.seeds
    found: dict[int, dict[int, Plan]] = {number: {} for number in cases}
    began = time.perf_counter()

    def answered(run: int, plan: Plan) -> None:
        number = of_order[run]
        found[number][runs[run].seed] = plan
        plans = [found[number][seed] for seed in sorted(found[number])]
        if len(plans) == given[number].seeds:
            _send_plan(send, number, cases[number], best_plan(plans, seconds=time.perf_counter() - began))
        else:
            send.send({"kind": "progress", "number": number, "share": len(plans) / given[number].seeds, "gap": None})

    lost = _lost_on_the_way(runs, answered)
    for number in cases if lost else ():
        if len(found[number]) < given[number].seeds:
            send.send({"kind": "problems", "number": number, "problems": [[lost, "", ""]]})


def _lost_on_the_way(runs: Sequence[Run], answered: Callable[[int, Plan], None]) -> str:
    """Carries the runs out over the executor. The code of what kept some of them from it; empty where all were answered."""
    from evenload.planning.optimise import spread
    from evenload.planning.optimise.many_seeds import carried_out

    try:
        stated = cluster()
        opened = spread.executor_of(spread.Cluster(*stated) if stated else None)
        spread.collected(opened, carried_out, runs, answered=answered)
    except (SettingError, spread.ClusterUnavailableError):
        return "cluster_settings"
    except spread.OtherVersionError:
        return "cluster_version"
    except spread.RunLostError:
        return "engine_stopped"
    except OSError:
        return "cluster_silent"
    return ""


def _send_plan(send: Connection, number: int, case: Case, plan: Plan) -> None:
    gap = plan.bound.gap_percent(plan.score)
    send.send({"kind": "plan", "number": number, "plan": plan_to_json(plan), "case": digest(case), "gap": gap})


def case_from_frozen(facts_json: str, *, pins: list[list[str]], bans: list[list[str]], robust: int = 0) -> Case:
    """The Case of the facts as a run keeps them, with its scenario's changes where it has one, protected against `robust` units per person.

    Whoever leaves in a scenario has nothing there any more. Raises CaseError with every contradiction.
    """
    frozen = json.loads(facts_json)
    banned: dict[str, list[str]] = {}
    for piece, code in bans:
        banned.setdefault(piece, []).append(code)
    program = applied(program_from(rows_from_json(json.dumps(frozen["rows"]))), frozen.get("changes", ())).scenario.program
    there = {person.id for person in program.practitioners}
    current = {piece: code for piece, code in frozen["current"].items() if code in there}
    judged = {id: {part: Fraction(minutes) for part, minutes in most.items()} for id, most in frozen.get("judged", {}).items()}
    case = case_with_current(protected(case_from(program), program, robust, judged), current)
    return case_with_pieces(case, pins={pin[0]: pin[1] for pin in pins}, bans=banned)


def frozen_current(facts_json: str) -> dict[str, str]:
    """Today's practitioner of every piece that has one, as a run keeps them: also who leaves in its scenario."""
    current: dict[str, str] = json.loads(facts_json)["current"]
    return current


def case_with_current(case: Case, current: Mapping[str, str]) -> Case:
    """The Case with the practitioner of each piece. Where single blocks of a unit are assigned, its other blocks have nobody."""
    pieces: dict[str, str | None] = dict(current)
    blocks = {unit.id: unit.stated_id for unit in case.units if unit.id != unit.stated_id}
    split = {blocks[piece] for piece in current if piece in blocks}
    pieces |= {piece: current.get(piece) for piece, stated in blocks.items() if stated in split}
    return case_with_pieces(case, current=pieces)
