"""The waiting list in figures: who waits by age and priority, and the arithmetic of each pool from what was observed.

Observed are whole weeks, Monday to Sunday, since referrals are recorded here, the last ones, at most WEEKS_OBSERVED. Demand: referrals
received. Capacity: referrals that were given to somebody for the first time. Both with their number, weeks and range.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Count, Min, Q
from django.utils.timezone import localdate

from evenload.planning.codes import PRIORITIES
from evenload.planning.waitlist import Known, KnownFigures, WeeklyRate, differ, known_figures, weekly_rate
from evenload.records.models import Program, Referral, ReferralStep
from evenload.records.models.clients import WAITING_REFERRALS
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


def wait_figures(program: Program, *, today: date) -> WaitFigures:
    """The figures of a day; the number of queries does not depend on how many wait."""
    rows = waiting_list.rows_of(program, today=today)
    whole = waiting_list.pool(rows)
    days = _weeks_observed(program, today)
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
        pools=tuple(_pools(program, rows, days)),
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


def _weeks_observed(program: Program, today: date) -> tuple[date, ...]:
    """First days of the whole weeks behind `today` that began after the first referral was recorded here, the last ones."""
    first = ReferralStep.objects.filter(referral__client__program=program).aggregate(first=Min("at"))["first"]
    if first is None:
        return ()
    begun = localdate(first)
    monday = begun + timedelta(days=-begun.weekday() % 7)
    last = today - timedelta(days=today.weekday()) - WEEK
    weeks = max(0, (last - monday).days // 7 + 1)
    return tuple(last - number * WEEK for number in reversed(range(min(weeks, WEEKS_OBSERVED))))


Pool = tuple[str, str]
"""discipline and language group"""


def _pools(program: Program, rows: Sequence[Row], days: Sequence[date]) -> Iterable[PoolQueue]:
    """One per discipline and language that waits, or was received or taken up in the weeks observed; the longest queue first."""
    waiting: dict[Pool, list[Row]] = defaultdict(list)
    for row in rows:
        waiting[row.discipline, language_group(row.language)].append(row)
    received, taken, left = _received(program, days), _taken_up(program, days), _left_otherwise(program, days)
    targets = _targets(program, days)
    found = [
        _pool(pool, waiting.get(pool, []), received.get(pool), taken.get(pool), left[pool], targets.get(pool, Counter()), days)
        for pool in {*waiting, *received, *taken}
    ]
    return sorted(found, key=lambda one: (-one.queue - one.units, one.discipline, one.language))


def _pool(
    pool: Pool,
    rows: Sequence[Row],
    received: Counter[date] | None,
    taken: Counter[date] | None,
    left: int,
    targets: Counter[int],
    days: Sequence[date],
) -> PoolQueue:
    referrals = [row for row in rows if not row.is_unit]
    waits = [row.days for row in referrals if row.days is not None]
    demand, capacity = (weekly_rate([(found or Counter())[day] for day in days]) for found in (received, taken))
    target = _target(targets)
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
        left_otherwise=left,
        mean_wait=known.mean_wait,
        longest_days=max(waits, default=None),
        target=target,
        known=known,
        figures=known_figures(known),
    )


def _to_go_by(rate: WeeklyRate | None) -> Fraction | None:
    return rate.mean if rate is not None and not rate.lacks else None


def _received(program: Program, days: Sequence[date]) -> dict[Pool, Counter[date]]:
    """Referrals received, by pool and week; what was sent twice or by mistake is none."""
    found: dict[Pool, Counter[date]] = defaultdict(Counter)
    if days:
        rows = Referral.objects.filter(client__program=program, received_on__range=(days[0], _last(days)))
        rows = rows.exclude(closing_reason__in=("duplicate", "mistake")).order_by()
        fields = ("discipline", "client__language", "received_on")
        for discipline, language, on, count in rows.values_list(*fields).annotate(count=Count("pk")):
            found[discipline, language_group(language)][_monday(on)] += count
    return found


def _taken_up(program: Program, days: Sequence[date]) -> dict[Pool, Counter[date]]:
    """Referrals given to somebody for the first time, by pool and week."""
    found: dict[Pool, Counter[date]] = defaultdict(Counter)
    if not days:
        return found
    rows = ReferralStep.objects.filter(referral__client__program=program, after="assigned", before__in=TAKEN_UP_FROM).order_by()
    first_of = rows.values("referral").annotate(first=Min("at"))
    fields = ("referral__discipline", "referral__client__language", "first")
    for discipline, language, at in first_of.filter(first__gte=_early(days)).values_list(*fields):
        if days[0] <= (on := localdate(at)) <= _last(days):
            found[discipline, language_group(language)][_monday(on)] += 1
    return found


def _left_otherwise(program: Program, days: Sequence[date]) -> Counter[Pool]:
    """Referrals closed while they waited, in the weeks observed."""
    found: Counter[Pool] = Counter()
    if days:
        rows = ReferralStep.objects.filter(
            referral__client__program=program, after="closed", before__in=TAKEN_UP_FROM, at__gte=_early(days)
        )
        rows = rows.exclude(referral__closing_reason__in=("duplicate", "mistake")).order_by()
        for discipline, language, at in rows.values_list("referral__discipline", "referral__client__language", "at"):
            found[discipline, language_group(language)] += days[0] <= localdate(at) <= _last(days)
    return found


def _targets(program: Program, days: Sequence[date]) -> dict[Pool, Counter[int]]:
    """Days from receipt to the promised first visit, of referrals that wait or were received in the weeks observed: how many have so many."""
    found: dict[Pool, Counter[int]] = defaultdict(Counter)
    wanted = Q(state__in=WAITING_REFERRALS)
    if days:
        wanted |= Q(received_on__range=(days[0], _last(days)))
    rows = Referral.objects.filter(wanted, client__program=program, first_visit_by__isnull=False).order_by()
    fields = ("discipline", "client__language", "received_on", "first_visit_by")
    for discipline, language, on, by, count in rows.values_list(*fields).annotate(count=Count("pk")):
        if by is not None:
            found[discipline, language_group(language)][(by - on).days] += count
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
