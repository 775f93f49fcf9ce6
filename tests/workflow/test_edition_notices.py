"""Only the people affected are told, and until they have looked. Ana has u1 and u3, Béa (with an account) u2, Cal u8."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cast import NOW, Cast, account, person
from evenload.records.access import Person
from evenload.records.models import EditionNotice, Notice, Practitioner, Program
from evenload.workflow import edition_notices, editions
from workflow.editions_made import FIRST_DAY, drafted, published

pytestmark = [pytest.mark.both, pytest.mark.django_db]
NEXT = {"at": NOW + timedelta(days=1), "effective_on": FIRST_DAY + timedelta(days=7)}


def test_who_is_not_touched_is_told_nothing(program: Program, everybody: Cast, marie: Person) -> None:
    edition = published(program, marie, ("u3", None), ("u4", "Cal"))

    told = {one.practitioner.code: one.changes for one in edition.notices.all()}

    assert told == {"Ana": [["u3", "waiting"]], "Cal": [["u4", "new"]]}
    assert not edition_notices.unread(person(everybody.practitioner)).exists()


def test_who_is_touched_is_told_until_she_has_opened_the_list(program: Program, everybody: Cast, marie: Person) -> None:
    edition = published(program, marie, ("u6", "Béa"))
    bea = person(everybody.practitioner)
    assert [one.changes for one in edition_notices.unread(bea)] == [[["u6", "new"]]]

    editions.mark_read(edition, everybody.administrative, at=NOW)
    assert edition_notices.unread(bea).count() == 1
    editions.mark_read(edition, everybody.practitioner, at=NOW)

    assert not edition_notices.unread(bea).exists()
    assert EditionNotice.objects.get(practitioner__code="Béa").read_at == NOW


def test_reading_the_newest_edition_reads_what_older_ones_said(program: Program, everybody: Cast, marie: Person) -> None:
    published(program, marie, ("u6", "Béa"))
    newest = published(program, marie, ("u6", None), **NEXT)
    bea = person(everybody.practitioner)
    assert [one.edition.number for one in edition_notices.unread(bea)] == [2, 1]

    editions.mark_read(newest, everybody.practitioner, at=NOW)

    assert not edition_notices.unread(bea).exists()


def test_a_notice_of_a_program_that_is_not_hers_any_more_is_not_shown(program: Program, everybody: Cast, marie: Person) -> None:
    published(program, marie, ("u6", "Béa"))
    everybody.practitioner.roles.update(program=everybody.program_b)

    assert not edition_notices.unread(person(everybody.practitioner)).exists()


def test_the_check_says_by_name_who_will_be_told_and_who_has_no_account(program: Program, marie: Person) -> None:
    draft = drafted(program, marie, ("u6", "Béa"), ("u4", "Cal"))
    Practitioner.objects.filter(program=program, code="Cal").update(name="Cal Dubois")

    told = edition_notices.told(program, editions.check_draft(draft, effective_on=FIRST_DAY).people)

    assert (told.named, told.without_account) == (("Béa",), ("Cal Dubois",))


def test_an_account_linked_after_the_publication_sees_the_notice(program: Program, marie: Person) -> None:
    published(program, marie, ("u4", "Cal"))
    cal = account("cal", "Cal Dubois", "practitioner", program)
    Practitioner.objects.filter(program=program, code="Cal").update(account=cal)

    assert [one.changes for one in edition_notices.unread(person(cal))] == [[["u4", "new"]]]


def test_an_edition_tells_those_it_touches_once_and_reading_the_list_reads_the_notice(
    program: Program, everybody: Cast, marie: Person
) -> None:
    first = published(program, marie, ("u6", "Béa"), ("u3", None))
    newest = published(program, marie, ("u6", None), **NEXT)

    told = {one.values["number"]: one for one in Notice.objects.filter(account=everybody.practitioner)}

    assert {number: one.values["n"] for number, one in told.items()} == {1: 1, 2: 1}
    assert told[1].event == "edition_published"
    assert Notice.objects.count() == 2  # Ana has no account

    editions.mark_read(first, everybody.practitioner, at=NOW)
    assert set(Notice.objects.filter(read_at__isnull=True)) == {told[2]}
    editions.mark_read(newest, everybody.practitioner, at=NOW)
    assert not Notice.objects.filter(read_at__isnull=True).exists()
