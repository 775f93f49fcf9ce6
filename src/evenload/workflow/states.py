"""Which state may follow which: every table of states, and the one guarded step between two of them."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

RUN: Final = {
    "asked": frozenset({"running", "cancelled"}),
    "running": frozenset({"asked", "done", "failed", "cancelled"}),
    "done": frozenset[str](),
    "failed": frozenset[str](),
    "cancelled": frozenset[str](),
}
"""A plan run. Back from running to asked: its worker was lost and another may take it up."""

IMPORT: Final = {
    "previewed": frozenset({"imported", "refused", "discarded"}),
    "imported": frozenset[str](),
    "refused": frozenset[str](),
    "discarded": frozenset[str](),
}

PUBLICATION: Final = {
    "waiting": frozenset({"written", "failed"}),
    "failed": frozenset({"written", "failed"}),
    "written": frozenset[str](),
}
"""A publication that failed is tried again until it is written."""

REPORT_WRITING: Final = {
    "waiting": frozenset({"written", "failed"}),
    "failed": frozenset({"written", "failed"}),
    "written": frozenset[str](),
}
"""A due day of a scheduled report: as a publication."""

REFERRAL: Final = {
    "received": frozenset({"waiting", "assigned", "closed"}),
    "waiting": frozenset({"offered", "assigned", "on_hold", "closed"}),
    "offered": frozenset({"waiting", "assigned", "closed"}),
    "assigned": frozenset({"waiting", "on_hold", "closed"}),
    "on_hold": frozenset({"waiting", "assigned", "closed"}),
    "closed": frozenset[str](),
}
"""A referral. Received to assigned at once: at a site, its team's caseload holds it. A closed one is resumed as a new referral."""

MAIL: Final = {
    "waiting": frozenset({"sending", "failed"}),
    "sending": frozenset({"sent", "waiting", "failed", "doubtful"}),
    "sent": frozenset[str](),
    "failed": frozenset[str](),
    "doubtful": frozenset[str](),
}
"""A mail of the outbox. Back to waiting: the server refused it for now, and certainly does not have it."""

PLANNED_VISIT: Final = {
    "planned": frozenset({"recorded", "dropped"}),
    "recorded": frozenset({"planned"}),
    "dropped": frozenset({"planned"}),
}

LEAVE: Final = {
    "told": frozenset({"cancelled"}),
    "cancelled": frozenset[str](),
}

HOURS_OFFERED: Final = {
    "offered": frozenset({"taken", "declined", "withdrawn"}),
    "taken": frozenset[str](),
    "declined": frozenset[str](),
    "withdrawn": frozenset[str](),
}

OFFER: Final = {
    "open": frozenset({"accepted", "declined", "expired", "withdrawn", "closed"}),
    "accepted": frozenset({"confirmed", "closed"}),
    "confirmed": frozenset[str](),
    "declined": frozenset[str](),
    "expired": frozenset[str](),
    "withdrawn": frozenset[str](),
    "closed": frozenset[str](),
}
"""An offer. An acceptance may be given back until the manager confirms it; then the offer is closed and another may be made."""

ANSWER: Final = {
    "queued": frozenset({"open", "withdrawn", "closed"}),
    "open": frozenset({"accepted", "conditional", "declined", "expired", "withdrawn", "closed"}),
    "conditional": frozenset({"accepted", "declined", "expired", "withdrawn", "closed"}),
    "accepted": frozenset({"given_back", "closed"}),
    "declined": frozenset[str](),
    "expired": frozenset[str](),
    "withdrawn": frozenset[str](),
    "closed": frozenset[str](),
    "given_back": frozenset[str](),
}
"""The answer of one who was asked. Conditions are an answer that the manager may take (accepted) or leave (closed)."""

TALK: Final = {
    "open": frozenset({"escalated", "agreed", "settled"}),
    "escalated": frozenset({"agreed", "settled"}),
    "agreed": frozenset({"open", "settled"}),
    "settled": frozenset[str](),
}
"""A conversation about a load. Back from agreed to open: she said it again."""

STANDARD: Final = {
    "proposed": frozenset({"approved", "declined", "withdrawn"}),
    "approved": frozenset[str](),
    "declined": frozenset[str](),
    "withdrawn": frozenset[str](),
}
"""A version of a time standard. What is approved is never taken back: an earlier version is proposed again as a new one."""

Table = dict[str, frozenset[str]]


class IllegalStepError(ValueError):
    """A step that its table does not know: a mistake of ours, not of the person."""


def step(rows: QuerySet[Row], table: Table, before: str, after: str, **changes: Any) -> bool:
    """Moves the rows that still are in `before` to `after`, in one guarded update; False when somebody was quicker.

    Raises IllegalStepError where the table has no such step, KeyError for an unknown state.
    """
    if after not in table[before]:
        raise IllegalStepError(f"{before} → {after}")
    return rows.filter(state=before).update(state=after, **changes) > 0
