"""The core of the journey in a browser that runs no script: every form and link does its work, the plan's page renews itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chromium import launched
from journey.served import Served, served
from journey.test_journey import LAFOND, begin, import_own_list, re_name, row_of
from journey.visitor import SMALL_PHONE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
    assert not running.complaints, "\n".join(running.complaints[-40:])


def test_from_nothing_to_a_published_list_without_a_script(server: Served) -> None:
    with launched() as browser:
        director = Visitor(browser, server.address, "fr", java_script_enabled=False, **SMALL_PHONE)
        title = LAFOND["fr"]
        begin(director)
        import_own_list(director)
        director.press("Make the plan")
        director.waits_for("Take it up into the draft")
        director.press("Take it up into the draft")
        director.is_at("Mon bureau")
        card = director.page.locator(".unit-card").filter(has=director.page.get_by_role("link", name=title, exact=True))
        card.locator(".move-link").click()
        director.page.locator("#id_to").select_option(label=re_name(director, "Luc Bédard"))
        director.press("Look at it")
        director.reads("Luc Bédard")
        director.press("Move and pin")
        director.is_at("Mon bureau")
        expect(row_of(director, "Luc Bédard").locator(".unit-card").filter(has_text=title)).to_contain_text("Épinglée")
        director.press("Undo")
        expect(row_of(director, "Fatou Diallo").locator(".unit-card").filter(has_text=title)).to_have_count(1)
        director.follow("Check and publish")
        director.press("Publish")
        director.is_at("Liste d'affectation")
        director.fill("Find, with or without accents", "erables")
        director.press("Find")
        expect(director.page.locator("main tbody tr")).to_have_count(2)
        director.page.get_by_role("button", name="English").click()
        expect(director.page.locator("html")).to_have_attribute("lang", "en")
        expect(director.page.locator("main tbody tr")).to_have_count(2)
        assert re.search(r"q=erables", director.page.url)
        director.leave()
