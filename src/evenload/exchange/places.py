"""Where a postal code lies: centroids of Canada's forward sortation areas (GeoNames, CC BY 4.0; see NOTICE)."""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from importlib.resources import files

from evenload.planning.program import Place


def fsa_of(postal: str | None) -> str | None:
    """Forward sortation area of a postal code, its first three characters in capitals; None for None."""
    return postal[:3].upper() if postal else None


def place_of_postal(postal: str | None) -> Place | None:
    """Centroid of the postal code's forward sortation area, in degrees; None for None or an area that is not in the table."""
    return _centroids().get(fsa_of(postal) or "")


def place_of(lat: Fraction | None, lon: Fraction | None, postal: str | None) -> Place | None:
    """The stated point, else the centroid of the postal code's area, else None."""
    if lat is not None and lon is not None:
        return Place(float(lat), float(lon))
    return place_of_postal(postal)


@cache
def _centroids() -> dict[str, Place]:
    table = files("evenload.exchange").joinpath("fsa.csv").read_text(encoding="utf-8")
    return {row["fsa"]: Place(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(table.splitlines())}
