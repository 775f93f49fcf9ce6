"""Why units wait, for large programs: the array twin of `fixes.waiting_entries`, equal to it in every reason and fix.

One pass in compiled code says of everybody of the discipline which rules stand against her, by how much, and how many minutes she
lacks. Only who is named in a reason, or may be a nearest fix, is then judged by the pair functions, whose answers alone are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evenload.planning.case import Unit
from evenload.planning.codes import HARD_RULES, level_rank
from evenload.planning.elsewhere import Elsewhere
from evenload.planning.fixes import (
    fixes_without_moves,
    held_back_entry,
    highest_maximum_minutes,
    hire,
    move_fix,
    nearest_fix,
    smallest,
)
from evenload.planning.optimise.arrays import FREE, Bytes, ExactDrives, Floats, Ints, Longs, Scale, Units, Wing
from evenload.planning.optimise.pairs import fill_drives
from evenload.planning.optimise.places import has_place
from evenload.planning.optimise.setting import Setting
from evenload.planning.optimise.tables import RULE_FACETS
from evenload.planning.plan import Fix, Reason, Waiting
from evenload.planning.robust import guard_minutes, spread_minutes
from evenload.planning.standing import Standing, standing_of
from evenload.planning.waiting_reasons import (
    Bundle,
    PairStanding,
    dearer_than_waiting,
    larger_than_any_capacity,
    nobody_has_room,
    pair_standing,
    rule_summed_up,
    waiting_reasons,
)

CODES = (*(facet.of.__name__ for facet in RULE_FACETS), "barred", "not_accepting_new", "drive_too_long")
"""Rows of `Broken.rules`; the other rules do not stand against anybody of the discipline where nothing is pinned."""

BARRED, NOT_ACCEPTING, DRIVE = (CODES.index(code) for code in ("barred", "not_accepting_new", "drive_too_long"))
FRENCH, REQUIRED, SKILL = (CODES.index(code) for code in ("language_french", "language_required", "skill_missing"))

PERSONAL = ("accept_new", "more_drive_minutes", "more_maximum_minutes")
"""Fixes that are looked for before a unit of somebody else is moved, in their order."""


class Broken(NamedTuple):
    """One node before the W practitioners of its wing."""

    rules: Bytes
    """[rules, W] 1 where the rule stands against any unit of the node; rows as in CODES"""
    drive_excess: Floats
    """[W] minutes by which the longest drive is passed at worst; where it is not, not to be read"""
    load: Floats
    """[W] minutes per week"""


@njit(cache=True)
def fill_broken(wing: Wing, units: Units, exact: ExactDrives, scale: Scale, node: int, drive: Floats, broken: Broken) -> None:
    """Fills the rules that stand against each of the wing; the node must not be pinned."""
    tables = units.allowed_row.shape[1]
    broken.rules[:] = 0
    broken.load[:] = 0.0
    broken.drive_excess[:] = -np.inf
    for u in range(units.start[node], units.start[node + 1]):
        fill_drives(wing, units, exact, scale, u, drive)
        q = units.kind[u]
        here = wing.column[units.current[u]] if units.current[u] >= 0 else -1
        for i in range(len(drive)):
            travel = np.floor((4 * units.trips[q, 0] * drive[i] + units.trips[q, 1]) / (2 * units.trips[q, 1]))
            broken.load[i] += units.minutes[q] + units.adds_travel[q] * travel
            excess = drive[i] - wing.longest_drive[i]
            if excess > 0 and has_place(units, u) and wing.has_base[i]:
                broken.rules[tables + 2, i] = 1
                broken.drive_excess[i] = max(broken.drive_excess[i], excess)
            if not wing.accepts_new[i] and i != here:
                broken.rules[tables + 1, i] = 1
        for r in range(tables):
            line = units.allowed_row[q, r]
            if line > 0:
                for i in range(len(drive)):
                    broken.rules[r, i] |= 1 - wing.allowed[line, i]
        for b in range(units.barred_start[q], units.barred_start[q + 1]):
            if wing.column[units.barred[b]] >= 0:
                broken.rules[tables, wing.column[units.barred[b]]] = 1


def waiting_entries_screened(setting: Setting, assignment: Mapping[str, str], prices: Mapping[str, float]) -> tuple[Waiting, ...]:
    """`fixes.waiting_entries` of the setting's Case for an assignment in which each node is with one practitioner, or waits."""
    case, instance = setting.case, setting.instance
    standing = standing_of(case, assignment, setting.targets_minutes)
    bundle_of = {unit.id: node for node in instance.nodes for unit in node}
    elsewhere = Elsewhere(standing, bundle_of=bundle_of)
    entries = [held_back_entry(case, unit) for unit in case.units if unit.held_back is not None]
    with_wing = np.zeros(len(instance.nodes), bool)
    for wing in instance.wings:
        screen = _Screen(setting, standing, wing, bundle_of, elsewhere)
        with_wing[wing.nodes] = True
        for n in wing.nodes.tolist():
            if instance.nodes[n][0].id not in assignment:
                reasons, fix = screen.answer(n, prices)
                entries += [Waiting(unit.id, unit.minutes, reasons, fix) for unit in instance.nodes[n]]
    for n in np.flatnonzero(~with_wing).tolist():
        reasons, fix = waiting_reasons(standing, instance.nodes[n], ()), hire(instance.nodes[n])
        entries += [Waiting(unit.id, unit.minutes, reasons, fix) for unit in instance.nodes[n]]
    return tuple(sorted(entries, key=lambda entry: entry.unit))


class _Screen:
    """One wing under one assignment: what everybody has left."""

    def __init__(self, setting: Setting, standing: Standing, wing: Wing, bundle_of: Mapping[str, Bundle], elsewhere: Elsewhere) -> None:
        self.setting, self.standing, self.elsewhere, self.wing = setting, standing, elsewhere, wing
        self.people = [setting.instance.practitioners[p] for p in wing.members]
        self.week = np.array([standing.weeks[p.id].minutes for p in self.people], np.int64)
        self.maximum = np.array([p.maximum_minutes for p in self.people], np.int64)
        self.highest = np.array([highest_maximum_minutes(p) for p in self.people], np.int64)
        self.guard, self.last = self._guards(bundle_of)
        self.ranks: dict[str, Floats] = {}
        self.missing: dict[frozenset[str], Floats] = {}
        width = len(self.people)
        self.drive = np.empty(width)
        self.broken = Broken(np.zeros((len(CODES), width), np.uint8), np.empty(width), np.empty(width))

    def _guards(self, bundle_of: Mapping[str, Bundle]) -> tuple[Longs, Longs]:
        """int64[W] what protection keeps free, and the least of the Γ largest spreads (0 where there are fewer)."""
        case, guard, last = self.setting.case, np.zeros(len(self.people), np.int64), np.zeros(len(self.people), np.int64)
        for i, person in enumerate(self.people if case.robust else ()):
            hers = {bundle[0].id: bundle for bundle in (bundle_of[unit.id] for unit in self.standing.caseloads[person.id])}
            spreads = sorted((spread_minutes(case, bundle) for bundle in hers.values()), reverse=True)
            guard[i] = guard_minutes(spreads, case.robust)
            last[i] = spreads[case.robust - 1] if len(spreads) >= case.robust else 0
        return guard, last

    def answer(self, n: int, prices: Mapping[str, float]) -> tuple[tuple[Reason, ...], Fix]:
        """Reasons and nearest fix of one waiting node."""
        instance, bundle = self.setting.instance, self.setting.instance.nodes[n]
        if instance.pinned[n] != FREE or not self.people:
            pairs = [pair_standing(self.standing, person, bundle) for person in self.people]
            return waiting_reasons(self.standing, bundle, pairs, prices), nearest_fix(self.standing, bundle, pairs, self.elsewhere)
        fill_broken(self.wing, instance.units, self.setting.exact, instance.scale, n, self.drive, self.broken)
        return _Waiting(self, n, bundle).answer(prices)


class _Waiting:
    """One waiting node before everybody of its wing."""

    def __init__(self, screen: _Screen, n: int, bundle: Bundle) -> None:
        self.screen, self.n, self.bundle, self.case = screen, n, bundle, screen.setting.case
        self.rules = screen.broken.rules > 0
        self.count = self.rules.sum(axis=0)
        self.needed = screen.broken.load.astype(np.int64)
        self.spread = spread_minutes(self.case, bundle)
        over = screen.week + self.needed + screen.guard + np.maximum(0, self.spread - screen.last) - screen.maximum
        self.over = np.where(self.needed > 0, over, 0)
        self.known: dict[int, PairStanding] = {}

    def pair(self, i: int) -> PairStanding:
        """The practitioner of column i as the pair functions judge her."""
        if i not in self.known:
            self.known[i] = pair_standing(self.screen.standing, self.screen.people[i], self.bundle)
        return self.known[i]

    def pairs(self, columns: Ints | Longs) -> list[PairStanding]:
        """The same of several."""
        return [self.pair(i) for i in columns.tolist()]

    def answer(self, prices: Mapping[str, float]) -> tuple[tuple[Reason, ...], Fix]:
        """Reasons and nearest fix."""
        eligible = np.flatnonzero(self.count == 0)
        first = [self._why_not(eligible, prices)] if len(eligible) else []
        return (*first, *self._rules_summed_up()), self._nearest_fix(eligible)

    def _why_not(self, eligible: Longs, prices: Mapping[str, float]) -> Reason:
        possible = eligible[self.over[eligible] <= 0]
        if len(possible):
            return dearer_than_waiting(self.screen.standing, self.bundle, self.pairs(possible))
        maximum = self.screen.maximum[eligible]
        if (self.needed[eligible] + self.spread > maximum).all():
            return larger_than_any_capacity(self.pair(int(eligible[maximum.argmax()])), self.spread, len(eligible))
        return nobody_has_room(self.pair(int(eligible[self.over[eligible].argmin()])), len(eligible), prices)

    def _rules_summed_up(self) -> list[Reason]:
        against = self.rules.sum(axis=1)
        rows = {code: row for row, code in enumerate(CODES) if against[row]}
        codes = sorted((code for code in HARD_RULES if code in rows), key=lambda code: -int(against[rows[code]]))
        return [rule_summed_up(code, self._nearest(rows[code]), int(against[rows[code]]), len(self.count)) for code in codes]

    def _nearest(self, row: int) -> PairStanding:
        """Of those who break the rule, the one with the fewest broken rules, then nearest to keeping it, then first by id."""
        columns = np.flatnonzero(self.rules[row])
        columns = columns[self.count[columns] == self.count[columns].min()]
        return self.pair(int(columns[self._excess(row)[columns].argmin()]))

    def _excess(self, row: int) -> Floats:
        """[W] how far the rule is from being kept, at worst, as the pair functions measure it."""
        screen, units = self.screen, self.screen.setting.instance.units
        if row == DRIVE:
            return screen.broken.drive_excess
        worst = np.full(len(self.count), -np.inf if row in (FRENCH, REQUIRED, SKILL) else 1.0)
        for u, unit in enumerate(self.bundle, int(units.start[self.n])) if row in (FRENCH, REQUIRED, SKILL) else ():
            is_broken = screen.wing.allowed[units.allowed_row[units.kind[u], row]] == 0
            worst = np.where(is_broken, np.maximum(worst, self._far(row, unit)), worst)
        return worst

    def _far(self, row: int, unit: Unit) -> Floats:
        """[W] missing skills, or minus the rank of the level that there is (1: none), of one unit's rule."""
        screen = self.screen
        if row == SKILL:
            if unit.skills_required not in screen.missing:
                screen.missing[unit.skills_required] = np.array([len(unit.skills_required - p.skills) for p in screen.people], np.float64)
            return screen.missing[unit.skills_required]
        language = unit.language or ""
        if language not in screen.ranks:
            levels = [p.languages.get(language, "") for p in screen.people]
            screen.ranks[language] = np.array([-level_rank(level) if level else 1 for level in levels], np.float64)
        return screen.ranks[language]

    def _nearest_fix(self, eligible: Longs) -> Fix:
        """As `fixes.nearest_fix`: the first kind that works, the smallest of its kind."""
        standing, minutes = self.screen.standing, np.zeros(len(self.count), np.int64)
        is_near = self.count + (self.over > 0) == 1
        full = (self.count == 0) & (self.over > 0)
        kinds: dict[str, Callable[[], Iterator[list[int]]]] = {
            "accept_new": lambda: _by(minutes, is_near & self.rules[NOT_ACCEPTING]),
            "more_drive_minutes": lambda: _by(self.screen.broken.drive_excess, is_near & self.rules[DRIVE]),
            "more_maximum_minutes": lambda: _by(self.over, full & (self.screen.maximum + self.over <= self.screen.highest)),
        }
        for code in PERSONAL:
            if fix := self._smallest(code, kinds[code]()):
                return fix
        # Only people with something to move are worth asking.
        able = eligible[(self.over[eligible] > 0) & (self.needed[eligible] <= self.screen.maximum[eligible])]
        if fix := move_fix(standing, self.bundle, self.pairs(able), self.screen.elsewhere):
            return fix
        return self._smallest("add_skill", _by(minutes, is_near & self.rules[SKILL])) or hire(self.bundle)

    def _smallest(self, code: str, groups: Iterator[list[int]]) -> Fix | None:
        """The first group of equal minutes in which a fix of this kind pays gives the answer."""
        for columns in groups:
            tried = (fixes_without_moves(self.case, self.pair(i), self.bundle) for i in columns)
            fixes = [found[0] for found in tried if len(found) == 1 and found[0].code == code]
            if fix := smallest(self.screen.standing, self.bundle, fixes):
                return fix
        return None


def _by(minutes: Floats | Longs, flags: NDArray[np.bool_]) -> Iterator[list[int]]:
    """The flagged columns in groups of equal minutes, ascending."""
    columns = np.flatnonzero(flags)
    order = columns[np.argsort(minutes[columns], kind="stable")]
    edges = np.flatnonzero(np.diff(minutes[order])) + 1
    for group in np.split(order, edges) if len(order) else ():
        yield group.tolist()
