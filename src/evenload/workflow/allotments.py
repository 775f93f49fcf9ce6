"""Visits that are authorised for a referral: used one by one, given back, running out, and asked for beyond what is funded.

A visit takes its place in one guarded update, so that two visits in the same instant never use the same last one. Visits that
were asked for beyond the funding count once a planner other than the one who asked has approved them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from evenload.records.models import Allotment, Referral

COUNTED: Final = ("funded", "approved")
"""funding whose visits may be used"""
FEW_LEFT: Final = 2
SOON: Final = timedelta(days=14)
"""An allotment runs out soon with so few visits left, or so shortly before it expires."""


@dataclass(frozen=True, slots=True)
class VisitsLeft:
    """What may be visited today: visits authorised in allotments that are in force, used and left of them.

    `expires_on`: the day on which the first of those with visits left expires; None: none of them does. `unfunded_asked`: visits
    asked for beyond the funding that nobody has approved yet: not in `left`.
    """

    authorised: int = 0
    used: int = 0
    left: int = 0
    expires_on: date | None = None
    unfunded_asked: int = 0

    def runs_out_soon(self, today: date) -> bool:
        """Whether somebody must think of more: few visits are left, or what is left expires soon."""
        if not self.authorised:
            return False
        return self.left <= FEW_LEFT or (self.expires_on is not None and self.expires_on - today <= SOON)


NOTHING: Final = VisitsLeft()


def use_visit(referral: Referral, *, on: date) -> Allotment | None:
    """Takes one visit of the allotment that expires first and has any left on that day; None where none is left.

    Nobody is refused for want of an allotment: the visit took place, and is recorded and shown as unfunded.
    """
    while (found := _usable(referral, on).first()) is not None:
        rows = Allotment.objects.filter(pk=found.pk, funding__in=COUNTED, used_visits__lt=F("authorised_visits"))
        if rows.update(used_visits=F("used_visits") + 1):
            found.refresh_from_db()
            return found
    return None


def return_visit(allotment: Allotment) -> None:
    """Gives one visit back: it was recorded by mistake. An allotment of which none is used stays as it is."""
    Allotment.objects.filter(pk=allotment.pk, used_visits__gt=0).update(used_visits=F("used_visits") - 1)


def left(referral: Referral, *, today: date) -> VisitsLeft:
    """What is left of a referral's allotments today."""
    return left_of([referral.pk], today=today)[referral.pk]


def left_of(referrals: Iterable[int], *, today: date) -> dict[int, VisitsLeft]:
    """Key of a referral → what is left today; one query for all of them."""
    found: dict[int, list[Allotment]] = {key: [] for key in referrals}
    for one in Allotment.objects.filter(referral__in=list(found)):
        found[one.referral_id].append(one)
    return {key: counted(allotments, today) for key, allotments in found.items()}


def counted(allotments: Iterable[Allotment], today: date) -> VisitsLeft:
    """These allotments of one referral, added up as they stand today."""
    rows = list(allotments)
    valid = [one for one in rows if one.funding in COUNTED and is_in_force(one, today)]
    rest = {one.pk: max(0, one.authorised_visits - one.used_visits) for one in valid}
    expiries = [one.expires_on for one in valid if one.expires_on is not None and rest[one.pk]]
    return VisitsLeft(
        authorised=sum(one.authorised_visits for one in valid),
        used=sum(one.used_visits for one in valid),
        left=sum(rest.values()),
        expires_on=min(expiries, default=None),
        unfunded_asked=sum(one.authorised_visits for one in rows if one.funding == "asked"),
    )


def is_in_force(allotment: Allotment, today: date) -> bool:
    """Whether the day lies in its days."""
    return allotment.starts_on <= today and (allotment.expires_on is None or today <= allotment.expires_on)


def _usable(referral: Referral, on: date) -> QuerySet[Allotment]:
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=on)
    rows = Allotment.objects.filter(lasting, referral=referral, funding__in=COUNTED, starts_on__lte=on)
    return rows.filter(used_visits__lt=F("authorised_visits")).order_by(F("expires_on").asc(nulls_last=True), "starts_on", "pk")
