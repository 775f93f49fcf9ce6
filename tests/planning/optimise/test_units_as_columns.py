"""A Case born as columns is the Case of its objects; who is out of reach is not looked at; small arcs alter no figure that is published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_cases import drawn_case
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.growth import counted_gap
from benchmarks.instances import Size, caseload, caseload_in_columns
from evenload.planning.case import digest
from evenload.planning.optimise import Limit, candidates, reach, solve
from evenload.planning.optimise.arrays import ExactDrives
from evenload.planning.optimise.candidates import Listed, Worth, arcs_of
from evenload.planning.optimise.columns import Columns
from evenload.planning.optimise.pairs import nearest_travel
from evenload.planning.optimise.setting import priced, setting_of
from evenload.planning.optimise.solve import Search
from evenload.planning.plan import Plan
from evenload.planning.targets import targets

pytestmark = pytest.mark.slow

LITTLE = Limit(moves_per_unit=10, gap_percent=0.0)


def test_the_synthetic_programs_are_what_they_were_before_they_were_columns() -> None:
    assert digest(caseload(Size(9, 90))) == "sha256:7b2564e51ed010a94ca86fdab112c79a44943a726d4805966b94b0cbd3aa183e"
    assert digest(caseload(Size(30, 600, 1.10), seed=2)) == "sha256:3d79dd41507bcbed1ada90c60d6245dd42267d232d2486dab1d810ad846f36ab"


def test_columns_are_solved_as_their_objects_are() -> None:
    of_columns, of_objects = (solve(case, limit=LITTLE) for case in (caseload_in_columns(Size(12, 200)), caseload(Size(12, 200))))

    assert what_it_says(of_columns) == what_it_says(of_objects)


def what_it_says(plan: Plan) -> tuple[object, ...]:
    return plan.case_digest, plan.assignments, plan.waiting, plan.cover, plan.loads, plan.score, plan.bound


def test_targets_counted_from_arrays_are_those_counted_from_units() -> None:
    case = caseload_in_columns(Size(9, 90, 1.10))

    assert setting_of(case).targets_minutes == targets(case)


def test_a_unit_of_columns_is_made_where_it_is_named() -> None:
    units = caseload_in_columns(Size(9, 90)).units
    assert isinstance(units, Columns)

    assert [unit.id for unit in units[3:5]] == ["u000003", "u000004"]
    assert units[-1] == list(units)[-1]
    with pytest.raises(ValueError, match="stand alone"):
        replace(units, kinds=(replace(units.kinds[0], pinned_to="p00001"), *units.kinds[1:]))


@given(st.integers(0, 2**32))
def test_leaving_out_who_is_out_of_reach_alters_nothing(seed: int) -> None:
    setting = setting_of(drawn_case(seed))
    instance, people = setting.instance, len(setting.instance.practitioners)
    worth = Worth(np.linspace(-0.01, 0.02, people), np.zeros(people), 0.0)

    def asked() -> tuple[Listed, list[int]]:
        return arcs_of(instance, setting.exact, worth, setting.current), nearest_travel(instance, setting.exact).tolist()

    before = asked()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "WIDE", 0)
        after = asked()

    assert after[1] == before[1]
    for name in ("arcs", "degree", "node_hours", "eligible_hours", "waiting_moves", "takers"):
        assert np.array_equal(getattr(after[0], name), getattr(before[0], name))


def test_in_a_wide_country_most_are_out_of_reach() -> None:
    setting = setting_of(caseload_in_columns(Size(1_200, 2_000)))
    wing, units = setting.instance.wings[0], setting.instance.units

    small = reach.near_wing(
        wing, units, setting.instance.pinned, reach.reach_of(wing, setting.instance.scale), reach.everywhere(wing), 0, reach.BLOCK
    )

    assert 0 < len(small.members) < len(wing.members)
    assert (np.diff(small.members) > 0).all()


def test_small_arcs_prove_as_much_and_every_plan_is_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = caseload_in_columns(Size(60, 1_500))
    usual = priced(setting_of(case), None)
    monkeypatch.setattr(candidates, "LARGE_NODES", 0)
    setting = setting_of(case)
    found = Search(setting, 0, LITTLE).run()

    assert found.priced.listed.arcs.itemsize == 16
    assert found.priced.certified_hours == pytest.approx(usual.certified_hours, rel=1e-4)
    assert 0 < counted_gap(found) < 30


def test_small_arcs_never_cost_more_than_the_pair_does(monkeypatch: pytest.MonkeyPatch) -> None:
    case = caseload_in_columns(Size(30, 300))
    exact = arcs_of_everybody(case_setting := setting_of(case), case_setting.exact)
    monkeypatch.setattr(candidates, "LARGE_NODES", 0)
    small = arcs_of_everybody(setting := setting_of(case), setting.exact)

    assert (small.arcs["to"] == exact.arcs["to"]).all()
    listed = np.arange(small.arcs.shape[1]) < small.degree[:, None]
    below = exact.arcs["cost"][listed] - small.arcs["cost"][listed].astype(np.float64)
    assert (below >= 0).all()
    assert (below <= 1e-6 * np.maximum(1.0, exact.arcs["cost"][listed])).all()


def arcs_of_everybody(setting: object, exact: ExactDrives) -> Listed:
    instance = setting.instance  # type: ignore[attr-defined]
    nobody = np.zeros(len(instance.practitioners))
    return arcs_of(instance, exact, Worth(nobody, nobody, 0.0), keep=10, slots=10)
