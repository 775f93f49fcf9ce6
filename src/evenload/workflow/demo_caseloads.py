"""What happens around caseloads in the demonstration: contracts, referrals of the last days, leave, hours offered, visits asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from evenload.records.access import Person, person_of
from evenload.records.models import Client, Practitioner, Program, Referral, TimeStandard
from evenload.workflow import allotment_steps, consent, contracts, hours_offered, leave, load_weeks, referrals
from evenload.workflow.allotment_steps import More
from evenload.workflow.contracts import Stated
from evenload.workflow.demo_cast import OFFICE, PRACTITIONER
from evenload.workflow.demo_desk import head_of
from evenload.workflow.referrals import NewReferral
from evenload.workflow.refused import Refused

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

TARGETS: Final = {1: (4, 3), 2: (24, 7), 3: (48, 21), 4: (96, 45)}
"""priority → hours in which a referral is answered, days to the first visit; figures of this example, nobody's contract"""
CONTRACTS: Final = {
    "home-care": ("Home care therapy", "Soins à domicile, réadaptation"),
    "schools": ("School-based rehabilitation", "Réadaptation en milieu scolaire"),
    "retirement-homes": ("Retirement homes", "Maisons de retraite"),
    "clinic": ("Clinic", "Clinique"),
}
JUST_CAME_IN: Final = {"home-care": 9, "schools": 5, "retirement-homes": 2, "clinic": 2}
NOT_ASKED: Final = 5
"""of one referral in so many nobody has asked the language yet"""
VISITS: Final = (6, 8, 12)
TEXTS: Final = {
    "en": {"more": "New wheelchair: two fittings and training", "hours": "My youngest starts school"},
    "fr": {"more": "Nouveau fauteuil roulant : deux essais et formation", "hours": "Mon plus jeune commence l'école"},
}
MORE_HOURS: Final = Decimal("4")


def agree(scene: Scene) -> None:
    """A contract for the period of each program, and how soon its referrals are answered and seen."""
    for code, program in scene.programs.items():
        by, at = head_of(program, scene), scene.days.at(weeks=5, minutes=120)
        contracts.set_targets(program, TARGETS, by=by, at=at)
        last = program.period_start + timedelta(weeks=program.period_weeks, days=-1)
        stated = Stated(
            code=f"{code}-{program.period_start.year}",
            name_en=f"{CONTRACTS[code][0]} {program.period_start.year}",
            name_fr=f"{CONTRACTS[code][1]} {program.period_start.year}",
            discipline="",
            starts_on=program.period_start,
            ends_on=last,
            visits=round(program.contracted_visits or 0),
            tolerance_percent=Decimal(5),
        )
        contracts.add(program, stated, targets={}, by=by, at=at + timedelta(minutes=10))


def take_in(scene: Scene) -> None:
    """Referrals of the last days, as the office took them in; the newest is of this morning."""
    for code, program in scene.programs.items():
        kinds = list(program.time_standards.order_by("pk"))
        homes = list(program.units.filter(kind="client").exclude(postal="").order_by("pk"))
        sites = list(program.sites.order_by("pk"))
        for number in range(JUST_CAME_IN[code]):
            on = _office_day(scene.days.as_of, back=number % 4)
            at = datetime.combine(on, scene.days.at().timetz()) - timedelta(minutes=30 * (number % 2))
            like = homes[(number * 37 + 11) % len(homes)] if homes else None
            site = "" if like else sites[(number * 7 + 3) % len(sites)].code
            standard = kinds[(number * 5 + 2) % len(kinds)] if like is None else like.time_standard
            stated = _stated(number, like.postal if like else "", site, standard, on)
            try:
                referrals.take_in(program, stated, by=scene.people[OFFICE.username], at=at)
            except Refused as refused:
                raise RuntimeError(f"{code}: {refused.code} {refused.facts}") from refused


def _office_day(day: date, *, back: int) -> date:
    """So many days before, or the Friday before that where the office is closed."""
    on = day - timedelta(days=back)
    return on - timedelta(days=max(0, on.weekday() - 4))


def _stated(number: int, postal: str, site: str, standard: TimeStandard, on: date) -> NewReferral:
    is_asked = number % NOT_ASKED != NOT_ASKED - 1
    letters = "ABCDEFGHJKLMNPRST"
    return NewReferral(
        discipline=standard.discipline,
        initials=f"{letters[number * 5 % len(letters)]}. {letters[(number * 7 + 3) % len(letters)]}.",
        birth_year=1938 + (number * 13) % 70,
        language=("en", "fr", "en", "en")[number % 4] if is_asked else "",
        asked_on=on if is_asked else None,
        asked_by=OFFICE.full_name if is_asked else "",
        asked_how="phone" if is_asked else "",
        site=site,
        postal=postal,
        priority=(3, 2, 3, 1)[number % 4],
        complexity=standard.code if number % 2 else "",
        received_on=on,
        visits=VISITS[number % len(VISITS)],
    )


def tell(scene: Scene) -> None:
    """Leave, hours offered, visits asked for beyond the funding, and a client who does not want one practitioner."""
    program = scene.programs["home-care"]
    by, at = scene.people[PRACTITIONER.username], scene.days.at(minutes=-20)
    own = Practitioner.objects.filter(program=program, account=by.account).select_related("program").get()
    first = scene.days.day(weeks=-3, days=-3)
    leave.tell(own, first_day=first, last_day=first + timedelta(days=1), kind="vacation", by=by, at=at)
    _ask_for_more(own, by, at)
    _others_tell(program, own, scene)
    _bar(scene.programs["retirement-homes"], scene)


def _ask_for_more(own: Practitioner, by: Person, at: datetime) -> None:
    rows = Referral.objects.filter(unit__assignments__practitioner=own, unit__assignments__ends_on__isnull=True, state="assigned")
    referral = rows.select_related("client__program").order_by("pk").first()
    if referral is not None:
        because = TEXTS[by.lang]["more"]
        allotment_steps.ask(referral, More(2, at.date(), at.date() + timedelta(weeks=8)), because=because, by=by, at=at)


def _others_tell(program: Program, own: Practitioner, scene: Scene) -> None:
    """A colleague is away next week and nobody has seen it yet; another offers more hours."""
    people = program.practitioners.filter(account__isnull=False, to_date=None).exclude(pk=own.pk).select_related("account", "program")
    away, more, *_ = sorted(people, key=lambda one: (one.weekly_hours, one.code))
    at = scene.days.at(minutes=25)
    for one, act in ((away, _go_away), (more, _offer_hours)):
        by = person_of(one.account, "practitioner") if one.account else None
        if by is not None:
            act(one, by, at, scene.days.day(weeks=-1))


def _go_away(one: Practitioner, by: Person, at: datetime, monday: date) -> None:
    leave.tell(one, first_day=monday, last_day=monday + timedelta(days=4), kind="family", by=by, at=at)


def _offer_hours(one: Practitioner, by: Person, at: datetime, monday: date) -> None:
    hours = one.weekly_hours + MORE_HOURS
    hours_offered.offer(one, weekly_hours=hours, from_day=monday, by=by, at=at, note=TEXTS[by.lang]["hours"])


def _bar(program: Program, scene: Scene) -> None:
    """A client of whom somebody else looks after wishes not to be seen by one practitioner."""
    client = Client.objects.filter(program=program, referrals__unit__kind="client").order_by("pk").first()
    if client is None:
        return
    units = client.referrals.values("unit")
    strangers = program.practitioners.exclude(assignments__unit__in=units).order_by("pk")
    stranger = strangers.first()
    if stranger is not None:
        consent.bar(client, stranger, by=head_of(program, scene), at=scene.days.at(minutes=30))


def look_back(scene: Scene) -> None:
    """The weeks since the first edition, written down as the worker does."""
    load_weeks.write_due(today=scene.days.as_of, at=scene.days.at(minutes=-120))
