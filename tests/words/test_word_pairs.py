"""The pairs of words that the interface binds, as far as the product says them yet."""

import pytest

from evenload.words import label, words_in

EN, FR = words_in("en"), words_in("fr")

MESSAGES = [
    ("Assignment list", "Liste d'affectation"),
    ("Non-client duties", "Tâches hors clientèle"),
    ("Comfortable range", "Plage de confort"),
    ("Primary", "Responsable"),
    ("Cover", "Relève"),
    ("Nearest fix", "Solution la plus proche"),
    ("Nobody is waiting.", "Personne n'est en attente."),
    ("DRAFT – not for use", "ÉBAUCHE – ne pas utiliser"),
]

LABELS = [
    ("load", "room", "Has room", "A de la place"),
    ("load", "in_range", "In range", "Dans sa plage"),
    ("load", "above_range", "Above range", "Au-dessus de sa plage"),
    ("load", "hours_not_set", "Hours not set", "Heures non inscrites"),
    ("load", "away", "Away", "En congé"),
    ("feedback", "too_high", "Too high", "Trop élevée"),
    ("feedback", "right", "Right", "Bonne"),
    ("feedback", "too_low", "Too low", "Trop faible"),
    ("outcome", "done", "Done", "Faite"),
    ("outcome", "no_show", "No-show", "Absence sans préavis"),
    ("outcome", "cancelled", "Cancelled", "Annulée"),
    ("sheet", "units", "Caseload units", "Unités d'affectation"),
]


@pytest.mark.parametrize("english, french", MESSAGES)
def test_a_message_is_said_as_the_interface_binds_it(english, french):
    assert EN.say(english) == english
    assert FR.say(english) == french


@pytest.mark.parametrize("kind, code, english, french", LABELS)
def test_a_code_is_named_as_the_interface_binds_it(kind, code, english, french):
    assert label(EN, kind, code) == english
    assert label(FR, kind, code) == french


def test_a_plan_says_how_far_from_the_best_it_is():
    assert EN.say("This plan is at most {percent} from the best possible.", percent=EN.percent(0.4, 1)) == (
        "This plan is at most 0.4% from the best possible."
    )
    assert FR.say("This plan is at most {percent} from the best possible.", percent=FR.percent(0.4, 1)) == (
        "Ce plan est à 0,4\u00a0% au plus du meilleur possible."
    )
