"""The program report of a quarter: what was received, placed, made, carried, said and published in it, from the records.

Where a page shows the same figure, the report takes it from the same place. What only holds now (capacity against demand ahead) is
in the report of the quarter that runs, and in no other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from statistics import median

from django.db.models import Count, Q
from django.utils import timezone

from evenload.exchange.quarter_facts import (
    ContractLine,
    EditionLine,
    FrenchLine,
    Kept,
    PoolLine,
    PriorityLine,
    QuarterFacts,
    SaidLine,
    VisitLine,
    WeekLine,
)
from evenload.planning import codes
from evenload.planning.fairness import gini, mean, volatility
from evenload.planning.overload import OVERLOAD_PERCENT, PastWeek
from evenload.records.models import Edition, EditionRow, LoadSignal, LoadTalk, LoadWeek, Program, RecordedVisit, Referral, ReferralStep
from evenload.records.models.clients import WAITING_REFERRALS
from evenload.workflow import contract_ledger, french_service
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.load_weeks import percents
from evenload.workflow.pool_weeks import pool_weeks
from evenload.workflow.quarters import DAY, Quarter
from evenload.workflow.refused import Refused

Span = tuple[datetime, datetime]
"""from the first moment of a quarter to that after its last"""


def quarter_figures(program: Program, quarter: Quarter, *, today: date) -> QuarterFacts:
    """Everything the report says; the number of queries does not depend on how much there is."""
    to = min(quarter.last, today)
    moments = (_begins(quarter.first), _begins(to + DAY))
    weeks = _past_weeks(program, quarter.first, to)
    is_over = program.period_start + timedelta(weeks=program.period_weeks) <= today
    return QuarterFacts(
        program_en=program.name_en,
        program_fr=program.name_fr,
        year=quarter.year,
        number=quarter.number,
        first=quarter.first,
        last=quarter.last,
        counted_to=to,
        today=today,
        priorities=_priorities(program, quarter.first, to, moments=moments, is_past=quarter.last < today),
        visits=_visits(program, quarter.first, to),
        contracts=_contracts(program, quarter.first, to),
        weeks=tuple(_week_lines(weeks)),
        change=mean([found for own in weeks.values() if (found := volatility(percents(week for week, _ in own))) is not None]),
        pools=_pools(program, today) if to == today and not is_over else (),
        is_period_over=is_over,
        kept=_kept(program, quarter.first, to),
        french=_french(program, quarter.first, to, moments),
        said=_said(program, moments),
        editions=_editions(program, quarter.first, to),
    )


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# Referrals


def _priorities(program: Program, first: date, to: date, *, moments: Span, is_past: bool) -> tuple[PriorityLine, ...]:
    """Every priority that has anything to say."""
    still_open = Q(closed_on__isnull=True) | Q(closed_on__gte=first)
    rows = list(Referral.objects.filter(still_open, client__program=program, received_on__lte=to).order_by("pk"))
    placed = _placed(program, moments)
    then = _states_at(program, first, moments[1]) if is_past else {}
    found = []
    for priority in codes.PRIORITIES:
        own = [one for one in rows if one.priority == priority]
        waits = [(placed[one.pk] - _counted_from(one)).days for one in own if one.pk in placed]
        visited = [one for one in own if one.first_visit_on and first <= one.first_visit_on <= to and one.first_visit_by]
        line = PriorityLine(
            priority=priority,
            received=sum(first <= one.received_on for one in own),
            placed=len(waits),
            closed=sum(one.closed_on is not None and first <= one.closed_on <= to for one in own),
            waiting=sum(_state_at(one, then, to, is_past=is_past) in WAITING_REFERRALS for one in own),
            middle_wait=Fraction(median([Fraction(max(0, days)) for days in waits])) if waits else None,
            longest_wait=max((max(0, days) for days in waits), default=None),
            first_visits=len(visited),
            within=sum(one.first_visit_on <= one.first_visit_by for one in visited if one.first_visit_on and one.first_visit_by),
        )
        if any((line.received, line.placed, line.closed, line.waiting, line.first_visits)):
            found.append(line)
    return tuple(found)


def _counted_from(referral: Referral) -> date:
    """Days before the client was available are not waited."""
    return max(referral.received_on, referral.available_from or referral.received_on)


def _placed(program: Program, moments: Span) -> dict[int, date]:
    """Referral → the day in the quarter on which it was first assigned."""
    steps = ReferralStep.objects.filter(referral__client__program=program, after="assigned", at__gte=moments[0], at__lt=moments[1])
    found: dict[int, date] = {}
    for key, at in steps.order_by("at", "pk").values_list("referral_id", "at"):
        found.setdefault(key, timezone.localdate(at))
    return found


def _states_at(program: Program, first: date, moment: datetime) -> dict[int, str]:
    """Referral → its state at that moment, by its steps; of those that were open in the quarter."""
    still_open = Q(referral__closed_on__isnull=True) | Q(referral__closed_on__gte=first)
    steps = ReferralStep.objects.filter(still_open, referral__client__program=program, at__lt=moment).order_by("at", "pk")
    return dict(steps.values_list("referral_id", "after"))


def _state_at(referral: Referral, then: Mapping[int, str], to: date, *, is_past: bool) -> str:
    """Its state now, or on the last day of a quarter that is over; one without steps came in as it is and was closed on its day."""
    if not is_past:
        return referral.state
    if referral.pk in then:
        return then[referral.pk]
    return "waiting" if referral.closed_on is not None and referral.closed_on > to else referral.state


# Visits and contracts


def _visits(program: Program, first: date, to: date) -> tuple[VisitLine, ...]:
    rows = (
        RecordedVisit.objects.filter(program=program, on__range=(first, to)).order_by().values_list("time_standard__discipline", "outcome")
    )
    made, not_made = Counter[str](), Counter[str]()
    for discipline, outcome, count in rows.annotate(n=Count("pk")):
        (made if outcome == contract_ledger.DELIVERED else not_made)[discipline] += count
    return tuple(VisitLine(code, made[code], not_made[code]) for code in sorted({*made, *not_made}))


def _contracts(program: Program, first: date, to: date) -> tuple[ContractLine, ...]:
    lines = contract_ledger.lines(program, today=to)
    days = contract_ledger.delivered_by_day(program, contract_ledger.bought(line.contract for line in lines)) if lines else {}
    return tuple(
        ContractLine(
            name_en=one.name_en,
            name_fr=one.name_fr,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            visits=one.visits,
            in_quarter=sum(count for day, count in days[one.pk].items() if first <= day <= to and one.starts_on <= day <= one.ends_on),
            so_far=line.forecast.delivered,
            even_pace=line.forecast.pace_visits,
            expected=line.forecast.expected,
            low=None if line.forecast.low is None else Fraction(line.forecast.low),
            high=None if line.forecast.high is None else Fraction(line.forecast.high),
        )
        for line in lines
        if (one := line.contract).starts_on <= to and one.ends_on >= first
    )


# Loads


def _past_weeks(program: Program, first: date, to: date) -> dict[int, list[tuple[PastWeek, Fraction]]]:
    rows = LoadWeek.objects.filter(practitioner__program=program, monday__range=(first, to)).order_by("practitioner_id", "monday")
    found: dict[int, list[tuple[PastWeek, Fraction]]] = defaultdict(list)
    fields = ("practitioner_id", "monday", "committed_minutes", "hours_minutes", "delivered_minutes")
    for key, monday, committed, hours, delivered in rows.values_list(*fields):
        found[key].append((PastWeek(monday, Fraction(committed), hours), Fraction(delivered)))
    return found


def _week_lines(people: Mapping[int, Iterable[tuple[PastWeek, Fraction]]]) -> Iterable[WeekLine]:
    by_day: dict[date, list[tuple[PastWeek, Fraction]]] = defaultdict(list)
    for own in people.values():
        for week in own:
            by_day[week[0].monday].append(week)
    for monday, weeks in sorted(by_day.items()):
        loads = [week.percent for week, _ in weeks if week.percent is not None]
        yield WeekLine(
            monday=monday,
            people=len(loads),
            hours_minutes=sum(week.hours_minutes for week, _ in weeks),
            committed_minutes=sum((week.committed_minutes for week, _ in weeks), Fraction(0)),
            recorded_minutes=sum((recorded for _, recorded in weeks), Fraction(0)),
            middle_percent=Fraction(median(loads)) if loads else None,
            gini=gini(loads),
            over=sum(load > OVERLOAD_PERCENT for load in loads),
        )


def _pools(program: Program, today: date) -> tuple[PoolLine, ...]:
    try:
        picture = picture_of_now(program)
    except Refused:
        return ()
    return tuple(PoolLine(one.discipline, one.language, one.have, one.need) for one in pool_weeks(picture, today=today))


# Who kept whom, French, conversations, editions


def _kept(program: Program, first: date, to: date) -> Kept | None:
    """Between the edition that held when the quarter began (else its first one) and the one that held on its last day."""
    rows = list(
        Edition.objects.filter(program=program, effective_on__lte=to)
        .order_by("effective_on", "number")
        .values_list("pk", "number", "effective_on")
    )
    earlier = [row for row in rows if row[2] <= first]
    before, after = (earlier[-1] if earlier else rows[0] if rows else None), (rows[-1] if rows else None)
    if before is None or after is None or before == after:
        return None
    held = EditionRow.objects.filter(edition=before[0]).exclude(practitioner_code="").values_list("piece", "practitioner_code")
    now = dict(EditionRow.objects.filter(edition=after[0]).values_list("piece", "practitioner_code"))
    both = [(code, now[piece]) for piece, code in held if piece in now]
    return Kept(before[1], after[1], len(both), sum(then == code for code, then in both))


def _french(program: Program, first: date, to: date, moments: Span) -> FrenchLine:
    found = french_service.report(program, first, to)
    recorded = program.french_exceptions.filter(decided_at__gte=moments[0], decided_at__lt=moments[1]).count()
    return FrenchLine(
        received=len(found.received),
        offered=len(found.offered),
        requested=len(found.requested),
        served=len(found.standing("french")),
        waiting=len(found.standing("waiting")),
        not_asked=len(found.not_asked),
        wait_french=found.waits_french.middle,
        wait_english=found.waits_english.middle,
        visits=found.visits,
        visits_french=found.visits_french,
        broken=len(found.broken),
        exceptions=recorded,
    )


def _said(program: Program, moments: Span) -> SaidLine:
    signals = LoadSignal.objects.filter(practitioner__program=program, said_at__gte=moments[0], said_at__lt=moments[1])
    felt = Counter(signals.order_by().values_list("feeling", flat=True))
    inside = {
        name: Q(**{f"{name}__gte": moments[0], f"{name}__lt": moments[1]})
        for name in ("opened_at", "agreed_by_planner_at", "ended_at", "escalated_at")
    }
    counts = LoadTalk.objects.filter(practitioner__program=program).aggregate(
        **{name: Count("pk", filter=when) for name, when in inside.items()}
    )
    return SaidLine(
        too_high=felt["too_high"],
        right=felt["right"],
        too_low=felt["too_low"],
        begun=counts["opened_at"],
        agreed=counts["agreed_by_planner_at"],
        ended=counts["ended_at"],
        escalated=counts["escalated_at"],
    )


def _editions(program: Program, first: date, to: date) -> tuple[EditionLine, ...]:
    rows = Edition.objects.filter(program=program, published_at__gte=_begins(first), published_at__lt=_begins(to + timedelta(days=1)))
    fields = ("number", "effective_on", "changed_rows", "waiting_units", "french_exceptions")
    return tuple(EditionLine(*row) for row in rows.order_by("number").values_list(*fields))
