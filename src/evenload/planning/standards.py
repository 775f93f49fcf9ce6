"""Time standards: what one visit of a class takes, blended from past visits and professional judgement.

Each of direct, indirect and travel minutes is (n·r + k·e) / (n + k): n visits observed with mean r, judgement e worth k visits.
A standard always travels with its evidence: how many, how spread, how far from what is planned with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

from evenload.planning.capacity import shown
from evenload.planning.problems import CaseError, Problem, Where
from evenload.planning.program import ComplexityClass, Program, Visit


@dataclass(frozen=True, slots=True)
class Observed:
    """Minutes per visit as recorded in `count` visits that took place: mean, quantiles (10, 50, 90 %) and range."""

    count: int
    mean: Fraction
    p10: Fraction
    p50: Fraction
    p90: Fraction
    least: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class Standard:
    """One time standard in minutes: as judged, as observed (None: nothing recorded) and as planned with."""

    judged_minutes: Fraction
    weight: Fraction
    observed: Observed | None
    minutes: Fraction

    @property
    def drift_percent(self) -> Fraction | None:
        """How far the observed mean lies above (+) or below (−) the minutes planned with; None without either."""
        if self.observed is None or self.minutes == 0:
            return None
        return 100 * (self.observed.mean - self.minutes) / self.minutes


@dataclass(frozen=True, slots=True)
class ClassTime:
    """What one class costs in time: minutes per visit (per session of a group), per episode, and lost per missed visit.

    `travel_minutes` None: travel is modelled from distance. `visits` are per client and period. Exact.
    """

    class_id: str
    discipline: str
    visits: Fraction
    direct_minutes: Fraction
    indirect_minutes: Fraction
    travel_minutes: Fraction | None
    episode_minutes: Fraction
    group_size: int
    no_show_rate: Fraction
    no_show_minutes: Fraction
    direct: Standard
    indirect: Standard
    travel: Standard | None
    observed_travel: Observed | None
    """travel minutes recorded in past visits, also where the class has no travel standard"""
    bookings_recorded: int
    """past visits of the class, whatever their outcome"""
    no_show_observed: Fraction | None
    """share of recorded bookings that did not take place; None: nothing recorded"""
    source: str | None
    visit_minutes: Fraction = field(init=False)
    """direct, indirect and standard travel minutes of one visit (of one session, in a group)"""
    lost_minutes_per_visit: Fraction = field(init=False)
    """minutes lost to missed bookings for each visit that takes place; 0 in groups, which meet all the same"""

    def __post_init__(self) -> None:
        """Both are asked for by every unit of the class: they are counted once."""
        object.__setattr__(self, "visit_minutes", self.direct_minutes + self.indirect_minutes + (self.travel_minutes or 0))
        alone = self.group_size <= 1
        lost = self.no_show_rate / (1 - self.no_show_rate) * self.no_show_minutes if alone else Fraction(0)
        object.__setattr__(self, "lost_minutes_per_visit", lost)

    @property
    def bookings_per_visit(self) -> Fraction:
        """Bookings needed for one delivered visit, 1 / (1 − q)."""
        return 1 / (1 - self.no_show_rate)

    @property
    def hours_per_client(self) -> Fraction:
        """Hours of one client over the period, groups full: the class standard of step 2."""
        per_visit = (self.visit_minutes + self.lost_minutes_per_visit) / self.group_size
        return (self.visits * per_visit + self.episode_minutes) / 60


def class_times(program: Program, unchanged: Mapping[str, ClassTime] | None = None) -> dict[str, ClassTime]:
    """The times of every class by class id (definitions, "Unit minutes"; oracle C3); `unchanged` holds those that are known already.

    Raises CaseError with every problem at once: negative amounts, a group below 1, a no-show rate outside 0 ≤ q < 1.
    """
    problems = class_problems(program)
    if problems:
        raise CaseError(problems)
    recorded = _recorded(program)
    known = unchanged or {}
    return {stated.id: known.get(stated.id) or class_time(stated, recorded[stated.id]) for stated in program.classes}


def class_problems(program: Program) -> tuple[Problem, ...]:
    """What is wrong with the classes as stated, without computing their times."""
    recorded = _recorded(program)
    return tuple(problem for stated in program.classes for problem in _class_problems(stated, recorded[stated.id]))


def class_time(stated: ComplexityClass, recorded: Sequence[Visit] = ()) -> ClassTime:
    """The times of one class, with the past visits of that class blended in. Visits of other classes must not be passed."""
    done = [visit for visit in recorded if visit.outcome == "done"]
    direct = _standard(stated.direct_minutes, stated.judgement_weight, ((visit.direct_minutes, visit.times) for visit in done))
    indirect = _standard(stated.indirect_minutes, stated.judgement_weight, ((visit.indirect_minutes, visit.times) for visit in done))
    driven = [(visit.travel_minutes, visit.times) for visit in done]
    travel = None if stated.travel_minutes is None else _standard(stated.travel_minutes, stated.judgement_weight, driven)
    missed = _share_missed(recorded)
    rate = stated.no_show_rate if stated.no_show_rate is not None else (missed or Fraction(0))
    lost = stated.no_show_minutes
    return ClassTime(
        class_id=stated.id,
        discipline=stated.discipline,
        visits=stated.visits,
        direct_minutes=direct.minutes,
        indirect_minutes=indirect.minutes,
        travel_minutes=travel.minutes if travel else None,
        episode_minutes=stated.episode_minutes,
        group_size=stated.group_size,
        no_show_rate=rate,
        no_show_minutes=lost if lost is not None else direct.minutes + (travel.minutes if travel else 0),
        direct=direct,
        indirect=indirect,
        travel=travel,
        observed_travel=_seen(driven),
        bookings_recorded=sum(visit.times for visit in recorded),
        no_show_observed=missed,
        source=stated.source,
    )


def blend(judged: Fraction, weight: Fraction, count: int, mean: Fraction) -> Fraction:
    """(n·r + k·e) / (n + k); the judgement alone where nothing was observed. Oracle C3: n 20, r 55, k 10, e 70 → 60."""
    return (count * mean + weight * judged) / (count + weight) if count else judged


def observed(minutes: Iterable[Fraction]) -> Observed | None:
    """Count, mean, quantiles and range of recorded minutes; None where there are none."""
    return _seen((value, 1) for value in minutes)


def _seen(found: Iterable[tuple[Fraction | None, int]]) -> Observed | None:
    """The same of minutes with how often each was recorded; what was not recorded does not count."""
    times: Counter[Fraction] = Counter()
    for value, often in found:
        if value is not None:
            times[value] += often
    if not times:
        return None
    ordered = sorted(times)
    ends = list(accumulate(times[value] for value in ordered))
    total = sum((value * often for value, often in times.items()), Fraction(0))
    p10, p50, p90 = (_quantile_at(ordered, ends, Fraction(tenths, 10)) for tenths in (1, 5, 9))
    return Observed(ends[-1], total / ends[-1], p10, p50, p90, ordered[0], ordered[-1])


def quantile(ordered: Sequence[Fraction] | Sequence[int], share: Fraction) -> Fraction:
    """The quantile of ascending values at a share in 0–1, linear between neighbours (the spreadsheets' PERCENTILE.INC)."""
    lower, upper, part = _between(len(ordered), share)
    return ordered[lower] + part * (ordered[upper] - ordered[lower])


def _quantile_at(ordered: Sequence[Fraction], ends: Sequence[int], share: Fraction) -> Fraction:
    """The quantile of ascending different values of which `ends` says how many there are up to each."""
    lower, upper, part = _between(ends[-1], share)
    low, high = ordered[bisect_right(ends, lower)], ordered[bisect_right(ends, upper)]
    return low + part * (high - low)


def _between(count: int, share: Fraction) -> tuple[int, int, Fraction]:
    """The two places between which a share of so many values lies, and how far on the way."""
    position = share * (count - 1)
    lower = position.numerator // position.denominator
    return lower, min(lower + 1, count - 1), position - lower


def _recorded(program: Program) -> dict[str, list[Visit]]:
    recorded: dict[str, list[Visit]] = defaultdict(list)
    for visit in program.visits:
        recorded[visit.class_id].append(visit)
    return recorded


def _standard(judged: Fraction, weight: Fraction, minutes: Iterable[tuple[Fraction | None, int]]) -> Standard:
    seen = _seen(minutes)
    blended = blend(judged, weight, seen.count, seen.mean) if seen else judged
    return Standard(judged, weight, seen, blended)


def _share_missed(recorded: Sequence[Visit]) -> Fraction | None:
    if not recorded:
        return None
    return Fraction(sum(visit.times for visit in recorded if visit.outcome != "done"), sum(visit.times for visit in recorded))


def _class_problems(stated: ComplexityClass, recorded: Sequence[Visit]) -> Iterator[Problem]:
    for name, value in _amounts(stated).items():
        if value is not None and value < 0:
            yield Problem("negative", Where("classes", stated.id, name), shown(value))
    if stated.group_size < 1:
        yield Problem("not_positive", Where("classes", stated.id, "group_size"), str(stated.group_size))
    rate = stated.no_show_rate
    if rate is None and _share_missed(recorded) == 1:
        yield Problem(
            "every_visit_missed", Where("classes", stated.id, "no_show_rate"), "1", {"visits": str(sum(visit.times for visit in recorded))}
        )
    if rate is not None and not 0 <= rate < 1:
        yield Problem("rate_out_of_range", Where("classes", stated.id, "no_show_rate"), shown(rate))


def _amounts(stated: ComplexityClass) -> Mapping[str, Fraction | None]:
    names = ("visits", "direct_minutes", "indirect_minutes", "travel_minutes", "episode_minutes", "no_show_minutes", "judgement_weight")
    return {name: getattr(stated, name) for name in names}
