"""How each event reaches people who chose nothing, and in which roles it can reach them: one table, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from evenload.records.access import OFFICE, PLANNERS, PRACTITIONER

HERS: Final = frozenset({PRACTITIONER})
BOTH: Final = PLANNERS | HERS


@dataclass(frozen=True, slots=True)
class Reach:
    """The channel of an event where nothing was chosen, and the roles it can reach."""

    channel: str
    roles: frozenset[str]


REACH: Final = {
    # By mail at once: somebody waits for an answer with a time limit, or a day is at stake.
    "offer_made": Reach("mail", HERS),
    "offer_reminder": Reach("mail", HERS),
    "offer_question": Reach("mail", BOTH),
    "offer_confirmed": Reach("mail", HERS),
    "offers_lapsed": Reach("mail", PLANNERS),
    "leave_told": Reach("mail", PLANNERS),
    "approval_asked": Reach("mail", OFFICE),
    "talk_escalated": Reach("mail", BOTH),
    "referral_late": Reach("mail", OFFICE),
    "hours_answered": Reach("mail", HERS),
    "approval_refused": Reach("mail", OFFICE | HERS),
    # In the day's digest: worth knowing without signing in, and tomorrow morning is soon enough.
    "offer_answered": Reach("digest", PLANNERS),
    "edition_published": Reach("digest", HERS),
    "load_said": Reach("digest", PLANNERS),
    "talk_written": Reach("digest", BOTH),
    "talk_agreed": Reach("digest", BOTH),
    "talk_follow_up": Reach("digest", BOTH),
    "overload": Reach("digest", BOTH),
    "hours_offered": Reach("digest", PLANNERS),
    "give_back_asked": Reach("digest", PLANNERS),
    "referral_at_site": Reach("digest", HERS | PLANNERS),
    "approval_given": Reach("digest", OFFICE | HERS),
    "standard_drifted": Reach("digest", PLANNERS),
    "standard_proposed": Reach("digest", PLANNERS),
    "standard_decided": Reach("digest", PLANNERS),
    "report_failed": Reach("digest", PLANNERS),
    # In the application only: nothing is to be done any more.
    "offer_taken": Reach("app", HERS),
    "offer_withdrawn": Reach("app", HERS),
    "report_written": Reach("app", PLANNERS),
}
"""event → how it reaches people"""


def events_of(roles: Iterable[str]) -> tuple[str, ...]:
    """The events that can reach somebody in these roles, in the order of the table."""
    held = frozenset(roles)
    return tuple(event for event, reach in REACH.items() if held & reach.roles)
