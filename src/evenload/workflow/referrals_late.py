"""Late referrals: which are, and who is told of it: once a day, on a day on which one became late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from evenload.records.access import ADMINISTRATIVE
from evenload.records.models import Account, Notice, Program, Referral
from evenload.workflow import notices

EVENT: Final = "referral_late"
A_DAY: Final = timedelta(days=1)
TO_BE_SEEN: Final = ("received", "waiting", "offered", "assigned")


def late(now: datetime, today: date) -> Q:
    """Referrals of which something is overdue: the answer, or the first visit. Nothing is due while one is on hold."""
    answer = Q(state="received", respond_by__lt=now, responded_at__isnull=True)
    visit = Q(state__in=TO_BE_SEEN, first_visit_by__lt=today, first_visit_on__isnull=True)
    return answer | visit


def tell_late(*, at: datetime) -> int:
    """Tell who plans a program, and its administrative staff, how many referrals are late, where one became so since yesterday.

    Each person once a day. How many programs were told of; two queries where nothing is late.
    """
    today = localdate(at)
    newly = Q(respond_by__gte=at - A_DAY) | Q(first_visit_by=today - A_DAY)
    rows = Referral.objects.filter(late(at, today)).order_by().values("client__program")
    counted = rows.annotate(late=Count("pk"), new=Count("pk", filter=newly)).filter(new__gt=0)
    found = {one["client__program"]: one["late"] for one in counted}
    once = f"late:{today.isoformat()}"
    known = set(Notice.objects.filter(event=EVENT, once=once).values_list("program_id", flat=True))
    told = 0
    for program in Program.objects.filter(pk__in=set(found) - known):
        with transaction.atomic():
            address = f"/programs/{program.code}/referrals?show=late"
            notices.tell(office_of(program), EVENT, at=at, program=program, address=address, values={"n": found[program.pk]}, once=once)
        told += 1
    return told


def office_of(program: Program) -> list[Account]:
    """Who plans the program, and its administrative staff."""
    staff = Account.objects.filter(is_active=True, roles__role=ADMINISTRATIVE, roles__program=program)
    return [*notices.planners_of(program), *staff.distinct()]
