"""The parts of the pages about leave and hours offered: what a form says, her own lines, and what planners see in Team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from evenload.records.models import Assignment, HoursOffered, Leave, Practitioner, Program
from evenload.records.models.weeks import LEAVE_KINDS
from evenload.web.draft_words import names_of
from evenload.web.french_words import loss_sentences
from evenload.web.week_words import week_refusal
from evenload.words import Words, label, message
from evenload.workflow.absence_rows import ABSENCE_OF_KIND
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.refused import Refused
from evenload.workflow.sole_french import losses_without

PAST_SHOWN: Final = timedelta(days=92)
AHEAD_SHOWN: Final = timedelta(weeks=26)
FIELD_OF_REFUSAL: Final = {
    "leave_kind_unknown": "kind",
    "leave_days_reversed": "last_day",
    "leave_too_long": "last_day",
    "leave_too_far": "first_day",
    "leave_hours_odd": "hours_per_day",
    "leave_no_working_day": "first_day",
    "leave_overlaps": "first_day",
    "hours_odd": "weekly_hours",
    "hours_same": "weekly_hours",
    "hours_open": "weekly_hours",
    "hours_day_past": "from_day",
    "hours_day_far": "from_day",
    "hours_word_missing": "answer",
}
STATES: Final = {
    "offered": message("Waits for an answer"),
    "taken": message("Taken up"),
    "declined": message("Declined"),
    "withdrawn": message("Taken back"),
}


@dataclass(frozen=True, slots=True)
class LeaveForm:
    """What a leave's form says, where it says something; the sentences at its fields where it does not."""

    first_day: date
    last_day: date
    kind: str
    hours_per_day: Decimal | None
    errors: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class LeaveView:
    """One leave as a line."""

    leave: Leave
    name: str
    code: str
    days: str
    kind: str
    amount: str
    seen: str
    cover: str
    warnings: tuple[str, ...]
    is_past: bool


@dataclass(frozen=True, slots=True)
class OfferedView:
    """Hours that were offered, as a line."""

    offered: HoursOffered
    name: str
    code: str
    text: str
    state: str
    is_open: bool


def leave_kinds(words: Words) -> list[tuple[str, str]]:
    """The kinds of leave for a choice, with the empty one first."""
    return [("", words.say("Choose")), *((code, leave_kind(words, code)) for code in LEAVE_KINDS)]


def leave_kind(words: Words, kind: str) -> str:
    """What it is called: as the absence that it counts as."""
    return label(words, "absence", ABSENCE_OF_KIND[kind])


def leave_form(words: Words, stated: Mapping[str, Any]) -> LeaveForm:
    """Reads the form; what is no day or no number has its sentence at the field."""
    errors: dict[str, list[str]] = {}
    days = {name: _day(words, stated, name, errors) for name in ("first_day", "last_day")}
    kind = str(stated.get("kind", ""))
    if kind not in LEAVE_KINDS:
        errors["kind"] = [week_refusal(words, Refused("leave_kind_unknown"))]
    hours = number_in(stated.get("hours_per_day", ""))
    if hours is None and str(stated.get("hours_per_day", "")).strip():
        errors["hours_per_day"] = [week_refusal(words, Refused("leave_hours_odd"))]
    return LeaveForm(days["first_day"] or date.min, days["last_day"] or date.min, kind, hours, errors)


def _day(words: Words, stated: Mapping[str, Any], name: str, errors: dict[str, list[str]]) -> date | None:
    found = day_in(stated.get(name, ""))
    if found is None:
        errors[name] = [words.say("Write a day as 2026-02-03.")]
    return found


def day_in(text: object) -> date | None:
    """A day as it was written, or None."""
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError:
        return None


def number_in(text: object) -> Decimal | None:
    """Hours as they were written, with a point or a comma, to two decimals; None for anything else."""
    try:
        found = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return round(found, 2) if found.is_finite() and abs(found) < 1000 else None


def errors_of(words: Words, refused: Refused) -> dict[str, list[str]]:
    """A refusal's sentence at its field."""
    return {FIELD_OF_REFUSAL.get(refused.code, "first_day"): [week_refusal(words, refused)]}


def own_leaves(words: Words, practitioners: Iterable[Practitioner], *, today: date) -> list[LeaveView]:
    """Her leaves of the last months and all to come, earliest first; one line for a leave that she told in several programs."""
    rows = Leave.objects.filter(practitioner__in=list(practitioners), state="told", last_day__gte=today - PAST_SHOWN)
    views = [_view(words, row, "", today) for row in rows.select_related("practitioner__program", "seen_by").order_by("first_day", "pk")]
    return sorted(views, key=lambda view: view.is_past)


def leaves_of(words: Words, program: Program, *, today: date, only: Practitioner | None = None) -> list[LeaveView]:
    """Who is away or will be, earliest first, with who covers, and what would be left without French."""
    rows = Leave.objects.filter(practitioner__program=program, state="told", last_day__gte=today, first_day__lte=today + AHEAD_SHOWN)
    if only is not None:
        rows = rows.filter(practitioner=only)
    leaves = list(rows.select_related("practitioner", "seen_by").order_by("first_day", "pk"))
    covers = _covers(words, {leave.practitioner_id for leave in leaves})
    losses = _french_losses(words, program, {leave.practitioner.code for leave in leaves})
    views = [_view(words, leave, covers.get(leave.practitioner_id, ""), today) for leave in leaves]
    return [replace(view, warnings=losses.get(view.code, ())) for view in views]


def _french_losses(words: Words, program: Program, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Practitioner's code → which sites and pools would have nobody left who speaks fluent French without her."""
    wanted = list(codes)
    if not wanted:
        return {}
    try:
        picture, _ = picture_at_hand(program)
    except Refused:
        return {}
    names = names_of(words, picture.facts)
    return {code: tuple(loss_sentences(words, names, losses_without(picture, code))) for code in wanted}


def away_and_offered(words: Words, program: Program, *, today: date) -> dict[str, Any]:
    """What the Team page shows of leave and of hours offered: who is away when, who covers, what waits for an answer."""
    rows = HoursOffered.objects.filter(practitioner__program=program, state="offered").select_related("practitioner", "answered_by")
    taken = HoursOffered.objects.filter(practitioner__program=program, state="taken", applied_at=None).select_related("practitioner")
    return {
        "leaves": leaves_of(words, program, today=today),
        "offered": offered_views(words, [*rows.order_by("offered_at", "pk"), *taken.order_by("from_day", "pk")]),
    }


def _covers(words: Words, practitioners: Iterable[int]) -> dict[int, str]:
    """Practitioner → who covers how many of her units in the list that holds."""
    held: dict[int, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(practitioner__in=list(practitioners), ends_on__isnull=True)
    for key, name, code in rows.values_list("practitioner_id", "cover__name", "cover__code"):
        held[key].append(name or code or "")
    return {key: _cover_text(words, names) for key, names in held.items()}


def _cover_text(words: Words, names: list[str]) -> str:
    covering = sorted({name for name in names if name}, key=str.casefold)
    if not covering:
        return words.say_n("Nobody covers: {n} unit", "Nobody covers: {n} units", len(names))
    covered = sum(bool(name) for name in names)
    return words.say("{covered} of {units} covered: {names}", covered=covered, units=len(names), names=words.list_of(covering))


def _view(words: Words, leave: Leave, cover: str, today: date) -> LeaveView:
    one = leave.practitioner
    days = words.date(leave.first_day)
    if leave.last_day != leave.first_day:
        days = words.say("{first} to {last}", first=days, last=words.date(leave.last_day))
    amount = words.say("whole days") if leave.hours_per_day is None else _each_day(words, leave.hours_per_day)
    seen = words.say("Seen by {name}", name=leave.seen_by.full_name) if leave.seen_by else ""
    return LeaveView(leave, str(one), one.code, days, leave_kind(words, leave.kind), amount, seen, cover, (), leave.last_day < today)


def _each_day(words: Words, hours: Decimal) -> str:
    return words.say("{hours} each day", hours=words.hours(Fraction(str(hours))))


def offered_views(words: Words, rows: Iterable[HoursOffered]) -> list[OfferedView]:
    """Hours offered, as lines."""
    return [_offered(words, row) for row in rows]


def _offered(words: Words, row: HoursOffered) -> OfferedView:
    one = row.practitioner
    text = words.say("{hours} from {day}", hours=words.hours(Fraction(str(row.weekly_hours)), per="week"), day=words.date(row.from_day))
    state = words.say(STATES[row.state])
    if row.state == "taken" and row.applied_at is None:
        state = words.say("Taken up, begins on its day")
    return OfferedView(row, str(one), one.code, text, state, row.state == "offered")
