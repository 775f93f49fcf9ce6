"""Proved gap against time, Evenload and its peers: benchmarks/pictures/gap-against-time.svg, from what was recorded.

Above, programs of three sizes (demand / supply 1.10): the gap that each solver proved itself. Below, generalised assignment
instances: the gap to the best value known. Both scales are logarithmic; who found nothing has no line and is named in the panel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).parent / "pictures" / "gap-against-time.svg"

STYLES = {
    "evenload": ("Evenload", "#4B46AE", "-", "o", 2.4),
    "highs": ("HiGHS", "#8B3E09", "--", "s", 1.6),
    "cpsat": ("CP-SAT", "#218373", "-.", "^", 1.6),
    "scip": ("SCIP", "#B46FB8", ":", "D", 1.6),
    "timefold": ("Timefold", "#232A30", (0, (6, 1, 1, 1, 1, 1)), "v", 1.6),
}
"""Name, colour, line, marker and width: told apart without colour too."""

SURFACE, INK, MUTED, DIVIDER = "#FFFFFF", "#1C2530", "#4D5967", "#D3D9DE"
SMALLEST_PERCENT = 0.01
"""Gaps below it are drawn here: 0 has no place on a logarithmic scale."""

LABEL_DISTANCE = 0.055
"""Least distance of two labels, as a share of the scale."""

Record = dict[str, Any]
Line = list[tuple[float, float]]


def draw(records: Sequence[Record]) -> None:
    """Writes the picture; nothing where no piece with gaps was recorded."""
    groups = [panels for panels in (_caseload_panels(records), _instance_panels(records)) if panels]
    if not groups:
        return
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    settings = {"svg.fonttype": "none", "svg.hashsalt": "evenload", "font.family": "sans-serif", "font.size": 11}
    settings |= {"text.color": INK, "axes.labelcolor": INK, "xtick.color": MUTED, "ytick.color": MUTED, "axes.edgecolor": DIVIDER}
    columns, height = max(len(panels) for panels in groups), 0.9 + 4.1 * len(groups)
    with mpl.rc_context(settings):
        figure, axes = pyplot.subplots(
            len(groups), columns, figsize=(14, height), facecolor=SURFACE, squeeze=False, sharex="row", sharey="row"
        )
        for row, panels in zip(axes, groups, strict=True):
            row[0].set(
                xscale="log", yscale="log", ylim=_span([gap for _, _, lines in panels for line in lines.values() for _, gap in line])
            )
            for axis, (title, label, lines) in zip(row, panels, strict=False):
                _panel(axis, title, label, lines)
            for axis in row[len(panels) :]:
                axis.set_visible(False)
        _legend(figure, [solver for panels in groups for _, _, lines in panels for solver in lines])
        figure.tight_layout(rect=(0, 0, 1, 1 - 0.5 / height))
        PICTURE.parent.mkdir(exist_ok=True)
        figure.savefig(PICTURE, metadata={"Date": None}, facecolor=SURFACE)
        pyplot.close(figure)


def _span(gaps: Sequence[float]) -> tuple[float, float]:
    """Ends of a scale that holds these gaps and the names of the lines."""
    shown = [max(SMALLEST_PERCENT, gap) for gap in gaps] or [1.0]
    return min(shown) / 2.5, max(shown) * 2


def _panel(axis: Any, title: str, label: str, lines: dict[str, Line]) -> None:
    for solver, points in lines.items():
        if points:
            _, colour, dashes, marker, width = STYLES[solver]
            seconds, gaps = zip(*points, strict=True)
            floored = [max(SMALLEST_PERCENT, gap) for gap in gaps]
            axis.plot(
                seconds, floored, color=colour, linestyle=dashes, marker=marker, markersize=5, linewidth=width, drawstyle="steps-post"
            )
    _label_ends(axis, {solver: points[-1] for solver, points in lines.items() if points})
    nothing = [STYLES[solver][0] for solver, points in lines.items() if not points]
    if nothing:
        axis.text(0.02, 0.02, f"nothing found: {', '.join(nothing)}", transform=axis.transAxes, color=MUTED, fontsize=10)
    axis.set(title=title, xlabel="seconds", ylabel=label, facecolor=SURFACE)
    axis.tick_params(labelleft=True)
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_formatter(lambda value, _: f"{value:g}")
        scale.set_minor_formatter(lambda _value, _: "")
    axis.grid(visible=True, color=DIVIDER, linewidth=0.7)
    axis.spines[["top", "right"]].set_visible(False)


def _label_ends(axis: Any, ends: dict[str, tuple[float, float]]) -> None:
    """Names beside the lines' ends, pushed apart where they would cover each other."""
    low, high = (math.log10(end) for end in axis.get_ylim())
    lowest = -math.inf
    for solver, (second, gap) in sorted(ends.items(), key=lambda end: end[1][1]):
        height = max(math.log10(max(SMALLEST_PERCENT, gap)), lowest + LABEL_DISTANCE * (high - low))
        name, colour = STYLES[solver][:2]
        axis.annotate(
            name, (second, 10**height), xytext=(7, -4), textcoords="offset points", color=colour, fontsize=10, annotation_clip=False
        )
        lowest = height


def _legend(figure: Any, solvers: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    shown = [STYLES[solver] for solver in STYLES if solver in solvers]
    handles = [
        Line2D([], [], label=name, color=colour, linestyle=dashes, marker=marker, linewidth=width)
        for name, colour, dashes, marker, width in shown
    ]
    figure.legend(handles=handles, loc="upper center", ncols=len(handles), frameon=False, fontsize=12, handlelength=4)


def _caseload_panels(records: Sequence[Record]) -> list[tuple[str, str, dict[str, Line]]]:
    rows = [row for record in records if record["piece"].startswith("caseload") for row in record["rows"]]
    panels = []
    for size in dict.fromkeys(row["size"] for row in rows):
        own = [row for row in rows if row["size"] == size]
        tightness = max(row["tightness"] for row in own)
        lines = {row["solver"]: _lasting(row) for row in own if row["tightness"] == tightness and row["seed"] == 1}
        title = f"{size.replace('x', ' × ')}, demand/supply {tightness:.2f}"
        panels.append((title, "proved gap, %", lines))
    return panels


def _lasting(row: dict[str, Any]) -> Line:
    """The points, and the last gap kept to the end of the run."""
    points: Line = [(max(0.01, second), gap) for second, gap in row["points"]]
    return [*points, (row["seconds"], points[-1][1])] if points else []


def _instance_panels(records: Sequence[Record]) -> list[tuple[str, str, dict[str, Line]]]:
    from benchmarks.gap import best_of_all, gap_percent

    panels = []
    for record in records:
        if record["piece"].startswith("gap"):
            known = {row["instance"]: row["best_known"] for row in record["rows"] if row["best_known"] is not None}
            best = best_of_all(record["rows"], known)
            instance = max({row["instance"] for row in record["rows"]}, key=lambda name: int(name[1:]))
            lines: dict[str, Line] = {}
            for row in record["rows"]:
                if row["instance"] == instance:
                    gap = gap_percent(row, best)
                    lines.setdefault(row["solver"], []).extend([] if gap is None else [(row["seconds"], gap)])
            panels.append((f"generalised assignment, {instance}", "gap to the best known, %", lines))
    return panels


if __name__ == "__main__":
    import json

    from benchmarks.record import RECORDED

    draw([json.loads(file.read_text()) for file in sorted(RECORDED.glob("*.json"))])
