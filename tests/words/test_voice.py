"""Saying a sentence: placeholders, plurals, languages."""

from datetime import date, time
from fractions import Fraction

import pytest

from evenload.words import words_in

EN, FR = words_in("en"), words_in("fr")


def test_a_sentence_is_said_in_its_language():
    assert EN.say("Too high") == "Too high"
    assert FR.say("Too high") == "Trop élevée"


def test_numbers_and_dates_among_the_facts_are_formatted():
    assert EN.say("{a} {b} {c} {d}", a=1234, b=Fraction(5, 2), c=date(2026, 2, 3), d="1234") == "1,234 2.5 2026-02-03 1234"


def test_a_sentence_without_its_fact_is_an_error():
    with pytest.raises(ValueError, match="no fact for fix"):
        EN.say("Waiting: {reason}. Nearest fix: {fix}.", reason="full")


def test_a_fact_that_no_placeholder_takes_is_an_error():
    with pytest.raises(ValueError, match="no placeholder for hours"):
        FR.say("Too high", hours=3)


def test_an_empty_message_is_an_error():
    with pytest.raises(ValueError, match="empty"):
        FR.say("")


@pytest.mark.parametrize("n, english, french", [(0, "0 weeks", "0 semaine"), (1, "1 week", "1 semaine"), (2, "2 weeks", "2 semaines")])
def test_none_is_plural_in_english_and_singular_in_french(n, english, french):
    one, many = "{first} to {last}, {n} week", "{first} to {last}, {n} weeks"
    assert EN.say_n(one, many, n, first="a", last="b").endswith(english)
    assert FR.say_n(one, many, n, first="a", last="b").endswith(french)


def test_a_plural_need_not_show_its_number():
    assert EN.say_n("one", "many", 1) == "one"
    assert EN.say_n("one", "{n} of many", 1) == "one"
    assert EN.say_n("one", "{n} of many", 2000) == "2,000 of many"


def test_a_message_that_has_no_french_yet_is_said_in_english():
    assert FR.say("This sentence is in no catalogue, {name}.", name="Ana") == "This sentence is in no catalogue, Ana."


def test_a_sentence_that_ends_with_a_time_has_one_full_stop():
    at = EN.clock(time(17, 52))

    assert EN.say("The plan stopped at {time}. The draft is as you left it.", time=at).startswith("The plan stopped at 5:52 p.m. The")
