"""How mails leave, from the environment: strictly read, and no password in the clear to another machine."""

from __future__ import annotations

import pytest

from evenload.environment import MailWay, SettingError, hour, mail_sender, mail_way

SMTP = "evenload.workflow.mailing.SmtpBackend"


@pytest.mark.parametrize(
    ("stated", "kind", "host", "port"),
    [
        ("", "folder", "", 0),
        ("folder", "folder", "", 0),
        ("console", "console", "", 0),
        ("smtp://127.0.0.1", "smtp", "127.0.0.1", 25),
        ("smtp+tls://mail.example.org", "smtp", "mail.example.org", 587),
        ("smtps://mail.example.org:4650", "smtp", "mail.example.org", 4650),
    ],
)
def test_a_way_is_stated_in_one_line(stated: str, kind: str, host: str, port: int) -> None:
    way = mail_way(stated)

    assert (way.kind, way.host, way.port) == (kind, host, port)


def test_name_password_and_encryption_come_from_the_address() -> None:
    assert mail_way("smtp+tls://us%40er:p%2Fw@h") == MailWay("smtp", SMTP, "h", 587, "us@er", "p/w", starts_tls=True)
    assert mail_way("smtps://u:p@h") == MailWay("smtp", SMTP, "h", 465, "u", "p", is_tls=True)
    assert mail_way("smtp://u:p@localhost:2525") == MailWay("smtp", SMTP, "localhost", 2525, "u", "p")


@pytest.mark.parametrize(
    "stated", ["smtp://u:secret@mail.example.org", "http://x", "smtp://", "smtp://h:x", "smtp://h:99999", "smtp://h/inbox", "mail", "h:25"]
)
def test_any_other_value_is_refused_by_name_without_the_password(stated: str) -> None:
    with pytest.raises(SettingError, match="EVENLOAD_MAIL") as refusal:
        mail_way(stated)

    assert "secret" not in str(refusal.value)


def test_no_password_is_shown_with_the_way() -> None:
    assert "secret" not in repr(mail_way("smtps://u:secret@h"))


def test_a_mail_server_needs_a_sender() -> None:
    assert mail_sender("Evenload <e@example.org>", is_needed=True, domain="x") == "Evenload <e@example.org>"
    assert mail_sender("", is_needed=False, domain="example.org") == "Evenload <evenload@example.org>"
    for odd in ("", "nobody", "@", "a\r\nBcc: b@example.org"):
        with pytest.raises(SettingError, match="EVENLOAD_MAIL_FROM"):
            mail_sender(odd, is_needed=True, domain="x")


@pytest.mark.parametrize(("stated", "read"), [("", 7), ("0", 0), ("23", 23)])
def test_the_hour_of_the_daily_mail(stated: str, read: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLOAD_DIGEST_HOUR", stated)

    assert hour("EVENLOAD_DIGEST_HOUR", default=7) == read


@pytest.mark.parametrize("stated", ["24", "-1", "7:30"])
def test_an_hour_that_is_none_is_refused(stated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLOAD_DIGEST_HOUR", stated)

    with pytest.raises(SettingError, match="EVENLOAD_DIGEST_HOUR"):
        hour("EVENLOAD_DIGEST_HOUR", default=7)
