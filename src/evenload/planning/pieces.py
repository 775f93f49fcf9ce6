"""A Case in which single pieces (units or blocks) have their own current practitioner, pin or ban, as a manager's draft sets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from evenload.planning.case import Case, Unit


def case_with_pieces(
    case: Case,
    *,
    current: Mapping[str, str | None] | None = None,
    pins: Mapping[str, str] | None = None,
    bans: Mapping[str, Iterable[str]] | None = None,
) -> Case:
    """The same Case with practitioners by piece id: `current` replaces the stated one (None: nobody has it), `pins` are added, `bans` join the bars.

    Blocks of one unit may be with different practitioners; a pin of one piece pins all that go together with it. Pieces
    that the Case does not have are left out of account: units change their blocks when their clients change.
    """
    current, pins, bans = current or {}, pins or {}, bans or {}
    of_bundle = {unit.together: pins[unit.id] for unit in case.units if unit.together and unit.id in pins}

    def changed(unit: Unit) -> Unit:
        pin = pins.get(unit.id) or (of_bundle.get(unit.together) if unit.together else None) or unit.pinned_to
        barred = unit.barred.union(bans.get(unit.id, ()))
        now = current.get(unit.id, unit.current)
        if (now, pin, barred) == (unit.current, unit.pinned_to, unit.barred):
            return unit
        return replace(unit, current=now, pinned_to=pin, barred=barred)

    return replace(case, units=tuple(changed(unit) for unit in case.units))
