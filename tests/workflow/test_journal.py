"""The journal: in the caller's transaction, chained, and honest about what was tampered with."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cast import NOW, Cast, person
from evenload.records import triggers
from evenload.records.models import JournalEntry
from evenload.workflow import journal

pytestmark = pytest.mark.both


def three_lines(everybody: Cast) -> None:
    by = person(everybody.manager_of_a)
    for step, name in enumerate(("one", "two\0three", "é\ud800")):
        journal.record_alone(
            by, "desk.change", at=NOW + timedelta(minutes=step), program=everybody.program_a, clients=["u5"], name=name, n=step
        )


def tampered(statement: str) -> None:
    triggers.thaw(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    triggers.freeze(connection)


def test_lines_are_numbered_and_chained_from_the_first(everybody: Cast) -> None:
    three_lines(everybody)

    lines = list(JournalEntry.objects.all())

    assert [line.number for line in lines] == [1, 2, 3]
    assert [line.previous_hash for line in lines] == [journal.BEFORE_THE_FIRST, lines[0].hash, lines[1].hash]
    assert journal.verify() == []


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE records_journalentry SET account_name = 'Somebody else' WHERE number = 2", [2]),
        ("UPDATE records_journalentry SET hash = 'f' || substr(hash, 2) WHERE number = 1", [1, 2]),
        ("DELETE FROM records_journalentry WHERE number = 2", [2, 3]),
        ("DELETE FROM records_journalentry WHERE number = 1", [1, 2]),
    ],
)
def test_a_line_that_was_changed_behind_our_back_is_named(everybody: Cast, statement: str, broken: list[int]) -> None:
    three_lines(everybody)

    tampered(statement)

    assert journal.verify() == broken


@pytest.mark.parametrize("statement", ["UPDATE records_journalentry SET role = ''", "DELETE FROM records_journalentry"])
def test_the_database_refuses_to_change_a_line(everybody: Cast, statement: str) -> None:
    three_lines(everybody)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_line_stands_and_falls_with_the_change_that_it_tells(everybody: Cast) -> None:
    def published_in_vain() -> None:
        with transaction.atomic():
            journal.record(person(everybody.director), "edition.publish", at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        published_in_vain()

    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_of_a_transaction_is_a_mistake_of_ours() -> None:
    with pytest.raises(journal.JournalError):
        journal.record(None, "worker.started", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    def write() -> None:
        try:
            for _ in range(10):
                journal.record_alone(None, "worker.beat", at=NOW)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert JournalEntry.objects.count() == 40
    assert journal.verify() == []
