"""Time standards and reports in the demonstration: two people judge a class, another standard waits for approval, reports are due."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from evenload.records.models import StandardJudgement
from evenload.workflow import report_schedules, standard_judgements, standard_versions, time_standards
from evenload.workflow.demo_cast import DIRECTOR
from evenload.workflow.demo_desk import head_of
from evenload.workflow.standard_figures import figures_of

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

PROGRAM: Final = "clinic"
MORE: Final = (Fraction(5), Fraction(15))
"""direct minutes that the manager, and the director, judge a visit to take beyond the standard of today"""
TEXTS: Final = {
    "en": ("Visits with a caregiver take longer", "New assessment form since September", "Two of us judge it so; the forms explain it."),
    "fr": (
        "Les visites avec une personne proche aidante durent plus longtemps",
        "Nouveau formulaire d'évaluation depuis septembre",
        "C'est notre avis à toutes les deux; les formulaires l'expliquent.",
    ),
}
REPORTS: Final = (("worksheet", "en", "monthly"), ("gap_sheet", "fr", "quarterly"))


def judge_and_schedule(scene: Scene) -> None:
    """Judgements of the first class, a proposal of their median, and two reports that are written by themselves."""
    program, director = scene.programs[PROGRAM], scene.people[DIRECTOR.username]
    by, at = head_of(program, scene), scene.days.at(days=2, minutes=45)
    standard = program.time_standards.order_by("pk")[0]
    stated = figures_of(standard)
    first, second, why = TEXTS[by.account.language]
    for judge, more, said in zip((by, director), MORE, (first, second), strict=True):
        standard_judgements.judge(standard, {"direct_minutes": stated.direct_minutes + more}, why=said, by=judge, at=at)
    judged = standard_judgements.latest(StandardJudgement.objects.filter(standard=standard))
    median = standard_judgements.spreads(judged)["direct_minutes"].median
    evidence = time_standards.evidence_of(time_standards.line_of(standard, today=scene.days.as_of), judged)
    standard_versions.propose(standard, replace(stated, direct_minutes=median), why=why, by=by, at=at, evidence=evidence)
    for chosen in REPORTS:
        report_schedules.begin(program, chosen, by=by, today=scene.days.as_of, at=at)
