"""What the table of addresses needs in a program: everything that an address can name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from cast import NOW, Cast, edition_of, person
from evenload.records.models import (
    Account,
    Allotment,
    Contract,
    Draft,
    DraftPlacement,
    Edition,
    FrenchException,
    HoursOffered,
    Import,
    Leave,
    LoadSignal,
    LoadTalk,
    Mail,
    Notice,
    Offer,
    OfferAnswer,
    PlannedVisit,
    PlanRun,
    PlanScenario,
    Practitioner,
    Program,
    RecordedVisit,
    Referral,
    ReportSchedule,
    StandardVersion,
    Unit,
)
from evenload.workflow import scenarios
from evenload.workflow.standard_figures import figures_of


@dataclass(frozen=True, slots=True)
class Stage:
    """One program with everything an address can name."""

    program: Program
    edition: Edition
    older: Edition
    run: PlanRun
    imported: Import
    offer: Offer
    talk: LoadTalk
    contract: Contract
    exception: FrenchException
    planned: PlannedVisit
    recorded: RecordedVisit


def stage(everybody: Cast, program: Program) -> Stage:
    owner = everybody.manager_of_a if program == everybody.program_a else everybody.manager_of_b
    draft = Draft.objects.create(program=program, begun_at=NOW)
    DraftPlacement.objects.bulk_create(
        DraftPlacement(
            draft=draft, unit=unit, piece=unit.code, practitioner=current.practitioner if (current := unit.assignments.first()) else None
        )
        for unit in program.units.all()
    )
    offer = Offer.objects.create(
        program=program,
        unit=program.units.get(code="u2"),
        piece="u2",
        way="together",
        made_by=owner,
        made_at=NOW,
        answer_hours=24,
        shown={"discipline": "OT", "language": "fr", "town": "", "postal_area": "", "minutes": 60, "clients": 1, "priority": 3, "units": 1},
    )
    week = {
        "assigned_minutes": 60,
        "travel_minutes": 0,
        "peak_minutes": 60,
        "capacity_minutes": 600,
        "maximum_minutes": 600,
        "state": "room",
    }
    OfferAnswer.objects.create(
        offer=offer,
        practitioner=program.practitioners.get(code="Béa"),
        turn=0,
        state="open",
        asked_at=NOW,
        answer_by=timezone.now() + timedelta(days=1),
        shown={"before": week, "after": week, "why": [], "rank": 1},
    )
    bea = program.practitioners.get(code="Béa")
    planned, recorded = her_visits(bea)
    signal = LoadSignal.objects.create(practitioner=bea, feeling="too_high", cause="travel", said_at=NOW)
    return Stage(
        program,
        offer=offer,
        planned=planned,
        recorded=recorded,
        talk=LoadTalk.objects.create(practitioner=bea, signal=signal, opened_at=NOW, answer_due=NOW.date()),
        contract=Contract.objects.create(
            program=program, code="east", name_en="East", starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=364), visits=500
        ),
        older=edition_of(program, owner, number=1, is_current=False),
        edition=edition_of(program, owner, number=2),
        run=PlanRun.objects.create(program=program, asked_by=owner, asked_at=NOW, state="cancelled", ended_at=NOW + timedelta(minutes=1)),
        exception=exception_of(program, owner),
        imported=Import.objects.create(program=program, by=owner, at=NOW, file_name="list.xlsx", columns={"kind": "list", "chosen": None}),
    )


def her_visits(bea: Practitioner) -> tuple[PlannedVisit, RecordedVisit]:
    """One visit that she plans, and one that she recorded, if she has an account."""
    unit = Unit.objects.get(program=bea.program, code="u2")
    planned = PlannedVisit.objects.create(practitioner=bea, unit=unit, on=timezone.localdate(), minutes=45)
    return planned, RecordedVisit.objects.create(
        program=bea.program,
        practitioner=bea,
        unit=unit,
        time_standard=unit.time_standard,
        on=NOW.date(),
        direct_minutes=45,
        outcome="done",
        recorded_by=bea.account,
        recorded_at=timezone.now(),
    )


def referral_list_of(place: Stage) -> Import:
    """A file of referrals that is being looked at."""
    lists = Import.objects.filter(program=place.program, columns__kind="referrals")
    owner = place.imported.by
    return lists.first() or Import.objects.create(program=place.program, by=owner, at=NOW, file_name="r.csv", columns={"kind": "referrals"})


def exception_of(program: Program, owner: Account) -> FrenchException:
    cal = program.practitioners.get(code="Cal")
    return FrenchException.objects.create(
        program=program,
        unit=program.units.get(code="u5"),
        piece="u5",
        practitioner=cal,
        practitioner_code="Cal",
        practitioner_name="Cal",
        reason="no_french_speaker",
        alternatives="other programs",
        decided_by=owner,
        decided_by_name=owner.full_name,
        decided_at=NOW,
        review_on=NOW.date() + timedelta(days=60),
    )


def notice_of(everybody: Cast) -> Notice:
    return Notice.objects.get_or_create(account=everybody.practitioner, event="offer_made", at=NOW)[0]


def leave_of(place: Stage) -> Leave:
    bea, owner = place.talk.practitioner, place.run.asked_by
    facts = {"last_day": NOW.date(), "kind": "vacation", "told_by": owner, "told_at": NOW}
    return Leave.objects.get_or_create(practitioner=bea, first_day=NOW.date(), defaults=facts)[0]


def hours_offered_of(place: Stage) -> HoursOffered:
    facts = {"weekly_hours": 20, "from_day": NOW.date(), "offered_at": NOW}
    return HoursOffered.objects.get_or_create(practitioner=place.talk.practitioner, defaults=facts)[0]


def standard_version_of(place: Stage) -> StandardVersion:
    """A time standard that is proposed, by the program's owner."""
    standard, owner = place.program.time_standards.all()[0], place.run.asked_by
    says = figures_of(standard).says() | {"direct_minutes": "70", "source": "a time study"}
    facts = {"says": says, "why": "visits take longer", "proposed_by": owner, "proposed_by_name": owner.full_name, "proposed_at": NOW}
    return StandardVersion.objects.get_or_create(standard=standard, number=1, defaults=facts)[0]


def mail_of(everybody: Cast) -> Mail:
    facts = {"state": "doubtful", "not_before": NOW, "made_at": NOW, "account": everybody.practitioner}
    return Mail.objects.get_or_create(message_id="<1@example.org>", defaults=facts)[0]


def asked_visits(place: Stage, everybody: Cast) -> Allotment:
    """Unfunded visits that the office asked for."""
    referral = Referral.objects.get(unit__program=place.program, unit__code="u6")
    facts = {"authorised_visits": 3, "starts_on": NOW.date(), "asked_by": everybody.administrative}
    return Allotment.objects.get_or_create(referral=referral, funding="asked", defaults=facts)[0]


def report_schedule_of(place: Stage, everybody: Cast) -> ReportSchedule:
    """A report that is written to the shared drive by itself."""
    kept = ReportSchedule.objects.filter(program=place.program, ended_at__isnull=True).first()
    chosen = {"report": "gap_sheet", "language": "fr", "cadence": "weekly", "next_on": date(2026, 1, 19)}
    return kept or ReportSchedule.objects.create(program=place.program, made_by=everybody.director, made_at=NOW, **chosen)


def scenario_of(place: Stage, everybody: Cast) -> PlanScenario:
    """A scenario of the program that is shared."""
    found = PlanScenario.objects.filter(program=place.program).first()
    if found is None:
        director = person(everybody.director)
        found = scenarios.make(place.program, "As it is", by=director, at=NOW)
        scenarios.share(found, by=director, at=NOW)
        found.refresh_from_db()
    return found
