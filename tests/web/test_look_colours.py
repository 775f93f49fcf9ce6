"""Every contrast of the token tables, counted again from the style sheet."""

from __future__ import annotations

import pytest

from web.style_sheet import SCHEMES, contrast, tokens

GROUNDS = ("canvas", "surface", "sunken")

# token: (own tint, least ratio that WCAG 2.2 AA asks, least ratio on paper in light and dark)
LETTERS = {
    "ink": (None, 4.5, 13.37, 13.53),
    "muted": (None, 4.5, 6.17, 8.06),
    "accent": (None, 4.5, 6.51, 8.36),
    "control": (None, 3.0, 3.63, 4.61),
    "focus": (None, 3.0, 6.04, 8.32),
    "danger": ("danger-tint", 4.5, 6.32, 6.22),
    "ok": ("ok-tint", 4.5, 5.57, 7.22),
    "warn": ("warn-tint", 4.5, 5.98, 6.92),
    "load-room": (None, 3.0, 3.23, 3.56),
    "load-in-range": (None, 3.0, 5.95, 5.43),
    "load-above-range": (None, 3.0, 4.22, 6.78),
    "load-over": (None, 3.0, 11.15, 11.69),
}
SERIES = {"light": 3.07, "dark": 3.52}


def least(scheme: str, token: str, grounds: tuple[str, ...]) -> float:
    colours = tokens()[scheme]
    return min(contrast(colours[token], colours[ground]) for ground in grounds)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("token", LETTERS)
def test_letters_and_marks_stand_out_from_every_ground_they_meet(token: str, scheme: str) -> None:
    tint, asked, *on_paper = LETTERS[token]

    ratio = least(scheme, token, (*GROUNDS, tint) if tint else GROUNDS)

    assert ratio >= asked
    assert round(ratio, 2) == on_paper[SCHEMES.index(scheme)]


@pytest.mark.parametrize("scheme, on_paper", [("light", 7.54), ("dark", 9.78)])
def test_text_on_a_filled_button_stands_out(scheme: str, on_paper: float) -> None:
    assert round(least(scheme, "on-accent", ("accent",)), 2) == on_paper
    assert least(scheme, "on-accent", ("danger",)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_on_a_tint_stands_out(scheme: str) -> None:
    tints = ("danger-tint", "ok-tint", "warn-tint")

    assert least(scheme, "ink", tints) >= 11.97 - 0.005
    assert least(scheme, "focus", (*GROUNDS, *tints)) >= 3
    assert least(scheme, "muted", tints) >= 4.5
    assert least(scheme, "accent", tints) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_series_of_charts_stand_out(scheme: str) -> None:
    ratios = [least(scheme, f"series-{number}", GROUNDS) for number in range(1, 6)]

    assert round(min(ratios), 2) == SERIES[scheme]


def test_both_schemes_have_every_token() -> None:
    assert tokens()["light"].keys() == tokens()["dark"].keys()
    assert len(tokens()["light"]) == 25
