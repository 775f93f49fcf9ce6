"""Workers killed (SIGKILL) while they mail and let offers lapse: every line is sent at most once, and none is lost.

What counts is what a real mail server took. A line of which nobody knows whether it left is doubtful, and stays so.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import connection
from django.utils import timezone

from cast import Cast, account, person
from evenload.records.models import Account, Draft, JournalEntry, Mail, Notice, Offer
from evenload.workflow import drafts, journal, notices, offers, outbox
from evenload.workflow.offers import Terms
from mail_server import MailServer
from workflow.test_worker import database_url

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FORKED = Path(__file__).with_name("workers_forked.py")
PEOPLE = 8
LONGEST_SECONDS = 0.15
PIECE = "u6"


@dataclass
class Round:
    """What is running: the server, the process that begins workers, and who is told."""

    server: MailServer
    forked: subprocess.Popen[str]
    people: list[Account]
    draft: Draft
    everybody: Cast
    offers_made: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(5))


@contextmanager
def running(everybody: Cast) -> Iterator[Round]:
    """The mail server, and the process that begins workers, over the records of this test."""
    people = [account(f"p{number}", f"Person {number}", "practitioner", everybody.program_a) for number in range(PEOPLE)]
    Account.objects.filter(pk__in=[one.pk for one in [*people, everybody.manager_of_a]]).update(email="somebody@example.org")
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=timezone.now())
    with MailServer() as server:
        server.pause_seconds = 0.01
        paths = os.pathsep.join([str(FORKED.parents[1]), *sys.path])
        mail = {"EVENLOAD_MAIL": f"smtp://127.0.0.1:{server.port}", "EVENLOAD_MAIL_FROM": "evenload@example.org"}
        environment = {**os.environ, **mail, "PYTHONPATH": paths, "DATABASE_URL": database_url()}
        forked = subprocess.Popen(
            [sys.executable, str(FORKED)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        try:
            yield Round(server, forked, list(Account.objects.filter(pk__in=[one.pk for one in people])), draft, everybody)
        finally:
            forked.kill()
            forked.wait()
            pipe(forked.stdin).close()
            pipe(forked.stdout).close()


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def something_to_do(here: Round) -> None:
    """A mail for each person, and an offer whose time is over."""
    past = timezone.now() - timedelta(minutes=2)
    notices.tell(here.people, "offer_question", at=past, program=here.everybody.program_a)
    if not Offer.objects.filter(state="open").exists():
        manager = person(here.everybody.manager_of_a)
        offers.make(here.draft, PIECE, ["Béa"], terms=Terms(answer_hours=1), by=manager, at=timezone.now() - timedelta(hours=2))
        here.offers_made += 1


def kill_one(here: Round) -> None:
    """A worker, killed at once, while it begins, or while it mails."""
    taken = len(here.server.contents)
    pipe(here.forked.stdin).write("one\n")
    pipe(here.forked.stdin).flush()
    number = int(pipe(here.forked.stdout).readline())
    until = time.monotonic() + 5
    while here.dice.random() < 0.95 and len(here.server.contents) == taken and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(here.dice.uniform(0, LONGEST_SECONDS))
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
    assert pipe(here.forked.stdout).readline() == "ended\n"


def finish(here: Round) -> None:
    """What the next worker does when nobody kills it: everything that waits, and what the dead left behind is doubtful."""
    later = timezone.now() + timedelta(hours=1)
    offers.expire_due(at=timezone.now())
    while outbox.send_next("the last one", at=later):
        pass


def kills(everybody: Cast, number: int, settings: Any) -> dict[str, int]:
    """So many kills, then what is left is done. The figures, after all of them were held against what the server took."""
    with running(everybody) as here:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
            "evenload.workflow.mailing.SmtpBackend",
            "127.0.0.1",
            here.server.port,
        )
        for _ in range(number):
            something_to_do(here)
            kill_one(here)
        finish(here)
        figures = held_against(here.server)
    assert Offer.objects.filter(state="open").count() == 0
    assert Notice.objects.filter(event="offers_lapsed").count() == here.offers_made  # one planner, told once of each
    assert JournalEntry.objects.filter(action="offer.expire").count() == here.offers_made
    assert journal.verify() == []
    return figures | {"offers": here.offers_made}


def held_against(server: MailServer) -> dict[str, int]:
    """Every line stands in one final state; what was sent was taken once; what is doubtful, at most once; nothing else was."""
    arrived = Counter(server.ids)
    assert set(arrived.values()) <= {1}
    lines = {line.pk: line for line in Mail.objects.all()}
    assert {line.state for line in lines.values()} <= {"sent", "doubtful"}
    message_of = {key: lines[line.sent_with_id].message_id if line.sent_with_id else line.message_id for key, line in lines.items()}
    for key, line in lines.items():
        assert line.state == "doubtful" or arrived[message_of[key]] == 1, line
    assert set(arrived) <= set(message_of.values())
    links = Counter(word for mail in server.mails for word in mail.get_content().split() if "/notices/" in word)
    assert set(links.values()) <= {1}  # no notice reached anybody twice, in whichever message
    told = set(Mail.notices.through.objects.values_list("notice_id", flat=True))
    assert len(told) == len(lines)  # a line for every notice that goes by mail
    doubtful = [key for key, line in lines.items() if line.state == "doubtful"]
    return {
        "lines": len(lines),
        "sent": len(lines) - len(doubtful),
        "doubtful": len(doubtful),
        "doubtful and arrived": sum(arrived[message_of[key]] for key in doubtful),
    }


def test_killed_workers_send_nothing_twice_and_lose_nothing(everybody: Cast, settings: Any) -> None:
    figures = kills(everybody, 15, settings)

    assert figures["lines"] >= 15 * PEOPLE


@pytest.mark.soak
def test_three_hundred_kills_send_nothing_twice_and_lose_nothing(everybody: Cast, settings: Any) -> None:
    figures = kills(everybody, 300, settings)

    print(connection.vendor, figures)  # noqa: T201 — the figures that are reported
    assert figures["doubtful"] >= 10  # the kills do land in the middle
    assert figures["offers"] >= 10
