"""Her week in a real browser: the day on the map, an order used by keyboard and taken back, no script, a phone, axe, both languages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from cast import Cast, cast
from evenload.records.models import Account, PlannedVisit, Practitioner, Unit
from own_units import give_all_units
from web.test_look_browser import OVERLAPPED_OR_SMALL

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MONDAY = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())

SHORTEST = (["u1", "u2", "u3"], ["u3", "u2", "u1"], ["u2", "u3", "u1"], ["u1", "u3", "u2"])
"""out to the farthest and back: each of these drives there once"""


@pytest.fixture
def everybody(live_server: Any) -> Cast:
    """Béa's next Monday: three homes on a line, planned in an order that drives back and forth."""
    made = cast()
    program = made.program_a
    for number, unit in enumerate(Unit.objects.filter(program=program).order_by("position"), start=1):
        Unit.objects.filter(pk=unit.pk).update(
            kind="client", site=None, label=f"Home {number}", lat=Decimal("45.3"), lon=Decimal("-75.9") + number * Decimal("0.08")
        )
    Practitioner.objects.filter(program=program, code="Béa").update(base_lat=Decimal("45.3"), base_lon=Decimal("-75.9"))
    bea = program.practitioners.get(code="Béa")
    give_all_units(bea)
    for turn, code in enumerate(("u2", "u1", "u3"), start=1):
        PlannedVisit.objects.create(practitioner=bea, unit=program.units.get(code=code), on=MONDAY, turn=turn, minutes=45)
    return made


def opened(browser: Any, live_server: Any, everybody: Cast, path: str, *, lang: str = "en", **options: Any) -> Any:
    """A page in which Béa is signed in; complaints of the browser are kept."""
    Account.objects.filter(pk=everybody.practitioner.pk).update(language=lang)
    signed_in = Client()
    signed_in.force_login(everybody.practitioner)
    context = browser.new_context(**{"viewport": WIDE, **options})
    key = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(live_server.url + path, wait_until="load")
    return page


def turns(on: date = MONDAY) -> list[str]:
    return list(PlannedVisit.objects.filter(on=on).order_by("turn").values_list("unit__code", flat=True))


def test_an_order_is_used_by_keyboard_seen_on_the_map_and_taken_back(browser: Any, live_server: Any, everybody: Cast) -> None:
    page = opened(browser, live_server, everybody, f"/week?monday={MONDAY}")
    expect(page.locator("#week-map .stop-sign")).to_have_text(["1", "2", "3"])
    expect(page.locator("#week-map .stop-base")).to_have_count(1)

    page.get_by_role("button", name="Use this order").press("Enter")

    expect(page.get_by_role("button", name="Back to the order of before")).to_be_visible()
    assert turns() in SHORTEST
    expect(page.get_by_role("button", name="Use this order")).to_have_count(0)
    page.get_by_role("button", name="Back to the order of before").press("Enter")
    expect(page.get_by_role("button", name="Use this order")).to_be_visible()
    assert turns() == ["u2", "u1", "u3"]
    assert page.complaints == []


def test_without_a_script_the_list_and_the_order_do_all(browser: Any, live_server: Any, everybody: Cast) -> None:
    page = opened(browser, live_server, everybody, f"/week?monday={MONDAY}", lang="fr", java_script_enabled=False)
    expect(page.get_by_text("La carte a besoin de JavaScript.")).to_be_visible()
    expect(page.locator("#week-map")).to_be_hidden()
    expect(page.get_by_role("button", name="Sur la carte")).to_have_count(0)

    page.get_by_role("button", name="Utiliser cet ordre").click()

    expect(page.get_by_role("button", name="Revenir à l'ordre précédent")).to_be_visible()
    assert turns() in SHORTEST


@pytest.mark.parametrize(("lang", "view", "scheme"), [("en", WIDE, "dark"), ("fr", NARROW, "light")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Any, live_server: Any, everybody: Cast, lang: str, view: dict[str, int], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")

    for path in (f"/week?monday={MONDAY}", "/hours", "/leave", "/calendar-feed"):
        page = opened(browser, live_server, everybody, path, lang=lang, viewport=view, color_scheme=scheme)
        found = axe.Axe().run(page, options={"runOnly": TAGS})
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= view["width"], path
        assert page.evaluate(OVERLAPPED_OR_SMALL) == [], path
        assert page.complaints == [], path
        page.context.close()
