"""What the database itself refuses, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from cast import NOW, Cast, edition_of
from evenload.records.models import (
    Absence,
    Assignment,
    Client,
    ColumnMapping,
    Draft,
    DraftPlacement,
    Edition,
    EditionRow,
    JournalEntry,
    Organisation,
    PlanRun,
    Practitioner,
    Program,
    RoleOfAccount,
    TimeStandard,
    Unit,
)
from evenload.workflow import journal

pytestmark = pytest.mark.both


def refused(write: Callable[[], object]) -> bool:
    """Whether the database refuses a write; what came before it stays."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def run(everybody: Cast, **facts: object) -> PlanRun:
    return PlanRun.objects.create(program=everybody.program_a, asked_by=everybody.manager_of_a, asked_at=NOW, **facts)


def placement(everybody: Cast, **facts: object) -> DraftPlacement:
    draft, _ = Draft.objects.get_or_create(program=everybody.program_a, closed_at=None, defaults={"begun_at": NOW})
    return DraftPlacement.objects.create(draft=draft, unit=everybody.program_a.units.get(code="u1"), **facts)


ONCE: dict[str, Callable[[Cast], object]] = {
    "current edition": lambda cast: edition_of(cast.program_a, cast.director, number=cast.program_a.editions.count() + 1),
    "edition number": lambda cast: Edition.objects.create(
        program=cast.program_a,
        number=7,
        effective_on=date(2026, 2, 2),
        published_at=NOW,
        published_by=cast.director,
        code=f"x{cast.program_a.editions.count()}",
        is_current=False,
    ),
    "open draft": lambda cast: Draft.objects.create(program=cast.program_a, begun_at=NOW),
    "open run": lambda cast: run(cast, state="asked"),
    "open assignment of a piece": lambda cast: Assignment.objects.create(
        unit=cast.program_a.units.get(code="u4"), piece="u4#1", practitioner=cast.program_a.practitioners.get(code="Ana")
    ),
    "role in a program": lambda cast: RoleOfAccount.objects.create(account=cast.director, role="administrative", program=cast.program_a),
    "role in the organisation": lambda cast: RoleOfAccount.objects.create(account=cast.privacy_officer, role="administrative"),
    "mapping without a program": lambda cast: ColumnMapping.objects.create(headings_hash="h", remembered_at=NOW),
    "unit code": lambda cast: Unit.objects.create(
        program=cast.program_a, code="new", kind="client", discipline="OT", time_standard=cast.program_a.time_standards.first()
    ),
    "client code": lambda cast: Client.objects.create(program=cast.program_a, code="new", initials="N"),
    "placement of a piece": lambda cast: placement(cast, piece="u1"),
}

NEVER: dict[str, Callable[[Cast], object]] = {
    "second organisation": lambda cast: Organisation.objects.create(id=2, name_en="Other"),
    "director of one program": lambda cast: RoleOfAccount.objects.create(
        account=cast.administrative, role="director", program=cast.program_a
    ),
    "unknown role": lambda cast: RoleOfAccount.objects.create(account=cast.administrative, role="superuser"),
    "unknown language": lambda cast: type(cast.director).objects.filter(pk=cast.director.pk).update(language="xx"),
    "program without weeks": lambda cast: Program.objects.filter(pk=cast.program_a.pk).update(period_weeks=0),
    "reserve of everything": lambda cast: Program.objects.filter(pk=cast.program_a.pk).update(reserve_percent=100),
    "negative hours": lambda cast: Practitioner.objects.filter(program=cast.program_a).update(weekly_hours=-1),
    "more hours than a week has": lambda cast: Practitioner.objects.filter(program=cast.program_a).update(weekly_hours=169),
    "range upside down": lambda cast: Practitioner.objects.filter(program=cast.program_a).update(
        comfortable_min_percent=90, comfortable_max_percent=80
    ),
    "absence of days and hours": lambda cast: Absence.objects.filter(program=cast.program_a).update(hours=1),
    "negative minutes": lambda cast: TimeStandard.objects.filter(program=cast.program_a).update(direct_minutes=-1),
    "group of nobody": lambda cast: TimeStandard.objects.filter(program=cast.program_a).update(group_size=0),
    "unknown kind of unit": lambda cast: Unit.objects.filter(program=cast.program_a).update(kind="planet"),
    "unit of a site without one": lambda cast: Unit.objects.filter(program=cast.program_a, code="u1").update(site=None),
    "unknown priority": lambda cast: Unit.objects.filter(program=cast.program_a).update(priority=9),
    "pin to nobody": lambda cast: placement(cast, piece="u1", is_pinned=True),
    "done run without a plan": lambda cast: run(cast, state="done"),
    "unknown state of a run": lambda cast: run(cast, state="dreaming"),
    "edition 0": lambda cast: edition_of(cast.program_a, cast.director, number=0, is_current=False),
    "assignment that ends before it starts": lambda cast: Assignment.objects.filter(unit__program=cast.program_a).update(
        starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1)
    ),
}


@pytest.mark.parametrize("name", ONCE)
def test_there_is_only_one(everybody: Cast, name: str) -> None:
    ONCE[name](everybody)

    assert refused(lambda: ONCE[name](everybody))


@pytest.mark.parametrize("name", NEVER)
def test_there_is_never(everybody: Cast, name: str) -> None:
    assert refused(lambda: NEVER[name](everybody))


def test_another_program_may_have_its_own_current_edition_draft_and_run(everybody: Cast) -> None:
    for program in (everybody.program_a, everybody.program_b):
        edition_of(program, everybody.director)
        Draft.objects.create(program=program, begun_at=NOW)
        PlanRun.objects.create(program=program, asked_by=everybody.director, asked_at=NOW)

    assert (Edition.objects.count(), Draft.objects.count(), PlanRun.objects.count()) == (2, 2, 2)


@pytest.mark.parametrize("change", [{"number": 9}, {"effective_on": date(2026, 3, 3)}, {"code": "other"}, {"case_digest": "other"}])
def test_what_an_edition_says_of_itself_never_changes(everybody: Cast, change: dict[str, object]) -> None:
    edition = edition_of(everybody.program_a, everybody.director)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**change)


def test_only_its_place_moves_on_to_the_next_edition(everybody: Cast) -> None:
    edition = edition_of(everybody.program_a, everybody.director)

    Edition.objects.filter(pk=edition.pk).update(is_current=False)

    edition.refresh_from_db()
    assert not edition.is_current


def test_a_row_of_an_edition_never_changes(everybody: Cast) -> None:
    edition = edition_of(everybody.program_a, everybody.director)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EditionRow.objects.filter(edition=edition).update(practitioner="Somebody else")


def test_the_journal_cannot_be_emptied_at_once(everybody: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {JournalEntry._meta.db_table}")


@pytest.mark.django_db
def test_the_models_and_the_migrations_say_the_same() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_the_migrations_go_back_and_forth() -> None:
    call_command("migrate", "records", "0001", verbosity=0)
    call_command("migrate", "records", verbosity=0)

    journal.record_alone(None, "worker.started", at=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalEntry.objects.all().delete()
