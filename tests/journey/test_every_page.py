"""Every address of the table × who may see it × both languages, wide and light, narrow and dark: nothing for axe to find, nothing cut off,
one heading, the right language everywhere, nothing the browser refuses. Filled, empty and refused pages are all looked at.

A page that says the same to two roles is given to axe once for its content; the frame around it is looked at for every role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.conf import settings
from django.urls import reverse

from cast import NOW, Cast, cast
from evenload.records.models import Account, Program
from journey.untranslated import TEXTS, english_in
from journey.visitor import TOO_WIDE
from web.desk_visits import client_of
from web.test_url_table import BUILT, Stage, address, keys_of, stage
from web.url_table import PEOPLE, TABLE, Row

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STRANGER = "stranger"
ROLES = (*(name for name in PEOPLE if name != "manager_of_b"), STRANGER)
NOT_PAGES = {"health", "edition_file", "import_problems", "journal_export", "desk_board", "run_progress", "guide_picture"} | {
    "worksheet_file",
    "scenario_progress",
    "scenario_compare_csv",
    "gap_sheet_file",
    "quarter_file",
    "workload_file",
    "contract_csv",
    "standards_csv",
    "french_service_csv",
    "program_figures_csv",
    "own_weeks_csv",
    "weeks_csv",
    "overview_csv",
    "waiting_list_csv",
    "calendar_file",
    "referral_template",
}
"""answers that are no page of their own: text, a file, a part of a page"""
FRAMED = 3
"""pages on which the frame of a role is looked at, too"""
FIND = """async ([rules, where]) => {
  const found = await axe.run((where && document.querySelector(where)) || document, {runOnly: rules})
  return found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3)])
}"""
STRUCTURE = """() => [document.querySelectorAll('h1').length, document.documentElement.lang,
  document.title.trim().length > 12, document.querySelectorAll('main').length]"""
SENT_EMPTY = """([path, token]) => {
  const form = document.createElement('form'), field = document.createElement('input')
  Object.assign(form, {method: 'post', action: path}); Object.assign(field, {type: 'hidden', name: 'csrfmiddlewaretoken', value: token})
  form.append(field); document.body.append(form); form.submit()
}"""


@pytest.fixture
def everybody() -> Cast:
    return cast()


@cache
def axe_script() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@dataclass(slots=True)
class Look:
    """One person's look at pages, in one window; what is wrong is gathered by page."""

    page: Any
    lang: str
    seen: set[str]
    framed: int = 0
    complaints: list[str] = field(default_factory=list)
    wrong: dict[str, Any] = field(default_factory=dict)

    def at(self, name: str, *, refused: bool = False) -> None:
        """Looks at the page that is open."""
        page, found = self.page, []
        content = without_tokens(page.locator("main").inner_html()) if page.locator("main").count() else ""
        is_new = content not in self.seen
        self.seen.add(content)
        if not is_new and self.framed >= FRAMED:
            self.complaints.clear()
            return
        where = "main" if self.framed >= FRAMED else ""
        self.framed += 1
        if (structure := page.evaluate(STRUCTURE)) != [1, self.lang, True, 1]:
            found.append(structure)
        if self.lang == "fr" and (english := english_in(page.evaluate(TEXTS))):
            found.append(("English", english))
        for view, scheme in ((WIDE, "light"), (NARROW, "dark")):
            page.set_viewport_size(view)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if too_wide := page.evaluate(TOO_WIDE):
                found.append(("too wide", view["width"], too_wide))
            found += page.evaluate(FIND, [RULES, where])
        complaints = [line for line in self.complaints if not (refused and "status of 4" in line)]
        self.complaints.clear()
        if found or complaints:
            self.wrong[name] = [*found, *complaints]


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def window(browser: Any, live_server: Any, account: Account | None, lang: str) -> Any:
    context = browser.new_context(viewport=WIDE, locale=f"{lang}-CA")
    cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": lang, "url": live_server.url}]
    if account is not None:
        session = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
        cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url})
    context.add_cookies(cookies)
    context.add_init_script(axe_script())
    return context.new_page()


def may_see(row: Row, person: str, ok: int | None) -> bool:
    if person == STRANGER:
        return row.is_public and ok is not None
    return ok in (200, 422) and row.answers[0].split()[PEOPLE.index(person)] == "ok"


def pages_of(person: str, own: Stage, empty: Program, everybody: Cast) -> Iterator[tuple[str, str, bool]]:
    """Name, path and whether an empty form is sent there: what this person can see of her own program, full and empty."""
    for name, row in TABLE.items():
        if name in NOT_PAGES:
            continue
        path = address(name, own, everybody)
        if may_see(row, person, row.get):
            yield name, path, False
        if may_see(row, person, row.post) and row.post == 422:
            yield f"{name}, refused", path, True
        in_program = len(row.answers) == 2 and "<slug:code>" in str(BUILT[name].pattern)
        if in_program and person == "director" and row.get == 200 and set(keys_of(name, row, own, everybody)) == {"code"}:
            yield f"{name}, empty", reverse(name, args=[empty.code]), False


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_there_is_nothing_to_find_on_any_page(browser: Any, live_server: Any, everybody: Cast, lang: str) -> None:
    own, empty = (
        stage(everybody, everybody.program_a),
        Program.objects.create(
            code="empty",
            name_en="Nothing yet",
            name_fr="Rien encore",
            setting="school",
            period_start=NOW.date(),
            period_weeks=20,
            as_of=NOW.date(),
        ),
    )
    Account.objects.update(language=lang)
    seen: set[str] = set()
    wrong: dict[str, Any] = {}
    for person in ROLES:
        page = window(browser, live_server, everybody.accounts().get(person), lang)
        look = Look(page, lang, seen)
        page.on("console", lambda line, look=look: look.complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error, look=look: look.complaints.append(str(error)))
        for name, path, is_sent in pages_of(person, own, empty, everybody):
            if is_sent:
                page.goto(f"{live_server.url}{reverse('help' if person != STRANGER else 'sign_in')}")
                token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
                with page.expect_navigation():
                    page.evaluate(SENT_EMPTY, [path, token])
            else:
                page.goto(f"{live_server.url}{path}", wait_until="load")
            look.at(f"{person}: {name}", refused=is_sent or person == STRANGER)
        page.goto(f"{live_server.url}/nowhere")
        look.at(f"{person}: not found", refused=True)
        page.context.close()
        wrong |= look.wrong

    assert wrong == {}, "\n".join(f"{name}: {what}" for name, what in wrong.items())
