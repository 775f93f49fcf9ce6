"""Weeks, time standards, reports and the overview in a real browser: nothing for axe, nothing cut off; one more asked for by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cast import account
from evenload.records.models import Account
from web.test_worksheet_browser import NARROW, WIDE, opened, violations
from web.worksheet_pages import c1, recorded

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_planning_pages_are_clean_in_both_languages_and_answer_to_the_keyboard(browser: Any, live_server: Any) -> None:
    program, manager = recorded(c1("37.5", "37.5", "30", clients=(60, 30, 9)))
    director = account("dora", "Dora Director", "director")
    standard = program.time_standards.get(code="low")
    _asked_without_a_script_or_a_mouse(browser, live_server, program.code, manager)

    paths = [
        *(reverse(name, args=[program.code]) for name in ("weeks", "weeks_waiting", "standards", "runs", "reports")),
        reverse("weeks", args=[program.code]) + "?class=low&per_week=2&minutes=45",
        reverse("weeks_of", args=[program.code, "p0"]),
        reverse("standard", args=[program.code, standard.pk]),
        reverse("standard_change", args=[program.code, standard.pk]),
    ]
    for lang, view, scheme in (("en", WIDE, "light"), ("fr", NARROW, "dark")):
        Account.objects.update(language=lang)
        for who, seen in ((manager, paths), (director, ["/"])):
            who.refresh_from_db()
            page = opened(browser, live_server, who, "/help", viewport=view, color_scheme=scheme, reduced_motion="reduce")
            for path in seen:
                page.goto(live_server.url + path, wait_until="load")
                assert violations(page) == [], (path, lang)
                assert page.evaluate("document.documentElement.scrollWidth") <= view["width"], (path, lang)
            assert page.complaints == []
            page.context.close()


def _asked_without_a_script_or_a_mouse(browser: Any, live_server: Any, code: str, manager: Account) -> None:
    """By Tab to the question, opened and sent by Enter; the grid takes the focus, and scrolls by the arrow keys."""
    page = opened(browser, live_server, manager, reverse("weeks", args=[code]), java_script_enabled=False)
    summary = page.locator("#one-more > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Class", exact=True).focus()
    page.keyboard.type("OT · low")
    page.get_by_label("Visits a week", exact=True).fill("1")
    page.get_by_label("Visits a week", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".room-answer .statement").inner_text().startswith("3 people may take this client")
    assert page.locator("#one-more").get_attribute("open") is not None
    grid = page.locator(".week-scroll")
    grid.focus()
    page.keyboard.press("End")
    assert grid.evaluate("one => one === document.activeElement")
    page.context.close()
