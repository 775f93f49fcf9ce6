"""Weeks under protection: filled as brute force fills them, and what they prove holds for every protected plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_protected_loads import drawn, feasible

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import is_eligible, is_pinned_to
from evenload.planning.goals import load_hours, pair_hours, trip_limit, waiting_hours
from evenload.planning.optimise import solve, strengthen
from evenload.planning.optimise.begin import Placed, kept
from evenload.planning.optimise.guarded_fill import fill_week
from evenload.planning.optimise.guarded_rooms import GuardedWeeks, bench_for
from evenload.planning.optimise.hours_guarded import guarded_hours_saved, with_an_hour
from evenload.planning.optimise.knapsack import Weeks, corners
from evenload.planning.optimise.setting import Priced, Setting, priced, priced_with, setting_of
from evenload.planning.optimise.strengthen import Strengthened, strengthened
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.warm import tiny_case
from evenload.planning.score import score
from evenload.planning.shadow import french_or_other, where_an_hour_helps
from evenload.planning.targets import targets
from evenload.planning.travel import load_minutes

pytestmark = pytest.mark.slow

ROUNDING = 1e-6


class OneWeek:
    """One practitioner's week, drawn: items, what is pinned, a convex price of her load, and how many may run high."""

    def __init__(self, dice: Random, *, is_straight: bool) -> None:
        self.budget, self.room, items = dice.choice([1, 1, 2, 3, 20]), dice.randint(0, 60), dice.randint(1, 9)
        self.load = [dice.randint(0, 30) for _ in range(items)]
        self.spread = [dice.choice([0, dice.randint(0, 15)]) for _ in range(items)]
        self.pinned = [dice.randint(0, 10) for _ in range(dice.choice([0, 0, 1, 3]))]
        self.value = [dice.uniform(-4, 1) for _ in range(items)]
        self.room += sum(sorted(self.pinned, reverse=True)[: self.budget])
        slopes = [dice.uniform(-0.05, 0.1)] * self.room if is_straight else sorted(dice.uniform(-0.05, 0.1) for _ in range(self.room))
        self.hours = np.concatenate([[0.0], np.cumsum(slopes)]) if slopes else np.zeros(1)

    def least(self, *, must: int | None = None) -> float:
        """By trying every set, with item `must` in it."""
        found = np.inf
        for count in range(len(self.load) + 1):
            for chosen in combinations(range(len(self.load)), count):
                load = sum(self.load[i] for i in chosen)
                high = sorted([*self.pinned, *(self.spread[i] for i in chosen)], reverse=True)[: self.budget]
                if load + sum(high) <= self.room and (must is None or must in chosen):
                    found = min(found, sum(self.value[i] for i in chosen) + self.hours[load])
        return float(found)

    def guarded(self) -> GuardedWeeks:
        own = [i for i, load in enumerate(self.load) if load <= self.room]
        hours, room = self.hours.reshape(1, -1), np.array([self.room], np.int64)
        threshold = np.unique([0, *self.spread, *self.pinned]).astype(np.int64)
        above = [[max(0, spread - theta) for spread in self.pinned] for theta in threshold.tolist()]
        return GuardedWeeks(
            weeks=Weeks(
                people=np.zeros(1, np.int32),
                start=np.array([0, len(own)], np.int64),
                node=np.array(own, np.int32),
                load=np.array([self.load[i] for i in own], np.int32),
                cost=np.array([self.value[i] for i in own], np.float64),
                hours=hours,
                room=room,
                least_slope=np.diff(hours, axis=1).min(axis=1, initial=0.0),
                corner=corners(hours, room),
                arc=np.arange(len(own)),
            ),
            spread=np.array([self.spread[i] for i in own], np.int32),
            threshold=threshold,
            kept=np.array([[self.budget * theta + sum(extra) for theta, extra in zip(threshold.tolist(), above, strict=True)]], np.int64),
            spare=np.array([[self.budget - 1 - sum(one > 0 for one in extra) for extra in above]], np.int64),
            slope=np.zeros(1),
        )


@given(st.integers(0, 2**32), st.booleans())
def test_a_protected_week_is_filled_exactly_or_bounded_where_its_price_of_load_bends(seed: int, is_straight: bool) -> None:
    dice = Random(seed)
    week = OneWeek(dice, is_straight=is_straight)
    guarded, prices = week.guarded(), np.zeros(len(week.load))
    straight = float(week.hours[1] - week.hours[0]) if len(week.hours) > 1 else 0.0
    guarded.slope[:] = straight if is_straight else dice.uniform(-0.1, 0.2)
    best = week.least()

    value, price = fill_week(guarded, 0, prices, dice.uniform(0, 0.2), bench_for(guarded))

    assert np.isfinite(price)
    assert value <= best + 1e-9
    if is_straight or week.budget == 1:
        assert value == pytest.approx(best, abs=1e-9)


class Proved:
    """What knapsacks prove of a small Case from some prices of loads, beside every protected plan of it."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case, self.setting, plan = case, setting_of(case), solve(case)
        index = {p.id: i for i, p in enumerate(self.setting.instance.practitioners)}
        holder = {row.unit: index[row.practitioner] for row in plan.assignments}
        who = np.array([holder.get(node[0].id, -1) for node in self.setting.instance.nodes], np.int32)
        worth, dice = priced(self.setting, None).worth, np.random.default_rng(seed)
        worth = worth._replace(minute=worth.minute + dice.normal(0, 0.01, len(worth.minute)))
        width = max((len(wing.members) for wing in self.setting.instance.wings), default=1)
        self.full = priced_with(self.setting, worth, None, who, width=width)
        placed = Placed(who, plan.score.hours - self.setting.instance.held_back_hours, 0)
        self.proof = strengthened(self.setting, self.full, placed, None, passes=60)

    def plans(self) -> list[tuple[float, dict[str, str]]]:
        """Price, held-back units apart, and assignment of every protected plan."""
        held_back = self.setting.instance.held_back_hours
        return [(score(self.case, assignment).hours - held_back, assignment) for assignment in feasible(self.case)]

    def recounted(self) -> float:
        """The bound counted again from the node prices: every set that each practitioner could have, over all eligible pairs."""
        case, nodes = self.case, self.setting.instance.nodes
        price = dict(zip((node[0].id for node in nodes), self.proof.prices.tolist(), strict=True))
        trip = dict(zip((p.id for p in self.setting.instance.practitioners), self.full.worth.trip.tolist(), strict=True))
        wanted, total = targets(case), 0.0
        for node in nodes:
            if not any(is_pinned_to(p, node[0]) for p in case.practitioners if all(is_eligible(case, p, unit) for unit in node)):
                assert price[node[0].id] <= sum(waiting_hours(case, unit) for unit in node) + ROUNDING
                total += price[node[0].id]
        for person in case.practitioners:
            hers = [node for node in nodes if all(is_eligible(case, person, unit) for unit in node)]
            pins = [node for node in hers if is_pinned_to(person, node[0])]
            others = [node for node in hers if not node[0].is_pinned]
            sets = [(*pins, *some) for count in range(len(others) + 1) for some in combinations(others, count)]
            top = max(person.maximum_minutes, needed(case, person, pins))
            found = []
            for chosen in sets:
                if needed(case, person, chosen) <= top:
                    units = [unit for node in chosen for unit in node]
                    cost = sum(sum(pair_hours(case, person, unit).values()) + trip[person.id] * float(unit.trips) for unit in units)
                    load = sum(load_minutes(case, person, unit) for unit in units)
                    paid = sum(price[node[0].id] for node in chosen if node not in pins)
                    found.append(cost - paid + sum(load_hours(case, person, load, wanted[person.id])))
            total += min(found) - trip[person.id] * (trip_limit(person) or 0.0)
        return total


def needed(case: Case, person: Practitioner, nodes: Sequence[tuple[Unit, ...]]) -> int:
    """Minutes of a week in which as many pieces run high as may."""
    load = sum(load_minutes(case, person, unit) for node in nodes for unit in node)
    return load + sum(sorted((sum(unit.deviation_minutes for unit in node) for node in nodes), reverse=True)[: case.robust])


@given(st.integers(0, 2**32), st.integers(1, 4))
def test_what_protected_weeks_prove_is_never_above_any_protected_plan_with_or_without_a_pair(seed: int, robust: int) -> None:
    case = drawn(seed, robust, units=5)
    if not setting_of(case).instance.wings:
        return
    proved = Proved(case, seed)
    bound, listed, plans = proved.proof.bound_hours, proved.full.listed, proved.plans()

    assert bound <= min(price for price, _ in plans) + ROUNDING
    assert bound <= max(proved.recounted(), proved.full.bound_hours) + ROUNDING
    for n, k in np.argwhere(np.arange(listed.arcs.shape[1]) < listed.degree[:, None]):
        node, name = proved.setting.instance.nodes[n], proved.setting.instance.practitioners[listed.arcs["to"][n, k]].id
        dearer = min((price for price, assignment in plans if assignment.get(node[0].id) == name), default=np.inf)
        assert dearer >= bound + proved.proof.slack[n, k] - ROUNDING


@pytest.fixture(scope="module")
def program() -> tuple[Setting, Priced, Placed, Strengthened]:
    """Wings of ten practitioners, more work than hours once Γ = 2 is kept free, and what a climb proves of it."""
    plain = caseload(Size(30, 300))
    case = replace(plain, units=tuple(replace(unit, deviation_minutes=unit.minutes // 5) for unit in plain.units), robust=2)
    setting = setting_of(case)
    at_prices, placed = priced(setting, None), kept(setting)
    return setting, at_prices, placed, strengthened(setting, at_prices, placed, None, passes=150)


def test_a_protected_bound_sees_more_than_prices_of_loads_and_holds_where_not_every_pair_is_listed(program, monkeypatch) -> None:
    setting, at_prices, placed, proof = program
    four = priced_with(setting, at_prices.worth, None, setting.current, width=4)
    assert proof.bound_hours > 1.02 * at_prices.bound_hours

    monkeypatch.setattr(strengthen, "MOST_ARCS", 0)
    some = strengthened(setting, four, placed, None, passes=1, start=proof.prices).bound_hours
    found = []
    for count in (1, 2):
        with using_threads(count):
            found.append(strengthened(setting, four, placed, None, passes=20))

    assert at_prices.bound_hours < some <= proof.bound_hours + ROUNDING
    assert found[0].bound_hours == found[1].bound_hours
    assert found[0].prices.tobytes() == found[1].prices.tobytes()


def test_an_hour_more_is_worth_what_the_bound_falls_by_when_it_is_there(program) -> None:
    setting, at_prices, placed, proof = program
    told = {row.discipline: row.hours for row in guarded_hours_saved(setting, at_prices, placed, proof.prices) if row.language == "fr"}

    for discipline, hours in told.items():
        people = enumerate(setting.instance.practitioners)
        group = [i for i, person in people if person.disciplines == (discipline,) and french_or_other(person) == "fr"]
        more = replace(setting, staff=with_an_hour(setting.staff, np.array(group)))
        fallen = proof.bound_hours - strengthened(more, at_prices, placed, None, passes=150, start=proof.prices).bound_hours
        assert hours == pytest.approx(fallen, rel=0.25, abs=0.1)


def test_of_a_protected_plan_only_hours_counted_with_protection_are_told() -> None:
    case = replace(tiny_case(12), robust=1)
    plan = solve(case)

    told = [row for row in where_an_hour_helps(case, plan) if row.practitioners]

    assert plan.hours_saved
    assert sorted(row.saved_hours for row in told) == sorted(row.hours for row in plan.hours_saved)
    assert all(row.first_saved_hours == row.saved_hours for row in told)
    assert not [row for row in where_an_hour_helps(case, replace(plan, hours_saved=())) if row.practitioners]
