"""Scenarios in a real browser: from the worksheet to two side by side by keyboard and without a script; nothing for axe in either language."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from evenload.records.models import Account, PlanScenario
from web.test_worksheet_browser import NARROW, WIDE, opened, violations
from web.worksheet_pages import c1, recorded

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pressed(page: Any, locator: Any) -> None:
    """Focuses what somebody reaches by Tab, and presses Enter."""
    locator.focus()
    assert locator.evaluate("one => one === document.activeElement"), "it cannot be reached"
    page.keyboard.press("Enter")


def sent(page: Any, locator: Any) -> None:
    """Presses Enter on a button and waits for the answer."""
    with page.expect_navigation():
        pressed(page, locator)


def test_from_a_try_to_two_side_by_side_without_a_script_and_without_a_mouse(browser: Any, live_server: Any) -> None:
    program, manager = recorded(c1("37.5", "37.5", "30"))
    page = opened(
        browser, live_server, manager, reverse("worksheet", args=[program.code]) + "?step=3&try=hours:p0:20", java_script_enabled=False
    )
    page.get_by_label("Name of the scenario").fill("Fewer hours")
    sent(page, page.get_by_role("button", name="Save as scenario"))
    assert "Person 0 works 20.0 h/week instead of 37.5 h/week." in page.locator("#changes").inner_text()

    pressed(page, page.locator("#form-leave summary"))
    page.locator("#id_leave_item").select_option(label="Person 1")
    sent(page, page.locator("#form-leave").get_by_role("button", name="Add to the scenario"))
    assert "Person 1 is not there in the whole period." in page.locator("#changes").inner_text()
    pressed(page, page.locator("#form-mix summary"))
    page.locator("#id_mix_share_0").fill("30")
    sent(page, page.locator("#form-mix").get_by_role("button", name="Add to the scenario"))
    assert page.locator("#form-mix .field-error").count() == 1  # said at the field, in the form that is still open
    assert page.locator("#id_mix_share_0").input_value() == "30"

    page.goto(live_server.url + reverse("scenarios", args=[program.code]))
    sent(page, page.get_by_role("button", name="Compare what is ticked"))
    pressed(page, page.locator("summary", has=page.locator("#group-2")))  # folded without a script, after what is assumed
    gaps = page.locator("tr.is-key", has=page.get_by_role("rowheader", name="Gap", exact=True)).first.locator("td").all_inner_texts()
    assert len(gaps) == 2
    assert gaps[0] != gaps[1]
    page.context.close()

    made = PlanScenario.objects.get()
    paths = ("scenarios", []), ("scenario", [made.pk]), ("scenario_compare", [])
    for lang, view, scheme in (("en", WIDE, "light"), ("fr", NARROW, "dark")):
        Account.objects.update(language=lang)
        manager.refresh_from_db()
        page = opened(browser, live_server, manager, "/help", viewport=view, color_scheme=scheme, reduced_motion="reduce")
        for name, more in paths:
            page.goto(f"{live_server.url}{reverse(name, args=[program.code, *more])}?with=records&with={made.pk}", wait_until="load")
            assert violations(page) == [], (name, lang)
            assert page.evaluate("document.documentElement.scrollWidth") <= view["width"], (name, lang)
        assert page.complaints == []
        page.context.close()
