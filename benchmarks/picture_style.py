"""How the pictures look: one palette for light and dark, text as text, every line told apart by dashes and marks as well as by colour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pictures"

SURFACE, INK, MUTED, DIVIDER = "#ffffff", "#1c2530", "#4d5967", "#d3d9de"

DARK = {
    SURFACE: "#10171f",
    INK: "#e6ebf0",
    MUTED: "#a9b4c0",
    DIVIDER: "#36434f",
    "#4b46ae": "#a7a2ff",
    "#8b3e09": "#f0a064",
    "#218373": "#58cbb5",
    "#a04fa6": "#dc9be0",
    "#232a30": "#c3ccd5",
    "#7a5c00": "#d9b640",
    "#9c2f45": "#f08a9d",
}
"""Colour on a light surface → the one that takes its place where the reader's system is dark."""

COLOURS = ("#4b46ae", "#8b3e09", "#218373", "#a04fa6", "#232a30", "#7a5c00", "#9c2f45")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (3, 2)), (0, (8, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---", "ooo", "+++", "|||", "**", "//")

STYLES = {
    solver: (name, COLOURS[at], DASHES[at], MARKERS[at], 2.4 if at == 0 else 1.6)
    for at, (solver, name) in enumerate(
        (("evenload", "Evenload"), ("highs", "HiGHS"), ("cpsat", "CP-SAT"), ("scip", "SCIP"), ("timefold", "Timefold"))
    )
}
"""Name, colour, line, marker and width of each solver."""

SMALLEST_PERCENT = 0.01
"""Gaps below it are drawn here: 0 has no place on a logarithmic scale."""

LABEL_DISTANCE = 0.06
"""Least distance of two labels, as a share of the scale."""

LABEL_REACH = 4.0
"""Labels whose lines end further apart than by this factor do not cover each other."""

Line = list[tuple[float, float]]


@contextmanager
def figure_of(rows: int, columns: int, size: tuple[float, float], **shared: Any) -> Iterator[tuple[Any, Any]]:
    """A figure and its axes [rows, columns] in the house's style; closed at the end."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "evenload", "font.family": "sans-serif", "font.size": 11}
    settings |= {"text.color": INK, "axes.labelcolor": INK, "xtick.color": MUTED, "ytick.color": MUTED, "axes.edgecolor": DIVIDER}
    settings |= {"hatch.linewidth": 0.6, "axes.titlesize": 12}
    with mpl.rc_context(settings):
        figure, axes = pyplot.subplots(rows, columns, figsize=size, facecolor=SURFACE, squeeze=False, **shared)
        try:
            yield figure, axes
        finally:
            pyplot.close(figure)


def save(figure: Any, name: str) -> None:
    """Writes pictures/NAME.svg, the dark colours in a style sheet of its own."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{name}.svg"
    figure.savefig(file, metadata={"Date": None}, facecolor=SURFACE)
    rules = [f'[style*="{what}: {light}"]{{{what}:{dark} !important}}' for light, dark in DARK.items() for what in ("fill", "stroke")]
    rules += [f'[fill="{light}"]{{fill:{dark}}}' for light, dark in DARK.items()]
    sheet = "<style>@media (prefers-color-scheme: dark){" + "".join(rules) + "}</style>"
    head, separator, body = file.read_text(encoding="utf-8").partition("<defs>")
    file.write_text(f"{head}{sheet}{separator}{body}", encoding="utf-8")


def plain(axis: Any, *, is_x_log: bool = True, is_y_log: bool = True) -> None:
    """Thin grid, no box; logarithmic scales with plain numbers."""
    axis.set_facecolor(SURFACE)
    axis.tick_params(labelleft=True)
    for scale, is_log in ((axis.xaxis, is_x_log), (axis.yaxis, is_y_log)):
        if is_log:
            scale.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1000 else f"{value:g}")
            scale.set_minor_formatter(lambda _value, _: "")
    axis.grid(visible=True, color=DIVIDER, linewidth=0.7)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)


def draw_solvers(axis: Any, lines: Mapping[str, Line]) -> None:
    """Gaps of each solver as steps over seconds, their names at the ends; who has no line is named."""
    for solver, points in lines.items():
        if points:
            _, colour, dashes, marker, width = STYLES[solver]
            seconds, gaps = zip(*points, strict=True)
            floored = [max(SMALLEST_PERCENT, gap) for gap in gaps]
            axis.plot(
                seconds,
                floored,
                color=colour,
                linestyle=dashes,
                marker=marker,
                markersize=5,
                linewidth=width,
                drawstyle="steps-post",
                zorder=4 if solver == "evenload" else 2,
            )
    label_ends(
        axis, {STYLES[solver][:2]: (points[-1][0], max(SMALLEST_PERCENT, points[-1][1])) for solver, points in lines.items() if points}
    )


def label_ends(axis: Any, ends: Mapping[tuple[str, str], tuple[float, float]]) -> None:
    """(Name, colour) beside each line's end, pushed apart where they would cover each other; both scales logarithmic."""
    low, high = (math.log10(end) for end in axis.get_ylim())
    placed: list[tuple[float, float]] = []
    for (name, colour), (across, up) in sorted(ends.items(), key=lambda end: end[1][1]):
        beside = [height for other, height in placed if 1 / LABEL_REACH < other / across < LABEL_REACH]
        height = max([math.log10(up), *(height + LABEL_DISTANCE * (high - low) for height in beside)])
        axis.annotate(
            name, (across, 10**height), xytext=(7, -4), textcoords="offset points", color=colour, fontsize=10, annotation_clip=False
        )
        placed.append((across, height))


def solver_legend(figure: Any, solvers: Sequence[str]) -> None:
    """One legend above all panels."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], label=name, color=colour, linestyle=dashes, marker=marker, linewidth=width)
        for solver, (name, colour, dashes, marker, width) in STYLES.items()
        if solver in solvers
    ]
    figure.legend(handles=handles, loc="upper center", ncols=len(handles), frameon=False, fontsize=12, handlelength=4)


def span(values: Sequence[float]) -> tuple[float, float]:
    """Ends of a logarithmic scale that holds these values and the names of the lines."""
    shown = [max(SMALLEST_PERCENT, value) for value in values] or [1.0]
    return min(shown) / 2.5, max(shown) * 2.5
