"""What people are told: one row per person in the transaction of what happened, and a line in the outbox where she wants a mail."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from evenload.records.access import DIRECTOR, MANAGES_PROGRAMS
from evenload.records.models import Account, Mail, Notice, NoticeChoice, Practitioner, Program
from evenload.workflow.notice_events import REACH

VALUES: Final = frozenset({"practitioner", "program", "area", "discipline", "until", "day", "due", "number", "n", "answer"})
"""What a sentence may hold. Nothing of a client is among them, so nothing of a client can be told."""

LONGEST_VALUE: Final = 200
GATHER: Final = datetime.timedelta(minutes=1)
"""A mail waits this long for others to the same person: they go in one message."""


def tell(
    accounts: Iterable[Account],
    event: str,
    *,
    at: datetime.datetime,
    program: Program | None = None,
    address: str = "",
    values: Mapping[str, object] | None = None,
    once: str = "",
) -> None:
    """Tells each of these people, as she chose, in the caller's transaction; who is switched off or chose nothing is not told.

    With `once` she is told of the same thing once, whoever tells it again. `values` fill the sentence of the event:
    ValueError for any other name than those of VALUES. KeyError for an unknown event.
    """
    tell_each(((one, values or {}) for one in accounts), event, at=at, program=program, address=address, once=once)


def tell_each(
    told: Iterable[tuple[Account, Mapping[str, object]]],
    event: str,
    *,
    at: datetime.datetime,
    program: Program | None = None,
    address: str = "",
    once: str = "",
) -> None:
    """As `tell`, with values of each person's own. A fixed number of queries, but for `once`: there, a few for each person."""
    people = {one.pk: (one, _kept(values)) for one, values in told if one.is_active}
    channels = channels_of(people, event)
    made = [
        Notice(
            account=one,
            program=program,
            event=event,
            values=kept,
            address=address,
            at=at,
            in_digest=channels[key] == "digest" and bool(one.email),
            once=once,
        )
        for key, (one, kept) in sorted(people.items())
        if channels[key] != "nothing"
    ]
    if not made:
        return
    with transaction.atomic():
        new = _told_once(made) if once else Notice.objects.bulk_create(made)
        _write_mails([one for one in new if channels[one.account_id] == "mail" and one.account.email], at)


def planners_of(program: Program) -> list[Account]:
    """Who plans the program: its managers; the directors where it has none."""
    found = _in_role(MANAGES_PROGRAMS, roles__program=program)
    return found or directors()


def directors() -> list[Account]:
    """The directors of the organisation."""
    return _in_role(DIRECTOR)


def account_of(practitioner: Practitioner) -> list[Account]:
    """The account of a practitioner: one, or none where no active one is linked."""
    one = practitioner.account
    return [one] if one is not None and one.is_active else []


def channels_of(keys: Iterable[int], event: str) -> dict[int, str]:
    """How each of these accounts, by key, is told of an event: as she chose, else as the event's default says."""
    default, wanted = REACH[event].channel, list(keys)
    chosen = dict(NoticeChoice.objects.filter(account__in=wanted, event=event).values_list("account_id", "channel"))
    return {key: chosen.get(key, default) for key in wanted}


def new_mail(account: Account, *, at: datetime.datetime, kind: str = "notice") -> Mail:
    """A line of the outbox that is not in the records yet: to whom, in her language, under an id of its own."""
    return Mail(account=account, language=account.language, kind=kind, message_id=message_id(uuid.uuid4().hex), not_before=at, made_at=at)


def message_id(unique: str) -> str:
    """`<unique@host>`: the id by which every mail server knows a message again."""
    return f"<{unique}@{settings.MAIL_DOMAIN}>"


def _in_role(role: str, **rest: object) -> list[Account]:
    return list(Account.objects.filter(roles__role=role, is_active=True, **rest).distinct().order_by("pk"))


def _told_once(notices: list[Notice]) -> list[Notice]:
    """Those that were new. Each stands in a savepoint: what was told before costs nobody her transaction."""
    new = []
    for notice in notices:
        try:
            with transaction.atomic():
                notice.save(force_insert=True)
        except IntegrityError:
            if not Notice.objects.filter(account=notice.account_id, event=notice.event, once=notice.once).exists():
                raise
        else:
            new.append(notice)
    return new


def _write_mails(notices: list[Notice], at: datetime.datetime) -> None:
    lines = [new_mail(one.account, at=at) for one in notices]
    for line in lines:
        line.not_before = at + GATHER
    mails = Mail.objects.bulk_create(lines)
    tells = Mail.notices.through
    tells.objects.bulk_create(tells(mail_id=mail.pk, notice_id=notice.pk) for mail, notice in zip(mails, notices, strict=True))


def _kept(values: Mapping[str, object]) -> dict[str, Any]:
    """Texts without control characters, whole numbers, days and moments as ISO; empty ones are left out."""
    if unknown := values.keys() - VALUES:
        raise ValueError(f"values of a notice: expected some of {', '.join(sorted(VALUES))}, got {', '.join(sorted(unknown))}")
    return {name: _plain(value) for name, value in values.items() if value is not None and value != ""}


def _plain(value: object) -> str | int:
    if isinstance(value, int):
        return value
    clean = re.sub(
        r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", value.isoformat() if isinstance(value, datetime.date) else str(value)
    )
    return _local(clean.strip()[:LONGEST_VALUE])


def _local(text: str) -> str:
    """A moment in the organisation's time, to the minute; any other text stays as it is."""
    try:
        at = datetime.datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return text
    return timezone.localtime(at).isoformat(timespec="minutes") if at is not None and at.tzinfo is not None else text
