"""Each hard rule alone: one pair that it allows, one that it refuses, with the facts its sentence needs."""

from __future__ import annotations

import pytest
from one_pair import FAR, case, practitioner, unit

from evenload.planning.codes import HARD_RULES
from evenload.planning.eligibility import RULES, breaches, bundles, is_eligible

# code: (practitioner allowed, practitioner refused, unit, facts of the refusal)
PAIRS = {
    "discipline": ({}, {"disciplines": ("PT",)}, {}, {"discipline": "OT"}),
    "no_capacity": ({}, {"capacity_minutes": 0, "maximum_minutes": 0}, {}, {}),
    "language_french": ({"languages": {"fr": "fluent"}}, {"languages": {"fr": "functional"}}, {"language": "fr"}, {"level": "functional"}),
    "language_required": (
        {"languages": {"ar": "native"}},
        {"languages": {"ar": "functional"}},
        {"language": "ar", "language_need": "required"},
        {"language": "ar", "level": "functional"},
    ),
    "skill_missing": (
        {"skills": frozenset({"aac", "seating"})},
        {"skills": frozenset({"aac"})},
        {"skills_required": frozenset({"aac", "seating"})},
        {"skills": "seating"},
    ),
    "barred": ({"id": "Cal"}, {}, {"barred": frozenset({"Ana"})}, {}),
    "not_accepting_new": ({}, {"accepts_new": False}, {}, {}),
    "drive_too_long": (
        {"longest_drive_minutes": 300},
        {"longest_drive_minutes": 30},
        {"place": FAR},
        {"drive_minutes": 152, "longest_drive_minutes": 30},
    ),
    "days": ({"days": frozenset({"mon", "tue"})}, {"days": frozenset({"mon"})}, {"days": frozenset({"tue", "wed"})}, {"days": "tue; wed"}),
    "evening": ({"evenings": None}, {"evenings": False}, {"evening": True}, {}),
    "pinned_elsewhere": ({}, {"id": "Cal"}, {"pinned_to": "Ana", "current": "Ana"}, {"practitioner": "Ana"}),
}


def test_every_hard_rule_has_its_pair_here_and_bears_its_codes_name() -> None:
    assert tuple(rule.__name__ for rule in RULES) == HARD_RULES
    assert set(PAIRS) == set(HARD_RULES)


@pytest.mark.parametrize("code", HARD_RULES)
def test_the_rule_alone_refuses_with_its_facts_and_allows_otherwise(code: str) -> None:
    allowed, refused, changes, facts = PAIRS[code]
    asked = unit(**changes)
    welcome, other = practitioner(**allowed), practitioner(**refused)

    assert breaches(case((welcome,), (asked,)), welcome, asked) == ()
    (reason,) = breaches(case((other,), (asked,)), other, asked)
    assert (reason.code, dict(reason.facts)) == (code, facts)


def test_english_needs_at_least_functional_english_even_where_it_is_only_preferred() -> None:
    francophone = practitioner(languages={"fr": "native", "en": "basic"})
    assert [r.code for r in breaches(case((francophone,)), francophone, unit())] == ["language_required"]
    assert is_eligible(case(), practitioner(languages={"en": "functional"}), unit())


def test_a_language_that_is_only_preferred_and_a_language_not_asked_exclude_nobody() -> None:
    assert is_eligible(case(), practitioner(), unit(language="ar"))
    assert is_eligible(case(), practitioner(languages={}), unit(language=None))


def test_french_preferred_is_french_required() -> None:
    for need in ("preferred", "required"):
        assert not is_eligible(case(), practitioner(), unit(language="fr", language_need=need))


def test_a_pin_overrides_new_clients_drive_days_evening_and_hours() -> None:
    bound = practitioner(
        accepts_new=False, longest_drive_minutes=1, days=frozenset({"mon"}), evenings=False, capacity_minutes=0, maximum_minutes=0
    )
    pinned = unit(pinned_to="Ana", current=None, place=FAR, days=frozenset({"tue"}), evening=True)
    assert breaches(case((bound,), (pinned,)), bound, pinned) == ()


def test_a_pin_never_overrides_discipline_language_skill_or_bar() -> None:
    pinned = unit(pinned_to="Ana", current="Ana", language="fr", skills_required=frozenset({"aac"}), barred=frozenset({"Ana"}))
    other = practitioner(disciplines=("PT",))
    assert [r.code for r in breaches(case(), other, pinned)] == ["discipline", "language_french", "skill_missing", "barred"]


def test_the_longest_drive_is_not_applied_where_a_place_is_unknown() -> None:
    near_only = practitioner(longest_drive_minutes=1)
    assert is_eligible(case(), near_only, unit(place=None))
    assert is_eligible(case(), practitioner(longest_drive_minutes=1, base=None), unit(place=FAR))


def test_who_takes_no_new_clients_keeps_her_own() -> None:
    closed = practitioner(accepts_new=False)
    assert is_eligible(case(), closed, unit(current="Ana"))
    assert not is_eligible(case(), closed, unit(current="Cal"))


def test_units_that_go_together_form_one_bundle_and_held_back_units_none() -> None:
    units = (unit(id="c", together="east"), unit(id="a"), unit(id="b", together="east"), unit(id="d", held_back="contract_exhausted"))
    assert [[u.id for u in bundle] for bundle in bundles(case(units=units))] == [["a"], ["b", "c"]]
