"""The parts of the pages in a real browser: nothing for axe to find, nothing cut off, everything by keyboard and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from cast import cast

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
OVERLAPPED_OR_SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, summary')]
  .filter(one => one.checkVisibility() && !one.closest('p, li, td, dd, .visually-hidden, .form-check') && !one.classList.contains('skip-link'))
  .filter(one => { const box = one.getBoundingClientRect(); return box.height < 24 || box.width < 24 })
  .map(one => one.outerHTML.slice(0, 80))"""
FOCUS_IS_SEEN = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect()
  if (one === document.body) return true
  const middle = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1))
  return parseFloat(style.outlineWidth) >= 3 && style.outlineStyle !== 'none' && (one.contains(middle) || middle?.contains(one))
}"""


@pytest.fixture
def guide(live_server: Any, settings: Any) -> str:
    settings.DEBUG = True
    return f"{live_server.url}/styleguide"


def opened(browser: Any, address: str, lang: str = "en", **options: Any) -> Any:
    """A page that fails the test where the browser refuses or misses anything; style of its own is what CSP refuses."""
    page = browser.new_context(**{"viewport": WIDE, **options}).new_page()
    page.context.add_cookies([{"name": "django_language", "value": lang, "url": address}])
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address, wait_until="load")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang, view", [("en", WIDE), ("fr", NARROW)])
def test_axe_finds_nothing(browser: Any, guide: str, lang: str, view: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(browser, f"{guide}?role=practitioner", lang, viewport=view, color_scheme=scheme)

    found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})

    assert found.response["violations"] == []
    assert page.complaints == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_is_cut_off_at_320_pixels(browser: Any, guide: str, lang: str) -> None:
    page = opened(browser, guide, lang, viewport=NARROW)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("has_touch, least", [(False, 24), (True, 44)])
def test_targets_are_large_enough(browser: Any, guide: str, has_touch: bool, least: int) -> None:
    options = {"has_touch": True, "is_mobile": True, "viewport": NARROW} if has_touch else {}
    page = opened(browser, f"{guide}?compact=yes", **options)

    assert page.evaluate(OVERLAPPED_OR_SMALL) == []
    assert page.evaluate("Math.min(...[...document.querySelectorAll('main .btn')].map(one => one.getBoundingClientRect().height))") >= least


def test_the_focus_is_seen_at_every_stop(browser: Any, guide: str) -> None:
    page = opened(browser, guide)
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS_IS_SEEN))

    assert stops == [True] * 30


def test_a_menu_closes_with_escape_and_gives_the_focus_back(browser: Any, guide: str) -> None:
    page = opened(browser, guide)
    summary = page.locator(".guide-menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(".guide-menu").get_attribute("open") is not None

    page.keyboard.press("Escape")

    assert page.locator(".guide-menu").get_attribute("open") is None
    assert summary.evaluate("one => one === document.activeElement")


def test_a_menu_opens_without_a_script(browser: Any, guide: str) -> None:
    page = opened(browser, guide, java_script_enabled=False)

    page.locator(".guide-menu > summary").click()

    assert page.locator(".guide-menu .menu-list").is_visible()


def test_the_summary_of_errors_takes_the_focus(browser: Any, guide: str) -> None:
    page = opened(browser, guide)

    assert page.evaluate("document.activeElement.hasAttribute('data-focus')")


def test_switching_the_language_keeps_what_was_typed(browser: Any, guide: str) -> None:
    page = opened(browser, guide)
    page.locator("#id_town").fill("Sainte-Anne-de-Prescott")
    page.locator("#id_three").check()

    page.get_by_role("button", name="Français").click()
    page.wait_for_selector("html[lang=fr]")

    assert page.locator("#id_town").input_value() == "Sainte-Anne-de-Prescott"
    assert page.locator("#id_three").is_checked()
    assert page.evaluate("sessionStorage.getItem('evenload-typed')") is None


def test_the_status_region_speaks_what_an_answer_says(browser: Any, guide: str) -> None:
    page = opened(browser, guide)

    page.evaluate("document.body.dispatchEvent(new CustomEvent('spoken', {bubbles: true, detail: {value: 'Moved.'}}))")

    expect(page.locator("#spoken")).to_have_text("Moved.")
    assert page.locator("[role=status]").count() == 1


def test_a_fragment_that_does_not_come_is_said_in_words(browser: Any, guide: str) -> None:
    page = opened(browser, guide)

    page.locator("#fragment").click()
    expect(page.locator("#spoken")).to_have_text(re.compile("^Not done"))
    page.context.set_offline(True)
    page.locator("#fragment").click()
    expect(page.locator("#spoken")).to_have_text("Not saved: no connection. Your entry is still here.")

    assert page.locator("#fragment-here").inner_text() == ""


def test_htmx_runs_without_evaluating_text_and_keeps_no_page(browser: Any, guide: str) -> None:
    page = opened(browser, guide)

    config = page.evaluate("htmx.config")

    assert [config[name] for name in ("allowEval", "allowScriptTags", "includeIndicatorStyles", "historyCacheSize")] == [
        False,
        False,
        False,
        0,
    ]
    assert config["selfRequestsOnly"] is True
    assert page.locator("style").count() == 0


def test_letter_keys_search_and_help_but_never_while_somebody_types(browser: Any, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/sign-in")
    client = Client()
    client.force_login(cast().manager_of_a)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page.goto(f"{live_server.url}/account")

    page.keyboard.press("/")
    page.keyboard.type("a/b?")
    typed = page.locator("#search").input_value()
    page.locator("h1").click()
    page.keyboard.press("?")
    page.wait_for_url("**/help")
    page.get_by_role("link", name="My account").last.click()
    page.get_by_label("Letter keys").uncheck()
    page.get_by_role("region", name="How pages look and answer keys").get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Letter keys")).not_to_be_checked()
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.press("?")

    assert typed == "a/b?"
    expect(page.locator("#search")).not_to_be_focused()
    assert page.url.endswith("/account")


def test_nothing_moves_for_those_who_asked_for_rest(browser: Any, guide: str) -> None:
    page = opened(browser, guide, reduced_motion="reduce")

    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).transitionDuration").replace("0s", "").strip(", ") == ""


def test_forced_colours_keep_borders_icons_and_words(browser: Any, guide: str) -> None:
    page = opened(browser, guide, forced_colors="active")

    assert page.locator(".load-word").all_inner_texts() == [
        "○ Has room",
        "✓ In range",
        "△ Above range",
        "▲ Over",
        "? Hours not set",
        "– Away",
    ]
    assert page.evaluate("getComputedStyle(document.querySelector('.note')).borderTopStyle") == "solid"


def test_paper_is_black_on_white_also_from_a_dark_screen(browser: Any, guide: str) -> None:
    page = opened(browser, f"{guide}?theme=dark", color_scheme="dark")
    page.emulate_media(media="print")

    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.querySelector('.panel')).backgroundColor]")

    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert not page.locator(".site-header").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
