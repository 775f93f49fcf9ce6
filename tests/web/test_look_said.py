"""The tags of templates: sentences, numbers and dates in the page's language, escaped, with a dash for what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.template import Context, engines
from django.utils import translation

from evenload.words import words_in


def said(text: str, lang: str = "en", **facts: object) -> str:
    return engines["django"].engine.from_string(text).render(Context({"words": words_in(lang), **facts}))


@pytest.mark.parametrize(
    "tag, fact, english, french",
    [
        ('{% say "Edition {number}" number=x %}', 6, "Edition 6", "Édition 6"),
        ("{% hours x %}", Fraction(38), "38.0 h", "38,0\u00a0h"),
        ('{% hours x per="week" %}', 7.75, "7.8 h/week", "7,8\u00a0h/sem."),
        ("{% hours_of x %}", 2280, "38.0 h", "38,0\u00a0h"),
        ("{% signed_hours x %}", -6.2, "−6.2 h", "−6,2\u00a0h"),
        ("{% percent x %}", 112, "112%", "112\u00a0%"),
        ("{% number x %}", 1234.5, "1,234.5", "1\u00a0234,5"),
        ("{% integer x %}", 1234, "1,234", "1\u00a0234"),
        ("{% minutes x %}", 65, "1 h 5 min", "1\u00a0h\u00a05\u00a0min"),
        ("{% day x %}", date(2026, 3, 1), "March 1", "le 1er mars"),
        ("{% weekday x %}", date(2026, 2, 3), "Tuesday, February 3", "le mardi 3 février"),
        ("{% date x %}", date(2026, 2, 3), "2026-02-03", "2026-02-03"),
        ("{% clock x %}", datetime(2026, 2, 3, 19, 30, tzinfo=UTC), "2:30 p.m.", "14\u00a0h\u00a030"),
        ("{% moment x %}", datetime(2026, 2, 3, 19, 30, tzinfo=UTC), "2026-02-03 14:30", "2026-02-03 14:30"),
        ('{% label "discipline" x %}', "OT", "Occupational therapy", "Ergothérapie"),
        ('{% label_in_sentence "discipline" x %}', "OT", "occupational therapy", "ergothérapie"),
        ("{% language_name x %}", "fr", "French", "français"),
        ("{% list_of x %}", ["a", "b", "c"], "a, b and c", "a, b et c"),
        ('{% either x "École" %}', "School", "School", "École"),
        ('{% pair x "3.9 h" %}', "Travel", "Travel: 3.9 h", "Travel\u00a0: 3.9 h"),
    ],
)
def test_each_tag_speaks_the_language_of_the_page(tag: str, fact: object, english: str, french: str) -> None:
    assert (said(tag, "en", x=fact), said(tag, "fr", x=fact)) == (english, french)


@pytest.mark.parametrize(
    "tag", ["hours", "hours_of", "signed_hours", "percent", "number", "integer", "minutes", "day", "weekday", "date", "clock", "moment"]
)
def test_what_is_not_known_is_a_dash_and_never_a_zero(tag: str) -> None:
    assert said("{% " + tag + " x %}", x=None) == "–"


def test_a_plural_follows_its_number() -> None:
    tag = '{% say_n "{n} unit" "{n} units" x %}'

    assert [said(tag, x=n) for n in (0, 1, 2)] == ["0 units", "1 unit", "2 units"]


def test_the_evening_of_a_moment_is_the_day_where_the_organisation_is() -> None:
    assert said('{% say "Edition {number}" number=x %}', x=datetime(2026, 2, 4, 2, 0, tzinfo=UTC)) == "Edition 2026-02-03"


def test_a_name_that_looks_like_markup_stays_a_name() -> None:
    assert said('{% say "Edition {number}" number=x %}', x="<b>{y}</b>") == "Edition &lt;b&gt;{y}&lt;/b&gt;"
    assert said('{% say "Edition {number}" number=x as title %}{{ title }}', x="<b>") == "Edition &lt;b&gt;"


def test_without_a_page_the_active_language_speaks() -> None:
    with translation.override("fr"):
        assert engines["django"].engine.from_string('{% say "Help" %}').render(Context()) == "Aide"
