"""The door from a person to a row: who may do what, and that foreign rows do not exist."""

from __future__ import annotations

import pytest
from django.http import Http404

from cast import NOW, Cast, edition_of, person
from evenload.records import access
from evenload.records.models import Draft, Import, PlanRun, RoleOfAccount
from evenload.records.models.vocabulary import ROLES


def test_every_rule_names_roles_that_exist() -> None:
    assert [action for action, roles in access.RULES.items() if not roles or roles - set(ROLES)] == []


def test_an_action_without_a_rule_is_a_mistake(everybody: Cast) -> None:
    with pytest.raises(KeyError):
        access.may(person(everybody.director), "moon.walk")


def test_whoever_looks_is_written_down_only_for_actions_that_exist() -> None:
    assert set(access.RULES) >= access.JOURNALLED


def test_a_person_acts_in_the_programs_of_her_role(everybody: Cast) -> None:
    marie, dora, petra = person(everybody.manager_of_a), person(everybody.director), person(everybody.privacy_officer)

    assert list(access.programs_for(marie)) == [everybody.program_a]
    assert set(access.programs_for(dora)) == {everybody.program_a, everybody.program_b}
    assert list(access.programs_for(petra, "desk.see")) == []
    assert access.may(marie, "desk.change", everybody.program_a)
    assert not access.may(marie, "desk.change", everybody.program_b)


def test_roles_in_several_programs_add_up_and_roles_do_not(everybody: Cast) -> None:
    RoleOfAccount.objects.create(account=everybody.manager_of_a, role="practitioner", program=everybody.program_b)
    as_manager = access.person_of(everybody.manager_of_a, "program_manager")
    as_practitioner = access.person_of(everybody.manager_of_a, "practitioner")

    assert as_manager is not None
    assert as_practitioner is not None
    assert list(access.programs_for(as_manager)) == [everybody.program_a]
    assert list(access.programs_for(as_practitioner)) == [everybody.program_b]
    assert access.person_of(everybody.manager_of_a, "director") is None
    assert access.roles_of(everybody.manager_of_a) == ("program_manager", "practitioner")


def test_a_role_in_the_whole_organisation_reaches_every_program(everybody: Cast) -> None:
    RoleOfAccount.objects.create(account=everybody.administrative, role="administrative")

    assert len(access.programs_for(person(everybody.administrative))) == 2


def test_rows_of_a_foreign_program_do_not_exist(everybody: Cast) -> None:
    sam, program = person(everybody.manager_of_b), everybody.program_a
    draft = Draft.objects.create(program=program, begun_at=NOW)
    run = PlanRun.objects.create(program=program, asked_by=everybody.manager_of_a, asked_at=NOW)
    imported = Import.objects.create(program=program, by=everybody.manager_of_a, at=NOW, file_name="x")
    edition = edition_of(program, everybody.manager_of_a)
    doors = [
        lambda who: access.program_for(who, program.code, "desk.see"),
        lambda who: access.unit_for(who, program, "u1", "unit.see"),
        lambda who: access.practitioner_for(who, program, "Ana", "team.see"),
        lambda who: access.run_for(who, run.pk, program=program),
        lambda who: access.draft_for(who, program),
        lambda who: access.edition_for(who, program, edition.number),
        lambda who: access.import_for(who, imported.pk),
    ]

    for door in doors:
        with pytest.raises(Http404):
            door(sam)
    found = [door(person(everybody.manager_of_a)) for door in doors]
    assert [found[index] for index in (0, 3, 4, 5, 6)] == [program, run, draft, edition, imported]


def test_an_import_into_no_program_yet_is_only_hers_who_began_it(everybody: Cast) -> None:
    begun = Import.objects.create(by=everybody.manager_of_a, at=NOW, file_name="x")

    assert access.import_for(person(everybody.manager_of_a), begun.pk) == begun
    for stranger in (everybody.manager_of_b, everybody.administrative, everybody.practitioner):
        with pytest.raises(Http404):
            access.import_for(person(stranger), begun.pk)


def test_a_block_leads_to_its_unit(everybody: Cast) -> None:
    marie = person(everybody.manager_of_a)

    assert access.unit_for(marie, everybody.program_a, "u1#2", "unit.see").code == "u1"
    with pytest.raises(Http404):
        access.unit_for(marie, everybody.program_a, "u99#2", "unit.see")


def test_a_practitioner_finds_herself_and_nobody_else(everybody: Cast) -> None:
    assert [one.code for one in access.own_practitioners(person(everybody.practitioner))] == ["Béa"]
    assert list(access.own_practitioners(person(everybody.manager_of_a))) == []
