"""Why a unit is left waiting, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from evenload.words import Words, message
from evenload.workflow.waiting import LeftWaiting

REASONS: Final[Mapping[str, str]] = {
    "family_asked": message("The family asked to wait"),
    "contact_sought": message("The family could not be reached yet"),
    "date_agreed": message("A later start is agreed"),
    "equipment": message("Equipment or space is not there yet"),
    "information": message("Information or consent is missing"),
    "match_sought": message("A better match is expected soon"),
    "recruiting": message("Somebody is being hired"),
    "other": message("Another reason"),
}


def reason_choices(words: Words) -> list[tuple[str, str]]:
    """Code and words of every reason."""
    return [(code, words.say(text)) for code, text in REASONS.items()]


def left_waiting_sentence(words: Words, one: LeftWaiting | None) -> str:
    """`The family asked to wait: back from travel on March 2 (Marie Roy, 2026-02-03)`; empty where nothing was said."""
    if one is None:
        return ""
    said = words.say(REASONS[one.reason])
    if one.note:
        said = one.note if one.reason == "other" else words.pair(said, one.note)
    if one.at is None or not one.by:
        return said
    return f"{said} ({one.by}, {words.date(timezone.localtime(one.at).date())})"
