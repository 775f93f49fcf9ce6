"""The planning pages at work: a figure of the worksheet tried, weeks, one more client, figures, files. Part of `python -m benchmarks.web`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from random import Random
from typing import Any

from benchmarks.web_pages import Line, line_of
from benchmarks.web_records import PASSWORD
from benchmarks.web_visits import Answer, Visitor

WORKSHEET_GOAL, FIGURES_GOAL, PDF_GOAL = 300.0, 500.0, 2_000.0
FILE_ROUNDS = 5
"""a file is made so many times; a page as often as was asked for"""


def planning_lines(address: str, made: dict[str, Any], *, dice: Random, rounds: int) -> Iterator[Line]:
    """Each with its own goal: pages of the worksheet and of weeks 300 ms, of figures 500 ms, a PDF 2 s."""
    manager, program = Visitor(address, made["people"]["manager"], PASSWORD), f"/programs/{made['programs'][0]}"
    sheet = f"{program}/worksheet"
    hours, minutes = _figures(manager, sheet, 1, "hours"), _figures(manager, sheet, 2, "direct")

    def tried(step: int, names: list[str], least: int) -> Answer:
        """A figure that was not tried before, so that nothing of it is kept."""
        value = f"{least + dice.random() * 20:.4f}"
        return manager.get(sheet, {"step": str(step), "try": f"{dice.choice(names)}:{value}"})

    def asked() -> Answer:
        question = {"class": "-", "language": dice.choice(["", "en"]), "minutes": str(dice.randrange(20, 90)), "per_week": "1"}
        return manager.get(f"{program}/weeks", {**question, "discipline": dice.choice(["OT", "PT", "SLP"])})

    yield _timed("worksheet, hours of somebody tried", lambda: tried(1, hours, 10), rounds, WORKSHEET_GOAL)
    yield _timed("worksheet, minutes of a class tried", lambda: tried(2, minutes, 20), rounds, WORKSHEET_GOAL)
    yield _timed("worksheet, step 3 with minutes tried", lambda: tried(3, minutes, 20), rounds, WORKSHEET_GOAL)
    yield _timed("weeks, everybody", lambda: manager.get(f"{program}/weeks"), rounds, WORKSHEET_GOAL)
    yield _timed("weeks: can one more be taken?", asked, rounds, WORKSHEET_GOAL)
    yield _timed("figures of the program", lambda: manager.get(f"{program}/figures"), rounds, FIGURES_GOAL)
    director = Visitor(address, made["people"]["director"], PASSWORD)
    yield _timed("the organisation", lambda: director.get("/"), rounds, FIGURES_GOAL)
    for form in ("pdf", "xlsx"):
        path = f"{sheet}/files/en.{form}"
        yield _timed(f"worksheet as {form.upper()}", lambda path=path: manager.get(path), FILE_ROUNDS, PDF_GOAL)  # type: ignore[misc]


def _figures(manager: Visitor, sheet: str, step: int, what: str) -> list[str]:
    """Names of the fields of one kind on one step."""
    names = re.findall(rf'name="({what}:[^"]+)"', manager.get(sheet, {"step": str(step)}).body)
    if not names:
        raise RuntimeError(f"step {step} asks for no {what}")
    return [unescape(name) for name in names]


def _timed(name: str, visit: Callable[[], Answer], rounds: int, goal: float) -> Line:
    answers = [visit() for _ in range(rounds + 1)]
    if wrong := [answer.status for answer in answers if answer.status != 200]:
        raise RuntimeError(f"{name}: {wrong[0]}")
    return line_of(name, answers[0], answers[1:], goal)
