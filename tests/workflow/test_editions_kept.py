"""What a check keeps for the next one is never stale: it says what a process says that knows nothing yet."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from cast import NOW
from evenload.planning.check import Pairs, counted_parts, placement_problems
from evenload.records.access import Person
from evenload.records.models import Client, Draft, DraftPlacement, EditionRow, Practitioner, Program
from evenload.workflow import draft_picture, drafts, editions, sole_french
from evenload.workflow.recount import kept_pairs
from evenload.workflow.refused import Refused
from workflow.editions_made import FIRST_DAY, drafted, published

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def told(draft: Draft, effective_on: date) -> dict[str, Any]:
    """Everything that a check says."""
    check = editions.check_draft(draft, effective_on=effective_on)
    columns = [field.attname for field in EditionRow._meta.concrete_fields]
    return {
        "rows": [[getattr(row, name) for name in columns] for row in check.rows],
        "changes": [(one.piece, one.kind, one.row.changed, one.row.practitioner_before, one.people()) for one in check.changes],
        "problems": check.problems,
        "overloads": check.overloads,
        "french": (check.excepted, check.french_to_decide, sole_french.sites_lost_in(draft)),
        "waiting": check.waiting,
    }


def changed(draft: Draft, by: Person, dice: Random) -> None:
    """One change of the draft or of the facts, where it is not refused."""
    piece = dice.choice(["u1", "u2", "u3", "u4", "u5"])
    code = dice.choice(["Ana", "Bob", "Cal"])
    seen = {"by": by, "at": NOW, "seen_version": Draft.objects.get(pk=draft.pk).version}
    try:
        match dice.randrange(7):
            case 0 | 1:
                drafts.move(draft, piece, dice.choice([None, code]), **seen, reason="as agreed")
            case 2:
                drafts.pin(draft, piece, **seen)
            case 3:
                drafts.ban(draft, piece, code, **seen)
            case 4:
                drafts.undo(draft, by=by, at=NOW)
            case 5:
                Client.objects.filter(program=draft.program).update(initials=dice.choice(["A. T.", "B. C."]))
            case _:
                hours = dice.choice([5, 20, 37])
                Practitioner.objects.filter(program=draft.program, code=code).update(weekly_hours=hours)
                Program.objects.filter(pk=draft.program_id).update(facts_version=1_000 + dice.randrange(10**6))
    except Refused:
        return


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("has_edition", [False, True])
def test_after_every_change_the_kept_check_is_the_one_counted_from_nothing(
    program: Program, marie: Person, seed: int, has_edition: bool
) -> None:
    dice = Random(seed)
    if has_edition:
        published(program, marie, ("u4", "Cal"))
    draft = drafted(program, marie)
    shown = set()
    for _ in range(20):
        changed(draft, marie, dice)
        day = FIRST_DAY + timedelta(days=dice.choice([0, 7]))
        draft = Draft.objects.select_related("program").get(pk=draft.pk)
        kept = [told(draft, day), told(draft, day)]
        draft_picture.forget()
        shown.add(str(kept[0]))

        assert kept == [told(draft, day)] * 2
    assert len(shown) > 3


def publish_in_vain(draft: Draft, by: Person) -> None:
    with transaction.atomic():
        editions.publish(draft, effective_on=FIRST_DAY, by=by, at=NOW, seen_version=draft.version)
        raise KeyboardInterrupt


def test_a_publication_that_comes_to_nothing_leaves_no_mark_in_what_is_kept(program: Program, marie: Person) -> None:
    draft = drafted(program, marie, ("u4", "Cal"))
    before = told(draft, FIRST_DAY)
    with pytest.raises(KeyboardInterrupt):
        publish_in_vain(draft, marie)

    again = editions.check_draft(draft, effective_on=FIRST_DAY)

    assert told(draft, FIRST_DAY) == before
    assert {(row.pk, row.edition_id, row.search_text) for row in again.rows} == {(None, None, "")}


def test_the_recount_keeps_answers_of_pairs_and_still_sees_a_ban_a_pin_and_a_broken_rule(program: Program, marie: Person) -> None:
    draft = drafted(program, marie)
    editions.check_draft(draft, effective_on=FIRST_DAY)
    placed = draft.placements.filter(practitioner__isnull=False).select_related("practitioner").first()
    assert placed is not None
    drafts.ban(draft, placed.piece, placed.practitioner.code, by=marie, at=NOW, seen_version=draft.version)
    DraftPlacement.objects.filter(draft=draft, piece=placed.piece).update(practitioner=placed.practitioner)

    found = {(one.code, one.where.item, one.facts.get("rule")) for one in editions.check_draft(draft, effective_on=FIRST_DAY).problems}

    assert ("rule_broken", placed.piece, "barred") in found


def test_what_is_kept_of_a_pair_is_what_its_rules_and_goals_say(program: Program) -> None:
    facts = draft_picture.facts_of(program)
    case, kept = facts.case, kept_pairs(facts)
    for _ in range(2):
        for person_ in case.practitioners:
            holder = {unit.id: person_.id for unit in case.units}
            assert placement_problems(case, holder, kept) == placement_problems(case, holder)
            assert counted_parts(case, holder, pairs=kept) == {
                name: hours for name, hours in counted_parts(case, holder, pairs=Pairs(case)).items() if hours or name in PARTS_OF_LOADS
            }


PARTS_OF_LOADS = ("overload", "balance", "site_visits", "balance_clients", "balance_travel", "split", "site_sharing", "waiting")
