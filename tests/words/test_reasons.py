"""Why and why not, as sentences in both languages."""

import pytest

from evenload.planning import codes, fit
from evenload.planning.plan import Fix, Reason, Waiting
from evenload.words import fix_sentence, joined, reason_sentence, waiting_sentence, words_in
from evenload.words.labels import LABELS
from evenload.words.phrases import Counted
from evenload.words.reasons import EXCLUDED, FIT, FIXES, WAITING
from evenload.words.voice import placeholders

EN, FR = words_in("en"), words_in("fr")
NAMES = {"p1": "Ana", "p2": "Béa", "u1": "École Lafond, OT", "s1": "École Lafond"}


def nb(text: str) -> str:
    return text.replace("_", "\u00a0")


EXAMPLES = [
    (Reason("language_french", {"level": "basic"}), "Speaks French only at basic level", "Parle français au niveau de base seulement"),
    (Reason("language_french", {"level": ""}), "Speaks no French", "Ne parle pas français"),
    (
        Reason("language_required", {"language": "ar", "level": "functional"}),
        "Speaks Arabic only at functional level",
        "Parle arabe au niveau fonctionnel seulement",
    ),
    (
        Reason("full", {"free_minutes": 0, "needed_minutes": 474, "over_minutes": 474, "maximum_minutes": 1680}),
        "Would exceed the maximum by 7.9 h a week",
        "Le maximum serait dépassé de 7,9_h par semaine",
    ),
    (
        Reason("drive_too_long", {"drive_minutes": 52, "longest_drive_minutes": 40}),
        "Drive of 52 min; longest accepted is 40 min",
        "Trajet de 52_min; maximum accepté_: 40_min",
    ),
    (Reason("skill_missing", {"skills": "dysphagia"}), "Required skill missing: dysphagia", "Compétence requise absente_: dysphagia"),
    (Reason("skill_missing", {"skills": "a; b"}), "Required skills missing: a and b", "Compétences requises absentes_: a et b"),
    (Reason("barred"), "Assignment not possible: directive on file", "Affectation impossible_: directive au dossier"),
    (
        Reason("days", {"days": "fri; mon"}),
        "Does not work on the days asked for: Monday and Friday",
        "Ne travaille pas les jours demandés_: lundi et vendredi",
    ),
    (
        Reason("discipline", {"discipline": "OT"}),
        "Another discipline is needed: occupational therapy",
        "Autre discipline requise_: ergothérapie",
    ),
    (Reason("pinned_elsewhere", {"practitioner": "p1"}), "The unit is pinned to Ana", "L'unité est épinglée à Ana"),
    (Reason("knows_clients", {"clients": 1}), "Knows this client", "Suit déjà cette personne"),
    (Reason("knows_clients", {"clients": 4}), "Knows these 4 clients", "Suit déjà ces 4 personnes"),
    (Reason("french", {"level": "native"}), "Francophone", "Francophone"),
    (Reason("french", {"level": "fluent"}), "Fluent in French", "Parle couramment français"),
    (Reason("drive", {"drive_minutes": 12, "travel_minutes": 24}), "12 min from base", "À 12_min du point d'attache"),
    (Reason("at_site", {"site": "s1", "units": 2}), "Already at this site: École Lafond", "Déjà sur place_: École Lafond"),
    (Reason("over_maximum", {"over_minutes": 240}), "Over maximum by 4.0 h a week", "Maximum dépassé de 4,0_h par semaine"),
    (Reason("over_maximum", {"over_minutes": 24}), "Over maximum by 24 min a week", "Maximum dépassé de 24_min par semaine"),
    (Reason("experienced", {"years": 6.0}), "6 years of experience", "6_ans d'expérience".replace("_", " ")),
    (Reason("shared_tags", {"tags": "school; seating"}), "Shared interest: school and seating", "Intérêt en commun_: école et seating"),
    (Reason("joins_blocks", {"unit": "u1", "blocks": 2}), "Already has 2 other blocks of École Lafond, OT", None),
    (Reason("travel", {"hours": 1.42}), "Travel: +1.4 h a week", "Déplacements_: +1,4_h par semaine"),
    (Reason("travel", {"hours": -0.5}), "Travel: −0.5 h a week", "Déplacements_: −0,5_h par semaine"),
    (
        Reason("language_french", {"practitioners": 5, "of_practitioners": 8, "practitioner": "p2", "level": "functional"}),
        "French below fluent: 5 of 8; nearest is Béa, functional",
        "Français sous le niveau courant_: 5 sur 8; au plus près_: Béa, niveau fonctionnel",
    ),
    (
        Reason("full", {"practitioners": 1, "practitioner": "p1", "free_minutes": 30, "needed_minutes": 90, "over_minutes": 60}),
        "The only possible person is full: Ana has 0.5 h a week free, 1.5 h needed",
        "La seule personne possible n'a plus de place_: Ana, 0,5_h libres par semaine, 1,5_h nécessaires",
    ),
]


@pytest.mark.parametrize("reason, english, french", EXAMPLES)
def test_a_reason_is_a_sentence_in_both_languages(reason, english, french):
    assert reason_sentence(EN, reason, NAMES) == english
    if french is not None:
        assert reason_sentence(FR, reason, NAMES) == nb(french)


def test_a_directive_is_told_without_name_or_detail():
    reason = Reason("barred", {"practitioners": 1, "of_practitioners": 8, "practitioner": "p1"})
    assert "Ana" not in reason_sentence(EN, reason, NAMES)
    assert "Ana" not in reason_sentence(FR, reason, NAMES)


@pytest.mark.parametrize(
    "fix, english, french",
    [
        (Fix("accept_new", "p1"), "Ana takes new clients", "Ana accepte une nouvelle clientèle"),
        (
            Fix("more_drive_minutes", "p2", {"more_minutes": 12, "drive_minutes": 52, "longest_drive_minutes": 40}),
            "Béa accepts a drive of 52 min, 12 min more than now",
            "Béa accepte un trajet de 52_min, soit 12_min de plus",
        ),
        (
            Fix("more_maximum_minutes", "p1", {"more_minutes": 240}),
            "4.0 h more a week for Ana",
            "4,0_h de plus par semaine pour Ana",
        ),
        (
            Fix("move_unit", "p1", {"unit": "u1#2", "to": "p2", "freed_minutes": 90, "needed_minutes": 60, "free_minutes": 0}),
            "Moving École Lafond, OT, block 2 to Béa gives Ana the 1.0 h a week that are needed",
            "Déplacer École Lafond, OT, bloc 2 vers Béa donne à Ana les 1,0_h par semaine qu'il faut",
        ),
        (Fix("add_skill", "p1", {"skill": "seating"}), "Ana gains the skill seating", "Ana acquiert cette compétence_: seating"),
        (
            Fix("hire", None, {"discipline": "OT", "hours_per_week": 4.25, "minutes": 255, "area": "Orléans", "language": "fr"}),
            "Recruit 4.3 h a week: occupational therapy, in French, Orléans",
            "Recruter 4,3_h par semaine_: ergothérapie, en français, Orléans",
        ),
        (
            Fix("hire", None, {"discipline": "SW", "hours_per_week": 1, "minutes": 60, "area": "all"}),
            "Recruit 1.0 h a week: social work",
            "Recruter 1,0_h par semaine_: travail social",
        ),
        (Fix("more_contracted_visits", None, {"visits": 12.0}), "12 more visits in the contract", "12 visites de plus au contrat"),
    ],
)
def test_a_fix_is_one_change_of_one_fact(fix, english, french):
    assert fix_sentence(EN, fix, NAMES) == english
    assert fix_sentence(FR, fix, NAMES) == nb(french)


def test_a_waiting_unit_says_why_and_what_would_help():
    entry = Waiting("u1", 240, (Reason("no_practitioner", {"discipline": "OT"}),), Fix("more_maximum_minutes", "p1", {"more_minutes": 240}))
    assert (
        waiting_sentence(EN, entry, NAMES) == "Waiting: nobody here works in occupational therapy. Nearest fix: 4.0 h more a week for Ana."
    )
    assert waiting_sentence(FR, entry, NAMES) == nb(
        "En attente_: personne ici ne travaille en ergothérapie. Solution la plus proche_: 4,0_h de plus par semaine pour Ana."
    )


def test_an_id_without_a_name_is_shown_itself():
    assert reason_sentence(EN, Reason("pinned_elsewhere", {"practitioner": "p9"}), NAMES) == "The unit is pinned to p9"


def test_every_code_of_a_reason_and_of_a_fix_has_its_sentence():
    assert set(codes.HARD_RULES) <= set(EXCLUDED)
    assert set(codes.WAITING_REASONS) - {"discipline"} <= set(WAITING)
    assert set(codes.NEAREST_FIXES) <= set(FIXES)
    assert set(fit.FIT_REASONS) <= {code.partition(":")[0] for code in FIT}
    assert not set(FIT) & set(WAITING)
    assert not (set(FIT) | set(WAITING) | set(EXCLUDED)) & set(LABELS["part"])


@pytest.mark.parametrize("table", [EXCLUDED, WAITING, FIT, FIXES])
def test_the_richest_phrase_of_a_code_stands_first(table):
    for phrases in table.values():
        sizes = [len(placeholders(one.many if isinstance(one, Counted) else one)) for one in phrases]
        assert sizes == sorted(sizes, reverse=True)


def test_an_unknown_code_is_an_error_never_a_blank():
    with pytest.raises(KeyError):
        reason_sentence(EN, Reason("phase_of_the_moon"), NAMES)
    with pytest.raises(KeyError):
        fix_sentence(EN, Fix("pray"), NAMES)


def test_sentences_in_a_row_have_their_full_stops():
    assert joined(["Francophone", "Knows 4 clients."]) == "Francophone. Knows 4 clients."
