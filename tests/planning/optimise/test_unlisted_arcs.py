"""A bound over the listed arcs holds over all of them: whatever is not listed is priced exactly."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.instances import Size, caseload
from evenload.planning.goals import pair_hours
from evenload.planning.optimise import strengthen
from evenload.planning.optimise.begin import Placed, kept
from evenload.planning.optimise.setting import Priced, Setting, priced, priced_with, setting_of
from evenload.planning.optimise.strengthen import strengthened
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.unlisted import least_excess
from evenload.planning.score import may_take
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow

ROUNDING = 1e-6


LISTED = 4
"""Arcs of a node that are listed here, of ten."""

Program = tuple[Setting, Priced, Placed]


@pytest.fixture(scope="module", params=[0.95, 1.10])
def program(request: pytest.FixtureRequest) -> Program:
    """Wings of ten practitioners, of whom four are listed."""
    setting = setting_of(caseload(Size(30, 300, request.param)))
    return setting, priced_with(setting, priced(setting, None).worth, None, setting.current, width=LISTED), kept(setting)


def proved(program: Program, monkeypatch: pytest.MonkeyPatch, *, most_arcs: int, **way: object) -> float:
    monkeypatch.setattr(strengthen, "MOST_ARCS", most_arcs)
    setting, at_prices, placed = program
    return strengthened(setting, at_prices, placed, None, **way).bound_hours


def test_a_bound_over_listed_arcs_lies_below_the_one_over_all_at_the_same_prices(program, monkeypatch) -> None:
    setting, at_prices, placed = program
    listed = at_prices.listed
    assert not (listed.degree >= listed.takers).all()

    def unchecked(**way: object) -> float:
        with monkeypatch.context() as blind:
            blind.setattr(strengthen, "least_excess", lambda instance, *_: np.full(len(instance.practitioners), np.inf))
            return proved(program, blind, most_arcs=0, **way)

    monkeypatch.setattr(strengthen, "MOST_ARCS", 0)
    climbed = strengthened(setting, at_prices, placed, None, passes=60).prices
    dice, overstated = np.random.default_rng(7), 0
    for spread in (0.0, 0.01, 0.05):
        start = np.minimum(setting.instance.waiting, climbed + spread * dice.random(len(climbed)))
        whole = proved(program, monkeypatch, most_arcs=10**9, passes=1, start=start)
        assert proved(program, monkeypatch, most_arcs=0, passes=1, start=start) <= whole + ROUNDING
        overstated += unchecked(passes=1, start=start) > whole + ROUNDING
    # Without their prices the unlisted arcs would have let the bound rise above what is true.
    assert overstated > 0


def test_an_ascent_over_listed_arcs_proves_more_than_the_prices_and_goes_on_where_it_ended(program, monkeypatch) -> None:
    setting, at_prices, placed = program
    whole = proved(program, monkeypatch, most_arcs=10**9, passes=60)
    some = proved(program, monkeypatch, most_arcs=0, passes=60)
    gained = whole - at_prices.bound_hours
    assert gained > 0
    assert at_prices.bound_hours < some <= whole + 0.1 * gained
    monkeypatch.setattr(strengthen, "MOST_ARCS", 0)
    first = strengthened(setting, at_prices, placed, None, passes=15)
    again = strengthened(setting, at_prices, placed, None, passes=15, start=first.prices)
    assert again.bound_hours >= first.bound_hours - 0.1 * gained


def test_one_thread_or_two_prove_the_same_to_the_last_bit(program, monkeypatch) -> None:
    setting, at_prices, placed = program
    monkeypatch.setattr(strengthen, "MOST_ARCS", 0)
    found = []
    for count in (1, 2):
        with using_threads(count):
            found.append(strengthened(setting, at_prices, placed, None, passes=25))
    one, two = found
    assert one.bound_hours == two.bound_hours
    assert one.prices.tobytes() == two.prices.tobytes()
    assert one.picked.tobytes() == two.picked.tobytes()


def test_the_least_excess_is_that_of_plain_loops(program) -> None:
    setting, at_prices, _ = program
    listed, instance = at_prices.listed, setting.instance
    prices = listed.node_hours + 0.2
    room = setting.staff.maximum - setting.pinned_minutes.astype(np.int64)

    found = least_excess(instance, setting.exact, listed, at_prices.worth, prices, room)

    for p in range(0, len(instance.practitioners), 9):
        person, excess = instance.practitioners[p], []
        for n, node in enumerate(instance.nodes):
            has_arc = p in listed.arcs["to"][n, : listed.degree[n]]
            if not has_arc and instance.pinned[n] < 0 and may_take(instance.case, person, node):
                minutes = sum(load_minutes(instance.case, person, unit) for unit in node)
                cost = sum(sum(pair_hours(instance.case, person, unit).values()) for unit in node)
                trip = at_prices.worth.trip[p] * instance.trips[n]
                excess.append(cost + at_prices.worth.minute[p] * minutes + trip - prices[n])
        negative = sum(one for one in excess if one < 0)
        assert found[p] == pytest.approx(negative if negative < 0 else min(excess, default=np.inf), abs=1e-9)
