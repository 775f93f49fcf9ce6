"""Scenarios on their pages: made from tries, changed at fields, side by side, shared by a link that names nobody."""

from __future__ import annotations

import csv
import io
import logging
import re
import threading
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import NOW, Cast, person
from evenload.records.models import JournalEntry, PlanRun, PlanScenario, Practitioner, Program, Unit
from evenload.web.log_lines import WithoutSecrets, without_secrets
from evenload.workflow import drafts, plans, scenario_runs, scenarios, worker
from web.desk_visits import client_of
from web.worksheet_pages import Sheet, lines, number, text

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def program(everybody: Cast) -> Program:
    return everybody.program_a


@pytest.fixture
def marie(everybody: Cast) -> Client:
    return client_of(everybody.manager_of_a)


def made(everybody: Cast, name: str = "As it is", *changes: dict[str, Any]) -> PlanScenario:
    return scenarios.make(everybody.program_a, name, by=person(everybody.manager_of_a), at=NOW, changes=changes)


def page(client: Client, scenario: PlanScenario, **query: str) -> str:
    answer = client.get(reverse("scenario", args=[scenario.program.code, scenario.pk]), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def state(client: Client, scenario: PlanScenario, form: str, **fields: Any) -> Any:
    """Sends one form of the scenario as its page holds it, at the version of now."""
    version = PlanScenario.objects.values_list("version", flat=True).get(pk=scenario.pk)
    sent = {"do": "state", "form": form, "version": version, **{f"{form}_{name}": value for name, value in fields.items()}}
    sent |= {name: fields[name] for name in ("place", "version") if name in fields}
    return client.post(reverse("scenario", args=[scenario.program.code, scenario.pk]), sent)


def changes_of(scenario: PlanScenario) -> list[dict[str, Any]]:
    return list(PlanScenario.objects.values_list("changes", flat=True).get(pk=scenario.pk))


def test_what_is_tried_on_the_worksheet_is_saved_with_its_figures(everybody: Cast, program: Program, marie: Client) -> None:
    sheet = Sheet(marie, program)
    sheet.try_out(1, hours__Ana="12,5")
    sheet.try_out(2, **{f"direct__{program.time_standards.first().code}": "70"})  # type: ignore[union-attr]
    tried = text(sheet.page(3))
    tokens = re.findall(r'name="try" value="([^"]+)"', sheet.page(3).split("Save as scenario")[0])
    nameless = marie.post(reverse("scenarios", args=[program.code]), {"try": tokens[:2], "name": " "})
    assert nameless.status_code == 422
    assert "Write a name for the scenario." in text(nameless.content.decode())
    assert all(token in nameless.content.decode() for token in tokens[:2])  # what was tried is not lost

    answer = marie.post(reverse("scenarios", args=[program.code]), {"try": tokens[:2], "name": "As tried"})

    scenario = PlanScenario.objects.get()
    assert answer["Location"] == reverse("scenario", args=[program.code, scenario.pk])
    shown = text(page(marie, scenario))
    gap = re.search(r"Gap now (\S+) h, was (\S+) h", tried)
    assert gap
    assert gap[0] in shown
    assert "Ana works 12.5 h/week instead of" in shown
    listed = text(marie.get(reverse("scenarios", args=[program.code])).content.decode())
    assert f"{gap[1]} h" in listed
    again = marie.post(reverse("scenarios", args=[program.code]), {"name": "As tried"})
    assert "This program has a scenario of that name already." in text(again.content.decode())


def test_every_form_says_at_its_field_what_is_missing_and_the_page_still_stands(everybody: Cast, program: Program, marie: Client) -> None:
    scenario = made(everybody)
    class_id = program.time_standards.first().code  # type: ignore[union-attr]
    wrong: list[tuple[str, dict[str, Any], str, str]] = [
        ("join", {}, "join_name", "Write a name"),
        (
            "join",
            {"name": "Nadine", "discipline": "OT", "engagement": "employee", "value": "30"},
            "join_languages",
            "at least one language",
        ),
        ("leave", {"item": "nobody"}, "leave_item", "Choose one of the list."),
        ("leave", {"item": "Ana", "day": "31/12"}, "leave_day", "Write a day as"),
        ("hours", {"item": "Ana", "value": "200"}, "hours_value", "more than there can be"),
        ("growth", {"item": "", "value": "-120"}, "growth_value", "from -100 to 1000"),
        ("growth", {"item": "", "value": "many"}, "growth_value", "Write a percentage"),
        ("clients", {"item": class_id, "value": "1.5"}, "clients_value", "whole number"),
        ("mix", {}, "mix_share_0", "Write a number"),
        ("mix", {"share_0": "40"}, "mix_share_0", "100"),
        ("standard", {"item": class_id, "what": "colour", "value": "5"}, "standard_what", "Choose one"),
        ("other", {"item": "*", "value": "160"}, "other_value", "use all available hours"),
        ("away", {"item": "*", "value": "900"}, "away_value", "exceed the contracted hours"),
        ("frame", {"what": "weeks", "value": "0"}, "frame_value", "at least one week"),
    ]
    for form, fields, field, sentence in wrong:
        answer = state(marie, scenario, form, **fields)
        body = answer.content.decode()
        assert answer.status_code == 422, form
        at_field = re.search(rf'id="error_{field}_1">(.*?)</p>', body)
        assert at_field, (form, field)
        assert sentence in text(at_field[1]), at_field[1]
        assert "What comes of it" in body
    assert (changes_of(scenario), PlanScenario.objects.get().version) == ([], 1)


def test_changes_are_stated_changed_and_taken_out_as_sentences(everybody: Cast, program: Program, marie: Client) -> None:
    scenario = made(everybody)
    joins = {"name": "Nadine", "discipline": "OT", "engagement": "employee", "value": "30", "languages": ["en", "fr"], "day": "2026-02-02"}
    absence = program.absences.filter(days__isnull=False).first()
    duty = program.duties.first()
    stated: list[tuple[str, dict[str, Any], str]] = [
        ("join", joins, "Nadine joins on 2026-02-02: occupational therapy, employee, 30.0 h/week, fluent in English and French."),
        ("hours", {"item": "Ana", "value": "20"}, "Ana works 20.0 h/week instead of"),
        ("growth", {"item": "", "value": "−10"}, "10% fewer clients in every class."),
        ("frame", {"what": "reserve", "value": "5"}, "Reserve: 5.0% instead of"),
        ("frame", {"what": "weeks", "value": "12"}, "The period has 12 weeks instead of"),
        ("frame", {"what": "contract", "value": ""}, "No contract; recorded are"),
        ("away", {"item": "Béa", "value": "2.5"}, "More days away for Béa: 2.5."),
        ("leave", {"item": "Cal", "day": "2026-03-31"}, "Cal leaves after 2026-03-31."),
    ]
    if absence is not None:
        stated.append(("absence", {"item": f"{absence.kind}@{absence.who}", "value": "1"}, "1 instead of"))
    if duty is not None:
        stated.append(("duty", {"item": f"{duty.kind}@{duty.who}", "value": "1"}, "1 instead of"))
    for form, fields, sentence in stated:
        answer = state(marie, scenario, form, **fields)
        assert answer.status_code == 302, text(answer.content.decode())[:600]
        assert sentence in text(page(marie, scenario))
    opened = page(marie, scenario, change="0")
    assert 'value="Nadine"' in opened
    assert 'name="place" value="0"' in opened

    state(marie, scenario, "join", **{**joins, "name": "Noor"}, place="0")
    state(marie, scenario, "hours", item="Ana", value="22")  # the same figure again: it is replaced

    kept = changes_of(scenario)
    assert [one["kind"] for one in kept] == [kind if kind != "frame" else fields["what"] for kind, fields, _ in stated]
    assert (kept[0]["name"], kept[0]["item"], kept[1]["value"]) == ("Noor", "new-1", "22")
    unfit = state(marie, scenario, "hours", item="new-1", value="20")
    assert unfit.status_code == 302
    version = PlanScenario.objects.get().version
    out = {"do": "take_out", "place": "0", "version": version}
    assert marie.post(reverse("scenario", args=[program.code, scenario.pk]), out).status_code == 302
    shown = text(page(marie, scenario))
    assert "1 change does not fit these facts any more and is left out." in shown  # the hours of who joined


def test_a_colleagues_change_in_between_shows_both_and_loses_neither(everybody: Cast, program: Program, marie: Client) -> None:
    scenario = made(everybody)
    dora = client_of(everybody.director)
    assert state(dora, scenario, "hours", item="Ana", value="20").status_code == 302

    answer = state(marie, scenario, "growth", item="", value="15", version=scenario.version)

    shown = text(answer.content.decode())
    assert answer.status_code == 409
    assert "It was Dora Director." in shown
    assert "Ana works 20.0 h/week instead of" in shown.split("What you asked for")[0]
    assert "15% more clients in every class." in shown.split("What you asked for")[1]
    assert [one["kind"] for one in changes_of(scenario)] == ["hours"]
    form = answer.content.decode().split('id="form-growth"')[1].split("</details>")[0]
    assert 'value="15"' in form
    again = re.search(r'name="version" value="(\d+)"', form)
    assert again
    assert state(marie, scenario, "growth", item="", value="15", version=again[1]).status_code == 302
    assert [one["kind"] for one in changes_of(scenario)] == ["hours", "growth"]
    renamed = {"do": "name", "name": "Mine", "note": "why", "version": scenario.version}
    lost = marie.post(reverse("scenario", args=[program.code, scenario.pk]), renamed)
    assert (lost.status_code, 'value="Mine"' in lost.content.decode(), PlanScenario.objects.get().name) == (409, True, "As it is")


def test_scenarios_stand_side_by_side_with_what_differs_on_top(everybody: Cast, program: Program, marie: Client) -> None:
    leaves = made(everybody, "Ana leaves", {"kind": "leave", "item": "Ana"}, {"kind": "reserve", "item": "", "value": "5"})
    grows = made(everybody, "More clients", {"kind": "growth", "item": "", "value": "20"}, {"kind": "reserve", "item": "", "value": "5"})
    address = reverse("scenario_compare", args=[program.code])

    answer = marie.get(address, {"with": ["records", leaves.pk, grows.pk]})
    shown, rows = text(answer.content.decode()), lines(answer.content.decode())

    assert shown.index("What is assumed differently") < shown.index("Hours we have")
    assert rows["Somebody leaves, Ana"] == ["as recorded", "Ana is not there in the whole period.", "as recorded"]
    assert rows["Reserve, percent"][0] == "as recorded"
    assert rows["Reserve, percent"][1] == rows["Reserve, percent"][2]
    both = lines(marie.get(address, {"with": [leaves.pk, grows.pk]}).content.decode())
    assert "Reserve, percent" not in both  # both assume it
    have, need, gap = (rows[name] for name in ("Hours we have", "Hours clients need", "Gap"))
    assert all(abs(number(a) - number(b) - number(c)) <= number("0.1") for a, b, c in zip(have, need, gap, strict=True))
    assert number(have[1]) < number(have[0])
    assert number(need[2]) > number(need[0])
    worksheet = text(Sheet(marie, program).page(3))
    assert gap[0].lstrip("+\u2212") in worksheet
    file = marie.get(reverse("scenario_compare_csv", args=[program.code]), {"with": ["records", leaves.pk, grows.pk]})
    table = {row[1]: row[2:] for row in reversed(list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")))))}
    assert table["Figure"] == ["As recorded today", "Ana leaves", "More clients"]
    assert [round(float(value), 1) for value in table["Gap"]] == [float(number(value)) for value in gap]
    foreign = scenarios.make(everybody.program_b, "Theirs", by=person(everybody.manager_of_b), at=NOW)
    assert marie.get(address, {"with": [leaves.pk, foreign.pk]}).status_code == 404
    many = marie.get(address, {"with": ["records", leaves.pk, grows.pk, *(made(everybody, f"No. {n}").pk for n in range(2))]})
    assert "1 more is left out: four stand side by side." in text(many.content.decode())


def test_a_shared_scenario_is_read_by_planners_and_names_nobody(
    everybody: Cast, program: Program, marie: Client, caplog: pytest.LogCaptureFixture
) -> None:
    Unit.objects.filter(program=program).update(label="Q. Zimmer")
    scenario = made(everybody, "What if", {"kind": "leave", "item": "Ana"}, {"kind": "hours", "item": "Béa", "value": "20"})
    act = reverse("scenario_act", args=[program.code, scenario.pk])
    assert marie.post(act, {"do": "share"}).status_code == 302
    scenario.refresh_from_db()
    address = reverse("shared_scenario", args=[scenario.share_code])
    assert address in page(marie, scenario)
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(WithoutSecrets())

    for reader in (everybody.director, everybody.manager_of_a, everybody.manager_of_b):
        answer = client_of(reader).get(address)
        assert answer.status_code == 200
        body = answer.content.decode().split("<main")[1].split("</main>")[0]
        assert not re.search(r"\bAna\b|Béa|Zimmer|<form method=\"post\"", body)
    assert "Practitioner (" in body.replace("Membre du personnel (", "Practitioner (")
    for nobody in (everybody.practitioner, everybody.administrative, everybody.privacy_officer):
        assert client_of(nobody).get(address).status_code == 404
    assert client_of(everybody.manager_of_b).post(address).status_code == 405
    assert Client().get(address).status_code == 302
    assert Client().get(reverse("shared_scenario", args=["guess" * 6])).status_code == 302  # a stranger learns nothing of either
    written = [*caplog.messages, *(str(entry.facts) for entry in JournalEntry.objects.all())]
    assert not [line for line in written if scenario.share_code in line]
    assert [line for line in written if "/scenarios/…" in line]
    leads_back = Client().get(address)["Location"]
    assert scenario.share_code in leads_back
    assert scenario.share_code not in without_secrets(leads_back)
    marie.post(act, {"do": "end_share"})
    assert client_of(everybody.director).get(address).status_code == 404


def test_a_scenarios_run_shows_its_progress_and_never_on_the_pages_of_the_programs_plans(
    everybody: Cast, program: Program, marie: Client
) -> None:
    scenario = made(everybody, "Ana leaves", {"kind": "leave", "item": "Ana"})
    drafts.open_draft(program, by=person(everybody.manager_of_a), at=NOW)
    act = reverse("scenario_act", args=[program.code, scenario.pk])
    marie.post(act, {"do": "run"})
    run = PlanRun.objects.get()

    progress = reverse("scenario_progress", args=[program.code, scenario.pk])
    assert "waits for its turn" in text(marie.get(progress).content.decode())
    assert "already being computed" in text(marie.post(act, {"do": "run"}, follow=True).content.decode())
    assert worker.work_once("w", stop=threading.Event())
    assert marie.get(progress, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    run.refresh_from_db()
    shown = text(page(marie, scenario))
    figures = scenario_runs.figures_of(run)
    assert f"Units that wait {figures.waiting} " in shown
    assert f"Score, lower is better {figures.score_hours:,.1f} h/week" in shown
    assert "Take it up" not in shown
    compared = lines(marie.get(reverse("scenario_compare", args=[program.code]), {"with": ["records", scenario.pk]}).content.decode())
    assert compared["Units that wait"] == ["–", str(figures.waiting)]

    for route, method in (("run", marie.get), ("run_progress", marie.get), ("run_take_up", marie.post), ("run_cancel", marie.post)):
        assert method(reverse(route, args=[program.code, run.pk])).status_code == 404
    runs = marie.get(reverse("runs", args=[program.code])).content.decode()
    assert f"/runs/{run.pk}" not in runs
    desk = marie.get(reverse("desk", args=[program.code])).content.decode()
    assert f"/runs/{run.pk}" not in desk
    assert "since=plan" not in Sheet(marie, program).page(3)
    assert plans.ask_run(program, by=person(everybody.manager_of_a), at=NOW).state == "asked"  # it holds up nothing

    state(marie, scenario, "growth", item="", value="5")
    assert "The changes were others when this plan was asked for." in text(page(marie, scenario))


def test_old_facts_say_their_age_and_are_left_behind_by_a_copy(everybody: Cast, program: Program, marie: Client) -> None:
    scenario = made(everybody, "Of January", {"kind": "leave", "item": "Ana"})
    shown = text(page(marie, scenario))
    assert "On the facts of 2026-01-12," in shown
    assert "days old. They stay as they are" in shown

    answer = marie.post(reverse("scenario_act", args=[program.code, scenario.pk]), {"do": "copy_today"})

    copied = PlanScenario.objects.exclude(pk=scenario.pk).get()
    assert answer["Location"] == reverse("scenario", args=[program.code, copied.pk])
    assert (copied.name, copied.changes) == ("Of January, copy", scenario.changes)
    assert "today. They stay as they are" in text(page(marie, copied))
    act = reverse("scenario_act", args=[program.code, copied.pk])
    assert marie.post(act, {"do": "put_away"})["Location"] == reverse("scenarios", args=[program.code])
    assert marie.get(reverse("scenario", args=[program.code, copied.pk])).status_code == 404
    assert f'/scenarios/{copied.pk}"' not in marie.get(reverse("scenarios", args=[program.code])).content.decode()


def test_an_empty_program_and_one_without_anybody_still_have_their_pages(everybody: Cast, program: Program) -> None:
    dora = client_of(everybody.director)
    empty = Program.objects.create(
        code="empty", name_en="Empty", setting="school", period_start=program.period_start, period_weeks=10, as_of=program.period_start
    )
    nothing = scenarios.make(empty, "Nothing yet", by=person(everybody.director), at=NOW)
    everybody_leaves = [{"kind": "leave", "item": one.code} for one in Practitioner.objects.filter(program=program)]
    nobody = made(everybody, "Nobody is left", *everybody_leaves)

    for scenario in (nothing, nobody):
        assert "What comes of it" in page(dora, scenario)
        for path in ("scenarios", "scenario_compare"):
            answer = dora.get(reverse(path, args=[scenario.program.code]), {"with": ["records", scenario.pk]})
            assert answer.status_code == 200
    assert "Nobody works here" in text(page(dora, nothing))
    scenario_runs.ask(nothing, by=person(everybody.director), at=NOW)
    scenario_runs.ask(nobody, by=person(everybody.director), at=NOW)
    while worker.work_once("w", stop=threading.Event()):  # one by one, or as many at once as there are cores
        pass
    states = {run.scenario_id: run.state for run in PlanRun.objects.all()}
    assert states.keys() == {nothing.pk, nobody.pk}
    assert states[nobody.pk] == "done"
    assert "What comes of it" in page(dora, nothing)
