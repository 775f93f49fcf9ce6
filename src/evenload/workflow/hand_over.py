"""Leave and departure: who takes over each unit, with a reason each, what a site loses, and one change with one undo.

A departure hands every unit on for good; from then on nothing may be given to the person. A leave keeps her units hers and
names who covers. Nobody else's units move: the choice is made among the others as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenload.planning.case import Unit
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.fit import fit_reasons
from evenload.planning.plan import Reason
from evenload.planning.reassign import placed_anew
from evenload.planning.standing import Standing
from evenload.planning.waiting_reasons import Bundle
from evenload.records.access import Person
from evenload.records.models import Draft
from evenload.workflow import departures
from evenload.workflow.draft_picture import Picture, Placed, picture_of, stepped
from evenload.workflow.drafts import locked, write
from evenload.workflow.move_rules import refuse_move
from evenload.workflow.refused import Refused
from evenload.workflow.what_if import PersonChange, change_between

DEPARTURE, LEAVE = "departure", "leave"


@dataclass(frozen=True, slots=True)
class Line:
    """One bundle and who takes it over (None: nobody can, it would wait, or be without cover), with the reasons for her."""

    pieces: tuple[str, ...]
    clients: int
    minutes: int
    to: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a site loses: `only_french` (nobody there would speak fluent French any more) or `only_discipline` (nobody of it)."""

    code: str
    site: str
    discipline: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A proposal. `people` are the weeks of those who take over, before and after; during a leave, while it lasts."""

    kind: str
    practitioner: str
    version: int
    facts_version: int
    starts_on: date
    ends_on: date | None
    lines: tuple[Line, ...]
    losses: tuple[Loss, ...]
    people: tuple[PersonChange, ...]


def propose_departure(draft: Draft, practitioner: str, *, leaves_on: date) -> HandOver:
    """Who takes over when she leaves. Refused `practitioner_unknown`, `nothing_to_hand_over`."""
    return _propose(picture_of(draft), practitioner, DEPARTURE, leaves_on, None)


def propose_leave(draft: Draft, practitioner: str, *, starts_on: date, ends_on: date) -> HandOver:
    """Who covers while she is away. Refused `practitioner_unknown`, `nothing_to_hand_over`, `dates_reversed`."""
    if ends_on < starts_on:
        raise Refused("dates_reversed", starts_on=starts_on, ends_on=ends_on)
    return _propose(picture_of(draft), practitioner, LEAVE, starts_on, ends_on)


def _propose(picture: Picture, practitioner: str, kind: str, starts_on: date, ends_on: date | None) -> HandOver:
    bundles = _bundles_of(picture, practitioner)
    without = picture.standing.with_bundle([unit for bundle in bundles for unit in bundle], None)
    barred = [tuple(replace(unit, barred=unit.barred | picture.places[unit.id].banned) for unit in bundle) for bundle in bundles]
    after = placed_anew(without, barred, ruled_out=picture.leaving | {practitioner})
    return HandOver(
        kind=kind,
        practitioner=practitioner,
        version=picture.version,
        facts_version=picture.facts.facts_version,
        starts_on=starts_on,
        ends_on=ends_on,
        lines=tuple(_line(without, bundle, after.holder.get(bundle[0].id)) for bundle in bundles),
        losses=tuple(_losses(picture.standing, after, (unit for bundle in bundles for unit in bundle))),
        people=_people(picture, after),
    )


def _bundles_of(picture: Picture, practitioner: str) -> list[Bundle]:
    if practitioner not in picture.facts.people:
        raise Refused("practitioner_unknown", practitioner=practitioner)
    hers = picture.standing.caseloads[practitioner]
    bundles = {picture.facts.bundle_of[unit.id][0].id: picture.facts.bundle_of[unit.id] for unit in hers}
    if not bundles:
        raise Refused("nothing_to_hand_over", practitioner=practitioner)
    return list(bundles.values())


def _line(without: Standing, bundle: Bundle, to: str | None) -> Line:
    reasons = () if to is None else fit_reasons(without, without.case.practitioner(to), bundle)
    return Line(tuple(unit.id for unit in bundle), sum(unit.clients for unit in bundle), sum(unit.minutes for unit in bundle), to, reasons)


def _people(picture: Picture, after: Standing) -> tuple[PersonChange, ...]:
    changed = [code for code, week in after.weeks.items() if week != picture.standing.weeks[code]]
    return tuple(change_between(picture.facts, picture.standing, after, code) for code in changed)


def _losses(before: Standing, after: Standing, units: Iterable[Unit]) -> Iterable[Loss]:
    """What the sites of these units have before and have not afterwards."""
    hers = list(units)
    for site in sorted({unit.site for unit in hers if unit.site is not None}):
        if _anybody_french(before, site) and not _anybody_french(after, site):
            yield Loss("only_french", site)
        for discipline in sorted({unit.discipline for unit in hers if unit.site == site}):
            if _holders(before, site, discipline) and not _holders(after, site, discipline):
                yield Loss("only_discipline", site, discipline)


def _holders(standing: Standing, site: str, discipline: str) -> set[str]:
    return {standing.holder[unit.id] for unit in standing.neighbours.get((site, discipline), ()) if unit.id in standing.holder}


def _anybody_french(standing: Standing, site: str) -> bool:
    disciplines = [discipline for place, discipline in standing.neighbours if place == site]
    people = {code for discipline in disciplines for code in _holders(standing, site, discipline)}
    return any(speaks(standing.case.practitioner(code), "fr", FLUENT) for code in people)


def apply_hand_over(
    draft: Draft,
    proposal: HandOver,
    *,
    by: Person,
    at: datetime,
    choices: Mapping[str, str | None] | None = None,
    reason: str = "",
) -> Draft:
    """Write the hand-over into the draft as one change, which one undo takes back as a whole.

    A departure also sets her last day and that she takes nobody new, so that the next plan knows; the undo restores both.
    `choices` (first piece of a line → practitioner, or None) stand in for what was proposed. Refused `facts_changed`;
    `leaves_before_she_came`; `units_changed` {piece} where her units are not those of the proposal any more; and as a move is, by the rule's code.
    """
    chosen = choices or {}
    with departures.facts_changing(), transaction.atomic():
        held = locked(draft)
        picture = picture_of(held)
        if picture.facts.facts_version != proposal.facts_version:
            raise Refused("facts_changed")
        _refuse_other_units(picture, proposal)
        takers = {line.pieces: chosen.get(line.pieces[0], line.to) for line in proposal.lines}
        places = _departed(picture, proposal, takers) if proposal.kind == DEPARTURE else _covered(picture, takers)
        known: dict[str, Any] = {"practitioner": proposal.practitioner, "why": proposal.kind}
        known |= {"starts_on": proposal.starts_on, "ends_on": proposal.ends_on}
        change = write(held, picture, "hand_over", places, by=by, at=at, reason=reason, **known)
        if proposal.kind == DEPARTURE and change is not None:
            change.facts_before = departures.depart(held.program, proposal.practitioner, leaves_on=proposal.starts_on)
            change.save(update_fields=["facts_before"])
    return held


def _refuse_other_units(picture: Picture, proposal: HandOver) -> None:
    now = {unit.id for bundle in _bundles_of(picture, proposal.practitioner) for unit in bundle}
    proposed = {piece for line in proposal.lines for piece in line.pieces}
    if now != proposed:
        raise Refused("units_changed", piece=min(now ^ proposed), version=picture.version)


def _departed(picture: Picture, proposal: HandOver, takers: Mapping[tuple[str, ...], str | None]) -> dict[str, Placed]:
    """Her units with the others; she is ruled out for each, and covers nothing any more."""
    leaver = proposal.practitioner
    places = {piece: replace(one, cover=None) for piece, one in picture.places.items() if one.cover == leaver}
    for pieces, to in takers.items():
        for piece in pieces:
            one = picture.places[piece]
            cover = None if one.cover in (leaver, to) else one.cover
            places[piece] = Placed(to, False, one.banned | {leaver}, cover)
    trial = stepped(picture, {piece: replace(picture.places[piece], practitioner=None) for pieces in takers for piece in pieces})
    for pieces, to in takers.items():
        if to is not None:
            refuse_move(trial, picture.facts.bundle_of[pieces[0]], to, reason=proposal.kind)
            trial = stepped(trial, {piece: places[piece] for piece in pieces})
    return places


def _covered(picture: Picture, takers: Mapping[tuple[str, ...], str | None]) -> dict[str, Placed]:
    """Her units as they are, each with its cover. Cover needs every hard rule kept; it is not counted in anybody's load."""
    places = {}
    for pieces, cover in takers.items():
        for piece in pieces:
            if cover is not None:
                _refuse_cover(picture, piece, cover)
            places[piece] = replace(picture.places[piece], cover=cover)
    return places


def _refuse_cover(picture: Picture, piece: str, cover: str) -> None:
    if cover not in picture.facts.people:
        raise Refused("practitioner_unknown", practitioner=cover)
    broken = picture.facts.broken_rules(piece, cover)
    if broken:
        raise Refused(broken[0], practitioner=cover, piece=piece)
    if cover in picture.leaving:
        raise Refused("leaving", practitioner=cover)
    if cover in picture.places[piece].banned:
        raise Refused("banned", practitioner=cover, piece=piece)
