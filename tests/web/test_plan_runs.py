"""Plan runs in their pages: asked for, watched, stopped, read and taken up into the draft."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast, person
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.problems import Notice, Where
from evenload.records.models import Draft, PlanRun, Program, RecordedVisit
from evenload.workflow import plans
from evenload.workflow.worker import work_once
from web.desk_visits import begun, client_of, done, fresh, holder, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def asked(everybody: Cast, **fields: str) -> PlanRun:
    client_of(everybody.manager_of_a).post(reverse("run_ask", args=[everybody.program_a.code]), fields)
    return PlanRun.objects.latest("pk")


def computed(everybody: Cast) -> PlanRun:
    run = asked(everybody)
    assert work_once("tests", stop=threading.Event())
    run.refresh_from_db()
    assert run.state == "done", run.problems
    return run


def test_a_plan_is_asked_for_with_a_limit_on_changing_hands(everybody: Cast) -> None:
    begun(everybody)

    run = asked(everybody, max_moves="3")

    page = page_of(client_of(everybody.manager_of_a), "run", everybody.program_a, run.pk)
    assert run.max_moves == 3
    assert "The plan waits for its turn." in text_of(page)
    assert "At most 3 units change hands." in text_of(page)
    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_a_limit_that_is_no_number_is_refused_at_its_field(everybody: Cast) -> None:
    answer = client_of(everybody.manager_of_a).post(reverse("run_ask", args=[everybody.program_a.code]), {"max_moves": "few"})

    assert answer.status_code == 422
    assert "Write a whole number" in answer.content.decode()
    assert not PlanRun.objects.exists()


def test_a_second_plan_of_the_same_program_is_not_begun(everybody: Cast) -> None:
    asked(everybody)

    answer = client_of(everybody.manager_of_a).post(reverse("run_ask", args=[everybody.program_a.code]), follow=True)

    assert PlanRun.objects.count() == 1
    assert "already being computed" in text_of(answer.content.decode())


def test_a_plan_that_waits_is_cancelled_at_once(everybody: Cast) -> None:
    run = asked(everybody)
    client = client_of(everybody.manager_of_a)

    client.post(reverse("run_cancel", args=[everybody.program_a.code, run.pk]))

    assert "The plan was cancelled." in text_of(page_of(client, "run", everybody.program_a, run.pk))


def test_a_fragment_of_a_plan_that_ended_loads_the_page_again(everybody: Cast) -> None:
    run = asked(everybody)
    client = client_of(everybody.manager_of_a)
    address = reverse("run_progress", args=[everybody.program_a.code, run.pk])
    waiting = client.get(address, headers={"HX-Request": "true"})
    plans.cancel_run(run, by=person(everybody.manager_of_a), at=NOW)

    ended = client.get(address, headers={"HX-Request": "true"})

    assert "HX-Refresh" not in waiting
    assert ended["HX-Refresh"] == "true"


def test_a_plan_that_failed_says_why_and_offers_to_start_again(everybody: Cast) -> None:
    run = asked(everybody)
    PlanRun.objects.filter(pk=run.pk).update(
        state="failed", ended_at=NOW, problems=[["worker_lost", "", ""], ["negative", "units/u1/clients", "-1"]]
    )

    page = text_of(page_of(client_of(everybody.manager_of_a), "run", everybody.program_a, run.pk))

    assert "The draft is as you left it." in page
    assert "stopped three times" in page
    assert "units!u1.clients: -1: Expected a number that is not negative." in page
    assert "Start again" in page


def test_the_result_says_how_good_it_is_and_what_changes_and_is_taken_up_and_undone(everybody: Cast) -> None:
    draft = begun(everybody)
    run = computed(everybody)
    client = client_of(everybody.manager_of_a)

    page = text_of(page_of(client, "run", everybody.program_a, run.pk))
    before = {piece: holder(draft, piece) for piece in draft.placements.values_list("piece", flat=True)}
    client.post(reverse("run_take_up", args=[everybody.program_a.code, run.pk]))
    after = {piece: holder(draft, piece) for piece in before}
    done(client, "desk_undo", draft)

    assert "best possible" in page or "No better plan is possible" in page
    assert "What changes" in page
    assert after == {row.unit: row.practitioner for row in plans.plan_of(run).assignments} | {
        row.unit: None for row in plans.plan_of(run).waiting
    }
    assert {piece: holder(draft, piece) for piece in before} == before
    assert after != before


def test_a_plan_that_was_overtaken_is_taken_up_only_after_a_second_look(everybody: Cast) -> None:
    draft = begun(everybody)
    run = computed(everybody)
    Program.objects.filter(pk=everybody.program_a.pk).update(facts_version=99)
    client = client_of(everybody.manager_of_a)
    address = reverse("run_take_up", args=[everybody.program_a.code, run.pk])

    asked_again = client.post(address)
    untouched = fresh(draft).version
    client.post(address, {"confirmed": "yes"})

    assert asked_again.status_code == 409
    assert "Take it up all the same" in asked_again.content.decode()
    assert untouched == 0
    assert fresh(draft).version == 1


def test_the_desk_leads_to_a_plan_that_is_done_shows_what_it_could_not_keep_and_one_undo_takes_it_back(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)
    assert 'name="max_moves"' in page_of(client, "desk", everybody.program_a)
    run = computed(everybody)
    notice = Notice("max_moves_exceeded", Where("provenance", None, "max_moves"), {"moves": "4", "limit": "2"})
    run.max_moves, run.plan_json = 2, plan_to_json(replace(plans.plan_of(run), notices=(notice,)))
    run.save()
    before = text_of(page_of(client, "desk", everybody.program_a))

    result = text_of(page_of(client, "run", everybody.program_a, run.pk))
    client.post(reverse("run_take_up", args=[everybody.program_a.code, run.pk]))
    taken = text_of(page_of(client, "desk", everybody.program_a))
    done(client, "desk_undo", draft)
    undone = text_of(page_of(client, "desk", everybody.program_a))

    said = "4 units change hands, more than the limit of 2"
    assert re.search(r"The plan of [\d:]+ [ap]\.m\. is done and waits for you\. See what changes", before)
    assert said in result
    assert said in taken
    assert "Last: the rest solved" in taken
    assert re.search(r"Changing hands: \d+ of 2\.", taken)
    assert "of 2." not in undone
    assert said not in undone
    assert "Nothing was changed in it yet." in undone


def with_a_range(everybody: Cast) -> None:
    """Ten recorded visits of every class in use, some of them long."""
    program = everybody.program_a
    for standard in program.time_standards.all():
        visit = {"program": program, "time_standard": standard, "on": NOW.date(), "outcome": "done"}
        minutes = [standard.direct_minutes + extra for extra in (0, 0, 0, 0, 0, 0, 0, 0, 90, 90)]
        RecordedVisit.objects.bulk_create(RecordedVisit(direct_minutes=one, **visit) for one in minutes)
    Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 1)


def test_the_form_says_where_ranges_come_from_and_refuses_each_field_by_itself(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)
    before = text_of(page_of(client, "runs", everybody.program_a))
    with_a_range(everybody)
    after = text_of(page_of(client, "runs", everybody.program_a))
    sent = {"max_moves": "3", "robust": "21", "effort": "endless"}
    answer = client.post(reverse("run_ask", args=[everybody.program_a.code]), sent)
    refused = answer.content.decode()

    assert re.search(r"\d classes have no range: nothing protects against them\.", before)
    assert "range from recorded visits" not in before
    assert re.search(r"\d classes have a range from recorded visits", after)
    assert answer.status_code == 422
    assert "Write a whole number from 0 to 20." in refused
    assert "Choose one of the two." in refused
    assert "leave the field empty" not in refused
    assert all(f'value="{typed}"' in refused for typed in ("3", "21"))
    assert not PlanRun.objects.exists()


def test_a_protected_plan_says_so_with_its_price_wherever_it_stands(everybody: Cast) -> None:
    draft, client = begun(everybody), client_of(everybody.manager_of_a)
    with_a_range(everybody)
    run = asked(everybody, robust="9", effort="thorough")
    assert (run.robust, run.seeds) == (9, 4)
    waiting = text_of(page_of(client, "run", everybody.program_a, run.pk))
    assert work_once("tests", stop=threading.Event())
    run.refresh_from_db()
    assert run.state == "done", run.problems

    page = text_of(page_of(client, "run", everybody.program_a, run.pk))
    client.post(reverse("run_take_up", args=[everybody.program_a.code, run.pk]), {"confirmed": "yes"})
    desk = page_of(client, "desk", everybody.program_a)
    form = page_of(client, "runs", everybody.program_a)
    check = text_of(page_of(client, "draft_check", everybody.program_a))

    said = "Protected against 9 of each person's units needing more time than planned at once."
    price = "Protection against 9 units per practitioner that need more than planned costs"
    assert said in waiting
    assert "The best of 4 searches." in waiting
    for shown in (page, text_of(desk)):
        assert said in shown
        assert shown.count(price) == 1
    assert 'name="robust" value="9"' in desk
    assert re.search(r'id="id_robust"[^>]*value="9"', form)
    assert '<option value="thorough" selected>' in form
    assert "9 units per person" in text_of(form)
    assert said in check
    assert "The recount agrees for everybody." in check

    # A move by hand that takes somebody out of it is shown before it is made, and named afterwards.
    moved = next(_exposing(client, everybody, draft))
    assert re.search(r"The week of \S+ is not protected: where 9 units in it need more than planned at once it reaches", moved[2])
    done(client, "desk_move", draft, piece=moved[0], to=moved[1], reason_code="urgent", reason="")
    name = everybody.program_a.practitioners.get(code=moved[1]).name or moved[1]
    assert f"Not protected any more: {name}." in text_of(page_of(client, "desk", everybody.program_a))
    checked = text_of(page_of(client, "draft_check", everybody.program_a))
    assert "Not any more for 1 person; it may be published all the same:" in checked
    assert f"The week of {name} is not protected" in checked
    assert "Recount agrees." in checked


def _exposing(client: Client, everybody: Cast, draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Moves that may be made, and take somebody out of the protection: the piece, to whom, the page that says so."""
    for piece in draft.placements.values_list("piece", flat=True):
        for code in everybody.program_a.practitioners.values_list("code", flat=True):
            page = page_of(client, "desk_preview", everybody.program_a, piece=piece, to=code)
            if "is not protected" in page and ">Move<" in page:
                yield piece, code, text_of(page)


def test_a_failed_plan_is_begun_again_as_it_was_asked_for(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)
    run = asked(everybody, max_moves="5", robust="2", effort="thorough")
    PlanRun.objects.filter(pk=run.pk).update(state="failed", ended_at=NOW, problems=[["cluster_silent", "", ""]])
    page = page_of(client, "run", everybody.program_a, run.pk)
    again = asked(everybody, **dict(re.findall(r'<input type="hidden" name="(max_moves|robust|effort)" value="(\w*)">', page)))

    assert "The cluster does not answer." in page
    assert (again.pk, again.max_moves, again.robust, again.seeds) == (again.pk, 5, 2, 4)
    assert again.pk != run.pk


def test_of_one_unit_nothing_is_said_to_happen_at_once(everybody: Cast) -> None:
    client = client_of(everybody.manager_of_a)
    page = text_of(page_of(client, "run", everybody.program_a, asked(everybody, robust="1").pk))

    assert "Protected against 1 of each person's units needing more time than planned." in page
