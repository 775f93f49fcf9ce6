"""The tables of `gap`: every instance and solver; then means and worst by class, beside each peer, and the goals."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.gap_again import BRANCHES_SECONDS
from benchmarks.gap_goals import OURS, at, verdicts, worse_than_peers
from benchmarks.gap_rows import Row, best_of_all, gap_percent, is_proved, is_recounted, known_values, mean, proved_percent

COMPARED_SECONDS = (10, 60)
"""Seconds of the goals; where the rows have none of them, their last."""


def print_table(rows: Sequence[Row]) -> None:
    """Both tables."""
    print_instances(rows)
    print_summary(rows)


def print_instances(rows: Sequence[Row]) -> None:
    """One line per instance and solver; – where nothing feasible was found (or nothing was proved, or nothing can be counted again)."""
    known = known_values(rows)
    best, seconds = best_of_all(rows, known), sorted({row["seconds"] for row in rows})
    titles = "".join(f"{f'at {second:g} s %':>11}" for second in seconds)
    print(
        f"{'instance':<10}{'best':>8}  {'solver':<9}{titles}{'value':>8}{'bound':>10}{'proved %':>9}{'recounted':>11} {'by':<9}"
        f"{'MB':>5}{'s':>6}{'cpu s':>7}{'load':>6}  date"
    )
    for instance, solver in dict.fromkeys((row["instance"], row["solver"]) for row in rows):
        own = {row["seconds"]: row for row in rows if (row["instance"], row["solver"]) == (instance, solver)}
        gaps = "".join(f"{_figure(gap_percent(own[second], best)) if second in own else '–':>11}" for second in seconds)
        last = own[max(own)]
        print(
            f"{instance:<10}{best.get(instance, '–')!s:>8}{'' if instance in known else '*':<2}{solver:<9}{gaps}"
            f"{(last['value'] if last['feasible'] else '–')!s:>8}{_figure(last['bound'], 1):>10}{_figure(proved_percent(last)):>9}"
            f"{_figure(last.get('recounted'), 0):>11}{' ' + _recount_said(last):<10}{last.get('peak_megabytes') or '–'!s:>5}"
            f"{_figure(last.get('took'), 1):>6}{_figure(last.get('processor_seconds'), 1):>7}{_figure(last.get('load'), 1):>6}"
            f"  {(last.get('date') or '–')[:16]}"
        )


def _recount_said(last: Row) -> str:
    """How the engine's bound was counted again: by its prices alone, its branches, what prices leave open by another solver, or in part."""
    if last["solver"] != OURS or last["bound"] is None:
        return ""
    if not is_recounted(last):
        return "part"
    return "branches" if last.get("branches") is not None else "with SCIP" if last.get("rest_arcs") is not None else "prices"


def print_summary(rows: Sequence[Row]) -> None:
    """Means by class at the seconds of the goals, how we stand to each solver and to the best of them, and the goals."""
    best, seconds = best_of_all(rows, known_values(rows)), sorted({row["seconds"] for row in rows})
    compared = [second for second in seconds if second in COMPARED_SECONDS] or seconds[-1:]
    print(
        f"\n{'class':<6}{'s':>4}  {'solver':<9}{'n':>3}{'mean gap %':>12}{'worst %':>9}{'none':>5}{'proved %':>10}{'optimal':>8}   {'ours is worse on'}"
    )
    for kind in sorted({row["instance"][:1].lower() for row in rows}):
        own = [row for row in rows if row["instance"][:1].lower() == kind]
        for second in compared:
            for solver in dict.fromkeys(row["solver"] for row in own):
                _print_mean(kind, second, at(own, second, solver), best, _beside(own, second, solver))
            worse, count = worse_than_peers(own, second)
            if count:
                print(
                    f"{kind.upper():<6}{second:>4g}  worse than the best peer on {len(worse)} of {count}{': ' if worse else ''}{' '.join(worse)}"
                )
        proofs = [row for row in at(own, seconds[-1], OURS) if row["bound"] is not None]
        if proofs:
            _print_recounts(kind, proofs)
    print("\n" + "\n".join(verdict.line() for verdict in verdicts(rows)))


def _print_recounts(kind: str, proofs: Sequence[Row]) -> None:
    took = [row["again_seconds"] for row in proofs if row.get("branches") is not None]
    said = f"; by branches {len(took)}, at most {max(took):.1f} s of a processor ({BRANCHES_SECONDS} allowed)" if took else ""
    print(
        f"{kind.upper():<6}      recounted: {sum(is_recounted(row) for row in proofs)} of {len(proofs)} bounds in full{said}, no disagreement"
    )


def _beside(own: Sequence[Row], second: float, solver: str) -> str:
    if solver == OURS:
        return ""
    worse, count = worse_than_peers(own, second, [solver])
    return f"{len(worse)} of {count} {' '.join(worse)}".rstrip() if count else ""


def _print_mean(kind: str, second: float, own: Sequence[Row], best: dict[str, int], beside: str) -> None:
    if not own:
        return
    gaps = [gap for row in own if (gap := gap_percent(row, best)) is not None]
    proofs = [gap for row in own if (gap := proved_percent(row)) is not None]
    print(
        f"{kind.upper():<6}{second:>4g}  {own[0]['solver']:<9}{len(own):>3}{_figure(mean(gaps) if gaps else None):>12}"
        f"{_figure(max(gaps, default=None)):>9}{len(own) - len(gaps):>5}{_figure(mean(proofs) if proofs else None):>10}"
        f"{sum(is_proved(row) for row in own):>8}   {beside}".rstrip()
    )


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
