"""Values of options, read from text."""

from __future__ import annotations

import datetime
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.cli import values
from evenload.cli.terminal import UsageProblem
from evenload.words import words_in

EN = words_in("en")


def test_a_mix_is_read_with_percent_signs_and_spaces() -> None:
    assert values.mix(EN, "low=50, mod = 30% ,high=0.2") == {"low": Fraction(50), "mod": Fraction(30), "high": Fraction(1, 5)}
    assert values.mix(EN, None) == {}


@pytest.mark.parametrize("text", ["low", "low=", "=5", "low=-1", "low=1e3", "low=1/2", "low=5,low=5", ",", "low=nan"])
def test_a_mix_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem):
        values.mix(EN, text)


@pytest.mark.parametrize("text, seconds", [("5", 5.0), ("0.5", 0.5), ("2,5", 2.5)])
def test_seconds_take_a_point_or_a_comma(text: str, seconds: float) -> None:
    assert values.seconds(EN, "--seconds", text) == seconds


@given(st.dates())
def test_a_day_is_read_as_it_is_written(on: datetime.date) -> None:
    assert values.day(EN, "--as-of", on.isoformat()) == on


@given(st.text(max_size=12))
def test_whatever_is_written_a_value_or_a_problem_comes_out_and_nothing_else(text: str) -> None:
    for read in (
        lambda: values.whole_number(EN, "--seed", text, low=0),
        lambda: values.seconds(EN, "--seconds", text),
        lambda: values.day(EN, "--as-of", text),
        lambda: values.mix(EN, text),
    ):
        with suppress(UsageProblem):
            read()
