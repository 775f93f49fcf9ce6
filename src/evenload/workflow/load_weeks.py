"""How full each past week was: written down once it is over, by the list that was published then; who was overloaded too long is told.

From these rows sustained overload, fairness and volatility are read. A week is never written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from evenload.planning.overload import PastWeek, Spell, running_spell
from evenload.records.models import Assignment, LoadWeek, Practitioner, Program, RecordedVisit
from evenload.workflow import notices
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.desk_weeks import in_week
from evenload.workflow.draft_picture import Picture
from evenload.workflow.refused import Refused

WEEK = timedelta(weeks=1)
WEEKS_BACK = 8
"""A worker that was off catches up so far; what lies further back is not known well enough any more."""

WEEKS_SHOWN = 26
ZERO = Value(Decimal(0), output_field=DecimalField(max_digits=12, decimal_places=2))


@dataclass(frozen=True, slots=True)
class Written:
    """What a look of the worker wrote: rows, and how many people's overload was told."""

    rows: int = 0
    spells: int = 0

    def plus(self, other: Written) -> Written:
        """Both looks together."""
        return Written(self.rows + other.rows, self.spells + other.spells)


def write_due(*, today: date, at: datetime) -> Written:
    """What the worker does each day: every past week of a published list that is not written yet. Two workers write it once."""
    written = Written()
    for program in Program.objects.filter(editions__is_current=True).distinct().order_by("pk"):
        missing = _missing(program, today)
        if not missing:
            continue
        try:
            picture = picture_of_now(program)
        except Refused:
            continue  # its facts contradict each other: the desk says so; another day they may not
        with transaction.atomic():
            for monday in missing:
                written = written.plus(Written(_write(program, picture, monday)))
            written = written.plus(Written(spells=_tell_overloads(program, at=at)))
    return written


def _missing(program: Program, today: date) -> list[date]:
    """First days of the past weeks of the period, since something was published, that have no rows yet; oldest first."""
    first = program.editions.order_by("effective_on").values_list("effective_on", flat=True).first()
    if first is None:
        return []
    weeks = (program.period_start + number * WEEK for number in range(program.period_weeks))
    past = [monday for monday in weeks if monday + WEEK <= today and monday + WEEK > first][-WEEKS_BACK:]
    known = set(LoadWeek.objects.filter(practitioner__program=program, monday__in=past).values_list("monday", flat=True))
    return [monday for monday in past if monday not in known]


def _write(program: Program, picture: Picture, monday: date) -> int:
    """The rows of one week; how many are new. Whoever else writes the same week in this instant writes the same."""
    people = {one.code: one for one in program.practitioners.all() if one.code in picture.facts.people}
    committed, delivered = _committed(program, picture, monday), _delivered(program, monday)
    rows = [
        LoadWeek(
            practitioner=one,
            monday=monday,
            committed_minutes=Decimal(committed.get(code, 0)),
            hours_minutes=in_week(picture, picture.facts.case.practitioner(code), monday).capacity_minutes,
            delivered_minutes=delivered.get(one.pk, Decimal(0)),
        )
        for code, one in people.items()
        if picture.facts.case.has_practitioner(code)
    ]
    before = LoadWeek.objects.filter(practitioner__program=program, monday=monday).count()
    LoadWeek.objects.bulk_create(rows, ignore_conflicts=True)
    return LoadWeek.objects.filter(practitioner__program=program, monday=monday).count() - before


def _committed(program: Program, picture: Picture, monday: date) -> dict[str, int]:
    """Minutes of the units that were hers on the first day of that week, travel included, by practitioner's code."""
    held = Assignment.objects.filter(unit__program=program)
    held = held.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=monday), Q(ends_on__isnull=True) | Q(ends_on__gt=monday))
    minutes: dict[str, int] = defaultdict(int)
    for piece, code in held.values_list("piece", "practitioner__code"):
        if piece in picture.facts.units and picture.facts.case.has_practitioner(code):
            minutes[code] += picture.facts.load_minutes(piece, code)
    return minutes


def _delivered(program: Program, monday: date) -> dict[int, Decimal]:
    """Minutes of the visits recorded as done in that week, by practitioner's key."""
    done = RecordedVisit.objects.filter(program=program, on__gte=monday, on__lt=monday + WEEK, outcome="done", practitioner__isnull=False)
    parts = {f"all_{name}": Coalesce(Sum(name), ZERO) for name in ("direct_minutes", "indirect_minutes", "travel_minutes")}
    rows = done.order_by().values("practitioner").annotate(**parts).values_list("practitioner", *parts)
    return {row[0]: sum(row[1:], Decimal(0)) for row in rows}


def _tell_overloads(program: Program, *, at: datetime) -> int:
    """Tells her and her manager of a sustained overload, once per spell. How many people's overload runs."""
    spells = spells_of(program)
    people = program.practitioners.filter(pk__in=spells).select_related("account")
    for one in people:
        spell = spells[one.pk]
        once = f"overload:{one.pk}:{spell.first_monday.isoformat()}"
        own: dict[str, object] = {"n": spell.weeks}
        notices.tell(notices.account_of(one), "overload", at=at, program=program, address="/my-load", values=own, once=once)
        told, address = own | {"practitioner": str(one)}, f"/programs/{program.code}/load-over-time"
        notices.tell(notices.planners_of(program), "overload", at=at, program=program, address=address, values=told, once=once)
    return len(spells)


def spells_of(program: Program) -> dict[int, Spell]:
    """Practitioner's key → the sustained overload that runs, up to the last week that is written."""
    return {key: spell for key, weeks in past_weeks(program).items() if (spell := running_spell(weeks)) is not None}


def spell_of(practitioner: Practitioner) -> Spell | None:
    """Her own, where one runs."""
    return running_spell(weeks_of(practitioner))


def weeks_of(practitioner: Practitioner) -> list[PastWeek]:
    """Her own weeks that are written, oldest first."""
    return _past(LoadWeek.objects.filter(practitioner=practitioner))


def past_weeks(program: Program) -> dict[int, list[PastWeek]]:
    """Practitioner's key → her last weeks that are written, oldest first."""
    last = LoadWeek.objects.filter(practitioner__program=program).order_by("-monday").values_list("monday", flat=True).first()
    if last is None:
        return {}
    rows = LoadWeek.objects.filter(practitioner__program=program, monday__gt=last - WEEKS_SHOWN * WEEK)
    found: dict[int, list[PastWeek]] = defaultdict(list)
    for key, week in _keyed(rows):
        found[key].append(week)
    return found


def _past(rows: QuerySet[LoadWeek]) -> list[PastWeek]:
    return [week for _, week in _keyed(rows)]


def _keyed(rows: QuerySet[LoadWeek]) -> Iterable[tuple[int, PastWeek]]:
    values = rows.order_by("practitioner_id", "monday").values_list("practitioner_id", "monday", "committed_minutes", "hours_minutes")
    return ((key, PastWeek(monday, Fraction(committed), hours)) for key, monday, committed, hours in values)


def percents(weeks: Iterable[PastWeek]) -> Mapping[date, Fraction]:
    """Load by week, in percent; weeks without hours are left out."""
    return {week.monday: week.percent for week in weeks if week.percent is not None}
