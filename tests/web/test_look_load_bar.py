"""The load bar: each state by its pattern, its icon and its words, on a scale from 0 to 130 percent."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from django.template.loader import render_to_string

from evenload.web.before_after import Figures, change_row, spoken_change
from evenload.web.load_bar import WIDTH, Load, load_bar, practitioner_bar
from evenload.web.samples import SAMPLES, bars
from evenload.words import words_in
from planning.one_pair import practitioner

EN, FR = words_in("en"), words_in("fr")
STATES = [state for state, _ in SAMPLES]


def drawn(state: str, lang: str = "en") -> str:
    words = words_in(lang)
    bar = next(bar for bar in bars(words) if bar.state == state)
    return " ".join(render_to_string("_load_bar.html", {"bar": bar, "words": words}).split())


def test_the_text_says_hours_percent_icon_and_word() -> None:
    assert [bar.text for bar in bars(EN)] == [
        "14.0 / 28 h · 50% ○ Has room",
        "25.0 / 30 h · 83% ✓ In range",
        "29.5 / 31 h · 95% △ Above range",
        "38.0 / 34 h · 112% ▲ Over",
        "? Hours not set",
        "– Away",
    ]
    assert bars(FR)[0].text == "14,0 / 28\u00a0h · 50\u00a0% ○ A de la place"


@pytest.mark.parametrize(
    "state, shape",
    [
        ("room", 'fill="url(#load-room)"'),
        ("in_range", 'class="load-in_range"'),
        ("above_range", 'fill="url(#load-above_range)"'),
        ("over", 'fill="url(#load-over)"'),
        ("hours_not_set", "stroke-dasharray"),
        ("away", 'class="load-line"'),
    ],
)
def test_each_state_has_its_own_pattern(state: str, shape: str) -> None:
    drawings = {other: drawn(other) for other in STATES}

    assert shape in drawings[state]
    assert [other for other in STATES if other != state and shape in drawings[other]] == []


@pytest.mark.parametrize("state", STATES)
def test_a_bar_passes_a_strict_policy_and_hides_its_drawing_from_readers(state: str) -> None:
    assert "style=" not in drawn(state)
    assert 'aria-hidden="true"' in drawn(state)
    assert len(re.findall(r"url\(#([\w-]+)\)", drawn(state))) <= 1


def test_every_pattern_that_a_bar_points_at_is_on_the_page() -> None:
    patterns = set(re.findall(r'<pattern id="([\w-]+)"', render_to_string("_load_patterns.html")))

    assert patterns == {name for state in STATES for name in re.findall(r"url\(#([\w-]+)\)", drawn(state))}


def test_lengths_lie_on_a_scale_to_130_percent_of_the_capacity() -> None:
    bar = load_bar(EN, Load(13 * 60, 26 * 60, 26 * 60, (70, Fraction(95))), "room")

    assert (bar.fill_width, bar.tick_x, bar.range_path) == ("115.4", "230.8", "M161.5 24v4H219.2v-4")


def test_a_load_beyond_the_scale_fills_the_bar_and_the_text_says_how_much() -> None:
    bar = load_bar(EN, Load(60 * 60, 30 * 60, 30 * 60), "over")

    assert (bar.fill_width, bar.range_path) == ("300", None)
    assert bar.text == "60.0 / 30 h · 200% ▲ Over"


def test_a_maximum_above_the_capacity_stands_where_it_is_and_beyond_the_scale_nowhere() -> None:
    assert load_bar(EN, Load(600, 1200, 1320), "room").tick_x == "253.8"
    assert load_bar(EN, Load(600, 1200, 2400), "room").tick_x is None


def test_nobody_without_hours_gets_a_percentage() -> None:
    over = load_bar(EN, Load(120, 0), "over")

    assert (over.figures, over.fill_width, over.tick_x) == ("2.0 / 0 h", "0", None)
    assert load_bar(EN, Load(0, 0), "no_capacity").word == "Away"


def test_a_practitioner_is_judged_against_her_own_numbers() -> None:
    ana = practitioner(
        capacity_minutes=1800, maximum_minutes=1920, comfortable_min_percent=Fraction(70), comfortable_max_percent=Fraction(95)
    )

    assert practitioner_bar(EN, ana, 1860).text == "31.0 / 30 h · 103% ▲ Over"
    assert practitioner_bar(EN, ana, 1260).state == "in_range"
    assert practitioner_bar(EN, ana, 1259).state == "room"


def test_before_and_after_are_written_in_one_way() -> None:
    before = Figures(Load(14 * 60, 28 * 60), "room", 120, 22 * 60)
    after = Figures(Load(1212, 28 * 60), "in_range", 204, 25 * 60)

    row = change_row(EN, "Fatou Diallo", before, after)

    assert [(cell.before, cell.after) for cell in (row.load, row.hours, row.travel, row.peak)] == [
        ("50%", "72%"),
        ("14.0", "20.2"),
        ("2.0", "3.4"),
        ("22.0", "25.0"),
    ]
    assert spoken_change(EN, row) == "Fatou Diallo: 72%, in range."
    assert spoken_change(FR, change_row(FR, "Fatou Diallo", before, after)) == "Fatou Diallo\u00a0: 72\u00a0%, dans sa plage."


def test_a_figure_that_stays_is_shown_once() -> None:
    side = Figures(Load(600, 1200), "room", 60, 700)

    shown = render_to_string("_before_after.html", {"rows": [change_row(EN, "Ana", side, side)], "words": EN})

    assert "→" not in shown
    assert shown.count("50%") == 1


def test_a_load_beyond_the_scale_breaks_the_bar_and_one_within_does_not() -> None:
    beyond = load_bar(EN, Load(131 * 6, 600, 600), "over")
    within = load_bar(EN, Load(130 * 6, 600, 600), "over")

    assert (beyond.is_beyond, beyond.fill_width) == (True, str(WIDTH))
    assert (within.is_beyond, within.fill_width) == (False, str(WIDTH))
