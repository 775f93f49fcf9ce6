"""What the manager's desk shows: rows per practitioner with their cards, the waiting column, three counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from evenload.planning.case import Practitioner, Unit
from evenload.planning.explain import WeekLoad, week_load
from evenload.planning.plan import Fix, Reason
from evenload.workflow.draft_picture import Picture
from evenload.workflow.known_facts import KnownFacts
from evenload.workflow.move_rules import EXCEPTED, FRENCH, is_excepted


@dataclass(frozen=True, slots=True)
class Card:
    """One piece on the board. Minutes per week: with the holder's travel where she has it, without where it waits."""

    piece: str
    unit: str
    label: str
    site: str | None
    site_en: str
    site_fr: str
    area: str
    kind: str
    discipline: str
    language: str | None
    language_need: str
    priority: int
    clients: int
    minutes: int
    is_pinned: bool
    is_new_here: bool
    """not with its current practitioner"""
    came_from: str | None
    """the current practitioner, where it is not with her"""
    broken: tuple[str, ...]
    """hard rules that it breaks where it stands"""
    is_scattered: bool
    """others that go together with it stand elsewhere"""
    banned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One practitioner on the board. Percents are of her own capacity B. Her cards are made when they are asked for."""

    code: str
    name: str
    disciplines: tuple[str, ...]
    engagement: str
    languages: Mapping[str, str]
    feedback: str | None
    load: WeekLoad
    low_percent: Fraction
    high_percent: Fraction
    is_leaving: bool
    units: tuple[Unit, ...]
    clients: int
    picture: Picture = field(compare=False, repr=False)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Everything she carries, as cards: a board of thousands shows those of a few people."""
        return tuple(card_of(self.picture, unit) for unit in self.units)

    @property
    def over_minutes(self) -> int:
        """Minutes per week above B; 0 where she is not over."""
        return max(0, self.load.assigned_minutes - self.load.capacity_minutes)

    @property
    def room_minutes(self) -> int:
        """Minutes per week up to the top of her own range; 0 where there are none."""
        return max(0, int(self.high_percent * self.load.capacity_minutes / 100) - self.load.assigned_minutes)


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """One piece that waits. `possible`: how many could take it as things stand; where nobody could, why, and the nearest fix.

    `nearest_fix` is None where somebody could take it, and where it was not asked for.
    """

    unit: Unit
    days: int | None
    """since it began to wait; None where nobody stated it"""
    possible: int
    reasons: tuple[Reason, ...]
    nearest_fix: Fix | None
    picture: Picture = field(compare=False, repr=False)

    @property
    def card(self) -> Card:
        """What waits, as a card, made when it is asked for."""
        return card_of(self.picture, self.unit)


@dataclass(frozen=True, slots=True)
class People:
    """Practitioners of one counter, most telling first, and their minutes per week together."""

    rows: tuple[Row, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Waiting pieces of one language and discipline that share their first reason ("" where somebody could take them)."""

    language: str | None
    discipline: str
    reason: str
    units: int


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """Everything that waits: pieces, minutes per week without travel, days of the oldest, groups with the largest first."""

    units: int
    minutes: int
    oldest_days: int | None
    groups: tuple[WaitingGroup, ...]


@dataclass(frozen=True, slots=True)
class Counters:
    """Who is over, who has room, what waits."""

    over: People
    room: People
    waiting: WaitingCount


def row_of(picture: Picture, person: Practitioner) -> Row:
    """One practitioner with everything she carries in the draft."""
    facts = picture.facts
    stated = facts.people[person.id]
    return Row(
        code=person.id,
        name=facts.name(person.id),
        disciplines=person.disciplines,
        engagement=stated.engagement,
        languages=person.languages,
        feedback=stated.feedback,
        load=week_load(person, picture.standing.weeks[person.id]),
        low_percent=person.comfortable_min_percent,
        high_percent=person.comfortable_max_percent,
        is_leaving=person.id in picture.leaving,
        units=picture.standing.caseloads[person.id],
        clients=picture.standing.weeks[person.id].clients,
        picture=picture,
    )


def card_of(picture: Picture, unit: Unit) -> Card:
    """One piece as it stands in the draft."""
    facts, place = picture.facts, picture.places[unit.id]
    stated, site = facts.unit_rows[unit.stated_id], facts.sites.get(unit.site or "")
    holder = place.practitioner
    return Card(
        piece=unit.id,
        unit=unit.stated_id,
        label=stated.label or unit.stated_id,
        site=unit.site,
        site_en=site.name_en if site else "",
        site_fr=(site.name_fr or site.name_en) if site else "",
        area=unit.area,
        kind=unit.kind,
        discipline=unit.discipline,
        language=unit.language,
        language_need=unit.language_need,
        priority=unit.priority,
        clients=unit.clients,
        minutes=unit.minutes if holder is None else facts.load_minutes(unit.id, holder),
        is_pinned=place.is_pinned,
        is_new_here=holder is not None and unit.current != holder,
        came_from=unit.current if unit.current != holder else None,
        broken=() if holder is None else _broken(picture, unit, holder),
        is_scattered=any(picture.places[other.id].practitioner != holder for other in facts.bundle_of[unit.id]),
        banned=tuple(sorted(place.banned)),
    )


def _broken(picture: Picture, unit: Unit, holder: str) -> tuple[str, ...]:
    """The rules that it breaks; in place of the French one `french_exception`, where a manager recorded one for this person."""
    broken = picture.facts.broken_rules(unit.id, holder)
    if FRENCH not in broken or not is_excepted(picture.facts.snapshot.program_id, (unit,), holder):
        return broken
    return tuple(EXCEPTED if code == FRENCH else code for code in broken)


def days_waiting(facts: KnownFacts, unit: Unit, today: date) -> int | None:
    """Days since the unit began to wait; never below 0."""
    since = facts.unit_rows[unit.stated_id].waiting_since
    return None if since is None else max(0, (today - since).days)


def counters_of(rows: Iterable[Row], waiting: Iterable[WaitingCard]) -> Counters:
    """The three counters of the desk."""
    everybody, cards = list(rows), list(waiting)
    over = sorted((row for row in everybody if row.load.state == "over"), key=lambda row: (-row.over_minutes, row.code))
    room = sorted((row for row in everybody if row.load.state == "room"), key=lambda row: (-row.room_minutes, row.code))
    return Counters(
        over=People(tuple(over), sum(row.over_minutes for row in over)),
        room=People(tuple(room), sum(row.room_minutes for row in room)),
        waiting=WaitingCount(
            units=len(cards),
            minutes=sum(one.unit.minutes for one in cards),
            oldest_days=max((one.days for one in cards if one.days is not None), default=None),
            groups=_groups(cards),
        ),
    )


def _groups(cards: Iterable[WaitingCard]) -> tuple[WaitingGroup, ...]:
    counted: Counter[tuple[str, str, str]] = Counter()
    for one in cards:
        reason = one.reasons[0].code if one.reasons else ""
        counted[one.unit.language or "", one.unit.discipline, reason] += 1
    order = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(WaitingGroup(language or None, discipline, reason, units) for (language, discipline, reason), units in order)


def possible_count(picture: Picture, unit: Unit) -> int:
    """How many practitioners could take the waiting piece, with all that goes together with it, as things stand."""
    if unit.held_back is not None:
        return 0
    free, bundle = _free_minutes(picture), picture.facts.bundle_of[unit.id]
    ruled_out = picture.leaving.union(*(picture.places[one.id].banned for one in bundle))
    able = picture.facts.able(bundle)
    # What adds nothing fits everywhere, as in `Standing.over_minutes`.
    return sum((not needed or needed <= free[code]) and code not in ruled_out for code, needed in able)


def _free_minutes(picture: Picture) -> dict[str, int]:
    """Minutes per week that everybody has up to her hard maximum, below 0 where it is exceeded."""
    if "free" not in picture.kept:
        weeks = picture.standing.weeks
        picture.kept["free"] = {one.id: one.maximum_minutes - weeks[one.id].minutes for one in picture.facts.case.practitioners}
    free: dict[str, int] = picture.kept["free"]
    return free
