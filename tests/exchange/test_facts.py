"""Rows become facts: ids and codes only, places found, one spelling for each word, prices as stated."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from evenload.exchange.facts import program_from
from evenload.exchange.places import fsa_of, place_of, place_of_postal
from evenload.exchange.rows import GoalRow, PractitionerRow, ProgramRow, Rows, SiteRow, UnitRow
from evenload.planning.prices import GOALS, Prices
from evenload.planning.program import Place, Program
from exchange.small_books import good, read_sheets, with_cell


def program_of(**changes: Any) -> Program:
    """The facts of the small program with some sheets of rows replaced."""
    rows = read_sheets(good()).rows
    return program_from(Rows(**{field.name: changes.get(field.name, getattr(rows, field.name)) for field in fields(Rows)}))


def every_text(value: Any) -> set[str]:
    """Every text within nested facts."""
    if isinstance(value, str):
        return {value}
    if is_dataclass(value):
        return set().union(*(every_text(getattr(value, field.name)) for field in fields(value)))
    if isinstance(value, dict):
        return every_text(list(value)) | every_text(list(value.values()))
    if isinstance(value, (tuple, list, frozenset)):
        return set().union(*map(every_text, value))
    return set()


def test_no_name_label_address_or_note_reaches_the_facts() -> None:
    texts = every_text(program_of())
    assert {"ana", "béa", "u1", "s1", "low"} <= texts
    for name in ("Ana Roy", "Béa Côté", "Elm School", "École Elm", "Grade 2", "low need", "North program", "first line\nsecond line"):
        assert name not in texts


def test_the_period_ends_where_it_should_and_as_of_defaults_to_its_first_day() -> None:
    stated = program_of().period
    assert (stated.starts_on, stated.weeks, stated.as_of, stated.weeks_left) == (date(2026, 1, 5), 20, date(2026, 1, 12), 19)
    assert program_of(program=ProgramRow("x", "school", date(2026, 1, 5), 20)).period.as_of == date(2026, 1, 5)


def test_a_place_is_the_stated_point_else_the_centre_of_the_postal_area_else_unknown() -> None:
    assert place_of(Fraction("45.4"), Fraction("-75.7"), "K1A 0B1") == Place(45.4, -75.7)
    centre = place_of(None, None, "k1a 0b1")
    assert centre == place_of_postal("K1A")
    assert centre is not None
    assert (round(centre.lat), round(centre.lon)) == (45, -76)
    assert place_of(None, None, None) is None
    assert place_of(None, None, "A9Z") is None
    assert fsa_of("k2c 3j1") == "K2C"


def test_places_of_people_sites_and_units_are_found() -> None:
    program = program_of()
    assert program.practitioners[0].base == Place(45.42, -75.69)
    assert program.sites[0].place == Place(45.4, -75.7)
    assert program.sites[1].place == place_of_postal("K2C")
    assert (program.units[0].place, program.units[1].place) == (None, Place(45.41, -75.71))


def test_words_that_differ_in_case_are_one_word_whatever_the_order_of_rows() -> None:
    first = PractitionerRow("a", ("OT",), "employee", Fraction(30), {"en": "native"}, skills=("AAC",), team="north", interests=("School",))
    second = PractitionerRow("b", ("OT",), "employee", Fraction(30), {"en": "native"}, skills=("aac",), team="North", interests=("LOW",))
    unit = UnitRow("u", "client", "OT", "low", skills_required=("Aac",), together="Same")
    other = UnitRow("v", "client", "OT", "low", skills_preferred=("AAC",), together="same")
    sites = (SiteRow("s", "S", "school", area="East", team="NORTH"), SiteRow("t", "T", "school", town="east"))
    for people, units in (((first, second), (unit, other)), ((second, first), (other, unit))):
        program = program_of(practitioners=people, units=units, sites=sites)
        assert {person.skills for person in program.practitioners} == {frozenset({"AAC"})}
        assert {person.team for person in program.practitioners} == {"NORTH"}
        assert {found.skills_required | found.skills_preferred for found in program.units} == {frozenset({"AAC"})}
        assert {found.together for found in program.units} == {"Same"}
        assert {person.interests for person in program.practitioners} == {frozenset({"school"}), frozenset({"low"})}
        assert program.sites[0].area == program.sites[1].town == "East"


def test_prices_are_the_defaults_but_for_those_stated() -> None:
    assert program_of(goals=()).prices == Prices()
    assert program_of().prices == Prices(travel=1.5)
    assert program_of(goals=tuple(GoalRow(goal, Fraction(7)) for goal in GOALS)).prices.waiting_french == 7.0
    with pytest.raises(KeyError, match="nonsense"):
        program_of(goals=(GoalRow("nonsense", Fraction(1)),))


def test_every_fact_of_the_core_is_filled_from_a_row() -> None:
    sheets = good()
    sheets["practitioners"][0] += ["team", "area", "feedback", "evenings", "accepts_new", "years_experience", "longest_drive_minutes"]
    sheets["practitioners"][1] += ["t", "Far", "too_low", "no", "no", 4.5, 30]
    person = program_from(read_sheets(sheets).rows).practitioners[0]
    assert (person.team, person.area, person.feedback, person.evenings, person.accepts_new) == ("t", "Far", "too_low", False, False)
    assert (person.years_experience, person.longest_drive_minutes, person.days) == (Fraction(9, 2), 30, frozenset({"mon", "tue"}))


def test_a_discipline_of_the_program_itself_is_known_everywhere() -> None:
    sheets = with_cell(with_cell(good(), "practitioners!C2", "OT;bt"), "duties!A3", "BT")
    program = program_from(read_sheets(sheets).rows)
    assert program.practitioners[0].disciplines == ("OT", "BT")
    assert program.duties[1].who == "BT"
