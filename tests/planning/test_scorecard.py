"""The scorecard's figures, counted again by hand or by plain loops."""

from __future__ import annotations

from fractions import Fraction
from math import asin, cos, floor, radians, sin, sqrt

import pytest
from hypothesis import given
from one_pair import FAR, HERE, case, practitioner, unit
from small_cases import cases_with_assignment, plan_of

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.changes import changes, over, room
from evenload.planning.check import units_that_moved
from evenload.planning.program import Place
from evenload.planning.scorecard import Count, age_band, scorecard, spread_of
from evenload.planning.shadow import hour_worth, where_an_hour_helps
from evenload.planning.site_teams import Split
from evenload.planning.standing import LOAD_STATES, load_state

STILL = Fraction(0)


def recounted_travel(facts: Case, person: Practitioner, piece: Unit) -> int:
    """Haversine × detour ÷ speed, twice, times trips: written again from the definitions."""
    drive = facts.unknown_place_drive
    if person.base is not None and piece.place is not None:
        drive = floor(haversine_km(person.base, piece.place) * 1.3 / 40 * 60 + 0.5)
    return floor(2 * drive * piece.trips + Fraction(1, 2))


def haversine_km(one: Place, other: Place) -> float:
    north, east = radians(other.lat - one.lat), radians(other.lon - one.lon)
    half = sin(north / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


@given(cases_with_assignment())
def test_travel_equals_a_recount_by_plain_loops(drawn) -> None:
    facts, assignment = drawn
    travel = scorecard(facts, plan_of(facts, assignment)).travel
    people = {person.id: person for person in facts.practitioners}
    counted = dict.fromkeys(people, 0)
    for piece in facts.units:
        if piece.id in assignment:
            counted[assignment[piece.id]] += recounted_travel(facts, people[assignment[piece.id]], piece)
    assert {row.practitioner: row.travel_minutes for row in travel.rows} == counted
    assert travel.total_minutes == sum(counted.values())
    assert (travel.most.travel_minutes if travel.most else 0) == max(counted.values())


@given(cases_with_assignment())
def test_everybody_and_every_unit_is_counted_once(drawn) -> None:
    facts, assignment = drawn
    plan = plan_of(facts, assignment)
    card = scorecard(facts, plan)
    assert [share.state for share in card.states] == list(LOAD_STATES)
    assert sum(share.practitioners for share in card.states) == len(facts.practitioners)
    assert sum(share.assigned_minutes for share in card.states) == sum(load.assigned_minutes for load in plan.loads)
    assert card.waiting.count.units == len(plan.waiting)
    for groups in (card.waiting.by_priority, card.waiting.by_language, card.waiting.by_age):
        assert sum(group.count.clients for group in groups) == card.waiting.count.clients
    assert card.french.asked.units == card.french.served.units + card.french.waiting.units
    assert card.french.exceptions == ()
    for row in card.languages:
        assert row.asked.clients == row.met_clients + row.partly_clients + row.unmet_clients + row.waiting_clients


@given(cases_with_assignment())
def test_every_unit_is_in_one_list_of_changes_and_forced_moves_are_those_that_the_limit_forgives(drawn) -> None:
    facts, assignment = drawn
    found = changes(facts, plan_of(facts, assignment))
    lists = (found.kept, found.moved, found.newly_placed, found.newly_waiting, found.still_waiting)
    assert sorted(change.unit for kind in lists for change in kind) == sorted(piece.id for piece in facts.units)
    chosen = {change.unit for change in found.changing_hands if not change.is_forced}
    assert chosen == set(units_that_moved(facts, assignment))


def test_changes_say_from_whom_to_whom() -> None:
    people = (practitioner(), practitioner(id="Béa"))
    pieces = (
        unit(id="kept", current="Ana", clients=2),
        unit(id="lost", current="Ana", clients=5),
        unit(id="moved", current="Ana", clients=3),
        unit(id="new"),
        unit(id="still"),
        unit(id="unfit", current="Ana", language="fr"),
    )
    facts = case(people, pieces)
    plan = plan_of(facts, {"kept": "Ana", "moved": "Béa", "new": "Béa"})
    found = changes(facts, plan)
    assert [(change.unit, change.before, change.after) for change in found.moved] == [("moved", "Ana", "Béa")]
    assert [change.unit for change in found.newly_placed] == ["new"]
    assert [change.unit for change in found.still_waiting] == ["still"]
    assert [(change.unit, change.is_forced) for change in found.newly_waiting] == [("lost", False), ("unfit", True)]
    card = scorecard(facts, plan).continuity
    assert (card.with_current.units, card.kept.clients, card.forced.units, card.clients_changing_hands) == (4, 2, 1, 9)


@pytest.mark.parametrize(
    "assigned, state",
    [(699, "room"), (700, "in_range"), (950, "in_range"), (951, "above_range"), (1000, "above_range"), (1001, "over")],
)
def test_load_is_judged_against_the_persons_own_range(assigned, state) -> None:
    assert load_state(practitioner(capacity_minutes=1000, maximum_minutes=1200), assigned) == state


def test_who_is_on_leave_has_no_capacity_and_is_over_with_anything() -> None:
    away = practitioner(capacity_minutes=0, maximum_minutes=0)
    assert load_state(away, 0) == "no_capacity"
    assert load_state(away, 1) == "over"


def test_over_and_room_say_by_how_much() -> None:
    # Given: Ana 1,300 of 1,200, Béa 600 of 1,200 (range 840 to 1,140), Cal in range.
    people = (practitioner(maximum_minutes=1500), practitioner(id="Béa"), practitioner(id="Cal"))
    pieces = tuple(unit(id=id, minutes=minutes, trips=STILL) for id, minutes in (("u1", 1300), ("u2", 600), ("u3", 1000)))
    facts = case(people, pieces)
    plan = plan_of(facts, {"u1": "Ana", "u2": "Béa", "u3": "Cal"})
    (ana,) = over(facts, plan)
    assert (ana.practitioner, ana.over_minutes, round(ana.percent, 1)) == ("Ana", 100, 108.3)
    (bea,) = room(facts, plan)
    assert (bea.practitioner, bea.to_comfortable_min_minutes, bea.to_comfortable_max_minutes, bea.to_capacity_minutes) == (
        "Béa",
        240,
        540,
        600,
    )
    assert bea.percent == 50


def test_spread_of_even_loads_is_nothing_and_of_uneven_ones_as_by_hand() -> None:
    even = spread_of([Fraction(80)] * 3)
    assert even is not None
    assert (even.range_points, even.standard_deviation_points, even.gini) == (0, 0, 0)
    uneven = spread_of([Fraction(100), Fraction(0), Fraction(50)])
    assert uneven is not None
    # Gini: mean absolute difference of the nine pairs 400/9, over twice the mean 50.
    assert uneven.gini == pytest.approx(400 / 9 / 100)
    assert uneven.standard_deviation_points == pytest.approx(sqrt(5000 / 3))
    assert (uneven.p10_percent, uneven.mean_percent, uneven.p90_percent) == (10, 50, 90)
    assert spread_of([]) is None


def test_teams_by_site_show_gaps_and_what_is_shared() -> None:
    people = (practitioner(), practitioner(id="Béa"), practitioner(id="Pat", disciplines=("PT",)))
    at_a = (
        unit(id="a1", site="A"),
        unit(id="a2", site="A"),
        unit(id="a3", site="A", discipline="PT"),
        unit(id="a4", site="A", discipline="SLP"),
    )
    at_b = (unit(id="b1", site="B"), unit(id="b2", site="B"))
    facts = case(people, (*at_a, *at_b))
    card = scorecard(facts, plan_of(facts, {"a1": "Ana", "a2": "Béa", "a3": "Pat", "b1": "Ana"}))
    a, b = card.sites
    assert a.disciplines == {"OT": ("Ana", "Béa"), "PT": ("Pat",), "SLP": ()}
    assert (a.gaps, a.partly, a.absent, a.sharing) == (("SLP",), (), (), 1)
    assert (b.gaps, b.partly, b.absent, b.practitioners) == ((), ("OT",), ("PT", "SLP"), ("Ana",))
    assert card.practitioners_per_site == 2
    assert card.site_sharing == 1


def test_a_site_that_loses_its_only_french_speaker_is_marked() -> None:
    french = {"en": "native", "fr": "fluent"}
    facts = case(
        (practitioner(), practitioner(id="Béa", languages=french)), (unit(site="A", current="Béa"), unit(id="u2", site="A", current="Ana"))
    )
    assert scorecard(facts, plan_of(facts, {"u1": "Ana", "u2": "Ana"})).sites[0].loses_french
    assert not scorecard(facts, plan_of(facts, {"u1": "Ana", "u2": "Béa"})).sites[0].loses_french


def test_units_shared_by_several_practitioners_are_named() -> None:
    blocks = tuple(unit(id=f"u1#{number}", stated_id="u1") for number in (1, 2, 3))
    facts = case((practitioner(), practitioner(id="Béa")), (*blocks, unit(id="u2")))
    card = scorecard(facts, plan_of(facts, {"u1#1": "Ana", "u1#2": "Béa", "u1#3": "Béa", "u2": "Ana"}))
    assert card.splits == (Split("u1", ("Ana", "Béa")),)


def test_languages_are_met_partly_met_missed_or_waiting() -> None:
    people = (
        practitioner(languages={"en": "native", "ar": "fluent"}),
        practitioner(id="Béa", languages={"en": "native", "ar": "functional"}),
        practitioner(id="Cal"),
    )
    pieces = tuple(unit(id=f"u{clients}", language="ar", clients=clients) for clients in (1, 2, 4, 8))
    facts = case(people, pieces)
    (arabic,) = scorecard(facts, plan_of(facts, {"u1": "Ana", "u2": "Béa", "u4": "Cal"})).languages
    assert (arabic.met_clients, arabic.partly_clients, arabic.unmet_clients, arabic.waiting_clients) == (1, 2, 4, 8)


def test_waiting_is_grouped_by_priority_language_and_age() -> None:
    pieces = (
        unit(priority=1, language="fr", weeks_waiting=2, clients=3, minutes=60),
        unit(id="u2", priority=3, language=None, weeks_waiting=30, minutes=90),
        unit(id="u3", priority=3, language="fr", weeks_waiting=13, minutes=30),
    )
    facts = case(units=pieces)
    waiting = scorecard(facts, plan_of(facts, {})).waiting
    assert (waiting.count, waiting.oldest_weeks) == (Count(3, 5, 180), 30)
    assert [(group.key, group.count.units) for group in waiting.by_priority] == [("1", 1), ("3", 2)]
    assert [(group.key, group.count.minutes) for group in waiting.by_language] == [("", 90), ("fr", 90)]
    assert [group.key for group in waiting.by_age] == ["weeks_0_3", "weeks_13_25", "weeks_26_up"]
    assert [age_band(weeks) for weeks in (0, 3, 4, 12, 13, 25, 26)] == [
        "weeks_0_3", "weeks_0_3", "weeks_4_12", "weeks_4_12", "weeks_13_25", "weeks_13_25", "weeks_26_up"
    ]  # fmt: skip


def test_an_exception_to_french_would_be_named() -> None:
    facts = case(units=(unit(language="fr"),))
    assert scorecard(facts, plan_of(facts, {"u1": "Ana"})).french.exceptions == ("u1",)


def test_an_hour_is_worth_its_price_less_what_a_fuller_week_costs() -> None:
    # Given: B = M = 1,000, range 70 to 95 %, target 950; at a price above every slope the week is full.
    person = practitioner(capacity_minutes=1000, maximum_minutes=1000)
    worth = hour_worth(case((person,)), person, price=10.0, target_minutes=950)
    # Then: of 60 minutes more, 5 % lie in the dear zone and 5 % beyond the target.
    assert worth == pytest.approx(10.0 - 0.05 * 0.75 - 0.05 * 0.02)


def test_an_hour_of_somebody_with_room_helps_nobody() -> None:
    person = practitioner(capacity_minutes=1000, maximum_minutes=1000)
    assert hour_worth(case((person,)), person, price=0.0, target_minutes=700) == pytest.approx(0.0)


def test_hours_that_help_most_come_first_weighted_by_capacity() -> None:
    french = {"fr": "native"}
    people = (
        practitioner(id="a", languages=french, area="east", capacity_minutes=1000, maximum_minutes=1000),
        practitioner(id="b", languages=french, area="east", capacity_minutes=500, maximum_minutes=500),
        practitioner(id="c", area="west", capacity_minutes=1000, maximum_minutes=1000),
        practitioner(id="d", area="west", capacity_minutes=0, maximum_minutes=0),
    )
    facts = case(people, (unit(minutes=9000),))
    plan = plan_of(facts, {}, prices={"a": 10.0, "b": 4.0, "c": 2.0})
    first, second = where_an_hour_helps(facts, plan)
    by_hand = [
        hour_worth(facts, person, price, load.target_minutes) for person, price, load in zip(people, (10, 4), plan.loads, strict=False)
    ]
    assert (first.discipline, first.language, first.area, first.practitioners, first.capacity_minutes) == ("OT", "fr", "east", 2, 1500)
    assert first.saved_hours == pytest.approx((2 * by_hand[0] + by_hand[1]) / 3)
    assert (second.language, second.area, second.practitioners) == ("other", "west", 1)


def test_what_nobody_can_do_yet_stands_on_the_recruiting_list() -> None:
    # Given: no French in OT, and nobody at all in PT; each waits in its own area.
    pieces = (
        unit(language="fr", area="Orléans", minutes=60, place=HERE),
        unit(id="u2", discipline="PT", area="Embrun", minutes=120, place=FAR),
        unit(id="u3", area="Orléans"),
    )
    facts = case(units=pieces)
    rows = where_an_hour_helps(facts, plan_of(facts, {"u3": "Ana"}))
    nobody = {(row.discipline, row.language, row.area): row.saved_hours for row in rows if row.practitioners == 0}
    # Priority 3: (3 per client + 4 per hour) × 2, × 1.25 for French, per hour of the unit.
    assert nobody == {("OT", "fr", "Orléans"): pytest.approx(17.5), ("PT", "other", "Embrun"): pytest.approx(11.0)}
