"""Her day in a real browser: two taps, a lost connection, no script, the keyboard, a phone of 320 pixels, both languages."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cast import cast
from evenload.records.models import Account, PlannedVisit, RecordedVisit
from web.own_day import OwnDay, own_day
from web.test_look_browser import OVERLAPPED_OR_SMALL

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KEPT = os.environ.get("EVENLOAD_PICTURES")
"""a folder: pictures of the pages are left there"""


@pytest.fixture
def day(live_server: Any) -> OwnDay:
    """Béa's day with three planned visits, the first at 9:00."""
    made = own_day(cast())
    for turn, (unit, at) in enumerate(((made.jm, time(9)), (made.rb, None))):
        PlannedVisit.objects.create(practitioner=made.bea, unit=unit, on=made.today, minutes=45, turn=turn, at=at)
    return made


def opened(browser: Any, live_server: Any, day: OwnDay, path: str = "/today", *, lang: str = "en", **options: Any) -> Any:
    """A page in which Béa is signed in; complaints of the browser are kept."""
    Account.objects.filter(pk=day.person.account.pk).update(language=lang)
    context = browser.new_context(**{"viewport": WIDE, **options})
    key = day.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(8000)
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(live_server.url + path, wait_until="load")
    return page


def keep(page: Any, name: str) -> None:
    if KEPT:
        page.screenshot(path=str(Path(KEPT) / f"{name}.png"), full_page=True)


def visit_of(page: Any, title: str) -> Any:
    return page.locator("article.visit", has=page.get_by_role("heading", name=title, exact=True))


def test_a_visit_is_recorded_in_two_taps_and_undone(browser: Any, live_server: Any, day: OwnDay) -> None:
    page = opened(browser, live_server, day, viewport=NARROW, has_touch=True, is_mobile=True)
    card, due = visit_of(page, "J. M."), page.locator("#today-due li")
    before = due.count()
    card.locator("summary", has_text="Done").first.tap()
    keep(page, "today-done")
    card.get_by_role("button", name="Save: visit done").tap()

    saved = page.locator("article.visit-saved")
    expect(saved).to_contain_text("Visit recorded, 45 minutes. 11 visits left.")
    expect(page.locator("#spoken")).to_contain_text("Visit recorded, 45 minutes.")
    assert RecordedVisit.objects.get().unit == day.jm
    expect(due).to_have_count(before - 1)
    expect(page.locator("#today-week")).to_contain_text("My week")
    keep(page, "today-saved")

    saved.get_by_role("button", name="Undo").tap()
    expect(visit_of(page, "J. M.")).to_contain_text("Undone. The visit is planned again.")
    assert RecordedVisit.objects.count() == 0
    expect(due).to_have_count(before)
    assert page.complaints == []


def test_without_a_connection_the_entry_stays_and_is_stored_once_when_sent_again(browser: Any, live_server: Any, day: OwnDay) -> None:
    page = opened(browser, live_server, day, viewport=NARROW)
    card = visit_of(page, "J. M.")
    card.locator("summary", has_text="Done").first.click()
    card.get_by_label("Minutes with the client").fill("52")
    page.context.set_offline(True)
    card.get_by_role("button", name="Save: visit done").click()

    note = card.locator("[data-unsaved]").first
    expect(note).to_be_visible()
    expect(note).to_contain_text("Not saved: no connection. Your entry is still here.")
    expect(card.get_by_label("Minutes with the client")).to_have_value("52")
    expect(page.get_by_text("Visit recorded")).to_have_count(0)
    assert RecordedVisit.objects.count() == 0
    keep(page, "today-offline")
    note.get_by_role("button", name="Try again").click()
    expect(note).to_be_visible()  # still without a connection

    page.context.set_offline(False)
    note.get_by_role("button", name="Try again").click()
    expect(page.locator("article.visit-saved")).to_contain_text("Visit recorded, 52 minutes.")
    assert [int(one.direct_minutes) for one in RecordedVisit.objects.all()] == [52]


def test_a_lost_answer_is_no_second_visit(browser: Any, live_server: Any, day: OwnDay) -> None:
    page = opened(browser, live_server, day)

    def lose(route: Any) -> None:
        route.fetch()  # the server has it; the answer never arrives
        route.abort()

    page.route("**/visits/record", lose, times=1)
    card = visit_of(page, "J. M.")
    card.locator("summary", has_text="Cancelled").first.click()
    card.get_by_role("button", name="Weather").click()
    note = card.locator("[data-unsaved]").last
    expect(note).to_be_visible()
    note.get_by_role("button", name="Try again").click()

    expect(page.locator("article.visit-saved")).to_contain_text("Cancelled visit recorded: weather.")
    assert [one.reason for one in RecordedVisit.objects.all()] == ["weather"]


def test_without_scripts_a_visit_is_recorded_and_undone_by_plain_forms(browser: Any, live_server: Any, day: OwnDay) -> None:
    page = opened(browser, live_server, day, java_script_enabled=False)
    card = visit_of(page, "R. B.")
    card.locator("summary", has_text="No-show").first.click()
    card.get_by_role("button", name="Save: no-show").click()
    page.wait_for_url("**/today")
    expect(page.get_by_text("R. B.: No-show recorded.")).to_be_visible()
    assert RecordedVisit.objects.get().outcome == "no_show"
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/today")
    expect(page.get_by_text("Undone. The visit is planned again.")).to_be_visible()
    assert RecordedVisit.objects.count() == 0


@pytest.mark.parametrize(("lang", "view", "scheme"), [("en", NARROW, "light"), ("fr", NARROW, "dark"), ("fr", WIDE, "light")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Any, live_server: Any, day: OwnDay, lang: str, view: dict[str, int], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    paths = {"today": "/today", "clients": "/clients", "client": f"/clients/{day.jm.pk}", "visit": "/visits/planned/1"}
    options = {"has_touch": True, "is_mobile": True} if view is NARROW else {}
    paths["visit"] = f"/visits/planned/{PlannedVisit.objects.order_by('pk')[0].pk}"
    for name, path in paths.items():
        page = opened(browser, live_server, day, path, lang=lang, viewport=view, color_scheme=scheme, **options)
        for summary in page.locator("main details:not([open]) > summary").all()[:3]:
            summary.click()
        keep(page, f"{name}-{lang}-{view['width']}-{scheme}")
        found = axe.Axe().run(page, options={"runOnly": TAGS})
        assert found.response["violations"] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") == view["width"], name
        assert page.evaluate(OVERLAPPED_OR_SMALL) == [], name
        if view is NARROW:
            least = "Math.min(...[...document.querySelectorAll('main .btn')].filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height))"
            assert page.evaluate(least) >= 44, name
        assert page.complaints == [], name
        page.context.close()


def test_the_next_visit_is_recorded_with_the_keyboard_alone(browser: Any, live_server: Any, day: OwnDay) -> None:
    page = opened(browser, live_server, day)
    visit_of(page, "J. M.").locator("summary", has_text="Done").first.focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Save: visit done":
            break
    page.keyboard.press("Enter")
    expect(page.locator("article.visit-saved")).to_contain_text("Visit recorded")
    assert page.evaluate("document.activeElement.closest('.visit-saved') !== null")
