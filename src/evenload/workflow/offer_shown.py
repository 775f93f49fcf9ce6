"""What is shown of an offer before it is accepted: the area only, and the load before and after as the manager sees it."""

from __future__ import annotations

from typing import Any

from evenload.planning.explain import WeekLoad
from evenload.planning.fixes import Bundle
from evenload.records.models import Draft
from evenload.workflow import what_if
from evenload.workflow.draft_picture import Picture


def offered(picture: Picture, bundle: Bundle) -> dict[str, Any]:
    """The unit in figures, without a client's or a street's name."""
    first = bundle[0]
    return {
        "discipline": first.discipline,
        "language": first.language,
        "area": first.area,
        "minutes": sum(unit.minutes for unit in bundle),
        "clients": sum(unit.clients for unit in bundle),
        "priority": min(unit.priority for unit in bundle),
        "units": len(bundle),
    }


def week_of(draft: Draft, piece: str, practitioner: str) -> dict[str, Any]:
    """Her week before and after, in minutes, and why she was asked: the same figures as on the manager's desk."""
    seen = what_if.preview(draft, piece, practitioner)
    change = next(one for one in seen.people if one.code == practitioner)
    found = what_if.ranking(draft, piece)
    candidate = next((one for one in found.possible if one.practitioner == practitioner), None)
    return {
        "before": _week(change.load.before),
        "after": _week(change.load.after),
        "why": [[reason.code, {name: str(value) for name, value in reason.facts.items()}] for reason in candidate.reasons] if candidate else [],
        "rank": candidate.rank if candidate else None,
    }


def _week(week: WeekLoad) -> dict[str, Any]:
    return {
        "assigned_minutes": week.assigned_minutes,
        "travel_minutes": week.travel_minutes,
        "peak_minutes": week.peak_minutes,
        "capacity_minutes": week.capacity_minutes,
        "maximum_minutes": week.maximum_minutes,
        "state": week.state,
    }
