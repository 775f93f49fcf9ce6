"""Who is told of what, how, and how often: in the transaction of what happened, as each person chose."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from at_once import answers_at_once
from cast import NOW, Cast, account
from evenload.records.models import Account, Mail, Notice, NoticeChoice, Practitioner
from evenload.records.models.notices import CHANNELS, EVENTS
from evenload.words.events import EVENTS as SPOKEN
from evenload.workflow import notices
from evenload.workflow.notice_events import REACH, events_of

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def bea(everybody: Cast) -> Account:
    return reachable(everybody.practitioner)


def reachable(one: Account) -> Account:
    """The account with an e-mail address."""
    one.email = f"{one.username}@example.org"
    one.save()
    return one


def choose(one: Account, event: str, channel: str) -> None:
    NoticeChoice.objects.create(account=one, event=event, channel=channel)


def test_every_event_has_a_default_channel_roles_and_sentences() -> None:
    assert set(REACH) == set(EVENTS) == set(SPOKEN)
    assert {reach.channel for reach in REACH.values()} == set(CHANNELS) - {"nothing"}
    assert all(reach.roles for reach in REACH.values())


def test_who_is_told_by_mail_gets_a_notice_and_a_line_of_the_outbox(everybody: Cast, bea: Account) -> None:
    notices.tell([bea], "offer_made", at=NOW, program=everybody.program_a, address="/offers", values={"area": "Embrun"})

    told, mail = Notice.objects.get(), Mail.objects.get()

    assert (told.account, told.event, told.values, told.address, told.read_at) == (bea, "offer_made", {"area": "Embrun"}, "/offers", None)
    assert (mail.state, mail.language, list(mail.notices.all())) == ("waiting", "en", [told])
    assert mail.not_before == NOW + notices.GATHER


@pytest.mark.parametrize(
    ("channel", "told", "mails", "in_digest"),
    [("app", 1, 0, False), ("mail", 1, 1, False), ("digest", 1, 0, True), ("nothing", 0, 0, False)],
)
def test_each_person_is_told_as_she_chose(bea: Account, channel: str, told: int, mails: int, in_digest: bool) -> None:
    choose(bea, "offer_taken", channel)

    notices.tell([bea], "offer_taken", at=NOW)

    assert (Notice.objects.count(), Mail.objects.count()) == (told, mails)
    assert Notice.objects.filter(in_digest=True).exists() == in_digest


def test_without_an_address_she_is_told_in_the_application_only(everybody: Cast) -> None:
    notices.tell([everybody.practitioner], "offer_made", at=NOW)
    notices.tell([everybody.practitioner], "edition_published", at=NOW)

    assert Notice.objects.filter(in_digest=False).count() == 2
    assert not Mail.objects.exists()


def test_who_is_switched_off_is_not_told(bea: Account) -> None:
    Account.objects.filter(pk=bea.pk).update(is_active=False)
    bea.refresh_from_db()

    notices.tell([bea], "offer_made", at=NOW)

    assert not Notice.objects.exists()


def test_the_same_person_named_twice_is_told_once(bea: Account) -> None:
    notices.tell([bea, Account.objects.get(pk=bea.pk)], "offer_made", at=NOW)

    assert Notice.objects.count() == 1


def test_the_same_thing_is_told_once_and_costs_nobody_her_transaction(everybody: Cast, bea: Account) -> None:
    notices.tell([bea], "offer_reminder", at=NOW, once="answer 7")
    with transaction.atomic():
        notices.tell([bea, everybody.manager_of_a], "offer_reminder", at=NOW + timedelta(hours=1), once="answer 7")
        notices.tell([bea], "offer_reminder", at=NOW, once="answer 8")

    assert sorted(Notice.objects.values_list("account__username", "once")) == [
        ("bea", "answer 7"),
        ("bea", "answer 8"),
        ("marie", "answer 7"),
    ]
    assert Mail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_tell_at_once_one_does(bea: Account) -> None:
    def tell() -> None:
        notices.tell([bea], "overload", at=NOW, once="week 3")

    assert answers_at_once([tell] * 6) == [None] * 6
    assert Notice.objects.count() == 1


def test_a_change_that_is_taken_back_tells_nobody(bea: Account) -> None:
    with suppress(RuntimeError), transaction.atomic():
        notices.tell([bea], "offer_made", at=NOW)
        raise RuntimeError

    assert not Notice.objects.exists()
    assert not Mail.objects.exists()


def test_nothing_of_a_client_can_be_among_the_values(bea: Account) -> None:
    for name in ("client", "initials", "unit", "piece", "label", "code"):
        with pytest.raises(ValueError, match=name):
            notices.tell([bea], "offer_made", at=NOW, values={name: "M.T."})
    with pytest.raises(KeyError):
        notices.tell([bea], "offer_sold", at=NOW)

    assert not Notice.objects.exists()


def test_values_are_kept_in_one_line_and_moments_in_the_organisations_time(bea: Account) -> None:
    until = datetime(2026, 2, 3, 19, 30, tzinfo=UTC)

    notices.tell([bea], "offer_made", at=NOW, values={"until": until, "area": "Em\0brun\r\nBcc: x", "day": date(2026, 2, 4), "due": None})
    notices.tell([bea], "offer_made", at=NOW, values={"until": until.isoformat(), "practitioner": "x" * 999, "area": "\ud800"})

    first, second = Notice.objects.order_by("pk")
    assert first.values == {"until": "2026-02-03T14:30-05:00", "area": "Em brun Bcc: x", "day": "2026-02-04"}
    assert second.values == {"until": "2026-02-03T14:30-05:00", "practitioner": "x" * 200, "area": ""}


def test_a_programs_planners_are_its_managers_and_without_one_the_directors(everybody: Cast) -> None:
    assert notices.planners_of(everybody.program_a) == [everybody.manager_of_a]
    everybody.manager_of_b.roles.all().delete()
    assert notices.planners_of(everybody.program_b) == [everybody.director] == notices.directors()

    Account.objects.filter(pk=everybody.manager_of_a.pk).update(is_active=False)
    assert notices.planners_of(everybody.program_a) == [everybody.director]


def test_a_practitioners_account_is_the_active_one_linked_to_her(everybody: Cast) -> None:
    ana, bea = (Practitioner.objects.get(program=everybody.program_a, code=code) for code in ("Ana", "Béa"))

    assert notices.account_of(ana) == []
    assert notices.account_of(bea) == [everybody.practitioner]


def test_people_choose_among_the_events_that_can_reach_their_roles(everybody: Cast) -> None:
    assert "offer_made" in events_of(["practitioner"])
    assert "offer_made" not in events_of(["program_manager"])
    assert events_of(["privacy_officer"]) == ()
    assert set(events_of(["practitioner", "director"])) == set(EVENTS)


def test_telling_many_costs_the_same_queries_as_telling_one(everybody: Cast, django_assert_num_queries: object) -> None:
    many = [reachable(account(f"p{number}", f"Person {number}", "practitioner", everybody.program_a)) for number in range(5)]
    choose(many[0], "offer_made", "app")

    for people in (many[1:2], many):
        with django_assert_num_queries(6):  # type: ignore[operator]
            notices.tell(people, "offer_made", at=NOW)
