"""What no line of a log may hold: the secret in the address of a calendar, and of a shared scenario."""

from __future__ import annotations

import logging
import re
from typing import Final

SECRETS: Final = (
    (re.compile(r"(/calendar/)[^/\s?]+(\.ics)"), r"\1…\2"),
    (re.compile(r"((?:(?<!\w)/|%2F)scenarios(?:/|%2F))[\w-]{20,}", re.IGNORECASE), r"\1…"),
)
"""what is a secret in an address, also in one that leads back after signing in, and what is written instead"""


def without_secrets(text: str) -> str:
    """The text as it may be written down."""
    for secret, shown in SECRETS:
        text = secret.sub(shown, text)
    return text


class WithoutSecrets(logging.Filter):
    """Takes the secret out of every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every line through, without secrets."""
        text = record.getMessage()
        shown = without_secrets(text)
        if shown != text:
            record.msg, record.args = shown, ()
        return True
