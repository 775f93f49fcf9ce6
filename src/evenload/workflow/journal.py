"""The journal: one line per action and per look at a client, each chained to the line before by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, models, transaction

from evenload.records.access import Person
from evenload.records.models import JournalEntry, Program

BEFORE_THE_FIRST: Final = "0" * 64
LOCK_KEY: Final = 0x4556454E4C4F4144
"""of PostgreSQL's advisory lock: "EVENLOAD"; on SQLite an immediate transaction already is the only writer"""


class JournalError(RuntimeError):
    """A line was to be written outside a transaction: the change and its line would not stand or fall together."""


def record(
    by: Person | None,
    action: str,
    *,
    at: datetime,
    program: Program | None = None,
    subject: models.Model | tuple[str, object] | None = None,
    clients: Iterable[str] = (),
    **facts: object,
) -> JournalEntry:
    """Writes one line in the caller's transaction; call it last, so that the chain is held for a short time only.

    `by` is None for the worker and the command line. `clients` are codes of the clients or units that were shown or changed.
    """
    if not connection.in_atomic_block:
        raise JournalError(action)
    _hold_the_chain()
    last = JournalEntry.objects.order_by("-number").values_list("number", "hash").first()
    kind, key = _subject(subject)
    entry = JournalEntry(
        number=last[0] + 1 if last else 1,
        at=at.astimezone(UTC),
        account_id=by.account.pk if by else None,
        account_name=_text(by.account.full_name, 200) if by else "",
        role=by.role if by else "",
        action=action,
        program_id=program.pk if program else None,
        subject_kind=kind,
        subject_id=key,
        client_ids=sorted({_text(code) for code in clients}),
        facts=_plain(facts),
        request_id=by.request_id if by else "",
        address=by.address if by else "",
        previous_hash=last[1] if last else BEFORE_THE_FIRST,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    return entry


def record_alone(by: Person | None, action: str, *, at: datetime, **rest: Any) -> JournalEntry:
    """Writes one line in a transaction of its own: for a look, which changes nothing else."""
    with transaction.atomic():
        return record(by, action, at=at, **rest)


def verify() -> list[int]:
    """Numbers of the lines that are broken: missing, out of turn, or not what was written; empty when the journal is whole."""
    broken: list[int] = []
    expected, previous = 1, BEFORE_THE_FIRST
    for entry in JournalEntry.objects.order_by("number").iterator(chunk_size=2000):
        broken.extend(range(expected, min(entry.number, expected + 1000)))
        if entry.previous_hash != previous or entry.hash != hash_of(entry):
            broken.append(entry.number)
        expected, previous = entry.number + 1, entry.hash
    return broken


def hash_of(entry: JournalEntry) -> str:
    """SHA-256 of everything in the line and of the hash before it."""
    written = [
        entry.previous_hash,
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.account_id,
        entry.account_name,
        entry.role,
        entry.action,
        entry.program_id,
        entry.subject_kind,
        entry.subject_id,
        entry.client_ids,
        entry.facts,
        entry.request_id,
        entry.address,
    ]
    return hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _hold_the_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


def _subject(subject: models.Model | tuple[str, object] | None) -> tuple[str, str]:
    if subject is None:
        return "", ""
    if isinstance(subject, models.Model):
        return subject._meta.model_name or "", _text(getattr(subject, "piece", None) or getattr(subject, "code", None) or subject.pk, 210)
    return subject[0], _text(subject[1], 210)


def _plain(fact: object) -> Any:
    """What reads back from both databases exactly as it was written: texts, whole numbers, truths, lists and tables of them."""
    if isinstance(fact, Mapping):
        return {_text(name): _plain(value) for name, value in fact.items()}
    if isinstance(fact, list | tuple | set | frozenset):
        return [_plain(one) for one in (sorted(fact, key=str) if isinstance(fact, set | frozenset) else fact)]
    if fact is None or isinstance(fact, bool | int):
        return fact
    return _text(fact.isoformat() if hasattr(fact, "isoformat") else fact)


def _text(value: object, longest: int = 2000) -> str:
    """Text that both databases keep: no NUL, no lone surrogate, not too long."""
    return str(value).replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()[:longest]
