"""The pictures of the guide, made anew from the demonstration organisation: `PYTHONPATH=tests python -m journey.pictures`.

`--demonstration FOLDER` takes a demonstration that is there (`evenload demo --folder FOLDER --no-serve`) instead of making one.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import django

import conftest  # noqa: F401  (names the settings)
from chromium import launched
from demonstration import Demonstration, ready_demonstration
from journey.own_list import file_of
from journey.served import served
from journey.test_journey import PROGRAM, begin
from journey.visitor import Visitor

GUIDE: Final = Path(__file__).resolve().parents[2] / "docs" / "guide"
DESK: Final = {"viewport": {"width": 1120, "height": 720}}
PHONE: Final = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
PLANNING: Final = {"width": 1120, "height": 640}
CHART_MILLISECONDS: Final = 900
"""until a chart is drawn"""
SCENARIOS: Final = {
    "en": {"Two weeks of training": "away:*:10", "A meeting more a week": "other:*:1.5"},
    "fr": {"Deux semaines de formation": "away:*:10", "Une réunion de plus par semaine": "other:*:1.5"},
}
MOST_TRIED: Final = 6
MANAGER: Final = {"en": ("manager", "home-care"), "fr": ("gestionnaire", "schools")}
READ: Final = "home-care"
"""the program of the practitioner who signs in"""


class Photographer(Visitor):
    """A visitor who keeps what she sees, as a person with this window sees it."""

    def keep(self, name: str) -> None:
        """The window as a picture of the guide."""
        folder = GUIDE / self.lang / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.activeElement.blur()")
        self.page.screenshot(path=str(folder / f"{name}.png"), animations="disabled")

    def open(self, address: str) -> None:
        """A page in her language, whatever that of the account is."""
        self.page.goto(f"{self.address}{address}", wait_until="load")
        if self.page.locator("html").get_attribute("lang") != self.lang:
            self.page.locator("form.language-switch button").first.click()
            self.page.wait_for_selector(f"html[lang={self.lang}]")


def first_steps(browser: Any, lang: str) -> None:
    """From nothing to the first plan, with the journey's own list."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        person = Photographer(browser, server.address, lang, **DESK)
        begin(person)
        person.keep("first-run")
        person.follow("Choose a file")
        name, media_type, content = file_of(lang)
        person.page.locator("#id_file").set_input_files({"name": name, "mimeType": media_type, "buffer": content})
        person.choose("For which program?", "-")
        person.press("Look at the file")
        person.keep("columns")
        person.fill("Name of the new program", PROGRAM[lang])
        person.press("Show the preview")
        person.keep("preview")
        person.press("Import all of it")
        person.press("Make the plan")
        person.waits_for("Take it up into the draft")
        person.keep("plan")
        person.context.close()


def signed_in(browser: Any, address: str, lang: str, *, username: str, password: str, **options: Any) -> Photographer:
    person = Photographer(browser, address, lang, **{**DESK, **options})
    person.open("/sign-in")
    person.page.locator("#id_username").fill(username)
    person.page.locator("#id_password").fill(password)
    person.page.locator("main button[type=submit]").click()
    person.page.wait_for_load_state("load")
    return person


def movable(page: Any) -> str:
    """Opens the choice of the first card that somebody else could take, and gives the address of its candidates."""
    rows = page.locator("article.person")
    for row in (rows.nth(place) for place in range(rows.count())):
        if (closed := row.locator("details.later-cards > summary")).count():
            closed.click()
            row.locator(".unit-card").first.wait_for()
            page.wait_for_load_state("networkidle")
        cards = row.locator(".unit-card")
        for card in (cards.nth(place) for place in range(min(MOST_TRIED, cards.count()))):
            card.locator(".move-link").click()
            page.locator("#id_to").wait_for()
            if page.locator("#id_to").input_value() and page.locator("#id_to optgroup").count() > 1:
                return str(card.locator(".unit-card-title a").get_attribute("href"))
            page.keyboard.press("Escape")
            page.locator("dialog#preview").wait_for(state="hidden")
    raise RuntimeError("nobody could take any of these units")


def manager_pages(person: Photographer, program: str) -> None:
    """The desk and what hangs on it."""
    page = person.page
    person.open(f"/programs/{program}/desk")
    if (start := page.get_by_role("button", name=person.say("Begin a draft"))).count():
        start.first.click()
        page.wait_for_load_state("load")
    person.keep("desk")
    candidates = movable(page)
    page.locator("dialog#preview button[type=submit]").first.click()
    page.locator("dialog#preview table").wait_for()
    person.keep("move")
    page.keyboard.press("Escape")
    person.open(str(candidates))
    page.set_viewport_size({**DESK["viewport"], "height": 640})  # a picture of modest size
    person.keep("candidates")
    page.set_viewport_size(DESK["viewport"])
    person.open(f"/programs/{program}/team")
    person.open(str(page.locator("main tbody th a").nth(8).get_attribute("href")) + "/hand-over")
    page.locator("#id_kind").check()
    page.locator("#id_starts_on").fill("2026-12-07")
    page.locator("main form.panel button[type=submit]").click()
    page.wait_for_load_state("load")
    page.evaluate("document.getElementById('lines-heading')?.scrollIntoView({block: 'start'})")
    person.keep("hand-over")
    person.open(f"/programs/{program}/draft/check")
    person.keep("check")
    person.open(f"/programs/{program}/list")
    person.keep("list")


def planning_pages(person: Photographer, program: str) -> None:
    """The worksheet and what hangs on it; two scenarios are made of tries."""
    page, plan = person.page, f"/programs/{program}"
    page.set_viewport_size(PLANNING)
    person.open(f"{plan}/worksheet?step=3")
    person.keep("worksheet")
    person.open(f"{plan}/standards")
    person.keep("standards")
    for name, tried in SCENARIOS[person.lang].items():
        person.open(f"{plan}/worksheet?step=1&try={tried}")
        person.fill("Name of the scenario", name)
        person.press("Save as scenario")
    person.open(f"{plan}/scenarios")
    page.locator(".scenario-list").evaluate("one => one.scrollIntoView()")
    person.keep("scenarios")
    person.press("Compare what is ticked")
    person.keep("compare")
    page.set_viewport_size({**PLANNING, "height": 960})
    person.open(f"{plan}/runs")
    person.fill("Protect against so many of each person's units needing more time than planned at once", "2")
    person.keep("protect")
    page.set_viewport_size(PLANNING)
    person.open(f"{plan}/weeks")
    page.locator(".week-legend").evaluate("one => one.scrollIntoView()")
    person.keep("weeks")
    for address, height in (("figures", 800), ("reports", PLANNING["height"])):
        page.set_viewport_size({**PLANNING, "height": height})
        person.open(f"{plan}/{address}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(CHART_MILLISECONDS)
        person.keep(address)
    page.set_viewport_size(DESK["viewport"])


def reader_pages(person: Photographer, program: str) -> None:
    """The list on a phone, and the answer to a code."""
    person.open(f"/programs/{program}/list")
    person.keep("phone")
    code = person.page.locator(".edition-bar .edition-code").inner_text()
    person.open(f"/e/{code}")
    person.keep("code")


def own_pages(person: Photographer) -> None:
    """A practitioner's own pages on a phone."""
    for address, name in (("today", "today"), ("clients", "clients"), ("week", "week"), ("hours", "hours"), ("offers", "offer")):
        person.open(f"/{address}")
        person.page.evaluate("document.querySelector('main article, main .week-days, main table, main .visit-next')?.scrollIntoView()")
        person.page.evaluate("window.scrollBy(0, -120)")
        person.keep(name)


def director_pages(person: Photographer) -> None:
    """Who may do what; and what comes into a program: referrals, offers, who waits, contracts, a load that is too high."""
    person.open("/access")
    person.keep("access")
    program = f"/programs/{READ}"
    for address, name in (
        ("referrals", "triage"),
        ("referrals/new", "referral"),
        ("offers", "offers"),
        ("waiting-list", "waiting"),
    ):
        person.open(f"{program}/{address}")
        person.keep(name)
    for address, link, name in (("contracts", "main h2 a, main h3 a, main a.contract-name", "contract"), ("talks", "main tbody a", "talk")):
        person.open(f"{program}/{address}")
        person.open(str(person.page.locator(link).first.get_attribute("href")))
        person.keep(name)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demonstration", type=Path)
    parser.add_argument("--only", choices=("first-steps", "demonstration"))
    stated = parser.parse_args(arguments)
    django.setup()
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        if stated.only != "demonstration":
            for lang in ("en", "fr"):
                first_steps(browser, lang)
        if stated.only == "first-steps":
            return
        made = Demonstration(stated.demonstration) if stated.demonstration else ready_demonstration(Path(folder) / "kept")
        mine = made.copied(Path(folder) / "mine")
        with mine.served() as address:
            of_demonstration(browser, address.rstrip("/"), mine.password)


def of_demonstration(browser: Any, address: str, password: str) -> None:
    """Every picture of the demonstration organisation, in both languages."""
    for lang in ("en", "fr"):
        username, program = MANAGER[lang]
        visits: list[tuple[str, dict[str, Any], Callable[[Photographer], None]]] = [
            (username, DESK, lambda person, program=program: manager_pages(person, program)),
            (username, DESK, lambda person, program=program: planning_pages(person, program)),
            ("practitioner", PHONE, lambda person: reader_pages(person, READ)),
            ("practitioner", PHONE, own_pages),
            ("director", DESK, director_pages),
        ]
        for who, options, look in visits:
            person = signed_in(browser, address, lang, username=who, password=password, **options)
            look(person)
            person.context.close()


if __name__ == "__main__":
    main()
