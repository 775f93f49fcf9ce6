"""Two managers publish at once: one edition, and the other learns who was quicker. Real threads, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cast import NOW, Cast, cast, person
from evenload.records.access import Person
from evenload.records.models import Assignment, Draft, Edition
from evenload.workflow import editions
from evenload.workflow.refused import Refused
from workflow.editions_made import FIRST_DAY, drafted

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 3


def race(draft: Draft, people: list[Person]) -> tuple[list[Edition], list[Refused], list[Exception]]:
    """Everybody publishes the same draft in the same instant."""
    start = threading.Barrier(len(people))
    made: list[Edition] = []
    refused: list[Refused] = []
    accidents: list[Exception] = []

    def publish(by: Person) -> None:
        try:
            start.wait(10)
            made.append(editions.publish(draft, effective_on=FIRST_DAY, by=by, at=NOW + timedelta(minutes=1), seen_version=draft.version))
        except Refused as refusal:
            refused.append(refusal)
        except Exception as accident:  # noqa: BLE001 — whatever else happens in a thread fails the test
            accidents.append(accident)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return made, refused, accidents


def rounds(everybody: Cast, number: int) -> None:
    people = [person(everybody.manager_of_a), person(everybody.director), person(everybody.manager_of_a)]
    for turn in range(1, number + 1):
        draft = drafted(everybody.program_a, people[0], ("u4", "Cal" if turn % 2 else None))

        made, refused, accidents = race(draft, people)

        assert accidents == []
        assert [edition.number for edition in made] == [turn]
        assert [refusal.code for refusal in refused] == ["already_published"] * 2
        assert {refusal.facts["by"] for refusal in refused} == {made[0].published_by.full_name}
        assert Edition.objects.filter(program=everybody.program_a, is_current=True).count() == 1
        assert made[0].rows.count() == 8
        assert Assignment.objects.filter(piece="u4", unit__program=everybody.program_a, ends_on__isnull=True).count() == turn % 2


def test_one_of_three_who_publish_at_once_wins_and_the_others_learn_who() -> None:
    rounds(cast(), ROUNDS)


@pytest.mark.soak
def test_one_wins_sixty_times_over() -> None:
    rounds(cast(), 60)
