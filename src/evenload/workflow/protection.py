"""Protection on the web: where a program's ranges come from, and who in a draft is protected still.

A range is taken from recorded visits, else from what several people judge; where there is neither, none is made up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenload.planning.case import Case, Unit
from evenload.planning.check import passed_maxima
from evenload.planning.deviations import Deviation, Judged, deviation, protected_with
from evenload.planning.robust import guard_of
from evenload.records.models import Draft, Program, StandardJudgement
from evenload.workflow.draft_picture import Picture
from evenload.workflow.known_facts import KnownFacts
from evenload.workflow.standard_judgements import spreads

PARTS: Final = ("direct", "indirect", "travel")
LEAST_JUDGES: Final = 2
"""One person's judgement is no range."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """Who is not protected: her week would reach so many minutes, above her maximum, where the units that vary most need more at once."""

    practitioner: str
    minutes: int
    maximum_minutes: int


def judged_of(program: Program) -> Judged:
    """The most that one of several people judges, by class and part of a visit. One query."""
    rows: dict[str, list[StandardJudgement]] = defaultdict(list)
    for row in StandardJudgement.objects.filter(standard__program=program).select_related("standard"):
        rows[row.standard.code].append(row)
    return {code: most for code, found in rows.items() if (most := _most(found))}


def _most(rows: Iterable[StandardJudgement]) -> dict[str, Fraction]:
    found = spreads(rows)
    named = {part: found.get(f"{part}_minutes") for part in PARTS}
    return {part: spread.most for part, spread in named.items() if spread is not None and spread.judges >= LEAST_JUDGES}


def deviations(program: Program, facts: KnownFacts) -> dict[str, Deviation]:
    """What one visit of each class may need beyond what is planned today. One query."""
    judged = judged_of(program)
    return {id: deviation(time, judged) for id, time in facts.snapshot.times.items()}


def robust_of(draft: Draft) -> int:
    """Against how many units per person the plan in the draft was protected; 0 where there is none, or it was taken back."""
    return draft.plan_run.robust if draft.plan_run else 0


def protected_case(draft: Draft, picture: Picture, case: Case) -> Case:
    """A Case of the draft with the protection of its plan, by today's times and ranges. One query where it is protected."""
    robust = robust_of(draft)
    return protected_with(case, deviations(draft.program, picture.facts), robust) if robust else case


def recounted(draft: Draft, picture: Picture, case: Case, holder: Mapping[str, str]) -> tuple[Exposed, ...]:
    """As `exposed`, of any places (piece → practitioner), by the recount's plain loops, which share nothing with the count of the desk."""
    if not robust_of(draft):
        return ()
    above = {problem.where.item for problem in passed_maxima(case, holder)}
    found = [one for one in passed_maxima(protected_case(draft, picture, case), holder) if one.where.item not in above]
    return tuple(Exposed(one.where.item or "", int(one.value), int(one.facts["maximum_minutes"])) for one in found)


def exposed(draft: Draft, picture: Picture, codes: Iterable[str] | None = None) -> tuple[Exposed, ...]:
    """Who of them (of everybody) is not protected in a draft whose plan was; whoever is above her maximum anyhow is left out."""
    if not robust_of(draft):
        return ()
    facts = picture.facts
    people = [person.id for person in facts.case.practitioners] if codes is None else [code for code in codes if code in facts.people]
    theirs = tuple(unit for code in people for unit in picture.standing.caseloads[code])
    case = protected_case(draft, picture, replace(facts.case, units=theirs))
    units = {unit.id: unit for unit in case.units}
    found = (_exposed(picture, case, units, code) for code in people)
    return tuple(one for one in found if one is not None)


def _exposed(picture: Picture, case: Case, units: Mapping[str, Unit], code: str) -> Exposed | None:
    hers = [unit.id for unit in picture.standing.caseloads[code]]
    pinned = [id for id in hers if picture.places[id].is_pinned]
    maximum, minutes = case.practitioner(code).maximum_minutes, picture.standing.weeks[code].minutes
    pinned_minutes = sum(picture.facts.load_minutes(id, code) for id in pinned)
    reached, kept = (guard_of(case, [units[id] for id in own]) for own in (hers, pinned))
    if minutes > max(maximum, pinned_minutes) or minutes + reached <= max(maximum, pinned_minutes + kept):
        return None
    return Exposed(code, minutes + reached, maximum)
