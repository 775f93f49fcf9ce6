"""The ledger of contracted visits: contract → program → site → practitioner → visits delivered, committed, and where it is going.

Delivered are recorded visits that took place, in the days of the contract. Committed are visits that remain to be made by whoever
has the unit: of a client with an allotment those that are left of it, dated evenly until it expires; of any other unit those that
remain to the end of the period, dated as in the hour ledger. What nobody has yet stands apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from django.db.models import Count, Q, QuerySet

from evenload.planning.contract_days import Bought, Stretch, contract_of, owners, visits_by_contract
from evenload.planning.contract_forecast import Forecast, Terms, forecast
from evenload.planning.program import Period
from evenload.planning.weekly import Spread, mondays, stretches
from evenload.records.models import Allotment, Contract, Practitioner, Program, RecordedVisit, Site
from evenload.records.models.clients import OPEN_REFERRALS
from evenload.workflow.allotments import COUNTED
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.desk_weeks import period_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused

DELIVERED: Final = "done"
DAY: Final = timedelta(days=1)
WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract as it stands. `committed`, `nobody`: visits in its days that somebody has, and that nobody has; None: not known."""

    contract: Contract
    forecast: Forecast
    committed: Fraction | None
    nobody: Fraction | None

    @property
    def known(self) -> Fraction | None:
        """Delivered and committed."""
        return None if self.committed is None else self.forecast.delivered + self.committed


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One practitioner at one site, for one contract; empty codes: without a site, with nobody."""

    site: str
    practitioner: str
    delivered: int
    committed: Fraction
    expected: Fraction | None
    """at the end of the contract, at the rate so far"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One contract, down to practitioners. `by_day`: delivered visits; `missed`: recorded no-shows and cancellations, not counted."""

    line: ContractLine
    rows: tuple[LedgerRow, ...]
    by_day: Mapping[date, int]
    missed: int


@dataclass(frozen=True, slots=True)
class Coming:
    """Visits of one piece that are to be made, and who has it."""

    discipline: str
    stated: int | None
    site: str
    practitioner: str
    stretches: tuple[Stretch, ...]


class Left(NamedTuple):
    """What is left of an allotment, and the days on which it can be used."""

    starts_on: date
    expires_on: date | None
    visits: int


class Frequency(NamedTuple):
    """How often a unit is seen and since when: units alike in this have the same visits to come."""

    minutes: int
    peak_minutes: int
    visits_per_week: Fraction
    begins_on: date | None


def terms_of(contract: Contract) -> Terms:
    """The contract as the forecast takes it."""
    return Terms(contract.starts_on, contract.ends_on, contract.visits, Fraction(contract.tolerance_percent))


def bought(contracts: Iterable[Contract]) -> tuple[Bought, ...]:
    """The contracts of a program as days."""
    return tuple(Bought(one.pk, one.starts_on, one.ends_on, one.discipline) for one in contracts)


def lines(program: Program, *, today: date) -> list[ContractLine]:
    """Every contract of the program; the number of queries does not depend on how many there are."""
    contracts = list(program.contracts.all())
    if not contracts:
        return []
    known = bought(contracts)
    days = delivered_by_day(program, known)
    coming = _coming(program, today)
    if coming is None:
        return [_line(one, days[one.pk], None, None, today) for one in contracts]
    held, nobody = _by_contract(coming, known, today)
    return [_line(one, days[one.pk], held[one.pk], nobody[one.pk], today) for one in contracts]


def ledger(contract: Contract, *, today: date) -> Ledger:
    """One contract by site and practitioner."""
    program = contract.program
    known = bought(program.contracts.all())
    cells = _delivered_cells(program, contract, known)
    by_day: dict[date, int] = defaultdict(int)
    places: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for day, site, practitioner, count in cells:
        by_day[day] += count
        places[site, practitioner][day] += count
    coming = _coming(program, today)
    committed: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for one in coming or ():
        share = visits_by_contract(one.stretches, owners(known, one.discipline, one.stated), from_day=today + DAY)
        committed[one.site, one.practitioner] += share.get(contract.pk, Fraction(0))
    held = sum((visits for (_, who), visits in committed.items() if who), Fraction(0))
    nobody = sum((visits for (_, who), visits in committed.items() if not who), Fraction(0))
    line = _line(contract, by_day, held if coming is not None else None, nobody if coming is not None else None, today)
    rows = [_row(contract, key, places.get(key, {}), committed.get(key, Fraction(0)), today) for key in sorted({*places, *committed})]
    kept = tuple(row for row in rows if row.delivered or row.committed)
    return Ledger(line, kept, dict(by_day), _missed(program, contract, known))


def _line(contract: Contract, days: Mapping[date, int], held: Fraction | None, nobody: Fraction | None, today: date) -> ContractLine:
    return ContractLine(contract, forecast(terms_of(contract), days, today), held, nobody)


def _row(contract: Contract, key: tuple[str, str], days: Mapping[date, int], committed: Fraction, today: date) -> LedgerRow:
    """Its share of the forecast: the rows add up to the contract's."""
    found = forecast(terms_of(contract), days, today)
    return LedgerRow(key[0], key[1], found.delivered, committed, found.expected)


def delivered_by_day(program: Program, known: Sequence[Bought]) -> dict[int, dict[date, int]]:
    """Contract → day → visits that took place."""
    found: dict[int, dict[date, int]] = {one.key: defaultdict(int) for one in known}
    rows = _visits(program, known).filter(outcome=DELIVERED).order_by()
    fields = ("on", "time_standard__discipline", "allotment__contract", "referral__contract")
    for day, discipline, allotted, referred, count in rows.values_list(*fields).annotate(count=Count("pk")):
        key = contract_of(known, day, discipline, allotted or referred)
        if key is not None:
            found[key][day] += count
    return found


def _delivered_cells(program: Program, contract: Contract, known: Sequence[Bought]) -> list[tuple[date, str, str, int]]:
    """Day, site, practitioner (codes) and visits of one contract."""
    rows = _visits(program, known).filter(outcome=DELIVERED, on__range=(contract.starts_on, contract.ends_on)).order_by()
    fields = ("on", "time_standard__discipline", "allotment__contract", "referral__contract", "unit__site__code", "practitioner__code")
    return [
        (day, site or "", practitioner or "", count)
        for day, discipline, allotted, referred, site, practitioner, count in rows.values_list(*fields).annotate(count=Count("pk"))
        if contract_of(known, day, discipline, allotted or referred) == contract.pk
    ]


def _missed(program: Program, contract: Contract, known: Sequence[Bought]) -> int:
    rows = _visits(program, known).exclude(outcome=DELIVERED).filter(on__range=(contract.starts_on, contract.ends_on)).order_by()
    fields = ("on", "time_standard__discipline", "allotment__contract", "referral__contract")
    return sum(
        count
        for day, discipline, allotted, referred, count in rows.values_list(*fields).annotate(count=Count("pk"))
        if contract_of(known, day, discipline, allotted or referred) == contract.pk
    )


def _visits(program: Program, known: Sequence[Bought]) -> QuerySet[RecordedVisit]:
    first, last = min(one.starts_on for one in known), max(one.ends_on for one in known)
    return RecordedVisit.objects.filter(program=program, on__range=(first, last))


def _by_contract(coming: Iterable[Coming], known: Sequence[Bought], today: date) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
    """Contract → visits to come that somebody has, and that nobody has."""
    held, nobody = ({one.key: Fraction(0) for one in known} for _ in range(2))
    alike = Counter((one.discipline, one.stated, one.stretches, bool(one.practitioner)) for one in coming)
    owned: dict[tuple[str, int | None], tuple[tuple[date, date, int], ...]] = {}
    for (discipline, stated, days, has_somebody), units in alike.items():
        asked = (discipline, stated)
        if asked not in owned:
            owned[asked] = owners(known, *asked)
        for key, visits in visits_by_contract(days, owned[asked], from_day=today + DAY).items():
            (held if has_somebody else nobody)[key] += units * visits
    return held, nobody


def _coming(program: Program, today: date) -> list[Coming] | None:
    """Visits that are to be made of every piece, as things are now; None where the facts contradict each other."""
    try:
        picture = picture_of_now(program)
    except Refused:
        return None
    named, allotted = _contracts_of_units(program), _allotments_of_units(program, today)
    period = period_of(picture.facts)
    planned: dict[Frequency, tuple[Stretch, ...]] = {}
    found = []
    for piece in picture.facts.case.units:
        own = allotted.get(piece.stated_id) if piece.kind == "client" else None
        if own:
            stretches = tuple(_left_evenly(own, period, today))
        else:
            frequency = _frequency(picture, piece.id)
            if frequency not in planned:  # many units are seen as often as one another
                planned[frequency] = tuple(_as_planned(frequency, period))
            stretches = planned[frequency]
        holder = picture.places[piece.id].practitioner or ""
        found.append(Coming(piece.discipline, named.get(piece.stated_id), piece.site or "", holder, stretches))
    return found


def _contracts_of_units(program: Program) -> dict[str, int]:
    """Unit → contract that an open referral of it names; the newest, where several do."""
    named = Q(referrals__contract__isnull=False, referrals__state__in=OPEN_REFERRALS)
    return dict(program.units.filter(named).order_by("referrals__pk").values_list("code", "referrals__contract"))


def _allotments_of_units(program: Program, today: date) -> dict[str, list[Left]]:
    """Unit → allotments of its open referrals that may still be used. Read as columns, for there are thousands."""
    rows = Allotment.objects.filter(referral__unit__program=program, referral__state__in=OPEN_REFERRALS, funding__in=COUNTED)
    rows = rows.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today))
    found: dict[str, list[Left]] = defaultdict(list)
    fields = ("referral__unit__code", "starts_on", "expires_on", "authorised_visits", "used_visits")
    for unit, starts_on, expires_on, authorised, used in rows.values_list(*fields):
        found[unit].append(Left(starts_on, expires_on, authorised - used))
    return found


def _left_evenly(allotments: Iterable[Left], period: Period, today: date) -> Iterable[Stretch]:
    """What is left of each, evenly from tomorrow (or its first day) until it expires; else until the period ends."""
    end = period.starts_on + timedelta(weeks=period.weeks) - DAY
    for one in allotments:
        first, last = max(today + DAY, one.starts_on), one.expires_on or end
        if one.visits > 0 and last >= first:
            yield Stretch(first, last, Fraction(one.visits, (last - first).days + 1))


def _frequency(picture: Picture, piece: str) -> Frequency:
    unit = picture.facts.units[piece]
    return Frequency(unit.minutes, unit.peak_minutes, unit.visits_per_week, picture.facts.unit_rows[unit.stated_id].from_date)


def _as_planned(unit: Frequency, period: Period) -> Iterable[Stretch]:
    """Its visits that remain in the period, on the days on which the hour ledger has their minutes."""
    monday = mondays(period)[0]
    spread = Spread(unit.minutes, unit.peak_minutes, unit.begins_on) if unit.minutes else Spread(1, 1, unit.begins_on)
    visits_per_minute = unit.visits_per_week / (unit.minutes or 1)
    for first, end, minutes in stretches(spread, period):
        first_day, after = monday + timedelta(weeks=first), monday + timedelta(weeks=end)
        yield Stretch(first_day, after - DAY, minutes * visits_per_minute / WEEK_DAYS)


def names_of_places(program: Program, rows: Iterable[LedgerRow]) -> tuple[dict[str, Site], dict[str, Practitioner]]:
    """Sites and practitioners of these rows, by code."""
    held = list(rows)
    sites = {one.code: one for one in program.sites.filter(code__in={row.site for row in held})}
    return sites, {one.code: one for one in program.practitioners.filter(code__in={row.practitioner for row in held})}
