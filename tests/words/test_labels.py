"""Every code of the core has a name in both languages."""

import pytest

from evenload.planning import codes, prices, scorecard, standing
from evenload.words import label, label_in_sentence, words_in
from evenload.words.labels import LABELS

EN, FR = words_in("en"), words_in("fr")

VOCABULARIES = {
    "discipline": codes.DISCIPLINES,
    "discipline_short": codes.DISCIPLINES,
    "setting": codes.SETTINGS,
    "engagement": codes.ENGAGEMENTS,
    "site_kind": codes.SITE_KINDS,
    "unit_kind": codes.UNIT_KINDS,
    "level": codes.LANGUAGE_LEVELS,
    "language_need": codes.LANGUAGE_NEEDS,
    "basis": codes.DUTY_BASES,
    "outcome": codes.OUTCOMES,
    "feedback": codes.FEEDBACK,
    "day": codes.DAYS,
    "priority": [str(priority) for priority in codes.PRIORITIES],
    "part": codes.SCORE_PARTS,
    "goal": prices.GOALS,
    "goal_line": prices.GOALS,
    "load": standing.LOAD_STATES,
    "age_band": [band for band, _ in scorecard.AGE_BANDS],
}


@pytest.mark.parametrize("kind", VOCABULARIES)
def test_every_code_of_a_vocabulary_has_a_name(kind):
    assert set(VOCABULARIES[kind]) <= set(LABELS[kind])


@pytest.mark.parametrize("kind", ["goal", "goal_line", "part", "day", "level", "discipline"])
def test_no_name_stands_for_a_code_that_is_gone(kind):
    assert set(LABELS[kind]) <= set(VOCABULARIES[kind])


def test_the_names_of_load_states_are_those_of_the_interface():
    states = ("room", "in_range", "above_range", "over", "hours_not_set")
    assert [label(EN, "load", state) for state in states] == ["Has room", "In range", "Above range", "Over", "Hours not set"]
    assert [label(FR, "load", state) for state in states[:3]] == ["A de la place", "Dans sa plage", "Au-dessus de sa plage"]
    assert label(FR, "load", "hours_not_set") == "Heures non inscrites"


def test_a_discipline_of_the_program_s_own_is_shown_as_it_is():
    assert label(FR, "discipline", "MUSIC") == "MUSIC"
    assert label_in_sentence(FR, "discipline", "MUSIC") == "MUSIC"


def test_a_name_inside_a_sentence_has_no_capital():
    assert label_in_sentence(EN, "discipline", "SLP") == "speech-language pathology"
    assert label_in_sentence(FR, "discipline", "SLP") == "orthophonie"
    assert label_in_sentence(EN, "discipline_short", "SLP") == "SLP"
    assert label_in_sentence(EN, "pool_language", "fr") == "French"
    assert label_in_sentence(EN, "pool_language", "other") == "other languages"
    assert label_in_sentence(FR, "pool_language", "fr") == "français"
    assert label_in_sentence(FR, "day", "mon") == "lundi"


@pytest.mark.parametrize("written", ["vacation", "Vacation", " VACANCES ", "vacances"])
def test_a_known_absence_is_named_in_both_languages_whichever_it_was_written_in(written):
    assert label(EN, "absence", written) == "Vacation"
    assert label(FR, "absence", written) == "Vacances"


def test_an_unknown_kind_of_duty_stays_as_it_was_written():
    assert label(FR, "duty", "Snoezelen room") == "Snoezelen room"
    assert label(FR, "duty", "own_development") == "Perfectionnement professionnel"
