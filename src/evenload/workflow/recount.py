"""A draft counted again by plain loops, against the picture that the desk shows; a disagreement stops publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from evenload.planning.case import Practitioner, Unit
from evenload.planning.check import TOLERANCE_HOURS, Pairs, counted_parts
from evenload.planning.problems import Problem, Where
from evenload.workflow.draft_picture import Picture
from evenload.workflow.known_facts import KnownFacts


class KeptPairs(Pairs):
    """The recount's own answers of the pairs that it met before, kept with the facts: no draft changes them.

    A unit with a draft's pin or ban is another one than that of the facts: it is asked anew. What the desk keeps is not looked at.
    """

    def __init__(self, facts: KnownFacts) -> None:
        super().__init__(facts.case)
        self._units = facts.units
        self._broken: dict[tuple[str, str], tuple[str, ...]] = {}
        self._minutes: dict[tuple[str, str], int] = {}
        self._hours: dict[tuple[str, str], Mapping[str, float]] = {}
        self._weeks: dict[str, tuple[list[Unit], int, Mapping[str, float]]] = {}

    def broken(self, practitioner: Practitioner, unit: Unit) -> tuple[str, ...]:
        if self._units.get(unit.id) is not unit:
            return super().broken(practitioner, unit)
        pair = (practitioner.id, unit.id)
        if (found := self._broken.get(pair)) is None:
            found = self._broken[pair] = super().broken(practitioner, unit)
        return found

    def load_minutes(self, practitioner: Practitioner, unit: Unit) -> int:
        if self._units.get(unit.id) is not unit:
            return super().load_minutes(practitioner, unit)
        pair = (practitioner.id, unit.id)
        if (found := self._minutes.get(pair)) is None:
            found = self._minutes[pair] = super().load_minutes(practitioner, unit)
        return found

    def hours(self, practitioner: Practitioner, unit: Unit) -> Mapping[str, float]:
        if self._units.get(unit.id) is not unit:
            return super().hours(practitioner, unit)
        pair = (practitioner.id, unit.id)
        if (found := self._hours.get(pair)) is None:
            found = self._hours[pair] = {name: hours for name, hours in super().hours(practitioner, unit).items() if hours}
        return found

    def week(self, practitioner: Practitioner, units: list[Unit], target: int) -> Mapping[str, float]:
        known = self._weeks.get(practitioner.id)
        if known is None or known[0] != units or known[1] != target:
            known = self._weeks[practitioner.id] = (units, target, super().week(practitioner, units, target))
        return known[2]


def kept_pairs(facts: KnownFacts) -> KeptPairs:
    """What the recount met before under these facts; other facts begin without."""
    if "recounted pairs" not in facts.kept:
        facts.kept["recounted pairs"] = KeptPairs(facts)
    pairs: KeptPairs = facts.kept["recounted pairs"]
    return pairs


def differences_from(picture: Picture, holder: Mapping[str, str]) -> Iterator[Problem]:
    """Everything in which the plain count of these placements (piece → practitioner) disagrees with the picture.

    Codes: `placement_differs`, `load_differs`, `score_differs`. Counted over the facts without the draft's bans, as the
    picture's price is: a ban must not shift what everybody should carry.
    """
    yield from _placements(picture, holder)
    case, pairs = picture.facts.case, kept_pairs(picture.facts)
    if any(not case.has_practitioner(code) for code in holder.values()):
        return
    known = {piece: code for piece, code in holder.items() if piece in picture.facts.units}
    minutes = Counter[str]()
    for piece, code in known.items():
        minutes[code] += pairs.load_minutes(case.practitioner(code), picture.facts.units[piece])
    for person in case.practitioners:
        stated = picture.standing.weeks[person.id].minutes
        if stated != minutes[person.id]:
            where = Where("practitioners", person.id, "assigned_minutes")
            yield Problem("load_differs", where, str(stated), {"expected": str(minutes[person.id])})
    counted = sum(counted_parts(case, holder, targets_minutes=picture.facts.targets_minutes, pairs=pairs).values())
    if not abs(counted - picture.price_hours) <= max(TOLERANCE_HOURS, TOLERANCE_HOURS * abs(counted)):
        yield Problem("score_differs", Where("score", None, "hours"), f"{picture.price_hours:.6f}", {"expected": f"{counted:.6f}"})


def _placements(picture: Picture, holder: Mapping[str, str]) -> Iterator[Problem]:
    shown = {piece: one.practitioner for piece, one in picture.places.items() if one.practitioner is not None}
    for piece in () if shown == holder else sorted(shown.keys() | holder.keys()):
        if shown.get(piece) != holder.get(piece):
            where = Where("assignments", piece, "practitioner")
            yield Problem("placement_differs", where, shown.get(piece) or "", {"expected": holder.get(piece) or ""})
