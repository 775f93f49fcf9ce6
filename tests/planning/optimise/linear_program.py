"""The assignment as a linear program over every eligible pair, written without the engine's model: HiGHS solves it to the optimum."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import highspy
import numpy as np

from evenload.planning.case import Case, Practitioner, round_half_up
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.goals import load_hours, pair_hours, trip_limit, waiting_hours
from evenload.planning.targets import practitioners_by_discipline
from evenload.planning.travel import load_minutes


class LinearProgram:
    """Rows: one per bundle (placed once), then one per practitioner (her load), then one per trip limit. No pins, no splits."""

    def __init__(self, case: Case, targets_minutes: dict[str, int]) -> None:
        self.case, self.targets = case, targets_minutes
        pieces = bundles(case)
        self.people = {p.id: len(pieces) + i for i, p in enumerate(case.practitioners)}
        limited = [p.id for p in case.practitioners if trip_limit(p) is not None]
        self.trips = {id: len(pieces) + len(self.people) + i for i, id in enumerate(limited)}
        self.columns: list[tuple[float, float, list[tuple[int, float]]]] = []
        self.offset = 0.0
        by_discipline = practitioners_by_discipline(case)
        for number, bundle in enumerate(pieces):
            self.columns.append((sum(waiting_hours(case, unit) for unit in bundle), 1.0, [(number, 1.0)]))
            for person in by_discipline.get(bundle[0].discipline, []):
                minutes = sum(load_minutes(case, person, unit) for unit in bundle)
                if minutes <= person.maximum_minutes and all(is_eligible(case, person, unit) for unit in bundle):
                    entries = [(number, 1.0), (self.people[person.id], float(minutes))]
                    if person.id in self.trips:
                        entries.append((self.trips[person.id], sum(float(unit.trips) for unit in bundle)))
                    self.columns.append((sum(sum(pair_hours(case, person, unit).values()) for unit in bundle), 1.0, entries))
        for person in case.practitioners:
            self._add_week(person)
        low = [1.0] * len(pieces) + [0.0] * len(self.people) + [-np.inf] * len(self.trips)
        high = [1.0] * len(pieces) + [0.0] * len(self.people) + [trip_limit(case.practitioner(id)) or 0.0 for id in self.trips]
        self.row_low, self.row_high = np.array(low), np.array(high)

    def _add_week(self, person: Practitioner) -> None:
        capacity, target, top = person.capacity_minutes, self.targets[person.id], person.maximum_minutes
        ends = [float(end) * capacity / 100 for end in (person.comfortable_min_percent, person.comfortable_max_percent)]
        marks = sorted(
            {0.0, float(top), *(m for m in (*ends, capacity, target - capacity / 10, target, target + capacity / 10) if 0 < m < top)}
        )
        prices = [sum(load_hours(self.case, person, mark, target)) for mark in marks]
        self.offset += prices[0]
        for at in range(len(marks) - 1):
            width = marks[at + 1] - marks[at]
            self.columns.append(((prices[at + 1] - prices[at]) / width, width, [(self.people[person.id], -1.0)]))
        if person.id in self.trips:
            self.columns.append((self.case.prices.site_visits, np.inf, [(self.trips[person.id], -1.0)]))

    def optimum(self) -> float:
        """Hours per week; held-back units apart."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_, lp.offset_ = len(self.columns), len(self.row_low), self.offset
        lp.col_cost_ = np.array([cost for cost, _, _ in self.columns])
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.columns)), np.array([upper for _, upper, _ in self.columns])
        lp.row_lower_, lp.row_upper_ = self.row_low, self.row_high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(entries) for _, _, entries in self.columns)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([row for _, _, entries in self.columns for row, _ in entries], np.int32)
        lp.a_matrix_.value_ = np.array([value for _, _, entries in self.columns for _, value in entries])
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.passModel(lp)
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(solver.getInfo().objective_function_value)


def optimum_with_hours(case: Case, targets_minutes: dict[str, int], person: Practitioner, minutes: int) -> float:
    """The optimum when this practitioner has so many minutes a week more, her ranges and target growing with them."""
    grown = replace(person, capacity_minutes=person.capacity_minutes + minutes, maximum_minutes=person.maximum_minutes + minutes)
    share = Fraction(grown.capacity_minutes, person.capacity_minutes)
    people = tuple(grown if p.id == person.id else p for p in case.practitioners)
    wanted = targets_minutes | {person.id: round_half_up(targets_minutes[person.id] * share)}
    return LinearProgram(replace(case, practitioners=people), wanted).optimum()
