"""Time standards on their pages: the blend and its evidence, judges, proposals with before and after, templates, bad input."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cast import account
from evenload.exchange.class_templates import TEMPLATES, class_templates
from evenload.exchange.rows import Rows
from evenload.records.models import (
    Practitioner,
    PractitionerLanguage,
    Program,
    RecordedVisit,
    StandardJudgement,
    StandardVersion,
    TimeStandard,
    Unit,
)
from evenload.words import words_in
from web.desk_visits import client_of
from web.worksheet_pages import class_row, lines, people, program_row, recorded, text, unit_row

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def oracle_c3() -> Rows:
    """Oracle C3: a judgement of 70 minutes that is worth 10 visits; 20 visits of 55 minutes are recorded beside it."""
    judged = class_row("moderate", "12", "70", "0", "0", judgement_weight=Fraction(10), source="Team meeting")
    return Rows(program_row(), practitioners=people("37.5", "30"), classes=(judged,), units=(unit_row("moderate", 30),))


def visits_of(standard: TimeStandard, minutes: list[int], *, days_ago: int = 7) -> None:
    on = timezone.localdate() - timedelta(days=days_ago)
    facts = {"program": standard.program, "time_standard": standard, "on": on, "outcome": "done"}
    RecordedVisit.objects.bulk_create(RecordedVisit(direct_minutes=one, **facts) for one in minutes)


def fields_of(page: str) -> dict[str, str]:
    """A form as it would be sent unchanged."""
    found = dict(re.findall(r'<input class="form-control[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    return found | {
        name: value.strip("\n") for name, value in re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S)
    }


class Standards:
    """The standards of one program as somebody signed in sees them."""

    def __init__(self, client: Client, program: Program) -> None:
        self.client, self.program = client, program

    def page(self, name: str = "standards", *keys: object, status: int = 200, **query: str) -> str:
        answer = self.client.get(reverse(name, args=[self.program.code, *keys]), query)
        assert answer.status_code == status, answer.status_code
        return str(answer.content.decode())

    def send(self, name: str, *keys: object, **fields: str) -> Any:
        return self.client.post(reverse(name, args=[self.program.code, *keys]), fields)

    def propose(self, standard: TimeStandard, **changed: str) -> Any:
        stated = fields_of(self.page("standard_change", standard.pk))
        return self.send("standard_change", standard.pk, **{**stated, "why": "a time study", "act": "propose", **changed})


@pytest.fixture
def rehab(db: None) -> tuple[Standards, Standards, TimeStandard]:
    """The program of oracle C3 with its manager, and a director beside her."""
    program, manager = recorded(oracle_c3())
    standard = program.time_standards.get()
    visits_of(standard, [50] * 10 + [60] * 10)
    director = account("dora", "Dora Director", "director")
    return Standards(client_of(manager), program), Standards(client_of(director), program), standard


def test_the_blend_stands_on_the_page_with_its_evidence(rehab: tuple[Standards, Standards, TimeStandard]) -> None:
    pages, _, standard = rehab

    for page in (pages.page(), pages.page("standard", standard.pk)):
        judged, count, mean, middle, spread, planned, now, drift = lines(page)["Direct"]
        assert (judged, count, mean, planned) == ("70 (10)", "20", "55.0", "60.0")
        assert (middle, spread) == ("50.0 · 55.0 · 60.0", "50.0 to 60.0")
        assert (now, drift) == ("55.0 (20)", "−8.3%")

    file = pages.client.get(reverse("standards_csv", args=[pages.program.code]))
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["Planned with, min"] for row in rows] == ["60", "0", "0"]
    assert (rows[0]["Judged, min"], rows[0]["Recorded visits"], rows[0]["Mean, min"], rows[0]["Departs"]) == ("70", "20", "55", "no")


def test_a_change_is_seen_before_and_after_for_everybody_it_touches_then_approved_by_somebody_else(
    rehab: tuple[Standards, Standards, TimeStandard],
) -> None:
    manager, director, standard = rehab
    Unit.objects.filter(program=manager.program).update(visits_allotted=360)
    ana, bob = manager.program.practitioners.order_by("code")
    unit = manager.program.units.get()
    unit.assignments.create(piece=unit.code, practitioner=ana)
    Program.objects.filter(pk=manager.program.pk).update(facts_version=1)

    looked = manager.propose(standard, act="look", direct_minutes="100")
    assert looked.status_code == 200
    assert not StandardVersion.objects.filter(state="proposed").exists()
    effect = lines(looked.content.decode())
    # 30 clients × 12 visits × (55 × 20 + 100 × 10) / 30 = 70 minutes against 60: 360 h before, 420 h after
    assert effect[ana.name][4] == "360.0 becomes 420.0".replace(" becomes ", " → becomes ")
    assert bob.name not in effect

    assert manager.propose(standard, direct_minutes="100").status_code == 302
    version = standard.versions.get(state="proposed")
    assert (version.number, version.says["direct_minutes"], version.evidence["recorded"]["direct"]["n"]) == (2, "100", 20)
    assert standard.versions.get(number=1).evidence == {"origin": "stood"}
    own = manager.page("standard", standard.pk)
    seen = re.search(r'name="seen" value="(\d+)"', director.page("standard", standard.pk))
    assert seen is not None
    assert 'name="seen"' not in own
    assert manager.send("standard_decide", standard.pk, 2, act="approve", seen=seen[1]).status_code == 409

    decided = director.send("standard_decide", standard.pk, 2, act="approve", seen=seen[1])
    assert decided.status_code == 302
    standard.refresh_from_db()
    version.refresh_from_db()
    assert (standard.direct_minutes, version.state, version.decided_by_name) == (Decimal(100), "approved", "Dora Director")
    assert version.effect["people"][0]["hours"] == ["360", "420"]
    page = director.page("standard", standard.pk)
    assert lines(page)["Direct"][5] == "70.0"
    assert "Proposed by Max Manager" in text(page)
    assert "420.0 h" in text(director.client.get(reverse("worksheet", args=[manager.program.code]), {"step": "2"}).content.decode())


def test_a_departure_is_named_with_its_sign_and_word_and_a_proposal_begins_with_it(
    rehab: tuple[Standards, Standards, TimeStandard],
) -> None:
    pages, _, standard = rehab
    TimeStandard.objects.filter(pk=standard.pk).update(judgement_weight=40)
    Program.objects.filter(pk=pages.program.pk).update(facts_version=1)

    page = pages.page()
    # (20 × 55 + 40 × 70) ÷ 60 = 65 planned with; 55 is 15.4 % less
    assert lines(page)["Direct"][5:] == ["65.0", "55.0 (20)", "▼ −15.4% departs"]
    assert "Direct: 55 min in 20 visits of the last 26 weeks, 65 min planned with: −15.4% (95% interval 52.6 to 57.4 min)." in text(page)
    form = fields_of(pages.page("standard_change", standard.pk, **{"from": "recorded"}))
    assert form["direct_minutes"] == "55"
    assert form["source"].startswith("Mean of 20 recorded visits, ")


def test_several_judges_are_shown_with_their_spread_and_their_median_is_proposed(
    rehab: tuple[Standards, Standards, TimeStandard],
) -> None:
    manager, director, standard = rehab
    ana = manager.program.practitioners.order_by("code")[0]
    third = account("ana", "Ana Person", "practitioner", manager.program)
    Practitioner.objects.filter(pk=ana.pk).update(account=third)
    own = Standards(client_of(third), manager.program)

    assert standard.label_en in own.page("standard_judge_own")
    assert own.client.get(reverse("standard", args=[manager.program.code, standard.pk])).status_code == 403
    for pages, minutes in ((manager, "60"), (director, "66.5"), (own, "200"), (own, "90")):
        assert pages.send("standard_judge", standard.pk, direct_minutes=minutes, why="a long week").status_code == 302

    assert lines(manager.page("standard", standard.pk))["Direct as judged, min per visit"] == ["3", "60", "66.5", "90", "70"]
    assert "Ana Person" in manager.page("standard", standard.pk)
    assert fields_of(manager.page("standard_change", standard.pk, **{"from": "judges"}))["direct_minutes"] == "66.5"
    Practitioner.objects.filter(pk=ana.pk).update(disciplines=["PT"])
    assert own.client.get(reverse("standard_judge", args=[manager.program.code, standard.pk])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"direct_minutes": "-5"}, "direct_minutes", "Write a number from 0 on"),
        ({"direct_minutes": "2000"}, "direct_minutes", "from 0 to 1440"),
        ({"visits": "nan"}, "visits", "Write a number from 0 on"),
        ({"visits": ""}, "visits", "0 for none"),
        ({"no_show_rate": "100"}, "no_show_rate", "no number of bookings would do"),
        ({"group_size": "0"}, "group_size", "1 to 100"),
        ({"group_size": "2.5"}, "group_size", "whole number"),
        ({"source": "  "}, "source", "without its source"),
        ({"direct_minutes": "80", "why": ""}, "why", "Say why"),
    ],
)
def test_bad_input_is_a_sentence_at_its_field_and_nothing_is_stored(
    rehab: tuple[Standards, Standards, TimeStandard], typed: dict[str, str], at: str, said: str
) -> None:
    pages, _, standard = rehab

    answer = pages.propose(standard, **typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    field = re.search(rf'<div class="field mb-3">(?:(?!</div>).)*?for="id_{at}".*?</div>', page, re.S)
    assert field is not None
    assert said in text(field[0])
    assert all(value in fields_of(page)[name] for name, value in typed.items() if value.strip())
    assert not StandardVersion.objects.exists()
    judged = pages.send("standard_judge", standard.pk, direct_minutes="-1")
    assert (judged.status_code, StandardJudgement.objects.count()) == (422, 0)


def test_facts_that_changed_since_the_preview_refuse_the_approval_and_show_it_anew(
    rehab: tuple[Standards, Standards, TimeStandard],
) -> None:
    manager, director, standard = rehab
    manager.propose(standard, direct_minutes="100")
    seen = re.search(r'name="seen" value="(\d+)"', director.page("standard", standard.pk))
    assert seen is not None
    Program.objects.filter(pk=standard.program_id).update(facts_version=int(seen[1]) + 1)

    late = director.send("standard_decide", standard.pk, 2, act="approve", seen=seen[1])
    page = late.content.decode()
    assert (late.status_code, standard.versions.get(number=2).state) == (409, "proposed")
    assert "Nothing is approved; look at it again below." in text(page)
    again = re.search(r'name="seen" value="(\d+)"', page)
    assert again is not None
    assert director.send("standard_decide", standard.pk, 2, act="approve", seen=again[1]).status_code == 302
    for act in ("approve", "decline", "withdraw"):
        pages = manager if act == "withdraw" else director
        assert pages.send("standard_decide", standard.pk, 2, act=act, seen=again[1], why="no").status_code == 409


def test_a_lone_planner_approves_her_own_and_the_history_says_so_and_an_earlier_version_returns(db: None) -> None:
    program, manager = recorded(oracle_c3())
    standard, pages = program.time_standards.get(), Standards(client_of(manager), program)
    pages.propose(standard, direct_minutes="50")
    page = pages.page("standard", standard.pk)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    assert "Nobody else could approve it here" in text(page)

    pages.send("standard_decide", standard.pk, 2, act="approve", seen=seen[1])

    assert "by the same person: nobody else could" in text(pages.page("standard", standard.pk))
    returning = fields_of(pages.page("standard_change", standard.pk, **{"from": "version-1"}))
    assert (returning["direct_minutes"], returning["source"], returning["why"]) == ("70", "Team meeting", "As version 1 had it.")


@pytest.fixture
def bare(db: None) -> tuple[Standards, Program]:
    """A program without classes and units, with one person of each discipline, as a template meets it."""
    program, manager = recorded(Rows(program_row(), practitioners=people("37.5")))
    for discipline in ("PT", "SLP"):
        one = Practitioner.objects.create(
            program=program, code=discipline, disciplines=[discipline], engagement="employee", weekly_hours=30
        )
        PractitionerLanguage.objects.create(practitioner=one, language="en", level="native")
    return Standards(client_of(manager), program), program


def test_each_of_twelve_templates_opens_computes_and_prints(bare: tuple[Standards, Program]) -> None:
    pages, program = bare
    worksheet = reverse("worksheet", args=[program.code])
    assert "OT template: Community and home" in text(pages.page())
    assert "OT template: Community and home" in text(pages.client.get(worksheet, {"step": "2"}).content.decode())

    for setting, discipline in TEMPLATES:
        Unit.objects.filter(program=program).delete()
        program.time_standards.all().delete()
        Program.objects.filter(pk=program.pk).update(setting=setting, facts_version=program.facts_version + 1)
        form = pages.page("standard_template", setting, discipline)
        assert "judgement of Evenload's authors" in text(form)
        entered = pages.send("standard_template", setting, discipline, **fields_of(form))
        assert entered.status_code == 302, (setting, discipline)

        made = list(program.time_standards.all())
        templates = class_templates(setting, discipline)
        assert [one.code for one in made] == [one.row.id for one in templates]
        for at, one in enumerate(made):
            version = one.versions.get()
            assert (version.number, version.state, version.decided_by_name) == (1, "approved", "Max Manager")
            assert "Judgement of Evenload's authors" in one.source
            for source in templates[at].sources.values():
                assert source.address in one.source
            Unit.objects.create(
                program=program, code=one.code, kind="area", discipline=discipline, time_standard=one, clients=10, language="en"
            )
        program.refresh_from_db()
        Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 1)
        program.refresh_from_db()
        match = pages.client.get(worksheet, {"step": "3"}).content.decode()
        assert "FTE" in match
        assert 'class="note note-error"' not in match
        for form_of in ("pdf", "xlsx")[: 1 if discipline != "OT" else 2]:
            printed = pages.client.get(reverse("worksheet_file", args=[program.code, "fr", form_of]))
            assert (printed.status_code, len(printed.content) > 5000) == (200, True), (setting, discipline, form_of)


def test_what_is_edited_in_a_template_is_the_persons_own_judgement_and_a_second_time_nothing_is_entered(
    bare: tuple[Standards, Program],
) -> None:
    pages, program = bare
    form = fields_of(pages.page("standard_template", "school", "SLP"))
    wrong = pages.send("standard_template", "school", "SLP", **{**form, "direct_minutes-SLP-low": "-3", "visits-SLP-high": ""})
    assert (wrong.status_code, program.time_standards.count()) == (422, 0)
    assert "id_direct_minutes-SLP-low" in wrong.content.decode()

    assert pages.send("standard_template", "school", "SLP", **{**form, "direct_minutes-SLP-low": "35"}).status_code == 302
    low, moderate = program.time_standards.get(code="SLP-low"), program.time_standards.get(code="SLP-moderate")
    assert "Judged by Max Manager: direct minutes." in low.source
    assert "leader.pubs.asha.org" not in low.source
    assert "leader.pubs.asha.org" in moderate.source
    assert pages.send("standard_template", "school", "SLP", **form).status_code == 409
    assert program.time_standards.count() == 4


def test_every_template_cites_what_is_published_and_calls_the_rest_judgement_in_both_languages() -> None:
    for setting, discipline in TEMPLATES:
        for one in class_templates(setting, discipline):
            for source in one.sources.values():
                assert bool(source.said) is bool(source.address) is (source.how != "judgement")
                said = {words_in(lang).say(source.said) for lang in ("en", "fr")} if source.said else set()
                assert len(said) in (0, 2)
