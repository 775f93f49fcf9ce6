"""The people of the tests, and the small program they work in: the worked example, twice, so that there is a foreign program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from evenload.planning.program import Place
from evenload.planning.program import Program as Facts
from evenload.records.access import Person, person_of
from evenload.records.models import (
    Absence,
    Account,
    Assignment,
    Client,
    Duty,
    Edition,
    EditionRow,
    Organisation,
    Practitioner,
    PractitionerLanguage,
    Program,
    Referral,
    RoleOfAccount,
    Site,
    TimeStandard,
    Unit,
)
from planning.worked_example import worked_example

PASSWORD = "a calm and quick morning"
NOW = datetime(2026, 1, 12, 14, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cast:
    """One organisation with two programs, and one account per role; `manager_of_b` and program B are foreign to the others of A."""

    program_a: Program
    program_b: Program
    director: Account
    manager_of_a: Account
    manager_of_b: Account
    administrative: Account
    practitioner: Account
    privacy_officer: Account

    def accounts(self) -> dict[str, Account]:
        """Everybody by the name they have in the table of addresses."""
        names = ("director", "manager_of_a", "manager_of_b", "administrative", "practitioner", "privacy_officer")
        return {name: getattr(self, name) for name in names}


def person(account: Account) -> Person:
    """The account in its only role."""
    found = person_of(account)
    assert found is not None
    return found


def cast() -> Cast:
    """Everybody, with both programs and their records."""
    Organisation.objects.create(id=1, name_en="Two Rivers Therapy", name_fr="Thérapie Deux-Rivières")
    program_a = records_of(worked_example(), code="school-rehab", name_en="School rehabilitation", name_fr="Réadaptation scolaire")
    program_b = records_of(worked_example(), code="home-care", name_en="Home care", name_fr="Soins à domicile")
    everybody = Cast(
        program_a,
        program_b,
        director=account("dora", "Dora Director", "director"),
        manager_of_a=account("marie", "Marie Roy", "program_manager", program_a),
        manager_of_b=account("sam", "Sam Foreign", "program_manager", program_b, language="fr"),
        administrative=account("ada", "Ada Office", "administrative", program_a),
        practitioner=account("bea", "Béa Martin", "practitioner", program_a),
        privacy_officer=account("petra", "Petra Privacy", "privacy_officer"),
    )
    Practitioner.objects.filter(program=program_a, code="Béa").update(account=everybody.practitioner)
    return everybody


def account(username: str, full_name: str, role: str, program: Program | None = None, *, language: str = "en") -> Account:
    """An account with one role; everybody has the same password."""
    made = Account.objects.create_account(username, PASSWORD, full_name=full_name, language=language)
    RoleOfAccount.objects.create(account=made, role=role, program=program)
    return made


def records_of(facts: Facts, *, code: str, name_en: str, name_fr: str) -> Program:
    """The facts of a program as records, with one client and referral per client unit."""
    program = Program.objects.create(
        code=code,
        name_en=name_en,
        name_fr=name_fr,
        setting=facts.setting,
        period_start=facts.period.starts_on,
        period_weeks=facts.period.weeks,
        as_of=facts.period.as_of,
    )
    _people(program, facts)
    _places_and_standards(program, facts)
    _units(program, facts)
    return program


def edition_of(program: Program, by: Account, *, number: int = 1, is_current: bool = True) -> Edition:
    """A published edition with a row per unit, without files."""
    edition = Edition.objects.create(
        program=program,
        number=number,
        effective_on=date(2026, 1, 5) + timedelta(weeks=number),
        published_at=NOW,
        published_by=by,
        code=f"{number}-{program.pk:04}",
        is_current=is_current,
    )
    rows = [
        EditionRow(
            edition=edition,
            piece=unit.code,
            label=str(unit),
            kind=unit.kind,
            site_code=unit.site.code if unit.site else "",
            site_en=unit.site.name_en if unit.site else "",
            discipline=unit.discipline,
            language=unit.language,
            clients=unit.clients,
            search_text=unit.code,
        )
        for unit in program.units.select_related("site")
    ]
    EditionRow.objects.bulk_create(rows)
    return edition


def _people(program: Program, facts: Facts) -> None:
    for position, one in enumerate(facts.practitioners):
        made = Practitioner.objects.create(
            program=program,
            code=one.id,
            name=one.id,
            disciplines=list(one.disciplines),
            engagement=one.engagement,
            weekly_hours=_decimal(one.weekly_hours),
            max_hours=_decimal(one.max_hours),
            skills=sorted(one.skills),
            interests=sorted(one.interests),
            years_experience=_decimal(one.years_experience),
            base_lat=_degrees(one.base, "lat"),
            base_lon=_degrees(one.base, "lon"),
            longest_drive_minutes=one.longest_drive_minutes,
            team=one.team or "",
            feedback=one.feedback or "",
            position=position,
        )
        PractitionerLanguage.objects.bulk_create(
            PractitionerLanguage(practitioner=made, language=language, level=level) for language, level in one.languages.items()
        )
    for absence in facts.absences:
        Absence.objects.create(
            program=program, who=absence.who, kind=absence.kind, days=_decimal(absence.days), hours=_decimal(absence.hours)
        )
    for duty in facts.duties:
        Duty.objects.create(program=program, who=duty.who, kind=duty.kind, basis=duty.basis, amount=_decimal(duty.amount))


def _places_and_standards(program: Program, facts: Facts) -> None:
    for site in facts.sites:
        Site.objects.create(
            program=program,
            code=site.id,
            name_en=f"{site.id} School",
            name_fr=f"École {site.id}",
            kind=site.kind,
            lat=_degrees(site.place, "lat"),
            lon=_degrees(site.place, "lon"),
        )
    for one in facts.classes:
        TimeStandard.objects.create(
            program=program,
            code=one.id,
            discipline=one.discipline,
            label_en=one.id,
            visits=_decimal(one.visits),
            direct_minutes=_decimal(one.direct_minutes),
            indirect_minutes=_decimal(one.indirect_minutes),
            episode_minutes=_decimal(one.episode_minutes),
            experience_years=_decimal(one.experience_years),
        )


def _units(program: Program, facts: Facts) -> None:
    sites = {site.code: site for site in program.sites.all()}
    standards = {one.code: one for one in program.time_standards.all()}
    people = {one.code: one for one in program.practitioners.all()}
    for position, one in enumerate(facts.units):
        unit = Unit.objects.create(
            program=program,
            code=one.id,
            kind=one.kind,
            site=sites[one.site] if one.site else None,
            discipline=one.discipline,
            time_standard=standards[one.class_id],
            clients=one.clients,
            visits_allotted=_decimal(one.visits_allotted),
            visits_used=_decimal(one.visits_used),
            language=one.language or "",
            skills_required=sorted(one.skills_required),
            priority=one.priority,
            waiting_since=one.waiting_since,
            lat=_degrees(one.place, "lat"),
            lon=_degrees(one.place, "lon"),
            position=position,
        )
        if one.current_practitioner:
            Assignment.objects.create(unit=unit, piece=unit.code, practitioner=people[one.current_practitioner])
        if one.kind == "client":
            client = Client.objects.create(program=program, code=f"c-{one.id}", initials=one.id.upper(), language=one.language or "")
            Referral.objects.create(client=client, discipline="OT", unit=unit, received_on=date(2025, 12, 1), state="waiting")


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def _degrees(place: Place | None, name: str) -> Decimal | None:
    return None if place is None else Decimal(str(getattr(place, name)))
