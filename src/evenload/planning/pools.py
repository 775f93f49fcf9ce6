"""Pools: supply and demand per discipline and home area, French apart, so that no total hides a shortage of French hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from evenload.planning.areas import EVERYWHERE
from evenload.planning.capacity_plan import Pool
from evenload.planning.ledger import Need, Offer, disciplines_of


def pools(offered: Sequence[Offer], needed: Sequence[Need]) -> tuple[Pool, ...]:
    """Three rows (`fr`, `other`, `all`) per discipline and area, then the set with area `all` (definitions, "Pools")."""
    rows: list[Pool] = []
    for discipline in disciplines_of(offered, needed):
        own_offers = [offer for offer in offered if offer.discipline == discipline]
        own_needs = [need for need in needed if need.discipline == discipline]
        areas = {line.area for line in (*own_offers, *own_needs)} - {EVERYWHERE}
        for area in sorted(areas):
            here = [offer for offer in own_offers if offer.area == area]
            rows += _pool_rows(discipline, area, here, [need for need in own_needs if need.area == area])
        rows += _pool_rows(discipline, EVERYWHERE, own_offers, own_needs)
    return tuple(rows)


def _pool_rows(discipline: str, area: str, offered: Sequence[Offer], needed: Sequence[Need]) -> tuple[Pool, ...]:
    """French demand meets French hours first; what is left of them serves the rest."""
    french, rest = [n for n in needed if n.is_french], [n for n in needed if not n.is_french]
    french_supply = _sum(offer.hours for offer in offered if offer.speaks_french)
    supply = _sum(offer.hours for offer in offered)
    rest_supply = supply - french_supply + max(Fraction(0), french_supply - _sum(need.hours for need in french))
    rows = (("fr", french_supply, french), ("other", rest_supply, rest), ("all", supply, list(needed)))
    return tuple(
        Pool(discipline, area, language, hours, _sum(need.hours for need in lines), _sum(need.care_hours for need in lines))
        for language, hours, lines in rows
    )


def _sum(hours: Iterable[Fraction]) -> Fraction:
    return sum(hours, Fraction(0))
