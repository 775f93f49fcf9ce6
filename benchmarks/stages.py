"""Where the time goes: the share of each stage of a solve, size by size, and how near the passes come to the memory's bandwidth.

    python -m benchmarks.stages [--sizes 30x600,200x6000,2000x60000] [--tightness 0.95,1.10] [--moves 100] [--json OUT] [--quick]

The engine runs as it is, each program in a process of its own, with an effort counted in moves (so that no clock decides the shares); the
functions that make up a stage are wrapped from outside, and the time of a stage is what it takes without the stages that it calls. A
function that the engine has no more is named, and its time stands under what calls it. Bandwidth: a compiled sum over half a gigabyte, with
one thread and with all. Beside it what a pass over the prices must read (the arcs in use, and of every node its price of waiting, trips and
moves), and what listing the candidates must write, in each second that they take: the passes stream, the listing computes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.stage_table import print_table

STAGES = ("facts → arrays", "candidates", "dual", "pricing", "greedy", "search", "dives", "knapsack bound", "polish", "result", "other")

OPTIMISE = "evenload.planning.optimise"
FUNCTIONS = (
    ("solve", "setting_of", "facts → arrays"),
    ("setting", "arcs_of", "candidates"),
    ("setting", "level_prices", "dual"),
    ("setting", "open_rows", "dual"),
    ("setting", "even_prices", "dual"),
    ("setting", "climb_by_levels", "dual"),
    ("setting", "ascend", "dual"),
    ("solve", "priced", "pricing"),
    ("solve", "priced_with", "pricing"),
    ("solve", "first_plan", "greedy"),
    ("solve", "strengthened", "knapsack bound"),
    ("solve", "polished", "polish"),
    ("solve", "plan_of", "result"),
)
"""Module of the engine that calls it, name there, stage."""

METHODS = (
    ("_anneal", "search"),
    ("_dive", "dives"),
    ("_share_parts", "dives"),
    ("_share_weeks", "dives"),
    ("_climb", "knapsack bound"),
    ("_strengthen", "knapsack bound"),
    ("_polish", "polish"),
    ("_fill_room", "search"),
)
"""Of `Search`; what they call may be stages of their own."""


class Clock:
    """Seconds of each stage, without those of the stages within; and what the passes over prices read."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.processor = dict.fromkeys(STAGES, 0.0)
        self.passes, self.pass_bytes = 0.0, 0
        self.listed_bytes = 0
        self.missing: list[str] = []
        self._beside, self._lock = [0.0, 0.0], threading.Lock()
        self._within = ["other"]
        self._since = (time.perf_counter(), time.process_time())

    def switch(self) -> None:
        """Counts what has passed for the stage that is on."""
        now = (time.perf_counter(), time.process_time())
        self.seconds[self._within[-1]] += now[0] - self._since[0]
        self.processor[self._within[-1]] += now[1] - self._since[1]
        self._since = now

    def timed(self, function: Callable[..., Any], stage: str, note: Callable[..., None] | None = None) -> Callable[..., Any]:
        """The function, its time counted for the stage; listing arcs for prices is part of pricing."""

        def wrapped(*arguments: Any, **named: Any) -> Any:
            is_pricing = stage == "candidates" and self._within[-1] == "pricing"
            self.switch()
            self._within.append("pricing" if is_pricing else stage)
            try:
                answer = function(*arguments, **named)
            finally:
                self.switch()
                self._within.pop()
            if note is not None and not is_pricing:
                note(answer, *arguments, **named)
            return answer

        return wrapped

    def beside(self, function: Callable[..., Any], notes_passes: bool) -> Callable[..., Any]:
        """What several threads do side by side within pricing; `settle` counts it for the dual, by the threads that there are."""

        def wrapped(rows: Any, demand: Any, rooms: Any, *arguments: Any, **named: Any) -> Any:
            began = time.perf_counter(), time.thread_time()
            answer = function(rows, demand, rooms, *arguments, **named)
            with self._lock:
                self._beside[0] += time.perf_counter() - began[0]
                self._beside[1] += time.thread_time() - began[1]
                if notes_passes:
                    nodes = sum(len(crowd.nodes) for crowd in arguments[-1])
                    self.passes += named["passes"] * nodes / len(demand.waiting)
                    self.pass_bytes += answer.read_bytes
            return answer

        return wrapped

    def settle(self, threads: int) -> None:
        """Once everything is measured: what was done side by side goes from pricing to the dual."""
        wall = min(self._beside[0] / threads, self.seconds["pricing"])
        for spent, moved in ((self.seconds, wall), (self.processor, min(self._beside[1], self.processor["pricing"]))):
            spent["pricing"] -= moved
            spent["dual"] += moved

    def note_passes(self, answer: Any, *_arguments: Any, passes: int, **_named: Any) -> None:
        """What an ascent reads: the arcs that are open in each pass, and the asked nodes' own figures."""
        self.passes += passes
        self.pass_bytes += answer.read_bytes

    def note_listing(self, answer: Any, *_arguments: Any, **_named: Any) -> None:
        """What listing the candidates writes."""
        self.listed_bytes += answer.arcs.nbytes


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Run and print; write OUT where asked."""
    asked = _arguments(arguments)
    if asked.one:
        print(json.dumps(measured(asked.one, float(asked.tightness), asked.moves)))
        return []
    sizes = "30x600,200x6000" if asked.quick else asked.sizes
    rows = [
        _elsewhere(["--one", size, "--tightness", tightness, "--moves", str(asked.moves)])
        for size in sizes.split(",")
        for tightness in asked.tightness.split(",")
    ]
    print_table(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default="30x600,200x6000,2000x60000")
    parser.add_argument("--tightness", default="0.95,1.10")
    parser.add_argument("--moves", type=int, default=100, help="steps of the search per unit")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true", help="to 200 x 6,000")
    parser.add_argument("--one", metavar="SIZE", help="one program, in this process, as JSON")
    return parser.parse_args(arguments)


def _elsewhere(arguments: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.stages", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr.strip()[-400:]}")
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def measured(size: str, tightness: float, moves: int) -> dict[str, Any]:
    """One program in this process: seconds by stage, what was streamed, and the bandwidth beside it, measured right after."""
    from benchmarks.bandwidth import cache_bytes, read_gigabytes_per_second
    from benchmarks.instances import Size, caseload
    from evenload.planning.optimise import Limit, solve
    from evenload.planning.optimise.threads import cores
    from evenload.planning.optimise.warm import warm

    warm()
    practitioners, units = (int(number) for number in size.split("x"))
    case, clock = caseload(Size(practitioners, units, tightness)), Clock()
    with wrapped(clock):
        clock.switch()
        clock.seconds, clock.processor = dict.fromkeys(STAGES, 0.0), dict.fromkeys(STAGES, 0.0)
        plan = solve(case, limit=Limit(moves_per_unit=moves, gap_percent=0.0))
        clock.switch()
    clock.settle(cores())
    return {
        "size": size, "units": units, "tightness": tightness, "moves": moves, "cores": cores(),
        "seconds": clock.seconds, "processor_seconds": clock.processor, "missing": clock.missing,
        "passes": round(clock.passes), "pass_bytes": clock.pass_bytes, "listed_bytes": clock.listed_bytes,
        "gap_percent": plan.bound.gap_percent(plan.score),
        "cache_bytes": cache_bytes(),
        "bandwidth": {str(threads): read_gigabytes_per_second(threads) for threads in sorted({1, cores()})},
    }  # fmt: skip


def wrapped(clock: Clock) -> ExitStack:
    """The engine's functions under the clock, until the stack is left."""
    import importlib

    from evenload.planning.optimise.solve import Search

    notes: dict[str, Callable[..., None]] = {
        "ascend": clock.note_passes,
        "climb_by_levels": clock.note_passes,
        "arcs_of": clock.note_listing,
    }
    stack = ExitStack()
    for place, name, stage in FUNCTIONS:
        module = importlib.import_module(f"{OPTIMISE}.{place}")
        _wrap(stack, clock, module, (name, stage, notes.get(name)))
    apart = importlib.import_module(f"{OPTIMISE}.apart")
    for name in ("even_prices", "climb_by_levels"):
        stack.enter_context(patch.object(apart, name, clock.beside(getattr(apart, name), name == "climb_by_levels")))
    for name, stage in METHODS:
        _wrap(stack, clock, Search, (name, stage, None))
    return stack


def _wrap(stack: ExitStack, clock: Clock, owner: Any, what: tuple[str, str, Callable[..., None] | None]) -> None:
    name, stage, note = what
    if hasattr(owner, name):
        stack.enter_context(patch.object(owner, name, clock.timed(getattr(owner, name), stage, note)))
    else:
        clock.missing.append(f"{owner.__name__.rpartition('.')[2]}.{name}")


if __name__ == "__main__":
    main()
