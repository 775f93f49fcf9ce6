"""The goals of the generalised assignment classes, judged by the rows of `gap`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from benchmarks.gap_rows import Row, best_of_all, gap_percent, is_proved, is_recounted, known_values, mean, proved_percent
from benchmarks.goals import Verdict

OURS = "evenload"
PROVED_SECONDS = {"a": 5, "b": 5}
"""Classes whose instances are each to be optimal and proved by this second."""

MEAN_GAPS = {"c": {10: 0.03, 60: 0.01}, "d": {10: 0.20, 60: 0.08}, "e": {10: 0.08, 60: 0.02}}
"""Mean gap to the best known, in percent, by class and second."""

WORST_GAPS = {"d": {60: 0.20}}
PROVED_GAPS = {"c": 0.05, "d": 0.15, "e": 0.05}
"""Proved gap in percent at 60 s."""


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Each goal of the classes that the rows have, at the seconds that they have."""
    found: list[Verdict] = []
    for kind in sorted({row["instance"][:1].lower() for row in rows}):
        own = [row for row in rows if row["instance"][:1].lower() == kind]
        found += [one for one in (_proofs(kind, own), *_gaps(kind, own), *_against_peers(kind, own)) if one is not None]
    if any(row["solver"] == OURS for row in rows):
        found.append(_recounts([row for row in rows if row["solver"] == OURS]))
    return found


def at(rows: Sequence[Row], second: float, solver: str | None = None) -> list[Row]:
    """The rows of this second, of this solver where one is named."""
    return [row for row in rows if row["seconds"] == second and solver in (None, row["solver"])]


def worse_than_peers(rows: Sequence[Row], second: float, peers: Sequence[str] | None = None) -> tuple[list[str], int]:
    """The instances at which the best of the peers (None: of all) is better at this second, and how many can be compared."""
    ours = {row["instance"]: row["value"] if row["feasible"] else math.inf for row in at(rows, second, OURS)}
    others = [row for row in at(rows, second) if row["solver"] != OURS and (peers is None or row["solver"] in peers)]
    theirs = best_of_all([row for row in others if row["instance"] in ours], {})
    return [name for name, value in sorted(theirs.items()) if ours[name] > value], len({row["instance"] for row in others} & set(ours))


def _proofs(kind: str, own: Sequence[Row]) -> Verdict | None:
    second = PROVED_SECONDS.get(kind)
    ours = at(own, second, OURS) if second is not None else []
    if not ours:
        return None
    open_ones = [row["instance"] for row in ours if not is_proved(row)]
    said = f"{len(ours) - len(open_ones)} of {len(ours)} proved by then {' '.join(open_ones)}".rstrip()
    return Verdict(f"{kind.upper()}: each optimal and proved within {second} s", not open_ones, said)


def _gaps(kind: str, own: Sequence[Row]) -> list[Verdict | None]:
    best = best_of_all(own, known_values(own))
    found: list[Verdict | None] = []
    for second, most in MEAN_GAPS.get(kind, {}).items():
        ours = at(own, second, OURS)
        gaps = [gap_percent(row, best) for row in ours]
        found.append(_figure_verdict(f"{kind.upper()}: mean gap ≤ {most:g} % at {second} s", gaps, most, mean))
        if (worst := WORST_GAPS.get(kind, {}).get(second)) is not None:
            found.append(_figure_verdict(f"{kind.upper()}: worst gap ≤ {worst:g} % at {second} s", gaps, worst, max))
    if kind in PROVED_GAPS:
        proofs = [proved_percent(row) for row in at(own, 60, OURS)]
        found.append(
            _figure_verdict(f"{kind.upper()}: proved gap ≤ {PROVED_GAPS[kind]:g} % at 60 s, mean", proofs, PROVED_GAPS[kind], mean)
        )
    return found


def _figure_verdict(goal: str, gaps: Sequence[float | None], most: float, how: Callable[[Sequence[float]], float]) -> Verdict | None:
    if not gaps:
        return None
    there = [gap for gap in gaps if gap is not None]
    if len(there) < len(gaps):
        return Verdict(goal, False, f"none on {len(gaps) - len(there)} of {len(gaps)}")
    figure = how(there)
    return Verdict(goal, figure <= most, f"{figure:.3f} % over {len(there)}, worst {max(there):.3f} %")


def _against_peers(kind: str, own: Sequence[Row]) -> list[Verdict | None]:
    found: list[Verdict | None] = []
    for second in (10, 60):
        worse, compared = worse_than_peers(own, second)
        if compared:
            said = f"worse than the best peer on {len(worse)} of {compared} {' '.join(worse)}".rstrip()
            found.append(Verdict(f"{kind.upper()}: never worse than the best peer at {second} s", not worse, said))
    return found


def _recounts(ours: Sequence[Row]) -> Verdict:
    last = [row for row in ours if row["seconds"] == max(row["seconds"] for row in ours) and row["bound"] is not None]
    whole = sum(is_recounted(row) for row in last)
    kinds = ", ".join(sorted({row["instance"][:1].upper() for row in ours}))
    return Verdict(
        f"{kinds}: every bound counted again by separately written code", whole == len(last), f"{whole} of {len(last)}, all that was proved"
    )
