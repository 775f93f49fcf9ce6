"""Example programs: realistic, seeded, valid in every setting and size."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

import pytest

from evenload.exchange.example import example_rows
from evenload.exchange.facts import program_from
from evenload.exchange.rows import Rows
from evenload.planning.case import Case
from evenload.planning.codes import SETTINGS
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.prepare import case_from
from evenload.planning.targets import nearest_travel

pytestmark = pytest.mark.slow  # generates whole programs


def case_of(rows: Rows) -> Case:
    return case_from(program_from(rows))


def use_of_supply(case: Case) -> float:
    """Demand with the nearest practitioner's travel as a share of the capacity."""
    nearest = nearest_travel(case)
    demand = sum(unit.minutes + (0 if unit.travel_in_standard else nearest[unit.id]) for unit in case.units)
    return demand / sum(person.capacity_minutes for person in case.practitioners)


def test_the_same_arguments_give_the_same_rows_and_another_seed_gives_others() -> None:
    first = example_rows(practitioners=12, units=80, setting="community", seed=3)
    assert first == example_rows(practitioners=12, units=80, setting="community", seed=3)
    assert first != example_rows(practitioners=12, units=80, setting="community", seed=4)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("seed", range(2))
def test_every_setting_gives_a_program_without_contradiction_at_the_stated_use_of_its_hours(setting: str, seed: int) -> None:
    rows = example_rows(practitioners=20, units=160, setting=setting, seed=seed)
    case = case_of(rows)
    assert len(rows.practitioners) == 20
    assert len(rows.units) == 160
    assert 0.92 <= use_of_supply(case) <= 0.98


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("practitioners, units", [(1, 1), (1, 6), (2, 5), (5, 3), (9, 40)])
def test_small_programs_are_free_of_contradictions_too(setting: str, practitioners: int, units: int) -> None:
    rows = example_rows(practitioners=practitioners, units=units, setting=setting, seed=1)
    case_of(rows)
    assert (len(rows.practitioners), len(rows.units)) == (practitioners, units)


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_hardly_a_unit_asks_for_what_nobody_offers(setting: str) -> None:
    case = case_of(example_rows(practitioners=30, units=400, setting=setting, seed=5))
    impossible = [
        bundle
        for bundle in bundles(case)
        if not any(all(is_eligible(case, person, unit) for unit in bundle) for person in case.practitioners)
    ]
    assert len(impossible) <= 0.02 * len(case.units)


def test_a_school_program_has_what_a_real_one_has() -> None:
    # given
    rows = example_rows(practitioners=30, units=600, setting="school", seed=0)
    case = case_of(rows)
    # then: both languages, at sites and among people
    assert Counter(site.language for site in rows.sites).keys() == {"en", "fr"}
    assert any(person.languages.get("fr") == "native" for person in rows.practitioners)
    # people keep their schools, some schools are split, some units wait
    holders = defaultdict(set)
    for unit in rows.units:
        if unit.current_practitioner and unit.kind == "site":
            holders[(unit.site, unit.discipline)].add(unit.current_practitioner)
    shared = sum(len(people) > 1 for people in holders.values())
    assert 0 < shared < 0.4 * len(holders)
    waiting = [unit for unit in rows.units if unit.current_practitioner is None]
    assert 0.08 * len(rows.units) < len(waiting) < 0.25 * len(rows.units)
    assert all(unit.waiting_since is not None and unit.waiting_since < case.as_of for unit in waiting)
    assert {unit.priority for unit in waiting} == {1, 2, 3, 4}
    # one says too high and is above capacity today, one says too low and is far below
    load: dict[str, int] = defaultdict(int)
    for unit in case.units:
        if unit.current:
            load[unit.current] += unit.minutes
    said = {row.feedback: row.id for row in rows.practitioners if row.feedback in ("too_high", "too_low")}
    assert load[said["too_high"]] > case.practitioner(said["too_high"]).capacity_minutes
    assert load[said["too_low"]] < 0.6 * case.practitioner(said["too_low"]).capacity_minutes
    # and every kind of input that an assignment takes
    assert {row.engagement for row in rows.practitioners} == {"employee", "independent"}
    for found in ("pinned", "barred_practitioners", "together", "skills_required", "skills_preferred", "days", "visits_per_week", "note"):
        assert any(getattr(unit, found) for unit in rows.units), found
    assert rows.program.contracted_visits is not None
    assert any(unit.held_back for unit in case.units)
    assert 100 <= len(rows.visits) <= 500
    assert {visit.outcome for visit in rows.visits} == {"done", "no_show", "cancelled"}
    assert all(row.source for row in rows.classes)
    assert any("#" in unit.id for unit in case.units)


def test_french_is_short_in_one_discipline_while_the_whole_has_room() -> None:
    case = case_of(example_rows(practitioners=30, units=600, setting="school", seed=0))
    supply, demand = Fraction(0), 0
    for person in case.practitioners:
        if "SLP" in person.disciplines and person.languages.get("fr") in ("native", "fluent"):
            supply += person.capacity_minutes
    for unit in case.units:
        if unit.discipline == "SLP" and unit.is_french:
            demand += unit.minutes
    assert 1.0 < demand / supply < 1.15
    assert use_of_supply(case) < 1.0


def test_names_are_each_given_once_and_no_client_is_named() -> None:
    rows = example_rows(practitioners=120, units=300, setting="clinic", seed=2)
    names = [row.name for row in rows.practitioners]
    assert len(set(names)) == len(names)
    labels = [unit.label or "" for unit in rows.units if unit.kind == "client"]
    assert all(label[1] == "." and label[4] == "." for label in labels)


def test_an_unknown_setting_and_an_empty_program_are_refused() -> None:
    with pytest.raises(KeyError):
        example_rows(setting="ship", seed=0)
    with pytest.raises(ValueError, match="at least one"):
        example_rows(practitioners=0, setting="school", seed=0)
