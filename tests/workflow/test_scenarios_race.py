"""Several people with the same scenario in the same instant: one change, one run, one address, one of each name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.records.models import JournalEntry, PlanRun, PlanScenario
from evenload.workflow import journal, scenario_runs, scenarios
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AT_ONCE = 4


def codes(answers: list[object]) -> list[str]:
    return sorted(one.code for one in answers if isinstance(one, Refused))


@pytest.mark.parametrize("rounds", [2, pytest.param(40, marks=pytest.mark.soak)])
def test_of_several_at_once_one_is_first_and_the_others_are_told(everybody: Cast, rounds: int) -> None:
    people = [person(everybody.manager_of_a), person(everybody.director)] * (AT_ONCE // 2)
    for number in range(rounds):
        name = f"Round {number}"
        making: list[Callable[[], object]] = [partial(scenarios.make, everybody.program_a, name, by=by, at=NOW) for by in people]
        assert codes(answers_at_once(making)) == ["scenario_name_taken"] * (AT_ONCE - 1)
        made = PlanScenario.objects.select_related("program").get(name=name)

        wanted = [[{"kind": "growth", "item": "", "value": str(percent)}] for percent in range(1, AT_ONCE + 1)]
        changing: list[Callable[[], object]] = [
            partial(scenarios.change, made, changes, seen=made.version, by=by, at=NOW) for by, changes in zip(people, wanted, strict=True)
        ]
        assert codes(answers_at_once(changing)) == ["changed_meanwhile"] * (AT_ONCE - 1)
        now = PlanScenario.objects.get(pk=made.pk)
        assert (now.version, now.changes in wanted) == (made.version + 1, True)

        answers_at_once([partial(scenarios.share, made, by=by, at=NOW) for by in people])
        assert JournalEntry.objects.filter(action="scenario.share", subject_id=str(made.pk)).count() == 1
        asking: list[Callable[[], object]] = [partial(scenario_runs.ask, made, by=by, at=NOW) for by in people]
        assert codes(answers_at_once(asking)) == ["run_already_open"] * (AT_ONCE - 1)
        assert PlanRun.objects.filter(scenario=made).count() == 1
    assert journal.verify() == []
