"""The figures of a program, the waiting-list calculator and my own figures in a real browser: drawn, read off the screen, nothing for axe."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cast import Cast, edition_of
from evenload.records.models import Account, Contract, Program
from web.desk_visits import client_of

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def planned(everybody: Cast) -> Cast:
    """The period begins this week, two editions are published, and there is a contract."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    Program.objects.update(period_start=monday, as_of=monday)
    program = everybody.program_a
    for number in (1, 2):
        edition_of(program, everybody.manager_of_a, number=number, is_current=number == 2)
    Contract.objects.create(
        program=program, code="east", name_en="East", visits=400, starts_on=monday, ends_on=monday + timedelta(days=200)
    )
    return everybody


def opened(browser: Any, live_server: Any, account: Account, **options: Any) -> Any:
    context = browser.new_context(**options)
    cookie = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def violations(page: Any) -> list[Any]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(one["id"], [node["html"][:100] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("lang, view, scheme", [("en", WIDE, "light"), ("fr", NARROW, "dark")])
def test_the_pages_are_drawn_and_nothing_is_wrong_with_them(
    browser: Any, live_server: Any, planned: Cast, lang: str, view: Any, scheme: str
) -> None:
    Account.objects.update(language=lang)
    figures = reverse("program_figures", args=[planned.program_a.code])
    check = reverse("wait_check")
    looks = [
        (planned.manager_of_a, [figures, f"{figures}?discipline=OT&language=fr", f"{check}?demand=30&referrals=12", f"{check}?demand=x"]),
        (planned.practitioner, [reverse("my_load")]),
    ]
    for account, paths in looks:
        account.refresh_from_db()
        page = opened(browser, live_server, account, viewport=view, color_scheme=scheme)
        for path in paths:
            page.goto(live_server.url + path, wait_until="load")
            charts = page.locator("figure.chart")
            if path in (figures, reverse("my_load")):
                assert charts.count() == {figures: 5, reverse("my_load"): 1}[path]
                page.wait_for_function("[...document.querySelectorAll('.chart-drawing')].every(one => one.querySelector('svg, canvas'))")
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = !one.classList.contains('menu') })")
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == view["width"], path
        assert [one for one in page.complaints if "422" not in one] == []
        page.context.close()


def test_the_published_figures_are_read_off_the_screen_after_typing_them(browser: Any, live_server: Any, planned: Cast) -> None:
    """Without an account and without a script."""
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()

    def typed(button: int, **fields: str) -> dict[str, str]:
        page.goto(live_server.url + reverse("wait_check"))
        for name, value in fields.items():
            page.fill(f"#check-{name}", value)
        page.locator("main form button[type=submit]").nth(button).click()
        return {cell.get_attribute("id"): cell.inner_text() for cell in page.locator("td[id]").all()}

    published = {"demand": "30", "capacity": "27", "queue": "1200", "target": "52", "mean": "63"}
    read = typed(0, **published)
    wanted = {"load": "1.1111", "target_mean": "13", "target_queue": "390", "ratio": "3.0769", "relief": "61.1538", "pressure": "2.423077"}
    assert {key: read[f"wait-{key}"] for key in wanted} == wanted
    assert read["wait-target_capacity"] == "30.07692"
    assert typed(0, **published, factor="1")["wait-target_capacity"] == "30.01923"
    assert typed(0, **published, factor="6.58")["wait-target_capacity"] == "30.12654"
    assert typed(0, demand="1", mean="24", target="4")["wait-pressure"] == "12"

    read = typed(1, referrals="12", fte="10", hours="11")
    wanted = {"sessions": "3.14", "multiplier": "3", "new": "9.4", "cost": "5.95", "half_days": "36", "needed": "36%", "balance": "8.6"}
    assert {key: read[f"capa-{key}"] for key in wanted} == wanted
    read = typed(1, referrals="12", fte="12")
    assert [read[f"capa-slots_{key}"] for key in ("offered", "needed", "worked")] == ["72", "71.4", "62.3"]
    assert re.search(r"short by 9\.1", page.inner_text("main"))
    context.close()
