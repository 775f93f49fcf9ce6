"""Check, publish, compare, answer: the way from a draft to the edition that everybody holds.

The cast's program: Ana has u1 and u3, Béa u2 (French), Cal u8; u4 to u7 wait.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cast import NOW, Cast, person
from evenload.records.access import Person
from evenload.records.models import (
    Assignment,
    Client,
    Draft,
    DraftPlacement,
    Edition,
    EditionRow,
    JournalEntry,
    Practitioner,
    Program,
    Unit,
)
from evenload.workflow import draft_picture, drafts, editions, journal, snapshot, standing_overloads
from evenload.workflow.edition_rows import printed_edition, without_accents
from evenload.workflow.refused import Refused
from workflow.editions_made import FIRST_DAY, drafted, published

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def holders(edition: Edition) -> dict[str, str]:
    return dict(edition.rows.values_list("piece", "practitioner_code"))


def test_a_draft_that_changed_nothing_agrees_with_its_recount(program: Program, marie: Person) -> None:
    check = editions.check_draft(drafted(program, marie), effective_on=FIRST_DAY)

    assert check.problems == ()
    assert (check.changes, check.people, check.french_exceptions, check.waiting) == ((), (), 0, 4)


def test_the_check_counts_what_changes_and_whom_it_touches(program: Program, marie: Person) -> None:
    check = editions.check_draft(drafted(program, marie, ("u3", None), ("u4", "Cal")), effective_on=FIRST_DAY)

    assert {(change.piece, change.kind) for change in check.changes} == {("u3", "waiting"), ("u4", "new")}
    assert check.people == ("Ana", "Cal")
    assert check.waiting == 4


def test_the_check_names_every_hard_rule_that_is_broken(program: Program, marie: Person) -> None:
    draft = drafted(program, marie)
    cal = Practitioner.objects.get(program=program, code="Cal")
    DraftPlacement.objects.filter(draft=draft, piece="u2").update(practitioner=cal)  # French, and Cal speaks none
    draft_picture.forget()

    check = editions.check_draft(draft, effective_on=FIRST_DAY)

    assert ("rule_broken", "u2", "language_french") in {(one.code, one.where.item, one.facts.get("rule")) for one in check.problems}
    assert check.french_exceptions == 1


def test_the_check_finds_a_picture_that_is_not_what_the_records_hold(program: Program, marie: Person) -> None:
    draft = drafted(program, marie)
    picture = draft_picture.picture_of(draft)
    places = {**picture.places, "u3": replace(picture.places["u3"], practitioner=None)}
    draft_picture.keep(replace(picture, places=places, price_hours=picture.price_hours + 1))

    found = {(one.code, one.where.item) for one in editions.check_draft(draft, effective_on=FIRST_DAY).problems}

    assert {("placement_differs", "u3"), ("score_differs", None)} <= found


def with_hours_cut(program: Program, code: str) -> None:
    """She works five hours a week from now on, and keeps her clients."""
    Practitioner.objects.filter(program=program, code=code).update(weekly_hours=5)
    Program.objects.filter(pk=program.pk).update(facts_version=99)
    program.refresh_from_db()


def test_a_load_that_the_draft_raised_above_a_maximum_is_not_published(program: Program, marie: Person) -> None:
    draft = drafted(program, marie)
    with_hours_cut(program, "Ana")
    DraftPlacement.objects.filter(draft=draft, piece="u4").update(practitioner=program.practitioners.get(code="Ana"))
    draft_picture.forget()

    with pytest.raises(Refused) as refusal:
        editions.publish(draft, effective_on=FIRST_DAY, by=marie, at=NOW, seen_version=draft.version, overload_reason="for_a_time")

    assert refusal.value.code == "recount_differs"
    assert "above_maximum" in {problem.code for problem in refusal.value.facts["problems"]}
    assert not Edition.objects.exists()
    assert Draft.objects.get(pk=draft.pk).closed_at is None


def test_a_load_above_a_maximum_since_before_the_draft_is_published_with_a_reason_that_is_kept(program: Program, marie: Person) -> None:
    draft = drafted(program, marie)
    with_hours_cut(program, "Ana")

    check = editions.check_draft(draft, effective_on=FIRST_DAY)
    assert ([one.where.item for one in check.overloads], check.problems) == (["Ana"], ())
    for reason in ("", "because"):
        with pytest.raises(Refused, match="overload_reason_needed"):
            editions.publish(draft, effective_on=FIRST_DAY, by=marie, at=NOW, seen_version=draft.version, overload_reason=reason)
    edition = editions.publish(draft, effective_on=FIRST_DAY, by=marie, at=NOW, seen_version=draft.version, overload_reason="for_a_time")

    overloads, why = standing_overloads.recorded(edition)
    assert [one[0] for one in overloads] == ["Ana"]
    assert int(overloads[0][1]) > int(overloads[0][2])
    assert why == "for_a_time"


def test_a_load_above_a_maximum_that_the_draft_lowers_may_be_published(program: Program, marie: Person) -> None:
    draft = drafted(program, marie, ("u3", None))
    with_hours_cut(program, "Ana")

    edition = editions.publish(draft, effective_on=FIRST_DAY, by=marie, at=NOW, seen_version=draft.version, overload_reason="nobody_else")

    assert holders(edition)["u3"] == ""
    assert [one[0] for one in standing_overloads.recorded(edition)[0]] == ["Ana"]


def test_the_first_edition_holds_every_row_and_closes_the_draft(program: Program, marie: Person) -> None:
    edition = published(program, marie, ("u3", None), ("u4", "Cal"))

    assert (edition.number, edition.is_current, edition.changed_rows, edition.waiting_units) == (1, True, 2, 4)
    assert holders(edition) == {"u1": "Ana", "u2": "Béa", "u3": "", "u4": "Cal", "u5": "", "u6": "", "u7": "", "u8": "Cal"}
    assert edition.publication.state == "waiting"
    assert drafts.open_draft_of(program) is None
    line = JournalEntry.objects.order_by("-number")[0]
    assert (line.action, line.facts["number"], line.client_ids) == ("edition.publish", 1, ["u3", "u4"])
    assert journal.verify() == []


def test_assignments_end_and_begin_on_the_effective_day(program: Program, marie: Person) -> None:
    kept = Assignment.objects.get(piece="u1", unit__program=program)

    edition = published(program, marie, ("u3", None), ("u4", "Cal"))

    assert Assignment.objects.get(pk=kept.pk) == kept
    assert Assignment.objects.get(piece="u3", unit__program=program).ends_on == FIRST_DAY
    begun = Assignment.objects.get(piece="u4", unit__program=program)
    assert (begun.practitioner.code, begun.starts_on, begun.ends_on) == ("Cal", FIRST_DAY, None)
    assert (begun.edition, begun.confirmed_by) == (edition, marie.account)
    assert snapshot.current_of_pieces(program) == {"u1": "Ana", "u2": "Béa", "u4": "Cal", "u8": "Cal"}
    assert editions.check_draft(drafted(program, marie), effective_on=FIRST_DAY).changes == ()


def test_an_edition_published_for_an_earlier_day_than_an_assignment_begins_leaves_no_negative_time(program: Program, marie: Person) -> None:
    Assignment.objects.filter(piece="u3", unit__program=program).update(starts_on=FIRST_DAY + timedelta(days=9))

    published(program, marie, ("u3", None))

    ended = Assignment.objects.get(piece="u3", unit__program=program)
    assert ended.starts_on == ended.ends_on == FIRST_DAY + timedelta(days=9)


def test_the_next_edition_supersedes_the_first_and_marks_what_changed(program: Program, marie: Person) -> None:
    first = published(program, marie, ("u4", "Cal"))

    second = published(program, marie, ("u4", None), at=NOW + timedelta(days=1), effective_on=FIRST_DAY + timedelta(days=7))

    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.number) == (False, True, 2)
    assert [(row.piece, row.changed, row.practitioner_before) for row in second.rows.exclude(changed="")] == [("u4", "waiting", "Cal")]
    assert [change.piece for change in editions.difference(first, second)] == ["u4"]
    assert editions.current_edition(program) == second


def test_the_records_hold_one_current_edition_whatever_the_code_does(program: Program, marie: Person) -> None:
    first = published(program, marie)
    published(program, marie, at=NOW + timedelta(days=1))

    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=first.pk).update(is_current=True)


def test_a_draft_that_changed_since_the_check_was_seen_is_not_published(program: Program, everybody: Cast, marie: Person) -> None:
    draft = drafted(program, marie)
    dora = person(everybody.director)
    drafts.move(draft, "u4", "Cal", by=dora, at=NOW, seen_version=0)

    with pytest.raises(Refused) as refusal:
        editions.publish(draft, effective_on=FIRST_DAY, by=marie, at=NOW, seen_version=0)

    assert (refusal.value.code, refusal.value.facts["by"], refusal.value.facts["version"]) == ("draft_changed_meanwhile", dora.name, 1)


def test_who_comes_second_learns_who_published_and_when(program: Program, everybody: Cast, marie: Person) -> None:
    draft = drafted(program, marie)
    edition = editions.publish(draft, effective_on=FIRST_DAY, by=marie, at=NOW, seen_version=0)

    with pytest.raises(Refused) as refusal:
        editions.publish(draft, effective_on=FIRST_DAY, by=person(everybody.director), at=NOW, seen_version=0)

    assert refusal.value.code == "already_published"
    assert refusal.value.facts == {"number": edition.number, "by": "Marie Roy", "at": NOW}


@pytest.mark.parametrize(("days", "code"), [(-1, "effective_too_early"), (400, "effective_too_late")])
def test_the_effective_day_is_neither_before_the_current_edition_nor_years_ahead(
    program: Program, marie: Person, days: int, code: str
) -> None:
    published(program, marie)
    with pytest.raises(Refused) as refusal:
        published(program, marie, effective_on=FIRST_DAY + timedelta(days=days))
    assert refusal.value.code == code


def test_a_code_answers_current_then_superseded_and_never_a_name(program: Program, marie: Person) -> None:
    first = published(program, marie)
    assert editions.answer_code(first.code).state == "current"

    second = published(program, marie, ("u4", "Cal"), at=NOW + timedelta(days=1), effective_on=FIRST_DAY + timedelta(days=7))
    answer = editions.answer_code(f" {first.code.lower().replace('-', ' ')} ")

    assert (answer.state, answer.number, answer.newer, answer.changed_rows) == ("superseded", 1, 2, 1)
    assert editions.answer_code(second.code).state == "current"
    assert "Cal" not in repr(answer)


@pytest.mark.parametrize("code", ["", "7-AAAA", "-", "%", "1-", "x" * 300, "1_____", "\0"])
def test_a_code_that_nobody_printed_is_unknown(program: Program, marie: Person, code: str) -> None:
    published(program, marie)
    assert editions.answer_code(code).state == "unknown"


def test_codes_have_no_letter_that_is_taken_for_another(program: Program, marie: Person) -> None:
    number, _, letters = published(program, marie).code.partition("-")
    assert number == "1"
    assert len(letters) == 4
    assert not set(letters) - set(editions.CODE_LETTERS)
    assert not set(editions.CODE_LETTERS) & set("01OILUSZB8G")


def test_what_changed_since_somebody_looked_is_told_against_the_edition_she_read(program: Program, everybody: Cast, marie: Person) -> None:
    ada = everybody.administrative
    first = published(program, marie)
    assert editions.changed_since(first, ada).edition is None
    editions.mark_read(first, ada, at=NOW)
    editions.mark_read(first, ada, at=NOW + timedelta(hours=1))
    published(program, marie, ("u4", "Cal"), at=NOW + timedelta(days=1))
    third = published(program, marie, ("u3", None), at=NOW + timedelta(days=2))

    since = editions.changed_since(third, ada)

    assert since.edition == first
    assert since.pieces == {"u3", "u4"}
    assert first.read_receipts.get(account=ada).read_at == NOW


def test_readers_are_counted_among_those_who_may_read(program: Program, everybody: Cast, marie: Person) -> None:
    edition = published(program, marie)
    editions.mark_read(edition, everybody.administrative, at=NOW)
    editions.mark_read(edition, everybody.manager_of_b, at=NOW)  # of another program

    assert editions.readers(edition) == editions.Readers(read=1, all=4)


def test_the_list_shows_a_clients_initials_and_never_a_stated_label(program: Program, marie: Person) -> None:
    Unit.objects.filter(program=program, kind="client").update(label="Amélie Tremblay")
    Client.objects.filter(program=program).update(name="Amélie Tremblay")
    client_unit = Unit.objects.filter(program=program, kind="client").first()
    assert client_unit is not None

    edition = published(program, marie)

    row = edition.rows.get(piece=client_unit.code)
    assert row.label == client_unit.code.upper()
    assert not EditionRow.objects.filter(search_text__contains="tremblay").exists()


def test_a_new_pairing_begins_on_the_effective_day_and_an_old_one_when_it_was_stated(program: Program, marie: Person) -> None:
    Assignment.objects.filter(piece="u1", unit__program=program).update(starts_on=date(2025, 9, 8))

    edition = published(program, marie, ("u4", "Cal"))

    days = dict(edition.rows.values_list("piece", "from_date"))
    assert (days["u1"], days["u4"], days["u5"]) == (date(2025, 9, 8), FIRST_DAY, None)


def test_the_printed_edition_says_where_its_code_is_answered(program: Program, marie: Person, settings: Any) -> None:
    settings.PUBLIC_ADDRESS = "https://evenload.example.org"
    edition = published(program, marie)
    printed = printed_edition(edition)

    assert printed.address == f"https://evenload.example.org/e/{edition.code}"
    assert len(printed.rows) == 8


@pytest.mark.parametrize(
    ("text", "plain"),
    [("École Élémentaire L’Œuvre", "ecole elementaire l'oeuvre"), ("Đặng Ñandú", "dang nandu"), ("STRASSE ß", "strasse ss")],
)
def test_search_knows_no_accents(text: str, plain: str) -> None:
    assert without_accents(text) == plain
