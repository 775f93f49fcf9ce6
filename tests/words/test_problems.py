"""What is wrong, in both languages: every code that the source can raise has its sentence."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from evenload.planning import codes
from evenload.planning.prices import Prices, broken_invariants
from evenload.planning.problems import Notice, Problem, Where
from evenload.words import notice_sentence, problem_sentence, words_in
from evenload.words.catalogue import SOURCE
from evenload.words.notices import NOTICES
from evenload.words.problems import PROBLEMS, RULES

EN, FR = words_in("en"), words_in("fr")


def nb(text: str) -> str:
    return text.replace("_", "\u00a0")


@dataclass(frozen=True)
class Found:
    """A problem at its place in a file, as the intake states it."""

    place: str
    value: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)


def codes_in_source(*names: str, position: int = 0) -> Iterator[tuple[str, str]]:
    """Literal codes in calls of these names, also those chosen by an `if`."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not any(f"{name}(" in text for name in names):  # parsing is what takes time
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and len(node.args) > position:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in names:
                    yield from ((path.name, code) for code in literals(node.args[position]))


def literals(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return (node.value,) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ()


def test_every_problem_that_the_source_raises_has_its_sentence():
    raised = [*codes_in_source("Problem"), *codes_in_source("InputProblem", position=3), *codes_in_source("Fault")]
    assert raised
    assert {(file, code) for file, code in raised if code not in PROBLEMS} == set()


def test_every_notice_that_the_source_gives_has_its_sentence():
    given = list(codes_in_source("Notice"))
    assert given
    assert {(file, code) for file, code in given if code not in NOTICES} == set()


def test_every_broken_invariant_of_the_prices_has_its_sentence():
    broken = broken_invariants(Prices(travel=0.0, language=9.0, waiting_client=0.0))
    assert len(broken) == 3
    for code in broken:
        assert notice_sentence(FR, Notice(f"price_{code}", Where("goals")), {}).endswith(".")


def test_every_hard_rule_has_its_short_name():
    assert set(codes.HARD_RULES) <= set(RULES)


def test_a_problem_of_a_cell_is_place_value_and_expectation():
    problem = Found("practitioners!E14", "4O", "out_of_range", {"low": "0", "high": "168"})
    assert problem_sentence(EN, problem) == "practitioners!E14: 4O: Expected a number from 0 to 168."
    assert problem_sentence(FR, problem) == nb("practitioners!E14: 4O: Nombre attendu_: de 0 à 168.")


def test_an_empty_cell_says_that_it_is_empty():
    problem = Found("units!B4", "", "required")
    assert problem_sentence(EN, problem) == "units!B4: (empty): Expected a value; this column is required."
    assert problem_sentence(FR, problem) == "units!B4: (vide): Valeur attendue; cette colonne est obligatoire."


def test_a_problem_of_a_file_begins_with_its_path():
    assert problem_sentence(EN, Found("", "team.xlsx", "file_empty")) == "team.xlsx: Expected a workbook; this file is empty."


def test_a_long_path_is_never_cut():
    path = "/a/very/long/path" * 10 + "/team.xlsx"
    assert problem_sentence(EN, Found("", path, "file_empty")).startswith(f"{path}: ")


def test_a_contradiction_of_the_core_is_told_in_hours():
    facts = {"duty_hours": "40", "available_hours": "37.5"}
    problem = Problem("duties_exceed_available", Where("practitioners", "ana", "weekly_hours"), "40", facts)
    place = "practitioners!ana.weekly_hours: 40: "
    assert problem_sentence(EN, problem) == (place + "Duties (40.0 h) use all available hours (37.5 h). Reduce them or check absences.")
    assert problem_sentence(FR, problem) == place + nb(
        "Les tâches (40,0_h) prennent toutes les heures disponibles (37,5_h). Réduisez-les ou vérifiez les absences."
    )


def test_names_of_the_contract_are_never_taken_for_numbers_or_languages():
    problem = Found("practitioners!G2", "fr", "level_missing", {"language": "fr", "levels": "native, fluent"})
    assert "fr:fluent" in problem_sentence(EN, problem)
    problem = Found("units!A2", "7", "duplicate_id", {"first": "A1234"})
    assert "A1234" in problem_sentence(FR, problem)


def test_a_field_of_a_plan_file_says_what_it_should_hold():
    problem = Problem("plan_field_wrong", Where("PLAN.json", None, "assignments[3].minutes"), "12.5", {"expected": "a_whole_number"})
    assert problem_sentence(EN, problem) == "PLAN.json!assignments[3].minutes: 12.5: Expected a whole number."
    assert problem_sentence(FR, problem) == nb("PLAN.json!assignments[3].minutes: 12.5: Valeur attendue_: un nombre entier.")


def test_a_broken_rule_is_named():
    problem = Problem("rule_broken", Where("assignments", "u1", "practitioner"), "p1", {"rule": "language_french"})
    assert problem_sentence(EN, problem).endswith("breaks a hard rule: French below fluent.")
    assert problem_sentence(FR, problem).endswith("français sous le niveau courant.")


@pytest.mark.parametrize(
    "value, shown", [("a\nb\x1b[31m", r"a\u000ab\u001b[31m"), ("x" * 500, "x" * 80 + "…"), ("\u202eabc", r"\u202eabc")]
)
def test_a_value_stays_on_one_line_and_moves_no_cursor(value, shown):
    assert problem_sentence(EN, Found("units!B4", value, "not_a_number")) == f"units!B4: {shown}: Expected a number."


def test_an_unknown_code_is_an_error_never_a_blank():
    with pytest.raises(KeyError):
        problem_sentence(EN, Found("units!B4", "x", "mercury_in_retrograde"))


def test_a_notice_counts_and_names():
    notice = Notice("base_unknown", Where("practitioners"), {"count": "2", "ids": "p1; p2"})
    names = {"p1": "Ana"}
    assert notice_sentence(EN, notice, names) == (
        "The bases of 2 practitioners are not known, so the program's median drive is assumed: Ana and p2."
    )
    assert notice_sentence(FR, notice, names) == nb(
        "Le point d'attache de 2 personnes est inconnu; le trajet médian du programme est supposé_: Ana et p2."
    )


def test_a_notice_about_one_person_begins_with_the_name():
    notice = Notice("pinned_above_maximum", Where("practitioners", "p1", "max_hours"), {"pinned_minutes": "1200", "maximum_minutes": "960"})
    assert notice_sentence(EN, notice, {"p1": "Ana"}) == (
        "Ana: 20.0 h a week are pinned, above the maximum of 16.0 h; nothing else is added."
    )
