"""What is shown of an offer before it is accepted: the area only, and the load before and after as the manager sees it."""

from __future__ import annotations

from typing import Any

from evenload.planning.explain import WeekLoad
from evenload.planning.fixes import Bundle
from evenload.records.models import Draft, Unit
from evenload.workflow import what_if


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
    return {"before": _week(change.load.before), "after": _week(change.load.after)}


def why(draft: Draft, piece: str, practitioner: str) -> dict[str, Any]:
    """Her rank and the reasons of fit, as codes and facts."""
    found = what_if.ranking(draft, piece)
    mine = next((one for one in found.possible if one.practitioner == practitioner), None)
    reasons = [[reason.code, dict(reason.facts)] for reason in mine.reasons] if mine else []
    return {"why": reasons, "rank": mine.rank if mine else None}


def _week(week: WeekLoad) -> dict[str, Any]:
    return {
        "assigned_minutes": week.assigned_minutes,
        "travel_minutes": week.travel_minutes,
        "peak_minutes": week.peak_minutes,
        "capacity_minutes": week.capacity_minutes,
        "maximum_minutes": week.maximum_minutes,
        "state": week.state,
    }
