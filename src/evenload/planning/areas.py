"""Where practitioners and units are at home (definitions, "Pools"), and which language a unit asks for.

Areas are home areas, so figures per area add up. `everywhere` (`all`) is both the home of what has none and the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evenload.planning.distance import distance_km
from evenload.planning.program import PractitionerFacts, Site, UnitFacts

EVERYWHERE = "all"


def practitioner_area(facts: PractitionerFacts, sites: Iterable[Site]) -> str:
    """The practitioner's `area`, else the area of the site nearest to her base, else `all`. Ties: the first id."""
    if facts.area:
        return facts.area
    if facts.base is None:
        return EVERYWHERE
    placed = [(distance_km(facts.base, site.place), site.id, site_area(site)) for site in sites if site.place]
    return min(placed)[2] if placed else EVERYWHERE


def unit_area(unit: UnitFacts, sites: Mapping[str, Site]) -> str:
    """The area of the unit's site, else its town, else the forward sortation area, else `all`. `sites` is by id."""
    site = sites.get(unit.site) if unit.site else None
    own = site_area(site) if site else EVERYWHERE
    return unit.fsa or EVERYWHERE if own == EVERYWHERE else own


def site_area(site: Site) -> str:
    """The site's `area`, else its town, else its forward sortation area, else `all`."""
    return site.area or site.town or site.fsa or EVERYWHERE


def unit_language(unit: UnitFacts, sites: Mapping[str, Site]) -> str | None:
    """The language the unit asks for: its own, else its site's, else None (not asked: no rule)."""
    site = sites.get(unit.site) if unit.site else None
    return unit.language or (site.language if site else None)


def speaks_french(facts: PractitionerFacts) -> bool:
    """Whether the practitioner is bilingual or Francophone: French native or fluent."""
    return facts.languages.get("fr") in ("native", "fluent")
