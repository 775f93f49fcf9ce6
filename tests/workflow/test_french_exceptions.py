"""A client who asked for French and nobody who speaks it can take: a named manager's exception, never the engine's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cast import NOW, Cast, person
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.plan import Plan
from evenload.records.access import Person
from evenload.records.models import Draft, Edition, FrenchException, JournalEntry, PlanRun, PractitionerLanguage, Program
from evenload.workflow import drafts, editions, french_exceptions, journal, plans
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.first_programs import delete_example
from evenload.workflow.french_exceptions import Decision
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import case_of
from workflow.drafts_made import fresh, plan_of
from workflow.editions_made import FIRST_DAY, drafted

pytestmark = [pytest.mark.both, pytest.mark.django_db]

DECIDED = Decision("Cal", "no_french_speaker", "Asked the two neighbouring programs; offered an interpreter.", date(2026, 4, 1))
LATER = NOW + timedelta(days=7)


@pytest.fixture
def draft(everybody: Cast, marie: Person) -> Draft:
    """Nobody speaks fluent French any more: u2 stands with Béa all the same, u5 waits."""
    _french_of_bea(everybody.program_a, "functional")
    return drafts.open_draft(everybody.program_a, by=marie, at=NOW)


def _french_of_bea(program: Program, level: str) -> None:
    PractitionerLanguage.objects.filter(practitioner__program=program, practitioner__code="Béa", language="fr").update(level=level)
    program.refresh_from_db()
    program.facts_version += 1
    program.save()


def recorded(draft: Draft, piece: str, decision: Decision, by: Person) -> Draft:
    here = fresh(draft)
    return french_exceptions.record(here, piece, decision, by=by, at=NOW, seen_version=here.version)


def published(draft: Draft, by: Person) -> Edition:
    here = fresh(draft)
    return editions.publish(here, effective_on=FIRST_DAY, by=by, at=NOW + timedelta(minutes=5), seen_version=here.version)


def test_without_an_exception_nothing_is_moved_to_her_and_nothing_is_published(draft: Draft, marie: Person) -> None:
    with pytest.raises(Refused, match="language_french"):
        drafts.move(draft, "u5", "Cal", by=marie, at=NOW, seen_version=0)
    check = editions.check_draft(draft, effective_on=FIRST_DAY)
    assert [(one.where.item, one.value) for one in check.french_to_decide] == [("u2", "Béa")]
    with pytest.raises(Refused, match="recount_differs"):
        published(draft, marie)


def test_an_exception_places_the_client_and_lets_the_draft_be_published(draft: Draft, marie: Person) -> None:
    recorded(draft, "u2", replace(DECIDED, practitioner="Béa"), marie)
    recorded(draft, "u5", DECIDED, marie)

    check = editions.check_draft(fresh(draft), effective_on=FIRST_DAY)
    edition = published(draft, marie)

    assert picture_of(fresh(draft)).places["u5"].practitioner == "Cal"
    assert (check.problems, check.french_exceptions) == ((), 2)
    assert edition.french_exceptions == 2
    told = list(french_exceptions.in_force(edition))
    assert [(one.piece, one.practitioner_code, one.decided_by_name, one.reason) for one in told] == [
        ("u2", "Béa", "Marie Roy", "no_french_speaker"),
        ("u5", "Cal", "Marie Roy", "no_french_speaker"),
    ]


def test_every_exception_is_in_the_journal_with_what_was_offered(draft: Draft, marie: Person) -> None:
    recorded(draft, "u5", DECIDED, marie)

    line = JournalEntry.objects.get(action="exception.record")
    assert (line.account_name, line.client_ids) == ("Marie Roy", ["u5"])
    assert line.facts == {
        "practitioner": "Cal",
        "reason": "no_french_speaker",
        "alternatives": DECIDED.alternatives,
        "review_on": "2026-04-01",
    }
    assert journal.verify() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "convenient"}, "exception_reason"),
        ({"reason": "other"}, "exception_note"),
        ({"alternatives": "  "}, "exception_alternatives"),
        ({"review_on": NOW.date()}, "review_too_early"),
        ({"review_on": NOW.date() + timedelta(days=185)}, "review_too_late"),
        ({"practitioner": "Nobody"}, "practitioner_unknown"),
    ],
)
def test_what_is_missing_is_refused_and_nothing_is_kept(draft: Draft, marie: Person, change: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        recorded(draft, "u5", replace(DECIDED, **change), marie)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert not FrenchException.objects.exists()
    assert fresh(draft).version == 0


def test_while_somebody_who_speaks_french_could_have_the_client_there_is_no_exception(everybody: Cast, marie: Person) -> None:
    draft = drafts.open_draft(everybody.program_a, by=marie, at=NOW)
    with pytest.raises(Refused) as refusal:
        recorded(draft, "u5", DECIDED, marie)
    assert (refusal.value.code, refusal.value.facts["practitioner"]) == ("french_speaker_could", "Béa")
    with pytest.raises(Refused, match="speaks_french"):
        recorded(draft, "u5", replace(DECIDED, practitioner="Béa"), marie)
    with pytest.raises(Refused, match="french_not_asked"):
        recorded(draft, "u4", DECIDED, marie)


def test_an_exception_lifts_no_other_rule(everybody: Cast, draft: Draft, marie: Person) -> None:
    unit = draft.program.units.get(code="u5")
    unit.barred_practitioners.add(draft.program.practitioners.get(code="Cal"))
    _french_of_bea(everybody.program_a, "functional")
    with pytest.raises(Refused, match="barred"):
        recorded(draft, "u5", DECIDED, marie)
    assert not FrenchException.objects.exists()


def test_it_is_for_one_person_only(draft: Draft, marie: Person) -> None:
    recorded(draft, "u5", DECIDED, marie)
    here = fresh(draft)
    with pytest.raises(Refused, match="language_french"):
        drafts.move(here, "u5", "Ana", by=marie, at=NOW, seen_version=here.version)


def test_a_second_exception_for_the_same_client_ends_the_first(draft: Draft, marie: Person) -> None:
    recorded(draft, "u5", DECIDED, marie)
    recorded(draft, "u5", replace(DECIDED, practitioner="Ana"), marie)
    assert list(FrenchException.objects.order_by("pk").values_list("practitioner_code", "ended_why")) == [("Cal", "replaced"), ("Ana", "")]
    assert picture_of(fresh(draft)).places["u5"].practitioner == "Ana"


def test_it_ends_when_the_client_is_placed_with_somebody_who_speaks_french(everybody: Cast, draft: Draft, marie: Person) -> None:
    recorded(draft, "u2", replace(DECIDED, practitioner="Béa"), marie)
    recorded(draft, "u5", DECIDED, marie)
    published(draft, marie)
    _french_of_bea(everybody.program_a, "fluent")
    again = drafted(everybody.program_a, marie, ("u5", "Béa"), at=LATER)

    edition = editions.publish(again, effective_on=FIRST_DAY, by=marie, at=LATER, seen_version=again.version)

    assert {one.piece: one.ended_why for one in FrenchException.objects.all()} == {"u2": "placed_in_french", "u5": "placed_in_french"}
    assert edition.french_exceptions == 0
    assert list(french_exceptions.in_force(edition)) == []
    first = Edition.objects.get(program=everybody.program_a, number=1)
    assert [one.piece for one in french_exceptions.in_force(first)] == ["u2", "u5"]
    assert JournalEntry.objects.filter(action="exception.end").count() == 2


def test_taken_back_it_allows_nothing_any_more(draft: Draft, marie: Person) -> None:
    recorded(draft, "u2", replace(DECIDED, practitioner="Béa"), marie)
    one = FrenchException.objects.get()

    french_exceptions.take_back(one, by=marie, at=NOW)

    with pytest.raises(Refused, match="recount_differs"):
        published(draft, marie)
    with pytest.raises(Refused, match="exception_ended"):
        french_exceptions.take_back(one, by=marie, at=NOW)


def test_reviews_that_are_due_are_counted(draft: Draft, marie: Person) -> None:
    recorded(draft, "u5", DECIDED, marie)
    assert french_exceptions.due(draft.program, today=date(2026, 3, 31)) == 0
    assert french_exceptions.due(draft.program, today=date(2026, 4, 1)) == 1


def test_the_engine_is_told_of_no_exception_and_its_plan_does_not_undo_one(draft: Draft, marie: Person) -> None:
    recorded(draft, "u5", DECIDED, marie)
    run = plans.ask_run(draft.program, by=marie, at=NOW)
    case = plans.case_of_run(run)
    assert "exception" not in run.facts_json
    assert all(not speaks(one, "fr", FLUENT) for one in case.practitioners)
    holder = {unit.id: unit.current for unit in case.units if unit.current and not unit.is_french}
    _store(run, plan_of(case, holder))

    plans.take_up(run, by=marie, at=NOW, confirmed=True)

    places = picture_of(fresh(draft)).places
    assert places["u5"].practitioner == "Cal"
    assert places["u2"].practitioner is None  # nobody recorded an exception for it


def _store(run: PlanRun, plan: Plan) -> None:
    claimed = plans.claim_next("test", at=NOW)
    assert claimed == run
    plans.store_plan(claimed, plan_json=plan_to_json(plan), case_digest=plan.case_digest, gap_percent=0.0, at=NOW)
    run.refresh_from_db()


def test_what_it_says_never_changes_and_there_is_one_at_a_time(draft: Draft, marie: Person) -> None:
    recorded(draft, "u5", DECIDED, marie)
    one = FrenchException.objects.get()
    for change in ({"alternatives": "none"}, {"review_on": date(2027, 1, 1)}, {"decided_by_name": "Somebody else"}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            FrenchException.objects.filter(pk=one.pk).update(**change)
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_the_case_of_the_records_never_knows_an_exception(draft: Draft, marie: Person) -> None:
    before = case_of(draft.program)
    recorded(draft, "u5", DECIDED, marie)
    assert case_of(draft.program) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"alternatives": ""},
        {"reason": "convenient"},
        {"ended_why": "placed_in_french"},
        {"ended_at": LATER},
        {"ended_at": NOW - timedelta(days=1), "ended_why": "taken_back"},
        {"ended_at": LATER, "ended_why": "forgotten"},
    ],
)
def test_the_database_itself_refuses_an_exception_that_says_too_little(draft: Draft, marie: Person, wrong: dict[str, object]) -> None:
    recorded(draft, "u5", DECIDED, marie)
    one = FrenchException.objects.get()
    one.pk, one.piece = None, "u2"
    for name, value in wrong.items():
        setattr(one, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_an_example_is_deleted_with_its_exceptions_and_notices(everybody: Cast, draft: Draft, marie: Person) -> None:
    recorded(draft, "u2", replace(DECIDED, practitioner="Béa"), marie)
    recorded(draft, "u5", DECIDED, marie)
    assert published(draft, marie).notices.count() == 1
    Program.objects.filter(pk=draft.program_id).update(is_example=True)

    delete_example(Program.objects.get(pk=draft.program_id), by=person(everybody.director), at=LATER)

    assert not FrenchException.objects.exists()
    assert not Program.objects.filter(pk=draft.program_id).exists()
    assert journal.verify() == []
