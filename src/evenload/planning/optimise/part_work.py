"""One independent part of a small caseload: its plan, what is proved of it, and the tasks that better either.

A task is an ascent over prices of nodes, a dive of the whole part, sub-problems of the plan (`week_dive`), or work
on the next target above the bound (`week_targets`). Tasks of one part may run side by side: what
they find is taken up afterwards, in order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import SMALLEST_GAIN
from evenload.planning.optimise.caseload_dives import JITTER_SOME, JITTER_WHOLE, STEPS, WIDTHS
from evenload.planning.optimise.dice import dice_of
from evenload.planning.optimise.dive import Patience
from evenload.planning.optimise.fill import Open
from evenload.planning.optimise.week_dive import Bench, dive_all, least_values, nearness, week_prices
from evenload.planning.optimise.week_fill import climb_open, opened, scratch_of
from evenload.planning.optimise.week_pair import MOST_SETS, sets
from evenload.planning.optimise.week_rows import Field, Start
from evenload.planning.optimise.week_targets import WeekTargets
from evenload.planning.optimise.week_wander import wander

KINDS_FIRST, KINDS = ("whole", *["some"] * 5), ("target", "some", "some", "target", "some", "whole")
"""A part's first tasks, and those after them in turn."""

TRIES, MORE_TRIES, CELLS = 5, 4, 40_000_000
"""Sub-problems of one of the first tasks, so many times as many in later ones, and cells of weeks filled in one task on targets: about as much work; …"""

VAIN, MOST_TIMES = 16, 8
"""… once more as much for each so many tasks without a cheaper plan, up to so many times."""


class Answer(NamedTuple):
    """What a task found: a plan int32[n] of the part and its price; sub-problems also where they stand, and how many were in vain."""

    hours: float
    who: Ints
    at: Ints | None = None
    vain: int = 0


class PartWork:
    """The state of one part. hours: price of its plan `who` int32[n]; proved: no plan of it costs less, pinned nodes' costs left out."""

    def __init__(self, number: int, field: Field, start: Start, *, is_noted: bool = False) -> None:
        self.number, self.field, self.scale, self.tasks = number, field, start.scale, 0
        self.who = field.who.copy()
        self.at, self.vain = self.who, 0
        self.hours = self._price(self.who)
        self.state: Open = opened(field.items, start.prices[field.nodes], start.minute[field.people])
        self.price: Floats = self.state.price.copy()
        self.targets = WeekTargets(field.items, start.scale, is_noted=is_noted)
        self.climbed = -np.inf
        self.gained = 0

    @property
    def proved(self) -> float:
        """Hours per week."""
        return max(self.climbed, self.targets.proved)

    def gap(self) -> float:
        """Hours per week that the plan may be above the least."""
        return self.hours - self.proved

    def climb(self, passes: int, steps: tuple[float, float]) -> None:
        """Better prices of nodes, and what they prove."""
        scratch = scratch_of(self.field.items, is_quick=False)
        found = climb_open(self.field.items, self.state, scratch, passes, (steps[0] * self.scale, steps[1] * self.scale))
        if found > self.climbed:
            self.climbed, self.price = found, self.state.price.copy()
            self.targets.weigh(self.price)

    def kind(self, task: int) -> str:
        """What the part's so-many-th task is."""
        return KINDS_FIRST[task] if task < len(KINDS_FIRST) else KINDS[(task - len(KINDS_FIRST)) % len(KINDS)]

    def planned(self, count: int) -> list[tuple[PartWork, int, str, int]]:
        """Its next tasks: numbers, kinds and how many in one.

        Targets go on where the last ones stopped, and sub-problems where the ones before have ended, so there is one task of each at a time.
        """
        numbers = range(self.tasks, self.tasks + count)
        self.tasks += count
        of = {kind: [number for number in numbers if self.kind(number) == kind] for kind in ("whole", "some", "target")}
        tasks = [(self, number, "whole", 1) for number in of["whole"]]
        if of["target"]:
            tasks.append((self, of["target"][0], "target", max(1, count // 2)))
        if more := of["some"] + of["target"][1:]:
            tasks.append((self, more[0], "some", len(more)))
        return tasks

    def work(self, task: int, kind: str, seed: int, fold: int = 1) -> Answer:
        """So many tasks of the part in one."""
        if kind == "target":
            who = self.targets.look(CELLS * fold * self.times(task), self.hours)
            return Answer(self.hours, self.who) if who is None else Answer(self._price(who), who)
        dice = dice_of(seed * 1_000 + task, self.number)
        bench, state = self._bench()
        passes, share = STEPS[task // 4 % len(STEPS)]
        step = share * self.scale
        if kind == "whole":
            fresh: Ints = np.full(len(self.who), -1, np.int32)
            found = dive_all(bench, state, Patience(passes, step, JITTER_WHOLE if task else 0.0), self.hours, dice, fresh)
            return Answer(found, fresh) if np.isfinite(found) else Answer(self.hours, self.who)
        more = 1 if task < len(KINDS_FIRST) else MORE_TRIES
        plans, tries = np.stack([self.who, self.at]), TRIES * more * fold * self.times(task)
        vain = wander(
            bench, state, Patience(passes, step, JITTER_SOME), tries, WIDTHS[task % len(WIDTHS)], self.scale, dice, plans, self.vain
        )
        return Answer(self._price(plans[0]), plans[0], plans[1], vain)

    def times(self, task: int) -> int:
        """How many times as much work the part's so-many-th task is."""
        return min(MOST_TIMES, 1 + (task - self.gained) // VAIN)

    def take(self, task: int, answer: Answer) -> None:
        """Goes on from the task's plan where it is cheaper, or as cheap."""
        if answer.hours < self.hours - SMALLEST_GAIN:
            self.gained, self.at, self.vain = task + 1, answer.who, 0
        if answer.hours <= self.hours:
            self.hours, self.who = answer.hours, answer.who
        if answer.at is not None and answer.hours <= self.hours:
            self.at, self.vain = answer.at, answer.vain

    def _bench(self) -> tuple[Bench, Open]:
        items, scratch, minute = self.field.items, scratch_of(self.field.items, is_quick=True), self.state.minute.copy()
        state = opened(items, self.price, minute)
        near, least = nearness(items, self.price, minute, self.scale), least_values(items, state, scratch)
        return Bench(items, scratch, sets(MOST_SETS), near, self.price, minute, least), state

    def _price(self, who: Ints) -> float:
        return float(week_prices(self.field.items, who).sum() + self.field.items.waiting[who < 0].sum())
