"""What time itself brings, beside all other work: offers remind and expire, conversations go on, past weeks are written down.

Every step is guarded, so that several workers may look at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils import timezone

from evenload.workflow import (
    hours_offered,
    load_weeks,
    offer_reminders,
    offers,
    organisation_figures,
    referrals_late,
    remedy_applied,
    report_schedules,
    standard_drift,
    talks,
)

LATE_AGAIN = timedelta(minutes=10)
"""late referrals are looked for so often"""
FIGURES_AGAIN = timedelta(minutes=5)
"""so often figures that something has changed behind are counted again, one program at each look, each once"""


class Due:
    """Looks again and again. Past weeks and time standards are looked at once a day, and once when the worker begins."""

    def __init__(self, now: Callable[[], datetime] = timezone.now) -> None:
        self.now = now
        self.weeks_on: date | None = None
        self.late_at: datetime | None = None
        self.figures_at: datetime | None = None
        """when the last round of figures began"""
        self.is_counting = False

    def look(self) -> bool:
        """Do what is due now. False: nothing was."""
        at = self.now()
        done = offers.expire_due(at=at) + offer_reminders.remind_due(at=at)
        today = timezone.localdate(at)
        done += talks.escalate_due(today=today, at=at) + talks.follow_up_due(today=today, at=at)
        done += remedy_applied.end_lent(today=today, at=at) + hours_offered.apply_due(today=today, at=at)
        done += report_schedules.make_due(today=today)
        if self.weeks_on != today:
            done += load_weeks.write_due(today=today, at=at).rows + standard_drift.tell_due(today=today, at=at)
            self.weeks_on = today
        if self.late_at is None or at - self.late_at >= LATE_AGAIN:
            done += referrals_late.tell_late(at=at)
            self.late_at = at
        return done + self._figures(at) > 0

    def _figures(self, at: datetime) -> int:
        if not self.is_counting and (self.figures_at is None or at - self.figures_at >= FIGURES_AGAIN):
            self.is_counting, self.figures_at = True, at
        renewed = organisation_figures.renew_next(at=at, before=self.figures_at) if self.is_counting else 0
        self.is_counting = renewed > 0
        return renewed
