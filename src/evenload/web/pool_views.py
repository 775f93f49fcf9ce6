"""One pool as worksheet and scenarios show it: have, need, gap, and the word for a shortage."""

from __future__ import annotations

from dataclasses import dataclass

from evenload.planning.capacity_plan import Pool
from evenload.words import Words, label


@dataclass(frozen=True, slots=True)
class PoolView:
    """One pool over the whole program. `formula` and `inputs`, who and what is in it: where the page opens it."""

    name: str
    have: str
    need: str
    gap: str
    word: str
    is_short: bool
    formula: str = ""
    inputs: tuple[str, ...] = ()


def pool_view(words: Words, pool: Pool) -> PoolView:
    """The pool in words."""
    is_short = pool.gap_hours < 0
    return PoolView(
        name=label(words, "pool_language", pool.language),
        have=words.hours(pool.supply_hours),
        need=words.hours(pool.demand_hours),
        gap=words.signed_hours(pool.gap_hours),
        word=words.say("SHORT") if is_short else words.say("ok"),
        is_short=is_short,
    )
