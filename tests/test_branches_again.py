"""Branches that prove a bound of generalised assignment, counted again: a false bound, a dropped branch or other prices are found out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import gap_again
from benchmarks.gap_again import with_the_rest_recounted
from benchmarks.gap_rows import DisagreementError, Row, is_recounted
from benchmarks.gap_solvers.branches_again import Certificate, TooLongError, WrongError, read_certificate, shown
from benchmarks.gap_solvers.evenload import certificate_of, setting_of
from benchmarks.gap_solvers.generate import made, write_instances
from benchmarks.gap_solvers.instance import Instance, count_again
from evenload.planning.optimise import Limit, noted, targets
from evenload.planning.optimise.solve import Search

pytestmark = pytest.mark.slow

NAME = "d05090"
"""Its bound by prices is some steps below its optimum."""

Proof = tuple[Instance, int, Certificate]


def searched(notes_branches: bool) -> Search:
    search = Search(setting_of(made(NAME)), 0, Limit(moves_per_unit=20_000, gap_percent=0.0))
    search.notes_branches = notes_branches
    search.run()
    return search


@pytest.fixture(scope="module")
def proof() -> Proof:
    """The instance, its optimum as the engine proves it, and the branches that it noted."""
    search = searched(notes_branches=True)
    assert search.stopped_by == "proved"
    assert search.refuted is not None
    return made(NAME), round(search.bound), certificate_of(search.refuted)


def without_branch(certificate: Certificate, dropped: int) -> Certificate:
    """The same without one branch and all that lies below it."""
    keeps = np.ones(len(certificate.parent), bool)
    for branch, parent in enumerate(certificate.parent.tolist()):
        keeps[branch] = branch != dropped and (parent < 0 or keeps[parent])
    number = np.cumsum(keeps) - 1
    kept_prices = keeps[certificate.at]
    parent = np.where(certificate.parent < 0, -1, number[certificate.parent])
    of_branch = {name: getattr(certificate, name)[keeps] for name in ("agent", "job", "is_taken")}
    return replace(
        certificate, parent=parent[keeps], at=number[certificate.at[kept_prices]], prices=certificate.prices[kept_prices], **of_branch
    )


def test_the_branches_show_the_bound_and_not_one_more(proof: Proof, tmp_path: Path) -> None:
    instance, bound, certificate = proof
    certificate.write(tmp_path / "branches.npz")
    read = read_certificate(tmp_path / "branches.npz")

    assert shown(instance, bound, read) == len(read.parent) > 20
    assert shown(instance, bound - 1, read) == len(read.parent)
    with pytest.raises(WrongError, match=rf"branch \d+: at least {bound + 1} expected, or branches below it; \d+\.\d+ found and none"):
        shown(instance, bound + 1, read)
    with pytest.raises(TooLongError, match="branch 0"):
        shown(instance, bound, read, seconds=-1.0)


def test_a_dropped_branch_is_missed(proof: Proof) -> None:
    instance, bound, certificate = proof
    branches = len(certificate.parent)

    for dropped in {1, 2, branches // 3, branches // 2, branches - 2, branches - 1}:
        with pytest.raises(WrongError, match=r"branch \d+: (a branch with job \d+ at agent \d+ expected, none found|at least)"):
            shown(instance, bound, without_branch(certificate, dropped))


def test_branches_out_of_place_are_refused(proof: Proof) -> None:
    instance, bound, certificate = proof
    parent, job = certificate.parent.copy(), certificate.job.copy()
    parent[-1], job[1] = len(parent) + 5, job[1] + 1

    with pytest.raises(WrongError, match="one above it that is open expected"):
        shown(instance, bound, replace(certificate, parent=parent))
    with pytest.raises(WrongError, match=r"a decision on job \d+ expected"):
        shown(instance, bound, replace(certificate, job=job))
    with pytest.raises(WrongError, match="branches from a root expected"):
        shown(instance, bound, replace(certificate, parent=certificate.parent + 1))
    with pytest.raises(WrongError, match="prices of 90 jobs in the order of branches expected"):
        shown(instance, bound, replace(certificate, at=certificate.at[::-1]))


def test_prices_that_prove_less_are_found_out(proof: Proof) -> None:
    instance, bound, certificate = proof
    nothing = np.zeros_like(certificate.prices)
    last_only = certificate.prices.copy()
    last_only[-1] *= 0.9

    for prices in (nothing, 0.98 * certificate.prices, last_only):
        with pytest.raises(WrongError, match=f"at least {bound} expected"):
            shown(instance, bound, replace(certificate, prices=prices))


def test_no_prices_show_more_than_the_cheapest_of_all_assignments() -> None:
    dice = np.random.default_rng(3)
    for _ in range(8):
        drawn = Instance("e03005", dice.integers(-10, 20, (3, 5)), dice.integers(1, 20, (3, 5)), dice.integers(18, 34, 3))
        values = [count_again(drawn, [number // 3**job % 3 for job in range(5)]) for number in range(3**5)]
        cheapest = min((value for value, is_feasible in values if is_feasible), default=None)
        for spread in (0.0, 15.0, 40.0):
            everything = every_assignment(dice, spread)
            if cheapest is None:
                assert shown(drawn, 10**6, everything) >= 1
            else:
                assert shown(drawn, cheapest, everything) >= 1
                with pytest.raises(WrongError, match=f"at least {cheapest + 1} expected"):
                    shown(drawn, cheapest + 1, everything)


def every_assignment(dice: np.random.Generator, spread: float) -> Certificate:
    """Each job at each of three agents, one job after another, with drawn prices of the five jobs at every branch."""
    rows: list[tuple[int, int, int]] = []

    def divide(parent: int, job: int) -> None:
        for agent in range(3 if job < 5 else 0):
            rows.append((parent, agent, job))
            divide(len(rows) - 1, job + 1)

    rows.append((-1, -1, -1))
    divide(0, 0)
    parent, agent, job = np.array(rows).T
    prices = 5.0 + dice.uniform(-spread, spread, (len(rows), 5))
    return Certificate(prices[0], parent, agent, job, np.ones(len(rows), np.int8), np.arange(len(rows)), prices)


def test_noting_changes_nothing_of_the_search(proof: Proof, monkeypatch: pytest.MonkeyPatch) -> None:
    _, bound, certificate = proof
    plain = searched(notes_branches=False)
    monkeypatch.setattr(targets, "NOTED", 8)
    fetched_often = searched(notes_branches=True)

    assert plain.refuted is None
    assert fetched_often.refuted is not None
    again = certificate_of(fetched_often.refuted)
    for name in Certificate.__slots__:
        assert (getattr(again, name) == getattr(certificate, name)).all(), name
    for search in (plain, fetched_often):
        assert (round(search.bound), search.steps) == (bound, plain.steps)
        assert (search.best.who == plain.best.who).all()


def test_more_prices_than_may_be_kept_show_nothing_and_change_nothing(proof: Proof, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "MOST_BYTES", 0)
    search = searched(notes_branches=True)

    assert search.refuted is None or round(search.refuted.target) < proof[1] - 1
    assert round(search.bound) == proof[1]


def row_of(bound: float, recounted: int) -> Row:
    return {"instance": NAME, "solver": "evenload", "seconds": 1.0, "bound": bound, "recounted": recounted}


def test_the_benchmark_counts_branches_again_and_stops_where_they_do_not_hold(
    proof: Proof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bound, certificate = proof
    write_instances(tmp_path, [NAME])
    file = tmp_path / "branches.npz"
    certificate.write(file)
    rows = [row_of(bound - 3.0, bound - 3), row_of(bound - 1.0, bound - 3), row_of(bound, bound - 3)]

    told = with_the_rest_recounted(rows, tmp_path / NAME, {"branched": bound}, file)
    assert all(is_recounted(row) for row in told)
    assert [row.get("branches") for row in told] == [None, len(certificate.parent), len(certificate.parent)]
    with pytest.raises(DisagreementError, match=f"{NAME}: the branches do not show {bound + 1}: branch"):
        with_the_rest_recounted([row_of(bound + 1, bound)], tmp_path / NAME, {"branched": bound + 1}, file)

    monkeypatch.setattr(gap_again, "BRANCHES_SECONDS", -1)
    monkeypatch.setattr(gap_again.importlib.util, "find_spec", lambda _name: None)
    assert with_the_rest_recounted(rows, tmp_path / NAME, {"branched": bound}, file) == rows
