"""Time by stage and peak memory against the number of units, on logarithmic scales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.growth import STAGES, exponent
from benchmarks.growth_goals import MOST_MEGABYTES
from benchmarks.picture_style import COLOURS, DASHES, INK, MARKERS, MUTED, STYLES, figure_of, label_ends, plain, save

Row = dict[str, Any]


def draw_growth(rows: Sequence[Row]) -> None:
    """One panel per demand / supply, a line for each stage of `growth`, its fitted exponent in the legend."""
    tightnesses = sorted({row["tightness"] for row in rows})
    if not rows:
        return
    timed = [(name, title.removesuffix(" s")) for name, title in STAGES if name.endswith("_seconds")]
    with figure_of(1, len(tightnesses), (7.2 * len(tightnesses), 5.6), sharey=True) as (figure, axes):
        for axis, tightness in zip(axes[0], tightnesses, strict=True):
            own = [row for row in rows if row["tightness"] == tightness]
            axis.set(xscale="log", yscale="log", xlabel="units", ylabel="seconds", title=f"demand/supply {tightness:.2f}")
            for at, (name, title) in enumerate(timed):
                points = [(row["units"], row[name]) for row in own if row.get(name)]
                fitted = exponent(own, name)
                label = title if fitted is None else f"{title}: units^{fitted:.2f}"
                across, up = zip(*points, strict=True) if points else ((), ())
                axis.plot(across, up, color=COLOURS[at], linestyle=DASHES[at], marker=MARKERS[at], linewidth=1.8, label=label)
            plain(axis)
            axis.legend(frameon=False, fontsize=10.5, handlelength=4, loc="upper left")
        figure.tight_layout()
        save(figure, "growth")


def draw_memory(rows: Sequence[Row], caseloads: Sequence[Row]) -> None:
    """Peak of the engine's process against units, the peers' where `caseload` ran them, and the goal as a line."""
    if not rows:
        return
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        lines.setdefault("evenload", []).append((row["units"], row["peak_megabytes"]))
    for row in caseloads:
        if row["solver"] != "evenload" and row.get("peak_megabytes"):
            lines.setdefault(row["solver"], []).append((float(row["size"].split("x")[1]), row["peak_megabytes"]))
    with figure_of(1, 1, (8.4, 5.2)) as (figure, axes):
        axis = axes[0, 0]
        highest = max(megabytes for points in lines.values() for _, megabytes in points)
        most_units = max(row["units"] for row in rows)
        axis.set(
            xscale="log", yscale="log", xlabel="units", ylabel="peak of the process, MB", ylim=(80, 2.5 * max(highest, MOST_MEGABYTES))
        )
        ends = {}
        for solver, points in lines.items():
            name, colour, dashes, marker, width = STYLES[solver]
            # Programs of one size differ by tightness and seed; the largest of them is what the machine must have.
            most = [
                (units, max(megabytes for other, megabytes in points if other == units)) for units in sorted({one for one, _ in points})
            ]
            across, up = zip(*most, strict=True)
            axis.plot(across, up, color=colour, linestyle=dashes, marker=marker, linewidth=width)
            ends[name, colour] = most[-1]
        plain(axis)
        axis.set_xlim(None, 3 * max(1_000_000, most_units))
        axis.axhline(MOST_MEGABYTES, color=INK, linewidth=1.2, linestyle=(0, (2, 2)))
        goal = f"goal: {MOST_MEGABYTES} MB at 1,000,000 units"
        axis.annotate(
            goal, (axis.get_xlim()[1], MOST_MEGABYTES), xytext=(-4, 5), textcoords="offset points", color=MUTED, fontsize=10, ha="right"
        )
        label_ends(axis, ends)
        figure.tight_layout()
        save(figure, "memory")
