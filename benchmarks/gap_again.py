"""What our engine proved beyond its prices of jobs, counted again: by its branches (`gap_solvers.branches_again`), else by SCIP (`gap_solvers.rest`)."""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.gap_rows import ROUNDING, DisagreementError, Row, is_recounted
from benchmarks.gap_solvers.instance import read_instance

BRANCHES_SECONDS = 120
"""Of a processor, that counting branches again may take; it counts for nobody."""

REST_SECONDS = 30
"""Of a processor, that SCIP may take to show what our prices leave open, where branches did not show it; it counts for nobody."""


def with_the_rest_recounted(rows: list[Row], path: Path, answer: dict[str, Any], certificate: Path) -> list[Row]:
    """The rows of one instance; what is shown of the last bound holds for every lower one before it.

    answer: what the solver said; its `branched` is the bound that the branches in `certificate` are said to prove.
    Raises DisagreementError where they do not.
    """
    if answer.get("branched") is not None and _last_open(rows) is not None:
        rows = _with_branches(rows, path, int(answer["branched"]), certificate)
    bound = _last_open(rows)
    if bound is None or importlib.util.find_spec("pyscipopt") is None:
        return rows
    prices = answer["at"][-1].get("job_prices") or [0.0] * read_instance(path).shape[1]
    told = _asked("rest", [path, bound, REST_SECONDS], prices)
    return _marked(rows, bound, {"rest_arcs": told["arcs"]}) if told["holds"] else rows


def _with_branches(rows: list[Row], path: Path, bound: int, certificate: Path) -> list[Row]:
    told = _asked("branches_again", [path, bound, certificate, BRANCHES_SECONDS])
    if told["wrong"] is not None:
        raise DisagreementError(f"{path.stem}: the branches do not show {bound}: {told['wrong']}")
    return (
        rows if told["late"] is not None else _marked(rows, bound, {"branches": told["branches"], "again_seconds": round(told["took"], 1)})
    )


def _last_open(rows: Sequence[Row]) -> int | None:
    """The last bound, where it was not counted again in full."""
    bounds = [math.ceil(row["bound"] - ROUNDING) for row in rows if row["bound"] is not None]
    return max(bounds) if bounds and not is_recounted(rows[-1]) else None


def _marked(rows: Sequence[Row], shown: int, how: dict[str, Any]) -> list[Row]:
    """The rows; those whose bound was not counted again in full, and is at most what was shown now, say how it was."""
    marked = []
    for row in rows:
        bound = None if row["bound"] is None or is_recounted(row) else math.ceil(row["bound"] - ROUNDING)
        marked.append(row if bound is None or bound > shown else {**row, "recounted": bound, **how})
    return marked


def _asked(module: str, arguments: Sequence[object], told: object = None) -> dict[str, Any]:
    """What a process of its own answers, as JSON, on these arguments and what it is told."""
    command = [sys.executable, "-m", f"benchmarks.gap_solvers.{module}", *map(str, arguments)]
    done = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
