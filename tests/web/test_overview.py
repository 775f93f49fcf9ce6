"""The director's overview: the finding first, every figure with its rows, what cannot be counted named, and nothing of programs not hers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import expect

from cast import Cast, cast, person, records_of
from evenload.records.models import Contract, KeptFigures, Practitioner, Program
from evenload.web.pages.overview import overview_facts
from evenload.words import words_in
from evenload.workflow import program_figures
from planning.worked_example import worked_example

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    program_figures.forget()


@pytest.fixture
def today(everybody: Cast) -> date:
    """The programs' periods hold this week; French hours are missing in program B."""
    return prepared(everybody)


def prepared(everybody: Cast) -> date:
    day = timezone.localdate()
    monday = day - timedelta(days=day.weekday())
    Program.objects.update(period_start=monday, as_of=monday)
    Practitioner.objects.filter(program=everybody.program_b, code="Béa").update(weekly_hours=Decimal(12))
    Contract.objects.create(
        program=everybody.program_a, code="east", name_en="East", name_fr="Est", visits=100, starts_on=monday, ends_on=day + timedelta(364)
    )
    changed()
    return day


def changed() -> None:
    Program.objects.update(facts_version=F("facts_version") + 1)


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def home(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def in_french(everybody: Cast) -> None:
    everybody.director.language = "fr"
    everybody.director.save(update_fields=["language"])


@pytest.mark.both
def test_the_first_sentence_says_what_is_missing_and_where_most(everybody: Cast, today: date) -> None:
    client = signed_in(everybody.director)

    english = text_of(home(client))
    in_french(everybody)
    french = text_of(home(client))

    said = re.search(r"Next 12 weeks: ([\d.]+) FTE short in 1 pool, −([\d.]+) h/week\. Largest: (.*?), −([\d.]+) h/week\.", english)
    assert said is not None
    assert said[3] == "Occupational therapy, French, Home care"
    assert said[2] == said[4]
    assert re.search(r"12 semaines à venir : il manque [\d,]+ ETP dans 1 bassin, −[\d,]+ h/sem\.", french.replace("\u00a0", " "))


@pytest.mark.both
def test_every_figure_leads_to_a_page_and_every_part_to_its_csv(everybody: Cast, today: date) -> None:
    client = signed_in(everybody.director)
    page = home(client)
    main = page.partition("<main")[2].partition("</main>")[0]

    links = {unescape(one).partition("#")[0] for one in re.findall(r'href="([^"]+)"', main)} - {""}
    anchors = set(re.findall(r'href="#([^"]+)"', main))

    assert {link: status for link in links if (status := client.get(link).status_code) != 200} == {}
    assert {one for one in anchors if f'id="{one}"' not in page} == set()
    assert {link for link in links if link.startswith("/overview/")} == {
        f"/overview/{part}.csv" for part in ("gap", "programs", "weeks", "missing", "loads", "waiting")
    }


def test_the_csv_of_the_gaps_is_the_table_of_the_page(everybody: Cast, today: date) -> None:
    client = signed_in(everybody.director)

    rows = client.get("/overview/gap.csv").content.decode("utf-8-sig").splitlines()
    page = text_of(home(client))

    assert rows[0] == "Pool,Home care (h/week),School rehabilitation (h/week),Missing (h/week)"
    name, home_care, school, missing = rows[1].rsplit(",", 3)
    assert name == '"Occupational therapy, French"'
    assert float(home_care) < 0 < float(school)
    assert home_care == missing
    assert f"OT, French −{-float(home_care):.1f} ! +{float(school):.1f} −{-float(missing):.1f}" in page
    assert client.get("/overview/nothing.csv").status_code == 404


def test_a_program_that_somebody_may_not_see_does_not_count(everybody: Cast, today: date) -> None:
    whole = person(everybody.director)
    only_a = replace(whole, programs=frozenset({everybody.program_a.pk}))
    words, at = words_in("en"), timezone.now()

    seen = [overview_facts(words, who, at) for who in (whole, only_a)]

    assert [one["is_short"] for one in seen] == [True, False]
    assert [[name for _, name, _ in one["columns"]] for one in seen] == [["Home care", "School rehabilitation"], ["School rehabilitation"]]
    assert [[line.name for line in one["program_lines"]] for one in seen][1] == ["School rehabilitation"]


@pytest.mark.both
def test_a_failing_program_is_named_with_its_last_good_figures_and_the_others_stand(everybody: Cast, today: date) -> None:
    client = signed_in(everybody.director)
    before = text_of(home(client))
    everybody.program_b.duties.create(who="*", kind="everything", basis="percent", amount=100)
    changed()

    client.post("/overview/count")
    after = text_of(home(client))

    sentence = re.compile(r"Next 12 weeks: .*? h/week\. Largest: .*? h/week\.")
    assert re.search(r"Home care: its records contradict each other\. Its hours are those of \d+:\d\d [ap]\.m\.", after)
    assert sentence.search(after)[0] == sentence.search(before)[0]  # type: ignore[index]
    assert "School rehabilitation: its records" not in after
    load, waiting = re.findall(r'<div class="tile[ "].*?</div>', home(client), re.DOTALL)[:2]
    assert re.search(r"Home care: of \d+:\d\d [ap]\.m\.", text_of(load))
    assert "Home care: of" not in text_of(waiting)


def test_nothing_is_known_of_an_empty_organisation_and_no_zero_says_otherwise(db: None) -> None:
    everybody = cast()  # the periods of both are over
    page = home(signed_in(everybody.director))

    assert "Needs hours and clients from one program." in page
    assert text_of(page).count("its period has ended, no week lies ahead") == 2
    assert 'class="gap-table"' not in page
    assert "0%" not in text_of(page)
    assert re.search(r'data-title="Missing, h/week"><a[^>]*>–</a>', page)


@pytest.mark.both
def test_figures_that_are_kept_cost_the_same_queries_however_many_programs_there_are(everybody: Cast, today: date) -> None:
    client = signed_in(everybody.director)
    counts = []
    for number in (2, 3, 4):
        home(client)
        with CaptureQueriesContext(connection) as asked:
            home(client)
        counts.append(len(asked))
        records_of(worked_example(), code=f"more-{number}", name_en="More", name_fr="")

    assert len(set(counts)) == 1
    assert counts[0] < 25


def test_figures_of_before_are_shown_with_their_time_until_they_are_counted_anew(everybody: Cast, today: date) -> None:
    client = signed_in(everybody.director)
    home(client)
    KeptFigures.objects.filter(part="program").update(counted_at=timezone.now() - timedelta(minutes=5))
    Practitioner.objects.filter(program=everybody.program_b, code="Béa").update(weekly_hours=Decimal(30))
    changed()

    old = home(client)
    client.post("/overview/count")
    new = home(client)

    assert "FTE short" in old
    assert "Count anew" in old
    assert "no pool is short of hours" in new
    assert "Count anew" not in new


def test_only_directors_have_it(everybody: Cast, today: date) -> None:
    for who in (everybody.manager_of_a, everybody.practitioner, everybody.privacy_officer):
        assert signed_in(who).get("/overview/gap.csv").status_code == 403
        assert signed_in(who).post("/overview/count").status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_overview_is_read_on_a_phone_by_keyboard_and_by_axe(browser: Any, live_server: Any, db: None) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    everybody = cast()
    prepared(everybody)
    client = signed_in(everybody.director)
    for lang, width, scheme in (("en", 1280, "light"), ("fr", 320, "dark")):
        type(everybody.director).objects.filter(pk=everybody.director.pk).update(language=lang)
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda line, to=complaints: to.append(line.text))
        page.on("pageerror", lambda error, to=complaints: to.append(str(error)))
        page.goto(live_server.url, wait_until="load")

        expect(page.locator("#chart-weeks svg")).to_be_visible()
        found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator(".short-list").is_visible() == (width == 320)
        assert page.locator(".gap-table").is_visible() == (width != 320)
        page.locator("#chart-missing summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("#chart-missing table").is_visible()
        assert complaints == []
        context.close()
