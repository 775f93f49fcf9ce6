"""The secret address at which a calendar follows a practitioner's week. Only its hash is kept; revoked, it answers nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from evenload.exchange.calendar_ics import Entry, calendar_bytes
from evenload.exchange.places import fsa_of
from evenload.records.access import PRACTITIONER, Person, own_practitioners, person_of
from evenload.records.models import CalendarFeed, Leave, OfferAnswer, PlannedVisit, Practitioner, Unit
from evenload.words import Words, label, words_in
from evenload.workflow import journal, planned_visits
from evenload.workflow.absence_rows import ABSENCE_OF_KIND

TOKEN_BYTES: Final = 32
WEEKS_BACK: Final = 4
WEEKS_AHEAD: Final = 12
READ_STEP: Final = timedelta(minutes=10)
"""when it was read last is written at most so often"""


def make(*, by: Person, at: datetime) -> str:
    """A new secret for her calendar's address, said this once. Consequence: the address of before answers nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        _revoke(by, at)
        feed = CalendarFeed.objects.create(account=by.account, token_hash=_hash(token), made_at=at)
        journal.record(by, "calendar.make", at=at, subject=feed)
    return token


def revoke(*, by: Person, at: datetime) -> bool:
    """Her calendar's address answers nothing any more; False where she had none."""
    with transaction.atomic():
        if not _revoke(by, at):
            return False
        journal.record(by, "calendar.revoke", at=at, subject=("account", by.account.pk))
    return True


def _revoke(by: Person, at: datetime) -> int:
    return CalendarFeed.objects.filter(account=by.account, revoked_at=None).update(revoked_at=at)


def feed_of(by: Person) -> CalendarFeed | None:
    """Her calendar's address, where she has one: when it was made and last read, never the secret."""
    return CalendarFeed.objects.filter(account=by.account, revoked_at=None).first()


def feed_at(token: str) -> CalendarFeed | None:
    """The feed of a secret: found by its hash, so that no answer's time tells how near a guess was. None: unknown, revoked, or its
    account is off or no practitioner's any more.
    """
    rows = CalendarFeed.objects.filter(token_hash=_hash(token), revoked_at=None, account__is_active=True)
    found = rows.select_related("account").first()
    return found if found is not None and person_of(found.account, PRACTITIONER) is not None else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def document(feed: CalendarFeed, *, at: datetime) -> bytes:
    """The calendar of now, in her language: visits, leave, and until when open offers wait. No client's name, initials or code.

    Consequence: when it was read is written down, at most every ten minutes.
    """
    person = person_of(feed.account, PRACTITIONER)
    mine = list(own_practitioners(person)) if person else []
    words = words_in(feed.account.language)
    today = timezone.localdate(at)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS_BACK)
    last = first + timedelta(weeks=WEEKS_BACK + WEEKS_AHEAD + 1, days=-1)
    entries = [*_visits(words, mine, first, last), *_leaves(words, mine, first, last), *_offers(words, mine, at)]
    if feed.read_at is None or at - feed.read_at > READ_STEP:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)
    zone = timezone.get_default_timezone()
    return calendar_bytes(entries, name=words.say("My week, Evenload"), zone=zone, at=at)


def _visits(words: Words, mine: Sequence[Practitioner], first: date, last: date) -> Iterable[Entry]:
    for one in mine:
        for row in planned_visits.between(one, first, last):
            yield _visit(words, row)


def _visit(words: Words, row: PlannedVisit) -> Entry:
    place, discipline = _place(words, row.unit), label(words, "discipline_short", row.unit.discipline)
    uid, summary = f"visit-{row.pk}@evenload", ", ".join(filter(None, (discipline, place or words.say("visit"))))
    if row.at is None:
        text = words.say("{visit}, {minutes}, no time agreed", visit=summary, minutes=words.duration(row.minutes))
        return Entry(uid, row.sequence, text, row.on, row.on, place=place)
    begins = datetime.combine(row.on, row.at, tzinfo=timezone.get_default_timezone())
    return Entry(uid, row.sequence, summary, begins, begins + timedelta(minutes=row.minutes), place=place, is_busy=True)


def _place(words: Words, unit: Unit) -> str:
    """The site's name; at home no more than the area: the first half of a postal code."""
    if unit.site is not None:
        return words.either(unit.site.name_en, unit.site.name_fr)
    return fsa_of(unit.postal or None) or ""


def _leaves(words: Words, mine: Sequence[Practitioner], first: date, last: date) -> Iterable[Entry]:
    rows = Leave.objects.filter(practitioner__in=mine, state="told", last_day__gte=first, first_day__lte=last)
    for row in rows.order_by("first_day", "pk"):
        kind = label(words, "absence", ABSENCE_OF_KIND[row.kind])
        yield Entry(f"leave-{row.pk}@evenload", 0, kind, row.first_day, row.last_day, is_busy=row.hours_per_day is None)


def _offers(words: Words, mine: Sequence[Practitioner], at: datetime) -> Iterable[Entry]:
    """Until when she can answer: no word of whom or where."""
    rows = OfferAnswer.objects.filter(practitioner__in=mine, state__in=("open", "conditional"), answer_by__gte=at)
    for row in rows.order_by("answer_by", "pk"):
        if row.answer_by is not None:
            yield Entry(f"offer-{row.pk}@evenload", 0, words.say("An offer waits for your answer until now"), row.answer_by, row.answer_by)
