"""Places of units, as the kernels read them."""

from __future__ import annotations

import math

from evenload.planning.optimise.arrays import Units
from evenload.planning.optimise.bare import bare


@bare
def has_place(units: Units, u: int) -> bool:
    """Whether the unit's place is known."""
    return not math.isnan(units.place[u, 0])


@bare
def on_sphere(units: Units, u: int) -> tuple[float, float, float]:
    """The unit's point on the unit sphere; (1, 0, 0) where its place is unknown."""
    if not has_place(units, u):
        return 1.0, 0.0, 0.0
    lat, lon = math.radians(units.place[u, 0]), math.radians(units.place[u, 1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
