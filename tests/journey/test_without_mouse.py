"""The core of the journey with nothing but a keyboard: the focus is seen at every stop, never lost, and comes back after a dialog."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from chromium import launched
from journey.own_list import file_of
from journey.served import Served, served
from journey.visitor import PASSWORD, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MOST_STOPS: Final = 150
HAS_FOCUS: Final = "one => one === document.activeElement"
FOCUS: Final = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect()
  if (one === document.body) return 'on nothing'
  if (parseFloat(style.outlineWidth) < 2 || style.outlineStyle === 'none') return 'without a frame: ' + one.outerHTML.slice(0, 120)
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1)
  const there = document.elementFromPoint(x, y)
  return one.contains(there) || (there && there.contains(one)) || one.labels && [...one.labels].some(label => label.contains(there)) ? 'seen'
    : 'covered: ' + one.outerHTML.slice(0, 120)
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
    assert not running.complaints, "\n".join(running.complaints[-40:])


class Typist(Visitor):
    """A visitor who never touches a mouse."""

    def key(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, target: Any) -> None:
        """Tab after Tab until the target has the focus. Beyond the last stop a page begins again, once."""
        around = 0
        for _ in range(MOST_STOPS):
            if target.first.evaluate(HAS_FOCUS):
                return
            self.key("Tab")
            state = self.page.evaluate(FOCUS)
            around += state == "on nothing"
            assert state == "seen" or (state == "on nothing" and around < 2), f"{self.page.url}: {state}"
        raise AssertionError(f"{self.page.url}: no way by Tab to {target}")

    def type_into(self, label: str, text: str) -> None:
        self.to(self.page.get_by_label(self.say(label), exact=True))
        self.page.keyboard.type(text)

    def press_button(self, message: str, *, within: Any = None) -> None:
        self.to((within or self.page).get_by_role("button", name=self.say(message), exact=True))
        self.key("Enter")
        self.page.wait_for_load_state("load")

    def follow_link(self, message: str, *, within: Any = None) -> None:
        self.to((within or self.page).get_by_role("link", name=self.say(message), exact=True))
        self.key("Enter")
        self.page.wait_for_load_state("load")

    def arrow_to(self, target: Any, key: str = "ArrowRight") -> None:
        """With an arrow key until the target has the focus."""
        for _ in range(MOST_STOPS):
            if target.evaluate(HAS_FOCUS):
                assert self.page.evaluate(FOCUS) == "seen"
                return
            self.key(key)
        raise AssertionError(f"{self.page.url}: no way by {key} to {target}")


def test_from_nothing_to_a_published_list_by_keyboard(server: Served) -> None:
    with launched() as browser:
        typist = Typist(browser, server.address, "en")
        begin_and_import(typist)
        plan(typist)
        move_pin_and_undo(typist)
        choose_a_candidate(typist)
        publish_and_find(typist)
        typist.leave()


def begin_and_import(typist: Typist) -> None:
    typist.go()
    typist.type_into("Name of the organisation", "Two Rivers Therapy")
    typist.type_into("Your name", "Dora Lee")
    typist.type_into("Name to sign in with", "dora")
    typist.type_into("Password", PASSWORD)
    typist.type_into("Password, once more", PASSWORD)
    typist.key("Enter")
    typist.is_at("Welcome to Evenload")
    typist.follow_link("Choose a file")
    name, media_type, content = file_of("en")
    typist.to(typist.page.locator("#id_file"))
    # The window in which a file is chosen is the system's own; here its answer is given.
    typist.page.locator("#id_file").set_input_files({"name": name, "mimeType": media_type, "buffer": content})
    typist.to(typist.page.get_by_label("For which program?"))
    typist.page.keyboard.type("A new")
    typist.press_button("Look at the file")
    typist.is_at("What do the columns mean?")
    typist.type_into("Name of the new program", "School rehabilitation")
    typist.press_button("Show the preview")
    typist.is_at("Preview")
    typist.press_button("Import all of it")
    typist.is_at("Imported")


def plan(typist: Typist) -> None:
    typist.press_button("Make the plan")
    typist.waits_for("Take it up into the draft")
    typist.press_button("Take it up into the draft")
    typist.is_at("Desk")


def move_pin_and_undo(typist: Typist) -> None:
    page, dialog, spoken = typist.page, typist.page.locator("dialog#preview"), typist.page.locator("#spoken")
    card = page.locator('.unit-card:has(a:text-is("École Lafond, OT"))')
    luc = page.locator('article.person:has(h3:has-text("Luc Bédard"))')
    typist.to(page.locator('.unit-card[tabindex="0"], .person-head[tabindex="0"]'))
    typist.arrow_to(card)

    typist.key("m")
    expect(page.locator("#preview-title")).to_be_focused()
    typist.key("Escape")
    expect(dialog).to_be_hidden()
    expect(card).to_be_focused()

    typist.key("m")
    expect(page.locator("#preview-title")).to_be_focused()
    typist.to(page.locator("#id_to"))
    page.keyboard.type("Luc")
    typist.press_button("Look at it", within=dialog)
    expect(dialog.get_by_role("row", name="Luc Bédard")).to_be_visible()
    expect(page.locator("#preview-title")).to_be_focused()
    typist.press_button("Move", within=dialog)
    expect(spoken).to_contain_text("École Lafond, OT moved to Luc Bédard.")
    expect(luc.locator(".unit-card").filter(has_text="École Lafond, OT")).to_have_count(1)
    expect(card).to_be_focused()
    assert page.evaluate(FOCUS) == "seen"

    typist.key("p")
    expect(card).to_contain_text("Pinned")
    expect(card).to_be_focused()
    typist.key("u")
    expect(card).not_to_contain_text("Pinned")
    expect(card).to_be_focused()


def choose_a_candidate(typist: Typist) -> None:
    page = typist.page
    typist.arrow_to(page.locator('.unit-card:has(a:text-is("Beacon Hill School, OT"))'), "ArrowLeft")
    typist.key("Enter")
    typist.is_at("Beacon Hill School, OT")
    typist.to(page.locator('input[type=radio][name="to"]:checked'))
    typist.key("c")
    expect(page.locator('.candidate:has(input[name="to"]:checked) input[name="with"]')).to_be_checked()
    typist.arrow_to(page.get_by_role("radio", name="Fatou Diallo"), "ArrowDown")
    expect(page.get_by_role("radio", name="Fatou Diallo")).to_be_checked()
    typist.press_button("Assign in draft")
    typist.is_at("Desk")
    fatou = page.locator('article.person:has(h3:has-text("Fatou Diallo"))')
    expect(fatou.locator(".unit-card").filter(has_text="Beacon Hill School, OT")).to_have_count(1)


def publish_and_find(typist: Typist) -> None:
    page = typist.page
    typist.follow_link("Check and publish")
    typist.is_at("Check and publish")
    typist.press_button("Publish")
    typist.is_at("Assignment list")
    expect(page.locator(".edition-bar")).to_contain_text("Current")
    typist.key("/")
    page.keyboard.type("erables")
    typist.key("Enter")
    typist.is_at("Assignment list")
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(2)
    typist.to(page.locator("main table").locator("xpath=.."))
    typist.key("j")
    expect(rows.nth(0)).to_be_focused()
    typist.key("j")
    expect(rows.nth(1)).to_be_focused()
    assert page.evaluate(FOCUS) == "seen"
    typist.key("k")
    expect(rows.nth(0)).to_be_focused()
    typist.key("?")
    typist.is_at("Help")
