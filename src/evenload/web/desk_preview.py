"""A move before it is made: to whom a unit could go, and what a choice does to both weeks and to the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from evenload.planning.case import Practitioner
from evenload.planning.explain import Candidate, WeekLoad
from evenload.planning.weekly import fullest_week, mondays
from evenload.records.models import Draft
from evenload.web.before_after import Change, Figures, change_rows
from evenload.web.draft_words import refusal_sentence
from evenload.web.exception_words import OVERLOAD_REASONS, choices_of
from evenload.web.french_words import loss_sentence
from evenload.web.load_bar import Load
from evenload.web.plan_notices import exposed_line
from evenload.words import Words, reason_sentence
from evenload.words.phrases import Names
from evenload.workflow import what_if
from evenload.workflow.desk_weeks import by_week, period_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.protection import robust_of
from evenload.workflow.sole_french import FrenchLoss


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of the select: a person, with what her week would be."""

    code: str
    text: str


def figures(person: Practitioner, week: WeekLoad) -> Figures:
    """One side of a person's row in before → after."""
    own_range = (person.comfortable_min_percent, person.comfortable_max_percent)
    load = Load(week.assigned_minutes, week.capacity_minutes, week.maximum_minutes, own_range)
    return Figures(load, week.state, week.travel_minutes, week.peak_minutes)


def chooser_of(words: Words, names: Names, draft: Draft, *, picture: Picture, piece: str) -> dict[str, Any]:
    """Everybody as a select: possible by rank, with the load after; the others with the first reason."""
    found = what_if.ranking(draft, piece)
    possible = sorted(found.possible, key=lambda one: one.rank or 0)
    return {
        "holder": found.assigned_to,
        "holder_name": names.get(found.assigned_to or "", ""),
        "possible": [Option(one.practitioner, _possible_text(words, names, one)) for one in possible if not one.is_assigned],
        "excluded": list(_excluded(words, names, found.excluded)),
        "seen_version": picture.version,
    }


def _possible_text(words: Words, names: Names, one: Candidate) -> str:
    before, after = (week.percent for week in (one.load.before, one.load.after))
    shown = ["–" if share is None else words.percent(share) for share in (before, after)]
    return words.say("{name}: {before} → {after}", name=names.get(one.practitioner, one.practitioner), before=shown[0], after=shown[1])


def _excluded(words: Words, names: Names, excluded: Iterable[Candidate]) -> Iterable[Option]:
    for one in excluded:
        if one.reasons[0].code not in ("discipline", "barred"):
            yield Option(
                one.practitioner, words.pair(names.get(one.practitioner, one.practitioner), reason_sentence(words, one.reasons[0], names))
            )


def preview_of(words: Words, names: Names, draft: Draft, *, picture: Picture, piece: str, to: str) -> dict[str, Any]:
    """Both weeks, the plan's price and the hands changed, before → after; why it may not be made, or that it needs a reason."""
    found = what_if.preview(draft, piece, to or None)
    people = {one.code: picture.facts.case.practitioner(one.code) for one in found.people}
    monday, peaks = _fullest_week(picture, found, to)
    changes = [(one.name, *_sides(people[one.code], one, peaks[one.code])) for one in found.people]
    refused = found.refused
    return {
        "preview": found,
        "to_name": names.get(to, to),
        "rows": change_rows(words, changes),
        "peak_title": words.say("Fullest week, of {day}, h", day=words.day(monday)) if monday else "",
        "price": Change(words.number(found.price_before), words.number(found.price_after)),
        "hands": found.hands_after.units,
        "hands_before": found.hands_before.units,
        "hands_clients": found.hands_after.clients,
        "is_beyond_limit": found.limit is not None and found.hands_after.units > found.limit,
        "needs_reason": refused is not None and refused.code == "reason_needed",
        "overload_reasons": choices_of(words, OVERLOAD_REASONS),
        "is_refused": refused is not None and refused.code != "reason_needed",
        "sentence": refusal_sentence(words, refused, names) if refused else "",
        "french_losses": [loss_sentence(words, names, FrenchLoss(site=site)) for site in found.loses_french],
        "exposures": [exposed_line(words, one, robust_of(draft), names) for one in found.exposed],
        "together": len(found.pieces),
        "seen_version": picture.version,
        "is_with_her": all(picture.places[one].practitioner == (to or None) for one in found.pieces),
    }


def _sides(person: Practitioner, change: what_if.PersonChange, peak_minutes: tuple[int, int]) -> tuple[Figures, Figures]:
    before, after = peak_minutes
    return (
        replace(figures(person, change.load.before), peak_minutes=before),
        replace(figures(person, change.load.after), peak_minutes=after),
    )


def _fullest_week(picture: Picture, found: what_if.Preview, to: str) -> tuple[date | None, dict[str, tuple[int, int]]]:
    """The fullest week of who takes it (of who gives it away, where nobody does), and everybody's minutes in that week, before and after."""
    facts, moved = picture.facts, set(found.pieces)
    loads: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for one in found.people:
        before = picture.standing.caseloads[one.code]
        kept = [unit for unit in before if unit.id not in moved]
        after = [*kept, *(facts.units[piece] for piece in found.pieces)] if one.code == to else kept
        loads[one.code] = by_week(facts, one.code, before), by_week(facts, one.code, after)
    if not loads:
        return None, {}
    week = fullest_week(loads[to][1] if to in loads else next(iter(loads.values()))[0])
    return mondays(period_of(facts))[week], {code: (before[week], after[week]) for code, (before, after) in loads.items()}
