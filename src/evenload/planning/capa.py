"""The arithmetic of the Choice and Partnership Approach (oracle P1): new clients a quarter, the cost of a referral, slots and need.

Half-days of 3.5 h, appointments, referrals per week; shares 0–1. Exact. Source: CAPA, camhsnetwork.co.uk and capa.co.uk ("the maths model",
"rules of thumb", "calculate partnership activity"). Choice is the first appointment, partnership what follows for those who go on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

QUARTER_WEEKS: Final = 13
USABLE_WEEKS: Final = Fraction(45, 4)
"""weeks of a quarter in which appointments are given: 11.25 of 13, which is 45 of 52 in a year"""
HALF_DAY_HOURS: Final = Fraction(7, 2)
APPOINTMENTS_PER_HALF_DAY: Final = Fraction(2)
APPOINTMENTS_PER_CLIENT: Final = Fraction(15, 2)
"""partnership appointments of a client, on average"""
CHOICE_APPOINTMENTS: Final = Fraction(1)
TRANSFER_SHARE: Final = Fraction(66, 100)
"""of the clients seen once so many go on to partnership; 66 to 70 %"""
HALF_DAYS_PER_WEEK: Final = 10
WORKED_SHARE: Final = USABLE_WEEKS / QUARTER_WEEKS
"""what the rules of thumb leave out: 45 of 52 weeks"""


@dataclass(frozen=True, slots=True)
class Service:
    """A team as CAPA counts it. `share` of its half-days is for choice and partnership."""

    referrals: Fraction
    """accepted per week"""
    fte: Fraction
    share: Fraction
    partnership_hours: Fraction
    """weekly hours of one clinician for partnership"""
    transfer: Fraction = TRANSFER_SHARE
    appointments: Fraction = APPOINTMENTS_PER_CLIENT
    worked: Fraction = WORKED_SHARE


@dataclass(frozen=True, slots=True)
class CapaFigures:
    """What the arithmetic says. Per week where nothing else is said; None where it would be divided by 0."""

    sessions: Fraction
    """half-days of partnership that one clinician gives"""
    multiplier: Fraction
    """new clients a quarter for one weekly half-day"""
    new_clients: Fraction
    """of that clinician, per quarter of 13 weeks"""
    referral_hours: Fraction
    """appointments that one referral costs on average, as hours of the calendar"""
    half_days: Fraction
    """for all referrals, at whole half-days for each, as the rule of thumb has it"""
    half_days_exact: Fraction
    share_needed: Fraction | None
    """of the team's half-days, by the rule of thumb"""
    balance: Fraction
    """new partnerships a quarter for one referral a week"""
    slots: Fraction
    """appointments that the team offers in a week in which everybody works"""
    slots_worked: Fraction
    """the same over the year: times the share of weeks that are worked"""
    need: Fraction
    """appointments that the referrals of a week cost"""


def capa_figures(service: Service) -> CapaFigures:
    """Every figure of a service. Raises ValueError for appointments per client that are not above 0."""
    cost = referral_appointments(service.transfer, service.appointments)
    half_days = service.referrals * half_days_of_referral(cost)
    slots = service.fte * HALF_DAYS_PER_WEEK * service.share * APPOINTMENTS_PER_HALF_DAY
    return CapaFigures(
        sessions=service.partnership_hours / HALF_DAY_HOURS,
        multiplier=multiplier(service.appointments),
        new_clients=service.partnership_hours / HALF_DAY_HOURS * multiplier(service.appointments),
        referral_hours=cost,
        half_days=half_days,
        half_days_exact=service.referrals * cost / APPOINTMENTS_PER_HALF_DAY,
        share_needed=half_days / (service.fte * HALF_DAYS_PER_WEEK) if service.fte else None,
        balance=QUARTER_WEEKS * service.transfer,
        slots=slots,
        slots_worked=slots * service.worked,
        need=service.referrals * cost,
    )


def multiplier(appointments: Fraction = APPOINTMENTS_PER_CLIENT) -> Fraction:
    """New clients a quarter for one weekly half-day: 11.25 usable weeks × 2 appointments ÷ appointments of a client (7.5: 3)."""
    if appointments <= 0:
        raise ValueError(f"appointments of a client: expected more than 0, got {appointments}")
    return USABLE_WEEKS * APPOINTMENTS_PER_HALF_DAY / appointments


def referral_appointments(transfer: Fraction = TRANSFER_SHARE, appointments: Fraction = APPOINTMENTS_PER_CLIENT) -> Fraction:
    """Appointments of an hour that one referral costs on average: 1 choice + 7.5 × the share that goes on (0.66: 5.95)."""
    return CHOICE_APPOINTMENTS + appointments * transfer


def half_days_of_referral(cost: Fraction) -> int:
    """Whole half-days of one referral, by the rule of thumb: 5.95 appointments, 2 to the half-day, are 3."""
    return math.ceil(cost / APPOINTMENTS_PER_HALF_DAY)
