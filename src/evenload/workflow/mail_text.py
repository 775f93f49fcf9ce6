"""What a mail says: the sentence, the organisation's name and a link. Nothing of a client, and no code of a unit in an address."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage

from evenload.records.models import Mail, Notice, Organisation
from evenload.words import Words, words_in
from evenload.words.events import event_sentence, event_title
from evenload.workflow.edition_rows import public_address

CHOICES = "/account#notices-heading"
"""where a person chooses what reaches her"""


def message_of(mail: Mail, notices: Iterable[Notice]) -> EmailMessage:
    """The mail in its language, with a stable id, to the address that the account has now."""
    words, told = words_in(mail.language), list(notices)
    organisation = _line(organisation_name(words))
    paragraphs = [organisation, *(notice_paragraph(words, one) for one in told)]
    if mail.kind == "test":
        paragraphs.append(words.say("This is the test mail that you asked for. Mails from Evenload reach you."))
    other = words_in("en" if mail.language == "fr" else "fr")
    paragraphs += ["-- \n" + footer(words), footer(other)]
    return EmailMessage(
        subject=f"{_line(subject(words, mail, told))} – {organisation}",
        body="\n\n".join(paragraphs) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.account.email],
        headers={
            "Message-ID": mail.message_id,
            "List-Unsubscribe": f"<{public_address()}{CHOICES}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )


def subject(words: Words, mail: Mail, told: list[Notice]) -> str:
    """The name of what is told, or how many things are."""
    if mail.kind == "test":
        return words.say("Test mail")
    if mail.kind == "digest":
        return words.say_n("Your day: {n} notice", "Your day: {n} notices", len(told))
    if len({one.event for one in told}) == 1:
        return event_title(words, told[0].event)
    return words.say_n("{n} notice", "{n} notices", len(told))


def notice_paragraph(words: Words, notice: Notice) -> str:
    """The sentence, with the program's name before it, and where it leads."""
    return f"{sentence_with_program(words, notice)}\n{public_address()}/notices/{notice.pk}"


def sentence_with_program(words: Words, notice: Notice) -> str:
    """`School rehabilitation: An offer to you is withdrawn.`"""
    sentence = event_sentence(words, notice.event, notice.values)
    if notice.program is None:
        return sentence
    return words.pair(_line(words.either(notice.program.name_en, notice.program.name_fr)), sentence)


def footer(words: Words) -> str:
    """Why it came, and where to choose."""
    why = words.say("Evenload tells you this as you chose. You choose what reaches you, and how, on the page of your account:")
    return f"{why}\n{public_address()}{CHOICES}"


def organisation_name(words: Words) -> str:
    """The organisation in this language; Evenload where none is set up yet."""
    one = Organisation.objects.first()
    return words.either(one.name_en, one.name_fr) if one else "Evenload"


def _line(text: str) -> str:
    """In one line: no name can begin another header."""
    return " ".join(text.split())
