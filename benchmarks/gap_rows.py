"""Rows of `gap`: gathered over several runs, measured against the best values, and checked against each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]

ROUNDING = 1e-6
"""What sums in floating point may differ by; values of assignments are whole."""


class DisagreementError(SystemExit):
    """A certificate that does not hold when it is counted again; it ends the benchmark."""


def is_wanted(instance: str, names: Sequence[str]) -> bool:
    """Whether the names (of instances, or letters of classes; none means all) ask for this instance."""
    return not names or instance in names or instance[:1].lower() in [name.lower() for name in names]


def without(rows: Iterable[Row], *, solvers: Sequence[str], names: Sequence[str]) -> list[Row]:
    """The rows but those of these solvers on the instances that are asked for."""
    return [row for row in rows if row["solver"] not in solvers or not is_wanted(row["instance"], names)]


def merged(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """The rows, and of the others those of solvers on instances that the rows do not have; by instance, solver as first met, second."""
    have = {(row["instance"], row["solver"]) for row in rows}
    everything = [*rows, *(row for row in others if (row["instance"], row["solver"]) not in have)]
    order = {solver: place for place, solver in enumerate(("evenload", "highs", "cpsat", "scip", "timefold"))}
    return sorted(everything, key=lambda row: (row["instance"], order.get(row["solver"], len(order)), row["seconds"]))


def checked(rows: Sequence[Row]) -> list[Row]:
    """The rows, where no certificate contradicts another; raises DisagreementError otherwise.

    Prices of jobs must give, counted again, what the solver said that they prove; no bound, counted again or only told, may lie above the
    value of an assignment, which was counted again too.
    """
    least = best_of_all(rows, {})
    for row in rows:
        who = f"{row['solver']} on {row['instance']} at {row['seconds']:g} s"
        claimed, recounted = row.get("claimed"), row.get("recounted")
        if claimed is not None and (recounted is None or recounted < math.ceil(claimed - ROUNDING)):
            raise DisagreementError(f"{who}: its prices prove {recounted}, not {claimed}")
        for bound in (row["bound"], recounted):
            if bound is not None and row["instance"] in least and bound > least[row["instance"]] * (1 + ROUNDING) + ROUNDING:
                raise DisagreementError(f"{who}: a bound of {bound}, but there is an assignment of {least[row['instance']]}")
    return list(rows)


def known_values(rows: Iterable[Row]) -> dict[str, int]:
    """The best value known before, by instance."""
    return {row["instance"]: row["best_known"] for row in rows if row.get("best_known") is not None}


def best_of_all(rows: Sequence[Row], known: Mapping[str, int]) -> dict[str, int]:
    """The value that gaps are measured against, by instance: the best known, else the best of these rows."""
    best = dict(known)
    for row in rows:
        if row["instance"] not in known and row["feasible"]:
            best[row["instance"]] = min(best.get(row["instance"], row["value"]), row["value"])
    return best


def gap_percent(row: Row, best: Mapping[str, int]) -> float | None:
    """Gap to the best value; None where nothing feasible was found, or nothing is known."""
    if not row["feasible"] or row["instance"] not in best:
        return None
    return float(100 * (row["value"] - best[row["instance"]]) / abs(best[row["instance"]]))


def proved_percent(row: Row) -> float | None:
    """Gap that the solver itself had proved; None where it had no bound or no assignment."""
    if not row["feasible"] or row["bound"] is None:
        return None
    return float(100 * max(0.0, row["value"] - row["bound"]) / abs(row["value"]))


def is_proved(row: Row) -> bool:
    """Whether nothing cheaper is left: values are whole."""
    return bool(row["feasible"] and row["bound"] is not None and math.ceil(row["bound"] - ROUNDING) >= row["value"])


def is_recounted(row: Row) -> bool:
    """Whether all that the solver had proved was counted again."""
    return bool(row.get("recounted") is not None and row["bound"] is not None and row["recounted"] >= math.ceil(row["bound"] - ROUNDING))


def mean(figures: Sequence[float]) -> float:
    """The mean of at least one figure."""
    return sum(figures) / len(figures)
