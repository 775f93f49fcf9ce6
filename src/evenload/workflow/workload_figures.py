"""One practitioner's load for a conversation, from what the pages show: the worksheet, the board, the hour ledger, what was said.

Nothing is stored; no client's name is in it, and a unit whose client bars the reader, or her herself, stands without its label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from statistics import quantiles
from typing import Final

from django.utils.timezone import localdate

from evenload.exchange.workload_facts import BesideTeam, SignalLine, TalkLine, UnitLine, WeekLine, WorkloadFacts
from evenload.planning.case import Practitioner as CasePractitioner
from evenload.records.barred import barred_units, hidden_codes
from evenload.records.models import Account, LoadSignal, LoadTalk, Practitioner, Referral, Unit
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow import allotments
from evenload.workflow.allotments import VisitsLeft
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_rows import row_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.hour_ledger import hour_ledger
from evenload.workflow.planning_worksheet import worksheet_of
from evenload.workflow.refused import Refused
from evenload.workflow.report_files import whole

LEAST_TO_COMPARE: Final = 5
"""With fewer people of a discipline, quartiles would say who they are."""
SIGNALS: Final = 12
TALKS: Final = 6


def workload_figures(practitioner: Practitioner, *, reader: Account, today: date) -> WorkloadFacts:
    """Her load as of today. Refused `facts_contradict`; `not_in_facts` where the program's facts do not have her."""
    sheet = whole(worksheet_of(practitioner.program))
    picture, draft = picture_at_hand(practitioner.program)
    code = practitioner.code
    if code not in picture.facts.people or not picture.facts.case.has_practitioner(code):
        raise Refused("not_in_facts")
    person = picture.facts.case.practitioner(code)
    row = row_of(picture, person)
    team = [one for one in picture.facts.case.practitioners if set(one.disciplines) & set(person.disciplines) and one.capacity_minutes]
    return WorkloadFacts(
        plan=sheet.plan,
        stated=sheet.stated,
        rows=sheet.rows,
        practitioner=code,
        name=str(practitioner),
        today=today,
        is_draft=draft is not None,
        state=row.load.state,
        assigned_minutes=row.load.assigned_minutes,
        travel_minutes=row.load.travel_minutes,
        capacity_minutes=row.load.capacity_minutes,
        maximum_minutes=row.load.maximum_minutes,
        low_percent=row.low_percent,
        high_percent=row.high_percent,
        units=tuple(_units(picture, practitioner, reader=reader, today=today)),
        ahead=tuple(_ahead(picture, code, today)),
        signals=tuple(_signals(practitioner)),
        talks=tuple(_talks(practitioner)),
        team_people=len(team),
        team=tuple(_beside(picture, team, person)) if len(team) >= LEAST_TO_COMPARE else (),
    )


def _units(picture: Picture, practitioner: Practitioner, *, reader: Account, today: date) -> Iterable[UnitLine]:
    """In the order of the organisation's list."""
    facts, code = picture.facts, practitioner.code
    held = picture.standing.caseloads[code]
    hidden = hidden_codes(reader, practitioner.program) | _barring(practitioner)
    visits = _visits(practitioner, {unit.stated_id for unit in held}, today)
    places = {stated: at for at, stated in enumerate(facts.unit_rows)}
    for unit in sorted(held, key=lambda one: (places[one.stated_id], len(one.id), one.id)):
        stated, site = facts.unit_rows[unit.stated_id], facts.sites.get(unit.site or "")
        is_hidden, left = unit.stated_id in hidden, visits.get(unit.stated_id) if unit.id == unit.stated_id else None
        yield UnitLine(
            code=unit.stated_id,
            is_hidden=is_hidden,
            label="" if is_hidden else stated.label or "",
            kind=unit.kind,
            discipline=unit.discipline,
            site_en="" if is_hidden or site is None else site.name_en,
            site_fr="" if is_hidden or site is None else site.name_fr or site.name_en,
            area="" if is_hidden else unit.area,
            class_id=unit.class_id,
            clients=unit.clients,
            care_minutes=unit.minutes,
            travel_minutes=facts.load_minutes(unit.id, code) - unit.minutes,
            allotted=left.authorised if left else None,
            used=left.used if left else None,
        )


def _barring(practitioner: Practitioner) -> frozenset[str]:
    return frozenset(Unit.objects.filter(pk__in=barred_units(practitioner)).values_list("code", flat=True))


def _visits(practitioner: Practitioner, codes: Iterable[str], today: date) -> dict[str, VisitsLeft]:
    """Unit → visits of its open referrals together, else as the organisation's list states them; without those nobody stated."""
    units = {one.pk: one for one in Unit.objects.filter(program=practitioner.program, code__in=list(codes))}
    pairs = list(Referral.objects.filter(unit__in=units, state__in=OPEN_REFERRALS).values_list("unit_id", "pk"))
    left = allotments.left_of([key for _, key in pairs], today=today)
    by_unit: dict[int, list[VisitsLeft]] = defaultdict(list)
    for of_unit, referral in pairs:
        if left[referral].authorised:
            by_unit[of_unit].append(left[referral])
    found: dict[str, VisitsLeft] = {}
    for key, unit in units.items():
        if own := by_unit.get(key):
            found[unit.code] = VisitsLeft(sum(one.authorised for one in own), sum(one.used for one in own))
        elif unit.visits_allotted is not None and unit.visits_used is not None:
            found[unit.code] = VisitsLeft(round(unit.visits_allotted), round(unit.visits_used))
    return found


def _ahead(picture: Picture, code: str, today: date) -> Iterable[WeekLine]:
    """From the week of today to the end of the period."""
    ledger = hour_ledger(picture, only=code)
    lines = zip(ledger.mondays, ledger.committed[code], ledger.driving[code], ledger.hours_minutes[code], strict=True)
    return (WeekLine(*line) for line in lines if line[0] + timedelta(days=6) >= today)


def _signals(practitioner: Practitioner) -> Iterable[SignalLine]:
    for one in LoadSignal.objects.filter(practitioner=practitioner)[:SIGNALS]:
        counted = one.counted or {}
        yield SignalLine(localdate(one.said_at), one.feeling, one.cause, counted.get("assigned_minutes"), counted.get("capacity_minutes"))


def _talks(practitioner: Practitioner) -> Iterable[TalkLine]:
    for one in LoadTalk.objects.filter(practitioner=practitioner).prefetch_related("remedies").order_by("-opened_at", "-pk")[:TALKS]:
        agreed = one.agreed_by_planner_at if one.agreed_by_practitioner_at else None
        kinds = tuple(dict.fromkeys(remedy.kind for remedy in one.remedies.all())) if agreed else ()
        yield TalkLine(localdate(one.opened_at), one.state, localdate(agreed) if agreed else None, kinds, one.follow_up_on)


def _beside(picture: Picture, team: list[CasePractitioner], person: CasePractitioner) -> Iterable[BesideTeam]:
    weeks = picture.standing.weeks
    measures: tuple[tuple[str, Callable[[CasePractitioner], Fraction]], ...] = (
        ("load", lambda one: Fraction(100 * weeks[one.id].minutes, one.capacity_minutes)),
        ("travel", lambda one: Fraction(weeks[one.id].travel_minutes)),
        ("clients", lambda one: Fraction(weeks[one.id].clients)),
        ("units", lambda one: Fraction(weeks[one.id].units)),
    )
    for what, measure in measures:
        lower, middle, upper = quantiles([measure(one) for one in team], n=4, method="inclusive")
        own = measure(person) if person.capacity_minutes else None
        yield BesideTeam(what, own, Fraction(lower), Fraction(middle), Fraction(upper))
