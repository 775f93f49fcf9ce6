"""The desk and the pages around it in a real browser: by keyboard, by dragging, without a script, and nothing for axe to find."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from cast import NOW, Cast, cast, person
from evenload.records.models import Account, Draft
from evenload.workflow import drafts
from web.desk_visits import client_of, holder

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def everybody() -> Cast:
    return cast()


@pytest.fixture
def draft(everybody: Cast) -> Draft:
    return drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)


def opened(browser: Any, address: str, account: Account, **options: Any) -> Any:
    """A page of somebody signed in; what the browser refuses or misses fails the test at its end."""
    context = browser.new_context(**{"viewport": WIDE, **options})
    cookie = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address, wait_until="load")
    return page


def address(live_server: Any, name: str, draft: Draft, *more: str) -> str:
    return f"{live_server.url}{reverse(name, args=[draft.program.code, *more])}"


@pytest.mark.parametrize("lang, view, scheme", [("en", WIDE, "light"), ("fr", NARROW, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Any, live_server: Any, everybody: Cast, draft: Draft, lang: str, view: Any, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    marie = everybody.manager_of_a
    Account.objects.filter(pk=marie.pk).update(language=lang)
    pages = [
        ("desk",),
        ("candidates", "u8"),
        ("compare", "u8"),
        ("recruiting",),
        ("map",),
        ("sites",),
        ("team",),
        ("practitioner", "Ana"),
        ("hand_over", "Ana"),
        ("runs",),
    ]
    found: dict[str, Any] = {}
    for name, *more in pages:
        page = opened(browser, address(live_server, name, draft, *more), marie, viewport=view, color_scheme=scheme)
        violations = axe.Axe().run(page, options={"runOnly": RULES}).response["violations"]
        wrong = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in violations]
        if wrong or page.complaints or page.evaluate("document.documentElement.scrollWidth") > view["width"]:
            found[name] = (wrong, page.complaints, page.evaluate("document.documentElement.scrollWidth"))
        page.context.close()

    assert found == {}


def test_a_unit_is_moved_pinned_and_taken_back_by_keyboard(browser: Any, live_server: Any, everybody: Cast, draft: Draft) -> None:
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)
    card, spoken = page.locator('[data-piece="u8"]'), page.locator("#spoken")
    card.focus()
    page.keyboard.press("m")
    page.locator("#id_to").select_option("Ana")
    page.get_by_role("button", name="Look at it").press("Enter")
    expect(page.locator("dialog#preview table")).to_be_visible()
    expect(page.locator("#preview-title")).to_be_focused()
    page.get_by_role("button", name="Move", exact=True).press("Enter")

    expect(spoken).to_contain_text("u8, OT moved to Ana. Ana: 90%, in range.")
    assert holder(draft, "u8") == "Ana"
    expect(page.locator("#draft-line")).to_contain_text("1 change since the imported list")
    expect(card).to_be_focused()
    page.keyboard.press("p")
    expect(spoken).to_contain_text("is pinned")
    expect(card).to_be_focused()
    page.keyboard.press("u")
    expect(spoken).to_contain_text("The last change is undone.")
    assert page.complaints == []


def test_j_and_k_and_the_arrows_walk_the_board_and_enter_opens_the_facts(
    browser: Any, live_server: Any, everybody: Cast, draft: Draft
) -> None:
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)
    page.locator('[data-person="Ana"] .person-head').focus()

    page.keyboard.press("j")
    expect(page.locator('[data-person="Béa"] .person-head')).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator('[data-person="Ana"] .person-head')).to_be_focused()
    page.keyboard.press("ArrowRight")
    first = page.locator('[data-person="Ana"] .unit-card').first
    expect(first).to_be_focused()
    title = first.locator(".unit-card-title").inner_text()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_escape_closes_the_preview_and_nothing_moved(browser: Any, live_server: Any, everybody: Cast, draft: Draft) -> None:
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)
    page.locator('[data-piece="u8"]').focus()
    page.keyboard.press("m")
    expect(page.locator("dialog#preview")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("dialog#preview")).to_be_hidden()
    expect(page.locator('[data-piece="u8"]')).to_be_focused()
    assert holder(draft, "u8") == "Cal"


def test_letter_keys_can_be_switched_off(browser: Any, live_server: Any, everybody: Cast, draft: Draft) -> None:
    Account.objects.filter(pk=everybody.manager_of_a.pk).update(letter_keys=False)
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)
    page.locator('[data-piece="u8"]').focus()

    page.keyboard.press("p")
    page.keyboard.press("m")
    page.wait_for_timeout(300)

    expect(page.locator("dialog#preview")).to_be_hidden()
    assert not draft.placements.get(piece="u8").is_pinned


def test_a_card_of_a_row_that_was_opened_later_is_moved_in_the_dialog(
    browser: Any, live_server: Any, everybody: Cast, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenload.web.pages.desk.opened_codes", lambda board, opened: set())
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)

    page.locator('[data-person="Cal"] summary').first.click()
    page.locator('[data-piece="u8"] .move-link').click()
    page.locator("dialog#preview #id_to").select_option("Ana")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Move", exact=True).click()

    expect(page.locator("#spoken")).to_contain_text("u8, OT moved to Ana.")
    assert holder(draft, "u8") == "Ana"
    assert page.complaints == []


def test_dragging_a_card_opens_the_preview(browser: Any, live_server: Any, everybody: Cast, draft: Draft) -> None:
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)

    page.locator('[data-piece="u8"]').drag_to(page.locator('[data-person="Ana"] ul.cards'))

    expect(page.locator("dialog#preview")).to_contain_text("To Ana")
    assert holder(draft, "u8") == "Cal"


def looked_at(page: Any, piece: str, to: str) -> None:
    """The preview of a move, before it is made."""
    page.locator(f'[data-piece="{piece}"] .move-link').click()
    page.locator("#id_to").select_option(to)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("button", name="Move", exact=True)).to_be_visible()


@pytest.mark.parametrize("choice, kept", [("Use mine", "Ana"), ("Keep the version of Dora Director", None)])
def test_two_managers_at_once_see_both_versions_and_a_person_chooses(
    browser: Any, live_server: Any, everybody: Cast, draft: Draft, choice: str, kept: str | None
) -> None:
    marie = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a)
    dora = opened(browser, address(live_server, "desk", draft), everybody.director)
    looked_at(marie, "u8", "Ana")
    looked_at(dora, "u8", "")
    dora.get_by_role("button", name="Move", exact=True).click()
    expect(dora.locator("#spoken")).to_contain_text("u8, OT waits now.")

    marie.get_by_role("button", name="Move", exact=True).click()

    both = marie.locator("dialog#preview")
    expect(both).to_contain_text("Two versions of u8, OT")
    expect(both.locator(".version").first).to_contain_text("Waiting")
    expect(both.locator(".version").last).to_contain_text("With Ana")
    assert holder(draft, "u8") is None
    both.get_by_text(choice).click()
    expect(marie.locator("dialog#preview")).to_be_hidden()
    expect(marie.locator(f'[data-to="{kept or ""}"] [data-piece="u8"]')).to_be_visible()
    assert holder(draft, "u8") == kept


def test_everything_works_without_a_script(browser: Any, live_server: Any, everybody: Cast, draft: Draft) -> None:
    page = opened(browser, address(live_server, "desk", draft), everybody.manager_of_a, java_script_enabled=False)

    page.locator('[data-piece="u8"] .move-link').click()
    page.locator("#id_to").select_option("Ana")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Move", exact=True).click()

    expect(page.locator(".note")).to_contain_text("u8, OT moved to Ana.")
    assert holder(draft, "u8") == "Ana"
    page.get_by_role("button", name="Undo").click()
    assert holder(draft, "u8") == "Cal"
