"""The waiting list's arithmetic of each pool, as a table and as CSV; an absent figure is a dash, with its reason beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from evenload.planning.waitlist import WeeklyRate
from evenload.web import figure_words as said
from evenload.web.csv_answers import Cell
from evenload.words import Words
from evenload.workflow.wait_figures import PoolQueue, WaitFigures

NONE = "–"


@dataclass(frozen=True, slots=True)
class QueueView:
    """One pool as the page shows it. Addresses: the rows that wait, and the calculator with the figures of this pool."""

    name: str
    queue: str
    received: str
    received_source: str
    taken_up: str
    taken_up_source: str
    mean_wait: str
    target: str
    target_source: str
    load: str
    target_queue: str
    ratio: str
    relief: str
    capacity: str
    pressure: str
    slots: str
    finding: str
    lacks: str
    notes: tuple[str, ...]
    is_bad: bool
    rows_address: str
    try_address: str


def queue_views(words: Words, code: str, pools: Iterable[PoolQueue]) -> tuple[QueueView, ...]:
    """The pools as rows of the page."""
    return tuple(_view(words, code, one) for one in pools)


def _view(words: Words, code: str, one: PoolQueue) -> QueueView:
    found = one.figures
    asked = urlencode({"discipline": one.discipline, "language": one.language})
    return QueueView(
        name=said.queue_name(words, one),
        queue=words.integer(one.queue),
        received=_rate(words, one.received),
        received_source=said.rate_source(words, one.received),
        taken_up=_rate(words, one.taken_up),
        taken_up_source=said.rate_source(words, one.taken_up),
        mean_wait=_number(words, one.mean_wait),
        target=_number(words, one.target.mean if one.target else None),
        target_source=_target_source(words, one),
        load=_number(words, found.load, 2),
        target_queue=_number(words, found.target_queue),
        ratio=_number(words, found.queue_ratio),
        relief=_number(words, found.relief_capacity),
        capacity=_number(words, found.target_capacity),
        pressure=_number(words, found.pressure),
        slots=NONE if found.protected_slots is None else words.integer(found.protected_slots),
        finding=said.queue_finding(words, one),
        lacks=said.lacking(words, one),
        notes=tuple(_notes(words, one)),
        is_bad=one.grows or one.misses,
        rows_address=f"{reverse('waiting_list', args=[code])}?{asked}",
        try_address=try_address(one),
    )


def _number(words: Words, figure: Fraction | None, digits: int = 1) -> str:
    return NONE if figure is None else words.number(figure, digits)


def _rate(words: Words, rate: WeeklyRate | None) -> str:
    """Clients a week; few in many weeks are not rounded to none."""
    return NONE if rate is None else words.number(rate.mean, 1 if rate.mean >= 1 or not rate.count else 2)


def _target_source(words: Words, one: PoolQueue) -> str:
    if one.target is None:
        return words.say("no target is set")
    low, high = words.number(one.target.low), words.number(one.target.high)
    return words.say_n("mean of {n} referral", "mean of {n} referrals, {low} to {high}", one.target.count, low=low, high=high)


def _notes(words: Words, one: PoolQueue) -> Iterable[str]:
    if one.units:
        yield words.say_n("Beside them {n} unit without a referral waits.", "Beside them {n} units without a referral wait.", one.units)
    if one.left_otherwise:
        yield words.say_n("{n} was closed while it waited.", "{n} were closed while they waited.", one.left_otherwise)
    if one.received and not one.received.lacks and one.received.margin:
        safe = words.number(one.received.mean + Fraction(one.received.margin))
        yield words.say(
            "With two standard errors the demand would be {safe} a week: safer to plan with where few referrals come.", safe=safe
        )


def try_address(one: PoolQueue) -> str:
    """The calculator with what is known of this pool."""
    known = one.known
    stated = {
        "demand": known.demand,
        "capacity": known.capacity,
        "queue": None if known.queue is None else Fraction(known.queue),
        "target": known.target_wait,
        "mean": known.mean_wait,
    }
    typed = {name: f"{round(float(value), 4):g}" for name, value in stated.items() if value is not None}
    return f"{reverse('wait_check')}?{urlencode(typed)}"


def csv_rows(words: Words, waiting: WaitFigures, pools: Iterable[PoolQueue]) -> tuple[list[str], list[tuple[Cell, ...]]]:
    """Headings and rows: every input with its number, weeks and range, and every figure."""
    headings = [
        words.say("Pool"),
        words.say("First day"),
        words.say("Last day"),
        words.say("Weeks"),
        words.say("Waiting"),
        words.say("Received"),
        words.say("Received a week"),
        words.say("Least a week"),
        words.say("Most a week"),
        words.say("Taken up"),
        words.say("Taken up a week"),
        words.say("Mean wait, weeks"),
        words.say("Target wait, weeks"),
        words.say("Load"),
        words.say("Target queue"),
        words.say("Queue to target"),
        words.say("Relief capacity a week"),
        words.say("Target capacity a week"),
        words.say("Pressure"),
        words.say("Protected slots a week"),
        words.say("What is missing"),
    ]
    return headings, [_csv_row(words, waiting, one) for one in pools]


def _csv_row(words: Words, waiting: WaitFigures, one: PoolQueue) -> tuple[Cell, ...]:
    found, came, went = one.figures, one.received, one.taken_up
    return (
        said.queue_name(words, one),
        waiting.first,
        waiting.last,
        waiting.weeks,
        one.queue,
        came.count if came else None,
        came.mean if came else None,
        came.low if came else None,
        came.high if came else None,
        went.count if went else None,
        went.mean if went else None,
        one.mean_wait,
        one.target.mean if one.target else None,
        found.load,
        found.target_queue,
        found.queue_ratio,
        found.relief_capacity,
        found.target_capacity,
        found.pressure,
        found.protected_slots,
        said.lacking(words, one),
    )
