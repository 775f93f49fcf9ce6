"""What a notice says: every event, in both languages, with any values; one line, and nothing but what was stated."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenload.words import words_in
from evenload.words.events import EVENTS, event_sentence, event_title
from evenload.words.phrases import Counted

EN, FR = words_in("en"), words_in("fr")
NAMES = ("practitioner", "program", "area", "discipline", "until", "day", "due", "number", "n", "answer")
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["{until}", "{0.__class__}", "a\r\nBcc: x@example.org", "<script>", "%s %d", "2026-13-45T99:99", "NaN", "1e999", "-0"]),
)
VALUES = st.dictionaries(st.sampled_from(NAMES), st.one_of(HOSTILE, st.integers(-5, 10**9)), max_size=len(NAMES))
FULL = {
    "practitioner": "Ana Roy",
    "area": "Embrun",
    "discipline": "OT",
    "until": "2026-02-03T14:30-05:00",
    "day": "2026-02-03",
    "due": "2026-02-04",
    "number": 7,
    "n": 2,
}


@pytest.mark.parametrize("event", EVENTS)
@given(values=VALUES)
def test_any_values_give_one_whole_line(event: str, values: dict[str, str | int]) -> None:
    for words in (EN, FR):
        said = event_sentence(words, event, values)

        assert said
        assert said == said.strip()
        assert not re.search(r"[\r\n]", said)
        assert said.endswith((".", "!", "?"))


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_without_any_value_still_says_what_happened(event: str) -> None:
    for words in (EN, FR):
        assert event_sentence(words, event, {}).endswith(".")
        assert event_title(words, event)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_said_in_french_and_differs_from_the_english(event: str) -> None:
    assert event_title(FR, event) != event_title(EN, event)
    for values in (FULL, {}):
        assert event_sentence(FR, event, values) != event_sentence(EN, event, values)


def test_the_sentences_ask_for_nothing_of_a_client() -> None:
    asked: set[str] = set()
    for told in EVENTS.values():
        for forms in (*told.said, *(told.by_answer or {}).values()):
            for form in forms:
                texts = (form.one, form.many) if isinstance(form, Counted) else (form,)
                asked |= {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}

    assert asked <= {"practitioner", "what", "until", "day", "due", "number", "n", "hours"}


@pytest.mark.parametrize(
    ("event", "values", "said"),
    [
        (
            "offer_made",
            FULL,
            "You are asked to take on: Occupational therapy, Embrun. Please answer by Tuesday, February 3 at 2:30 p.m.",
        ),
        (
            "offer_made",
            {"discipline": "SLP", "due": "2026-02-04"},
            "You are asked to take on: Speech-language pathology. Please answer by Wednesday, February 4.",
        ),
        ("offer_made", {}, "You are asked to take on a unit."),
        ("offer_answered", {**FULL, "answer": "declined"}, "Ana Roy declines an offer: Occupational therapy, Embrun."),
        ("offer_answered", {**FULL, "answer": "pigeon"}, "Ana Roy has answered an offer: Occupational therapy, Embrun."),
        ("offer_answered", {"answer": "declined"}, "An offer is answered."),
        ("offers_lapsed", {"n": 1}, "An offer has lapsed; nobody took it. 1 person was asked."),
        (
            "edition_published",
            {"number": 12, "n": 1, "day": "2026-02-09"},
            "Edition 12 of the assignment list is published. It changes 1 row of yours. It applies from Monday, February 9.",
        ),
        ("edition_published", {"number": 12, "n": 0}, "Edition 12 of the assignment list is published."),
        ("overload", {"n": 3, "practitioner": "Ana"}, "The load of Ana has been too high for 3 weeks in a row."),
        ("overload", {"n": 1}, "Your load has been too high for 1 week."),
        (
            "hours_offered",
            {"practitioner": "Ana", "number": "22.50", "day": "2026-02-09"},
            "Ana offers 22.5 h/week from Monday, February 9.",
        ),
        (
            "hours_answered",
            {"answer": "declined", "day": "2026-02-09"},
            "The hours that you offered from Monday, February 9 are not needed this time. Thank you.",
        ),
        (
            "leave_told",
            {"practitioner": "Ana", "day": "2026-02-09", "until": "2026-02-10", "n": 4},
            "Ana is away from Monday, February 9 to Tuesday, February 10. 4 units need somebody meanwhile.",
        ),
        (
            "leave_told",
            {"practitioner": "Ana", "day": "2026-02-09", "answer": "cancelled"},
            "Ana is not away from Monday, February 9 after all.",
        ),
    ],
)
def test_a_sentence_is_as_rich_as_its_values(event: str, values: dict[str, str | int], said: str) -> None:
    assert event_sentence(EN, event, values).replace("\N{NO-BREAK SPACE}", " ") == said


def test_an_unknown_event_is_an_error() -> None:
    with pytest.raises(KeyError):
        event_sentence(EN, "offer_sold", {})
