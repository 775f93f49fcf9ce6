"""What a page asks of a program again and again, kept per process until the facts change: bundles, targets, who breaks which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evenload.exchange.rows import PractitionerRow, SiteRow, UnitRow
from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import breaches, bundles
from evenload.planning.plan import Reason
from evenload.planning.score import may_take
from evenload.planning.targets import practitioners_by_discipline, targets
from evenload.planning.travel import load_minutes
from evenload.planning.waiting_reasons import Bundle
from evenload.records.models import Program
from evenload.workflow.snapshot import Snapshot, snapshot_of, without_pins


@dataclass(frozen=True, slots=True)
class Beside:
    """One practitioner beside one bundle, whatever else she carries: the hard rules she would break, and the minutes it needs."""

    practitioner: Practitioner
    broken: tuple[Reason, ...]
    needed_minutes: int


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """A program's Case without its pins (an open draft says what is pinned), with its look-up tables."""

    snapshot: Snapshot
    case: Case
    pins: Mapping[str, str]
    """piece → practitioner, as the facts state it"""
    units: Mapping[str, Unit]
    bundle_of: Mapping[str, Bundle]
    targets_minutes: Mapping[str, int]
    people: Mapping[str, PractitionerRow]
    sites: Mapping[str, SiteRow]
    unit_rows: Mapping[str, UnitRow]
    by_discipline: Mapping[str, list[Practitioner]]
    kept: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """answers that hold as long as these facts"""
    _beside: dict[str, tuple[Beside, ...]] = field(default_factory=dict)
    _able: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    _broken: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _loads: dict[tuple[str, str], int] = field(default_factory=dict)
    _keepers: dict[str, bool] = field(default_factory=dict)

    @property
    def facts_version(self) -> int:
        """The version of the facts that all this was counted from."""
        return self.snapshot.facts_version

    def name(self, practitioner: str) -> str:
        """The practitioner's name; her code where none is stated."""
        return self.people[practitioner].name or practitioner

    def beside(self, bundle: Bundle) -> tuple[Beside, ...]:
        """Everybody of the bundle's discipline beside it."""
        key = bundle[0].id
        if key not in self._beside:
            people = self.by_discipline.get(bundle[0].discipline, [])
            self._beside[key] = tuple(beside(self.case, person, bundle) for person in people)
        return self._beside[key]

    def able(self, bundle: Bundle) -> tuple[tuple[str, int], ...]:
        """Codes of those who break no hard rule with the bundle, each with the minutes it needs."""
        key = bundle[0].id
        if key not in self._able:
            self._able[key] = tuple((one.practitioner.id, one.needed_minutes) for one in self.beside(bundle) if not one.broken)
        return self._able[key]

    def broken_rules(self, piece: str, practitioner: str) -> tuple[str, ...]:
        """Codes of the hard rules that this practitioner breaks with this piece."""
        pair = (piece, practitioner)
        if pair not in self._broken:
            found = breaches(self.case, self.case.practitioner(practitioner), self.units[piece])
            self._broken[pair] = tuple(reason.code for reason in found)
        return self._broken[pair]

    def load_minutes(self, piece: str, practitioner: str) -> int:
        """Minutes per week that this piece is for this practitioner."""
        pair = (piece, practitioner)
        if pair not in self._loads:
            self._loads[pair] = load_minutes(self.case, self.case.practitioner(practitioner), self.units[piece])
        return self._loads[pair]

    def current_may_keep(self, piece: str) -> bool:
        """Whether the piece's current practitioner may have it still: only then does a change of hands count as one."""
        if piece not in self._keepers:
            unit = self.units[piece]
            has_one = unit.current is not None and self.case.has_practitioner(unit.current) and unit.held_back is None
            keeper = has_one and may_take(self.case, self.case.practitioner(unit.current or ""), self.bundle_of[piece])
            self._keepers[piece] = keeper
        return self._keepers[piece]


_kept: dict[int, KnownFacts] = {}


def known_facts(program: Program) -> KnownFacts:
    """The program's facts as they stand. Raises CaseError where they contradict themselves."""
    snapshot = snapshot_of(program)
    kept = _kept.get(program.pk)
    if kept is None or kept.snapshot is not snapshot:
        kept = _kept[program.pk] = _known(snapshot)
    return kept


def forget() -> None:
    """Empty what is kept in this process."""
    _kept.clear()


def beside(case: Case, practitioner: Practitioner, bundle: Bundle) -> Beside:
    """One practitioner beside one bundle; each broken rule once."""
    broken = {reason.code: reason for unit in bundle for reason in breaches(case, practitioner, unit)}
    return Beside(practitioner, tuple(broken.values()), sum(load_minutes(case, practitioner, unit) for unit in bundle))


def _known(snapshot: Snapshot) -> KnownFacts:
    stated, rows = snapshot.case, snapshot.rows
    case = without_pins(stated)
    bundle_of = {unit.id: bundle for bundle in bundles(case) for unit in bundle}
    return KnownFacts(
        snapshot=snapshot,
        case=case,
        pins={unit.id: unit.pinned_to for unit in stated.units if unit.pinned_to is not None},
        units={unit.id: unit for unit in case.units},
        bundle_of={unit.id: bundle_of.get(unit.id, (unit,)) for unit in case.units},
        targets_minutes=targets(case),
        people={row.id: row for row in rows.practitioners},
        sites={row.id: row for row in rows.sites},
        unit_rows={row.id: row for row in rows.units},
        by_discipline=practitioners_by_discipline(case),
    )
