"""Service in French over a period: asked for, offered, served, how long it was waited for beside English, and where it broke.

Every figure has its rows. French speakers speak it fluently or natively, as the hard rule has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import quantiles
from typing import Final, NamedTuple

from django.db.models import Count, Q, QuerySet

from evenload.planning import codes
from evenload.planning.eligibility import FLUENT
from evenload.records.models import Assignment, FrenchException, PractitionerLanguage, Program, RecordedVisit, Referral, Unit
from evenload.records.models.clients import WAITING_REFERRALS
from evenload.workflow.sole_french import FrenchLoss, NearEnd, ends_near, losses_without, would_lose

__all__ = ["FrenchLoss", "NearEnd", "Report", "ends_near", "losses_without", "report", "would_lose"]

SMALL: Final = 10
"""With fewer, a median and quartiles are shown with that word of caution."""
STANDS: Final = ("french", "other", "waiting", "ended")
"""How a French request stands: with a French speaker, with somebody else, with nobody, or closed."""

NAMED: Final = ("practitioner__name", "practitioner__code")
"""what a practitioner is called: her name, else her code"""


class Asked(NamedTuple):
    """What the figures need of a referral; read as columns, for there are thousands."""

    unit_id: int | None
    state: str
    received_on: date
    available_from: date | None
    first_visit_on: date | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Days from receipt to the first visit: how many had one, the middle and the quartiles; how many still wait for theirs.

    Days before the client was available are not counted. None: nobody had a first visit (quartiles: fewer than two).
    """

    n: int
    middle: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    still: int

    @property
    def is_small(self) -> bool:
        """Too few for much to be read from it."""
        return self.n < SMALL


@dataclass(frozen=True, slots=True)
class Broken:
    """Where continuity in French broke: a French speaker's unit went to somebody who speaks it less, or to nobody (`to` empty)."""

    unit: Unit
    on: date
    before: str
    to: str


@dataclass(frozen=True, slots=True)
class Covered:
    """Who covers a unit that asks for French: her name and whether she speaks it; empty: nobody is named.

    `unit`: its code; `unit_name`: what the organisation calls it.
    """

    unit: str
    unit_name: str
    holder: str
    cover: str
    speaks_french: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A program's service in French over a period, with the rows behind every figure."""

    first: date
    last: date
    received: tuple[Referral, ...]
    """every referral received in the period"""
    not_asked: tuple[Referral, ...]
    """nobody recorded which language the client wants"""
    offered: tuple[Referral, ...]
    """the active offer is recorded: the language was asked on a stated day"""
    requested: tuple[Referral, ...]
    stands: dict[int, str]
    """referral that asked for French → one of STANDS"""
    waits_french: Waits
    waits_english: Waits
    visits: int
    """visits that took place in the period, with clients or units that ask for French"""
    visits_french: int
    """of them by French speakers"""
    broken: tuple[Broken, ...]
    covered: tuple[Covered, ...]
    exceptions: tuple[FrenchException, ...]

    def standing(self, which: str) -> tuple[Referral, ...]:
        """The requests that stand so."""
        return tuple(one for one in self.requested if self.stands[one.pk] == which)


def report(program: Program, first: date, last: date) -> Report:
    """The report of a period, its last day included. The number of queries does not depend on how much there is."""
    speakers = french_speakers(program)
    rows = Referral.objects.filter(client__program=program, received_on__range=(first, last)).select_related("client", "site", "unit")
    received = tuple(rows.order_by("received_on", "pk"))
    requested = tuple(one for one in received if one.client.language == "fr")
    held = holders_of(requested)
    visits, in_french = visits_of(program, first, last, speakers)
    units = french_units(program)
    return Report(
        first=first,
        last=last,
        received=received,
        not_asked=tuple(one for one in received if not one.client.language),
        offered=tuple(one for one in received if one.client.language_asked_on is not None),
        requested=requested,
        stands={one.pk: stand_of(one, held.get(one.unit_id or 0, frozenset()), speakers) for one in requested},
        waits_french=waits_of(requested),
        waits_english=waits_of(one for one in received if one.client.language == "en"),
        visits=visits,
        visits_french=in_french,
        broken=tuple(_broken(units, first, last, speakers)),
        covered=tuple(_covered(units, speakers)),
        exceptions=tuple(_exceptions(program)),
    )


def french_speakers(program: Program) -> frozenset[int]:
    """Keys of the program's practitioners who speak fluent or native French."""
    levels = [level for level in codes.LANGUAGE_LEVELS if codes.level_rank(level) >= FLUENT]
    rows = PractitionerLanguage.objects.filter(practitioner__program=program, language="fr", level__in=levels)
    return frozenset(rows.values_list("practitioner_id", flat=True))


def french_units(program: Program) -> QuerySet[Unit]:
    """Units that ask for French: themselves, by their site, or by a client."""
    asked = Q(language="fr") | Q(language="", site__language="fr") | Q(referrals__client__language="fr")
    return Unit.objects.filter(asked, program=program).distinct().select_related("site")


def waits_of(referrals: Iterable[Referral | Asked]) -> Waits:
    """Days to the first visit of these referrals."""
    days, still = [], 0
    for one in referrals:
        if one.first_visit_on is None:
            still += one.state in (*WAITING_REFERRALS, "assigned")
        else:
            days.append(days_to_first_visit(one.received_on, one.available_from, one.first_visit_on))
    # sorted as whole days: exact fractions take long to compare
    return Waits(len(days), *_quartiles([Fraction(one) for one in sorted(days)]), still=still)


def days_to_first_visit(received_on: date, available_from: date | None, first_visit_on: date) -> int:
    """Days waited; those before the client was available are not."""
    return max(0, (first_visit_on - max(received_on, available_from or received_on)).days)


def _quartiles(days: Sequence[Fraction]) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """The middle and both quartiles, interpolated between the rows (inclusive method); exact."""
    if not days:
        return None, None, None
    if len(days) == 1:
        return days[0], None, None
    lower, middle, upper = quantiles(days, n=4, method="inclusive")
    return Fraction(middle), Fraction(lower), Fraction(upper)


def holders_of(referrals: Iterable[Referral | Asked]) -> dict[int, frozenset[int]]:
    """Unit → keys of everybody who has it now."""
    found: dict[int, set[int]] = defaultdict(set)
    units = {one.unit_id for one in referrals if one.unit_id is not None}
    rows = Assignment.objects.filter(unit__in=units, ends_on__isnull=True)
    for unit, practitioner in rows.values_list("unit_id", "practitioner_id"):
        found[unit].add(practitioner)
    return {unit: frozenset(people) for unit, people in found.items()}


def stand_of(referral: Referral | Asked, holders: frozenset[int], speakers: frozenset[int]) -> str:
    """How a French request stands, with whoever has its unit: one of STANDS."""
    if referral.state == "closed":
        return "ended"
    if referral.state != "assigned" or not holders:
        return "waiting"
    return "french" if holders <= speakers else "other"


def visits_of(program: Program, first: date, last: date, speakers: frozenset[int]) -> tuple[int, int]:
    """Visits that took place with whoever asks for French, and those of them by French speakers."""
    by_client = Q(referral__client__language="fr")
    by_unit = Q(referral__isnull=True) & (Q(unit__language="fr") | Q(unit__language="", unit__site__language="fr"))
    rows = RecordedVisit.objects.filter(by_client | by_unit, program=program, on__range=(first, last), outcome="done").order_by()
    counts = dict(rows.values_list("practitioner_id").annotate(count=Count("pk")))
    return sum(counts.values()), sum(count for practitioner, count in counts.items() if practitioner in speakers)


def _broken(units: QuerySet[Unit], first: date, last: date, speakers: frozenset[int]) -> list[Broken]:
    """Read as columns: of thousands of assignments few ended in the period, and fewer broke anything. Two queries, whatever there is."""
    ended = Assignment.objects.filter(unit__in=units, ends_on__range=(first, last), practitioner__in=speakers or {0})
    held = Assignment.objects.filter(unit__in=ended.values("unit")).order_by("unit_id", "piece", "pk")
    found: list[tuple[int, date, str, str]] = []
    rows = held.values_list("unit", "piece", "practitioner", "ends_on", "unit__closed_on", *NAMED)
    for (unit, _), pieces in groupby(rows, key=itemgetter(0, 1)):
        for (_, _, person, ends_on, closed_on, name, code), after in pairwise([*pieces, None]):
            if person not in speakers or ends_on is None or not first <= ends_on <= last:
                continue
            if closed_on is None if after is None else after[2] not in speakers:
                found.append((unit, ends_on, name or code, (after[5] or after[6]) if after else ""))
    known = Unit.objects.select_related("site").in_bulk({unit for unit, *_ in found} or {0})
    return [Broken(known[unit], on, before, to) for unit, on, before, to in found]


def _covered(units: QuerySet[Unit], speakers: frozenset[int]) -> Iterable[Covered]:
    """Read as columns: of thousands of units only what is shown."""
    rows = Assignment.objects.filter(unit__in=units, unit__closed_on__isnull=True, ends_on__isnull=True)
    shown = ("unit__code", "unit__label", *NAMED, "cover", "cover__name", "cover__code")
    for code, label, name, person, cover, cover_name, cover_code in rows.order_by("unit__position", "pk").values_list(*shown):
        yield Covered(code, label or code, name or person, (cover_name or cover_code) if cover else "", cover in speakers)


def _exceptions(program: Program) -> QuerySet[FrenchException]:
    return FrenchException.objects.filter(program=program, ended_at__isnull=True).select_related("unit__site").order_by("review_on", "pk")
