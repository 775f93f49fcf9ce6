"""How a manager asked for the board: order, which people, which week, whose units are open. It stands in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest

from evenload.words import Words
from evenload.workflow.desk_rows import counters_of
from evenload.workflow.desk_weeks import choices, rows_in_week
from evenload.workflow.draft_picture import Picture
from evenload.workflow.what_if import Board

SORTS: Final = ("fullest", "emptiest", "name")
SHOWS: Final = ("all", "over", "room", "in_range")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the desk asks for. `week`: the first day of a week, None for the average of those that are left."""

    sort: str = SORTS[0]
    show: str = SHOWS[0]
    week: date | None = None
    opened: str = ""
    all_waiting: bool = False

    def query(self, **other: str) -> str:
        """The address's query that asks for the same, with other values; nothing is written that is usual."""
        stated = {"week": self.week.isoformat() if self.week else "", "show": self.show, "sort": self.sort, **other}
        usual = {"show": SHOWS[0], "sort": SORTS[0]}
        said = {name: value for name, value in stated.items() if value and value != usual.get(name)}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class WeekOption:
    """One choice of the week select."""

    value: str
    text: str
    is_chosen: bool


def asked_of(request: HttpRequest) -> Asked:
    """What the page asks for; a fragment asks for the same as the page that it goes into."""
    if not request.headers.get("HX-Request"):
        return _asked(request.GET.dict())
    return _asked(dict(parse_qsl(urlsplit(request.headers.get("HX-Current-URL", "")).query)) | request.GET.dict())


def _asked(query: Mapping[str, str]) -> Asked:
    sort, show = query.get("sort", ""), query.get("show", "")
    return Asked(
        sort=sort if sort in SORTS else SORTS[0],
        show=show if show in SHOWS else SHOWS[0],
        week=_day(query.get("week", "")),
        opened=query.get("open", ""),
        all_waiting=query.get("waiting") == "all",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def board_asked(picture: Picture, board: Board, asked: Asked) -> Board:
    """The board of the week that was asked for; the average one where none was, or that week is over."""
    if asked.week is None:
        return board
    try:
        rows = rows_in_week(picture, board.rows, asked.week)
    except ValueError:
        return board
    return replace(board, rows=rows, counters=counters_of(rows, board.waiting))


def week_options(words: Words, picture: Picture, asked: Asked) -> list[WeekOption]:
    """The average of the weeks that are left, then each of them with how many people are over in it."""
    found = [WeekOption("", words.say("Average of the weeks left"), is_chosen=asked.week is None)]
    for choice in choices(picture):
        day = words.date(choice.monday)
        text = words.say_n("Week of {day}: {n} over", "Week of {day}: {n} over", choice.over, day=day) if choice.over else ""
        found.append(
            WeekOption(choice.monday.isoformat(), text or words.say("Week of {day}", day=day), is_chosen=choice.monday == asked.week)
        )
    return found
