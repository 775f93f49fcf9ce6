"""How a mail is handed over, through Django's e-mail: to a server, or into a folder; and what is known when that fails.

What matters is whether the other side may have the mail. Until the server has asked for the content, it certainly does not; once
the content is on its way and no answer comes back, nobody knows, and such a mail is never sent again by itself.
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError

from evenload.exchange.atomic import write_whole

log = logging.getLogger(__name__)

SEND_THE_CONTENT: Final = 354
"""what a server answers when it is ready to take the content"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sent`; `later`: certainly not there, and worth another try; `never`: refused for good; `unknown`: nobody can tell;
    `not_ours`: another worker holds it by now."""

    kind: str
    code: str = ""


class UnansweredError(smtplib.SMTPException):
    """The content was on its way when the server went silent."""


class NotOursError(Exception):
    """Another worker holds the mail by now: this one hands nothing over."""


class FolderError(OSError):
    """The folder of mails could not be written."""


class _Careful(smtplib.SMTP):
    """Notices whether a silence came before the content was sent, or after."""

    last_code = 0
    before_content: Callable[[], bool] | None = None
    """asked right before the server could have the mail; without its yes, nothing is sent"""

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Sends a command. Raises NotOursError before the one after which the server could have the mail."""
        if cmd == "data" and self.before_content is not None and not self.before_content():
            raise NotOursError
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer, remembered. Raises UnansweredError where it was given the content and says nothing."""
        with self._a_silence_after_the_content():
            self.last_code, text = super().getreply()
        return self.last_code, text

    def send(self, s: Any) -> None:
        """Sends bytes. Raises UnansweredError where the content breaks off."""
        with self._a_silence_after_the_content():
            super().send(s)

    @contextmanager
    def _a_silence_after_the_content(self) -> Iterator[None]:
        try:
            yield
        except (OSError, smtplib.SMTPServerDisconnected) as silence:
            if self.last_code == SEND_THE_CONTENT:
                raise UnansweredError from silence
            raise


class _CarefulTls(_Careful, smtplib.SMTP_SSL):
    """The same over a connection that is encrypted from its first byte."""


class SmtpBackend(EmailBackend):
    """Django's own, with a connection that knows what the server may have."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The careful form of Django's choice."""
        return _CarefulTls if self.use_ssl else _Careful


class FolderBackend(BaseEmailBackend):
    """One file per mail, named by the mail's id and written in one step: a repeat writes the same file, never a second one."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Writes each as `<id>.eml`. Raises FolderError."""
        folder = Path(settings.MAIL_FOLDER)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for one in email_messages:
                write_whole(folder / file_name(str(one.extra_headers["Message-ID"])), one.message().as_bytes())
        except OSError as refusal:
            raise FolderError(refusal.errno, refusal.strerror) from refusal
        return len(email_messages)


def file_name(message_id: str) -> str:
    """Letters, digits, dots, hyphens and the at sign of a mail's id."""
    return re.sub(r"[^A-Za-z0-9.@-]+", "", message_id)[:120] + ".eml"


def hand_over(message: EmailMessage, before_content: Callable[[], bool]) -> Outcome:
    """Tries once. Never raises, but for the records: whatever happens is one of the outcomes. Nothing of an address is logged.

    `before_content` is asked right before the other side could have the mail; where it says no, nothing is handed over.
    """
    connection = get_connection()
    try:
        connection.open()
        if isinstance(session := getattr(connection, "connection", None), _Careful):
            session.before_content = before_content
        elif not before_content():
            raise NotOursError
        connection.send_messages([message])
    except DatabaseError:
        raise
    except Exception as refusal:  # noqa: BLE001 — a mail's fate is always written down
        outcome = outcome_of(refusal)
        log.warning("a mail was not handed over: %s (%s)", outcome.code, type(refusal).__name__)
        return outcome
    finally:
        with suppress(Exception):
            connection.close()
    return Outcome("sent")


def outcome_of(refusal: Exception) -> Outcome:
    """What a failed hand-over means for the mail."""
    if isinstance(refusal, NotOursError):
        return Outcome("not_ours", "not_ours")
    if isinstance(refusal, UnansweredError):
        return Outcome("unknown", "unanswered")
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in refusal.recipients.values()]
        return Outcome("never", "address_refused") if all(code >= 500 for code in codes) else Outcome("later", "address_deferred")
    if isinstance(refusal, smtplib.SMTPDataError):
        return Outcome("never", "content_refused") if refusal.smtp_code >= 500 else Outcome("later", "content_deferred")
    for kind, code in LATER:
        if isinstance(refusal, kind):
            return Outcome("later", code)
    if isinstance(refusal, (ValueError, UnicodeError)):
        return Outcome("never", "not_writable")
    return Outcome("unknown", "unexpected")


LATER: Final[tuple[tuple[type[Exception], str], ...]] = (
    (smtplib.SMTPAuthenticationError, "sign_in_refused"),
    (smtplib.SMTPSenderRefused, "sender_refused"),
    (smtplib.SMTPNotSupportedError, "server_too_old"),
    (ssl.SSLCertVerificationError, "certificate_refused"),
    (ssl.SSLError, "encryption_refused"),
    (FolderError, "folder_refused"),
    (smtplib.SMTPException, "server_refused"),
    (OSError, "server_unreachable"),
)
"""What an administrator can mend, or what passes: the mail waits and is tried again."""
