"""The parts of the pages about notices: one line per notice, one choice per event, one row per mail in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from evenload.records.models import Account, Mail, Notice
from evenload.web.notice_words import CHANNELS, MAIL_STATES, hindrance
from evenload.words import Words
from evenload.words.events import event_sentence, event_title
from evenload.workflow.notice_choices import chosen
from evenload.workflow.notice_events import REACH, events_of


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as its reader sees it."""

    key: int
    sentence: str
    program: str
    at: datetime
    is_unread: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One event with the channels it may take: (code, name, is chosen)."""

    event: str
    title: str
    channels: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The section of the account's page. Without an address, mails are no choice."""

    rows: tuple[Choice, ...]
    email: str
    leaves: bool
    """whether mails leave this installation at all"""
    hour: str


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail that failed or is doubtful: to whom, of what, what stood in the way."""

    mail: Mail
    to: str
    about: tuple[str, ...]
    state: str
    hindrance: str
    is_doubtful: bool


def notice_line(words: Words, one: Notice) -> NoticeLine:
    """The notice in words."""
    program = words.either(one.program.name_en, one.program.name_fr) if one.program else ""
    sentence = event_sentence(words, one.event, one.values)
    return NoticeLine(one.pk, sentence, program, one.at, one.read_at is None, bool(one.address))


def choices_of(words: Words, account: Account, roles: Iterable[str]) -> Choices:
    """Every event that can reach her in one of her roles, with what is chosen. One query."""
    channels = chosen(account)
    rows = tuple(
        Choice(event, event_title(words, event), tuple(_channels(words, event, channels[event])))
        for event in sorted(events_of(roles), key=list(REACH).index)
    )
    at = datetime(2000, 1, 1, settings.DIGEST_HOUR)  # noqa: DTZ001 — an hour on the organisation's clock, of no day
    return Choices(rows, account.email, settings.MAIL_WAY.kind == "smtp", words.clock(at.time()))


def _channels(words: Words, event: str, channel: str) -> Iterable[tuple[str, str, bool]]:
    for code, name in CHANNELS.items():
        said = words.say(name)
        is_usual = code == REACH[event].channel
        yield code, words.say("{way} (usual)", way=said) if is_usual else said, code == channel


def mail_row(words: Words, mail: Mail) -> MailRow:
    """A mail in trouble; what it told of, without its values."""
    told = tuple(dict.fromkeys(event_title(words, one.event) for one in mail.notices.all()))
    return MailRow(
        mail=mail,
        to=mail.account.full_name,
        about=told or (words.say("Test mail"),),
        state=words.say(MAIL_STATES[mail.state]),
        hindrance=hindrance(words, mail.refusal),
        is_doubtful=mail.state == "doubtful",
    )
