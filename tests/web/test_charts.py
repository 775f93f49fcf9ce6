"""Charts: figures that can be drawn, a table and a CSV beside every drawing, and the drawing itself in a real browser."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from evenload.web.charts import Chart, ChartRow, csv_of
from evenload.words import words_in
from web.style_sheet import STATIC

TEMPLATES = STATIC.parent / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))


def chart(**others: Any) -> Chart:
    facts: dict[str, Any] = {
        "key": "gap",
        "title": "Gap <by> pool",
        "says": "French OT is short of 22.5 hours.",
        "unit": "h/week",
        "columns": ("Pool", "have", "need"),
        "rows": (ChartRow("OT, French", (Fraction(31, 2), 38), "/rows?pool=1"), ChartRow("SLP, French", (None, Fraction(-1, 3)))),
        "kind": "bars",
        "csv_address": "/gap.csv",
    }
    return Chart(**{**facts, **others})


@pytest.mark.parametrize(
    "others, said",
    [
        ({"columns": ("Pool",), "rows": ()}, "series"),
        ({"columns": tuple("abcdefg"), "rows": ()}, "series"),
        ({"columns": ("Pool", "have")}, "OT, French"),
        ({"kind": "pie"}, "pie"),
        ({"says": ""}, "sentence"),
        ({"csv_address": ""}, "CSV"),
        ({"unit": ""}, "unit"),
    ],
)
def test_what_could_not_be_drawn_or_read_is_refused(others: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        chart(**others)


def test_the_table_says_every_value_and_what_is_not_known_is_a_dash() -> None:
    page = render_to_string("_chart.html", {"chart": chart(), "words": words_in("fr")})

    rows = re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", page)
    assert [re.findall(r'data-value="([^"]*)">([^<]*)<', row) for row in rows] == [
        [("15.5", "15,5"), ("38.0", "38,0")],
        [("", "–"), ("-0.3333", "−0,3")],
    ]
    assert '<a href="/rows?pool=1">OT, French</a>' in rows[0]
    assert "Gap &lt;by&gt; pool" in page
    assert re.search(r"<details[^>]*\sopen>", page)


def test_the_csv_has_the_rows_of_the_table_with_the_unit() -> None:
    english, french = (csv_of(chart(), words_in(lang)).content.decode("utf-8-sig").splitlines() for lang in ("en", "fr"))

    assert english == ["Pool,have (h/week),need (h/week)", '"OT, French",15.5,38', '"SLP, French",,-0.33']
    assert french[1:] == ["OT, French;15,5;38", "SLP, French;;-0,33"]


def test_a_chart_is_shown_by_one_part_alone_with_table_and_csv_beside_it() -> None:
    part = (TEMPLATES / "_chart.html").read_text(encoding="utf-8")
    texts = {page.name: page.read_text(encoding="utf-8") for page in PAGES}

    assert "<details" in part
    assert "<table" in part
    assert "{{ chart.csv_address }}" in part
    assert [name for name, text in texts.items() if "data-chart=" in text and name != "_chart.html"] == []
    assert [name for name, text in texts.items() if "vendor/echarts" in text and name != "_chart_scripts.html"] == []


def test_every_page_with_a_chart_brings_what_draws_it() -> None:
    texts = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
    showing = {"_chart.html"}
    while found := {name for name, text in texts.items() if any(f'"{one}"' in text for one in showing)} - showing:
        showing |= found

    whole_pages = {name for name in showing if "{% extends" in texts[name]}
    assert whole_pages
    assert [name for name in whole_pages if "_chart_scripts.html" not in texts[name]] == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_charts_are_drawn_from_their_tables_under_the_strict_policy(browser: Any, live_server: Any, settings: Any) -> None:
    settings.DEBUG = True
    page = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light").new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/styleguide", wait_until="load")
    weeks = page.locator("#chart-weeks")

    expect(weeks.locator(".chart-drawing svg")).to_be_visible()
    assert weeks.locator(".chart-drawing").get_attribute("role") == "img"
    assert weeks.locator(".chart-drawing").get_attribute("aria-label") == "Need passes what we have in the third week."
    assert page.locator("#chart-ages svg pattern").count() >= 3
    assert page.locator(".chart-table[open]").count() == 0

    weeks.locator(".chart-drawing").hover()
    expect(weeks.locator(".chart-drawing")).to_contain_text("need  –")

    first_series = "#chart-pools svg path[fill='rgb({})']"
    expect(page.locator(first_series.format("75, 70, 174")).first).to_be_attached()
    page.emulate_media(color_scheme="dark")
    expect(page.locator(first_series.format("96, 112, 214")).first).to_be_attached()

    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.locator("#chart-weeks svg")).to_have_attribute("width", re.compile("^2[0-9]{2}$"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert complaints == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_scripts_the_tables_stand_open(browser: Any, live_server: Any, settings: Any) -> None:
    settings.DEBUG = True
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/styleguide", wait_until="load")

    assert page.locator("#chart-pools table").is_visible()
    assert page.locator(".chart-drawing").first.is_hidden()
