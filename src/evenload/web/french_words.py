"""What is said of service in French: what a loss is, what a figure counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from evenload.words import Words, label, message
from evenload.words.phrases import Names
from evenload.workflow.sole_french import FrenchLoss

SHOWN: Final = {
    "requested": message("Asked for French"),
    "french": message("With somebody who speaks French"),
    "other": message("With somebody who does not"),
    "waiting": message("With nobody yet"),
    "ended": message("Closed"),
    "not_asked": message("Language not asked"),
    "offered": message("Active offer recorded"),
    "received": message("Referrals received"),
}
"""the rows that a count leads to → its name"""


def loss_sentence(words: Words, names: Names, loss: FrenchLoss) -> str:
    """`At École Lafond nobody would speak fluent French any more; 2 units there ask for it.`"""
    asked = words.say_n("{n} unit there asks for it.", "{n} units there ask for it.", loss.units) if loss.units else ""
    if loss.site:
        said = words.say("At {site} nobody would speak fluent French any more.", site=names.get(loss.site, loss.site))
    elif loss.area:
        facts = {"discipline": label(words, "discipline", loss.discipline), "area": loss.area}
        said = words.say("In {discipline}, {area}, nobody would speak fluent French any more.", **facts)
    else:
        discipline = label(words, "discipline", loss.discipline)
        said = words.say("In {discipline} nobody of the program would speak fluent French any more.", discipline=discipline)
    return f"{said} {asked}".strip()


def loss_sentences(words: Words, names: Names, losses: Iterable[FrenchLoss]) -> list[str]:
    """Each loss as a sentence."""
    return [loss_sentence(words, names, one) for one in losses]


def near_end_sentence(words: Words, name: str, last_day: date) -> str:
    """`Béa Martin: last day March 31.`"""
    return words.say("{name}: last day {day}.", name=name, day=words.day(last_day, year=True))
