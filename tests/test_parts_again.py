"""What branches prove of a small caseload, counted again from the Case: more than they show, other prices or a dropped branch are found out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.caseload_solvers.evenload import Branched, planned, recounted_bound
from benchmarks.caseload_solvers.parts_again import shown
from benchmarks.caseload_solvers.weeks_again import trip_price
from benchmarks.gap_solvers.branches_again import TooLongError, WrongError
from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.optimise import Limit

pytestmark = pytest.mark.slow

Proof = tuple[Case, dict[str, int], dict[str, float], Branched]


@pytest.fixture(scope="module")
def proof() -> Proof:
    """A caseload, and the part that took most branches."""
    case = caseload(Size(12, 200, 0.95), 2)
    plan, proofs = planned(case, Limit(moves_per_unit=1_000, gap_percent=0.0))
    targets = {load.practitioner: load.target_minutes for load in plan.loads}
    trips = {p.id: trip_price(case, p, plan.bound.trip_prices.get(p.id, 0.0)) for p in case.practitioners}
    assert plan.bound.hours - 1e-5 <= recounted_bound(case, plan, proofs) <= plan.score.hours + 1e-6
    part = max(proofs.branched, key=lambda part: len(part.certificate.parent))
    assert len(part.certificate.parent) > 10
    return case, targets, trips, part


def again(proof: Proof, more: float = 0.0, seconds: float = 60.0) -> int:
    case, targets, trips, part = proof
    return shown(case, targets, trips, part.units, part.people, part.certificate, part.hours + more, seconds)


def test_the_branches_show_what_was_told_and_not_more(proof: Proof) -> None:
    assert again(proof) == len(proof[3].certificate.parent)
    with pytest.raises(WrongError, match="expected"):
        again(proof, more=0.5)
    with pytest.raises(TooLongError, match="branch 0"):
        again(proof, seconds=-1.0)


def test_other_prices_and_a_dropped_branch_are_found_out(proof: Proof) -> None:
    *facts, part = proof
    own = part.certificate
    keeps = np.arange(len(own.parent)) < len(own.parent) - 1
    kept_prices = keeps[own.at]
    dropped = replace(
        own, parent=own.parent[keeps], agent=own.agent[keeps], job=own.job[keeps], is_taken=own.is_taken[keeps], at=own.at[kept_prices],
        prices=own.prices[kept_prices],
    )  # fmt: skip
    for changed in (dropped, replace(own, prices=0.9 * own.prices)):
        with pytest.raises(WrongError, match="expected"):
            again((*facts, part._replace(certificate=changed)))


def test_a_part_without_somebody_who_may_take_its_units_is_refused(proof: Proof) -> None:
    *facts, part = proof
    with pytest.raises(WrongError, match=f"{part.people[-1]} may take it too"):
        again((*facts, part._replace(people=part.people[:-1])))
