"""Each soft goal alone, against figures computed by hand from the definitions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from one_pair import FAR, case, practitioner, unit

from evenload.planning import goals
from evenload.planning.goals import load_hours, pair_hours, site_visit_hours, waiting_hours
from evenload.planning.prices import Prices, broken_invariants, prices_from
from evenload.planning.score import score
from evenload.planning.targets import fair_shares, targets

NOBODY = {goal.__name__: 0.0 for goal in goals.PAIR_GOALS}


@pytest.mark.parametrize(
    ("part", "hours", "person", "asked"),
    [
        ("travel", 101 / 60, {}, {"place": FAR}),  # 2 × 152 × 1/3 = 101.33 → 101 minutes
        ("continuity", 1.0 + 0.25 * 2, {}, {"current": "Cal"}),
        ("language", 0.9, {}, {"language": "ar"}),
        ("language", 0.45, {"languages": {"en": "native", "ar": "functional"}}, {"language": "ar"}),
        ("language", 0.9, {"languages": {"en": "native", "ar": "basic"}}, {"language": "ar"}),
        ("skills", 0.3, {}, {"skills_preferred": frozenset({"aac"})}),
        ("skills", 0.6, {}, {"skills_preferred": frozenset({"aac", "seating", "sensory"})}),
        ("experience", 0.3, {}, {"experience_years": Fraction(6)}),
        ("experience", 0.3, {"years_experience": None}, {"experience_years": Fraction(1)}),
        ("team", 0.3, {"team": "north"}, {"site_team": "east"}),
        ("team", 0.3, {}, {"site_team": "east"}),
    ],
)
def test_a_goal_missed_costs_its_price_and_nothing_else_does(part: str, hours: float, person: dict, asked: dict) -> None:
    one, piece = practitioner(**person), unit(**asked)
    assert pair_hours(case((one,), (piece,)), one, piece) == pytest.approx({**NOBODY, part: hours})


@pytest.mark.parametrize(
    ("person", "asked"),
    [
        ({}, {"current": "Ana"}),
        ({"languages": {"en": "native", "ar": "fluent"}}, {"language": "ar"}),
        ({"skills": frozenset({"aac"})}, {"skills_preferred": frozenset({"aac"})}),
        ({}, {"experience_years": Fraction(5)}),
        ({"team": "east"}, {"site_team": "east"}),
        ({"languages": {"fr": "native"}}, {"language": "fr"}),
    ],
)
def test_a_goal_met_costs_nothing(person: dict, asked: dict) -> None:
    one, piece = practitioner(**person), unit(**asked)
    assert pair_hours(case((one,), (piece,)), one, piece) == NOBODY


def test_interests_are_priced_only_where_anybody_in_the_program_shares_a_tag() -> None:
    keen, other = practitioner(id="Béa", interests=frozenset({"client"})), practitioner(interests=frozenset({"clinic"}))
    assert pair_hours(case((keen, other)), other, unit())["interests"] == 0.2
    assert pair_hours(case((keen, other)), keen, unit())["interests"] == 0.0
    assert pair_hours(case((other,)), other, unit())["interests"] == 0.0


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ({}, (3 + 4 * 2) * 2),
        ({"priority": 1}, (3 + 4 * 2) * 24),
        ({"weeks_waiting": 13}, (3 + 4 * 2) * 2 * 1.5),
        ({"weeks_waiting": 400}, (3 + 4 * 2) * 2 * 2),
        ({"language": "fr"}, (3 + 4 * 2) * 2 * 1.25),
        ({"current": "Ana", "weeks_waiting": 13}, (3 + 4 * 2) * 2 * 2),
        ({"clients": 10, "minutes": 610, "weeks_waiting": 6}, (30 + 4 * 610 / 60) * 2 * (1 + 6 / 26)),
    ],
)
def test_waiting_costs_by_clients_hours_priority_age_french_and_history(asked: dict, hours: float) -> None:
    assert waiting_hours(case(), unit(**asked)) == pytest.approx(hours)


@pytest.mark.parametrize(
    ("minutes", "target", "overload", "balance"),
    [
        (1000, 1000, 0, 0),  # 840 to 1140 is her range
        (780, 840, 0, 60 * 0.5 + 60 * 0.02),
        (700, 1000, 0, 140 * 0.5 + 120 * 0.02 + 180 * 0.25),
        (1200, 1140, 60 * 0.75, 60 * 0.02),
        (1260, 1140, 60 * 0.75 + 60 * 2.0, 120 * 0.02),
        (0, 0, 0, 840 * 0.5),
    ],
)
def test_the_price_of_a_load_follows_range_target_capacity_and_maximum(minutes: int, target: int, overload: float, balance: float) -> None:
    assert load_hours(case(), practitioner(maximum_minutes=1500), minutes, target) == pytest.approx((overload / 60, balance / 60))


def test_trips_above_the_sites_a_day_are_priced_in_proportion_to_the_week_worked() -> None:
    half_time = practitioner(max_sites_per_day=2, weekly_hours=Fraction(75, 4))
    assert site_visit_hours(case(), half_time, Fraction(7)) == pytest.approx(2.0)
    assert site_visit_hours(case(), half_time, Fraction(5)) == 0.0
    assert site_visit_hours(case(), practitioner(), Fraction(500)) == 0.0


def test_targets_spread_the_demand_by_capacity_and_own_range() -> None:
    full, eased = practitioner(id="a"), practitioner(id="b", comfortable_min_percent=Fraction(60), comfortable_max_percent=Fraction(85))
    units = tuple(unit(id=f"u{n}", minutes=150, trips=Fraction(0)) for n in range(10))
    # demand 1,500 of 2,400: mean middle (82.5 + 72.5) / 2 = 77.5 %
    assert targets(case((full, eased), units)) == {"a": round(1200 * 0.625 * 82.5 / 77.5), "b": round(1200 * 0.625 * 72.5 / 77.5)}


def test_targets_never_exceed_the_top_of_the_range_and_do_not_look_at_who_has_what_now() -> None:
    people = (practitioner(id="a"), practitioner(id="b", accepts_new=False))
    units = tuple(unit(id=f"u{n}", minutes=600, place=FAR) for n in range(10))
    taken = tuple(unit(id=f"u{n}", minutes=600, place=FAR, current="b") for n in range(10))
    assert targets(case(people, units)) == targets(case(people, taken)) == {"a": 1140, "b": 1140}


def test_blocks_of_one_unit_and_people_at_one_site_are_counted_beyond_the_first() -> None:
    people = (practitioner(id="a"), practitioner(id="b"))
    blocks = tuple(unit(id=f"u1#{n}", stated_id="u1", site="S") for n in (1, 2, 3))
    prices = Prices(split=1.0, site_sharing=0.5)
    parts = score(case(people, blocks, prices=prices), {"u1#1": "a", "u1#2": "b", "u1#3": "b"}).parts
    assert (parts["split"], parts["site_sharing"]) == (1.0, 0.5)
    parts = score(case(people, blocks, prices=prices), {"u1#1": "a", "u1#2": "a"}).parts
    assert (parts["split"], parts["site_sharing"]) == (0.0, 0.0)


def test_fairness_is_priced_only_if_a_manager_says_so() -> None:
    people = (practitioner(id="a"), practitioner(id="b"))
    units = tuple(unit(id=f"u{n}", place=FAR) for n in range(4))
    everything_to_a = {u.id: "a" for u in units}
    free = score(case(people, units), everything_to_a).parts
    assert (free["balance_clients"], free["balance_travel"]) == (0.0, 0.0)
    priced = case(people, units, prices=Prices(balance_clients=0.1, balance_travel=1.0))
    assert fair_shares(priced)["a"].clients == 2
    parts = score(priced, everything_to_a).parts
    assert parts["balance_clients"] == pytest.approx(0.1 * (2 + 2))
    assert parts["balance_travel"] == pytest.approx((4 * 101 - 2 * 101) / 60)


def test_what_nobody_may_take_is_unavoidable_inside_waiting() -> None:
    french, huge, held = unit(id="f", language="fr"), unit(id="h", minutes=5000), unit(id="x", held_back="contract_exhausted")
    whole = case(units=(french, huge, held, unit(id="u")))
    counted = score(whole, {"u": "Ana"})
    assert counted.unavoidable == pytest.approx(sum(waiting_hours(whole, u) for u in (french, huge, held)))
    assert counted.parts["waiting"] == pytest.approx(counted.unavoidable)


def test_the_default_prices_keep_their_invariants_and_an_edit_that_breaks_one_is_named() -> None:
    assert broken_invariants(Prices()) == ()
    assert broken_invariants(Prices(travel=0.7)) == ("driving_pays",)
    assert broken_invariants(Prices(language=1.2)) == ("preference_beats_continuity",)
    assert broken_invariants(Prices(waiting_priority_4=0.1)) == ("waiting_too_cheap",)


def test_an_unknown_goal_is_an_error_and_never_dropped() -> None:
    with pytest.raises(KeyError, match="travle"):
        prices_from({"travle": 1.0})
