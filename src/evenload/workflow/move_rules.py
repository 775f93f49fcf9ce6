"""Whether a bundle may be placed with a practitioner in a draft: the hard rules, her maximum, and what needs a reason."""

from __future__ import annotations

from evenload.planning.fixes import Bundle, pair_standing
from evenload.planning.standing import Standing
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused


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
    _refuse_unfit(picture.standing.with_bundle(bundle, None), bundle, practitioner, reason)


def _refuse_unfit(without: Standing, bundle: Bundle, practitioner: str, reason: str) -> None:
    person = without.case.practitioner(practitioner)
    stands = pair_standing(without, person, bundle)
    if stands.broken:
        worst = stands.broken[0]
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
