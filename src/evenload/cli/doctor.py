"""`evenload doctor`: what this installation needs, looked at one by one; each fault with what to do."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import typer

from evenload.cli.options import Lang, Quiet
from evenload.cli.records_room import database_problem, open_records
from evenload.cli.session import terminal_of
from evenload.cli.terminal import Terminal
from evenload.words import Words, message

HELP = message(
    "Look at this installation: folders, database, tables, journal, worker, publications, mails. Ends with 1 where something is wrong."
)
LEAST_FREE_BYTES = 1_000_000_000
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    is_well: bool
    sentence: str


def doctor(ctx: typer.Context, lang: Lang = None, quiet: Quiet = False) -> None:
    """Looks at everything, then ends with 0 or 1."""
    terminal = terminal_of(ctx, lang, quiet)
    open_records(terminal, migrate=False)
    found = list(findings(terminal))
    for one in found:
        mark = terminal.words.say("well") if one.is_well else terminal.words.say("WRONG")
        terminal.result(f"{mark:>7}  {one.sentence}")
    if any(not one.is_well for one in found):
        raise typer.Exit(1)


def findings(terminal: Terminal) -> Iterator[Finding]:
    """Every finding; what needs the database is left out where it does not answer."""
    from django.conf import settings
    from django.db import DatabaseError

    words = terminal.words
    yield _folder(words, Path(settings.HOME))
    yield _folder(words, Path(settings.PUBLISH_DIR))
    yield _space(words, Path(settings.HOME))
    yield _hosts(words, list(settings.ALLOWED_HOSTS), is_behind_tls=settings.BEHIND_TLS)
    looks: tuple[Callable[[Words], Finding], ...] = (_database, _tables, _journal, _runs, _publications, _reports, _mails)
    for look in looks:
        try:
            finding = look(words)
        except DatabaseError as error:
            yield Finding(False, database_problem(terminal, error))
            return
        yield finding
        if look is _tables and not finding.is_well:
            return


def _folder(words: Words, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        return Finding(False, words.say("{place}: Could not be written: {reason}.", place=str(folder), reason=reason))
    return Finding(True, words.say("{place}: can be written.", place=str(folder)))


def _space(words: Words, folder: Path) -> Finding:
    free = shutil.disk_usage(folder if folder.exists() else Path(os.sep)).free
    return Finding(free >= LEAST_FREE_BYTES, words.say("Free space for the records: {size} GB.", size=words.number(free / 1e9)))


def _hosts(words: Words, hosts: list[str], *, is_behind_tls: bool) -> Finding:
    is_local = set(hosts) <= {"127.0.0.1", "localhost", "[::1]"}
    if is_local or is_behind_tls:
        return Finding(True, words.say("Answers to the names {names}.", names=words.list_of(hosts)))
    return Finding(
        False,
        words.say("Answers to {names} without encryption. Put a TLS proxy in front and set EVENLOAD_TLS=1.", names=words.list_of(hosts)),
    )


def _database(words: Words) -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            answer = str(cursor.fetchone()[0])
            return Finding(answer == "ok", words.say("SQLite: {answer}.", answer=answer))
        cursor.execute("SHOW server_version")
        return Finding(True, words.say("PostgreSQL {version} answers.", version=str(cursor.fetchone()[0])))


def _tables(words: Words) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        sentence = words.say_n(
            "{n} change of the tables is missing. Start evenload serve once.",
            "{n} changes of the tables are missing. Start evenload serve once.",
            len(missing),
        )
        return Finding(False, sentence)
    return Finding(True, words.say("The tables are those of this version."))


def _journal(words: Words) -> Finding:
    from evenload.records.models import JournalEntry
    from evenload.workflow.journal import verify

    broken = verify()
    if broken:
        sentence = words.say_n(
            "The journal is broken: {n} line is not what was written. The first is line {number}.",
            "The journal is broken: {n} lines are not what was written. The first is line {number}.",
            len(broken),
            number=broken[0],
        )
        return Finding(False, sentence)
    return Finding(True, words.say_n("The journal is whole: {n} line.", "The journal is whole: {n} lines.", JournalEntry.objects.count()))


def _runs(words: Words) -> Finding:
    from django.utils import timezone

    from evenload.records.models import PlanRun

    waiting = PlanRun.objects.filter(state="asked", asked_at__lt=timezone.now() - PATIENCE).count()
    if waiting:
        sentence = words.say_n(
            "{n} plan waits for a worker. Is evenload serve or evenload work running?",
            "{n} plans wait for a worker. Is evenload serve or evenload work running?",
            waiting,
        )
        return Finding(False, sentence)
    return Finding(True, words.say("No plan waits for a worker."))


def _publications(words: Words) -> Finding:
    from evenload.records.models import Publication

    late = Publication.objects.filter(state="failed").count()
    if late:
        sentence = words.say_n(
            "{n} edition could not be written to the shared drive yet; it is tried again every minute.",
            "{n} editions could not be written to the shared drive yet; they are tried again every minute.",
            late,
        )
        return Finding(False, sentence)
    return Finding(True, words.say("Every edition is on the shared drive."))


def _reports(words: Words) -> Finding:
    from evenload.workflow.report_schedules import newest

    late = newest().filter(state="failed").count()
    if late:
        sentence = words.say_n(
            "{n} report could not be written to the shared drive yet; it is tried again, and the page Reports says why.",
            "{n} reports could not be written to the shared drive yet; they are tried again, and the page Reports says why.",
            late,
        )
        return Finding(False, sentence)
    return Finding(True, words.say("Every report that was due is on the shared drive."))


def _mails(words: Words) -> Finding:
    from django.conf import settings
    from django.utils import timezone

    from evenload.workflow import outbox

    now = outbox.counts(at=timezone.now())
    if now.late or now.failed or now.doubtful:
        sentence = words.say(
            "Mails: {late} wait for more than 15 minutes, {failed} failed, {doubtful} doubtful. A director decides on the page Mails.",
            late=now.late,
            failed=now.failed,
            doubtful=now.doubtful,
        )
        return Finding(False, sentence)
    if settings.MAIL_WAY.kind != "smtp":
        return Finding(True, words.say("Mails: none leaves this installation; EVENLOAD_MAIL states no mail server."))
    return Finding(True, words.say("Mails leave through {server}: {n} waiting.", server=settings.MAIL_WAY.host, n=now.waiting))
