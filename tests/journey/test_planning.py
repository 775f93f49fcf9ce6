"""A manager plans in a real browser, on a real server: tries a figure, keeps it as a scenario, compares, approves a standard, reads the weeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journey.served import Served, served
from journey.test_journey import begin, import_own_list
from journey.visitor import Visitor
from postgresql_cluster import ON_POSTGRESQL

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.both]
LANG = "fr" if ON_POSTGRESQL else "en"
"""one language on each database: both are walked"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, on_postgresql=ON_POSTGRESQL) as running:
        yield running
    assert not running.complaints, "\n".join(running.complaints[-40:])


def test_from_the_worksheet_to_the_gap_sheet(browser: Any, server: Served) -> None:
    director = Visitor(browser, server.address, LANG)
    begin(director)
    import_own_list(director)
    director.follow("Plan", within=director.page.locator(".site-nav"))
    director.is_at(director.say("Planning worksheet"), "worksheet")
    try_and_keep(director)
    compare(director)
    approve_a_standard(director)
    read_the_weeks(director)
    figures_and_gap_sheet(director)
    assert director.complaints == []


def try_and_keep(director: Visitor) -> None:
    """Hours of somebody tried otherwise; the gap before and after; kept as a scenario."""
    page = director.page
    director.follow("Time standards")
    director.follow("Worksheet")
    page.locator("nav.steps a").first.click()
    hours = page.locator('input[name^="hours:"]').first
    hours.fill("10")
    with page.expect_navigation():
        hours.press("Enter")
    expect(page.locator(".tries-list li")).to_have_count(1)
    expect(page.locator(".tries-result")).to_be_visible()
    director.look("worksheet-tried")
    director.fill("Name of the scenario", "Ana, ten hours")
    director.press("Save as scenario")
    expect(page.locator("h1")).to_contain_text("Ana, ten hours")
    director.look("scenario")


def compare(director: Visitor) -> None:
    """Beside what is recorded: the gaps differ."""
    director.page.locator("main").get_by_role("link", name=director.say("Scenarios"), exact=True).first.click()
    director.press("Compare what is ticked")
    director.is_at(director.say("Compare scenarios"), "compare")
    gaps = director.page.locator("tr.is-key").first.locator("td").all_inner_texts()
    assert len(gaps) == 2
    assert gaps[0] != gaps[1]


def approve_a_standard(director: Visitor) -> None:
    """More minutes proposed, the effect seen, approved: the only planner may, and the history says so."""
    page = director.page
    director.follow("Plan", within=page.locator(".site-nav"))
    director.follow("Time standards")
    page.locator("main table tbody a").first.click()
    director.follow("Propose a change")
    page.locator('input[name="direct_minutes"]').fill("75")
    page.locator('textarea[name="why"]').fill("Counted in January")
    director.press("See what changes")
    expect(page.locator("#effect-title")).to_be_visible()
    director.press("Propose")
    director.reads(director.say("You proposed this yourself. Nobody else could approve it here, so you may; the history says so."))
    director.press("Approve")
    expect(page.locator("ol.history > li").first).to_contain_text("75")
    director.look("standard")


def read_the_weeks(director: Visitor) -> None:
    """Everybody by week; the sums agree; a row opens."""
    page = director.page
    director.follow("Plan", within=page.locator(".site-nav"))
    director.follow("Weeks")
    director.is_at(director.say("Weeks"), "weeks")
    expect(page.locator(".week-identity")).to_be_visible()
    page.locator(".week-grid tbody .who a").first.click()
    director.look("weeks-of-one")
    expect(page.locator("#parts-title")).to_be_visible()


def figures_and_gap_sheet(director: Visitor) -> None:
    """The program's figures, and one page about staff to take along."""
    page = director.page
    director.follow("Plan", within=page.locator(".site-nav"))
    director.follow("Program figures")
    director.is_at(director.say("Program figures"), "figures")
    director.follow("Reports", within=page.locator(".site-nav"))
    with page.expect_download() as download:
        page.locator(f'main a[href*="gap"][href$=".pdf"][href*="{director.lang}"]').first.click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"
