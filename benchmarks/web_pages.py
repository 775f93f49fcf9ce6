"""Which pages are visited, by whom; and the desk: previews, candidates, moves."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from random import Random
from typing import Any
from urllib.parse import quote

from benchmarks.web_records import PASSWORD
from benchmarks.web_visits import Answer, Visitor

PREVIEW_GOAL = 100.0
PAGES: tuple[tuple[str, str, str], ...] = (
    ("manager", "desk", "/programs/{program}/desk"),
    ("manager", "desk, who is over", "/programs/{program}/desk?show=over"),
    ("manager", "sites and teams", "/programs/{program}/sites"),
    ("manager", "map", "/programs/{program}/map"),
    ("manager", "team", "/programs/{program}/team"),
    ("manager", "plan runs", "/programs/{program}/runs"),
    ("manager", "assignment list", "/programs/{program}/list"),
    ("manager", "assignment list, every row, page 2", "/programs/{program}/list?view=areas&page=2"),
    ("manager", "assignment list, a search", "/programs/{program}/list?q=ecole"),
    ("manager", "editions", "/programs/{program}/editions"),
    ("manager", "check and publish", "/programs/{program}/draft/check"),
    ("manager", "referrals to look at", "/programs/{program}/referrals"),
    ("manager", "referrals with practitioners", "/programs/{program}/referrals?show=assigned"),
    ("manager", "waiting list", "/programs/{program}/waiting-list"),
    ("manager", "contracts", "/programs/{program}/contracts"),
    ("manager", "service in French", "/programs/{program}/french-service"),
    ("manager", "load over time", "/programs/{program}/load-over-time"),
    ("manager", "offers sent", "/programs/{program}/offers"),
    ("manager", "planning worksheet", "/programs/{program}/worksheet"),
    ("manager", "time standards", "/programs/{program}/standards"),
    ("manager", "scenarios", "/programs/{program}/scenarios"),
    ("manager", "reports", "/programs/{program}/reports"),
    ("manager", "notices", "/notices"),
    ("manager", "account", "/account"),
    ("manager", "help", "/help"),
    ("director", "overview", "/"),
    ("director", "access", "/access"),
    ("director", "imports", "/imports"),
    ("privacy", "journal", "/journal"),
    ("privacy", "journal: who has seen a client", "/journal?client=u1"),
)
"""who, what, address"""
OWN_PAGES: tuple[tuple[str, str, str], ...] = (
    ("practitioner", "today", "/today"),
    ("practitioner", "clients", "/clients"),
    ("practitioner", "my week, with the suggested order", "/week"),
    ("practitioner", "my hours", "/hours"),
    ("practitioner", "offers to answer", "/offers"),
    ("practitioner", "my load", "/my-load"),
)
"""of a practitioner, where the records have one who signs in"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; milliseconds. `processor`: p95 of what the server spent on processors, where that is known."""

    name: str
    first: float
    p50: float
    p95: float
    kilobytes: float
    goal: float | None
    processor: float | None


def page_lines(address: str, made: dict[str, Any], *, dice: Random, rounds: int, goal: float) -> Iterator[Line]:
    """Every page: its first visit after the server began, then all of them again and again in a random order."""
    people = {role: Visitor(address, username, PASSWORD) for role, username in made["people"].items()}
    pages = (*PAGES, *(OWN_PAGES if "practitioner" in people else ()))
    people["manager"].post(f"/programs/{made['programs'][0]}/desk", {})  # a draft is open, whatever was measured before
    visits = {name: (people[who], path.format(program=made["programs"][0])) for who, name, path in pages}
    first = {name: _page(who, path) for name, (who, path) in visits.items()}
    again: dict[str, list[Answer]] = {name: [] for name in visits}
    order = [name for name in visits for _ in range(rounds)]
    dice.shuffle(order)
    for name in order:
        again[name].append(_page(*visits[name]))
    for name in visits:
        yield line_of(name, first[name], again[name], goal)


def desk_lines(address: str, made: dict[str, Any], *, dice: Random, rounds: int, goal: float) -> Iterator[Line]:
    """The manager's hands: cards opened, candidates looked at, a move previewed and made, and the pages after it."""
    manager, desk = Visitor(address, made["people"]["manager"], PASSWORD), f"/programs/{made['programs'][0]}/desk"
    page = manager.get(desk).body
    people = [unescape(code) for code in re.findall(r'data-person="([^"]*)"', page)]

    def pieces_of(person: str) -> list[str]:
        return [
            unescape(code) for code in re.findall(r'data-piece="([^"]*)"', manager.get(f"{desk}/board", {"person": person}, htmx=True).body)
        ]

    pieces = [piece for person in dice.sample(people, min(30, len(people))) for piece in pieces_of(person)]
    unit = desk.replace("/desk", "/units/{}/candidates")

    def chosen() -> tuple[str, Answer]:
        piece = dice.choice(pieces)
        return piece, manager.get(f"{desk}/preview", {"piece": piece}, htmx=True)

    yield _measured("cards of one person", lambda: manager.get(f"{desk}/board", {"person": dice.choice(people)}, htmx=True), rounds, goal)
    yield _measured("candidates of a unit", lambda: manager.get(unit.format(quote(dice.choice(pieces), safe=""))), rounds, goal)
    yield _measured("a person", lambda: manager.get(desk.replace("/desk", f"/team/{quote(dice.choice(people), safe='')}")), rounds, goal)
    yield _measured("move to…: the choice of a person", lambda: chosen()[1], rounds, goal)
    yield _measured(
        "what-if: a move before it is made",
        lambda: manager.get(f"{desk}/preview", {"piece": dice.choice(pieces), "to": dice.choice(people)}, htmx=True),
        2 * rounds,
        PREVIEW_GOAL,
    )
    moves, after, checks = _moves(manager, desk, chosen, dice=dice, rounds=rounds)
    yield line_of("a move, with what it changes on the page", moves[0], moves[1:], goal)
    yield line_of("desk, first after a change", after[0], after[1:], goal)
    yield line_of("check and publish, first after a change", checks[0], checks[1:], goal)


def _moves(
    manager: Visitor, desk: str, chosen: Callable[[], tuple[str, Answer]], *, dice: Random, rounds: int
) -> tuple[list[Answer], list[Answer], list[Answer]]:
    """So many moves that are allowed, each to somebody whom the choice names as possible; after each, two whole pages."""
    moves: list[Answer] = []
    after: list[Answer] = []
    checks: list[Answer] = []
    while len(moves) <= rounds:
        piece, choice = chosen()
        possible = choice.body.partition("<optgroup")[2].partition("</optgroup>")[0]
        codes = re.findall(r'<option value="([^"]+)"', possible)
        if not codes:
            continue
        to = unescape(dice.choice(codes))
        shown = manager.get(f"{desk}/preview", {"piece": piece, "to": to}, htmx=True).body
        fields = {name: unescape(value) for name, value in re.findall(r'name="(draft|seen_version)" value="([^"]*)"', shown)}
        answer = manager.post(f"{desk}/move", {**fields, "piece": piece, "to": to, "reason": "measured"}, htmx=True)
        if answer.status == 200:
            moves.append(answer)
            after.append(_page(manager, desk))
            checks.append(_page(manager, desk.replace("/desk", "/draft/check")))
    return moves, after, checks


def _page(who: Visitor, path: str) -> Answer:
    answer = who.get(path)
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return answer


def _measured(name: str, visit: Callable[[], Answer], rounds: int, goal: float | None) -> Line:
    answers = [visit() for _ in range(rounds + 1)]
    if wrong := [answer.status for answer in answers if answer.status != 200]:
        raise RuntimeError(f"{name}: {wrong[0]}")
    return line_of(name, answers[0], answers[1:], goal)


def line_of(name: str, first: Answer, again: list[Answer], goal: float | None) -> Line:
    """One line of the table from what was measured."""
    spent = [answer.milliseconds for answer in again]
    worked = [answer.processor_milliseconds for answer in again if answer.processor_milliseconds is not None]
    kilobytes = statistics.fmean(one.bytes for one in again) / 1000
    return Line(name, first.milliseconds, statistics.median(spent), _p95(spent), kilobytes, goal, _p95(worked) if worked else None)


def _p95(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=20, method="inclusive")[18]
