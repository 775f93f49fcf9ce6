"""A person at a browser: presses what is written on the page in her language, and looks at every page she comes to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import expect

from evenload.words import words_in

PASSWORD: Final = "a calm and quick morning"
WIDE: Final = {"viewport": {"width": 1280, "height": 900}}
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "color_scheme": "dark"}
SMALL_PHONE: Final = {**PHONE, "viewport": {"width": 320, "height": 640}}
SECONDS: Final = 30
TOO_WIDE: Final = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""


class Visitor:
    """One person in one browser window of her own. What she presses and reads is asked for by its English words."""

    def __init__(self, browser: Any, address: str, lang: str, **options: Any) -> None:
        self.lang, self.address, self.words = lang, address, words_in(lang)
        self.context = browser.new_context(**{**WIDE, "locale": f"{lang}-CA", "timezone_id": "America/Toronto", **options})
        self.context.set_default_timeout(SECONDS * 1000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def say(self, message: str, **facts: Any) -> str:
        """The sentence in her language."""
        return self.words.say(message, **facts)

    def go(self, path: str = "") -> None:
        """Types an address."""
        self.page.goto(f"{self.address}{path}", wait_until="load")
        self.look()

    def press(self, message: str, *, within: Any = None) -> None:
        """Presses a button by its words."""
        (within or self.page).get_by_role("button", name=self.say(message), exact=True).click()
        self.page.wait_for_load_state("load")

    def follow(self, message: str, *, within: Any = None) -> None:
        """Follows a link by its words."""
        (within or self.page.locator("main")).get_by_role("link", name=self.say(message), exact=True).first.click()
        self.page.wait_for_load_state("load")

    def fill(self, message: str, value: str) -> None:
        """Fills the field that has this label."""
        self.page.get_by_label(self.say(message), exact=True).fill(value)

    def choose(self, message: str, option: str) -> None:
        """Chooses in the field that has this label."""
        self.page.get_by_label(self.say(message), exact=True).select_option(option)

    def reads(self, sentence: str, *, within: Any = None) -> None:
        """The sentence stands on the page, as she reads it."""
        expect(within or self.page.locator("main")).to_contain_text(sentence, timeout=SECONDS * 1000)

    def waits_for(self, message: str) -> None:
        """Waits until a button with these words has come."""
        expect(self.page.get_by_role("button", name=self.say(message), exact=True)).to_be_visible(timeout=2 * SECONDS * 1000)

    def is_at(self, heading: str, name: str = "") -> None:
        """The page with this heading, looked at."""
        expect(self.page.locator("h1")).to_have_text(heading, timeout=SECONDS * 1000)
        self.look(name)

    def look(self, name: str = "") -> None:
        """One heading, her language, nothing cut off at the side; kept as a picture where EVENLOAD_PICTURES names a folder."""
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.locator("html").get_attribute("lang") == self.lang, self.page.url
        assert self.page.evaluate(TOO_WIDE) == [], self.page.url
        if name and (folder := os.environ.get("EVENLOAD_PICTURES")):
            width = self.page.viewport_size["width"]
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}-{self.lang}-{width}.png"), full_page=True)

    def sign_in(self, username: str, password: str = PASSWORD, *, first: bool = False) -> None:
        """Signs in; with a first password she must choose her own."""
        self.go("/sign-in")
        self.fill("Name to sign in with", username)
        self.fill("Password", password)
        self.press("Sign in")
        if first:
            self.is_at(self.say("Change your password"), "change-password")
            self.fill("Your password now", password)
            self.fill("New password", PASSWORD)
            self.fill("New password, once more", PASSWORD)
            self.press("Change password")

    def leave(self) -> None:
        """Closes the window; the browser must have had nothing to complain of."""
        complaints = self.complaints
        self.context.close()
        assert not complaints, "\n".join(complaints)
