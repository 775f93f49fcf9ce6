"""A real mail server on the loopback, as small as one can be: it keeps what it took, and refuses, stalls or vanishes as it is told."""

from __future__ import annotations

import socketserver
import threading
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

HANG, VANISH = "hang", "vanish"
"""instead of an answer: silence, or the end of the connection"""


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails at `port` while it is entered. `answers` holds other answers than usual by command (`RCPT`: `550 no`).

    CONNECT is the greeting, CONTENT the answer once the whole mail has come; before that answer it is kept in `contents`, as by a
    server that stores a mail and then loses the connection.
    """

    allow_reuse_address = True
    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str] = {}
        self.contents: list[bytes] = []
        self.over = threading.Event()
        self.pause_seconds = 0.0
        """how long it takes to store a mail, before it says so"""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()
        self._thread.join(10)

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, in its order."""
        return [cast(EmailMessage, message_from_bytes(content, policy=default)) for content in list(self.contents)]

    @property
    def ids(self) -> list[str]:
        """The message ids of what was taken."""
        return [str(mail["Message-ID"]) for mail in self.mails]


class Conversation(socketserver.StreamRequestHandler):
    """One client's."""

    server: MailServer
    timeout = 20

    def handle(self) -> None:
        """Until either of the two ends it."""
        with suppress(OSError):
            self._converse()

    def _converse(self) -> None:
        goes_on = self._answers("CONNECT", "220 here")
        while goes_on and (line := self.rfile.readline()):
            command = line.split(b" ")[0].strip().decode("ascii", "replace").upper()
            goes_on = self._answers(command, {"DATA": "354 go on", "QUIT": "221 bye"}.get(command, "250 well")) and command != "QUIT"
            if goes_on and command == "DATA" and self.server.answers.get("DATA", "354").startswith("354"):
                goes_on = self._took_content()

    def _took_content(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line)
        if self.server.answers.get("CONTENT", "250")[:1] not in "45":
            self.server.contents.append(b"".join(lines))
        self.server.over.wait(self.server.pause_seconds)
        return self._answers("CONTENT", "250 taken")

    def _answers(self, command: str, usual: str) -> bool:
        answer = self.server.answers.get(command, usual)
        if answer == HANG:
            self.server.over.wait(20)
        if answer in (HANG, VANISH):
            return False
        self.wfile.write(answer.encode() + b"\r\n")
        return True
