"""Pools: supply and demand per discipline and home area, French apart, so that no total hides a shortage of French hours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evenload.planning.areas import EVERYWHERE
from evenload.planning.capacity_plan import Pool
from evenload.planning.ledger import Need, Offer, disciplines_of
from evenload.planning.sums import total


def pools(offered: Sequence[Offer], needed: Sequence[Need]) -> tuple[Pool, ...]:
    """Three rows (`fr`, `other`, `all`) per discipline and area, then the set with area `all` (definitions, "Pools")."""
    rows: list[Pool] = []
    for discipline in disciplines_of(offered, needed):
        own_offers = [offer for offer in offered if offer.discipline == discipline]
        own_needs = [need for need in needed if need.discipline == discipline]
        areas = {offer.area for offer in own_offers} | {need.area for need in own_needs}
        for area in sorted(areas - {EVERYWHERE}):
            here = [offer for offer in own_offers if offer.area == area]
            rows += _pool_rows(discipline, area, here, [need for need in own_needs if need.area == area])
        rows += _pool_rows(discipline, EVERYWHERE, own_offers, own_needs)
    return tuple(rows)


def _pool_rows(discipline: str, area: str, offered: Sequence[Offer], needed: Sequence[Need]) -> tuple[Pool, ...]:
    french, rest = [n for n in needed if n.is_french], [n for n in needed if not n.is_french]
    french_hours = total(offer.hours for offer in offered if offer.speaks_french)
    other_hours = total(offer.hours for offer in offered if not offer.speaks_french)

    def row(language: str, supply: Fraction, care_supply: Fraction, lines: Sequence[Need]) -> Pool:
        care = total(need.care_hours for need in lines)
        return Pool(discipline, area, language, supply, total(need.hours for need in lines), care, care_supply - care)

    def left_for_the_rest(french_demand: Fraction) -> Fraction:
        """French demand meets French hours first; what is left of them serves the rest."""
        return other_hours + max(Fraction(0), french_hours - french_demand)

    rest_supply = left_for_the_rest(total(need.hours for need in french))
    rest_care_supply = left_for_the_rest(total(need.care_hours for need in french))
    every = french_hours + other_hours
    return (
        row("fr", french_hours, french_hours, french),
        row("other", rest_supply, rest_care_supply, rest),
        row("all", every, every, needed),
    )
