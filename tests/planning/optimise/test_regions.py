"""Very large programs go region by region: here small ones do, for what makes a program large is lowered."""

import numpy as np
import pytest

from benchmarks.caseload_solvers.weeks_again import bound_of_weeks
from benchmarks.growth import counted_gap
from benchmarks.instances import Size, caseload, caseload_in_columns
from evenload.planning.optimise import Limit, candidates, cycles, regions
from evenload.planning.optimise.begin import Placed
from evenload.planning.optimise.candidates import Worth, arcs_of
from evenload.planning.optimise.price_repair import mended
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.regions import Regions
from evenload.planning.optimise.result import Found, plan_of
from evenload.planning.optimise.setting import Setting, priced_with, setting_of
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.threads import side_by_side, using_threads

SIZE = Size(60, 1_500)
LIMIT = Limit(moves_per_unit=10, gap_percent=0.0)


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "LARGE_NODES", 0)
    monkeypatch.setattr(regions, "MOST_PEOPLE", 12)
    monkeypatch.setattr(cycles, "REGIONS_PRICED_AFTER", (1,))


@pytest.fixture
def setting() -> Setting:
    return setting_of(caseload_in_columns(SIZE))


def searched(threads: int, progress: list[float]) -> Found:
    with using_threads(threads):
        search = Search(setting_of(caseload_in_columns(SIZE)), 3, LIMIT, progress=lambda _, gap: progress.append(gap))
        return search.run()


def test_regions_give_the_same_plan_and_bound_for_any_number_of_threads_and_both_are_counted_again() -> None:
    told: list[float] = []
    one, two = searched(1, told), searched(2, [])

    assert (one.placed.who == two.placed.who).all()
    assert (one.placed, one.bound_hours) == (Placed(one.placed.who, two.placed.hours, two.placed.moves), two.bound_hours)
    assert np.diff(told).max() < 1e-9, "it never gets worse, but for the order of sums"
    assert 0 < counted_gap(one) < 10, "of all, with so little effort"
    # What whole weeks prove, region by region, is no more than plain loops over every pair do at the same prices.
    case, names = one.setting.case, [p.id for p in one.setting.instance.practitioners]
    assert one.node_prices is not None
    prices = {unit.id: float(price) for unit, price in zip(case.units, one.node_prices, strict=True)}
    recounted = sum(
        bound_of_weeks(case, one.setting.targets_minutes, prices, dict(zip(names, one.priced.worth.trip, strict=True))).values()
    )
    assert one.priced.bound_hours < one.bound_hours <= recounted + 1e-6
    assert recounted <= one.placed.hours


def test_a_solve_that_is_stopped_in_its_first_round_ends_with_a_plan_of_what_is_done(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regions, "AT_ONCE", 2)
    told: list[float] = []
    search = Search(setting, 3, LIMIT, should_stop=lambda: len(told) > 2, progress=lambda _, gap: told.append(gap))
    beginning = search.best

    found = search.run()

    assert search.stopped_by == "interrupted"
    assert (found.placed.who[beginning.who < 0] >= 0).any()
    assert 0 < counted_gap(found) < told[0]


def test_a_program_of_objects_goes_by_regions_as_well_and_becomes_a_plan() -> None:
    search = Search(setting_of(caseload(Size(30, 300))), 0, Limit(moves_per_unit=5, gap_percent=0.0))

    plan = plan_of(search.run(), search.way())

    assert plan.provenance.method == "regions"
    assert len(plan.assignments) + len(plan.waiting) == 300


def test_a_region_asks_of_its_pairs_what_the_whole_does(setting: Setting) -> None:
    worth = worth_of(setting)
    whole = arcs_of(setting.instance, setting.exact, worth, setting.current, keep=60, slots=60, is_usual=True).arcs
    regions_laid = list(Regions(setting, worth, nothing(setting), setting.current).laid())
    people, nodes, _ = regions_laid[1]

    cut, priced = cut_out(setting, worth, people, nodes, np.full(len(nodes), -1, np.int32))

    arcs, degree = priced.listed.arcs, priced.listed.degree
    n, k = np.nonzero(np.arange(arcs.shape[1]) < degree[:, None])
    of_whole = whole[nodes[n]]
    slot = (of_whole["to"] == people[arcs["to"][n, k]][:, None]).argmax(axis=1)
    for name in ("cost", "load", "travel"):
        assert (arcs[name][n, k] == of_whole[name][np.arange(len(n)), slot]).all(), name
    assert len(n) > 0
    assert (cut.instance.waiting == setting.instance.waiting[nodes]).all()


def test_regions_of_a_round_share_nothing_and_leave_nobody_out(setting: Setting) -> None:
    cheapest = setting.current.copy()
    laid = list(Regions(setting, worth_of(setting), nothing(setting), cheapest).laid())

    assert sorted(np.concatenate([region.people for region in laid])) == list(range(60))
    assert sorted(np.concatenate([region.nodes for region in laid])) == list(range(1_500))
    assert max(len(region.people) for region in laid) <= 12
    for region in laid:
        had = setting.current[region.nodes]
        assert np.isin(had[had >= 0], region.people).all(), "a node is where the one is who has it"


def test_the_price_of_somebody_whom_everybody_wants_is_mended(setting: Setting) -> None:
    good = Search(setting, 0, LIMIT)
    good_prices = mended(setting, priced_with(setting, worth_of(setting), None, setting.current, is_lean=True))
    minute = good_prices.worth.minute.copy()
    minute[7] = -1.0
    spoiled = priced_with(setting, good_prices.worth._replace(minute=minute), None, setting.current, is_lean=True)
    known = good_prices.bound_hours

    found = mended(setting, spoiled)

    assert good.best.hours > known > spoiled.bound_hours + 20
    assert found.bound_hours > known - 0.02 * known


def test_tasks_that_split_up_their_own_work_do_not_wait_for_each_other() -> None:
    with using_threads(2):
        found = side_by_side([lambda: side_by_side([lambda: 1, lambda: 2]), lambda: side_by_side([lambda: 3, lambda: 4])])

    assert found == [[1, 2], [3, 4]]


def nothing(setting: Setting) -> Placed:
    return Placed(setting.current.copy(), 0.0, 0)


def worth_of(setting: Setting) -> Worth:
    count = len(setting.instance.practitioners)
    return Worth(np.full(count, 2 / 60), np.zeros(count), 0.0)
