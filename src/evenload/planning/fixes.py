"""Why a unit waits, and the nearest fix: the one change of one fact that would let it be placed (definitions, section 1).

A fix is tried on a changed copy of the person: she must then be eligible by the rules of `evenload.planning.eligibility`,
the bundle must fit under her maximum, and placing it must cost less than leaving it waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.elsewhere import Elsewhere, Move
from evenload.planning.goals import waiting_hours
from evenload.planning.plan import Fix, Reason, Waiting
from evenload.planning.standing import Standing, standing_of
from evenload.planning.targets import practitioners_by_discipline
from evenload.planning.waiting_reasons import Bundle, PairStanding, pair_standing, waiting_reasons

PERSONAL_FIXES = ("accept_new", "more_drive_minutes", "add_skill")
"""Fixes that make somebody eligible; the others make room."""

_FIXABLE_BY = {"not_accepting_new": "accept_new", "drive_too_long": "more_drive_minutes", "skill_missing": "add_skill"}


def waiting_entries(
    case: Case,
    assignment: Mapping[str, str],
    prices: Mapping[str, float] | None = None,
    *,
    targets_minutes: Mapping[str, int] | None = None,
) -> tuple[Waiting, ...]:
    """Every unit that the assignment (unit id → practitioner id) leaves waiting: reasons, most telling first, and nearest fix.

    `prices` are the bound's hours per hour of each practitioner's load; where they are given, the reason `full` says what an
    hour of the nearest person is worth. Order: by unit id.
    """
    standing = standing_of(case, assignment, targets_minutes)
    by_discipline, elsewhere = practitioners_by_discipline(case), Elsewhere(standing)
    entries = [held_back_entry(case, unit) for unit in case.units if unit.held_back is not None]
    for bundle in bundles(case):
        left = tuple(unit for unit in bundle if unit.id not in assignment)
        if left:
            pairs = [pair_standing(standing, person, left) for person in by_discipline.get(left[0].discipline, [])]
            reasons = waiting_reasons(standing, left, pairs, prices or {})
            fix = nearest_fix(standing, left, pairs, elsewhere)
            entries += [Waiting(unit.id, unit.minutes, reasons, fix) for unit in left]
    return tuple(sorted(entries, key=lambda entry: entry.unit))


def held_back_entry(case: Case, unit: Unit) -> Waiting:
    """A unit that waits before the engine starts: the contract has no visits left for it, and nothing else would help."""
    visits = {"visits": float(unit.visits_per_week * case.weeks_left)}
    return Waiting(unit.id, unit.minutes, (Reason(unit.held_back or "", visits),), Fix("more_contracted_visits", None, visits))


def nearest_fix(standing: Standing, bundle: Bundle, pairs: Sequence[PairStanding], elsewhere: Elsewhere) -> Fix:
    """The one change of one fact that would let the bundle be placed: the first kind that works, the smallest of its kind.

    Order (`codes.NEAREST_FIXES`): accept_new, more_drive_minutes, more_maximum_minutes, move_unit, add_skill, hire.
    """
    near = [pair for pair in pairs if len(pair.broken) + (pair.over_minutes > 0) == 1]
    single = [fixes[0] for pair in near if len(fixes := fixes_without_moves(standing.case, pair, bundle)) == 1]
    for code in ("accept_new", "more_drive_minutes", "more_maximum_minutes"):
        if fix := smallest(standing, bundle, [fix for fix in single if fix.code == code]):
            return fix
    if fix := move_fix(standing, bundle, pairs, elsewhere):
        return fix
    return smallest(standing, bundle, [fix for fix in single if fix.code == "add_skill"]) or hire(bundle)


def smallest(standing: Standing, bundle: Bundle, fixes: Sequence[Fix]) -> Fix | None:
    """Of fixes of one kind the smallest, then the cheapest, that makes placing cheaper than waiting."""

    def minutes(fix: Fix) -> int:
        return int(fix.facts.get("more_minutes", 0))

    limit = sum(waiting_hours(standing.case, unit) for unit in bundle)
    for _, equal in groupby(sorted(fixes, key=minutes), key=minutes):
        priced = [(_hours_after(standing, bundle, fix), fix.practitioner or "", fix) for fix in equal]
        hours, _, fix = min(priced, key=lambda row: row[:2])
        if hours < limit:
            return fix
    return None


def _hours_after(standing: Standing, bundle: Bundle, fix: Fix) -> float:
    person = changed_by(standing.case.practitioner(fix.practitioner or ""), fix)
    return sum(standing.added_hours(person, bundle).values())


def move_fix(standing: Standing, bundle: Bundle, pairs: Iterable[PairStanding], elsewhere: Elsewhere) -> Fix | None:
    """The cheapest single move that makes room for the bundle, all in all cheaper than waiting."""
    limit = sum(waiting_hours(standing.case, unit) for unit in bundle)
    found = []
    for pair in pairs:
        for move in _moves_that_free(pair, elsewhere):
            person = pair.practitioner
            hours = sum(standing.added_hours(person, bundle, leaving=move.bundle).values()) + move.change_hours
            if hours < limit:
                found.append((hours, person.id, move.bundle[0].id, move_unit(pair, move)))
                break
    return min(found, key=lambda row: row[:3])[3] if found else None


def _moves_that_free(pair: PairStanding, elsewhere: Elsewhere) -> Iterator[Move]:
    if not pair.broken and pair.over_minutes > 0 and pair.needed_minutes <= pair.practitioner.maximum_minutes:
        yield from elsewhere.moves_of(pair.practitioner, pair.over_minutes)


def move_unit(pair: PairStanding, move: Move) -> Fix:
    """The fix `move_unit`: another bundle of hers goes to somebody else and makes room."""
    return Fix(
        "move_unit",
        pair.practitioner.id,
        {
            "unit": move.bundle[0].id,
            "units": "; ".join(unit.id for unit in move.bundle),
            "to": move.to.id,
            "freed_minutes": move.freed_minutes,
            "needed_minutes": pair.needed_minutes,
            "free_minutes": pair.free_minutes,
        },
    )


def hire(bundle: Bundle) -> Fix:
    """The fix `hire`: whom to recruit, where, and for how many hours per week (travel not counted)."""
    minutes = sum(unit.minutes for unit in bundle)
    facts: dict[str, str | int | float] = {"discipline": bundle[0].discipline, "area": bundle[0].area}
    facts |= {"hours_per_week": round(minutes / 60, 2), "minutes": minutes}
    asked = {unit.language for unit in bundle if unit.language in ("fr", "en") or unit.language_need == "required"} - {None}
    if asked:
        facts["language"] = min(asked, key=lambda code: (code != "fr", code == "en", str(code))) or ""
    if skills := frozenset[str]().union(*(unit.skills_required for unit in bundle)):
        facts["skills"] = "; ".join(sorted(skills))
    return Fix("hire", None, facts)


def fixes_for(standing: Standing, pair: PairStanding, bundle: Bundle, elsewhere: Elsewhere) -> tuple[Fix, ...]:
    """The changes that, all together, would let this person take the bundle; empty where no such change does.

    Discipline, language, a bar, days, evenings, a pin and being on leave are nobody's to change here.
    """
    fixes = fixes_without_moves(standing.case, pair, bundle)
    if fixes or not pair.over_minutes > 0:
        return fixes
    personal = _personal_fixes(standing.case, pair, bundle)
    if personal is None:
        return ()
    cleared = replace(pair, broken=())
    move = next(_moves_that_free(cleared, elsewhere), None)
    return (*personal, move_unit(pair, move)) if move else ()


def fixes_without_moves(case: Case, pair: PairStanding, bundle: Bundle) -> tuple[Fix, ...]:
    """As `fixes_for`, with room made by a higher maximum only; empty also where nothing needs to change."""
    personal = _personal_fixes(case, pair, bundle)
    if personal is None:
        return ()
    if pair.over_minutes <= 0:
        return personal
    raised = pair.practitioner.maximum_minutes + pair.over_minutes
    if raised > highest_maximum_minutes(pair.practitioner):
        return ()
    facts = {name: value for name, value in pair.full.facts.items() if name != "over_minutes"}
    return (*personal, Fix("more_maximum_minutes", pair.practitioner.id, {"more_minutes": pair.over_minutes, **facts}))


def highest_maximum_minutes(practitioner: Practitioner) -> int:
    """How far a fix may raise a hard maximum: to the contracted hours. Nobody is asked for more client care than hours at work."""
    return int(60 * practitioner.weekly_hours)


def _personal_fixes(case: Case, pair: PairStanding, bundle: Bundle) -> tuple[Fix, ...] | None:
    """The changes of her own facts that make her eligible for the whole bundle; None where they do not."""
    person = pair.practitioner
    if any(reason.code not in _FIXABLE_BY for reason in pair.broken):
        return None
    fixes = tuple(fix for reason in pair.broken for fix in _fixes_of_rule(person, reason, bundle))
    changed = person
    for fix in fixes:
        changed = changed_by(changed, fix)
    return fixes if not fixes or all(is_eligible(case, changed, unit) for unit in bundle) else None


def _fixes_of_rule(person: Practitioner, reason: Reason, bundle: Bundle) -> Iterator[Fix]:
    if reason.code == "not_accepting_new":
        yield Fix("accept_new", person.id)
    elif reason.code == "drive_too_long":
        more = int(reason.facts["drive_minutes"]) - int(reason.facts["longest_drive_minutes"])
        yield Fix("more_drive_minutes", person.id, {"more_minutes": more, **reason.facts})
    else:
        missing = frozenset[str]().union(*(unit.skills_required for unit in bundle)) - person.skills
        yield from (Fix("add_skill", person.id, {"skill": skill}) for skill in sorted(missing))


def changed_by(practitioner: Practitioner, fix: Fix) -> Practitioner:
    """The person with the fix applied to her own facts; unchanged by `move_unit` and `hire`, which change no fact of hers."""
    if fix.code == "accept_new":
        return replace(practitioner, accepts_new=True)
    if fix.code == "more_drive_minutes":
        return replace(practitioner, longest_drive_minutes=int(fix.facts["drive_minutes"]))
    if fix.code == "more_maximum_minutes":
        return replace(practitioner, maximum_minutes=practitioner.maximum_minutes + int(fix.facts["more_minutes"]))
    if fix.code == "add_skill":
        return replace(practitioner, skills=practitioner.skills | {str(fix.facts["skill"])})
    return practitioner


def case_with(case: Case, fix: Fix) -> Case:
    """The Case with the fix applied to its practitioner: what-if of one fix. `move_unit` and `hire` leave the Case as it is."""
    people = tuple(changed_by(person, fix) if person.id == fix.practitioner else person for person in case.practitioners)
    return replace(case, practitioners=people)
