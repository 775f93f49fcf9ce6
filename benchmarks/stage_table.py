"""The tables of `stages`: shares of time, then the passes beside the memory's bandwidth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def print_table(rows: Sequence[Row]) -> None:
    """One line per program, the stages that took time as columns, in percent of the whole; then one line of bandwidth each."""
    stages = [stage for stage in rows[0]["seconds"] if any(row["seconds"][stage] > 0.0005 * total(row) for row in rows)] if rows else []
    print(f"{'program':<12}{'d/s':>5}{'seconds':>9}{'cpu s':>8}  " + "".join(f"{stage + ' %':>17}" for stage in stages) + f"{'gap %':>9}")
    for row in rows:
        shares = "".join(f"{share_percent(row, stage):>17.1f}" for stage in stages)
        spent = sum(row["processor_seconds"].values())
        print(f"{row['size']:<12}{row['tightness']:>5}{total(row):>9.2f}{spent:>8.2f}  {shares}{row['gap_percent']:>9.3f}")
    for name in sorted({name for row in rows for name in row["missing"]}):
        print(f"not found in the engine: {name}; its time stands under what calls it")
    print(
        f"\n{'program':<12}{'d/s':>5}{'memory, 1 thread':>18}{'all threads':>13}{'passes':>8}{'MB a pass':>11}{'GB/s':>7}{'of memory':>11}"
        f"{'candidates GB/s':>17}{'of memory':>11}"
    )
    for row in rows:
        print(
            f"{row['size']:<12}{row['tightness']:>5}{row['bandwidth']['1']:>13.1f} GB/s{most_gigabytes(row):>8.1f} GB/s{row['passes']:>8}"
            f"{bytes_of_a_pass(row) / 1e6:>11.1f}{_figure(pass_gigabytes(row)):>7}{_pass_share(row):>11}"
            f"{_figure(listing_gigabytes(row)):>17}{_share(listing_gigabytes(row), row):>11}"
        )
    for row in rows:
        if row is max(rows, key=lambda one: one["units"]):
            print(
                f"the dual pass of {row['size'].replace('x', ' × ')}: {_pass_share(row)} of the memory's bandwidth with {row['cores']} threads"
            )


def bytes_of_a_pass(row: Row) -> float:
    """What one pass over the prices must read."""
    return float(row["pass_bytes"] / max(1, row["passes"]))


def is_in_cache(row: Row) -> bool:
    """Whether what a pass reads stays in the cache, of which others have their part too, so that memory does not matter."""
    return bool(bytes_of_a_pass(row) < row["cache_bytes"] / 2)


def _pass_share(row: Row) -> str:
    return "in cache" if is_in_cache(row) else _share(pass_gigabytes(row), row)


def total(row: Row) -> float:
    """Seconds of the whole solve."""
    return float(sum(row["seconds"].values()))


def share_percent(row: Row, stage: str) -> float:
    """The stage's share of the wall clock."""
    return 100 * float(row["seconds"][stage]) / total(row)


def most_gigabytes(row: Row) -> float:
    """What all threads read together, 10^9 bytes per second."""
    return float(row["bandwidth"][str(row["cores"])])


def pass_gigabytes(row: Row) -> float | None:
    """What the passes over the prices read in each second that the dual takes; None where there was none."""
    return row["pass_bytes"] / row["seconds"]["dual"] / 1e9 if row["seconds"]["dual"] and row["pass_bytes"] else None


def listing_gigabytes(row: Row) -> float | None:
    """What listing the candidates writes in each second that it takes."""
    return row["listed_bytes"] / row["seconds"]["candidates"] / 1e9 if row["seconds"]["candidates"] and row["listed_bytes"] else None


def _share(speed: float | None, row: Row) -> str:
    return "–" if speed is None else f"{100 * speed / most_gigabytes(row):.0f} %"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
