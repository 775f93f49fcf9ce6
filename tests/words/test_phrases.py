"""Codes with facts become sentences: the richest phrase that the facts can fill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.words import words_in
from evenload.words.notices import NOTICES
from evenload.words.phrases import Counted, capitalized, items_of, name_of, phrase, shown
from evenload.words.problems import PROBLEMS
from evenload.words.reasons import EXCLUDED, FIT, FIXES, WAITING
from evenload.words.voice import placeholders

EN, FR = words_in("en"), words_in("fr")
TABLES = {"excluded": EXCLUDED, "waiting": WAITING, "fit": FIT, "fixes": FIXES, "notices": NOTICES, "problems": PROBLEMS}
EVERY = [(table, code, at) for table, codes in TABLES.items() for code, phrases in codes.items() for at in range(len(phrases))]


def facts_for(one) -> dict[str, str]:
    """A number for every placeholder; minutes for what is said in hours or in whichever fits."""
    texts = (one,) if isinstance(one, str) else (one.one, one.many)
    names = {name for text in texts for name in placeholders(text)} | ({one.by} if isinstance(one, Counted) else set())
    stated = dict.fromkeys(names, "3")
    for name in names:
        for shape in ("hours", "time"):
            if name.endswith(shape) and name not in ("hours_per_week",):
                stated[name.removesuffix(shape) + "minutes"] = "180"
                if shape == "time":
                    del stated[name]
    return stated


@pytest.mark.parametrize("table, code, at", EVERY)
def test_every_phrase_can_be_said_in_both_languages_from_the_facts_it_names(table, code, at):
    one = TABLES[table][code][at]
    for words in (EN, FR):
        text = phrase(words, (one,), facts_for(one), {})
        assert text
        assert "{" not in text


def test_the_richest_phrase_that_can_be_filled_is_said():
    phrases = ("{a} and {b}", "{a} only", "nothing")
    assert phrase(EN, phrases, {"a": "1", "b": "2"}, {}) == "1 and 2"
    assert phrase(EN, phrases, {"a": "1", "b": ""}, {}) == "1 only"
    assert phrase(EN, phrases, {"b": "2"}, {}) == "nothing"


def test_facts_that_fill_no_phrase_are_an_error():
    with pytest.raises(ValueError, match="cannot be filled from b"):
        phrase(EN, ("{a} only",), {"b": "2"}, {})


def test_a_list_of_items_counts_its_items():
    counted = Counted("skill {skills}", "skills {skills}", "skills")
    assert phrase(EN, (counted,), {"skills": "seating"}, {}) == "skill seating"
    assert phrase(EN, (counted,), {"skills": "seating; dysphagia"}, {}) == "skills seating and dysphagia"


@pytest.mark.parametrize(
    "facts, name, text",
    [
        ({"free_minutes": 45}, "free_minutes", "45 min"),
        ({"free_minutes": 45}, "free_hours", "0.8 h"),
        ({"free_minutes": 45}, "free_time", "45 min"),
        ({"free_minutes": 90}, "free_time", "1.5 h"),
        ({"observed_minutes": "57.5"}, "observed_minutes", "58 min"),
        ({"reserve_percent": "2.5"}, "reserve_percent", "2.5%"),
        ({"drift_percent": "12"}, "drift_percent", "+12%"),
        ({"gap_hours": "-464.1"}, "gap_hours", "−464.1 h"),
        ({"visits": 12.0}, "visits", "12"),
        ({"visits": 12.5}, "visits", "12.5"),
        ({"language": "yue"}, "language", "Cantonese"),
        ({"language": "yue"}, "language_code", "yue"),
        ({"area": "all"}, "area", "all areas"),
        ({"units": "u1; u2#3"}, "units", "St. Anne and u2#3"),
        ({"practitioners": "p1; p2"}, "practitioners", "p1 and p2"),
        ({"nearest": "12"}, "nearest", "12"),
    ],
)
def test_a_fact_is_shown_as_its_name_says(facts, name, text):
    assert shown(EN, facts, {"u1": "St. Anne"})[name] == text


def test_hours_that_are_stated_are_not_counted_from_minutes():
    assert shown(EN, {"minutes": 60, "hours": 9.0}, {})["hours"] == "9.0 h"


def test_a_block_is_named_after_its_unit():
    assert name_of(FR, "u1#2", {"u1": "École Lafond"}) == "École Lafond, bloc 2"
    assert name_of(FR, "u1#2", {"u1#2": "Groupe du lundi", "u1": "École Lafond"}) == "Groupe du lundi"
    assert name_of(FR, "u9#2", {}) == "u9#2"


@given(st.text())
def test_only_the_first_letter_of_a_sentence_changes(text):
    assert capitalized(text).casefold() == text.casefold()


def test_items_are_separated_by_semicolons_with_or_without_spaces():
    assert items_of("a;b ;  c;") == ["a", "b", "c"]
