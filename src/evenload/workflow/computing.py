"""A plan from frozen facts, in a process of its own. Imports no Django, so that a child begins with nothing but its order."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from evenload.exchange.changes_json import applied
from evenload.exchange.facts import program_from
from evenload.exchange.plan_json import plan_to_json
from evenload.exchange.rows_json import rows_from_json
from evenload.planning.case import Case, digest
from evenload.planning.pieces import case_with_pieces
from evenload.planning.prepare import case_from
from evenload.planning.problems import CaseError


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is to compute: facts as they were, pins and bans as [piece, practitioner], and the search's own settings."""

    facts_json: str
    pins: list[list[str]]
    bans: list[list[str]]
    seed: int
    max_moves: int | None
    moves_per_unit: int


def compute(orders: Connection, send: Connection) -> None:
    """In the child: takes one order; facts to Case to Plan. Sends {"kind": "progress"} again and again, then plan or problems."""
    _end_with_parent()
    order: Order = orders.recv()
    try:
        case = case_from_frozen(order.facts_json, pins=order.pins, bans=order.bans)
    except CaseError as error:
        found = [[p.code, "/".join(filter(None, (p.where.table, p.where.item, p.where.field))), p.value] for p in error.problems]
        send.send({"kind": "problems", "problems": found})
        return
    from evenload.planning.optimise import Limit, solve  # imported late: the compiled code takes a second

    def report(share: float, gap_percent: float) -> None:
        send.send({"kind": "progress", "share": share, "gap": gap_percent})

    limit = Limit(moves_per_unit=order.moves_per_unit, max_moves=order.max_moves)
    plan = solve(case, seed=order.seed, limit=limit, progress=report)
    send.send({"kind": "plan", "plan": plan_to_json(plan), "case": digest(case), "gap": plan.bound.gap_percent(plan.score)})


def _end_with_parent() -> None:
    """A worker that was killed cannot end its child; the child sees it go and ends by itself."""
    parent = parent_process()
    if parent is not None:

        def watch() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def case_from_frozen(facts_json: str, *, pins: list[list[str]], bans: list[list[str]]) -> Case:
    """The Case of the facts as a run keeps them, with its scenario's changes where it has one. Raises CaseError with every contradiction.

    Whoever leaves in a scenario has nothing there any more.
    """
    frozen = json.loads(facts_json)
    banned: dict[str, list[str]] = {}
    for piece, code in bans:
        banned.setdefault(piece, []).append(code)
    program = applied(program_from(rows_from_json(json.dumps(frozen["rows"]))), frozen.get("changes", ())).scenario.program
    there = {person.id for person in program.practitioners}
    current = {piece: code for piece, code in frozen["current"].items() if code in there}
    case = case_with_current(case_from(program), current)
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
