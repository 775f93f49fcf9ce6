"""What is shown of an offer before it is accepted: the area only, and the load before and after as the manager sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evenload.planning.explain import Candidate
from evenload.planning.waiting_reasons import Bundle
from evenload.records.models import Draft, Unit
from evenload.workflow import what_if
from evenload.workflow.draft_picture import Picture
from evenload.workflow.remedy_shown import week_json


def offered(unit: Unit, bundle: Bundle) -> dict[str, Any]:
    """The unit in figures: discipline, language, where about (town or first half of the postal code), minutes a week."""
    first = bundle[0]
    site = unit.site
    postal = unit.postal or (site.postal if site else "")
    return {
        "discipline": first.discipline,
        "language": first.language,
        "town": site.town if site else "",
        "postal_area": postal[:3].upper(),
        "minutes": sum(one.minutes for one in bundle),
        "clients": sum(one.clients for one in bundle),
        "priority": min(one.priority for one in bundle),
        "units": len(bundle),
    }


def week_of(draft: Draft, piece: str, practitioner: str) -> dict[str, Any]:
    """Her week before and after, in minutes: the same figures as on the manager's desk. Refused `practitioner_unknown`."""
    seen = what_if.preview(draft, piece, practitioner)
    change = next(one for one in seen.people if one.code == practitioner)
    return {"before": week_json(change.load.before), "after": week_json(change.load.after)}


def decided_from(picture: Picture, piece: str, asked: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What each one asked decides from: her week before and after as the desk counts it, her rank and the reasons of fit.

    Everybody is ranked once, however many are asked.
    """
    found = what_if.ranking_in(picture, piece)
    everybody = {one.practitioner: one for one in (*found.excluded, *found.possible)}
    return {code: _decided(everybody[code]) for code in asked}


def _decided(one: Candidate) -> dict[str, Any]:
    reasons = [[reason.code, dict(reason.facts)] for reason in one.reasons] if one.is_possible else []
    return {"before": week_json(one.load.before), "after": week_json(one.load.after), "why": reasons, "rank": one.rank}
