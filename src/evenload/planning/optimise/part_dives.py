"""Small caseloads: every independent part by itself, with all of its arcs listed, and most work where most is left to prove.

A short ascent over prices of nodes and a dive of each part give a good plan in a tenth of a second; then ascents go on, dives look
for cheaper plans, and targets above the bound are refuted (`part_work`). Each round has the same number of tasks however many
threads there are, so the threads change nothing but the time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import board_for
from evenload.planning.optimise.noted import Refuted
from evenload.planning.optimise.part_work import TRIES, PartWork
from evenload.planning.optimise.parts import parts_of
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.state import place_all, score_of_part
from evenload.planning.optimise.strengthen import Strengthened, scale_of
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.optimise.week_climb import start_of
from evenload.planning.optimise.week_rows import field_of

ASCENTS = ((0, 100, (0.1, 0.01)), (4, 150, (0.03, 0.005)), (40, 600, (0.03, 0.002)))
"""From which round on the ascents go: their passes, and first and last step as shares of how far a node's good arcs are apart."""

COUNTED_AFTER = tuple(at for at, _, _ in ASCENTS)
"""Rounds after which what prices prove is counted."""

STEPS_OF_TRY = 500
"""Steps of the search by single changes that take about as long as one sub-problem of a part."""

TASKS = 4
"""Tasks of one round, all parts together."""

EVERYBODY_EVERY = 4
"""Rounds after which every part that is not proved gets a task."""

MOST_PEOPLE = 24
"""Practitioners of a part up to which dives of the whole part, and targets, are worth more than tiles and the solver."""

PROVED_HOURS = 1e-7
"""A part whose gap is less is left alone."""


class RefutedPart(NamedTuple):
    """A refuted target of one part: its nodes int32[n] and practitioners int32[p] by their places in it.

    fixed: hours of pinned nodes, which the target leaves out. A practitioner p of the branches is waiting.
    """

    nodes: Ints
    people: Ints
    fixed: float
    refuted: Refuted


class PartDives:
    """The search of a small program, part by part."""

    def __init__(self, setting: Setting, priced: Priced, seed: int) -> None:
        width = max(len(wing.members) for wing in setting.instance.wings)
        full = priced_with(setting, priced.worth, None, setting.current, width=width)
        self.board = board_for(setting, full)
        self.start, self.seed, self.rounds = start_of(priced)._replace(scale=scale_of(self.board)), seed, 0
        of_person, of_node = parts_of(full.listed.arcs, full.listed.degree, setting.instance.groups, len(self.board.people))
        numbers = range(int(of_person.max(initial=-1)) + 1)
        self.numbered = [tuple(np.flatnonzero(of == number).astype(np.int32) for of in (of_node, of_person)) for number in numbers]
        self.parts: list[PartWork] = []
        self.fixed: list[float] = []

    def are_small(self) -> bool:
        """Whether somebody shares a unit, every part may be dived for as a whole, and no node has companions, whose prices branches do not see."""
        nodes, sizes = self.board.nodes, [len(people) for _, people in self.numbered]
        return bool((nodes["mates_from"] == nodes["mates_to"]).all()) and 1 < max(sizes, default=0) <= MOST_PEOPLE

    def begin(self, who: Ints, *, is_noted: bool = False) -> None:
        """Takes the parts of the plan at hand, int32[N]; is_noted: what branches prove is noted, to be counted again."""
        place_all(*self.board, who)
        for number, (nodes, people) in enumerate(self.numbered):
            field = field_of(self.board, nodes, people, self.start.trip)
            if len(field.nodes):
                self.parts.append(PartWork(number, field, self.start, is_noted=is_noted))
                self.fixed.append(float(score_of_part(*self.board, nodes, people)) - self.parts[-1].hours)

    def round(self) -> tuple[Ints, int]:
        """One round; returns the plan after it (int32[N]) and the steps it counts for."""
        for at, passes, steps in ASCENTS:
            if at == self.rounds:
                side_by_side([partial(part.climb, passes, steps) for part in self.parts])
        tasks = self._tasks()
        found = side_by_side([partial(part.work, number, kind, self.seed, fold) for part, number, kind, fold in tasks])
        times = sum(fold * part.times(number) for part, number, _, fold in tasks)
        for (part, number, _, _), answer in zip(tasks, found, strict=True):
            part.take(number, answer)
        who = self.board.nodes["who"].copy()
        for part in self.parts:
            own = part.field
            who[own.nodes] = np.where(part.who >= 0, own.people[np.maximum(part.who, 0)], -1)
        self.rounds += 1
        return who, STEPS_OF_TRY * TRIES * times

    def _tasks(self) -> list[tuple[PartWork, int, str, int]]:
        """Parts, numbers and kinds of their tasks, how many in one: one each at first, then in proportion to the roots of their gaps."""
        if self.rounds == 0:
            return [one for part in self.parts for one in part.planned(1)]
        gaps = np.array([part.gap() for part in self.parts])
        given = (gaps > PROVED_HOURS).astype(np.int64) if self.rounds % EVERYBODY_EVERY == 0 else np.zeros(len(gaps), np.int64)
        while gaps.max(initial=0.0) > PROVED_HOURS and given.sum() < TASKS:
            given[int(np.argmax(gaps / (1 + given) ** 2))] += 1
        tasks: list[tuple[PartWork, int, str, int]] = []
        for part, count in zip(self.parts, given.tolist(), strict=True):
            tasks += part.planned(count)
        # The longest ones first, so that no thread waits long for another.
        return sorted(tasks, key=lambda task: (task[2] == "whole", -task[3] * task[0].times(task[1]), task[2] == "some"))

    def open_arcs(self) -> int:
        """Arcs of the parts that are not proved."""
        return sum(len(part.field.items.node) for part in self.parts if part.gap() > PROVED_HOURS)

    def refuted(self) -> list[RefutedPart]:
        """What shows what branches prove of each part, where it is noted."""
        found = [(part.field, fixed, part.targets.refuted) for part, fixed in zip(self.parts, self.fixed, strict=True)]
        return [RefutedPart(field.nodes, field.people, fixed, refuted) for field, fixed, refuted in found if refuted is not None]

    def prices(self) -> Floats:
        """[N] prices of nodes that prove most, as far as the ascents have come."""
        prices = self.start.prices.copy()
        for part in self.parts:
            prices[part.field.nodes] = part.price
        return prices

    def proved(self, proof: Strengthened) -> Strengthened:
        """The proof with what branches prove beyond it, part by part."""
        hours = list(proof.part_hours)
        for part, fixed in zip(self.parts, self.fixed, strict=True):
            hours[part.number] = max(hours[part.number], part.proved + fixed)
        return replace(proof, bound_hours=proof.bound_hours + sum(hours) - sum(proof.part_hours), part_hours=tuple(hours))
