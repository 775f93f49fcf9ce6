"""The outbox: every line at most once, none lost; what a server says decides whether a mail is tried again."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connections

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.records.models import Account, JournalEntry, Mail, Notice
from evenload.workflow import mail_text, notices, outbox
from evenload.workflow.refused import Refused
from mail_server import HANG, VANISH, MailServer

pytestmark = [pytest.mark.both, pytest.mark.django_db]
SOON = NOW + timedelta(minutes=2)


@pytest.fixture
def bea(everybody: Cast) -> Account:
    return reachable(everybody.practitioner)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that is used as an installation uses one."""
    with MailServer() as here:
        settings.EMAIL_BACKEND = "evenload.workflow.mailing.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", here.port, 0.4
        yield here


def reachable(one: Account) -> Account:
    one.email = f"{one.username}@example.org"
    one.save()
    return one


def told(one: Account, everybody: Cast, event: str = "offer_made", at: datetime = NOW, **values: object) -> Mail:
    notices.tell([one], event, at=at, program=everybody.program_a, address="/programs/a/units/u1/offer", values=values)
    return Mail.objects.order_by("-pk")[0]


def states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_says_the_sentence_the_organisation_and_a_link_in_her_language(everybody: Cast, bea: Account) -> None:
    Account.objects.filter(pk=bea.pk).update(language="fr")
    bea.refresh_from_db()
    line = told(bea, everybody, area="Embrun", discipline="OT", until="2026-02-03T14:30-05:00")

    assert outbox.send_next("w", at=SOON)

    (sent,) = django_mail.outbox
    key = Notice.objects.get().pk
    assert sent.subject == "Une offre pour vous – Thérapie Deux-Rivières"
    assert sent.to == ["bea@example.org"]
    assert sent.body.split("\n\n-- \n")[0] == (
        "Thérapie Deux-Rivières\n\nRéadaptation scolaire\N{NO-BREAK SPACE}: On vous propose une prise en charge\N{NO-BREAK SPACE}: Ergothérapie, Embrun. "
        f"Veuillez répondre au plus tard le mardi 3 février à 14 h 30.\nhttp://127.0.0.1/notices/{key}"
    ).replace("14 h 30", "14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30")
    assert "Vous choisissez ce qui vous parvient" in sent.body
    assert "You choose what reaches you" in sent.body
    assert sent.extra_headers["Message-ID"] == line.message_id
    assert sent.extra_headers["List-Unsubscribe"] == "<http://127.0.0.1/account#notices-heading>"
    assert "units" not in sent.message().as_string()
    assert states() == ["sent"]


def test_what_follows_within_a_minute_goes_in_the_same_message(everybody: Cast, bea: Account) -> None:
    marie = reachable(everybody.manager_of_a)
    for event in ("offer_made", "offer_reminder"):
        told(bea, everybody, event)
    notices.tell([marie], "offers_lapsed", at=NOW)
    told(bea, everybody, "offer_confirmed", at=NOW + timedelta(minutes=30))

    while outbox.send_next("w", at=SOON):
        pass

    assert [one.to for one in django_mail.outbox] == [["bea@example.org"], ["marie@example.org"]]
    assert django_mail.outbox[0].subject == "2 notices – Two Rivers Therapy"
    assert states() == ["sent", "sent", "sent", "waiting"]
    first, second, *_ = Mail.objects.order_by("pk")
    assert (first.sent_with, second.sent_with) == (None, first)


def test_no_name_can_add_a_header_or_a_line_to_one(everybody: Cast, bea: Account) -> None:
    everybody.program_a.name_en = "A\r\nBcc: all@example.org"
    everybody.program_a.save()
    told(bea, everybody, "offer_made")
    Notice.objects.update(event="offer_answered", values={"practitioner": "x\r\n\r\nBcc: all@example.org", "area": "\nTo: x"})
    line = Mail(account=bea, language="en", kind="notice", message_id="<1@x>", not_before=NOW, made_at=NOW)

    message = mail_text.message_of(line, Notice.objects.select_related("program")).message()

    assert message["Bcc"] is None
    assert "\n" not in str(message["Subject"])
    assert "x Bcc: all@example.org has answered an offer" in str(message.get_payload(decode=True))


def test_a_server_gets_the_mail_once(everybody: Cast, bea: Account, server: MailServer) -> None:
    line = told(bea, everybody, area="Orléans")

    assert outbox.send_next("w", at=SOON)
    assert not outbox.send_next("w", at=SOON)

    (sent,) = server.mails
    assert (str(sent["Message-ID"]), str(sent["To"]), str(sent["From"])) == (
        line.message_id,
        "bea@example.org",
        "Evenload <evenload@evenload.localhost>",
    )
    assert "Orléans" in sent.get_content()  # type: ignore[attr-defined]
    assert Mail.objects.get().sent_at == SOON


@pytest.mark.parametrize(
    ("answers", "state", "refusal", "is_taken"),
    [
        ({"CONNECT": "421 busy"}, "waiting", "server_refused", False),
        ({"CONNECT": VANISH}, "waiting", "server_refused", False),
        ({"CONNECT": HANG}, "waiting", "server_refused", False),
        ({"MAIL": "550 who are you"}, "waiting", "sender_refused", False),
        ({"RCPT": "450 later"}, "waiting", "address_deferred", False),
        ({"RCPT": "550 nobody"}, "failed", "address_refused", False),
        ({"RCPT": HANG}, "waiting", "server_refused", False),
        ({"DATA": "451 later"}, "waiting", "content_deferred", False),
        ({"DATA": VANISH}, "waiting", "server_refused", False),
        ({"CONTENT": "452 full"}, "waiting", "content_deferred", False),
        ({"CONTENT": "554 no"}, "failed", "content_refused", False),
        ({"CONTENT": HANG}, "doubtful", "unanswered", True),
        ({"CONTENT": VANISH}, "doubtful", "unanswered", True),
        ({"QUIT": HANG}, "sent", "", True),
        ({"QUIT": VANISH}, "sent", "", True),
    ],
)
def test_what_the_server_does_decides_what_becomes_of_the_mail(
    everybody: Cast, bea: Account, server: MailServer, answers: dict[str, str], state: str, refusal: str, is_taken: bool
) -> None:
    server.answers = answers
    told(bea, everybody)

    assert outbox.send_next("w", at=SOON)

    line = Mail.objects.get()
    assert (line.state, line.refusal, len(server.contents)) == (state, refusal, int(is_taken))
    later = SOON + timedelta(hours=2)
    server.answers = {}
    assert outbox.send_next("w", at=later) == (state == "waiting")
    assert len(server.contents) == int(is_taken or state == "waiting")
    assert len(set(server.ids)) == len(server.ids)


@pytest.mark.parametrize(
    ("stated", "answers", "refusal"),
    [
        ({"EMAIL_USE_TLS": True}, {}, "server_too_old"),
        ({"EMAIL_USE_SSL": True}, {}, "encryption_refused"),
        ({"EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p"}, {}, "server_too_old"),
        ({"EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "p"}, {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 no"}, "sign_in_refused"),
    ],
)
def test_a_setting_that_does_not_fit_the_server_costs_no_mail(
    everybody: Cast, bea: Account, server: MailServer, settings: Any, stated: dict[str, Any], answers: dict[str, str], refusal: str
) -> None:
    for name, value in stated.items():
        setattr(settings, name, value)
    server.answers = answers
    told(bea, everybody)

    outbox.send_next("w", at=SOON)

    line = Mail.objects.get()
    assert (line.state, line.refusal, server.contents) == ("waiting", refusal, [])


def test_what_is_gone_from_the_records_is_not_mailed(everybody: Cast, bea: Account) -> None:
    told(bea, everybody)
    Notice.objects.all().delete()

    outbox.send_next("w", at=SOON)

    assert (states(), django_mail.outbox) == (["failed"], [])
    assert not outbox.troubled().exists()


def test_a_server_that_is_not_there_is_tried_again_with_growing_pauses_and_given_up_after_three_days(
    everybody: Cast, bea: Account, settings: Any
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "evenload.workflow.mailing.SmtpBackend", "127.0.0.1"
    line = told(bea, everybody)
    at, pauses = SOON, []
    for _ in range(6):
        assert outbox.send_next("w", at=at)
        line.refresh_from_db()
        assert (line.state, line.refusal) == ("waiting", "server_unreachable")
        pauses.append(line.not_before - at)
        assert not outbox.send_next("w", at=line.not_before - timedelta(seconds=1))
        at = line.not_before
    assert [pause / timedelta(minutes=1) for pause in pauses] == [1, 5, 15, 30, 60, 60]

    assert outbox.send_next("w", at=NOW + timedelta(days=3))

    line.refresh_from_db()
    assert (line.state, line.refusal) == ("failed", "server_unreachable")
    assert JournalEntry.objects.get(action="mail.failed").facts == {"refusal": "server_unreachable", "lines": 1}


def test_the_log_holds_no_address(everybody: Cast, bea: Account, server: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    server.answers = {"RCPT": "550 bea@example.org is nobody"}
    told(bea, everybody)

    with caplog.at_level(logging.DEBUG):
        outbox.send_next("w", at=SOON)

    assert "address_refused" in caplog.text
    assert "example.org" not in caplog.text
    assert "Béa" not in caplog.text


@pytest.mark.parametrize(("field", "value", "refusal"), [("is_active", False, "account_off"), ("email", "", "no_address")])
def test_who_may_or_can_no_longer_be_reached_gets_nothing(everybody: Cast, bea: Account, field: str, value: object, refusal: str) -> None:
    told(bea, everybody)
    Account.objects.filter(pk=bea.pk).update(**{field: value})

    outbox.send_next("w", at=SOON)

    assert (states(), Mail.objects.get().refusal, django_mail.outbox) == (["failed"], refusal, [])


def test_a_mail_goes_to_the_address_that_the_account_has_now(everybody: Cast, bea: Account) -> None:
    told(bea, everybody)
    Account.objects.filter(pk=bea.pk).update(email="new@example.org")

    outbox.send_next("w", at=SOON)

    assert django_mail.outbox[0].to == ["new@example.org"]


def test_what_a_dead_worker_had_only_claimed_goes_to_another_one(everybody: Cast, bea: Account) -> None:
    told(bea, everybody)
    lines = outbox.claim("first", at=SOON)

    assert not outbox.send_next("second", at=SOON + outbox.SILENT_AFTER - timedelta(seconds=1))
    assert outbox.send_next("second", at=SOON + outbox.SILENT_AFTER)
    assert states() == ["sent"]

    # The first one was only very slow: it may hand nothing over any more, and changes nothing.
    assert not outbox.mark(lines, at=SOON)
    outbox.settle(lines, outbox.Outcome("not_ours"), at=SOON)
    outbox.settle(lines, outbox.Outcome("never", "address_refused"), at=SOON)
    assert (states(), len(django_mail.outbox)) == (["sent"], 1)


def test_a_slow_worker_asks_before_the_server_could_have_the_mail(
    everybody: Cast, bea: Account, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(bea, everybody)
    mark = outbox.mark

    def slow(lines: list[Mail], *, at: datetime) -> bool:
        outbox.reap(at=at + outbox.SILENT_AFTER)  # meanwhile it was taken for dead
        return mark(lines, at=at)

    monkeypatch.setattr(outbox, "mark", slow)
    outbox.send_next("slow", at=SOON)
    assert (states(), server.contents) == (["waiting"], [])

    monkeypatch.setattr(outbox, "mark", mark)
    outbox.send_next("other", at=SOON)
    assert (states(), len(server.contents)) == (["sent"], 1)


def test_a_worker_that_dies_while_it_hands_over_leaves_a_doubtful_mail_that_nobody_sends_by_itself(everybody: Cast, bea: Account) -> None:
    told(bea, everybody)
    told(bea, everybody, "offer_reminder")
    lines = outbox.claim("first", at=SOON)
    assert len(lines) == 2
    assert outbox.mark(lines, at=SOON)

    assert not outbox.send_next("second", at=SOON + outbox.SILENT_AFTER - timedelta(seconds=1))
    assert states() == ["sending", "sending"]
    assert not outbox.send_next("second", at=SOON + outbox.SILENT_AFTER)

    assert states() == ["doubtful", "doubtful"]
    assert not django_mail.outbox
    assert JournalEntry.objects.get(action="mail.doubtful").facts == {"refusal": "worker_lost", "lines": 2}
    assert outbox.counts(at=SOON) == outbox.Counts(waiting=0, late=0, failed=0, doubtful=1)

    outbox.settle(lines, outbox.Outcome("sent"), at=SOON)  # it was only very slow
    assert states() == ["doubtful", "doubtful"]


def test_a_director_may_send_a_doubtful_mail_again_once_with_all_that_went_together(everybody: Cast, bea: Account) -> None:
    for event in ("offer_made", "offer_reminder"):
        told(bea, everybody, event)
    outbox.mark(outbox.claim("w", at=SOON), at=SOON)
    outbox.reap(at=SOON + outbox.SILENT_AFTER)
    (lead,) = outbox.troubled()

    again = outbox.send_again(lead, by=person(everybody.director), at=SOON)
    with pytest.raises(Refused, match="mail_settled"):
        outbox.send_again(lead, by=person(everybody.director), at=SOON)
    with pytest.raises(Refused, match="mail_settled"):
        outbox.leave(lead, by=person(everybody.director), at=SOON)

    assert outbox.send_next("w", at=SOON)
    assert django_mail.outbox[0].subject == "2 notices – Two Rivers Therapy"
    assert again.message_id != lead.message_id
    assert not outbox.troubled().exists()
    assert JournalEntry.objects.get(action="mail.send_again").facts == {"instead_of": lead.pk, "refusal": "worker_lost"}


def test_what_waits_too_long_is_counted(everybody: Cast, bea: Account) -> None:
    told(bea, everybody)

    assert outbox.counts(at=NOW + timedelta(minutes=15)) == outbox.Counts(waiting=1, late=0, failed=0, doubtful=0)
    assert outbox.counts(at=NOW + timedelta(minutes=16)) == outbox.Counts(waiting=1, late=1, failed=0, doubtful=0)


def test_the_folder_holds_one_whole_file_per_mail_however_often_it_is_written(
    everybody: Cast, bea: Account, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_FOLDER = "evenload.workflow.mailing.FolderBackend", tmp_path / "outbox"
    line = told(bea, everybody)

    for _ in range(2):
        outbox.send_next("w", at=SOON)
        Mail.objects.update(state="waiting")

    (file,) = (tmp_path / "outbox").iterdir()
    assert str(message_from_bytes(file.read_bytes(), policy=default)["Message-ID"]) == line.message_id
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(everybody: Cast, bea: Account, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.EMAIL_BACKEND, settings.MAIL_FOLDER = "evenload.workflow.mailing.FolderBackend", tmp_path / "file"
    told(bea, everybody)

    outbox.send_next("w", at=SOON)

    assert (states(), Mail.objects.get().refusal) == (["waiting"], "folder_refused")


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_each_line_goes_to_one(everybody: Cast, bea: Account, server: MailServer) -> None:
    people = [bea, reachable(everybody.manager_of_a), reachable(everybody.director), reachable(everybody.administrative)]
    for _ in range(5):
        notices.tell(people, "offer_question", at=NOW)
    notices.tell(people, "offer_question", at=NOW + timedelta(seconds=1))

    def worker(name: str) -> None:
        while outbox.send_next(name, at=SOON):
            pass
        connections.close_all()

    answers_at_once([lambda name=name: worker(name) for name in "abcd"])  # type: ignore[misc]
    while outbox.send_next("last", at=SOON):  # a worker that met nothing but held rows has gone home
        pass

    assert set(states()) == {"sent"}
    assert len(server.ids) == len(set(server.ids)) == Mail.objects.filter(sent_with__isnull=True).count()
    told_keys = [line for mail in server.mails for line in mail.get_content().split() if "/notices/" in line]  # type: ignore[attr-defined]
    assert len(told_keys) == len(set(told_keys)) == Notice.objects.count() == 24


def test_a_test_mail_is_refused_without_an_address_and_while_one_waits(everybody: Cast, bea: Account) -> None:
    with pytest.raises(Refused, match="no_address"):
        outbox.ask_test(everybody.manager_of_a, by=person(everybody.manager_of_a), at=NOW)
    outbox.ask_test(bea, by=person(everybody.practitioner), at=NOW)
    with pytest.raises(Refused, match="test_waits"):
        outbox.ask_test(bea, by=person(everybody.practitioner), at=NOW)

    outbox.send_next("w", at=NOW)

    assert django_mail.outbox[0].subject == "Test mail – Two Rivers Therapy"
    assert "This is the test mail that you asked for." in django_mail.outbox[0].body
    assert outbox.ask_test(bea, by=person(everybody.practitioner), at=SOON).state == "waiting"
