"""Where the time goes, size by size, and how near the passes over prices come to the memory's bandwidth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.picture_style import COLOURS, HATCHES, INK, MUTED, SURFACE, figure_of, plain, save
from benchmarks.stage_table import is_in_cache, listing_gigabytes, most_gigabytes, pass_gigabytes, share_percent, total

Row = dict[str, Any]

SHOWN_PERCENT = 6.0
"""Shares from here on are written into their bar."""


def draw_stages(rows: Sequence[Row]) -> None:
    """Left a bar of shares per program; right what the streaming stages move in a second beside what memory gives."""
    if not rows:
        return
    with figure_of(1, 2, (15, 1.9 + 0.75 * len(rows)), gridspec_kw={"width_ratios": [1.7, 1]}) as (figure, axes):
        _draw_shares(axes[0, 0], rows)
        _draw_bandwidth(axes[0, 1], rows)
        figure.tight_layout(rect=(0, 0.0, 1, 1))
        save(figure, "stages")


def _named(row: Row) -> str:
    return f"{row['size'].replace('x', ' × ')}\ndemand/supply {row['tightness']:.2f}"


def _draw_shares(axis: Any, rows: Sequence[Row]) -> None:
    stages = [stage for stage in rows[0]["seconds"] if any(share_percent(row, stage) >= 0.5 for row in rows)]
    begins = [0.0] * len(rows)
    for at, stage in enumerate(stages):
        shares = [share_percent(row, stage) for row in rows]
        colour = COLOURS[at % len(COLOURS)]
        axis.barh(
            range(len(rows)),
            shares,
            left=begins,
            height=0.62,
            facecolor=SURFACE,
            edgecolor=colour,
            hatch=HATCHES[at],
            linewidth=1.6,
            label=stage,
        )
        for place, (begin, share) in enumerate(zip(begins, shares, strict=True)):
            if share >= SHOWN_PERCENT:
                box = {"facecolor": SURFACE, "edgecolor": "none", "pad": 1.5}
                axis.text(begin + share / 2, place, f"{share:.0f}", ha="center", va="center", color=INK, fontsize=10, bbox=box)
        begins = [begin + share for begin, share in zip(begins, shares, strict=True)]
    for place, row in enumerate(rows):
        axis.text(101, place, f"{total(row):.1f} s", va="center", color=MUTED, fontsize=10)
    axis.set_yticks(range(len(rows)), [_named(row) for row in rows])
    axis.invert_yaxis()
    axis.set(xlim=(0, 112), xlabel="percent of the time of a solve")
    plain(axis, is_x_log=False, is_y_log=False)
    axis.legend(frameon=False, fontsize=10, ncols=5, loc="lower left", bbox_to_anchor=(-0.02, 1.0), handlelength=2.4)


def _draw_bandwidth(axis: Any, rows: Sequence[Row]) -> None:
    parts = (
        ("memory, read in order, all threads", most_gigabytes, 0),
        ("dual: passes over prices", pass_gigabytes, 1),
        ("candidates: listing", listing_gigabytes, 2),
    )
    longest = max(speed for row in rows for _, measure, _ in parts if (speed := measure(row)) is not None)
    for shift, (name, measure, at) in enumerate(parts):
        speeds = [measure(row) or 0.0 for row in rows]
        places = [place + 0.24 * (shift - 1) for place in range(len(rows))]
        axis.barh(places, speeds, height=0.2, facecolor=SURFACE, edgecolor=COLOURS[at], hatch=HATCHES[at], linewidth=1.6, label=name)
        for place, speed, row in zip(places, speeds, rows, strict=True):
            share = f" ({100 * speed / most_gigabytes(row):.0f} %)" if shift else ""
            said = f"{speed:.1f}{' (in cache)' if shift == 1 and is_in_cache(row) else share}"
            axis.text(speed + 0.01 * longest, place, said, va="center", color=MUTED, fontsize=9)
    axis.set_yticks(range(len(rows)), [_named(row) for row in rows])
    axis.invert_yaxis()
    axis.set(xlim=(0, 1.3 * longest), xlabel="10⁹ bytes per second")
    plain(axis, is_x_log=False, is_y_log=False)
    axis.legend(frameon=False, fontsize=10, ncols=1, loc="lower left", bbox_to_anchor=(-0.02, 1.0))
