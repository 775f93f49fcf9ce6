"""What practitioners do on the demonstration organisation: record a visit, take it back, accept an offer, give it back, decline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from benchmarks.web_pages import Line, line_of
from benchmarks.web_records import PASSWORD
from benchmarks.web_visits import Answer, Visitor

MOST_TRIED = 200


def own_lines(address: str, made: dict[str, Any], *, dice: Random, rounds: int, goal: float) -> Iterator[Line]:
    """Each act so many times, with the page that follows it."""
    recorded, undone, after = _visits(Visitor(address, made["people"]["practitioner"], PASSWORD), rounds)
    yield line_of("record a visit", recorded[0], recorded[1:], goal)
    yield line_of("undo a visit", undone[0], undone[1:], goal)
    yield line_of("today, first after a visit", after[0], after[1:], goal)
    asked, accepted, given_back, declined = _offers(address, made, dice, rounds)
    yield line_of("make an offer", asked[0], asked[1:], goal)
    yield line_of("accept an offer", accepted[0], accepted[1:], goal)
    yield line_of("give an acceptance back", given_back[0], given_back[1:], goal)
    yield line_of("decline an offer", declined[0], declined[1:], goal)


def _visits(own: Visitor, rounds: int) -> tuple[list[Answer], list[Answer], list[Answer]]:
    """A visit of a client of hers, recorded as done and taken back."""
    clients = re.findall(r'href="/clients/(\d+)"', own.get("/clients").body)
    recorded, undone, after = [], [], []
    for number in range(rounds + 1):
        fields = {"unit": clients[number % len(clients)], "outcome": "done", "minutes": "45", "entry": uuid4().hex, "next": "today"}
        answer = own.post("/visits/record", fields, htmx=True)
        _must(answer, 200, "record")
        found = re.search(r"/visits/(\d+)/undo", answer.body)
        if found is None:
            raise RuntimeError("a recorded visit cannot be taken back")
        recorded.append(answer)
        after.append(own.get("/today"))
        undone.append(own.post(found[0], {"next": "today"}, htmx=True))
        _must(undone[-1], 200, "undo")
    return recorded, undone, after


def _offers(address: str, made: dict[str, Any], dice: Random, rounds: int) -> tuple[list[Answer], list[Answer], list[Answer], list[Answer]]:
    """The manager offers what waits to one who could take it; she accepts and gives back, or declines."""
    program = f"/programs/{made['programs'][0]}"
    manager = Visitor(address, made["people"]["manager"], PASSWORD)
    manager.post(f"{program}/desk", {})
    pieces = _waiting(manager, program)
    people: dict[str, Visitor] = {}
    asked: list[Answer] = []
    accepted: list[Answer] = []
    given_back: list[Answer] = []
    declined: list[Answer] = []
    for _ in range(MOST_TRIED * rounds):
        if min(len(accepted), len(declined)) > rounds:
            break
        piece = dice.choice(pieces)
        page = manager.get(f"{program}/units/{quote(piece, safe='')}/offer")
        codes = [unescape(code) for code in re.findall(r'name="to" id="to-\d+" value="([^"]+)"', page.body)]
        able = [code for code in codes if code in made["accounts"]]
        if page.status != 200 or not able:
            continue
        code = dice.choice(able)
        fields = {"to": code, "way": "together", "answer_hours": "24"}
        answer = manager.post(f"{program}/units/{quote(piece, safe='')}/offer", fields)
        if answer.status != 302:
            continue
        asked.append(answer)
        username = made["accounts"][code]
        who = people.setdefault(username, people.get(username) or Visitor(address, username, PASSWORD))
        mine = max(int(key) for key in re.findall(r'id="offer-(\d+)"', who.get("/offers").body))
        if len(accepted) <= len(declined):
            answer = who.post(f"/offers/{mine}", {"answer": "accept"})
            if answer.status != 302:
                who.post(f"/offers/{mine}", {"answer": "decline", "reason": "load"})
                continue
            accepted.append(answer)
            given_back.append(who.post(f"/offers/{mine}", {"answer": "give_back"}))
            _must(given_back[-1], 302, "give back")
        else:
            declined.append(who.post(f"/offers/{mine}", {"answer": "decline", "reason": "distance"}))
            _must(declined[-1], 302, "decline")
    return asked, accepted, given_back, declined


def _waiting(manager: Visitor, program: str) -> list[str]:
    """Codes of the units that wait, as the desk lists them."""
    page = manager.get(f"{program}/desk").body
    column = page.partition('id="waiting"')[2] or page
    return sorted({unescape(code) for code in re.findall(r'data-piece="([^"]*)"', column)})


def _must(answer: Answer, status: int, what: str) -> None:
    if answer.status != status:
        raise RuntimeError(f"{what}: {answer.status}")
