"""The parts of the pages of referrals: one line of the triage, the page of one referral, its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from evenload.planning import codes
from evenload.records.models import Assignment, ConsentDirective, JournalEntry, Program, Referral, TimeStandard
from evenload.records.queries import open_referrals
from evenload.web.referral_words import state_name, step_reason
from evenload.words import Words, label, message
from evenload.workflow.referrals_late import late

TABS: Final[Mapping[str, tuple[str, ...]]] = {
    "received": ("received",),
    "waiting": ("waiting", "offered"),
    "assigned": ("assigned",),
    "on_hold": ("on_hold",),
    "closed": ("closed",),
}
BY_ITSELF: Final = "Evenload"
"""whose step it was where nobody took it"""
PRIORITIES: Final = {1: message("1, most urgent"), 4: message("4, least urgent")}
"""those of the four that say more than their number"""


@dataclass(frozen=True, slots=True)
class Due:
    """One due date in words."""

    sentence: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One referral in the triage."""

    referral: Referral
    discipline: str
    language: str
    asks_french: bool
    place: str
    received: str
    state: str
    due: tuple[Due, ...]
    with_whom: str
    alike: int
    standards: tuple[tuple[str, str], ...]

    @property
    def is_late(self) -> bool:
        """Whether something was due before now."""
        return any(one.is_late for one in self.due)


def in_order(rows: QuerySet[Referral], now: datetime, today: date) -> QuerySet[Referral]:
    """Late ones on top, then by priority, then the longest wait."""
    is_late = Case(When(late(now, today), then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(late_first=is_late).order_by("late_first", "priority", "received_on", "pk")


def counts_of(rows: QuerySet[Referral], now: datetime, today: date) -> dict[str, int]:
    """How many stand in each tab, and how many are late; one query."""
    asked = {tab: Count("pk", filter=Q(state__in=states)) for tab, states in TABS.items()}
    found: dict[str, int] = rows.order_by().aggregate(**asked, late=Count("pk", filter=late(now, today)))
    return found


def lines_of(words: Words, program: Program, rows: Sequence[Referral], *, now: datetime) -> list[ReferralLine]:
    """The lines of a page; the queries do not grow with their number."""
    standards = list(program.time_standards.all())
    holders = holders_of([row.unit_id for row in rows if row.unit_id])
    alike = alike_among(program, rows)
    return [_line(words, row, standards, holders.get(row.unit_id or 0, ()), alike.get(row.pk, 0), now) for row in rows]


def _line(
    words: Words, row: Referral, standards: Iterable[TimeStandard], holders: Iterable[str], alike: int, now: datetime
) -> ReferralLine:
    return ReferralLine(
        referral=row,
        discipline=label(words, "discipline_short", row.discipline),
        language=language_of(words, row),
        asks_french=row.client.language == "fr",
        place=place_of(words, row),
        received=received(words, row, timezone.localdate(now)),
        state=state_name(words, row.state),
        due=dues(words, row, now),
        with_whom=words.list_of(holders),
        alike=alike,
        standards=standards_for(words, standards, row.discipline),
    )


def language_of(words: Words, row: Referral) -> str:
    """The language the client asked for; not asked is said as such."""
    return words.language_name(row.client.language) if row.client.language else words.say("language not asked")


def place_of(words: Words, row: Referral) -> str:
    """Her site, or at home with the first half of the postal code."""
    if row.site is not None:
        return words.either(row.site.name_en, row.site.name_fr)
    area = row.client.postal[:3]
    return words.say("at home, {area}", area=area) if area else words.say("at home")


def received(words: Words, row: Referral, today: date) -> str:
    """`received 2026-01-12, 9 days ago`, the days counted from when the client is available; closed ones say after how long."""
    since = max(row.received_on, row.available_from or row.received_on)
    count = max(0, ((row.closed_on or today) - since).days)
    if row.closed_on is not None:
        return words.say_n("closed after {n} day", "closed after {n} days", count)
    if not count or row.state == "assigned":
        return words.say("received {day}", day=row.received_on)
    return words.say_n("received {day}, waiting {n} day", "received {day}, waiting {n} days", count, day=row.received_on)


def standards_for(words: Words, standards: Iterable[TimeStandard], discipline: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the classes of a discipline."""
    return tuple((one.code, words.either(one.label_en, one.label_fr)) for one in standards if one.discipline == discipline)


def dues(words: Words, row: Referral, now: datetime) -> tuple[Due, ...]:
    """What is due, while it is due."""
    if row.state in ("closed", "on_hold"):
        return ()
    found = []
    if row.state == "received" and row.respond_by is not None and row.responded_at is None:
        here = timezone.localtime(row.respond_by)
        facts = {"day": words.date_sentence(here.date()), "time": words.clock(here.time())}
        is_late = row.respond_by < now
        said = (
            words.say("Late: the answer was due {day} at {time}", **facts) if is_late else words.say("Answer by {day} at {time}", **facts)
        )
        found.append(Due(said, is_late))
    if row.first_visit_by is not None and row.first_visit_on is None:
        is_late, day = row.first_visit_by < timezone.localdate(now), words.date_sentence(row.first_visit_by)
        said = words.say("Late: the first visit was due by {day}", day=day) if is_late else words.say("First visit by {day}", day=day)
        found.append(Due(said, is_late))
    return tuple(found)


def holders_of(units: Iterable[int]) -> dict[int, list[str]]:
    """Unit → names of those who have it now; one query."""
    found: dict[int, list[str]] = {}
    rows = Assignment.objects.filter(unit__in=list(units), ends_on__isnull=True).select_related("practitioner").order_by("piece")
    for row in rows:
        names = found.setdefault(row.unit_id, [])
        if str(row.practitioner) not in names:
            names.append(str(row.practitioner))
    return found


def alike_among(program: Program, rows: Iterable[Referral]) -> dict[int, int]:
    """How many other open referrals of the same discipline may be the same client's; one query."""
    shown = list(rows)
    initials = {row.client.initials for row in shown}
    others = open_referrals(program).filter(client__initials__in=initials)
    known: dict[tuple[str, str, int | None], set[int]] = {}
    for key, discipline, letters, born in others.values_list("pk", "discipline", "client__initials", "client__birth_year"):
        known.setdefault((discipline, letters, born), set()).add(key)
    counted = {}
    for row in shown:
        same = known.get((row.discipline, row.client.initials, row.client.birth_year), set())
        counted[row.pk] = len(same - {row.pk}) if row.client.birth_year is not None else 0
    return counted


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a referral's history."""

    at: datetime
    what: str
    who: str
    note: str


def history(words: Words, referral: Referral) -> list[HistoryLine]:
    """Every step, every judgement and every directive, the newest first."""
    lines = [*_steps(words, referral), *_judgements(words, referral), *_directives(words, referral)]
    return sorted(lines, key=lambda line: line.at)[::-1]


def _steps(words: Words, referral: Referral) -> Iterable[HistoryLine]:
    for step in referral.steps.select_related("by", "practitioner").order_by("pk"):
        what = words.say("Received") if not step.before else state_name(words, step.after)
        notes = [step_reason(words, step.reason), str(step.practitioner) if step.practitioner else ""]
        yield HistoryLine(step.at, what, step.by.full_name if step.by else BY_ITSELF, " · ".join(filter(None, notes)))


def _judgements(words: Words, referral: Referral) -> Iterable[HistoryLine]:
    rows = JournalEntry.objects.filter(action="referral.judge", subject_kind="referral", subject_id=str(referral.pk)).order_by("number")
    names = {one.code: words.either(one.label_en, one.label_fr) for one in referral.client.program.time_standards.all()}
    for row in rows:
        complexity = names.get(str(row.facts.get("complexity", "")), "")
        note = " · ".join(filter(None, [words.say("Priority {n}", n=row.facts.get("priority", "–")), complexity]))
        yield HistoryLine(row.at, words.say("Priority and complexity judged"), row.account_name or BY_ITSELF, note)


def _directives(words: Words, referral: Referral) -> Iterable[HistoryLine]:
    for one in directives_of(referral):
        yield HistoryLine(one.recorded_at, words.say("The client bars a practitioner"), one.recorded_by.full_name, str(one.practitioner))
        if one.lifted_at is not None and one.lifted_by is not None:
            yield HistoryLine(one.lifted_at, words.say("The client lifts the bar"), one.lifted_by.full_name, str(one.practitioner))


def directives_of(referral: Referral) -> QuerySet[ConsentDirective]:
    """Every directive of the client, lifted ones too."""
    rows = ConsentDirective.objects.filter(client=referral.client_id)
    return rows.select_related("practitioner", "recorded_by", "lifted_by").order_by("pk")


def priority_choices(words: Words) -> list[tuple[str, str]]:
    """Number and words of every priority."""
    return [(str(one), words.say(PRIORITIES[one]) if one in PRIORITIES else words.integer(one)) for one in codes.PRIORITIES]


def ways_on(referral: Referral, *, resumes_to: str) -> dict[str, Any]:
    """Which steps the page offers: those that are legal now and that a person takes by hand."""
    state, unit = referral.state, referral.unit
    return {
        "accept": state == "received" and resumes_to == "waiting",
        "assign": state == "received" and resumes_to == "assigned",
        "offer": state == "waiting" and unit is not None,
        "hold": state in ("waiting", "assigned"),
        "resume": resumes_to if state == "on_hold" else "",
        "close": state != "closed",
        "again": state == "closed",
    }
