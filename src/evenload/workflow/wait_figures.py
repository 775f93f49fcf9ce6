"""The waiting list in figures: who waits by age and priority, and the arithmetic of each pool from what was observed.

Observed are whole weeks, Monday to Sunday, since referrals are recorded here, the last ones, at most WEEKS_OBSERVED. Demand: referrals
received. Capacity: referrals that were given to somebody for the first time. Both with their number, weeks and range.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef
from django.utils.timezone import localdate

from evenload.planning.codes import PRIORITIES
from evenload.planning.waitlist import Known, KnownFigures, WeeklyRate, differ, known_figures, weekly_rate
from evenload.records.models import Program, Referral, ReferralStep
from evenload.records.models.clients import WAITING_REFERRALS
from evenload.records.queries import OpenVersions, first_step_at, open_referrals, steps_since
from evenload.workflow import waiting_list
from evenload.workflow.waiting_list import AGES, Row, language_group

WEEKS_OBSERVED: Final = 26
WEEK: Final = timedelta(weeks=1)
UNKNOWN_AGE: Final = "unknown"
"""of a unit that came in without saying since when it waits"""
TAKEN_UP_FROM: Final = ("received", "waiting", "offered")
"""states out of which a referral is given to somebody; who comes back from a hold was given before"""


@dataclass(frozen=True, slots=True)
class WaitCell:
    """How many wait of one age band (`waiting_list.AGES`, or `unknown`) and priority."""

    age: str
    priority: int
    count: int


@dataclass(frozen=True, slots=True)
class Target:
    """Weeks to the first visit that are promised, on average over so many referrals of the pool, the least and the most."""

    mean: Fraction
    low: Fraction
    high: Fraction
    count: int


@dataclass(frozen=True, slots=True)
class PoolQueue:
    """The arithmetic of one pool's referrals. None: nothing was observed, nobody waits, or no target is set.

    `queue`: referrals that wait now; `left_otherwise`: closed while they waited, in the weeks observed; `units`: waiting units beside them
    that no referral stands behind. `figures` hold what can be said; `known` is what they were counted from.
    """

    discipline: str
    language: str
    queue: int
    units: int
    received: WeeklyRate | None
    taken_up: WeeklyRate | None
    left_otherwise: int
    mean_wait: Fraction | None
    longest_days: int | None
    target: Target | None
    known: Known
    figures: KnownFigures

    @property
    def grows(self) -> bool:
        """More come than are taken up, by more than chance explains."""
        load, came, went = self.figures.load, self.received, self.taken_up
        return load is not None and load > 1 and came is not None and went is not None and differ(came, went)

    @property
    def misses(self) -> bool:
        """Clients will miss the target."""
        return self.figures.pressure is not None and self.figures.pressure > 1


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """A program's waiting list on a day. `first`, `last`: days of the weeks observed, None without a whole week."""

    count: int
    late: int
    units: int
    oldest_days: int | None
    median_days: Fraction | None
    cells: tuple[WaitCell, ...]
    weeks: int
    first: date | None
    last: date | None
    pools: tuple[PoolQueue, ...]


Pool = tuple[str, str]
"""discipline and language group"""


@dataclass(frozen=True, slots=True)
class _Observed:
    """What was observed in the weeks that begin on `days`, by pool, as long as `stands_for` holds.

    `received`: referrals by week, without what was sent twice or by mistake; `targets`: of all of them, days from receipt to the promised
    first visit, and how many have so many; `taken_up`: given to somebody for the first time, by week; `left`: closed while they waited.
    """

    stands_for: tuple[object, ...]
    days: tuple[date, ...]
    received: dict[Pool, Counter[date]]
    targets: dict[Pool, Counter[int]]
    taken_up: dict[Pool, Counter[date]]
    left: Counter[Pool]


_kept: dict[int, _Observed] = {}
_begun: dict[int, date] = {}
"""program → the day of its first step, which no later one is before"""


def forget() -> None:
    """Empty what is kept in this process."""
    _kept.clear()
    _begun.clear()


def wait_figures(program: Program, *, today: date, versions: OpenVersions | None) -> WaitFigures:
    """The figures of a day; the number of queries does not depend on how many wait.

    `versions`: of the program's open referrals (`records.queries.open_referral_versions`). As long as they are the same, what was
    observed in past weeks is: a referral that comes, goes or changes alters them.
    """
    rows = waiting_list.rows_of(program, today=today)
    whole = waiting_list.pool(rows)
    observed = _observed(program, today, versions)
    days = observed.days
    return WaitFigures(
        count=whole.count,
        late=whole.late,
        units=sum(row.is_unit for row in rows),
        oldest_days=whole.oldest_days,
        median_days=whole.median_days,
        cells=cells_of(rows),
        weeks=len(days),
        first=days[0] if days else None,
        last=days[-1] + WEEK - timedelta(days=1) if days else None,
        pools=tuple(_pools(program, rows, observed)),
    )


def cells_of(rows: Iterable[Row]) -> tuple[WaitCell, ...]:
    """Every age and priority, also where nobody waits; the unknown age only where somebody has it."""
    counts = Counter((age_of(row), row.priority) for row in rows)
    ages = [*AGES, *([UNKNOWN_AGE] if any(age == UNKNOWN_AGE for age, _ in counts) else [])]
    return tuple(WaitCell(age, priority, counts[age, priority]) for age in ages for priority in PRIORITIES)


def age_of(row: Row) -> str:
    """The band of a row."""
    days = row.days
    return UNKNOWN_AGE if days is None else next(code for code, (low, high) in AGES.items() if low <= days <= high)


def _observed(program: Program, today: date, versions: OpenVersions | None) -> _Observed:
    stands_for = (today, versions)
    kept = _kept.get(program.pk)
    if kept is None or kept.stands_for != stands_for:
        days = _weeks_observed(program, today)
        received, targets = _received(program, days)
        kept = _Observed(stands_for, days, received, targets, _taken_up(program, days), _left_otherwise(program, days))
        if not connection.in_atomic_block:  # what a transaction sees may be rolled back
            _kept[program.pk] = kept
    return kept


def _weeks_observed(program: Program, today: date) -> tuple[date, ...]:
    """First days of the whole weeks behind `today` that began after the first referral was recorded here, the last ones."""
    begun = _begun.get(program.pk) or _first_step(program)
    if begun is None:
        return ()
    if not connection.in_atomic_block:
        _begun[program.pk] = begun
    monday = begun + timedelta(days=-begun.weekday() % 7)
    last = today - timedelta(days=today.weekday()) - WEEK
    weeks = max(0, (last - monday).days // 7 + 1)
    return tuple(last - number * WEEK for number in reversed(range(min(weeks, WEEKS_OBSERVED))))


def _first_step(program: Program) -> date | None:
    first = first_step_at(program)
    return localdate(first) if first is not None else None


def _pools(program: Program, rows: Sequence[Row], observed: _Observed) -> Iterable[PoolQueue]:
    """One per discipline and language that waits, or was received or taken up in the weeks observed; the longest queue first."""
    waiting: dict[Pool, list[Row]] = defaultdict(list)
    for row in rows:
        waiting[row.discipline, language_group(row.language)].append(row)
    targets = _targets(program, observed)
    found = [_pool(pool, waiting.get(pool, []), observed, targets) for pool in {*waiting, *observed.received, *observed.taken_up}]
    return sorted(found, key=lambda one: (-one.queue - one.units, one.discipline, one.language))


def _pool(pool: Pool, rows: Sequence[Row], observed: _Observed, targets: Mapping[Pool, Counter[int]]) -> PoolQueue:
    referrals = [row for row in rows if not row.is_unit]
    waits = [row.days for row in referrals if row.days is not None]
    weeks: list[Counter[date]] = [found.get(pool, Counter()) for found in (observed.received, observed.taken_up)]
    demand, capacity = (weekly_rate([counts[day] for day in observed.days]) for counts in weeks)
    target = _target(targets.get(pool, Counter()))
    known = Known(
        demand=_to_go_by(demand),
        capacity=_to_go_by(capacity),
        queue=len(referrals),
        mean_wait=Fraction(sum(waits), 7 * len(waits)) if waits else None,
        target_wait=target.mean if target and target.mean else None,
    )
    return PoolQueue(
        discipline=pool[0],
        language=pool[1],
        queue=len(referrals),
        units=len(rows) - len(referrals),
        received=demand,
        taken_up=capacity,
        left_otherwise=observed.left[pool],
        mean_wait=known.mean_wait,
        longest_days=max(waits, default=None),
        target=target,
        known=known,
        figures=known_figures(known),
    )


def _to_go_by(rate: WeeklyRate | None) -> Fraction | None:
    return rate.mean if rate is not None and not rate.lacks else None


def _received(program: Program, days: Sequence[date]) -> tuple[dict[Pool, Counter[date]], dict[Pool, Counter[int]]]:
    """Received by week, and what was promised to them; read from the index of the days alone (`referral_by_day_counted`)."""
    weeks: dict[Pool, Counter[date]] = defaultdict(Counter)
    targets: dict[Pool, Counter[int]] = defaultdict(Counter)
    if days:
        rows = Referral.objects.filter(client__program=program, received_on__range=(days[0], _last(days))).order_by()
        fields = ("discipline", "client__language", "received_on", "first_visit_by", "closing_reason")
        for discipline, language, on, by, reason, count in rows.values_list(*fields).annotate(count=Count("pk")):
            pool = discipline, language_group(language)
            if reason not in ("duplicate", "mistake"):
                weeks[pool][_monday(on)] += count
            if by is not None:
                targets[pool][(by - on).days] += count
    return weeks, targets


def _taken_up(program: Program, days: Sequence[date]) -> dict[Pool, Counter[date]]:
    """Referrals given to somebody for the first time, by pool and week."""
    found: dict[Pool, Counter[date]] = defaultdict(Counter)
    if not days:
        return found
    earlier = ReferralStep.objects.filter(
        after="assigned", before__in=TAKEN_UP_FROM, referral=OuterRef("referral"), at__lt=_early(days)
    ).order_by()
    rows = steps_since(program, _early(days), "assigned", TAKEN_UP_FROM).filter(~Exists(earlier)).order_by()
    fields = ("referral__discipline", "referral__client__language", "first")
    for discipline, language, at in rows.values("referral").annotate(first=Min("at")).values_list(*fields):
        if days[0] <= (on := localdate(at)) <= _last(days):
            found[discipline, language_group(language)][_monday(on)] += 1
    return found


def _left_otherwise(program: Program, days: Sequence[date]) -> Counter[Pool]:
    """Referrals closed while they waited, in the weeks observed."""
    found: Counter[Pool] = Counter()
    if days:
        rows = steps_since(program, _early(days), "closed", TAKEN_UP_FROM)
        rows = rows.exclude(referral__closing_reason__in=("duplicate", "mistake")).order_by()
        for discipline, language, at in rows.values_list("referral__discipline", "referral__client__language", "at"):
            found[discipline, language_group(language)] += days[0] <= localdate(at) <= _last(days)
    return found


def _targets(program: Program, observed: _Observed) -> dict[Pool, Counter[int]]:
    """Days from receipt to the promised first visit, of referrals that wait or were received in the weeks observed: how many have so many."""
    found: dict[Pool, Counter[int]] = defaultdict(Counter, {pool: Counter(counts) for pool, counts in observed.targets.items()})
    rows = open_referrals(program).filter(state__in=WAITING_REFERRALS, first_visit_by__isnull=False)
    if observed.days:
        rows = rows.exclude(received_on__range=(observed.days[0], _last(observed.days)))
    for discipline, language, on, by in rows.order_by().values_list("discipline", "client__language", "received_on", "first_visit_by"):
        if by is not None:
            found[discipline, language_group(language)][(by - on).days] += 1
    return found


def _target(days: Counter[int]) -> Target | None:
    if not days:
        return None
    total = sum(length * count for length, count in days.items())
    return Target(Fraction(total, 7 * days.total()), Fraction(min(days), 7), Fraction(max(days), 7), days.total())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _last(days: Sequence[date]) -> date:
    return days[-1] + WEEK - timedelta(days=1)


def _early(days: Sequence[date]) -> datetime:
    """A moment before the first day in every time zone: the days themselves are counted in the local one."""
    return datetime.combine(days[0] - timedelta(days=1), time.min, UTC)
