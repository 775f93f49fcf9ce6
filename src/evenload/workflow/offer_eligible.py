"""To all eligible: who is asked when a unit is offered to everybody who may have it, and who is not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from evenload.planning.explain import Candidate, Explanation
from evenload.records.models import Draft, Practitioner
from evenload.workflow import what_if
from evenload.workflow.draft_picture import picture_of

PAUSED = "offers_paused"
ABOVE_RANGE = "above_own_range"
HAS_IT = "has_it"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who is not asked, though she may have the unit: has_it, offers_paused (`until`) or above_own_range."""

    one: Candidate
    code: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Eligible:
    """Everybody before an offer to all: `asked` best fit first; `left_out` could be asked by name; those excluded are in `ranking`."""

    asked: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    ranking: Explanation

    @property
    def codes(self) -> list[str]:
        """Whom the offer goes to, best fit first."""
        return [one.practitioner for one in self.asked]


def eligible(draft: Draft, piece: str, *, at: datetime) -> Eligible:
    """Who keeps every hard rule, stays within her own range with it, and has no pause of offers. Refused `piece_unknown`."""
    found, case = what_if.ranking(draft, piece), picture_of(draft).facts.case
    paused = paused_until(draft.program_id, today=localdate(at))
    asked: list[Candidate] = []
    left_out: list[LeftOut] = []
    for one in sorted(found.possible, key=lambda one: one.rank or 0):
        percent, top = one.load.after.percent, case.practitioner(one.practitioner).comfortable_max_percent
        if one.is_assigned:
            left_out.append(LeftOut(one, HAS_IT))
        elif one.practitioner in paused:
            left_out.append(LeftOut(one, PAUSED, paused[one.practitioner]))
        elif percent is None or percent > top:
            left_out.append(LeftOut(one, ABOVE_RANGE))
        else:
            asked.append(one)
    return Eligible(tuple(asked), tuple(left_out), found)


def paused_until(program_id: int, *, today: date) -> dict[str, date]:
    """Practitioner's code → first day on which offers are made to her again."""
    rows = Practitioner.objects.filter(program=program_id, offers_paused_until__gt=today)
    return {code: until for code, until in rows.values_list("code", "offers_paused_until") if until is not None}
