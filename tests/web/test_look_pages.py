"""The frame of every page, home by role, and the pages for what went wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import translation

from cast import Cast, account
from evenload.records import access
from evenload.records.models import Edition, Program, RoleOfAccount
from evenload.web import navigation
from evenload.web.context import address_in
from evenload.web.pages import errors
from evenload.web.urls import ROUTES
from evenload.words import words_in
from web.style_sheet import STATIC

STATUSES = {
    400: errors.bad_request,
    403: errors.not_allowed,
    404: errors.not_found,
    409: errors.conflict,
    500: errors.broken,
    503: errors.unavailable,
}


def signed_in(account: object) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(account)
    return client


def page_of(client: Client, name: str, *arguments: object, **query: str) -> str:
    return client.get(reverse(name, args=arguments), query).content.decode()


def test_the_parts_of_the_application_fit_together(db: None) -> None:
    call_command("check", fail_level="WARNING")


# The frame


def test_a_page_has_one_heading_its_landmarks_and_a_way_to_skip(everybody: Cast) -> None:
    page = page_of(signed_in(everybody.director), "help")

    assert len(re.findall(r"<h1\b", page)) == 1
    assert [len(re.findall(rf"<{landmark}\b", page)) for landmark in ("header", "main", "footer")] == [1, 1, 1]
    assert page.index('href="#content"') < page.index("<header")
    assert re.findall(r'role="status"', page) == ['role="status"']


def test_the_switch_names_the_other_language_and_returns_to_the_same_page(everybody: Cast) -> None:
    client = signed_in(everybody.director)
    english = page_of(client, "help", q="lafond")

    client.post(reverse("language"), {"language": "fr", "next": "/help?q=lafond"})
    french = page_of(client, "help")

    assert 'value="fr" lang="fr">Français</button>' in english
    assert 'name="next" value="/help?q=lafond"' in english
    assert '<html lang="fr"' in french
    assert "<h1>Aide</h1>" in french
    assert 'value="en" lang="en">English</button>' in french


@pytest.mark.parametrize("role", sorted(navigation.ENTRIES))
def test_every_role_has_its_entries_in_its_own_order(role: str) -> None:
    words = words_in("fr")

    names = [entry.name for entry in navigation.ENTRIES[role]]
    shown = [step.name for step in navigation.steps(role, words, here="", program_code="p")]

    assert shown == [words.say(name) for name in names if words.say(name) in shown]
    assert shown != []


def test_the_entry_of_the_page_at_hand_is_marked(everybody: Cast) -> None:
    found = navigation.steps("program_manager", words_in("en"), here="candidates", program_code="school-rehab")

    assert [step.name for step in found if step.is_current] == ["Desk"]
    assert all(step.address.startswith("/programs/school-rehab/") for step in found)


def test_every_name_of_the_navigation_is_an_address() -> None:
    built = {name for _, _, name in ROUTES}
    entries = {entry for role in navigation.ENTRIES.values() for entry in role}

    assert {name for entry in entries for name in entry.also} - built == set()


def test_a_page_without_a_program_keeps_the_program_that_was_looked_at(everybody: Cast) -> None:
    client = signed_in(everybody.director)

    client.get(reverse("home"), {"program": everybody.program_b.code})

    assert f'/programs/{everybody.program_b.code}/list"' in page_of(client, "help")


def test_the_program_of_somebody_else_is_never_at_hand(everybody: Cast) -> None:
    client = signed_in(everybody.manager_of_a)

    client.get(reverse("home"), {"program": everybody.program_b.code})

    assert everybody.program_b.code not in page_of(client, "help")


def test_one_who_has_two_roles_switches_there_and_sees_one_menu(everybody: Cast) -> None:
    RoleOfAccount.objects.create(account=everybody.director, role="privacy_officer")
    page = page_of(signed_in(everybody.director), "help")

    assert 'name="role" value="privacy_officer"' in page
    assert f'href="{reverse("journal")}"' not in page


@pytest.mark.parametrize("person, thumbs", [("practitioner", 1), ("manager_of_a", 0)])
def test_only_practitioners_have_a_bottom_bar(everybody: Cast, person: str, thumbs: int) -> None:
    role = access.person_of(everybody.accounts()[person]).role

    assert (role in navigation.THUMB_ROLES) == bool(thumbs)


# Home


@pytest.mark.parametrize(
    "person, goal",
    [
        ("manager_of_a", "/programs/school-rehab/desk"),
        ("administrative", "/programs/school-rehab/list"),
        ("practitioner", "/today"),
        ("privacy_officer", "/journal"),
    ],
)
def test_home_is_the_first_entry_of_the_role(everybody: Cast, person: str, goal: str) -> None:
    answer = signed_in(everybody.accounts()[person]).get("/")

    assert (answer.status_code, answer["Location"]) == (302, goal)


def test_a_director_sees_every_program_with_its_edition_and_who_waits(everybody: Cast) -> None:
    Edition.objects.create(
        program=everybody.program_a,
        number=6,
        effective_on="2026-02-02",
        published_at="2026-01-30T12:00Z",
        published_by=everybody.director,
        code="6-K7Q2",
        waiting_units=12,
    )

    page = " ".join(page_of(signed_in(everybody.director), "home").split())

    assert "6, since 2026-02-02" in page
    assert "12 units wait" in page
    assert "none yet" in page


def test_the_overview_costs_the_same_queries_for_one_program_and_for_many(
    everybody: Cast,
) -> None:
    client = signed_in(everybody.director)
    client.get("/")
    counts = []
    for code in ("one", "two", "three"):
        client.get("/")  # the figures of a new program are counted once
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))
        Program.objects.create(code=code, name_en=code, setting="school", period_start="2026-01-05", period_weeks=20)

    assert len(set(counts)) == 1


def test_a_director_without_programs_is_led_to_the_first_run(db: None) -> None:
    answer = signed_in(account("dora", "Dora Director", "director")).get("/")

    assert (answer.status_code, answer["Location"]) == (302, reverse("first_run"))


def test_a_manager_without_a_program_is_told_whom_to_ask(db: None) -> None:
    answer = signed_in(account("marie", "Marie Roy", "program_manager")).get("/")

    assert answer.status_code == 200
    assert "A director can give you one." in answer.content.decode()


# What went wrong


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_error_is_a_fact_and_a_next_step_in_both_languages(status: int, lang: str) -> None:
    with translation.override(lang):
        answer = STATUSES[status](RequestFactory().get("/somewhere"))
    page = answer.content.decode()

    assert answer.status_code == status
    assert f'<html lang="{lang}"' in page
    assert re.findall(r'<section lang="(\w+)"', page) == [lang, "fr" if lang == "en" else "en"]
    assert len(re.findall(r"<h1\b", page)) == 1
    assert 'href="/"' in page
    assert "style=" not in page
    assert not re.search(r"\binvalid\b|\berror \d", page, re.IGNORECASE)


def test_an_address_that_leads_nowhere_says_so(everybody: Cast) -> None:
    answer = signed_in(everybody.director).get("/no/such/page")

    assert answer.status_code == 404
    assert "This page is not here" in answer.content.decode()


def test_a_form_from_an_old_page_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("language"), {"language": "fr"})

    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()


def test_records_that_do_not_answer_give_a_page_that_asks_them_nothing(everybody: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(everybody.director)

    def silent(*_: object, **__: object) -> None:
        raise OperationalError("could not connect")

    with monkeypatch.context() as down:
        down.setattr("django.db.backends.utils.CursorWrapper.execute", silent)
        answer = client.get(reverse("help"))

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "The records cannot be reached." in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_an_accident_of_ours_names_its_number_and_nothing_else(everybody: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(everybody.director)

    def wrong(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("evenload.web.pages.help.bars", wrong)
    answer = client.get(reverse("help"))
    page = answer.content.decode()

    assert answer.status_code == 500
    assert "secret" not in page
    assert answer["X-Request-ID"] in page


def test_the_style_guide_is_for_builders_only(db: None, settings: Any) -> None:
    assert Client().get("/styleguide").status_code == 404

    settings.DEBUG = True

    assert Client().get("/styleguide").status_code == 200


def test_paper_is_letter_and_a_draft_is_watermarked_in_both_languages() -> None:
    sheet = (STATIC / "css" / "print.css").read_text(encoding="utf-8")

    assert "DRAFT – not for use\\A ÉBAUCHE – ne pas utiliser" in sheet
    assert "size: letter" in sheet
    assert "margin: 12mm" in sheet


def test_choosing_another_program_stays_on_the_same_page(everybody: Cast) -> None:
    request = RequestFactory().get("/programs/school-rehab/team")
    request.resolver_match = resolve("/programs/school-rehab/team")
    elsewhere = RequestFactory().get("/programs/school-rehab/runs/7")
    elsewhere.resolver_match = resolve("/programs/school-rehab/runs/7")

    assert address_in(request, everybody.program_b) == "/programs/home-care/team"
    assert address_in(elsewhere, everybody.program_b) == "/?program=home-care"


def test_the_head_of_a_printed_list_names_edition_day_and_code() -> None:
    facts = {
        "columns": 7,
        "program": "School rehabilitation",
        "view": "Schools",
        "number": 6,
        "effective_on": date(2026, 2, 2),
        "code": "6-K7Q2",
    }

    row = render_to_string("_print_row.html", {**facts, "words": words_in("en")})
    draft = render_to_string(
        "_print_row.html", {"columns": 7, "program": "School rehabilitation", "view": "Schools", "words": words_in("fr")}
    )

    assert all(text in row for text in ('colspan="7"', "Edition 6", "In effect since 2026-02-02", "6-K7Q2"))
    assert "ÉBAUCHE – ne pas utiliser" in draft


@pytest.mark.parametrize(
    "person, is_there", [("director", True), ("manager_of_a", True), ("practitioner", False), ("privacy_officer", False)]
)
def test_who_imports_now_and_then_finds_it_in_her_menu(everybody: Cast, person: str, is_there: bool) -> None:
    page = page_of(signed_in(everybody.accounts()[person]), "help")

    assert (f'href="{reverse("imports")}"' in page) == is_there


# Fields


def field(**facts: Any) -> str:
    return " ".join(render_to_string("_field.html", {"name": "hours", "label": "Weekly hours", "words": words_in("en"), **facts}).split())


@pytest.mark.parametrize("kind", [{}, {"type": "textarea"}, {"select_from": [("a", "A"), ("b", "B")]}])
def test_a_field_points_at_its_hint_and_its_errors_and_keeps_what_was_typed(kind: dict[str, Any]) -> None:
    shown = field(**kind, value="b", hint="From 0 to 168", errors=["Expected a number."], required=True)

    assert 'for="id_hours">Weekly hours</label>' in shown
    assert 'aria-describedby="hint_hours error_hours_1 "' in shown
    assert 'id="hint_hours">From 0 to 168' in shown
    assert 'id="error_hours_1">Expected a number.' in shown
    assert 'aria-invalid="true"' in shown
    assert " required" in shown
    assert 'value="b" selected' in shown or 'value="b"' in shown or "> b</textarea>" in shown


def test_a_field_without_errors_accuses_nobody() -> None:
    shown = field(value="37.5")

    assert "aria-invalid" not in shown
    assert "aria-describedby" not in shown


def test_what_was_typed_is_text_wherever_it_is_shown() -> None:
    typed = '"><script>alert(1)</script>'

    for kind in ({}, {"type": "textarea"}, {"select_from": [(typed, typed)]}):
        assert "<script>" not in field(value=typed, errors=[typed], **kind)
