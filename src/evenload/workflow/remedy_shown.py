"""One remedy with its effect, as it is proposed, kept and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from evenload.planning.case import Practitioner
from evenload.planning.explain import WeekLoad
from evenload.planning.standing import load_state


@dataclass(frozen=True, slots=True)
class Proposed:
    """One remedy with its effect. `weeks`: practitioner → her week before and after; `price_hours`: the plan's price of it.

    `piece` is the unit's piece, a site's code (move_site) or empty; `units` are the pieces that it touches; `amount` and `until`
    as the records' Remedy has them; `details` holds plain facts that its sentence needs.
    """

    kind: str
    piece: str
    to: str | None
    weeks: tuple[tuple[str, WeekLoad, WeekLoad], ...]
    clients: int
    price_hours: float | None = None
    units: tuple[str, ...] = ()
    amount: Decimal | None = None
    until: date | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What a form sends."""
        return f"{self.kind}:{self.piece}:{self.to or ''}"

    @property
    def shown(self) -> dict[str, Any]:
        """The effect as it is kept."""
        return {
            "weeks": {code: [week_json(before), week_json(after)] for code, before, after in self.weeks},
            "clients": self.clients,
            "price_hours": self.price_hours,
            "units": list(self.units),
            "details": dict(self.details),
        }


def week_json(week: WeekLoad) -> dict[str, Any]:
    """A week as it is kept: minutes and the state of the load."""
    return {
        "assigned_minutes": week.assigned_minutes,
        "travel_minutes": week.travel_minutes,
        "peak_minutes": week.peak_minutes,
        "capacity_minutes": week.capacity_minutes,
        "maximum_minutes": week.maximum_minutes,
        "state": week.state,
    }


def looks_like(kept: Mapping[str, Any], counted: Mapping[str, Any]) -> bool:
    """Whether two effects say the same on a page: whole percent and state of everybody before and after, and the same units."""
    return kept.get("units", []) == counted["units"] and _said(kept.get("weeks", {})) == _said(counted["weeks"])


def _said(weeks: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, list[tuple[int, str]]]:
    return {code: [_side(week) for week in sides] for code, sides in weeks.items()}


def _side(week: Mapping[str, Any]) -> tuple[int, str]:
    capacity = week["capacity_minutes"]
    return (round(100 * week["assigned_minutes"] / capacity) if capacity else -1), week["state"]


def relieved(person: Practitioner, now: WeekLoad, minutes: int, travel_minutes: int) -> WeekLoad:
    """A week with so many minutes less (below 0: more), so much of it travel."""
    assigned = now.assigned_minutes - minutes
    return replace(
        now,
        assigned_minutes=assigned,
        travel_minutes=max(0, now.travel_minutes - travel_minutes),
        peak_minutes=max(0, now.peak_minutes - minutes),
        state=load_state(person, assigned),
    )
