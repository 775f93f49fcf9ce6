"""Only the people affected are told: what an edition changes for whom, shown to her until she has opened the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from evenload.records.access import Person, programs_for
from evenload.records.models import Account, Edition, EditionNotice, Notice, Practitioner, Program
from evenload.workflow import notices
from evenload.workflow.edition_differences import RowChange

BATCH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of an edition by name, and who is not because no account is linked to her."""

    named: tuple[str, ...]
    without_account: tuple[str, ...]


def write(edition: Edition, changes: Iterable[RowChange]) -> None:
    """Tells every practitioner whom a change touches, in the transaction that publishes; what changed, her list shows her."""
    touched: dict[str, list[list[str]]] = defaultdict(list)
    for change in changes:
        for code in change.people():
            touched[code].append([change.piece, change.kind])
    people = {one.code: one for one in Practitioner.objects.filter(program=edition.program_id, code__in=touched).select_related("account")}
    details = [EditionNotice(edition=edition, practitioner=people[code], changes=rows) for code, rows in touched.items() if code in people]
    EditionNotice.objects.bulk_create(details, batch_size=BATCH)
    facts = {"number": edition.number, "day": edition.effective_on}
    notices.tell_each(
        [(one, facts | {"n": len(rows)}) for code, rows in touched.items() if code in people for one in notices.account_of(people[code])],
        "edition_published",
        at=edition.published_at,
        program=edition.program,
        address=f"/programs/{edition.program.code}/list",
    )


def told(program: Program, people: Iterable[str]) -> Told:
    """Names of those whom a change touches: who will see it when she signs in, and who has no account yet."""
    rows = Practitioner.objects.filter(program=program, code__in=list(people)).select_related("account")
    named = [(str(one), one.account is not None and one.account.is_active) for one in rows]
    return Told(tuple(name for name, may_see in named if may_see), tuple(name for name, may_see in named if not may_see))


def unread(person: Person) -> QuerySet[EditionNotice]:
    """What changed for this person and she has not seen: of her programs, the newest edition first."""
    mine = EditionNotice.objects.filter(practitioner__account=person.account, read_at__isnull=True)
    mine = mine.filter(edition__program__in=programs_for(person, "list.see"))
    return mine.select_related("edition", "edition__program", "practitioner").order_by("-edition__published_at", "id")


def mark_read(edition: Edition, account: Account, *, at: datetime) -> None:
    """She has opened the list: what it and older editions of its program changed for her is read."""
    mine = EditionNotice.objects.filter(practitioner__account=account, read_at__isnull=True)
    mine.filter(edition__program=edition.program_id, edition__number__lte=edition.number).update(read_at=at)
    told_of = Notice.objects.filter(account=account, event="edition_published", program=edition.program_id, read_at__isnull=True)
    told_of.filter(values__number__lte=edition.number).update(read_at=at)
