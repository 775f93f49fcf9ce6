"""The parts of the candidates' page: the unit's facts, each candidate's figures and reasons, the excluded by reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from evenload.planning.case import Practitioner
from evenload.planning.explain import Candidate, Explanation
from evenload.records.models import Unit
from evenload.web.before_after import ChangeRow, change_row
from evenload.web.desk_preview import figures
from evenload.web.draft_words import RULES
from evenload.words import Words, fix_sentence, label, reason_sentence
from evenload.words.phrases import Names, joined
from evenload.workflow.desk_rows import days_waiting
from evenload.workflow.draft_picture import Picture

MOST_COMPARED: Final = 4
ORDERS: Final = ("fit", "room", "travel")
"""of the possible: as ranked, most room left first, least travel added first"""
OTHERS_NAMED: Final = 8
NO_FIX_TOLD: Final = frozenset({"barred", "discipline"})
"""A directive is not explained; another discipline is no question of hours."""


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One possible person: load before → after, travel, fullest week, what she costs more than the best, and the reasons."""

    code: str
    name: str
    rank: int
    is_current: bool
    is_assigned: bool
    is_cover: bool
    change: ChangeRow
    more_travel: str
    than_best: str
    reasons: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """The reasons in a row."""
        return joined(self.reasons)


@dataclass(frozen=True, slots=True)
class ExcludedLine:
    """One person who cannot take it: every reason, and the changes that would do."""

    name: str
    reasons: str
    fixes: str


@dataclass(frozen=True, slots=True)
class ExcludedGroup:
    """Everybody with the same first reason; the nearest of them stands for the group."""

    title: str
    nearest: str
    lines: tuple[ExcludedLine, ...]


def candidate_view(words: Words, names: Names, person: Practitioner, one: Candidate) -> CandidateView:
    """One possible candidate in words."""
    before, after = one.load.before, one.load.after
    name = names.get(one.practitioner, one.practitioner)
    travel = Fraction(after.travel_minutes - before.travel_minutes, 60)
    parts = sorted((one.parts or {}).items(), key=lambda item: -abs(item[1]))
    return CandidateView(
        code=one.practitioner,
        name=name,
        rank=one.rank or 0,
        is_current=one.is_current,
        is_assigned=one.is_assigned,
        is_cover=one.is_cover,
        change=change_row(words, name, figures(person, before), figures(person, after)),
        more_travel=words.signed_hours(travel),
        than_best=words.signed_hours(one.than_best_hours) if one.than_best_hours else "",
        reasons=tuple(reason_sentence(words, reason, names) for reason in one.reasons),
        parts=tuple((label(words, "part", code), words.signed_hours(hours)) for code, hours in parts if abs(hours) >= 0.05),
    )


def in_order(possible: Sequence[Candidate], order: str) -> list[Candidate]:
    """The possible candidates in one of ORDERS; who has it now stands on top, equals stand as ranked."""

    def place(one: Candidate) -> tuple[bool, int, int]:
        after, rank = one.load.after, one.rank or 0
        if order == "room":
            return not one.is_assigned, after.assigned_minutes - after.capacity_minutes, rank
        if order == "travel":
            return not one.is_assigned, after.travel_minutes - one.load.before.travel_minutes, rank
        return not one.is_assigned, rank, rank

    return sorted(possible, key=place)


def excluded_groups(words: Words, names: Names, found: Explanation) -> list[ExcludedGroup]:
    """Everybody excluded, by first reason, the nearest to being possible first."""
    return [_group(words, names, code, people) for code, people in found.excluded_by().items()]


def _group(words: Words, names: Names, code: str, people: Sequence[Candidate]) -> ExcludedGroup:
    lines = tuple(_line(words, names, one) for one in people)
    told = (line.fixes for line in lines if line.fixes)
    nearest = "" if code in NO_FIX_TOLD else next(told, words.say("no single change would do"))
    return ExcludedGroup(words.say(RULES[code]), nearest, lines)


def _line(words: Words, names: Names, one: Candidate) -> ExcludedLine:
    reasons = joined(reason_sentence(words, reason, names) for reason in one.reasons)
    is_told = one.reasons[0].code not in NO_FIX_TOLD
    fixes = joined(fix_sentence(words, fix, names) for fix in one.fixes) if is_told else ""
    return ExcludedLine(names.get(one.practitioner, one.practitioner), reasons, fixes)


def compared(views: Sequence[CandidateView], chosen: Sequence[str]) -> list[CandidateView]:
    """The chosen candidates, or the first two where nobody was chosen."""
    picked = [view for view in views if view.code in chosen]
    return picked or sorted(views, key=lambda view: view.rank)[:2]


def facts_of_unit(words: Words, names: Names, picture: Picture, *, unit: Unit, piece: str, today: date) -> list[tuple[str, str]]:
    """What is known of the unit: title and text, in the order in which a manager asks."""
    stated, here = picture.facts.units[piece], picture.places[piece]
    language = words.language_name(stated.language) if stated.language else ""
    need = label(words, "language_need", stated.language_need).lower()
    days = days_waiting(picture.facts, stated, today)
    facts = [
        (words.say("Discipline"), label(words, "discipline", unit.discipline)),
        (words.say("Language"), words.say("{language}, {need}", language=language, need=need) if language else words.say("Not stated")),
        (words.say("Clients"), words.integer(stated.clients)),
        (words.say("Work, without travel"), words.hours(Fraction(stated.minutes, 60), per="week")),
        (words.say("Visits"), _visits(words, unit)),
        (words.say("Priority"), label(words, "priority", str(unit.priority))),
        (words.say("Waiting"), "" if days is None or here.practitioner else words.say_n("{n} day", "{n} days", days)),
        (words.say("Skills required"), ", ".join(unit.skills_required)),
        (words.say("Skills preferred"), ", ".join(unit.skills_preferred)),
        (words.say("Days"), words.list_of(label(words, "day", day) for day in unit.days)),
        (words.say("Site"), names.get(stated.site or "", "")),
        (words.say("Others at the site"), _others(words, names, picture, piece)),
        (words.say("Today with"), names.get(stated.current or "", "")),
        (words.say("In the draft with"), names.get(here.practitioner or "", "")),
        (words.say("Cover"), names.get(here.cover or "", "")),
        (words.say("Note"), unit.note),
    ]
    return [(title, text) for title, text in facts if text]


def _visits(words: Words, unit: Unit) -> str:
    if unit.visits_allotted is None:
        return ""
    used = unit.visits_used or 0
    return words.say(
        "{allotted} authorized, {used} used, {left} left",
        allotted=words.integer(unit.visits_allotted),
        used=words.integer(used),
        left=words.integer(max(Decimal(0), unit.visits_allotted - used)),
    )


def _others(words: Words, names: Names, picture: Picture, piece: str) -> str:
    """Who else comes to the site, by discipline."""
    site = picture.facts.units[piece].site
    found: dict[str, None] = {}
    for (place, discipline), units in picture.standing.neighbours.items():
        for unit in units if place == site and site is not None else ():
            code = picture.places[unit.id].practitioner
            if code and unit.id != piece:
                found[
                    words.say("{name}, {discipline}", name=names.get(code, code), discipline=label(words, "discipline_short", discipline))
                ] = None
    names_told = sorted(found)
    rest = len(names_told) - OTHERS_NAMED
    more = [words.say_n("and {n} more", "and {n} more", rest)] if rest > 0 else []
    return "; ".join([*names_told[:OTHERS_NAMED], *more])


def neighbours_of(picture: Picture, piece: str) -> tuple[str | None, str | None]:
    """The unit before and after: among those that wait, else among those of the same person."""
    holder = picture.places[piece].practitioner
    row = (
        [unit.id for unit in picture.standing.caseloads[holder]]
        if holder
        else sorted(one for one, place in picture.places.items() if place.practitioner is None)
    )
    if piece not in row:
        return None, None
    here = row.index(piece)
    return (row[here - 1] if here else None), (row[here + 1] if here + 1 < len(row) else None)
