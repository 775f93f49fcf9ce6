"""The table of columns as a whole: headings, vocabularies and goals agree with the core."""

from __future__ import annotations

import pytest

from evenload.exchange.column import Choice
from evenload.exchange.columns import ABOUT_GOALS, SHEETS, Sheet, folded
from evenload.exchange.columns_people import (
    BASIS_CHOICES,
    DAY_CHOICES,
    DISCIPLINE_CHOICES,
    ENGAGEMENT_CHOICES,
    FEEDBACK_CHOICES,
    LEVEL_CHOICES,
)
from evenload.exchange.columns_program import GOAL_CHOICES, SETTING_CHOICES
from evenload.exchange.columns_standards import SITE_KIND_CHOICES
from evenload.exchange.columns_work import NEED_CHOICES, OUTCOME_CHOICES, UNIT_KIND_CHOICES
from evenload.planning import codes
from evenload.planning.prices import GOALS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_heading_means_two_columns(sheet: Sheet) -> None:
    for columns in (sheet.columns, sheet.keys):
        meant: dict[str, str] = {}
        for column in columns:
            for heading in column.headings:
                assert meant.setdefault(folded(heading), column.name) == column.name


def test_no_sheet_name_means_two_sheets() -> None:
    names = {folded(name): sheet.name for sheet in SHEETS for name in sheet.titles}
    assert len(names) == sum(len(set(map(folded, sheet.titles))) for sheet in SHEETS)


@pytest.mark.parametrize(
    "choices, known",
    [
        (DISCIPLINE_CHOICES, codes.DISCIPLINES),
        (SETTING_CHOICES, codes.SETTINGS),
        (ENGAGEMENT_CHOICES, codes.ENGAGEMENTS),
        (LEVEL_CHOICES, codes.LANGUAGE_LEVELS),
        (NEED_CHOICES, codes.LANGUAGE_NEEDS),
        (SITE_KIND_CHOICES, codes.SITE_KINDS),
        (UNIT_KIND_CHOICES, codes.UNIT_KINDS),
        (BASIS_CHOICES, codes.DUTY_BASES),
        (OUTCOME_CHOICES, codes.OUTCOMES),
        (FEEDBACK_CHOICES, codes.FEEDBACK),
        (DAY_CHOICES, codes.DAYS),
        (GOAL_CHOICES, GOALS),
    ],
)
def test_the_choices_are_the_codes_of_the_core(choices: tuple[Choice, ...], known: tuple[str, ...]) -> None:
    assert sorted(choice.code for choice in choices) == sorted(known)
    words: dict[str, str] = {}
    for choice in choices:
        for word in choice.words:
            assert words.setdefault(folded(word), choice.code) == choice.code


def test_every_goal_is_explained_in_both_languages() -> None:
    assert tuple(ABOUT_GOALS) == GOALS
    assert all(english and french for english, french in ABOUT_GOALS.values())
