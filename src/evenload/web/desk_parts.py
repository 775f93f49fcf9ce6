"""The desk as its page shows it: rows of people with their cards, the waiting column, three sentences, the line of the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from evenload.planning.codes import level_rank
from evenload.records.models import Program
from evenload.web.counters import Counter, CounterLine
from evenload.web.desk_asked import Asked
from evenload.web.draft_words import RULES, unit_name
from evenload.web.load_bar import Load, LoadBar, load_bar
from evenload.web.waiting_words import left_waiting_sentence
from evenload.words import Words, fix_sentence, label, message, reason_sentence
from evenload.words.phrases import Names
from evenload.workflow.desk_rows import Card, Counters, People, Row, WaitingCard, WaitingCount, WaitingGroup
from evenload.workflow.waiting import LeftWaiting, left_waiting
from evenload.workflow.what_if import Board

CARDS_AT_ONCE: Final = 160
"""A board with no more cards than this shows them all; a larger one shows each person's when her row is opened."""
WAITING_AT_ONCE: Final = 40
NAMED_IN_COUNTERS: Final = 3


@dataclass(frozen=True, slots=True)
class CardView:
    """One card: its facts, its name, who had it, and what is wrong where it stands."""

    card: Card
    key: str
    title: str
    was: str
    problems: tuple[str, ...]
    holder: str
    holder_name: str

    @property
    def is_changed(self) -> bool:
        return self.card.is_new_here


@dataclass(frozen=True, slots=True)
class RowView:
    """One person's row: her week as a bar, what she said, and her cards (empty while they are not shown)."""

    row: Row
    key: str
    bar: LoadBar
    languages: str
    cards: tuple[CardView, ...]
    is_open: bool
    clients: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """One waiting card with why it waits, and what would help."""

    view: CardView
    days: int | None
    possible: int
    reason: str
    fix: str
    left: str = ""
    """why a manager leaves it waiting"""


def key_of(code: str) -> str:
    """A code as part of an element's id: letters and figures only."""
    return code.encode().hex()


def card_view(words: Words, names: Names, card: Card, holder: str = "") -> CardView:
    """One card in words."""
    return CardView(
        card=card,
        key=key_of(card.piece),
        title=unit_name(words, names, card.piece),
        was=names.get(card.came_from, card.came_from) if card.came_from and card.is_new_here else "",
        problems=tuple(words.say(RULES[code]) for code in card.broken),
        holder=holder,
        holder_name=names.get(holder, holder),
    )


def row_view(words: Words, names: Names, row: Row, *, is_open: bool) -> RowView:
    """One person's row; her cards only where it is open."""
    load = Load(row.load.assigned_minutes, row.load.capacity_minutes, row.load.maximum_minutes, (row.low_percent, row.high_percent))
    return RowView(
        row=row,
        key=key_of(row.code),
        bar=load_bar(words, load, row.load.state),
        languages=_spoken(words, row),
        cards=tuple(card_view(words, names, card, row.code) for card in row.cards) if is_open else (),
        is_open=is_open,
        clients=row.clients,
    )


def _spoken(words: Words, row: Row) -> str:
    """Languages with their level, best spoken first: `French, native`."""
    order = sorted(row.languages.items(), key=lambda item: (-level_rank(item[1]), item[0]))
    return ", ".join(
        words.say("{language} ({level})", language=words.language_name(code), level=label(words, "level", level).lower())
        for code, level in order
    )


def waiting_views(words: Words, names: Names, program: Program, cards: Sequence[WaitingCard]) -> list[WaitingView]:
    """Waiting cards in words; why managers leave some of them waiting is one query."""
    left = left_waiting(program)
    return [_waiting_view(words, names, one, left.get(one.card.unit)) for one in cards]


def _waiting_view(words: Words, names: Names, one: WaitingCard, left: LeftWaiting | None) -> WaitingView:
    reason = reason_sentence(words, one.reasons[0], names) if one.reasons else ""
    fix = fix_sentence(words, one.nearest_fix, names) if one.nearest_fix else ""
    return WaitingView(card_view(words, names, one.card), one.days, one.possible, reason, fix, left_waiting_sentence(words, left))


def shown_rows(board: Board, *, sort: str, show: str) -> list[Row]:
    """Rows as asked for: which, and in which order."""
    rows = [row for row in board.rows if show == "all" or row.load.state == show or (show == "in_range" and _is_settled(row))]
    if sort == "name":
        return sorted(rows, key=lambda row: row.name.casefold())
    return rows[::-1] if sort == "emptiest" else rows


def _is_settled(row: Row) -> bool:
    return row.load.state in ("in_range", "above_range")


def opened_codes(board: Board, wanted: str) -> set[str]:
    """Whose cards are shown at once: everybody's on a small board, else only the person's asked for."""
    cards = sum(len(row.units) for row in board.rows)
    return {row.code for row in board.rows} if cards <= CARDS_AT_ONCE else {wanted}


def counters_view(words: Words, counters: Counters, program: Program, asked: Asked) -> list[Counter]:
    """Three sentences with names; each leads to its rows, in the same week."""
    desk = reverse("desk", args=[program.code])
    return [
        _people(words, counters.over, "over", (desk, asked.query(show="over"))),
        _people(words, counters.room, "room", (desk, asked.query(show="room", sort="emptiest"))),
        _waiting(words, counters.waiting, f"{desk}{asked.query()}#waiting"),
    ]


def _people(words: Words, people: People, kind: str, address: tuple[str, str]) -> Counter:
    n, hours = len(people.rows), words.hours(people.minutes / 60, per="week")
    if not n:
        title = words.say("Nobody is over") if kind == "over" else words.say("Nobody has room")
        return Counter(kind, title)
    if kind == "over":
        title = words.say_n("Over: {n} person, {hours}", "Over: {n} people, {hours}", n, hours=hours)
    else:
        title = words.say_n("Has room: {n} person, {hours}", "Have room: {n} people, {hours}", n, hours=hours)
    page = "".join(address)
    lines = tuple(CounterLine(row.name, _figures(words, row), f"{page}#row-{key_of(row.code)}") for row in people.rows[:NAMED_IN_COUNTERS])
    rest = n - len(lines)
    return Counter(kind, title, lines, words.say_n("and {n} more", "and {n} more", rest) if rest else "", f"{page}#people")


def _figures(words: Words, row: Row) -> str:
    percent = row.load.percent
    if not row.load.capacity_minutes:
        return words.say("{hours} while away", hours=words.hours(row.load.assigned_minutes / 60))
    return words.say(
        "{load} of {capacity}, {percent}",
        load=words.number(row.load.assigned_minutes / 60),
        capacity=words.hours(row.load.capacity_minutes / 60),
        percent="–" if percent is None else words.percent(percent),
    )


def _waiting(words: Words, waiting: WaitingCount, address: str) -> Counter:
    if not waiting.units:
        return Counter("waiting", words.say("Nobody is waiting"))
    hours = words.hours(waiting.minutes / 60, per="week")
    title = words.say_n("Waiting: {n} unit, {hours}", "Waiting: {n} units, {hours}", waiting.units, hours=hours)
    lines = tuple(_group_line(words, group) for group in waiting.groups[:NAMED_IN_COUNTERS])
    oldest = "" if waiting.oldest_days is None else words.say_n("Oldest: {n} day", "Oldest: {n} days", waiting.oldest_days)
    return Counter("waiting", title, lines, oldest, address)


WHY: Final = {
    "": message("somebody has room"),
    "no_capacity": message("no hours"),
    "language_french": message("French below fluent"),
    "language_required": message("language not spoken"),
    "skill_missing": message("skill missing"),
    "not_accepting_new": message("no new clients taken"),
    "drive_too_long": message("drive too long"),
    "days": message("not at work on these days"),
    "evening": message("no evenings"),
    "full": message("no hours left"),
    "larger_than_any_capacity": message("more than one person can take"),
    "contract_exhausted": message("visits used up"),
    "no_practitioner": message("nobody of this discipline"),
}
"""Why units wait, in a few words, for the counter."""


def _group_line(words: Words, group: WaitingGroup) -> CounterLine:
    short = label(words, "discipline_short", group.discipline)
    language = words.language_name(group.language) if group.language else ""
    name = words.say("{discipline} in {language}", discipline=short, language=language) if language else short
    figures = words.integer(group.units)
    if group.reason in WHY:
        figures = words.say("{n}: {why}", n=group.units, why=words.say(WHY[group.reason]))
    return CounterLine(name, figures)


def client_units(cards: Sequence[Card]) -> list[str]:
    """Codes of the single clients among these cards, for the journal."""
    return [card.unit for card in cards if card.kind == "client"][:200]
