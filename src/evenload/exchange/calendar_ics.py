"""A practitioner's week as a calendar (RFC 5545): what calendar programs follow at a secret address. No client is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vDuration

PRODUCT: Final = "-//Evenload//calendar feed//EN"
REFRESH: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the calendar. `begins` is a day for what takes the whole day, else a moment; `ends` is the last day, or a moment.

    `uid` is the same for the same thing for ever; `sequence` counts its changes. `is_busy`: it blocks the time.
    """

    uid: str
    sequence: int
    summary: str
    begins: date | datetime
    ends: date | datetime
    place: str = ""
    is_busy: bool = False


def calendar_bytes(entries: Iterable[Entry], *, name: str, zone: ZoneInfo, at: datetime) -> bytes:
    """The calendar file. Moments stand on the clock of `zone`, which is described in it. Raises ValueError for a moment without a zone."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    listed = list(entries)
    days = [_day(one.begins) for one in listed] or [at.date()]
    first, last = min(days) - timedelta(days=366), max(days) + timedelta(days=366)
    calendar.add_component(Timezone.from_tzinfo(zone, first_date=first, last_date=last))
    for one in listed:
        calendar.add_component(_event(one, zone, at))
    return bytes(calendar.to_ical())


def _day(begins: date | datetime) -> date:
    return begins.date() if isinstance(begins, datetime) else begins


def _event(one: Entry, zone: ZoneInfo, at: datetime) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", at)
    event.add("summary", one.summary)
    if one.place:
        event.add("location", one.place)
    event.add("dtstart", _moment(one.begins, zone))
    if isinstance(one.ends, datetime):
        event.add("dtend", _moment(one.ends, zone))
    else:
        event.add("dtend", one.ends + timedelta(days=1))
    event.add("transp", "OPAQUE" if one.is_busy else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _moment(moment: date | datetime, zone: ZoneInfo) -> date | datetime:
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError(f"expected a moment with its zone, got {moment}")
        return moment.astimezone(zone)
    return moment
