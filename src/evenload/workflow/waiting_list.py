"""The waiting list: referrals that wait and units that nobody has, by pool, with what is due; and the audit that keeps it true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.timezone import localdate

from evenload.records.access import Person
from evenload.records.models import Assignment, Program, Referral, Unit
from evenload.records.models.clients import AUDIT_ANSWERS, CLOSING_REASONS, OPEN_REFERRALS, WAITING_REFERRALS
from evenload.records.queries import open_referrals
from evenload.workflow import journal, referral_triage
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.referral_steps import codes_of
from evenload.workflow.refused import Refused

AUDIT_EVERY: Final = timedelta(days=30)
"""Who was not asked for so long is asked again whether she still waits."""
AGES: Final = {"0-30": (0, 30), "31-90": (31, 90), "91-180": (91, 180), "181": (181, 100_000)}
"""days waited, from and to"""
LONGEST_NOTE: Final = 500
DUPLICATE: Final = "duplicate"
NO_LONGER: Final = tuple(reason for reason in CLOSING_REASONS if reason != DUPLICATE)
"""why somebody no longer waits"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a referral, or a unit without one. Days the client chose herself (`own_days`) are not waited.

    `language` empty: not asked. `due`: the next day that is owed, to answer (`respond`) or to see her first (`first_visit`).
    """

    is_unit: bool
    key: int
    discipline: str
    language: str
    priority: int
    since: date | None
    days: int | None
    own_days: int
    due: date | None
    due_kind: str
    is_late: bool
    is_audit_due: bool
    blocks: tuple[int, int] | None = None
    """of a unit in blocks of which somebody has some: how many wait, and how many there are"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page shows: empty takes all. `only`: `late` or `audit`."""

    discipline: str = ""
    language: str = ""
    priority: int = 0
    age: str = ""
    only: str = ""
    sort: str = "due"

    def takes(self, row: Row) -> bool:
        """Whether the row is shown."""
        if (self.discipline and row.discipline != self.discipline) or (self.priority and row.priority != self.priority):
            return False
        if self.language and language_group(row.language) != self.language:
            return False
        if self.age and (row.days is None or not AGES[self.age][0] <= row.days <= AGES[self.age][1]):
            return False
        return not ((self.only == "late" and not row.is_late) or (self.only == "audit" and not row.is_audit_due))


@dataclass(frozen=True, slots=True)
class Pool:
    """What waits of one discipline and language. Waits in days; None where nothing says since when."""

    discipline: str
    language: str
    count: int
    late: int
    oldest_days: int | None
    median_days: Fraction | None


def language_group(language: str) -> str:
    """`fr`, `en`, `other`, or `not_asked`."""
    return (language if language in ("fr", "en") else "other") if language else "not_asked"


NEVER: Final = date.max
SORTS: Final[dict[str, Callable[[Row], Any]]] = {
    "due": lambda row: (not row.is_late, row.due or NEVER, row.priority, row.since or NEVER),
    "age": lambda row: (-(row.days if row.days is not None else -1), row.priority),
    "priority": lambda row: (row.priority, not row.is_late, row.due or NEVER, row.since or NEVER),
    "discipline": lambda row: (row.discipline, not row.is_late, row.due or NEVER, row.since or NEVER),
    "language": lambda row: (language_group(row.language), not row.is_late, row.due or NEVER, row.since or NEVER),
}
"""order → by what; in any of them equal rows stand by key"""


def rows_of(program: Program, *, today: date) -> list[Row]:
    """Everything that waits in a program; the number of queries does not depend on how much it is."""
    return [*_referrals(program, today), *_units(program, today), *_partly(program, today)]


def shown(rows: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The rows that are wanted, in the order that is wanted."""
    order = SORTS[wanted.sort]
    return sorted((row for row in rows if wanted.takes(row)), key=lambda row: (order(row), row.is_unit, row.key))


def pools(rows: Iterable[Row]) -> list[Pool]:
    """Counts and waits per discipline and language, the most on top."""
    kept: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        kept[row.discipline, language_group(row.language)].append(row)
    found = [pool(held, *names) for names, held in kept.items()]
    return sorted(found, key=lambda one: (-one.count, one.discipline, one.language))


def pool(rows: Sequence[Row], discipline: str = "", language: str = "") -> Pool:
    """These rows together."""
    days = [row.days for row in rows if row.days is not None]
    middle = Fraction(median(days)) if days else None  # of whole days: the half between two is exact
    return Pool(discipline, language, len(rows), sum(row.is_late for row in rows), max(days, default=None), middle)


def _referrals(program: Program, today: date) -> Iterable[Row]:
    rows = open_referrals(program).filter(state__in=WAITING_REFERRALS)
    fields = ("pk", "discipline", "client__language", "priority", "received_on", "available_from")
    dates = ("respond_by", "responded_at", "first_visit_by", "first_visit_on", "audited_on")
    for key, discipline, language, priority, since, available, *due in rows.order_by().values_list(*fields, *dates):
        respond_by, responded_at, visit_by, visit_on, audited_on = due
        counted_from = max(since, available) if available else since
        kind, day = _due(respond_by if responded_at is None else None, visit_by if visit_on is None else None)
        yield Row(
            is_unit=False,
            key=key,
            discipline=discipline,
            language=language,
            priority=priority,
            since=since,
            days=max(0, (today - counted_from).days),
            own_days=max(0, (min(counted_from, today) - since).days),
            due=day,
            due_kind=kind,
            is_late=day is not None and day < today,
            is_audit_due=today - (audited_on or since) >= AUDIT_EVERY,
        )


def _due(respond_by: datetime | None, visit_by: date | None) -> tuple[str, date | None]:
    """What is owed first."""
    days = [("respond", localdate(respond_by))] if respond_by else []
    days += [("first_visit", visit_by)] if visit_by else []
    return min(days, key=lambda one: one[1]) if days else ("", None)


def _units(program: Program, today: date) -> Iterable[Row]:
    """Units that nobody has and no open referral stands behind: they came in with an imported list."""
    held = Assignment.objects.filter(unit=OuterRef("pk"), ends_on__isnull=True)
    referred = Referral.objects.filter(unit=OuterRef("pk"), state__in=OPEN_REFERRALS)
    yield from _unit_rows(Unit.objects.filter(~Exists(held), ~Exists(referred), program=program, closed_on__isnull=True), today, {})


def _partly(program: Program, today: date) -> Iterable[Row]:
    """Units in blocks of which some wait and some do not; none where the facts contradict each other."""
    if program.block_hours is None:
        return
    try:
        picture = picture_of_now(program)
    except Refused:
        return
    pieces: dict[str, list[bool]] = defaultdict(list)
    for piece in picture.facts.case.units:
        pieces[piece.stated_id].append(picture.places[piece.id].practitioner is None)
    partly = {code: (sum(waits), len(waits)) for code, waits in pieces.items() if any(waits) and not all(waits)}
    yield from _unit_rows(Unit.objects.filter(program=program, code__in=list(partly) or [""], closed_on__isnull=True), today, partly)


def _unit_rows(rows: QuerySet[Unit], today: date, partly: Mapping[str, tuple[int, int]]) -> Iterable[Row]:
    fields = ("code", "pk", "discipline", "language", "site__language", "priority", "waiting_since", "from_date")
    for code, key, discipline, language, of_site, priority, since, begins_on in rows.order_by().values_list(*fields):
        counted_from = max(since, begins_on) if since and begins_on else since
        yield Row(
            is_unit=True,
            key=key,
            discipline=discipline,
            language=language or of_site or "",
            priority=priority,
            since=since,
            days=max(0, (today - counted_from).days) if counted_from else None,
            own_days=max(0, (min(counted_from, today) - since).days) if counted_from and since else 0,
            due=None,
            due_kind="",
            is_late=False,
            is_audit_due=False,
            blocks=partly.get(code),
        )


def same_clients(program: Program, referrals: Iterable[Referral]) -> dict[int, list[Referral]]:
    """Key of a referral → other open ones of its discipline that may be the same; two queries.

    The same client, the same number of the sender, or the same initials and year of birth. Of the open ones, which may be thousands,
    only the columns that tell are read, and whole only those that are found.
    """
    columns = ("pk", "discipline", "client", "number", "client__initials", "client__birth_year")
    found: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for key, discipline, client, number, initials, birth_year in open_referrals(program).order_by("pk").values_list(*columns):
        for mark in _marks(discipline, client, number, initials, birth_year):
            found[mark].append(key)
    alike = {one.pk: [key for key in _in_order(found, one) if key != one.pk] for one in referrals}
    named = {key for keys in alike.values() for key in keys}
    known = open_referrals(program).select_related("client", "site").in_bulk(named or {0})
    return {key: [known[other] for other in others if other in known] for key, others in alike.items()}


def _in_order(found: Mapping[tuple[object, ...], list[int]], one: Referral) -> Iterable[int]:
    """Everybody with a mark of this referral, each once, mark by mark."""
    marks = _marks(one.discipline, one.client_id, one.number, one.client.initials, one.client.birth_year)
    return dict.fromkeys(key for mark in marks for key in found[mark])


def _marks(discipline: str, client: int, number: str, initials: str, birth_year: int | None) -> Iterable[tuple[object, ...]]:
    yield "client", discipline, client
    if number:
        yield "number", discipline, number.casefold()
    if birth_year:
        letters = "".join(letter for letter in initials.casefold() if letter.isalnum())
        yield "initials", discipline, letters, birth_year


def audit(referral: Referral, answer: str, *, seen_version: int, by: Person, at: datetime, note: str = "") -> Referral:
    """Keep what an audit found: still waiting, not reached, or that the needs have changed, which needs a few words.

    Refused `audit_answer_missing`, `audit_note_missing`, `not_waiting` {state}, `referral_changed` where somebody was quicker.
    """
    if answer not in AUDIT_ANSWERS:
        raise Refused("audit_answer_missing")
    if answer == "needs_changed" and not note.strip():
        raise Refused("audit_note_missing")
    with transaction.atomic():
        held = _waiting(referral)
        changes: dict[str, Any] = {"audited_on": localdate(at), "audited_by": by.account, "audit_answer": answer}
        if note.strip():
            changes["note"] = f"{localdate(at).isoformat()}: {note.strip()} {held.note}".strip()[:LONGEST_NOTE]
        rows = Referral.objects.filter(pk=held.pk, version=seen_version, state__in=WAITING_REFERRALS)
        if not rows.update(version=F("version") + 1, **changes):
            raise Refused("referral_changed")
        journal.record(by, "waiting_list.audit", at=at, program=held.client.program, subject=held, clients=codes_of(held), answer=answer)
    held.refresh_from_db()
    return held


def no_longer(referral: Referral, reason: str, *, seen_version: int, by: Person, at: datetime) -> Referral:
    """Close what no longer waits, with its reason. Refused `closing_reason_missing`, `not_waiting`, and as any step is."""
    if reason not in NO_LONGER:
        raise Refused("closing_reason_missing")
    held = _waiting(referral)
    return referral_triage.act(held, referral_triage.Asked("closed", seen_version, reason=reason), by=by, at=at)


def duplicate(referral: Referral, of: Referral, *, seen_version: int, by: Person, at: datetime) -> Referral:
    """Close a referral as the duplicate of another one, which stays open and which it leads to.

    Refused `duplicate_of_itself`, `duplicate_unlike` where the other is of another program or discipline, `duplicate_closed` where
    it is not open, `not_waiting`, and as any step is.
    """
    with transaction.atomic():
        held = _waiting(referral)
        other = Referral.objects.select_for_update(of=("self",)).select_related("client").get(pk=of.pk)
        if other.pk == held.pk:
            raise Refused("duplicate_of_itself")
        if (other.client.program_id, other.discipline) != (held.client.program_id, held.discipline):
            raise Refused("duplicate_unlike")
        if other.state not in OPEN_REFERRALS:
            raise Refused("duplicate_closed")
        closed = referral_triage.act(held, referral_triage.Asked("closed", seen_version, reason=DUPLICATE), by=by, at=at)
        Referral.objects.filter(pk=closed.pk).update(duplicate_of=other)
        journal.record(
            by, "waiting_list.duplicate", at=at, program=closed.client.program, subject=closed, clients=codes_of(closed), of=other.pk
        )
    closed.refresh_from_db()
    return closed


def _waiting(referral: Referral) -> Referral:
    held = Referral.objects.select_related("client__program", "unit").get(pk=referral.pk)
    if held.state not in WAITING_REFERRALS:
        raise Refused("not_waiting", state=held.state)
    return held
