"""Named questions to the records. Each costs the same number of queries whatever the number of rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex

from evenload.records.models import Account, Assignment, Client, JournalEntry, Program, Referral, ReferralStep, RoleOfAccount, Unit
from evenload.records.models.clients import OPEN_REFERRALS

JOURNAL_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class JournalSearch:
    """What the privacy officer looks for in the journal; what is empty does not narrow the search."""

    person: str = ""
    program: int | None = None
    action: str = ""
    client: str = ""
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None


def journal_lines(wanted: JournalSearch, zone: datetime.tzinfo) -> QuerySet[JournalEntry]:
    """The journal's lines that match, newest first. Days are those of the zone, both included."""
    lines = JournalEntry.objects.order_by("-number")
    if wanted.person:
        looked_for = wanted.person.casefold()
        lines = lines.filter(account_name__in=[name for name in _different("account_name") if looked_for in name.casefold()])
    if wanted.program is not None:
        lines = lines.filter(program_id=wanted.program)
    if wanted.action:
        lines = lines.filter(action=wanted.action)
    if wanted.client:
        lines = _showing(lines, wanted.client)
    if wanted.first_day:
        lines = lines.filter(at__gte=_midnight(wanted.first_day, zone))
    if wanted.last_day:
        lines = lines.filter(at__lt=_midnight(wanted.last_day + datetime.timedelta(days=1), zone))
    return lines


def journal_page(lines: QuerySet[JournalEntry], before: int | None) -> tuple[list[JournalEntry], int | None]:
    """One page of lines below the number `before` (the newest without one), and the number to go on below, None at the end."""
    rows = list((lines if before is None else lines.filter(number__lt=before))[: JOURNAL_PAGE + 1])
    return rows[:JOURNAL_PAGE], rows[JOURNAL_PAGE - 1].number if len(rows) > JOURNAL_PAGE else None


def actions_in_the_journal() -> list[str]:
    """Every action that was ever written down."""
    return _different("action")


def _different(column: str) -> list[str]:
    """Each value of an indexed column of the journal once, jumping from one to the next: as quick among millions of lines as among ten."""
    table, quoted = connection.ops.quote_name(JournalEntry._meta.db_table), connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE found(value) AS (SELECT min({quoted}) FROM {table} UNION ALL "
            f"SELECT (SELECT min({quoted}) FROM {table} WHERE {quoted} > found.value) FROM found WHERE found.value IS NOT NULL) "
            "SELECT value FROM found WHERE value IS NOT NULL"
        )
        return [str(value) for (value,) in cursor.fetchall()]


def _showing(lines: QuerySet[JournalEntry], client: str) -> QuerySet[JournalEntry]:
    """Lines that are about this client or unit, or showed it among others.

    PostgreSQL has an index for it; SQLite reads every line, half a million in a fifth of a second.
    """
    if connection.vendor == "postgresql":
        return lines.filter(Q(client_ids__contains=[client]) | Q(subject_id=client))
    place = StrIndex("client_ids", Value(json.dumps(client), output_field=TextField()))
    return lines.annotate(place=place).filter(Q(place__gt=0) | Q(subject_id=client))


def accounts_with_roles() -> QuerySet[Account]:
    """Every account by name, with its roles and their programs: two queries."""
    roles = Prefetch("roles", RoleOfAccount.objects.select_related("program").order_by("role", "program__code"))
    return Account.objects.order_by("full_name", "pk").prefetch_related(roles)


def open_referrals(program: Program) -> QuerySet[Referral]:
    """The open referrals of a program, found among the open ones of all programs: there are few of them, and many closed ones."""
    return Referral.objects.filter(pk__in=RawSQL(f"SELECT r.id FROM {_open_of_clients()} AND c.program_id = %s", [program.pk]))


OpenVersions: TypeAlias = tuple[int, int, int]
"""how many referrals are open, the sum of their versions, and the newest: other ones whenever a referral comes, changes or is closed"""


def open_referral_versions() -> dict[int, OpenVersions]:
    """Program → the versions of its open referrals; a program without one is left out. What is closed never changes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.program_id, COUNT(*), SUM(r.version), MAX(r.id) FROM {_open_of_clients()} GROUP BY c.program_id")
        return {program: (count, versions, newest) for program, count, versions, newest in cursor.fetchall()}


def first_step_at(program: Program) -> datetime.datetime | None:
    """When the first step of any of a program's referrals was written down. Read in the order of days until one is the program's."""
    found = RawSQL(f"SELECT s.id FROM {_steps_of_clients()} AND c.program_id = %s ORDER BY s.at LIMIT 1", [program.pk])
    return ReferralStep.objects.filter(pk__in=found).values_list("at", flat=True).first()


def steps_since(program: Program, at: datetime.datetime, after: str, before: Sequence[str]) -> QuerySet[ReferralStep]:
    """Steps of a program's referrals from a moment on, from one of some states to another; found by their days."""
    moment, of = connection.ops.adapt_datetimefield_value(at), f"AND s.after = %s AND s.before IN ({', '.join(['%s'] * len(before))})"
    found = RawSQL(
        f"SELECT s.id FROM {_steps_of_clients()} AND c.program_id = %s AND s.at >= %s {of}", [program.pk, moment, after, *before]
    )
    return ReferralStep.objects.filter(pk__in=found)


def _steps_of_clients() -> str:
    """Steps `s` with their clients `c`, as SQL that begins with the steps: else SQLite reads all of a program, to find some weeks."""
    step, referral, client = (connection.ops.quote_name(model._meta.db_table) for model in (ReferralStep, Referral, Client))
    return f"{step} s CROSS JOIN {referral} r CROSS JOIN {client} c WHERE r.id = s.referral_id AND c.id = r.client_id"


def _open_of_clients() -> str:
    """Open referrals `r` with their clients `c`, as SQL.

    SQLite cannot know that few of many are open: left to itself it reads every client and all of her referrals. CROSS JOIN makes it
    begin with the open ones, and states that stand there as they do in the index (`referral_open`) let it read that alone; to
    PostgreSQL it is the same as any other join.
    """
    referral, client = (connection.ops.quote_name(model._meta.db_table) for model in (Referral, Client))
    states = ", ".join(f"'{state}'" for state in OPEN_REFERRALS)
    return f"{referral} r CROSS JOIN {client} c WHERE r.state IN ({states}) AND c.id = r.client_id"


def programs_with_counts(programs: QuerySet[Program]) -> QuerySet[Program]:
    """Programs with `units_count`, `practitioners_count` and `waiting_count` (units that nobody looks after): one query."""
    looked_after = Assignment.objects.filter(unit=OuterRef("pk"), ends_on__isnull=True)
    waiting = Unit.objects.filter(~Exists(looked_after), closed_on__isnull=True)
    return programs.annotate(
        units_count=Count("units", distinct=True),
        practitioners_count=Count("practitioners", distinct=True),
        waiting_count=Count("units", filter=Q(units__in=waiting), distinct=True),
    )


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, zone)
