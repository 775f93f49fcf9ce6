"""How one practitioner stands before one bundle that waits, and why it waits: summed up over everybody of the discipline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenload.planning.case import Practitioner, Unit
from evenload.planning.codes import HARD_RULES, level_rank
from evenload.planning.eligibility import breaches, is_pinned_to
from evenload.planning.goals import waiting_hours
from evenload.planning.plan import Reason
from evenload.planning.robust import spread_minutes
from evenload.planning.standing import Standing
from evenload.planning.travel import drive_minutes, load_minutes, pair_travel_minutes

Bundle = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class PairStanding:
    """One practitioner before one bundle: what stands against her, and how the bundle would lie in her week."""

    practitioner: Practitioner
    broken: tuple[Reason, ...]
    """hard rules, each once, the worst of the bundle"""
    needed_minutes: int
    free_minutes: int
    over_minutes: int
    """minutes above her maximum with the bundle; 0 or less where it fits, or where it is pinned to her"""

    @property
    def is_possible(self) -> bool:
        """Whether she could take the bundle as things stand."""
        return not self.broken and self.over_minutes <= 0

    @property
    def full(self) -> Reason:
        """The reason `full`, with its facts."""
        return Reason(
            "full",
            {
                "free_minutes": self.free_minutes,
                "needed_minutes": self.needed_minutes,
                "over_minutes": self.over_minutes,
                "maximum_minutes": self.practitioner.maximum_minutes,
            },
        )


def pair_standing(standing: Standing, practitioner: Practitioner, bundle: Bundle) -> PairStanding:
    """How one practitioner stands before a bundle that she does not hold."""
    case = standing.case
    worst: dict[str, Reason] = {}
    for reason in (reason for unit in bundle for reason in breaches(case, practitioner, unit)):
        if reason.code not in worst or _excess(reason) > _excess(worst[reason.code]):
            worst[reason.code] = reason
    needed = sum(load_minutes(case, practitioner, unit) for unit in bundle)
    over = 0 if is_pinned_to(practitioner, bundle[0]) else standing.over_minutes(practitioner, needed, bundle)
    broken = tuple(worst[code] for code in HARD_RULES if code in worst)
    return PairStanding(practitioner, broken, needed, standing.free_minutes(practitioner), over)


def _excess(reason: Reason) -> float:
    """How far a broken rule is from being kept: minutes of drive, missing skills, levels of language."""
    facts = reason.facts
    if reason.code == "drive_too_long":
        return float(facts["drive_minutes"]) - float(facts["longest_drive_minutes"])
    if reason.code == "skill_missing":
        return str(facts["skills"]).count(";") + 1
    level = str(facts.get("level", ""))
    return -level_rank(level) if level else 1


def waiting_reasons(
    standing: Standing, bundle: Bundle, pairs: Sequence[PairStanding], prices: Mapping[str, float] | None = None
) -> tuple[Reason, ...]:
    """Why the bundle waits: first what stops those who may take it, then each hard rule, by how many people break it."""
    if not pairs:
        return (Reason("no_practitioner", {"discipline": bundle[0].discipline}),)
    eligible = [pair for pair in pairs if not pair.broken]
    first = [_why_not_the_eligible(standing, bundle, eligible, prices or {})] if eligible else []
    return (*first, *_rules_summed_up(pairs))


def _why_not_the_eligible(standing: Standing, bundle: Bundle, eligible: Sequence[PairStanding], prices: Mapping[str, float]) -> Reason:
    if any(pair.is_possible for pair in eligible):
        return dearer_than_waiting(standing, bundle, [pair for pair in eligible if pair.is_possible])
    spread = spread_minutes(standing.case, bundle)
    if all(pair.needed_minutes + spread > pair.practitioner.maximum_minutes for pair in eligible):
        largest = min(eligible, key=lambda pair: (-pair.practitioner.maximum_minutes, pair.practitioner.id))
        return larger_than_any_capacity(largest, spread, len(eligible))
    return nobody_has_room(min(eligible, key=lambda pair: (pair.over_minutes, pair.practitioner.id)), len(eligible), prices)


def larger_than_any_capacity(largest: PairStanding, spread: int, eligible: int) -> Reason:
    """Of so many eligible people not even the one with the highest maximum could have it alone."""
    facts = {"needed_minutes": largest.needed_minutes + spread, "maximum_minutes": largest.practitioner.maximum_minutes}
    return Reason("larger_than_any_capacity", {**facts, "practitioner": largest.practitioner.id, "practitioners": eligible})


def nobody_has_room(nearest: PairStanding, eligible: int, prices: Mapping[str, float]) -> Reason:
    """Nobody of so many eligible people has room: how far the nearest is from it."""
    worth = {"hour_price_hours": prices[nearest.practitioner.id]} if nearest.practitioner.id in prices else {}
    return Reason("full", {**nearest.full.facts, "practitioner": nearest.practitioner.id, "practitioners": eligible, **worth})


def dearer_than_waiting(standing: Standing, bundle: Bundle, possible: Sequence[PairStanding]) -> Reason:
    """These could take it, but even the cheapest of them would cost more than the wait."""
    case = standing.case
    hours, cheapest = min(
        ((sum(standing.added_hours(s.practitioner, bundle).values()), s.practitioner) for s in possible),
        key=lambda priced: (priced[0], priced[1].id),
    )
    return Reason(
        "dearer_than_waiting",
        {
            "practitioner": cheapest.id,
            "price_hours": hours,
            "waiting_hours": sum(waiting_hours(case, unit) for unit in bundle),
            "travel_minutes": sum(pair_travel_minutes(case, cheapest, unit) for unit in bundle),
            "drive_minutes": max(drive_minutes(case, cheapest, unit) for unit in bundle),
        },
    )


def _rules_summed_up(pairs: Sequence[PairStanding]) -> list[Reason]:
    """Each broken rule once: how many break it, and the person who is nearest to keeping it."""
    found: dict[str, list[PairStanding]] = {code: [] for code in HARD_RULES}
    for pair in pairs:
        for reason in pair.broken:
            found[reason.code].append(pair)
    codes = sorted((code for code in HARD_RULES if found[code]), key=lambda code: -len(found[code]))
    return [rule_summed_up(code, _nearest_to_keeping(code, found[code]), len(found[code]), len(pairs)) for code in codes]


def _nearest_to_keeping(code: str, against: Sequence[PairStanding]) -> PairStanding:
    return min(against, key=lambda pair: (len(pair.broken), _excess(_reason(pair, code)), pair.practitioner.id))


def rule_summed_up(code: str, nearest: PairStanding, against: int, of_practitioners: int) -> Reason:
    """One rule that so many of the discipline's people break, and the one who is nearest to keeping it."""
    facts: dict[str, str | int | float] = {"practitioners": against, "of_practitioners": of_practitioners}
    # A directive of the clients is told without a name; a pin names the one it is pinned to.
    if code != "barred":
        facts = {**facts, "practitioner": nearest.practitioner.id, **_reason(nearest, code).facts}
    return Reason(code, facts)


def _reason(pair: PairStanding, code: str) -> Reason:
    return next(reason for reason in pair.broken if reason.code == code)
