"""The daily mail: one per person and day, from seven in the morning on, in Toronto, with what she has not read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as django_mail

from at_once import answers_at_once
from cast import NOW, Cast
from evenload.records.models import Account, Mail, Notice
from evenload.workflow import notices, outbox

pytestmark = [pytest.mark.both, pytest.mark.django_db]

SEVEN = datetime(2026, 1, 13, 12, 0, tzinfo=UTC)


@pytest.fixture
def bea(everybody: Cast) -> Account:
    return reachable(everybody.practitioner)


def reachable(one: Account) -> Account:
    one.email = f"{one.username}@example.org"
    one.save()
    return one


def test_the_digest_has_the_days_notices_once_and_what_was_read_is_left_out(everybody: Cast, bea: Account) -> None:
    notices.tell([bea], "edition_published", at=NOW, program=everybody.program_a, values={"number": 3, "n": 2})
    notices.tell([bea], "talk_written", at=NOW)
    notices.tell([bea], "talk_agreed", at=NOW)
    Notice.objects.filter(event="talk_agreed").update(read_at=NOW)
    notices.tell([bea], "overload", at=SEVEN + timedelta(minutes=1))

    assert outbox.make_digests(at=SEVEN - timedelta(seconds=1)) == 0
    assert outbox.make_digests(at=SEVEN + timedelta(minutes=2)) == 1
    assert outbox.make_digests(at=SEVEN + timedelta(minutes=3)) == 0
    assert outbox.send_next("w", at=SEVEN + timedelta(minutes=3))

    (sent,) = django_mail.outbox
    assert sent.subject == "Your day: 2 notices – Two Rivers Therapy"
    assert "Edition 3 of the assignment list is published. It changes 2 rows of yours." in sent.body
    assert "new message" in sent.body
    assert "agree" not in sent.body
    assert list(Notice.objects.filter(in_digest=True).values_list("event", flat=True)) == ["overload"]
    assert outbox.make_digests(at=SEVEN + timedelta(days=1)) == 1


def test_a_day_on_which_all_was_read_has_no_digest(bea: Account) -> None:
    notices.tell([bea], "talk_written", at=NOW)
    Notice.objects.update(read_at=NOW)

    assert outbox.make_digests(at=SEVEN) == 0
    assert not Mail.objects.exists()
    assert not Notice.objects.filter(in_digest=True).exists()


def test_the_hour_of_the_digest_follows_the_clock_through_both_changes_of_the_year(bea: Account) -> None:
    for day, utc_hour in ((date(2026, 3, 7), 12), (date(2026, 3, 8), 11), (date(2026, 10, 31), 11), (date(2026, 11, 1), 12)):
        hour = datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)
        notices.tell([bea], "talk_written", at=hour - timedelta(hours=3))
        assert outbox.make_digests(at=hour - timedelta(seconds=1)) == 0
        assert outbox.make_digests(at=hour) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_makes_the_digest(everybody: Cast, bea: Account) -> None:
    people = [bea, reachable(everybody.manager_of_a), reachable(everybody.director)]
    notices.tell(people, "talk_written", at=NOW)

    made = answers_at_once([lambda: outbox.make_digests(at=SEVEN)] * 4)

    assert sum(made) == 3  # type: ignore[arg-type]
    assert sorted(Mail.objects.values_list("account__username", "kind")) == [("bea", "digest"), ("dora", "digest"), ("marie", "digest")]
    assert all(mail.notices.count() == 1 for mail in Mail.objects.all())
