"""Ten years behind the demonstration, by bulk inserts: what a service of 80 people leaves in its records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

REFERRALS, PAST_CLIENTS, ACTIVE_CLIENTS = 1_000_000, 150_000, 10_000
RECORDED_VISITS = 600_000
"""three or four a working day of each of the 80"""
DAYS_TO_ASSIGN, DAYS_TO_CLOSE = 10, 60
"""after a past referral came; its three steps are written down"""
JOURNAL_LINES, CLIENTS_IN_A_LINE = 500_000, 12
EDITIONS = 120
"""one a month, of every program, with every row of today's"""
AT_ONCE = 20_000
CACHE_KILOBYTES = 600_000


def add_years() -> dict[str, Any]:
    """Adds clients with referrals, visits, older editions with their drafts, ended assignments, and the journal; says what it added."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from evenload.records import models

    dice, now = Random(7), datetime.now(UTC)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # what is inserted in the order of nothing would be read from disk again and again
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
    with transaction.atomic():
        _clients(dice, now)
        _steps(now)
        _editions(now)
        _assignments(dice, now)
        _visits(dice, now)
        _journal(dice, now)
    tables = [models.Client, models.Referral, models.Edition, models.EditionRow, models.Draft, models.DraftPlacement, models.Assignment]
    tables += [models.RecordedVisit, models.ReferralStep]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*tables, models.JournalEntry, models.Publication]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    counts = {one._meta.verbose_name_plural: one._default_manager.count() for one in (*tables, models.JournalEntry)}
    return {"said": ", ".join(f"{count:,} {name}" for name, count in counts.items()) + ";"}


def insert(model: Any, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows of a model, written as they are, thousands at a time; what is not named has its default."""
    from django.db import connection

    others = [one for one in model._meta.concrete_fields if one.name not in names and not one.null and not one.primary_key]
    filled = [one.get_db_prep_save(one.get_default(), connection) for one in others]
    columns = [model._meta.get_field(name).column for name in names] + [one.column for one in others]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    statement = f"INSERT INTO {model._meta.db_table} ({quoted}) VALUES ({', '.join(['%s'] * len(columns))})"
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while some := [(*row, *filled) for row in islice(waiting, AT_ONCE)]:
            cursor.executemany(statement, some)


def _clients(dice: Random, now: datetime) -> None:
    from django.db.models import Max

    from evenload.records.models import Client, Referral, Unit

    units = list(Unit.objects.values_list("pk", "program_id", "discipline", "site_id"))
    first = (Client.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    home = [dice.choice(units) for _ in range(PAST_CLIENTS + ACTIVE_CLIENTS)]
    insert(
        Client,
        ["id", "program", "code", "initials", "name", "language", "language_asked_by"],
        ((first + n, unit[1], f"c{n}", "A.B.", "", dice.choice(["en", "fr", ""]), "") for n, unit in enumerate(home)),
    )
    today = now.date()

    def referrals() -> Iterator[Sequence[object]]:
        for n in range(REFERRALS):
            is_active = n < ACTIVE_CLIENTS
            whose = PAST_CLIENTS + n if is_active else dice.randrange(PAST_CLIENTS)
            unit, _, discipline, site = home[whose]
            received = today - timedelta(days=dice.randrange(120 if is_active else 3650))
            state = dice.choice(["assigned", "assigned", "assigned", "waiting"]) if is_active else "closed"
            yield first + whose, discipline, site, unit if is_active else None, dice.randint(1, 4), received, state

    insert(Referral, ["client", "discipline", "site", "unit", "priority", "received_on", "state"], referrals())


def _steps(now: datetime) -> None:
    """What was written down of each referral that has no step yet: it came, was given to somebody, and was closed, as its state says."""
    from evenload.records.models import Referral, ReferralStep

    rows = Referral.objects.filter(steps__isnull=True).order_by("pk").values_list("pk", "received_on", "state")

    def steps() -> Iterator[Sequence[object]]:
        for key, on, state in rows.iterator(chunk_size=AT_ONCE):
            at = datetime(on.year, on.month, on.day, 15, tzinfo=UTC)
            yield key, "", "received", at
            if state in ("assigned", "closed"):
                yield key, "waiting", "assigned", min(now, at + timedelta(days=DAYS_TO_ASSIGN))
            if state == "closed":
                yield key, "assigned", "closed", min(now, at + timedelta(days=DAYS_TO_CLOSE))

    insert(ReferralStep, ["referral", "before", "after", "at"], steps())


def _editions(now: datetime) -> None:
    """Older editions below today's, whose numbers move up; each with the draft that it was."""
    from django.db import connection
    from django.db.models import F, Max

    from evenload.records.models import Draft, DraftPlacement, Edition, EditionRow, Program, Publication
    from evenload.records.triggers import freeze, thaw

    thaw(connection)
    Edition.objects.update(number=F("number") + EDITIONS * 10)
    Edition.objects.update(number=F("number") - EDITIONS * 9)
    freeze(connection)
    edition = Edition.objects.aggregate(last=Max("pk"))["last"] + 1
    draft = Draft.objects.aggregate(last=Max("pk"))["last"] + 1
    columns = [field.name for field in EditionRow._meta.concrete_fields if field.name not in ("id", "edition")]
    for program in Program.objects.all():
        today = Edition.objects.get(program=program, is_current=True)
        rows = list(today.rows.values_list(*columns))
        names = ["id", "program", "number", "effective_on", "published_at", "published_by", "code", "is_current", "plan_run", "case_digest"]
        counts = ["waiting_units", "french_exceptions", "changed_rows"]
        days = [now - timedelta(days=30 * (EDITIONS + 1 - n)) for n in range(EDITIONS)]
        made = [
            (edition + n, program.pk, n + 1, day.date(), day, today.published_by_id, f"{program.pk}H{n}", False, None, "", 0, 0, 9)
            for n, day in enumerate(days)
        ]
        insert(Edition, [*names, *counts], made)
        insert(EditionRow, ["edition", *columns], ((one[0], *row) for one in made for row in rows))
        insert(
            Publication,
            ["edition", "state", "attempt", "written_at", "refusal", "files"],
            ((one[0], "written", 1, one[4], "", "[]") for one in made),
        )
        insert(
            Draft,
            ["id", "program", "begun_at", "closed_at", "version"],
            ((draft + n, program.pk, day, day, 9) for n, day in enumerate(days)),
        )
        placements = list(
            DraftPlacement.objects.filter(draft__program=program, draft__closed_at=None).values_list("unit_id", "piece", "practitioner_id")
        )
        insert(
            DraftPlacement,
            ["draft", "unit", "piece", "practitioner", "is_pinned", "version"],
            ((draft + n, *place, False, 0) for n in range(EDITIONS) for place in placements),
        )
        edition, draft = edition + EDITIONS, draft + EDITIONS


def _assignments(dice: Random, now: datetime) -> None:
    from evenload.records.models import Assignment, Practitioner

    people: dict[int, list[int]] = {}
    for key, program in Practitioner.objects.values_list("pk", "program_id"):
        people.setdefault(program, []).append(key)
    current = list(Assignment.objects.filter(ends_on=None).values_list("unit_id", "piece", "unit__program_id"))

    def ended() -> Iterator[Sequence[object]]:
        for unit, piece, program in current:
            for years in range(10):
                begun = now.date() - timedelta(days=365 * years + dice.randrange(400, 700))
                yield unit, piece, dice.choice(people[program]), begun, begun + timedelta(days=300)

    insert(Assignment, ["unit", "piece", "practitioner", "starts_on", "ends_on"], ended())


def _visits(dice: Random, now: datetime) -> None:
    """Visits in the last ten years, minutes as people write them: in steps of five."""
    from evenload.records.models import Assignment, RecordedVisit

    open_rows = Assignment.objects.filter(ends_on=None).order_by("pk")
    held = list(open_rows.values_list("unit__program_id", "unit__time_standard_id", "practitioner_id", "unit_id"))
    today = now.date()

    def seen() -> Iterator[Sequence[object]]:
        for _ in range(RECORDED_VISITS):
            on, minutes = today - timedelta(days=dice.randrange(1, 3650)), [5 * round(dice.gauss(mean, 3)) for mean in (9, 4, 3)]
            outcome = dice.choices(["done", "no_show", "cancelled"], [90, 4, 6])[0]
            yield *dice.choice(held), on, *(max(0, one) for one in minutes), outcome, "other" if outcome == "cancelled" else "", ""

    names = ["program", "time_standard", "practitioner", "unit", "on", "direct_minutes", "indirect_minutes", "travel_minutes", "outcome"]
    insert(RecordedVisit, [*names, "reason", "entry"], seen())


def _journal(dice: Random, now: datetime) -> None:
    """Lines after those of the demonstration, each chained to the one before as `workflow.journal` does it."""
    from evenload.records.models import Account, JournalEntry, Unit
    from evenload.workflow.journal import hash_of

    units = list(Unit.objects.values_list("code", "program_id"))
    people = list(Account.objects.values_list("pk", "full_name"))
    last = JournalEntry.objects.order_by("-number").first()
    assert last is not None
    begun = max(last.at, now)

    def lines() -> Iterator[Sequence[object]]:
        previous, number = last.hash, last.number
        for n in range(JOURNAL_LINES):
            number += 1
            at = begun - timedelta(days=3650 * (1 - n / JOURNAL_LINES))
            key, name = dice.choice(people)
            action, program = dice.choice(["desk.see", "unit.see", "list.see", "team.see"]), dice.choice(units)[1]
            shown = sorted({dice.choice(units)[0] for _ in range(CLIENTS_IN_A_LINE)})
            entry = JournalEntry(
                number=number, at=at, account_id=key, account_name=name, role="program_manager", action=action, program_id=program,
                client_ids=shown, facts={}, request_id="", address="127.0.0.1", previous_hash=previous,
            )  # fmt: skip
            previous = hash_of(entry)
            yield (
                number, at, key, name, "program_manager", action, program, "", "", json.dumps(shown), "{}", "", "127.0.0.1",
                entry.previous_hash, previous,
            )  # fmt: skip

    names = ["number", "at", "account_id", "account_name", "role", "action", "program_id", "subject_kind", "subject_id", "client_ids"]
    insert(JournalEntry, [*names, "facts", "request_id", "address", "previous_hash", "hash"], lines())
