"""Eight people read and two move units, all at once: nobody may meet an error of the server.

A writer moves a unit to somebody drawn at random, also where the preview says that she may not have it: such a move is answered 422
(a hard rule, her maximum, or a reason that is missing), as it must be. 409 is a move that another one was quicker than.
"""

from __future__ import annotations

import re
import statistics
import threading
import time
from collections import Counter
from html import unescape
from random import Random
from typing import Any

from benchmarks.web_pages import PAGES
from benchmarks.web_records import PASSWORD
from benchmarks.web_visits import Answer, Visitor

READERS, WRITERS = 8, 2


def under_load(address: str, made: dict[str, Any], *, seconds: int) -> str:
    """One sentence: how many answers of which kind, how quick, and whether the server ever failed."""
    until = time.monotonic() + seconds
    read: list[Answer] = []
    written: list[Answer] = []
    threads = [threading.Thread(target=_reads, args=(address, made, until, number, read)) for number in range(READERS)]
    threads += [threading.Thread(target=_writes, args=(address, made, until, number, written)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = Counter(answer.status for answer in (*read, *written))
    failed = sum(count for status, count in statuses.items() if status >= 500)
    return (
        f"  under load, {READERS} readers and {WRITERS} writers for {seconds} s: {len(read)} pages (p95 {_p95(read):.0f} ms), "
        f"{len(written)} changes (p95 {_p95(written):.0f} ms), answers {dict(sorted(statuses.items()))} "
        f"(422: moves that a rule refuses, 409: overtaken), errors of the server: {failed} {'(none, as must be)' if not failed else 'MISSED'}"
    )


def _p95(answers: list[Answer]) -> float:
    return statistics.quantiles([answer.milliseconds for answer in answers], n=20, method="inclusive")[18] if len(answers) > 1 else 0.0


def _reads(address: str, made: dict[str, Any], until: float, number: int, found: list[Answer]) -> None:
    dice, visitor = Random(number), Visitor(address, made["people"]["manager"], PASSWORD)
    paths = [path.format(program=made["programs"][0]) for who, _, path in PAGES if who == "manager"]
    while time.monotonic() < until:
        found.append(visitor.get(dice.choice(paths)))


def _writes(address: str, made: dict[str, Any], until: float, number: int, found: list[Answer]) -> None:
    dice, visitor = Random(100 + number), Visitor(address, made["people"]["manager"], PASSWORD)
    desk = f"/programs/{made['programs'][0]}/desk"
    people = [unescape(code) for code in re.findall(r'data-person="([^"]*)"', visitor.get(desk).body)]
    while time.monotonic() < until:
        cards = visitor.get(f"{desk}/board", {"person": dice.choice(people)}, htmx=True).body
        pieces = re.findall(r'data-piece="([^"]*)"', cards)
        if not pieces:
            continue
        piece = unescape(dice.choice(pieces))
        shown = visitor.get(f"{desk}/preview", {"piece": piece, "to": dice.choice(people)}, htmx=True).body
        fields = {name: unescape(value) for name, value in re.findall(r'name="(draft|seen_version|piece|to)" value="([^"]*)"', shown)}
        found.append(visitor.post(f"{desk}/move", {**fields, "reason": "measured"}, htmx=True))
