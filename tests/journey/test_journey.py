"""The whole way in a real browser, on a real server with its worker: from nothing to a list that somebody else reads on a phone.

A director begins the installation and imports the program's own list; a manager takes up the plan, changes it on the board and
publishes; a practitioner reads the list in French on her phone, finds a row without accents, and sees what changed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journey.own_list import file_of
from journey.served import Served, served
from journey.visitor import PASSWORD, PHONE, SMALL_PHONE, Visitor
from postgresql_cluster import ON_POSTGRESQL

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.both]

PROGRAM = {"en": "School rehabilitation", "fr": "Réadaptation scolaire"}
LAFOND, BEACON = {"en": "École Lafond, OT", "fr": "École Lafond, Ergo"}, {"en": "Beacon Hill School, OT", "fr": "Beacon Hill School, Ergo"}
FILES = {f"{lang}.{form}" for lang in ("en", "fr") for form in ("xlsx", "pdf", "html", "csv")}
TWO_MINUTES = 120


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, on_postgresql=ON_POSTGRESQL) as running:
        yield running
    assert not running.complaints, "\n".join(running.complaints[-40:])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_from_nothing_to_a_list_that_somebody_reads_on_a_phone(browser: Any, server: Served, lang: str) -> None:
    director = Visitor(browser, server.address, lang)
    began = time.monotonic()
    begin(director)
    import_own_list(director)
    plan_and_take_up(director)
    assert time.monotonic() - began < TWO_MINUTES
    manager_password = give_account(director, "marie", "Marie Roy", "Program manager", lang)
    reader_password = give_account(director, "josee", "Josée Martin", "Practitioner", "fr")
    director.leave()

    manager = Visitor(browser, server.address, lang)
    manager.sign_in("marie", manager_password, first=True)
    adjust_on_the_board(manager)
    choose_a_candidate(manager)
    code = publish(manager, server, number=1)

    reader = Visitor(browser, server.address, "fr", **PHONE)
    reader.sign_in("josee", reader_password, first=True)
    read_on_a_phone(reader, code)
    move_by_form(manager, BEACON[lang], "Ana Cruz")
    publish(manager, server, number=2)
    manager.leave()
    see_what_changed(reader)
    reader.leave()
    check_the_print(browser, server, code)


def begin(director: Visitor) -> None:
    """First run: the account."""
    director.go()
    director.is_at(director.say("Welcome to Evenload"), "begin")
    director.fill("Name of the organisation", "Two Rivers Therapy")
    director.fill("Your name", "Dora Lee")
    director.fill("Name to sign in with", "dora")
    director.fill("Password", PASSWORD)
    director.fill("Password, once more", PASSWORD)
    director.press("Begin")
    director.reads(director.say("Three ways to a first plan. Each takes about two minutes, and none of them is final."))
    director.look("first-run")


def import_own_list(director: Visitor) -> None:
    """The own list: file, columns, preview, import."""
    director.follow("Choose a file")
    name, media_type, content = file_of(director.lang)
    director.page.locator("#id_file").set_input_files({"name": name, "mimeType": media_type, "buffer": content})
    director.choose("For which program?", "-")
    director.look("import")
    director.press("Look at the file")
    director.is_at(director.say("What do the columns mean?"), "columns")
    rows = director.page.locator("#id_columns tbody tr")
    expect(rows).to_have_count(11)
    expect(rows.filter(has_text=director.say("choose"))).to_have_count(2)
    director.fill("Name of the new program", PROGRAM[director.lang])
    director.press("Show the preview")
    director.is_at(director.say("Preview"), "preview")
    director.reads(
        {"en": "The program School rehabilitation will be created.", "fr": "Le programme Réadaptation scolaire sera créé."}[director.lang]
    )
    counted = director.page.get_by_role("row", name=director.say("Caseload units"))
    expect(counted.get_by_role("cell").first).to_have_text("16")
    director.press("Import all of it")
    director.is_at(director.say("Imported"), "imported")


def plan_and_take_up(director: Visitor) -> None:
    """The first plan: asked for, watched, taken up."""
    director.press("Make the plan")
    director.waits_for("Take it up into the draft")
    director.reads({"en": "16 units are placed.", "fr": "16 unités sont placées."}[director.lang])
    director.look("plan")
    director.press("Take it up into the draft")
    director.is_at(director.say("Desk"), "desk-of-director")
    director.reads({"en": "The plan is in the draft now.", "fr": "Le plan est maintenant dans l'ébauche."}[director.lang])


def give_account(director: Visitor, username: str, name: str, role: str, lang: str) -> str:
    """An account for somebody else; the first password is shown once."""
    director.follow("Access", within=director.page.locator(".site-nav"))
    director.follow("New account")
    director.fill("Name", name)
    director.fill("Name to sign in with", username)
    director.choose("Language", lang)
    director.page.get_by_label(f"{director.say(role)} · {PROGRAM[director.lang]}", exact=True).check()
    director.look("new-account")
    director.press("Create the account")
    director.is_at(director.say("First password"), "first-password")
    return str(director.page.locator("code.first-password").inner_text())


def card(manager: Visitor, title: str) -> Any:
    """The card of a unit on the board."""
    return manager.page.locator(".unit-card").filter(has=manager.page.get_by_role("link", name=title, exact=True))


def row_of(manager: Visitor, name: str) -> Any:
    """The row of a person on the board."""
    return manager.page.locator("article.person").filter(has=manager.page.get_by_role("heading", name=name))


def adjust_on_the_board(manager: Visitor) -> None:
    """By dragging, by "Move to…", undone, and pinned."""
    title, dialog = LAFOND[manager.lang], manager.page.locator("dialog#preview")
    manager.is_at(manager.say("Desk"), "desk")
    expect(row_of(manager, "Fatou Diallo").locator(".unit-card").filter(has_text=title)).to_have_count(1)
    card(manager, title).drag_to(row_of(manager, "Luc Bédard").locator("ul.cards"))
    expect(dialog).to_contain_text("Luc Bédard")
    expect(dialog.get_by_role("row", name="Luc Bédard")).to_be_visible()
    manager.look("move")
    manager.press("Move", within=dialog)
    expect(row_of(manager, "Luc Bédard").locator(".unit-card").filter(has_text=title)).to_have_count(1)
    expect(manager.page.locator("#spoken")).to_contain_text("Luc Bédard")
    manager.press("Undo")
    expect(row_of(manager, "Fatou Diallo").locator(".unit-card").filter(has_text=title)).to_have_count(1)

    card(manager, title).locator(".move-link").click()
    manager.page.locator("#id_to").select_option(label=re_name(manager, "Luc Bédard"))
    manager.look("move-to")
    manager.press("Look at it", within=dialog)
    manager.press("Move and pin", within=dialog)
    expect(row_of(manager, "Luc Bédard").locator(".unit-card").filter(has_text=title)).to_contain_text(manager.say("Pinned"))
    manager.look("desk-changed")


def re_name(manager: Visitor, name: str) -> str:
    """The whole text of the choice that begins with this name."""
    return str(manager.page.locator("#id_to option").filter(has_text=re.compile(f"^{name}")).first.inner_text()).strip()


def choose_a_candidate(manager: Visitor) -> None:
    """Facts, ranking and reasons of one unit; somebody is chosen."""
    card(manager, BEACON[manager.lang]).locator(".unit-card-title a").click()
    manager.is_at(BEACON[manager.lang], "candidates")
    manager.reads(manager.say("Possible: {n} of {all}", n=3, all=6))
    manager.page.get_by_role("radio", name="Fatou Diallo").check()
    manager.press("Assign in draft")
    manager.is_at(manager.say("Desk"))
    expect(row_of(manager, "Fatou Diallo").locator(".unit-card").filter(has_text=BEACON[manager.lang])).to_have_count(1)


def move_by_form(manager: Visitor, title: str, to: str) -> None:
    """The next draft, and one more change."""
    manager.follow("Desk", within=manager.page.locator(".site-nav"))
    if manager.page.get_by_role("button", name=manager.say("Begin a draft")).count():
        manager.press("Begin a draft")
    card(manager, title).locator(".move-link").click()
    manager.page.locator("#id_to").select_option(label=re_name(manager, to))
    manager.press("Look at it")
    manager.press("Move", within=manager.page.locator("dialog#preview"))
    expect(row_of(manager, to).locator(".unit-card").filter(has_text=title)).to_have_count(1)


def publish(manager: Visitor, server: Served, *, number: int) -> str:
    """Check, publish, and the files on the shared drive. Returns the code of the edition."""
    manager.follow("Check and publish")
    manager.is_at(manager.say("Check and publish"), f"check-{number}")
    manager.reads(manager.say("Recount agrees."))
    manager.press("Publish")
    manager.is_at(manager.say("Assignment list"), f"list-{number}")
    code = str(manager.page.locator(".edition-bar .edition-code").inner_text())
    assert code.startswith(f"{number}-")
    folder, pointer = current(server.drive, number)
    assert pointer["code"] == code
    assert {name.rsplit("_", 1)[1] for name in (one["name"] for one in pointer["files"])} == FILES
    assert all((folder / one["name"]).stat().st_size > 0 for one in pointer["files"])
    assert code in (folder / "index.html").read_text(encoding="utf-8")
    return code


def current(drive: Path, number: int) -> tuple[Path, dict[str, Any]]:
    """The program's folder on the shared drive and what it names as current, once the worker wrote this edition."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for pointer in drive.glob("*/CURRENT"):
            if (found := json.loads(pointer.read_text(encoding="utf-8")))["edition"] == number:
                return pointer.parent, dict(found)
        time.sleep(0.2)
    raise AssertionError(f"the shared drive does not show edition {number}: {sorted(path.name for path in drive.rglob('*'))}")


def read_on_a_phone(reader: Visitor, code: str) -> None:
    """From her day to the list, in French, on a small screen; a row is found without accents."""
    to_the_list(reader)
    reader.is_at("Liste d'affectation", "phone-list")
    expect(reader.page.locator(".edition-bar")).to_contain_text("En vigueur")
    expect(reader.page.locator(".edition-bar .edition-code")).to_have_text(code)
    assert reader.page.get_by_role("link", name="Bureau").count() == 0
    reader.fill("Find, with or without accents", "erables")
    reader.press("Find")
    rows = reader.page.locator("main tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("École Des Érables")
    expect(rows.filter(has_text="Ortho")).to_contain_text("Josée Martin")
    reader.look("phone-found")


def to_the_list(reader: Visitor) -> None:
    """Her home is her own day; the list stands in the menu."""
    assert reader.page.url.endswith("/today")
    reader.page.locator("header summary").first.click()
    reader.page.locator("header a[href$='/list']").first.click()
    reader.page.wait_for_load_state("load")


def see_what_changed(reader: Visitor) -> None:
    """A new edition: one row changed since she looked."""
    reader.go()
    to_the_list(reader)
    reader.is_at("Liste d'affectation", "phone-second")
    expect(reader.page.locator(".edition-bar")).to_contain_text("Édition 2")
    reader.page.get_by_role("link", name=re.compile("Lignes changées depuis ma lecture|depuis")).first.click()
    rows = reader.page.locator("main tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Beacon Hill")
    expect(rows).to_contain_text("Ana Cruz")
    expect(rows).to_contain_text("Fatou Diallo")
    reader.look("phone-changed")


def check_the_print(browser: Any, server: Served, code: str) -> None:
    """Somebody holds a print of the first edition; without an account she learns that it is old, and no name."""
    holder = Visitor(browser, server.address, "fr", **SMALL_PHONE)
    holder.go("/check-list")
    holder.fill("Code on the print", code.lower())
    holder.press("Check")
    holder.reads("Remplacée par l'édition 2. 1 ligne modifiée.")
    holder.look("phone-code")
    assert "Ana Cruz" not in holder.page.content()
    holder.leave()
