"""Gaps against time: the classes of generalised assignment, and the caseloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.gap_goals import MEAN_GAPS
from benchmarks.gap_rows import best_of_all, gap_percent, known_values, mean
from benchmarks.picture_style import INK, MUTED, SMALLEST_PERCENT, STYLES, Line, draw_solvers, figure_of, plain, save, solver_legend, span

Row = dict[str, Any]


def draw_classes(rows: Sequence[Row]) -> None:
    """One panel per class; a solver's line begins when it has an assignment for every instance of the class."""
    kinds = sorted({row["instance"][:1].lower() for row in rows})
    if not kinds:
        return
    panels = {kind: class_lines([row for row in rows if row["instance"][:1].lower() == kind]) for kind in kinds}
    with figure_of(1, len(kinds), (3.4 * len(kinds) + 0.6, 5.2), sharex=True, sharey=True) as (figure, axes):
        gaps = [gap for lines in panels.values() for points in lines.values() for _, gap in points]
        axes[0, 0].set(xscale="log", yscale="log", ylim=span([*gaps, SMALLEST_PERCENT]))
        for axis, (kind, lines) in zip(axes[0], panels.items(), strict=True):
            count = len({row["instance"] for row in rows if row["instance"][:1].lower() == kind})
            plain(axis)
            draw_solvers(axis, lines)
            for second, percent in MEAN_GAPS.get(kind, {}).items():
                axis.plot([second], [percent], marker="_", markersize=22, markeredgewidth=2.2, color=INK, zorder=5)
            axis.set(title=f"class {kind.upper()}, {count} instance{'s' * (count > 1)}", xlabel="seconds", xlim=(0.85, 160))
            axis.set_xticks([1, 5, 20, 60])
            never = [STYLES[solver][0] for solver, points in lines.items() if not points]
            if never:
                axis.text(0.02, 0.97, f"not all solved: {', '.join(never)}", transform=axis.transAxes, color=MUTED, fontsize=9.5, va="top")
        axes[0, 0].set_ylabel("mean gap to the best known, %")
        note = f"Horizontal marks: the goals at 10 and 60 s. 0 is drawn at {SMALLEST_PERCENT:g} %."
        figure.text(0.01, 0.012, note, color=MUTED, fontsize=9.5)
        solver_legend(figure, [solver for lines in panels.values() for solver in lines])
        figure.tight_layout(rect=(0, 0.035, 1, 0.93))
        save(figure, "gap-by-class")


def class_lines(rows: Sequence[Row]) -> dict[str, Line]:
    """By solver, (second, mean gap) from the second on at which it has an assignment for each of its instances."""
    best = best_of_all(rows, known_values(rows))
    lines: dict[str, Line] = {}
    for solver in dict.fromkeys(row["solver"] for row in rows):
        lines[solver] = []
        for second in sorted({row["seconds"] for row in rows}):
            gaps = [gap_percent(row, best) for row in rows if (row["solver"], row["seconds"]) == (solver, second)]
            there = [gap for gap in gaps if gap is not None]
            if gaps and len(there) == len(gaps):
                lines[solver].append((second, mean(there)))
    return lines


def draw_caseloads(rows: Sequence[Row]) -> None:
    """One row of panels per demand / supply, one panel per size; of several seeds the first."""
    sizes = sorted({row["size"] for row in rows}, key=lambda size: int(size.split("x")[1]))
    tightnesses = sorted({row["tightness"] for row in rows})
    if not rows:
        return
    with figure_of(len(tightnesses), len(sizes), (4.6 * len(sizes) + 0.8, 0.9 + 3.9 * len(tightnesses)), sharey=True) as (figure, axes):
        axes[0, 0].set(yscale="log", ylim=span([gap for row in rows for _, gap in row["points"]]))
        for across, size in enumerate(sizes):
            for down, tightness in enumerate(tightnesses):
                axis = axes[down, across]
                own = [row for row in rows if (row["size"], row["tightness"], row["seed"]) == (size, tightness, 1)]
                lines = {row["solver"]: lasting(row) for row in own}
                axis.set_xscale("log")
                plain(axis)
                draw_solvers(axis, lines)
                axis.set(title=f"{size.replace('x', ' × ')}, demand/supply {tightness:.2f}", xlabel="seconds", ylabel="proved gap, %")
                axis.set_xlim(None, 2.5 * axis.get_xlim()[1])
                nothing = [STYLES[solver][0] for solver, points in lines.items() if not points]
                if nothing:
                    axis.text(0.02, 0.02, f"nothing found: {', '.join(nothing)}", transform=axis.transAxes, color=MUTED, fontsize=10)
        solver_legend(figure, [row["solver"] for row in rows])
        figure.tight_layout(rect=(0, 0, 1, 1 - 0.5 / (0.9 + 3.9 * len(tightnesses))))
        save(figure, "gap-against-time")


def lasting(row: Row) -> Line:
    """The points, and the last gap kept to the end of the run."""
    points: Line = [(max(0.01, second), gap) for second, gap in row["points"]]
    return [*points, (row["seconds"], points[-1][1])] if points else []
