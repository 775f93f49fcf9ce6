"""From a Program's facts to the Case: blocks, bundles, teams, the contract's cut, notices and contradictions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_pair import HERE

from evenload.planning.blocks import even_shares, largest_remainder
from evenload.planning.case import Case, digest
from evenload.planning.prepare import case_from
from evenload.planning.prices import Prices
from evenload.planning.problems import CaseError
from evenload.planning.program import ComplexityClass, Period, PractitionerFacts, Program, Site, UnitFacts

LOW = ComplexityClass(id="low", discipline="OT", visits=Fraction(10), direct_minutes=Fraction(60))
ANA = PractitionerFacts(
    id="Ana", disciplines=("OT",), engagement="employee", weekly_hours=Fraction(75, 2), languages={"en": "native"}, base=HERE, team="north"
)
CAL = replace(ANA, id="Cal", team="south")
SCHOOL = Site(id="S", kind="school", language="fr", town="Orléans", place=HERE)
HOME = UnitFacts(id="u", kind="client", discipline="OT", class_id="low", language="en", place=HERE)
PROGRAM = Program(
    setting="community",
    period=Period(date(2026, 1, 5), 10, date(2026, 1, 5)),
    practitioners=(ANA, CAL),
    classes=(LOW,),
    sites=(SCHOOL,),
    units=(HOME,),
)


def prepared(*units: UnitFacts, **changes: object) -> Case:
    return case_from(replace(PROGRAM, units=units or PROGRAM.units, **changes))


def codes(program: Program) -> list[str]:
    with pytest.raises(CaseError) as raised:
        case_from(program)
    return [problem.code for problem in raised.value.problems]


def test_a_large_site_unit_becomes_blocks_of_whole_clients_and_nothing_is_lost() -> None:
    # 31 clients × 10 visits × 60 min over 10 weeks = 1,860 min = 31 h a week: 5 blocks of 7.5 h
    large = replace(HOME, id="u1", kind="site", site="S", clients=31)
    blocks = prepared(large).units
    assert [b.id for b in blocks] == ["u1#1", "u1#2", "u1#3", "u1#4", "u1#5"]
    assert [b.clients for b in blocks] == [7, 6, 6, 6, 6]
    assert sum(b.minutes for b in blocks) == 1860
    assert sum(b.visits_per_week for b in blocks) == 31
    assert {b.stated_id for b in blocks} == {"u1"}


@pytest.mark.parametrize("changes", [{"kind": "client"}, {"clients": 1, "visits_allotted": Fraction(310)}, {"together": "x"}])
def test_a_client_a_unit_of_one_client_and_a_bundle_are_never_split(changes: dict) -> None:
    large = replace(replace(HOME, kind="site", site="S", clients=31), **changes)
    assert [u.id for u in prepared(large).units] == ["u"]


def test_exactly_twice_the_block_is_not_yet_split() -> None:
    assert len(prepared(replace(HOME, kind="site", site="S", clients=15)).units) == 1  # 15 h
    assert len(prepared(replace(HOME, kind="site", site="S", clients=16)).units) == 3  # 16 h: ceil(16 / 7.5)


@given(st.integers(0, 500), st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_parts_by_largest_remainder_add_up_and_stay_within_one_of_the_exact_share(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(abs(part - Fraction(total * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True))


@given(st.integers(1, 500), st.integers(1, 40))
def test_even_shares_differ_by_at_most_one(total: int, count: int) -> None:
    shares = even_shares(total, count)
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


def test_a_unit_speaks_its_sites_language_unless_it_says_otherwise() -> None:
    pupil = replace(HOME, id="p", kind="site", site="S", language=None)
    other = replace(pupil, id="q", language="en")
    assert [u.language for u in prepared(pupil, other).units] == ["fr", "en"]


def test_the_most_urgent_priority_and_a_pin_count_for_all_that_go_together() -> None:
    one = replace(HOME, id="a", together="x", priority=4, current_practitioner="Ana", pinned=True)
    two = replace(HOME, id="b", together="x", priority=2, current_practitioner="Cal")
    units = prepared(one, two).units
    assert [(u.priority, u.pinned_to, u.current) for u in units] == [(2, "Ana", "Ana"), (2, "Ana", "Cal")]


def test_a_site_without_a_team_has_the_commonest_team_of_its_current_practitioners() -> None:
    dee = replace(ANA, id="Dee", team="south")
    seen_by = [replace(HOME, id=id, kind="site", site="S", current_practitioner=id) for id in ("Ana", "Cal", "Dee")]
    assert {u.site_team for u in prepared(*seen_by, practitioners=(ANA, CAL, dee)).units} == {"south"}
    stated = prepared(*seen_by, practitioners=(ANA, CAL, dee), sites=(replace(SCHOOL, team="west"),))
    assert {u.site_team for u in stated.units} == {"west"}
    assert {u.site_team for u in prepared(replace(HOME, kind="site", site="S")).units} == {None}


def test_contracted_visits_go_first_to_current_clients_then_by_priority_age_and_id() -> None:
    units = (
        replace(HOME, id="a", priority=3),
        replace(HOME, id="b", priority=3, waiting_since=date(2025, 11, 3)),
        replace(HOME, id="c", priority=1),
        replace(HOME, id="d", priority=4, current_practitioner="Ana"),
        replace(HOME, id="e", priority=4, visits_allotted=Fraction(4)),
    )
    held = {u.id: u.held_back for u in prepared(*units, contracted_visits=Fraction(34)).units}
    assert held == {"a": "contract_exhausted", "b": None, "c": None, "d": None, "e": None}
    assert all(u.held_back is None for u in prepared(*units).units)


def test_visits_already_used_count_against_the_contract() -> None:
    used = replace(HOME, id="a", visits_used=Fraction(6))
    held = {u.id: u.held_back for u in prepared(used, replace(HOME, id="b"), contracted_visits=Fraction(15)).units}
    assert held == {"a": None, "b": "contract_exhausted"}  # 15 - 6 used = 9 left; a takes its 4, b asks 10


def test_visits_used_by_even_pace_count_against_the_contract_too() -> None:
    halfway = Period(date(2026, 1, 5), 10, date(2026, 2, 9))
    held = {
        u.id: u.held_back
        for u in prepared(replace(HOME, id="a"), replace(HOME, id="b"), contracted_visits=Fraction(16), period=halfway).units
    }
    assert held == {"a": None, "b": "contract_exhausted"}  # 16 - 5 - 5 = 6 left; each asks 5


def test_feedback_shifts_both_ends_of_the_range_and_the_top_stays_at_capacity() -> None:
    people = (replace(ANA, feedback="too_high"), replace(CAL, feedback="too_low"), replace(ANA, id="Dee", feedback="right"))
    ranges = [(p.comfortable_min_percent, p.comfortable_max_percent) for p in prepared(practitioners=people).practitioners]
    assert ranges == [(60, 85), (80, 100), (70, 95)]


def test_skills_and_interests_match_whatever_their_case() -> None:
    keen = replace(ANA, skills=frozenset({"AAC"}), interests=frozenset({"School"}))
    case = prepared(replace(HOME, kind="site", site="S", skills_required=frozenset({"aac"})), practitioners=(keen,))
    assert case.units[0].skills_required <= case.practitioners[0].skills
    assert case.units[0].tags & case.practitioners[0].interests == {"school"}


@pytest.mark.parametrize(
    ("changes", "trips"),
    [
        ({"kind": "client"}, Fraction(1, 3)),
        ({"kind": "site", "site": "S"}, Fraction(1)),
        ({"kind": "site", "site": "S", "clients": 8}, Fraction(8, 5)),
        ({"kind": "site", "site": "S", "visits_allotted": Fraction(5)}, Fraction(1, 2)),
        ({"kind": "site", "site": "C"}, Fraction(0)),
    ],
)
def test_trips_follow_the_kind_of_unit_and_the_visits_a_week(changes: dict, trips: Fraction) -> None:
    sites = (SCHOOL, replace(SCHOOL, id="C", kind="clinic"))
    assert prepared(replace(HOME, **changes), sites=sites).units[0].trips == trips


def test_clients_come_to_a_clinic_or_hospital_program() -> None:
    assert prepared(setting="clinic").units[0].trips == 0
    assert prepared(setting="school").units[0].trips == Fraction(1, 3)


def test_waiting_age_counts_whole_weeks_to_as_of() -> None:
    waiting = replace(HOME, waiting_since=date(2025, 12, 1))
    assert prepared(waiting).units[0].weeks_waiting == 5
    later = Period(date(2026, 1, 5), 10, date(2026, 1, 13))
    assert prepared(waiting, period=later).units[0].weeks_waiting == 6
    assert later.weeks_left == 9


def test_unknown_places_use_the_median_drive_and_are_named() -> None:
    case = prepared(replace(HOME, id="x", place=None), HOME)
    assert case.unknown_place_drive == 0  # the only known pairs stand at the same place
    assert [n.facts for n in case.notices if n.code == "place_unknown"] == [{"count": "1", "ids": "x"}]
    nowhere = prepared(replace(HOME, place=None), practitioners=(replace(ANA, base=None),))
    assert nowhere.unknown_place_drive == 15
    assert {n.code for n in nowhere.notices} == {"place_unknown", "base_unknown"}


def test_overdrawn_allotments_unasked_languages_pins_above_the_maximum_and_odd_prices_are_said() -> None:
    units = (
        replace(HOME, id="a", visits_used=Fraction(11)),
        replace(HOME, id="b", language=None, clients=3),
        replace(HOME, id="c", clients=60, pinned=True, current_practitioner="Ana"),
    )
    notices = {n.code: (n.where.item, dict(n.facts)) for n in prepared(*units, prices=Prices(language=2.0)).notices}
    assert notices["overdrawn"] == ("a", {})
    assert notices["language_not_asked"] == (None, {"clients": "3"})
    assert notices["pinned_above_maximum"] == ("Ana", {"pinned_minutes": "3600", "maximum_minutes": "2250"})
    assert "price_preference_beats_continuity" in notices


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"site": "Z"}, "unknown_site"),
        ({"class_id": "Z"}, "unknown_class"),
        ({"current_practitioner": "Zoé"}, "unknown_practitioner"),
        ({"barred_practitioners": frozenset({"Zoé"})}, "unknown_practitioner"),
        ({"pinned": True}, "pinned_without_current"),
        ({"pinned": True, "current_practitioner": "Ana", "barred_practitioners": frozenset({"Ana"})}, "pinned_barred"),
        ({"pinned": True, "current_practitioner": "Ana", "language": "fr"}, "pinned_language"),
        ({"pinned": True, "current_practitioner": "Ana", "language": "ar", "language_need": "required"}, "pinned_language"),
        ({"pinned": True, "current_practitioner": "Ana", "skills_required": frozenset({"AAC"})}, "pinned_skill"),
        ({"discipline": "PT"}, "class_of_other_discipline"),
    ],
)
def test_a_contradiction_is_an_error_with_its_own_code(changes: dict, code: str) -> None:
    assert codes(replace(PROGRAM, units=(replace(HOME, **changes),))) == [code]


def test_a_pin_to_another_discipline_is_an_error() -> None:
    physio = replace(ANA, id="Pat", disciplines=("PT",))
    pinned = replace(HOME, pinned=True, current_practitioner="Pat")
    assert codes(replace(PROGRAM, practitioners=(ANA, physio), units=(pinned,))) == ["pinned_discipline"]


def test_bundles_of_two_disciplines_or_two_pins_are_errors() -> None:
    physio_class = replace(LOW, id="pt", discipline="PT")
    mixed = (replace(HOME, id="a", together="x"), replace(HOME, id="b", together="x", discipline="PT", class_id="pt"))
    assert codes(replace(PROGRAM, classes=(LOW, physio_class), units=mixed)) == ["together_disciplines"]
    pins = tuple(replace(HOME, id=id, together="x", pinned=True, current_practitioner=id) for id in ("Ana", "Cal"))
    assert codes(replace(PROGRAM, units=pins)) == ["together_pins"]


def test_all_contradictions_are_reported_at_once() -> None:
    program = replace(PROGRAM, practitioners=(ANA, ANA, CAL), units=(replace(HOME, site="Z"), replace(HOME, class_id="Z")))
    assert codes(program) == ["duplicate_id", "duplicate_id", "unknown_site", "unknown_class"]


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_case(rng) -> None:
    units = [replace(HOME, id=f"u{n}", clients=n + 1, together="x" if n in (2, 5) else None) for n in range(8)]
    people = [ANA, CAL]
    before = digest(prepared(*units))
    rng.shuffle(units)
    rng.shuffle(people)
    assert digest(prepared(*units, practitioners=tuple(people))) == before
