"""The three counters of a desk: sentences with names, not charts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CounterLine:
    """One name and its figures; an address where the name leads somewhere."""

    name: str
    figures: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: kind `over`, `room` or `waiting`, its sentence, its first lines and what remains."""

    kind: str
    title: str
    lines: tuple[CounterLine, ...] = ()
    more: str = ""
    address: str = ""
