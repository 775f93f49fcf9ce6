"""Numbers, dates and lists in both languages (the page on the interface, formats)."""

from datetime import date, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.words import Words, words_in

EN, FR = words_in("en"), words_in("fr")


def nb(text: str) -> str:
    """The text with a no-break space where an underscore stands."""
    return text.replace("_", "\u00a0")


@pytest.mark.parametrize(
    "say, english, french",
    [
        (lambda w: w.hours(38), "38.0 h", "38,0_h"),
        (lambda w: w.hours(Fraction(2469, 2)), "1,234.5 h", "1_234,5_h"),
        (lambda w: w.hours(-624.4), "−624.4 h", "−624,4_h"),
        (lambda w: w.hours(Decimal("0.25")), "0.3 h", "0,3_h"),
        (lambda w: w.hours(-0.04), "0.0 h", "0,0_h"),
        (lambda w: w.hours_per_week(38), "38.0 h/week", "38,0_h/sem."),
        (lambda w: w.hours(38, per="week"), "38.0 h/week", "38,0_h/sem."),
        (lambda w: w.signed_hours(Fraction(7, 5)), "+1.4 h", "+1,4_h"),
        (lambda w: w.signed(0.04), "0.0", "0,0"),
        (lambda w: w.percent(108), "108%", "108_%"),
        (lambda w: w.percent(Fraction(1169, 10), 1), "116.9%", "116,9_%"),
        (lambda w: w.integer(24637), "24,637", "24_637"),
        (lambda w: w.number(24637.5), "24,637.5", "24_637,5"),
        (lambda w: w.number(1, 3), "1.000", "1,000"),
        (lambda w: w.minutes(852), "852 min", "852_min"),
        (lambda w: w.duration(52), "52 min", "52_min"),
        (lambda w: w.duration(0), "0 min", "0_min"),
        (lambda w: w.duration(65), "1 h 5 min", "1_h_5_min"),
        (lambda w: w.duration(120), "2 h", "2_h"),
        (lambda w: w.date(date(2026, 2, 3)), "2026-02-03", "2026-02-03"),
        (lambda w: w.date_sentence(date(2026, 2, 3)), "Tuesday, February 3", "le mardi 3 février"),
        (lambda w: w.day(date(2026, 3, 1)), "March 1", "le 1er mars"),
        (lambda w: w.day(date(2026, 8, 11), year=True), "August 11, 2026", "le 11 août 2026"),
        (lambda w: w.clock(time(14, 30)), "2:30 p.m.", "14_h_30"),
        (lambda w: w.clock(time(0, 0)), "12:00 a.m.", "0_h"),
        (lambda w: w.period(date(2026, 2, 2), 20), "2026-02-02 to 2026-06-21, 20 weeks", "du 2026-02-02 au 2026-06-21, 20 semaines"),
        (lambda w: w.list_of(["a", "b", "c"]), "a, b and c", "a, b et c"),
        (lambda w: w.list_of(["a"]), "a", "a"),
        (lambda w: w.list_of([]), "", ""),
        (lambda w: w.names_of(["p1", "p2"], {"p1": "Ana"}), "Ana and p2", "Ana et p2"),
        (lambda w: w.language_name("fr"), "French", "français"),
        (lambda w: w.language_name("zzz"), "zzz", "zzz"),
        (lambda w: w.quoted("4O"), '"4O"', "«_4O_»"),
        (lambda w: w.pair("Total", "3"), "Total: 3", "Total_: 3"),
        (lambda w: w.pair("Total"), "Total:", "Total_:"),
        (lambda w: w.either("The school", "L'école"), "The school", "L'école"),
        (lambda w: w.either("The school", None), "The school", "The school"),
    ],
)
def test_a_value_is_written_as_each_language_writes_it(say, english, french):
    assert say(EN) == english
    assert say(FR) == nb(french)


@given(st.fractions(min_value=-(10**6), max_value=10**6), st.integers(0, 3))
def test_a_number_is_rounded_half_up_away_from_zero_and_read_back_within_half_a_unit(amount, digits):
    text = EN.number(amount, digits).replace(",", "").replace("−", "-")
    assert abs(Fraction(text) - amount) <= Fraction(1, 2 * 10**digits)
    assert "-0." not in text or Fraction(text) != 0


@given(st.fractions(min_value=0, max_value=10**9))
def test_both_languages_show_the_same_digits(amount):
    def only_digits(text: str) -> str:
        return "".join(sign for sign in text if sign.isdigit())

    assert only_digits(EN.number(amount)) == only_digits(FR.number(amount))


def test_a_float_is_rounded_as_it_prints():
    assert EN.number(0.15) == "0.2"
    assert EN.number(2.675, 2) == "2.68"


def test_hours_per_anything_but_a_week_is_refused():
    with pytest.raises(ValueError, match="per"):
        EN.hours(1, per="month")


def test_an_unknown_language_is_an_error():
    with pytest.raises(ValueError, match="got 'de'"):
        words_in("de")


def test_the_words_of_a_language_are_one_frozen_object():
    assert words_in("fr") is words_in("fr")
    assert words_in("fr") == Words("fr")
    with pytest.raises(AttributeError):
        words_in("fr").lang = "en"
