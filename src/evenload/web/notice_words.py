"""What the pages about notices and mails say: channels, states, and what stood in the way of a mail."""

from __future__ import annotations

from typing import Final

from evenload.words import Words, message
from evenload.workflow.refused import Refused

CHANNELS: Final = {
    "app": message("Here only"),
    "mail": message("A mail at once"),
    "digest": message("In the daily mail"),
    "nothing": message("Not at all"),
}

MAIL_STATES: Final = {
    "waiting": message("Waits to be sent"),
    "sending": message("Is being sent"),
    "sent": message("Sent"),
    "failed": message("Failed"),
    "doubtful": message("Doubtful: it may have left, or not"),
}

HINDRANCES: Final = {
    "account_off": message("The account was switched off."),
    "address_deferred": message("The mail server did not take this address for now."),
    "address_refused": message("The mail server refuses this address. Look at it on the account's page."),
    "certificate_refused": message("The mail server's certificate is not trusted here."),
    "content_deferred": message("The mail server did not take the mail for now."),
    "content_refused": message("The mail server refuses the mail."),
    "encryption_refused": message("No encrypted connection to the mail server came about. Look at EVENLOAD_MAIL: smtp+tls or smtps?"),
    "folder_refused": message("The folder of mails cannot be written."),
    "no_address": message("The account has no e-mail address."),
    "not_writable": message("The mail could not be written."),
    "sender_refused": message("The mail server refuses the sender. Look at EVENLOAD_MAIL_FROM."),
    "server_refused": message("The mail server refused, or fell silent before it had the mail."),
    "server_too_old": message("The mail server cannot do what is needed, such as encryption."),
    "server_unreachable": message("The mail server could not be reached."),
    "sign_in_refused": message("The mail server refuses the name or the password of EVENLOAD_MAIL."),
    "unanswered": message("The mail server fell silent after it was given the mail."),
    "unexpected": message("Something unforeseen stood in the way; the worker's log names it."),
    "worker_lost": message("The worker stopped while it was sending."),
}

REFUSALS: Final = {
    "channel_unknown": message("Choose one of the ways on the page."),
    "event_unknown": message("Choose one of the ways on the page."),
    "no_address": message("No e-mail address is known for you. A director can enter it on the page Access."),
    "test_waits": message("A test mail to you waits already. It leaves within a minute."),
    "mail_settled": message("Somebody has dealt with this mail already."),
}


def notice_refusal(words: Words, refused: Refused) -> str:
    """Why something about notices or mails was refused. KeyError for an unknown code."""
    return words.say(REFUSALS[refused.code])


def hindrance(words: Words, code: str) -> str:
    """What stood in the way of a mail; an unknown code is shown itself."""
    return words.say(HINDRANCES[code]) if code in HINDRANCES else code
