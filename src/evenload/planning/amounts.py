"""Amounts stated in rows without a name of their own, and the names by which a change finds them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from evenload.planning.program import Absence, Duty


def places_of(rows: Sequence[Absence] | Sequence[Duty]) -> dict[str, int]:
    """Each row that states an amount under a name of its own → its place: kind and who, and a number where the same stands twice."""
    seen: dict[str, int] = defaultdict(int)
    places = {}
    each: Iterable[Absence | Duty] = rows
    for place, row in enumerate(each):
        if isinstance(row, Absence) and row.days is None and row.hours is None:
            continue
        name = f"{row.kind}@{row.who}"
        seen[name] += 1
        places[name if seen[name] == 1 else f"{name}#{seen[name]}"] = place
    return places
