"""Remedies for a load that is too high or too low: what could be done, with its effect on every week that it touches.

Everything is counted in the draft's picture as the desk counts it; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from evenload.planning.case import Practitioner, Unit
from evenload.planning.explain import WeekLoad, week_load
from evenload.planning.standing import load_state
from evenload.planning.travel import load_minutes, pair_travel_minutes
from evenload.records.models import Draft
from evenload.workflow import what_if
from evenload.workflow.draft_picture import Picture, picture_of, stepped

MOST_LOOKED_AT = 24
"""Bundles whose candidates are ranked: those that weigh most for the cause that she named."""

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """One remedy with its effect. `weeks`: practitioner → her week before and after; `price_hours`: the plan's price of it."""

    kind: str
    piece: str
    to: str | None
    weeks: tuple[tuple[str, WeekLoad, WeekLoad], ...]
    clients: int
    price_hours: float | None = None

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


def proposed(draft: Draft, practitioner: str, feeling: str, *, cause: str = "") -> tuple[Proposed, ...]:
    """What would help: moves away (or units to take), most relief for the least price first; then what needs no move."""
    picture = picture_of(draft)
    if practitioner not in picture.facts.people:
        return ()
    if feeling == "too_low":
        return tuple(_takes(picture, practitioner))
    return (*_moves(picture, practitioner, cause), *_without_a_move(picture, practitioner))


def _moves(picture: Picture, practitioner: str, cause: str) -> Sequence[Proposed]:
    """Units that somebody else can take, best relief per hour of the plan's price first."""
    held = {picture.facts.bundle_of[unit.id][0].id: unit for unit in picture.standing.caseloads[practitioner]}
    free = [unit for unit in held.values() if not picture.places[unit.id].is_pinned]
    heaviest = sorted(free, key=lambda unit: -_relief(picture, practitioner, unit, cause))[:MOST_LOOKED_AT]
    found = [move for unit in heaviest if (move := _best_move(picture, practitioner, unit.id)) is not None]
    found.sort(key=lambda one: ((one.price_hours or 0.0) / max(1, _less(one, practitioner, cause)), one.piece))
    return found[:MOST_OFFERED]


def _relief(picture: Picture, practitioner: str, unit: Unit, cause: str) -> int:
    bundle = picture.facts.bundle_of[unit.id]
    without = picture.standing.with_bundle(bundle, None).weeks[practitioner]
    now = picture.standing.weeks[practitioner]
    return now.travel_minutes - without.travel_minutes if cause == "travel" else now.minutes - without.minutes


def _less(one: Proposed, practitioner: str, cause: str) -> int:
    before, after = next((before, after) for code, before, after in one.weeks if code == practitioner)
    if cause == "travel":
        return before.travel_minutes - after.travel_minutes
    return before.assigned_minutes - after.assigned_minutes


def _best_move(picture: Picture, practitioner: str, piece: str) -> Proposed | None:
    """To the best candidate who stays within her own range, else none: a load is not solved by another one."""
    case = picture.facts.case
    for one in what_if.ranking_in(picture, piece).possible:
        top = case.practitioner(one.practitioner).comfortable_max_percent
        percent = one.load.after.percent
        if one.practitioner != practitioner and percent is not None and percent <= top:
            return _moved(picture, "move", piece, one.practitioner)
    return None


def _moved(picture: Picture, kind: str, piece: str, to: str) -> Proposed:
    bundle = picture.facts.bundle_of[piece]
    after = stepped(picture, {unit.id: replace(picture.places[unit.id], practitioner=to, is_pinned=False) for unit in bundle})
    givers = {picture.places[unit.id].practitioner for unit in bundle} - {None, to}
    case = picture.facts.case
    weeks = tuple(
        (
            code,
            week_load(case.practitioner(code), picture.standing.weeks[code]),
            week_load(case.practitioner(code), after.standing.weeks[code]),
        )
        for code in (*sorted(code for code in givers if code), to)
    )
    return Proposed(kind, piece, to, weeks, sum(unit.clients for unit in bundle), after.price_hours - picture.price_hours)


def _takes(picture: Picture, practitioner: str) -> Sequence[Proposed]:
    """What waits and she could take, most urgent first."""
    waiting = [unit for piece, unit in picture.facts.units.items() if picture.places[piece].practitioner is None and unit.held_back is None]
    waiting.sort(key=lambda unit: (unit.priority, -(unit.weeks_waiting or 0), unit.id))
    found: list[Proposed] = []
    for unit in waiting[: 4 * MOST_LOOKED_AT]:
        if len(found) == MOST_OFFERED:
            break
        ranked = what_if.ranking_in(picture, unit.id)
        hers = next((one for one in ranked.possible if one.practitioner == practitioner), None)
        if hers is not None and hers.load.after.assigned_minutes <= hers.load.after.capacity_minutes:
            found.append(_moved(picture, "take", unit.id, practitioner))
    return found


def _without_a_move(picture: Picture, practitioner: str) -> Sequence[Proposed]:
    """What needs no other person now: no new offers for some weeks; less frequent visits, which is a clinical call; hiring."""
    case = picture.facts.case
    person, now = case.practitioner(practitioner), week_load(case.practitioner(practitioner), picture.standing.weeks[practitioner])
    found = [Proposed("pause_offers", "", None, ((practitioner, now, now),), 0)]
    rarer = _every_two_weeks(picture, practitioner, now)
    if rarer is not None:
        found.append(rarer)
    top = int(person.comfortable_max_percent * person.capacity_minutes / 100)
    if now.assigned_minutes > top:
        after = _relieved(person, now, now.assigned_minutes - top, 0)
        found.append(Proposed("recruit", "", None, ((practitioner, now, after),), 0))
    return found


def _every_two_weeks(picture: Picture, practitioner: str, now: WeekLoad) -> Proposed | None:
    """The heaviest clients who are seen every week, seen every two weeks: half of their time and travel."""
    case = picture.facts.case
    person = case.practitioner(practitioner)
    weekly = [unit for unit in picture.standing.caseloads[practitioner] if unit.kind == "client" and unit.visits_per_week >= 1]
    heaviest = sorted(weekly, key=lambda unit: (-unit.minutes, unit.id))[:MOST_OFFERED]
    if not heaviest:
        return None
    minutes = sum(load_minutes(case, person, unit) for unit in heaviest) // 2
    travel = sum(pair_travel_minutes(case, person, unit) for unit in heaviest) // 2
    after = _relieved(person, now, minutes, travel)
    return Proposed("every_two_weeks", "", None, ((practitioner, now, after),), sum(unit.clients for unit in heaviest))


def _relieved(person: Practitioner, now: WeekLoad, minutes: int, travel_minutes: int) -> WeekLoad:
    assigned = now.assigned_minutes - minutes
    return replace(
        now,
        assigned_minutes=assigned,
        travel_minutes=max(0, now.travel_minutes - travel_minutes),
        peak_minutes=max(0, now.peak_minutes - minutes),
        state=load_state(person, assigned),
    )
