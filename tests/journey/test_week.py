"""A week with five people, in real browsers on a real server with its worker.

Referrals arrive, offers go out; one is declined, one lapses and goes on, two people accept the same one; somebody falls ill; somebody
says that her load is too high, and the two solve it; the new edition is published, and only those affected are told.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from evenload.words import label
from journey.five_people import PROGRAM, USERNAMES, this_monday
from journey.served import Served, served
from journey.visitor import PHONE, Visitor
from postgresql_cluster import ON_POSTGRESQL

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.both]

LANGUAGES = ["fr"] if ON_POSTGRESQL else ["en", "fr"]
LAJOIE = {"en": "École Jeanne-Lajoie", "fr": "École Jeanne-Lajoie"}
BEACON = {"en": "Beacon Hill School", "fr": "École Beacon Hill"}
MAPLE = {"en": "Maple Ridge School", "fr": "École Maple Ridge"}
WORKER_SECONDS = 30


class Week:
    """The five people of the week at their windows, and one more whom nothing of it concerns."""

    def __init__(self, browser: Any, server: Served, lang: str) -> None:
        self.server, self.lang, self.today = server, lang, datetime.now(ZoneInfo("America/Toronto")).date()
        self.office = self._person(browser, "odile")
        self.planner = self._person(browser, "marie")
        self.people = {name: self._person(browser, username, **PHONE) for name, username in USERNAMES.items()}

    def _person(self, browser: Any, username: str, **options: Any) -> Visitor:
        made = Visitor(browser, self.server.address, self.lang, **options)
        made.sign_in(username)
        return made

    def say(self, message: str, **facts: Any) -> str:
        """The sentence in the language of the week."""
        return self.planner.say(message, **facts)

    def leave(self) -> None:
        """Everybody closes her window; no browser had anything to complain of."""
        for one in (self.office, self.planner, *self.people.values()):
            one.leave()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_week_with_five_people(browser: Any, tmp_path: Path, lang: str) -> None:
    with served(tmp_path, on_postgresql=ON_POSTGRESQL, first=("journey.five_people", lang)) as server:
        week = Week(browser, server, lang)
        referrals_arrive(week)
        triage(week)
        one_lapses_and_goes_on(week)
        one_is_declined(week)
        two_accept_the_same(week)
        somebody_falls_ill(week)
        a_load_is_too_high(week)
        only_the_affected_are_told(week)
        week.leave()
    refused = [line for line in server.complaints if "Conflict: /offers/" in line]
    assert len(refused) == 1, "who was slower is told so"
    assert server.complaints == refused, "\n".join(server.complaints[-40:])


def referrals_arrive(week: Week) -> None:
    """The office takes two in: at home in French, and at a school whose practitioner has it at once."""
    office = week.office
    take_in(week, initials="T. N.", language="fr", postal="K1C 2T1")
    office.reads(week.say("Received. It stands among those to look at."))
    take_in(week, initials="W. O.", language="en", site=MAPLE[week.lang])
    office.reads(week.say("Received. The site's team has it at once and is told."))
    ana = week.people["Ana Cruz"]
    ana.go("/notices")
    expect(ana.page.locator(".told-lines > li").first).to_contain_text(label(week.planner.words, "discipline", "OT"))


def take_in(week: Week, *, initials: str, language: str, postal: str = "", site: str = "") -> None:
    office = week.office
    office.go(f"/programs/{PROGRAM}/referrals/new")
    assert "Hello · Bonjour" in office.page.locator(".active-offer").inner_text()
    office.page.locator(f"#language-{language}").check()
    office.page.locator("#id_asked_how").select_option("phone")
    office.fill("Initials", initials)
    office.page.locator("#id_discipline").select_option("OT")
    office.page.locator("#id_complexity").select_option("moderate")
    if site:
        office.page.locator("#id_site").select_option(label=site)
    office.fill("Postal code of the home", postal)
    office.page.locator("#id_priority").select_option("2")
    office.page.locator("#id_received_on").fill(week.today.isoformat())
    office.fill("Visits authorized", "6")
    office.look("referral-new")
    office.press("Store the referral")


def triage(week: Week) -> None:
    """The manager looks at what came in: one waits, the other is with the school's practitioner."""
    planner = week.planner
    planner.follow("Referrals", within=planner.page.locator(".site-nav"))
    planner.is_at(week.say("Referrals"), "triage")
    lines = planner.page.locator(".referral-line")
    expect(lines).to_have_count(1)
    lines.get_by_role("button").click()
    planner.page.goto(f"{planner.address}/programs/{PROGRAM}/referrals?show=waiting")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("T. N.")


def offer(week: Week, *people: str, in_turn: bool) -> None:
    """From the candidates' page, to these people."""
    planner = week.planner
    planner.follow("Offer it…")
    for name in people:
        planner.page.get_by_role("checkbox", name=re.compile(name)).check()
    planner.page.locator("#way-turn" if in_turn else "#way-together").check()
    planner.page.locator("#id_answer_hours").select_option("4")
    planner.look("offer")
    planner.press("Send to those chosen")
    planner.is_at(week.say("Offers sent"), "offers-sent")


def candidates_of(week: Week, place: str) -> None:
    """The candidates of the unit that waits at this place."""
    planner = week.planner
    planner.go(f"/programs/{PROGRAM}/desk")
    planner.page.locator(".unit-card-title a", has_text=place).first.click()
    planner.page.wait_for_load_state("load")


def open_offers(person: Visitor) -> Any:
    """Her inbox; the cards of what she is asked."""
    person.go("/offers")
    return person.page.locator("article.panel")


def one_lapses_and_goes_on(week: Week) -> None:
    """In turn: the first does not answer in time, the worker asks the next, who accepts; the manager confirms."""
    planner = week.planner
    planner.page.locator(".referral-line a.referral-name").click()
    planner.follow("Find somebody")
    planner.press("Begin a draft")
    offer(week, "Fatou Diallo", "Luc Bédard", in_turn=True)
    asked = {name: open_offers(week.people[name]).count() for name in ("Fatou Diallo", "Luc Bédard")}
    first, second = sorted(asked, key=lambda name: -asked[name])
    assert (asked[first], asked[second]) == (1, 0)
    week.server.run("journey.five_people", "--later", "5")
    until_asked(week.people[second])
    assert open_offers(week.people[first]).count() == 0
    accept(week, second)
    confirm(week, second)


def until_asked(person: Visitor) -> None:
    """The worker goes on to the next one by itself."""
    until = time.monotonic() + WORKER_SECONDS
    while not open_offers(person).count():
        assert time.monotonic() < until, "the worker did not ask the next one"
        time.sleep(0.3)


def accept(week: Week, name: str) -> None:
    """Her load before and after, and yes."""
    person = week.people[name]
    card = open_offers(person).first
    expect(card.locator(".change").first).to_be_visible()
    person.look("offer-inbox")
    person.press("Accept", within=card)
    person.page.wait_for_url("**/offers*")


def confirm(week: Week, name: str) -> None:
    """The manager confirms her: an assignment from today on."""
    planner = week.planner
    planner.go(f"/programs/{PROGRAM}/offers")
    planner.page.get_by_role("button", name=week.say("Confirm {name}", name=name), exact=True).click()
    planner.page.wait_for_load_state("load")


def one_is_declined(week: Week) -> None:
    """In turn: the first says no with a reason, the next says yes."""
    candidates_of(week, LAJOIE[week.lang])
    offer(week, "Fatou Diallo", "Luc Bédard", in_turn=True)
    asked = {name: open_offers(week.people[name]).count() for name in ("Fatou Diallo", "Luc Bédard")}
    first, second = sorted(asked, key=lambda name: -asked[name])
    card = open_offers(week.people[first]).first
    card.locator("summary").first.click()
    card.locator("input[value=distance]").check()
    card.locator("button[value=decline]").click()
    week.people[first].page.wait_for_load_state("load")
    until_asked(week.people[second])
    accept(week, second)
    confirm(week, second)


def two_accept_the_same(week: Week) -> None:
    """Both press in the same moment: one has it, the other is thanked and told who was quicker."""
    candidates_of(week, BEACON[week.lang])
    offer(week, "Ana Cruz", "Luc Bédard", in_turn=False)
    racers = [week.people[name] for name in ("Ana Cruz", "Luc Bédard")]
    for person in racers:
        assert open_offers(person).count() == 1
    for person in racers:
        person.page.evaluate("setTimeout(() => document.querySelector('article.panel button[value=accept]').click(), 200)")
    for person in racers:
        person.page.wait_for_timeout(1500)
        person.page.wait_for_load_state("load")
    won = [name for name in ("Ana Cruz", "Luc Bédard") if is_winner(week.people[name])]
    assert len(won) == 1
    loser = "Luc Bédard" if won == ["Ana Cruz"] else "Ana Cruz"
    week.people[loser].complaints.clear()  # the browser writes down that an answer was refused
    notices = week.people[loser]
    notices.go("/notices")
    expect(notices.page.locator(".told-lines")).to_contain_text(won[0])
    confirm(week, won[0])


def is_winner(person: Visitor) -> bool:
    """Whether the acceptance stands among hers."""
    person.go("/offers?show=accepted")
    return person.page.locator("article.panel", has_text="Beacon Hill").count() == 1


def somebody_falls_ill(week: Week) -> None:
    """Ana is ill for a week; the manager sees it, and who covers goes into the draft."""
    ana, planner = week.people["Ana Cruz"], week.planner
    monday = this_monday(week.today) + timedelta(weeks=1)
    days = monday.isoformat(), (monday + timedelta(days=4)).isoformat()
    ana.go("/leave")
    ana.page.locator("#id_kind").select_option("sick")
    ana.page.locator("#id_first_day").fill(days[0])
    ana.page.locator("#id_last_day").fill(days[1])
    ana.press("Tell it")
    expect(ana.page.locator(".line-list li")).to_have_count(1)
    planner.go("/notices")
    expect(planner.page.locator(".told-lines > li").first).to_contain_text("Ana Cruz")
    planner.go(f"/programs/{PROGRAM}/team/Ana%20Cruz/hand-over")
    planner.page.locator("#id_kind_leave").check()
    planner.page.locator("#id_starts_on").fill(days[0])
    planner.page.locator("#id_ends_on").fill(days[1])
    planner.press("Propose who takes over")
    planner.look("hand-over")
    planner.press("Put it into the draft")


def a_load_is_too_high(week: Week) -> None:
    """Two taps; the manager chooses a remedy, she agrees, and it is in the draft."""
    luc, planner = week.people["Luc Bédard"], week.planner
    luc.go("/today")
    luc.look("today")
    luc.page.locator("button[value=too_high]").click()
    luc.page.locator("button[name=cause][value=travel]").click()
    luc.page.wait_for_load_state("load")
    planner.go(f"/programs/{PROGRAM}/talks")
    planner.page.locator("main tbody a").first.click()
    planner.page.wait_for_load_state("load")
    planner.look("talk")
    planner.page.locator("input[name=remedy]").first.check()
    planner.press("Choose these, and agree")
    luc.go("/my-load")
    luc.follow("Open the conversation")
    luc.look("talk-agree")
    luc.press("I agree")
    luc.reads(week.say("Agreed"))


def only_the_affected_are_told(week: Week) -> None:
    """The second edition: whoever's rows changed hears of it, nobody else."""
    planner = week.planner
    planner.go(f"/programs/{PROGRAM}/desk")
    planner.follow("Check and publish")
    planner.look("check-week")
    if (reason := planner.page.locator("#id_overload_reason")).count():
        reason.select_option(index=1)
    planner.press("Publish")
    planner.is_at(week.say("Assignment list"))
    told = {name: heard_of_edition(week.people[name], 2) for name in USERNAMES}
    assert not told["Nadia Haddad"]
    assert sum(told.values()) >= 2, told


def heard_of_edition(person: Visitor, number: int) -> bool:
    """Whether her notices say that this edition changes rows of hers."""
    person.go("/notices")
    lines = person.page.locator(".told-lines > li").all_inner_texts()
    return any(re.search(rf"(Edition|L'édition) {number}\b", line) for line in lines)
