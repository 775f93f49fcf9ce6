"""Whether a bundle may be placed with a practitioner in a draft: the hard rules, her maximum, and what needs a reason."""

from __future__ import annotations

from evenload.planning.waiting_reasons import Bundle, pair_standing
from evenload.records.models import FrenchException
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused

FRENCH = "language_french"
"""the one rule that a manager's recorded exception lifts, for one person and one piece"""
EXCEPTED = "french_exception"
"""what stands on a card in its place"""


def refuse_move(picture: Picture, bundle: Bundle, practitioner: str, *, reason: str = "") -> None:
    """Refuses what no reason allows (hard rules, maximum, ban, leaving, no visits left), and a load above B without a reason."""
    facts = picture.facts
    if practitioner not in facts.people:
        raise Refused("practitioner_unknown", practitioner=practitioner)
    if bundle[0].held_back is not None:
        raise Refused(bundle[0].held_back, piece=bundle[0].id)
    if practitioner in picture.leaving:
        raise Refused("leaving", practitioner=practitioner)
    if any(practitioner in picture.places[unit.id].banned for unit in bundle):
        raise Refused("banned", practitioner=practitioner, piece=bundle[0].id)
    if all(picture.places[unit.id].practitioner == practitioner for unit in bundle):
        return  # she has it already; only its pin changes
    _refuse_unfit(picture, bundle, practitioner, reason)


def _refuse_unfit(picture: Picture, bundle: Bundle, practitioner: str, reason: str) -> None:
    without = picture.standing.with_bundle(bundle, None)
    person = without.case.practitioner(practitioner)
    stands = pair_standing(without, person, bundle)
    program = picture.facts.snapshot.program_id
    broken = [one for one in stands.broken if one.code != FRENCH or not is_excepted(program, bundle, practitioner)]
    if broken:
        worst = broken[0]
        raise Refused(
            worst.code, **worst.facts, **({} if "practitioner" in worst.facts else {"practitioner": practitioner}), piece=bundle[0].id
        )
    if stands.over_minutes > 0:
        raise Refused("full", **stands.full.facts, practitioner=practitioner, piece=bundle[0].id)
    assigned = without.weeks[practitioner].minutes + stands.needed_minutes
    if assigned > person.capacity_minutes and stands.needed_minutes and not reason.strip():
        over = assigned - person.capacity_minutes
        known = {"assigned_minutes": assigned, "over_minutes": over, "capacity_minutes": person.capacity_minutes}
        raise Refused("reason_needed", practitioner=practitioner, piece=bundle[0].id, **known)


def is_excepted(program_id: int, bundle: Bundle, practitioner: str) -> bool:
    """Whether every piece of the bundle that asks for French has an open exception for this person."""
    asked = {unit.id for unit in bundle if unit.is_french}
    rows = FrenchException.objects.filter(program=program_id, ended_at__isnull=True, piece__in=asked, practitioner_code=practitioner)
    return rows.count() == len(asked)
