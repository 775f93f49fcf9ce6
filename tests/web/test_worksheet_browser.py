"""The worksheet and the own caseload check in a real browser: read off the screen, by keyboard, without a script, nothing for axe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from evenload.records.models import Account, Program
from web.desk_visits import client_of
from web.worksheet_pages import c1, recorded

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def planned() -> tuple[Program, Account]:
    return recorded(c1("37.5", "37.5", "37.5", "10"))


def opened(browser: Any, live_server: Any, account: Account, path: str, **options: Any) -> Any:
    context = browser.new_context(**{"viewport": WIDE, **options})
    cookie = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(live_server.url + path, wait_until="load")
    return page


def violations(page: Any) -> list[Any]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(one["id"], [node["html"][:100] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("lang, view, scheme", [("en", WIDE, "light"), ("fr", NARROW, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Any, live_server: Any, planned: tuple[Program, Account], lang: str, view: Any, scheme: str
) -> None:
    program, manager = planned
    Account.objects.filter(pk=manager.pk).update(language=lang)
    manager.refresh_from_db()
    path = reverse("worksheet", args=[program.code])
    page = opened(browser, live_server, manager, path, viewport=view, color_scheme=scheme)
    found = {}
    wrong = "?step=1&try=duty:administration@*:100"
    for query in ("?step=1&person=p0", "?step=2", "?step=3&try=hours:p3:22.5", wrong, "own"):
        page.goto(live_server.url + (reverse("own_check") if query == "own" else path + query), wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = !one.classList.contains('menu') })")
        found[query] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") == view["width"], query

    assert {query: one for query, one in found.items() if one} == {}
    assert page.complaints == []


def test_a_figure_is_tried_by_keyboard_read_off_the_screen_and_the_focus_stays(
    browser: Any, live_server: Any, planned: tuple[Program, Account]
) -> None:
    """Oracle C1: 3.6 full-time equivalents leave 114.75 hours, 97.4 percent used, a ratio of 1.0266."""
    program, manager = planned
    page = opened(browser, live_server, manager, reverse("worksheet", args=[program.code]) + "?step=1")
    field = page.locator('input[name="hours:p3"]')
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("22.5")
    page.keyboard.press("Enter")
    page.wait_for_url("**try=hours*")

    assert page.evaluate("document.activeElement.name") == "hours:p3"
    assert "Gap now +114.8 h, was −295.9 h." in page.locator(".tries-result").inner_text()
    page.wait_for_function("document.getElementById('spoken').textContent.includes('Gap now')")
    page.get_by_role("link", name="Match", exact=False).first.click()
    page.get_by_text("How is this counted?").first.click()
    figures = {row.locator("th").inner_text(): row.locator("td").last.inner_text() for row in page.locator(".gap details tbody tr").all()}
    assert figures["Gap in hours"] == "114.75"
    assert figures["Utilization, percent"].startswith("97.4")
    assert figures["Staffing ratio"].startswith("1.0265")
    assert figures["FTE needed"] == "3.506849"


def test_the_own_check_works_without_a_script_and_prints_its_answer_alone(browser: Any, live_server: Any) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=WIDE).new_page()
    page.goto(live_server.url + reverse("own_check") + "?setting=school&discipline=SLP")
    page.locator('input[name="hours"]').fill("30")
    page.locator('input[name="clients:SLP-low"]').fill("12")
    page.get_by_role("button", name="Check my caseload").click()

    assert re.search(r"My clients need [\d.]+ h a week", page.locator(".own-answer > .statement").inner_text())
    page.emulate_media(media="print")
    assert page.locator(".own-answer").is_visible()
    assert page.get_by_text("What was stated").is_visible()
    assert not page.get_by_role("button", name="Check my caseload").is_visible()
    assert page.context.cookies() == [one for one in page.context.cookies() if one["name"] == "csrftoken"]
