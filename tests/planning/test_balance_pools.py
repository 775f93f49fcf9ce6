from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.balance import plan_capacity
from evenload.planning.capacity_plan import CapacityPlan, Pool
from evenload.planning.program import Place, Program, Site
from planning.facts_made import complexity, person, program, unit
from planning.worked_example import worked_example

NATIVE, FUNCTIONAL = {"fr": "native"}, {"fr": "functional"}


def pool(plan: CapacityPlan, language: str, area: str = "all", discipline: str = "OT") -> Pool:
    (row,) = [r for r in plan.pools if (r.discipline, r.area, r.language) == (discipline, area, language)]
    return row


def per_week(hours: Fraction, weeks: int = 20) -> float:
    return round(float(hours / weeks), 1)


def of(*units: Any, people: tuple[Any, ...], sites: tuple[Site, ...] = ()) -> Program:
    return program(practitioners=people, classes=(complexity(),), units=units, sites=sites)


def test_worked_example_gives_the_printed_pools() -> None:
    plan = plan_capacity(worked_example())
    french, rest, total = (pool(plan, language) for language in ("fr", "other", "all"))
    assert (per_week(french.supply_hours), per_week(french.demand_hours), per_week(french.gap_hours)) == (23.0, 14.7, 8.3)
    assert (per_week(rest.supply_hours), per_week(rest.demand_hours), per_week(rest.gap_hours)) == (52.2, 38.3, 13.9)
    assert per_week(total.gap_hours) == 13.9


def test_care_alone_stays_visible_beside_modelled_travel() -> None:
    plan = plan_capacity(worked_example(), nearest_travel={"u2": 15, "u5": 6})
    french, rest = pool(plan, "fr"), pool(plan, "other")
    assert (per_week(french.care_hours), per_week(french.care_gap_hours)) == (14.7, 8.3)
    assert (per_week(rest.care_hours), per_week(rest.care_gap_hours)) == (38.3, 13.9)
    assert rest.gap_hours < rest.care_gap_hours
    assert french.demand_hours - french.care_hours == Fraction(21 * 20, 60)


def test_functional_french_is_no_french_supply() -> None:
    plan = plan_capacity(of(unit(clients=5, language="fr"), people=(person(languages=FUNCTIONAL),)))
    assert (pool(plan, "fr").supply_hours, pool(plan, "fr").gap_hours) == (0, -50)


def test_a_total_never_hides_a_shortage_of_french_hours() -> None:
    units = (unit("a", clients=40, language="fr"), unit("b", clients=5, language="en"))
    plan = plan_capacity(of(*units, people=(person("ana"), person("bea", languages=NATIVE))))
    assert (pool(plan, "fr").gap_hours, pool(plan, "other").gap_hours, pool(plan, "all").gap_hours) == (-100, 250, 150)
    (notice,) = [n for n in plan.notices if n.code == "french_shortage"]
    assert notice.facts == {"discipline": "OT", "area": "all", "gap_hours": "-100"}


def test_no_french_shortage_is_said_where_french_hours_suffice_or_all_hours_are_missing() -> None:
    enough = of(unit("a", clients=20, language="fr"), people=(person(), person("bea", languages=NATIVE)))
    short_of_all = of(unit("a", clients=80, language="fr"), people=(person(), person("bea", languages=NATIVE)))
    for stated in (enough, short_of_all):
        assert "french_shortage" not in [n.code for n in plan_capacity(stated).notices]


def test_french_hours_left_over_serve_the_rest() -> None:
    plan = plan_capacity(of(unit(clients=10, language="fr"), people=(person("ana"), person("bea", languages=NATIVE))))
    assert pool(plan, "other").supply_hours == 300 + 200


def test_a_unit_without_a_language_asks_for_that_of_its_site() -> None:
    sites = (Site("ecole", "school", language="fr"),)
    plan = plan_capacity(of(unit(site="ecole", clients=5), people=(person(),), sites=sites))
    assert pool(plan, "fr").demand_hours == 50


def test_units_are_at_home_in_the_area_of_their_site_else_town_else_postal_area() -> None:
    sites = (
        Site("s1", "school", area="east", town="Orléans", fsa="K1C"),
        Site("s2", "school", town="Kanata", fsa="K2K"),
        Site("s3", "school"),
    )
    units = (unit("a", site="s1"), unit("b", site="s2"), unit("c", kind="client", fsa="K1N"), unit("d", site="s3"))
    plan = plan_capacity(of(*units, people=(person(),), sites=sites))
    assert {row.area for row in plan.pools} == {"east", "Kanata", "K1N", "all"}
    (notice,) = [n for n in plan.notices if n.code == "area_unknown"]
    assert notice.facts["ids"] == "d"


def test_practitioners_are_at_home_in_their_area_else_in_that_of_the_nearest_site() -> None:
    sites = (Site("s1", "school", area="east", place=Place(45.4, -75.4)), Site("s2", "school", area="west", place=Place(45.3, -75.9)))
    people = (person("ana", area="west"), person("bob", base=Place(45.4, -75.5)), person("cyd"))
    plan = plan_capacity(of(unit(site="s1"), people=people, sites=sites))
    assert [pool(plan, "all", area).supply_hours for area in ("east", "west", "all")] == [300, 300, 900]


def test_pools_come_before_the_total_of_their_discipline() -> None:
    sites = (Site("s1", "school", area="east"),)
    plan = plan_capacity(of(unit(site="s1"), people=(person(area="west"),), sites=sites))
    keys = [(row.area, row.language) for row in plan.pools]
    assert keys == [(area, language) for area in ("east", "west", "all") for language in ("fr", "other", "all")]


people_anywhere = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["east", "west", "north"]), st.sampled_from([NATIVE, FUNCTIONAL, {}])),
    min_size=1,
    max_size=6,
)
units_anywhere = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["east", "west", "south"]), st.sampled_from(["fr", "en", None])), max_size=8
)


@given(people_anywhere, units_anywhere)
def test_totals_add_up_over_areas_and_agree_with_the_match(people: list[Any], units: list[Any]) -> None:
    sites = tuple(Site(area, "school", area=area) for area in ("east", "west", "south"))
    stated = of(
        *(unit(f"u{i}", site=area, clients=n, language=language) for i, (n, area, language) in enumerate(units)),
        people=tuple(person(f"p{i}", hours, area=area, languages=known) for i, (hours, area, known) in enumerate(people)),
        sites=sites,
    )
    plan = plan_capacity(stated)
    totals = [row for row in plan.pools if row.language == "all" and row.area != "all"]
    whole, row = pool(plan, "all"), plan.match[0]
    assert sum(total.supply_hours for total in totals) == whole.supply_hours == row.supply_hours
    assert sum(total.demand_hours for total in totals) == whole.demand_hours == row.demand_hours
    assert pool(plan, "fr").demand_hours + pool(plan, "other").demand_hours == whole.demand_hours
    assert pool(plan, "other").gap_hours >= whole.gap_hours
