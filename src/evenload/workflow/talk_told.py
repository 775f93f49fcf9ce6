"""Who is told what of a conversation about a load. The two are its practitioner and those who plan her program."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from evenload.records.models import Account, LoadTalk, Practitioner
from evenload.workflow import notices

MINE: Final = "/my-load"


def said(practitioner: Practitioner, *, talk: LoadTalk | None, at: datetime) -> None:
    """Those who plan her program: she said how her load feels."""
    address = _address(talk) if talk else f"/programs/{practitioner.program.code}/talks"
    values = {"practitioner": str(practitioner)}
    planners = notices.planners_of(practitioner.program)
    notices.tell(planners, "load_said", at=at, program=practitioner.program, address=address, values=values)


def written(talk: LoadTalk, *, by: Account, at: datetime) -> None:
    """The other of the two: there is a new line."""
    _tell(talk, "talk_written", at=at, but=by)


def agreed(talk: LoadTalk, *, by: Account, at: datetime) -> None:
    """The other of the two: what was chosen is agreed to."""
    _tell(talk, "talk_agreed", at=at, but=by)


def follow_up(talk: LoadTalk, *, day: date, at: datetime) -> None:
    """Both, once: today they look again whether it helped."""
    _tell(talk, "talk_follow_up", at=at, day=day, once=f"talk:{talk.pk}:{day.isoformat()}")


def escalated(talk: LoadTalk, *, at: datetime) -> None:
    """The directors, and both: the answer was due and nobody gave it."""
    values = {"practitioner": str(talk.practitioner), "due": talk.answer_due}
    people = [*notices.directors(), *notices.planners_of(talk.practitioner.program), *notices.account_of(talk.practitioner)]
    notices.tell(people, "talk_escalated", at=at, program=talk.practitioner.program, address=_address(talk), values=values)


def _tell(talk: LoadTalk, event: str, *, at: datetime, but: Account | None = None, day: date | None = None, once: str = "") -> None:
    one = talk.practitioner
    planner = [talk.agreed_by_planner] if talk.agreed_by_planner else notices.planners_of(one.program)
    people = [account for account in (*planner, *notices.account_of(one)) if but is None or account.pk != but.pk]
    values = {"practitioner": str(one), "day": day}
    notices.tell(people, event, at=at, program=one.program, address=_address(talk), values=values, once=once)


def _address(talk: LoadTalk) -> str:
    return f"/talks/{talk.pk}"
