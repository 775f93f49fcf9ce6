"""The calendar feed: parsed back by the library; no client in it; one address at a time; nothing of its secret in a log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from cast import NOW, Cast, person
from evenload.exchange.calendar_ics import Entry, calendar_bytes
from evenload.records.models import Account, CalendarFeed, Leave, PlannedVisit, Practitioner, RoleOfAccount
from evenload.records.models import Client as Served
from evenload.web.log_lines import WithoutSecrets
from evenload.web.pages.calendar_feed import GUESSES_IN_TEN_MINUTES, READS_IN_TEN_MINUTES
from evenload.workflow import calendar_feed as feeds
from own_units import give_all_units

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("America/Toronto")


@pytest.fixture(autouse=True)
def nobody_reads_before_or_after() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def bea(everybody: Cast) -> Practitioner:
    found = Practitioner.objects.get(account=everybody.practitioner)
    give_all_units(found)
    return found


def visit(bea: Practitioner, code: str, on: date, **other: object) -> PlannedVisit:
    return PlannedVisit.objects.create(practitioner=bea, unit=bea.program.units.get(code=code), on=on, minutes=45, turn=1, **other)


def read(token: str, at: datetime = NOW) -> dict[str, Event]:
    """Events by their uid, as the library reads them back."""
    feed = feeds.feed_at(token)
    assert feed is not None
    return {str(event["UID"]): event for event in Calendar.from_ical(feeds.document(feed, at=at)).events}


def test_visits_stand_at_their_time_on_the_clock_of_ontario(bea: Practitioner, everybody: Cast) -> None:
    summer, winter = visit(bea, "u1", date(2026, 3, 9), at=time(9, 30)), visit(bea, "u1", date(2026, 1, 13), at=time(9, 30))

    found = read(feeds.make(by=person(everybody.practitioner), at=NOW))

    for one, utc in ((summer, 13), (winter, 14)):
        event = found[f"visit-{one.pk}@evenload"]
        assert event.start.astimezone(ZONE).time() == time(9, 30)
        assert event.start.astimezone(ZoneInfo("UTC")).hour == utc
        assert event.end - event.start == timedelta(minutes=45)


def test_a_visit_without_a_time_takes_the_day_and_blocks_nothing(bea: Practitioner, everybody: Cast) -> None:
    one = visit(bea, "u1", NOW.date())

    event = read(feeds.make(by=person(everybody.practitioner), at=NOW))[f"visit-{one.pk}@evenload"]

    assert (event.start, event.end, event["TRANSP"]) == (NOW.date(), NOW.date() + timedelta(days=1), "TRANSPARENT")


def test_the_same_visit_keeps_its_uid_and_counts_its_changes(bea: Practitioner, everybody: Cast) -> None:
    one = visit(bea, "u1", NOW.date())
    token = feeds.make(by=person(everybody.practitioner), at=NOW)
    before = read(token)
    PlannedVisit.objects.filter(pk=one.pk).update(on=NOW.date() + timedelta(days=1), sequence=one.sequence + 1)

    after = read(token)

    assert before.keys() == after.keys()
    assert [found[f"visit-{one.pk}@evenload"]["SEQUENCE"] for found in (before, after)] == [0, 1]


def test_four_weeks_back_and_twelve_ahead_and_what_was_dropped_is_gone(bea: Practitioner, everybody: Cast) -> None:
    monday = date(2026, 1, 12)
    days = (
        monday - timedelta(weeks=4, days=1),
        monday - timedelta(weeks=4),
        monday + timedelta(weeks=13, days=-1),
        monday + timedelta(weeks=13),
    )
    rows = [visit(bea, "u1", on) for on in days]
    visit(bea, "u2", monday, state="dropped")

    found = read(feeds.make(by=person(everybody.practitioner), at=NOW))

    assert set(found) == {f"visit-{row.pk}@evenload" for row in rows[1:3]}


def test_leave_is_there_for_its_days(bea: Practitioner, everybody: Cast) -> None:
    made = Leave.objects.create(
        practitioner=bea,
        first_day=date(2026, 2, 2),
        last_day=date(2026, 2, 6),
        kind="vacation",
        told_by=everybody.practitioner,
        told_at=NOW,
    )

    event = read(feeds.make(by=person(everybody.practitioner), at=NOW))[f"leave-{made.pk}@evenload"]

    assert (str(event["SUMMARY"]), event.start, event.end) == ("Vacation", date(2026, 2, 2), date(2026, 2, 7))


def test_no_client_stands_in_a_calendar(bea: Practitioner, everybody: Cast) -> None:
    """Clients' names, initials and codes, labels, notes and whole postal codes: none of them, in either language."""
    bea.program.units.update(label="Zoé Quattrone, ZQX", note="twins, call Ursula", postal="K1A 0B1")
    Served.objects.update(name="Zoé Quattrone", initials="ZQX")
    for number, unit in enumerate(bea.program.units.all()):
        visit(bea, unit.code, NOW.date() + timedelta(days=number), at=time(9) if number % 2 else None)
    by = person(everybody.practitioner)
    hidden = {"zoé", "quattrone", "zqx", "ursula", "k1a 0b1", "0b1", *(one.code.casefold() for one in Served.objects.all())}

    for language in ("en", "fr"):
        Account.objects.filter(pk=everybody.practitioner.pk).update(language=language)
        feed = feeds.feed_at(feeds.make(by=by, at=NOW))
        assert feed is not None
        text = feeds.document(feed, at=NOW).decode().replace("\r\n ", "").casefold()
        assert text.count("begin:vevent") == bea.program.units.count()
        assert [word for word in hidden if word in text] == []


def test_a_new_address_revokes_the_one_of_before(bea: Practitioner, everybody: Cast) -> None:
    by = person(everybody.practitioner)
    first = feeds.make(by=by, at=NOW)
    second = feeds.make(by=by, at=NOW)

    assert feeds.feed_at(first) is None
    assert feeds.feed_at(second) is not None
    assert feeds.revoke(by=by, at=NOW) is True
    assert feeds.feed_at(second) is None
    assert feeds.revoke(by=by, at=NOW) is False
    assert not any(token in str(CalendarFeed.objects.values_list()) for token in (first, second))


def test_who_is_off_or_no_practitioner_any_more_has_no_feed(bea: Practitioner, everybody: Cast) -> None:
    token = feeds.make(by=person(everybody.practitioner), at=NOW)
    RoleOfAccount.objects.filter(account=everybody.practitioner).update(role="administrative")
    assert feeds.feed_at(token) is None
    RoleOfAccount.objects.filter(account=everybody.practitioner).update(role="practitioner")
    Account.objects.filter(pk=everybody.practitioner.pk).update(is_active=False)
    assert feeds.feed_at(token) is None


def test_the_file_is_read_without_signing_in_and_not_again_and_again(client: Client, bea: Practitioner, everybody: Cast) -> None:
    path = f"/calendar/{feeds.make(by=person(everybody.practitioner), at=timezone.now())}.ics"

    answers = [client.get(path).status_code for _ in range(READS_IN_TEN_MINUTES + 1)]

    assert answers == [200] * READS_IN_TEN_MINUTES + [429]
    assert client.cookies == {}


def test_guesses_are_answered_the_same_and_then_not_at_all(client: Client, everybody: Cast) -> None:
    answers = {client.get(f"/calendar/guess-{number}.ics").status_code for number in range(GUESSES_IN_TEN_MINUTES)}

    assert answers == {404}
    assert client.get("/calendar/one-more.ics").status_code == 429


def test_no_line_of_a_log_holds_the_secret(client: Client, everybody: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get("/calendar/a-secret-that-was-revoked.ics")

    written = logging.getLogger().handlers, [record for record in caplog.records if "calendar" in record.getMessage()]
    for record in written[1]:
        WithoutSecrets().filter(record)
        assert "a-secret-that-was-revoked" not in record.getMessage()
        assert "/calendar/….ics" in record.getMessage()
    assert written[1], "Django says where nothing was found"


def test_the_settings_take_secrets_out_of_every_line() -> None:
    from django.conf import settings

    (handler,) = settings.LOGGING["handlers"].values()
    assert handler["filters"] == ["without_secrets"]
    assert settings.LOGGING["filters"]["without_secrets"]["()"] == f"{WithoutSecrets.__module__}.{WithoutSecrets.__name__}"


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        calendar_bytes([Entry("x", 0, "x", datetime(2026, 1, 1), datetime(2026, 1, 1))], name="x", zone=ZONE, at=NOW)  # noqa: DTZ001 — what is refused
