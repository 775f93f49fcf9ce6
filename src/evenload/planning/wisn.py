"""WISN (Workload Indicators of Staffing Need, WHO) on the same hours: allowances, required staff, ratio, difference.

The pure formulas stand first; `wisn_view` applies them to one discipline of the ledger. Where all allowances are category
allowances, the required staff equals step 3's full-time equivalents exactly: D / (a·(1 − p)) = D / a × 1 / (1 − p).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from evenload.planning.capacity_plan import ClassLine, WisnView, WorkloadComponent
from evenload.planning.ledger import Need, Offer
from evenload.planning.sums import total

SHORT_BELOW = Fraction(9, 10)
SURPLUS_ABOVE = Fraction(11, 10)
RESERVE = "reserve"
TRAVEL = "travel"


class AllowancesExceedTimeError(ValueError):
    """Category allowances of 100 % or more leave no time for any work; the factor would be infinite or negative."""


def available_working_days(possible_days: Fraction, *away_days: Fraction) -> Fraction:
    """AWT in days: possible working days less holidays, leave, sick days, training."""
    return possible_days - sum(away_days, Fraction(0))


def standard_workload(available_hours: Fraction, unit_hours: Fraction) -> Fraction:
    """Units of an activity that one person could do in the available hours, were it her only work."""
    return available_hours / unit_hours


def basic_staff(workloads: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Staff for the health service activities alone: Σ workload / standard workload, from pairs of the two."""
    return sum((amount / standard for amount, standard in workloads), Fraction(0))


def category_allowance_factor(shares: Iterable[Fraction]) -> Fraction:
    """CAF = 1 / (1 − Σ shares); shares of working time, 0–1. Raises AllowancesExceedTimeError at 1 or more."""
    taken = total(shares)
    if taken >= 1:
        raise AllowancesExceedTimeError(str(taken))
    return 1 / (1 - taken)


def individual_allowance_factor(hours: Iterable[Fraction], available_hours: Fraction) -> Fraction:
    """IAF = Σ hours / AWT: staff taken up by what only some of the category do."""
    return sum(hours, Fraction(0)) / available_hours


def required_staff(basic: Fraction, category_factor: Fraction, individual_factor: Fraction = Fraction(0)) -> Fraction:
    """Basic × CAF + IAF."""
    return basic * category_factor + individual_factor


def band(ratio: Fraction) -> str:
    """`short` below 0.9, `surplus` above 1.1, `balanced` between: only exactly 1.00 would be balanced otherwise."""
    if ratio < SHORT_BELOW:
        return "short"
    return "surplus" if ratio > SURPLUS_ABOVE else "balanced"


def wisn_view(discipline: str, offered: Sequence[Offer], needed: Sequence[Need], lines: Sequence[ClassLine]) -> WisnView:
    """The WISN view of one discipline. `offered`, `needed`, `lines` must all be of that discipline.

    Duties of `*`, an engagement or a discipline are category allowances (so is the reserve), those of a person individual ones.
    """
    current = total(offer.fte for offer in offered)
    available = total(offer.capacity.available_hours * offer.share for offer in offered)
    category, individual = _allowances(offered)
    if available == 0 or current == 0:
        return _without_hours(discipline, current, "no_hours" if offered else "no_practitioner")
    per_fte = available / current
    components = _components(needed, lines, per_fte)
    basic = total(component.basic_staff for component in components)
    shares = tuple((kind, hours / available) for kind, hours in category.items())
    extra = individual_allowance_factor(individual.values(), per_fte)
    try:
        factor = category_allowance_factor(share for _, share in shares)
    except AllowancesExceedTimeError:
        return _without_hours(discipline, current, "allowances_exceed_time")
    required = required_staff(basic, factor, extra)
    ratio = current / required if required else None
    return WisnView(
        discipline=discipline,
        available_hours_per_fte=per_fte,
        components=components,
        category_shares=shares,
        individual_hours=tuple(individual.items()),
        basic_staff=basic,
        category_factor=factor,
        individual_factor=extra,
        required_staff=required,
        current_staff=current,
        ratio=ratio,
        difference=current - required,
        band=None if ratio is None else band(ratio),
        reason=None if required else "nothing_required",
    )


def _components(needed: Sequence[Need], lines: Sequence[ClassLine], per_fte: Fraction) -> tuple[WorkloadComponent, ...]:
    """One component per class with work, and the modelled travel; their basic staff sums to demand / AWT."""
    care: dict[str, Fraction] = defaultdict(Fraction)
    for need in needed:
        care[need.class_id] += need.care_hours
    per_client = {line.class_id: line.hours_per_client for line in lines}
    components = [
        WorkloadComponent(id, hours, standard_workload(per_fte, per_client[id]) if per_client[id] else None, hours / per_fte)
        for id, hours in sorted(care.items())
    ]
    travel = total(need.modelled_travel_hours for need in needed)
    if travel:
        components.append(WorkloadComponent(TRAVEL, travel, None, travel / per_fte))
    return tuple(components)


def _allowances(offered: Sequence[Offer]) -> tuple[Mapping[str, Fraction], Mapping[str, Fraction]]:
    """Hours of category and of individual allowances by kind, sorted by kind; the reserve is one of the category's."""
    category: dict[str, Fraction] = defaultdict(Fraction)
    individual: dict[str, Fraction] = defaultdict(Fraction)
    for offer in offered:
        for kind, who, hours in offer.capacity.duties:
            (individual if who == offer.practitioner else category)[kind] += hours * offer.share
        if offer.capacity.reserve_hours:
            category[RESERVE] += offer.capacity.reserve_hours * offer.share
    return dict(sorted(category.items())), dict(sorted(individual.items()))


def _without_hours(discipline: str, current: Fraction, reason: str) -> WisnView:
    return WisnView(discipline, None, (), (), (), None, None, None, None, current, None, None, None, reason)
