"""The parts of her week: days with visits in their turn, the shorter order, and what the map draws of each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from evenload.records.models import PlannedVisit, Referral
from evenload.web.today_parts import unit_place, unit_title
from evenload.words import Words, label, message
from evenload.workflow.week_order import Day, Ground, Week

WHY_NONE: Final = {
    "agreed_times": message("The agreed times cannot all be kept in one day: no order is suggested."),
    "too_many": message("There are too many places in this day to suggest an order."),
}


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit of a day: its number, whom or where, and the rest in one line."""

    key: int
    number: int
    title: str
    detail: str
    state: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class SuggestedView:
    """The shorter order: numbers as they stand now, names, travel and what it saves."""

    numbers: str
    titles: tuple[str, ...]
    text: str
    keys: str


@dataclass(frozen=True, slots=True)
class DayView:
    """One day as the page shows it."""

    on: date
    is_today: bool
    visits: tuple[VisitView, ...]
    total: str
    away: str
    suggested: SuggestedView | None
    why_none: str
    keys: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One place of a day on the map: the numbers of the visits there, and what a click says."""

    kind: str
    sign: str
    name: str
    text: str
    lat: float
    lon: float


Names = Mapping[int, tuple[str, str]]
"""visit's key → initials or site's name, and where"""


def names_of_visits(words: Words, week: Week, referrals: Iterable[Referral]) -> Names:
    """As on Today: initials of a single client, else the site's name; never a client's name."""
    single = {one.unit_id: one for one in referrals}
    found = {}
    for one in (visit for day in week.days for visit in day.visits):
        referral = one.referral or (single.get(one.unit_id) if one.unit.kind == "client" else None)
        found[one.pk] = unit_title(words, one.unit, referral), unit_place(words, one.unit, referral)
    return found


def day_views(words: Words, week: Week, names: Names, *, today: date) -> list[DayView]:
    """Seven days, Monday first."""
    return [_day_view(words, day, week.ground, names, today) for day in week.days]


def _day_view(words: Words, day: Day, ground: Ground | None, names: Names, today: date) -> DayView:
    visits = tuple(_visit_view(words, one, number, names) for number, one in enumerate(day.visits, start=1))
    return DayView(
        on=day.on,
        is_today=day.on == today,
        visits=visits,
        total=_total(words, day, ground) if visits else "",
        away=_away(words, day.away),
        suggested=_suggested(words, day, names),
        why_none=words.say(WHY_NONE[day.why_none]) if day.why_none else "",
        keys=keys_text(one.pk for one in day.visits),
    )


def keys_text(keys: Iterable[int]) -> str:
    """What a form sends: the visits' keys, in an order."""
    return ",".join(map(str, keys))


def _visit_view(words: Words, one: PlannedVisit, number: int, names: Names) -> VisitView:
    title, place = names[one.pk]
    detail = [label(words, "discipline_short", one.unit.discipline), words.duration(one.minutes)]
    if one.at is not None:
        detail.insert(0, words.clock(one.at))
    if place:
        detail.append(place)
    state = words.say("Recorded") if one.state == "recorded" else ""
    return VisitView(one.pk, number, title, " · ".join(detail), state, one.state == "planned")


def _total(words: Words, day: Day, ground: Ground | None) -> str:
    visits = words.say_n("{n} visit", "{n} visits", len(day.visits))
    there = words.duration(sum(one.minutes for one in day.visits))
    if ground is None:
        return words.say("{visits}, {minutes} there", visits=visits, minutes=there)
    travel = words.duration(day.travel_minutes)
    return words.say("{visits}, {minutes} there, {travel} of travel", visits=visits, minutes=there, travel=travel)


def _away(words: Words, minutes: int | None) -> str:
    if minutes is None:
        return words.say("Away")
    return words.say("Away for {time}", time=words.duration(minutes)) if minutes else ""


def _suggested(words: Words, day: Day, names: Names) -> SuggestedView | None:
    found = day.suggested
    if found is None:
        return None
    number_of = {one.pk: number for number, one in enumerate(day.visits, start=1)}
    travel, saved = words.duration(found.travel_minutes), words.duration(abs(found.saved_minutes))
    if found.saved_minutes > 0:
        text = words.say("{travel} of travel, {saved} less", travel=travel, saved=saved)
    elif found.saved_minutes:
        text = words.say("{travel} of travel, {saved} more, and the agreed times are kept", travel=travel, saved=saved)
    else:
        text = words.say("{travel} of travel, and the agreed times are kept", travel=travel)
    return SuggestedView(
        numbers=", ".join(str(number_of[one.pk]) for one in found.visits),
        titles=tuple(names[one.pk][0] for one in found.visits),
        text=text,
        keys=keys_text(one.pk for one in found.visits),
    )


def marks_of(words: Words, week: Week, names: Names) -> list[dict[str, Any]]:
    """Day by day what the map draws: the base, then the places in the order of the visits."""
    return [{"on": day.on.isoformat(), "marks": [asdict(mark) for mark in _marks(words, day, week.ground, names)]} for day in week.days]


def _marks(words: Words, day: Day, ground: Ground | None, names: Names) -> list[Mark]:
    if ground is None or not day.visits:
        return []
    found = [Mark("base", "◆", words.say("Base"), "", ground.base.lat, ground.base.lon)] if ground.base else []
    for numbers, visits in _stays(day.visits):
        place = ground.places.get(visits[0].unit_id)
        if place is not None:
            name = " · ".join(dict.fromkeys(names[one.pk][0] for one in visits))
            sign = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
            text = words.duration(sum(one.minutes for one in visits))
            found.append(Mark("stop", sign, name, text, place.lat, place.lon))
    return found


def _stays(visits: Sequence[PlannedVisit]) -> list[tuple[list[int], list[PlannedVisit]]]:
    """Visits that follow one another at one unit or site are one stay."""
    stays: list[tuple[list[int], list[PlannedVisit]]] = []
    for number, one in enumerate(visits, start=1):
        before = stays[-1][1][-1].unit if stays else None
        same = before is not None and (before.pk == one.unit_id or (before.site_id is not None and before.site_id == one.unit.site_id))
        if same:
            stays[-1][0].append(number)
            stays[-1][1].append(one)
        else:
            stays.append(([number], [one]))
    return stays
