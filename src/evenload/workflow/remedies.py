"""Remedies for a load that is too high or too low: what could be done, with its effect on every week that it touches.

Everything is counted in the draft's picture as the desk counts it; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from evenload.planning.case import Unit
from evenload.planning.explain import WeekLoad, week_load
from evenload.records.models import Draft, Practitioner, Remedy
from evenload.workflow import remedy_kinds, what_if
from evenload.workflow.draft_picture import Picture, picture_of, stepped
from evenload.workflow.move_rules import refuse_move
from evenload.workflow.refused import Refused
from evenload.workflow.remedy_kinds import moved
from evenload.workflow.remedy_shown import Proposed, relieved

MOST_LOOKED_AT = 24
"""Bundles whose candidates are ranked: those that weigh most for the cause that she named."""

MOST_OFFERED = 3
MOVES = ("move", "take", "move_site")
"""remedies that place units with somebody else"""

LATER = ("pause_offers", "recruit")
"""remedies whose help comes later"""


def proposed(draft: Draft, practitioner: Practitioner, feeling: str, *, today: date, cause: str = "") -> tuple[Proposed, ...]:
    """What would help: moves away (or units to take), most relief for the least price first; then what needs no move."""
    picture, code = picture_of(draft), practitioner.code
    if code not in picture.facts.people:
        return ()
    if feeling == "too_low":
        return (*_takes(picture, code), *remedy_kinds.more_hours(draft, picture, code, practitioner.weekly_hours))
    return (
        *_moves(picture, code, cause),
        *remedy_kinds.site_as_a_whole(picture, code),
        remedy_kinds.offers_paused(picture, code, today=today),
        *remedy_kinds.visits_lent(picture, code, today=today),
        *remedy_kinds.every_two_weeks(picture, code),
        *remedy_kinds.recruited(draft, picture, code),
    )


def together(picture: Picture, practitioner: str, chosen: Iterable[Proposed]) -> tuple[WeekLoad, WeekLoad]:
    """Her week before and after all of these at once: moves are placed one with the other, the rest is added up.

    What helps later only (a pause of offers, hiring) is not in it.
    """
    picks = [one for one in chosen if one.kind not in LATER]
    places = {
        piece: replace(picture.places[piece], practitioner=one.to, is_pinned=False)
        for one in picks
        if one.kind in MOVES
        for piece in one.units
        if piece in picture.places
    }
    person = picture.facts.case.practitioner(practitioner)
    before = week_load(person, picture.standing.weeks[practitioner])
    after = week_load(person, stepped(picture, places).standing.weeks[practitioner])
    for one in picks:
        sides = next((sides for sides in one.weeks if sides[0] == practitioner), None)
        if one.kind in MOVES or sides is None or (one.units and set(one.units) <= set(places)):
            continue
        _, first, last = sides
        person = replace(person, capacity_minutes=last.capacity_minutes, maximum_minutes=last.maximum_minutes)
        after = replace(after, capacity_minutes=last.capacity_minutes, maximum_minutes=last.maximum_minutes)
        less, travel = first.assigned_minutes - last.assigned_minutes, first.travel_minutes - last.travel_minutes
        after = relieved(person, after, less, travel)
    return before, after


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
            return moved(picture, "move", piece, to=one.practitioner, bundle=picture.facts.bundle_of[piece])
    return None


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
            found.append(moved(picture, "take", unit.id, to=practitioner, bundle=picture.facts.bundle_of[unit.id]))
    return found


def recounted(picture: Picture, practitioner: str, remedy: Remedy, known: Mapping[str, Proposed]) -> Proposed | None:
    """A remedy that was chosen before, counted now; None where it is not possible any more. `known`: what is proposed now, by key."""
    if remedy.kind not in MOVES or remedy.to is None:
        return known.get(f"{remedy.kind}:{remedy.piece}:{remedy.to.code if remedy.to else ''}")
    pieces, to = remedy.shown.get("units") or [remedy.piece], remedy.to.code
    holder = None if remedy.kind == "take" else practitioner
    if any(piece not in picture.places or picture.places[piece].practitioner != holder for piece in pieces):
        return None
    bundle = [picture.facts.units[piece] for piece in pieces]
    try:
        for piece in pieces:
            refuse_move(picture, picture.facts.bundle_of[piece], to, reason="practitioner_agrees")
    except Refused:
        return None
    found = moved(picture, remedy.kind, remedy.piece, to=to, bundle=bundle)
    after = next(after for code, _, after in found.weeks if code == to)
    top = picture.facts.case.practitioner(to).comfortable_max_percent if remedy.kind != "take" else 100
    return found if after.percent is not None and after.percent <= top else None
