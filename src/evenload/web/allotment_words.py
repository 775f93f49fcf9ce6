"""What the pages of visits and approvals say: where an allotment stands, why an act on it was refused."""

from __future__ import annotations

from datetime import date
from typing import Final

from evenload.records.models import Allotment, Referral
from evenload.words import Words, message
from evenload.workflow.allotments import VisitsLeft, is_in_force
from evenload.workflow.refused import Refused

REFUSALS: Final = {
    "referral_closed": message("This referral is closed. Take it up again as a new one first."),
    "visits_odd": message("Write a number of visits from 1 to 1000, as 12."),
    "allotment_days_reversed": message("The last day lies before the first day."),
    "contract_foreign": message("This contract is of another program."),
    "reason_missing": message("Write why, in a few words."),
    "asked_already": message("Visits were asked for already, and nobody has decided yet."),
    "own_request": message("You asked for these visits yourself: another planner decides."),
    "decided_already": message("Somebody decided about these visits meanwhile."),
    "day_odd": message("Write a day as 2026-02-03."),
}
FIELDS: Final = {
    "visits_odd": "visits",
    "allotment_days_reversed": "expires_on",
    "contract_foreign": "contract",
    "reason_missing": "because",
}


def refusal(words: Words, refused: Refused) -> str:
    """Why it was refused. Raises KeyError for an unknown code."""
    return words.say(REFUSALS[refused.code])


def field_errors(words: Words, refused: Refused, prefix: str) -> dict[str, list[str]]:
    """The sentence at its field, else at the form."""
    return {f"{prefix}{FIELDS.get(refused.code, 'visits')}": [refusal(words, refused)]}


def standing_of(words: Words, allotment: Allotment, today: date) -> str:
    """Whether its visits may be used."""
    if allotment.funding == "asked":
        return words.say("Asked for, not approved yet: not available")
    if allotment.funding == "refused":
        return words.say("Refused")
    if allotment.used_visits >= allotment.authorised_visits:
        return words.say("Used up")
    if not is_in_force(allotment, today):
        return words.say("Expired") if allotment.starts_on <= today else words.say("Not begun")
    return words.say("Approved, unfunded") if allotment.funding == "approved" else words.say("May be used")


def left_sentence(words: Words, left: VisitsLeft) -> str:
    """`12 visits authorized, 4 used, 8 left`, and until when."""
    if not left.authorised:
        return words.say("No visits are authorized today.")
    facts = {"authorised": words.integer(left.authorised), "used": words.integer(left.used), "left": words.integer(left.left)}
    if left.expires_on is None:
        return words.say("{authorised} visits authorized, {used} used, {left} left.", **facts)
    day = words.day(left.expires_on, year=True)
    return words.say("{authorised} visits authorized, {used} used, {left} left; the first of them expire on {day}.", **facts, day=day)


def client_title(words: Words, referral: Referral) -> str:
    """Initials, discipline and place: no name."""
    site = referral.site
    place = words.either(site.name_en, site.name_fr) if site else words.say("at home")
    return " · ".join((referral.client.initials, referral.discipline, place))
