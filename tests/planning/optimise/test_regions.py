"""Very large programs go region by region: here small ones do, for what makes a program large is lowered."""

from functools import partial
from threading import Semaphore

import numpy as np
import pytest

from benchmarks.bound_solvers.all_pairs import plan_again
from benchmarks.caseload_solvers.weeks_again import bound_of_weeks
from benchmarks.growth import counted_gap
from benchmarks.instances import Size, caseload, caseload_in_columns
from evenload.planning.optimise import Limit, candidates, cycles, region_prices, regions
from evenload.planning.optimise.begin import Placed, board_for
from evenload.planning.optimise.candidates import Worth, arcs_of
from evenload.planning.optimise.price_repair import cheapest_of, mended
from evenload.planning.optimise.region import cut_out
from evenload.planning.optimise.region_rounds import RegionRounds
from evenload.planning.optimise.regions import Regions, week_prices
from evenload.planning.optimise.result import Found, plan_of
from evenload.planning.optimise.setting import Setting, demand_of, priced_with, setting_of
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.state import place_all
from evenload.planning.optimise.threads import side_by_side, using_threads

SIZE = Size(60, 1_500)
LIMIT = Limit(moves_per_unit=10, gap_percent=0.0)


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "LARGE_NODES", 600)
    monkeypatch.setattr(regions, "MOST_PEOPLE", 12)
    monkeypatch.setattr(region_prices, "MOST_PEOPLE", 12)
    monkeypatch.setattr(region_prices, "MARGIN", 1.0)
    monkeypatch.setattr(cycles, "REGIONS_PRICED_AFTER", (2,))


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


def test_a_solve_that_is_stopped_while_regions_are_worked_on_keeps_what_is_done(setting: Setting) -> None:
    told: list[float] = []
    search = Search(setting, 3, LIMIT, should_stop=lambda: len(told) > 4, progress=lambda _, gap: told.append(gap))

    found = search.run()

    assert search.stopped_by == "interrupted"
    assert 0 < counted_gap(found) < told[1] < told[0]
    assert told[-1] < told[2], "regions that were done count, those that were not keep their first plan"


def test_a_solve_that_is_stopped_before_regions_are_worked_on_has_a_first_plan(setting: Setting) -> None:
    found = Search(setting, 3, LIMIT, should_stop=lambda: True).run()

    assert (found.placed.who >= 0).mean() > 0.9
    assert 0 < counted_gap(found) < 50


def test_what_waits_goes_where_room_is_left_whichever_region_that_is_in(setting: Setting) -> None:
    worth = worth_of(setting)
    regions_laid = Regions(setting, worth, setting.current)
    regions_laid.round(partial(RegionRounds._work_on, Search(setting, 3, LIMIT), 0, Semaphore()), lambda: False, lambda: None)
    whole, hours = regions_laid.who.copy(), regions_laid.hours
    taken = np.flatnonzero(whole >= 0)[::200].astype(np.int32)
    for n in taken:
        _strike(regions_laid, int(n))

    regions_laid.fill()

    assert (regions_laid.who < 0).sum() <= (whole < 0).sum(), "room was left for as many"
    assert regions_laid.hours < hours + 50
    counted, broken = plan_again(setting.case, regions_laid.who, setting.targets_minutes)
    assert not broken
    assert abs(counted - regions_laid.hours) < 1e-6 * counted


def _strike(regions_laid: Regions, n: int) -> None:
    """Node n waits: its week is counted anew from everything else that she has."""
    setting, p = regions_laid.setting, int(regions_laid.who[n])
    regions_laid.who[n] = -1
    nodes = np.flatnonzero(regions_laid.who == p).astype(np.int32)
    board = board_for(*cut_out(setting, regions_laid.worth, np.array([p], np.int32), nodes, np.zeros(len(nodes), np.int32)))
    place_all(*board, np.zeros(len(nodes), np.int32))
    regions_laid.people[p], regions_laid.weeks[p] = board.people[0], week_prices(*board[:3])[0]


def test_a_program_of_objects_goes_by_regions_as_well_and_becomes_a_plan() -> None:
    search = Search(setting_of(caseload(Size(30, 600))), 0, Limit(moves_per_unit=5, gap_percent=0.0))

    plan = plan_of(search.run(), search.way())

    assert plan.provenance.method == "regions"
    assert len(plan.assignments) + len(plan.waiting) == 600


def test_a_region_asks_of_its_pairs_what_the_whole_does(setting: Setting) -> None:
    worth = worth_of(setting)
    whole = arcs_of(setting.instance, setting.exact, worth, setting.current, keep=60, slots=60, is_usual=True).arcs
    regions_laid = list(Regions(setting, worth, setting.current).laid())
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


def test_a_node_goes_to_the_region_of_whom_prices_would_give_it_in_whatever_order_its_arcs_stand(setting: Setting) -> None:
    """As found: lists without an order are made for the ascents, and nodes went to the region of any of sixteen; a tenth of them waited."""
    worth = worth_of(setting)
    listed = arcs_of(setting.instance, setting.exact, worth, is_lean=True)
    found = cheapest_of(listed.arcs, demand_of(setting.instance, listed), worth.minute, worth.trip)
    usual = arcs_of(setting.instance, setting.exact, worth, is_usual=True)  # the cheapest first
    trips, first = setting.instance.trips, usual.arcs[:, 0]
    hours = first["cost"] + worth.minute[first["to"]] * first["load"] + worth.trip[first["to"]] * trips
    same = found == np.where(usual.degree > 0, first["to"], -1)
    second = usual.arcs[:, 1]
    others = second["cost"] + worth.minute[second["to"]] * second["load"] + worth.trip[second["to"]] * trips
    assert (same | (others - hours < 1e-4)).all(), "but for costs that lean records round alike"
    assert (listed.arcs[:, 0]["to"] != found).mean() > 0.1, "else this shows nothing"


def test_regions_of_a_round_share_nothing_and_leave_nobody_out(setting: Setting) -> None:
    cheapest = setting.current.copy()
    laid = list(Regions(setting, worth_of(setting), cheapest).laid())

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


def worth_of(setting: Setting) -> Worth:
    count = len(setting.instance.practitioners)
    return Worth(np.full(count, 2 / 60), np.zeros(count), 0.0)
