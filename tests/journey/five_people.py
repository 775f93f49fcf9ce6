"""A small program with five people and a published list, dated from this week: `python -m journey.five_people LANGUAGE`.

Made by the workflow's own actions in a process of its own, in the records that the environment names. Fatou Diallo and Luc Bédard
speak French, Ana Cruz does not; two schools wait. Nadia Haddad, of another discipline, is there to see that nothing concerns her.
`python -m journey.five_people --later HOURS` moves every offer that is open into the past, as if so many hours had gone by.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

PASSWORD: Final = "a calm and quick morning"
PROGRAM: Final = "school-rehabilitation"
PEOPLE: Final = {
    # code: hours, languages, base
    "Fatou Diallo": (36, {"fr": "native", "en": "fluent"}, ("45.478", "-75.520")),
    "Luc Bédard": (30, {"fr": "native", "en": "fluent"}, ("45.470", "-75.500")),
    "Ana Cruz": (36, {"en": "native"}, ("45.440", "-75.560")),
    "Nadia Haddad": (30, {"en": "native", "fr": "fluent"}, ("45.440", "-75.560")),
}
USERNAMES: Final = {"Fatou Diallo": "fatou", "Luc Bédard": "luc", "Ana Cruz": "ana", "Nadia Haddad": "nadia"}
SCHOOLS: Final = {
    "Lafond": ("fr", "45.481", "-75.515"),
    "Sainte-Anne": ("fr", "45.466", "-75.485"),
    "Jeanne-Lajoie": ("fr", "45.474", "-75.530"),
    "Beacon Hill": ("en", "45.452", "-75.571"),
    "Maple Ridge": ("en", "45.430", "-75.610"),
    "Riverside": ("en", "45.425", "-75.640"),
}
UNITS: Final = (
    # school, class, clients, practitioner
    ("Lafond", "moderate", 9, "Fatou Diallo"),
    ("Sainte-Anne", "moderate", 8, "Luc Bédard"),
    ("Lafond", "high", 4, "Luc Bédard"),
    ("Maple Ridge", "moderate", 10, "Ana Cruz"),
    ("Riverside", "moderate", 5, "Ana Cruz"),
    ("Riverside", "high", 3, "Fatou Diallo"),
    ("Maple Ridge", "speech", 9, "Nadia Haddad"),
    ("Jeanne-Lajoie", "moderate", 3, None),
    ("Beacon Hill", "moderate", 4, None),
)


def this_monday(today: date) -> date:
    """First day of the week."""
    return today - timedelta(days=today.weekday())


def rows_on(monday: date) -> object:
    """The program as its own list would say it."""
    from evenload.exchange.rows import ClassRow, PractitionerRow, ProgramRow, Rows, SiteRow, UnitRow

    return Rows(
        program=ProgramRow(
            name_en="School rehabilitation",
            name_fr="Réadaptation scolaire",
            setting="school",
            period_start=monday - timedelta(weeks=8),
            period_weeks=26,
            as_of=monday,
        ),
        practitioners=tuple(
            PractitionerRow(
                id=code,
                name=code,
                disciplines=("SLP",) if code == "Nadia Haddad" else ("OT",),
                engagement="employee",
                weekly_hours=Fraction(hours),
                languages=languages,
                base_lat=Fraction(lat),
                base_lon=Fraction(lon),
            )
            for code, (hours, languages, (lat, lon)) in PEOPLE.items()
        ),
        absences=(),
        duties=(),
        sites=tuple(
            SiteRow(
                id=name,
                name_en=f"École {name}" if language == "fr" else f"{name} School",
                name_fr=f"École {name}",
                kind="school",
                language=language,
                lat=Fraction(lat),
                lon=Fraction(lon),
            )
            for name, (language, lat, lon) in SCHOOLS.items()
        ),
        classes=tuple(
            ClassRow(
                id=code,
                discipline=discipline,
                label_en=english,
                label_fr=french,
                visits=Fraction(visits),
                direct_minutes=Fraction(45),
                indirect_minutes=Fraction(20),
                source="judgement",
            )
            for code, discipline, english, french, visits in (
                ("moderate", "OT", "Moderate complexity", "Complexité moyenne", 10),
                ("high", "OT", "High complexity", "Complexité élevée", 20),
                ("speech", "SLP", "Speech", "Parole", 10),
            )
        ),
        units=tuple(
            UnitRow(
                id=f"u{number}",
                kind="site",
                discipline="SLP" if kind == "speech" else "OT",
                class_id=kind,
                site=school,
                clients=clients,
                language=SCHOOLS[school][0],
                current_practitioner=person,
                waiting_since=None if person else monday - timedelta(weeks=3),
            )
            for number, (school, kind, clients, person) in enumerate(UNITS, start=1)
        ),
        visits=(),
    )


def make(lang: str, *, at: datetime) -> None:
    """The installation: director, manager, office, three practitioners; the list imported and published last week."""
    from django.core.management import call_command

    from evenload.records.access import person_of
    from evenload.records.models import Practitioner
    from evenload.workflow import accounts, contracts, drafts, editions, intake
    from evenload.workflow.export import workbook_of

    call_command("migrate", verbosity=0)
    monday = this_monday(at.date())
    before = at - timedelta(days=7)
    director = accounts.begin_installation(
        organisation_en="Two Rivers Therapy",
        organisation_fr="Thérapie Deux-Rivières",
        username="dora",
        full_name="Dora Lee",
        password=PASSWORD,
        language=lang,
        at=before,
    )
    by = person_of(director)
    assert by is not None
    read = intake.preview(workbook_of(rows_on(monday), "en"), "caseloads.xlsx", by=by, program=None, at=before)  # type: ignore[arg-type]
    program = intake.confirm(read, by=by, at=before)
    wanted = [("marie", "Marie Roy", "program_manager"), ("odile", "Odile Tran", "administrative")]
    wanted += [(username, code, "practitioner") for code, username in USERNAMES.items()]
    for username, name, role in wanted:
        made, first = accounts.create_account(username=username, full_name=name, language=lang, roles=[(role, program)], by=by, at=before)
        accounts.change_password(made, old=first, new=PASSWORD, by=None, at=before)
        if role == "practitioner":
            Practitioner.objects.filter(program=program, code=name).update(account=made)
    contracts.set_targets(program, {1: (4, 3), 2: (24, 7), 3: (48, 21), 4: (96, 45)}, by=by, at=before)
    draft = drafts.open_draft(program, by=by, at=before)
    editions.publish(draft, effective_on=monday - timedelta(weeks=1), by=by, at=before, seen_version=draft.version)


def hours_pass(hours: int) -> None:
    """Offers that are open were made so much earlier."""
    from django.db.models import F

    from evenload.records.models import OfferAnswer

    by = timedelta(hours=hours)
    OfferAnswer.objects.filter(state="open").update(asked_at=F("asked_at") - by, answer_by=F("answer_by") - by)


if __name__ == "__main__":
    import django

    django.setup()
    from django.utils import timezone

    if sys.argv[1] == "--later":
        hours_pass(int(sys.argv[2]))
    else:
        make(sys.argv[1], at=timezone.now())
