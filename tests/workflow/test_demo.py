"""The demonstration organisation: made by the workflow's own actions, whole, lifelike, and only where nobody's records are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demonstration import AS_OF, Demonstration
from evenload.records.models import (
    Account,
    Allotment,
    Draft,
    DraftPlacement,
    Edition,
    JournalEntry,
    Leave,
    LoadTalk,
    LoadWeek,
    Offer,
    OfferAnswer,
    Organisation,
    PlannedVisit,
    PlanRun,
    Practitioner,
    Program,
    Publication,
    RecordedVisit,
    Referral,
    Unit,
)
from evenload.records.models import Client as ClientOfProgram
from evenload.workflow import demo, editions, journal, what_if
from evenload.workflow.demo_cast import ROLES
from evenload.workflow.refused import Refused

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True, scope="module")
def organisation(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Demonstration]:
    """A copy for these tests, which look and sign in."""
    mine = demonstration.copied(tmp_path_factory.mktemp("organisation") / "demo")
    with django_db_blocker.unblock(), mine.opened():
        yield mine


def test_it_has_four_programs_of_the_stated_sizes_and_says_that_it_is_an_example() -> None:
    sizes = {program.code: (program.practitioners.count(), program.units.count()) for program in Program.objects.all()}

    stated = {"home-care": (45, 1400), "schools": (20, 700), "retirement-homes": (10, 300), "clinic": (5, 100)}
    assert {code: people for code, (people, _) in sizes.items()} == {code: people for code, (people, _) in stated.items()}
    assert all(stated[code][1] <= units <= stated[code][1] + 9 for code, (_, units) in sizes.items())  # referrals of the last days
    assert Organisation.objects.get().is_example
    assert Practitioner.objects.values("name").distinct().count() == 80
    assert Practitioner.objects.filter(name__regex="[éèçïôûÉ]").count() >= 5


def test_every_program_was_published_twice_and_all_its_files_are_written() -> None:
    monday = AS_OF - timedelta(days=AS_OF.weekday())
    for program in Program.objects.all():
        days = dict(program.editions.values_list("number", "effective_on"))
        assert days == {1: monday - timedelta(weeks=4), 2: monday - timedelta(weeks=2)}
        assert program.editions.get(is_current=True).number == 2
        assert program.editions.get(number=2).changed_rows > 0
    assert set(Publication.objects.values_list("state", flat=True)) == {"written"}
    assert all(len(publication.files) == 8 for publication in Publication.objects.all())


def test_home_care_is_rearranged_by_hand_and_the_schools_follow_a_plan_with_few_changes() -> None:
    drafts = {draft.program.code: draft for draft in Draft.objects.filter(closed_at__isnull=True).select_related("program", "plan_run")}

    assert set(drafts) == {"home-care", "schools"}
    kinds = set(drafts["home-care"].changes.values_list("kind", flat=True))
    assert {"move", "pin", "ban", "undo"} <= kinds
    assert DraftPlacement.objects.filter(draft=drafts["home-care"], is_pinned=True).exists()
    run = drafts["schools"].plan_run
    assert run is not None
    assert (run.state, run.max_moves) == ("done", 12)
    assert what_if.board(drafts["schools"], today=AS_OF).hands.units <= 12


def test_a_desk_has_loads_over_the_hours_and_the_maximum_some_room_and_reasons_for_who_waits() -> None:
    draft = Draft.objects.get(program__code="home-care", closed_at__isnull=True)
    board = what_if.board(draft, today=AS_OF)

    states = Counter(row.load.state for row in board.rows)
    beyond = [row for row in board.rows if row.load.assigned_minutes > row.load.maximum_minutes]
    assert 3 <= len(board.counters.over.rows) <= 12
    assert 1 <= len(beyond) <= 4
    assert len(board.counters.room.rows) >= 2
    assert states["in_range"] >= 15
    reasons = Counter(card.reasons[0].code for card in board.waiting if card.reasons)
    assert len(reasons) >= 3
    in_french = [card for card in board.waiting if card.card.language == "fr" and card.card.discipline == "OT" and card.reasons]
    assert any(card.reasons[0].code == "full" for card in in_french)
    assert any(card.possible for card in board.waiting)


def test_each_role_signs_in_with_the_password_that_is_told(organisation: Demonstration) -> None:
    for role in ROLES:
        visitor = Client()
        answer = visitor.post(reverse("sign_in"), {"username": role.username, "password": organisation.password}, follow=True)
        assert answer.status_code == 200
        assert answer.wsgi_request.user.username == role.username
        assert answer.redirect_chain


def test_most_practitioners_have_an_account_that_waits_for_its_first_password_and_most_readers_have_read() -> None:
    waiting = list(Account.objects.exclude(username__in=[role.username for role in ROLES]))

    assert 60 <= len(waiting) <= 70
    assert not any(account.has_usable_password() for account in waiting)
    for edition in Edition.objects.filter(is_current=True):
        counted = editions.readers(edition)
        assert counted.all / 2 < counted.read < counted.all


def test_clients_have_referrals_and_allotments_and_some_referrals_just_came_in() -> None:
    assert Referral.objects.filter(unit__kind="client").count() == Unit.objects.filter(kind="client").count()
    newest = Referral.objects.filter(received_on__gte=AS_OF - timedelta(days=5), number="")
    assert newest.filter(state="received").exists()
    assert newest.filter(state="assigned", unit__kind__in=("site", "area")).exists()
    assert Referral.objects.filter(first_visit_on__isnull=False).count() > Referral.objects.count() * 0.8
    assert RecordedVisit.objects.filter(recorded_at__isnull=False).count() > 4000
    assert PlannedVisit.objects.filter(state="planned").exists()
    assert Leave.objects.exists()
    assert LoadWeek.objects.exists()
    assert Allotment.objects.exists()
    assert ClientOfProgram.objects.filter(language="").exists()
    assert not ClientOfProgram.objects.exclude(name="").exists()


def test_the_journal_of_the_demonstration_is_unbroken_and_tells_who_did_what() -> None:
    assert journal.verify() == []
    assert JournalEntry.objects.filter(action="edition.publish").count() == 8
    assert PlanRun.objects.filter(state="done").count() == PlanRun.objects.count() == 6


def test_it_is_never_made_where_records_are() -> None:
    with pytest.raises(Refused, match="not_empty"):
        demo.build(as_of=AS_OF)


def test_offers_wait_for_the_practitioner_who_signs_in_and_others_were_answered() -> None:
    hers = OfferAnswer.objects.filter(practitioner__account__username="practitioner")
    states = set(Offer.objects.values_list("state", flat=True))

    assert {answer.state for answer in hers} <= {"open", "queued"}
    assert hers.filter(state="open").exists()
    assert {"open", "accepted"} <= states
    assert OfferAnswer.objects.filter(state="declined", reason="distance").count() == 1


def test_one_load_is_said_to_be_too_high_and_its_conversation_is_open() -> None:
    talk = LoadTalk.objects.get()

    assert (talk.state, talk.signal.feeling, talk.signal.cause) == ("open", "too_high", "travel")
    assert talk.messages.count() == 1
