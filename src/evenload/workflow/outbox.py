"""The outbox: every line is sent at most once, and none is lost.

A worker claims a line by a guarded update, marks it right before the mail server could have it, hands it over, and writes down what
came of it. What a dead worker had only claimed goes to another one. What it had marked, nobody knows whether it left: such a line is
doubtful, is shown, and is never sent again by itself.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from evenload.records.access import Person
from evenload.records.models import Account, Mail, Notice
from evenload.workflow import journal, mailing
from evenload.workflow.mail_text import message_of
from evenload.workflow.mailing import Outcome
from evenload.workflow.notices import message_id, new_mail
from evenload.workflow.refused import Refused
from evenload.workflow.states import MAIL, step

log = logging.getLogger(__name__)

SILENT_AFTER: Final = timedelta(minutes=10)
"""Longer than any hand-over takes: after it, the worker that held the line is taken for dead."""
GIVE_UP_AFTER: Final = timedelta(days=3)
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
"""before the second, third … try; from then on, an hour"""
LATE_AFTER: Final = timedelta(minutes=15)
NOTHING_LEFT: Final = "nothing_left"
"""all that it told of is gone from the records, as with an example program that was deleted"""
SETTLED: Final = ("sent_again", "left", NOTHING_LEFT)
"""nothing is to be done any more: a director sent it again, or left it"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How the outbox stands. `late` wait although their time has come; failed and doubtful ones, where nobody acted yet."""

    waiting: int
    late: int
    failed: int
    doubtful: int


def send_next(worker: str, *, at: datetime) -> bool:
    """Give up on silent workers' lines, then send the mail whose turn it is. False: none waited."""
    reap(at=at)
    lines = claim(worker, at=at)
    if not lines:
        return False
    settle(lines, _handed_over(lines, at), at=at)
    return True


def claim(worker: str, *, at: datetime) -> list[Mail]:
    """The line whose turn it is, and the others to the same person that go in the same message; all of them are now `sending`."""
    token = f"{worker} {uuid.uuid4().hex}"[-100:]
    with transaction.atomic():
        due = Mail.objects.filter(state="waiting", not_before__lte=at)
        lead = due.select_for_update(skip_locked=True).order_by("not_before", "pk").first()
        if lead is None or not _take(due.filter(pk=lead.pk), token, at):
            return []
        if lead.kind == "notice":
            rest = due.filter(account=lead.account_id, kind="notice").select_for_update(skip_locked=True)
            _take(due.filter(pk__in=[one.pk for one in rest]), token, at, sent_with=lead)
        return list(_together(lead).filter(state="sending", taken_by=token).select_related("account").order_by("pk"))


def mark(lines: list[Mail], *, at: datetime) -> bool:
    """From now on the other side may have it. False: the lines are another worker's by now, and nothing may be handed over."""
    mine = _mine(lines).filter(state="sending", handed_at__isnull=True)
    with transaction.atomic():
        if mine.update(handed_at=at) == len(lines):
            return True
        transaction.set_rollback(True)
    return False


def settle(lines: list[Mail], outcome: Outcome, *, at: datetime) -> None:
    """Write down what came of a hand-over. Lines that were given up meanwhile stay as they are."""
    mine, lead = _mine(lines), lines[0]
    if outcome.kind == "sent":
        step(mine, MAIL, "sending", "sent", sent_at=at, refusal="")
    elif outcome.kind == "later" and at - min(one.made_at for one in lines) < GIVE_UP_AFTER:
        _put_back(mine, not_before=at + PAUSES[min(lead.attempt, len(PAUSES)) - 1], refusal=outcome.code)
    elif outcome.kind != "not_ours":
        _end(mine, lead, "doubtful" if outcome.kind == "unknown" else "failed", outcome.code, at=at)


def reap(*, at: datetime) -> int:
    """Lines whose worker fell silent: what it had only claimed waits again, what it was handing over is doubtful. How many."""
    silent = Mail.objects.filter(state="sending", taken_at__lte=at - SILENT_AFTER)
    claimed = silent.filter(handed_at__isnull=True)
    number = _put_back(claimed) if claimed.exists() else 0
    for lead in list(silent.filter(handed_at__isnull=False, sent_with__isnull=True)):
        number += _end(_together(lead).filter(taken_by=lead.taken_by), lead, "doubtful", "worker_lost", at=at)
    return number


def make_digests(*, at: datetime) -> int:
    """One mail with the day's notices for each person who wants that, once the hour has come. How many were made.

    Notices from before the hour are in it, unless they were read meanwhile; later ones wait for the next day's. Two workers make one.
    """
    hour = datetime.combine(timezone.localdate(at), time(settings.DIGEST_HOUR), tzinfo=timezone.get_current_timezone())
    if at < hour:
        return 0
    people = Account.objects.filter(notices__in_digest=True, notices__at__lt=hour).distinct().order_by("pk")
    return sum(_make_digest(one, hour, at) for one in people)


def ask_test(account: Account, *, by: Person, at: datetime) -> Mail:
    """A test mail to oneself, through the outbox like any other. Refused `no_address`, `test_waits`."""
    if not account.email:
        raise Refused("no_address")
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if Mail.objects.filter(account=account, kind="test", state__in=("waiting", "sending")).exists():
            raise Refused("test_waits")
        mail = new_mail(account, at=at, kind="test")
        mail.save(force_insert=True)
        journal.record(by, "mail.test", at=at, subject=mail)
    return mail


def send_again(mail: Mail, *, by: Person, at: datetime) -> Mail:
    """Send what failed or is doubtful once more, knowingly: a new line, with all that went together. Refused `mail_settled`."""
    with transaction.atomic():
        was = _settle_by_hand(mail, "sent_again")
        again = new_mail(mail.account, at=at, kind=mail.kind)
        again.save(force_insert=True)
        again.notices.set(Notice.objects.filter(mails__in=_together(mail)).distinct())
        journal.record(by, "mail.send_again", at=at, subject=again, instead_of=mail.pk, refusal=was)
    return again


def leave(mail: Mail, *, by: Person, at: datetime) -> None:
    """Leave what failed or is doubtful as it is: it is counted no more. Refused `mail_settled`."""
    with transaction.atomic():
        was = _settle_by_hand(mail, "left")
        journal.record(by, "mail.left", at=at, subject=mail, refusal=was)


def troubled() -> QuerySet[Mail]:
    """What failed or is doubtful and nobody acted on, newest first; lines that went together once."""
    rows = Mail.objects.filter(state__in=("failed", "doubtful"), sent_with__isnull=True).exclude(refusal__in=SETTLED)
    return rows.select_related("account").prefetch_related("notices").order_by("-pk")


def in_trouble(key: int) -> Mail | None:
    """The mail of that key, if it failed or is doubtful, also where somebody acted on it already."""
    return Mail.objects.filter(pk=key, state__in=("failed", "doubtful"), sent_with__isnull=True).first()


def counts(*, at: datetime) -> Counts:
    """How the outbox stands now: one query."""
    waiting, troubled_lines = Q(state__in=("waiting", "sending")), Q(sent_with__isnull=True) & ~Q(refusal__in=SETTLED)
    return Counts(
        **Mail.objects.aggregate(
            waiting=Count("pk", filter=waiting),
            late=Count("pk", filter=waiting & Q(made_at__lt=at - LATE_AFTER)),
            failed=Count("pk", filter=troubled_lines & Q(state="failed")),
            doubtful=Count("pk", filter=troubled_lines & Q(state="doubtful")),
        )
    )


def _handed_over(lines: list[Mail], at: datetime) -> Outcome:
    account = lines[0].account
    if not account.is_active:
        return Outcome("never", "account_off")
    if not account.email:
        return Outcome("never", "no_address")
    told = list(Notice.objects.filter(mails__in=lines).select_related("program").distinct().order_by("at", "pk"))
    if not told and lines[0].kind != "test":
        return Outcome("never", NOTHING_LEFT)
    try:
        message = message_of(lines[0], told)
    except Exception:
        log.exception("mail %s could not be worded", lines[0].pk)
        return Outcome("never", "not_writable")
    return mailing.hand_over(message, lambda: mark(lines, at=at))


def _mine(lines: list[Mail]) -> QuerySet[Mail]:
    """The lines of one claim, while they still are that claim's."""
    return Mail.objects.filter(pk__in=[one.pk for one in lines], taken_by=lines[0].taken_by)


def _put_back(rows: QuerySet[Mail], **changes: object) -> int:
    """They certainly did not leave: they wait again, each for itself."""
    number = rows.filter(state="sending").count()
    cleared = {"sent_with": None, "taken_by": "", "taken_at": None, "handed_at": None}
    return number if step(rows, MAIL, "sending", "waiting", **cleared, **changes) else 0


def _take(rows: QuerySet[Mail], token: str, at: datetime, **more: object) -> bool:
    return step(rows, MAIL, "waiting", "sending", taken_by=token, taken_at=at, attempt=F("attempt") + 1, **more)


def _together(lead: Mail) -> QuerySet[Mail]:
    return Mail.objects.filter(Q(pk=lead.pk) | Q(sent_with=lead))


def _end(rows: QuerySet[Mail], lead: Mail, after: str, code: str, *, at: datetime) -> int:
    """Failed or doubtful, with a line of the journal; how many lines."""
    with transaction.atomic():
        number = rows.filter(state="sending").count()
        if not step(rows, MAIL, "sending", after, refusal=code):
            return 0
        journal.record(None, f"mail.{after}", at=at, subject=lead, refusal=code, lines=number)
    log.warning("mail %s is %s: %s", lead.pk, after, code)
    return number


def _make_digest(account: Account, hour: datetime, at: datetime) -> bool:
    """The digest of one person and day, under an id that nobody else can write again. False: nothing to tell, or made already."""
    mail = new_mail(account, at=at, kind="digest")
    mail.message_id = message_id(f"digest-{account.pk}-{timezone.localdate(at).isoformat()}")
    waiting = Notice.objects.filter(account=account, in_digest=True, at__lt=hour)
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            told = list(waiting.values_list("pk", "read_at"))
            Notice.objects.filter(pk__in=[key for key, _ in told]).update(in_digest=False)
            unread = [key for key, read_at in told if read_at is None]
            if not unread or not account.is_active or not account.email:
                mail.delete()
                return False
            mail.notices.set(unread)
    except IntegrityError:
        return False
    return True


def _settle_by_hand(mail: Mail, how: str) -> str:
    """Marks every line that went together, and says what had stood in the way. The lead's row decides between two people."""
    was = mail.refusal
    found = Mail.objects.filter(pk=mail.pk, state__in=("failed", "doubtful")).exclude(refusal__in=SETTLED)
    if not found.update(refusal=how):
        raise Refused("mail_settled")
    mail.together.filter(state=mail.state).update(refusal=how)
    return was
