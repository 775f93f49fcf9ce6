"""The assignment list, its editions and what a print's code answers: pages in both languages, the same queries for 1 and 3 rows."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cast import NOW, PASSWORD, Cast, person
from evenload.records.models import Draft, Edition, EditionRow, Publication, ReadReceipt, Site, Unit
from evenload.web.pages.editions import change_lines
from evenload.words import Words
from evenload.workflow import drafts
from evenload.workflow.edition_differences import rows_differing
from workflow.editions_made import FIRST_DAY, drafted, published

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def first(everybody: Cast) -> Edition:
    Site.objects.filter(program=everybody.program_a, code="A").update(name_fr="École élémentaire L’Œuvre")
    return published(everybody.program_a, person(everybody.manager_of_a))


def page(account: object, name: str, *arguments: object, **query: str) -> str:
    answer = client_of(account).get(reverse(name, args=arguments), query)
    return html.unescape(answer.content.decode())


def client_of(account: object) -> Client:
    client = Client()
    client.force_login(account)  # type: ignore[arg-type]
    return client


def sites_on(text: str) -> list[str]:
    return re.findall(r'<th scope="row">(.*?)</th>', text)


def test_the_bar_says_number_day_and_code(everybody: Cast, first: Edition) -> None:
    text = page(everybody.practitioner, "list", "school-rehab")
    assert "<b>Edition 1</b>" in text
    assert first.code in text
    assert "Current" in text
    assert text.count("<h1") == 1


def test_before_the_first_edition_managers_are_led_to_the_check_and_staff_to_the_manager(everybody: Cast) -> None:
    assert "No list is published yet. Ask Marie Roy." in page(everybody.administrative, "list", "school-rehab")
    drafted(everybody.program_a, person(everybody.manager_of_a))
    text = page(everybody.manager_of_a, "list", "school-rehab")
    assert "No edition yet. The draft has 8 rows." in text
    assert reverse("draft_check", args=["school-rehab"]) in text


@pytest.mark.parametrize("search", ["oeuvre", "ÉLÉMENTAIRE", "l'œuvre elementaire"])
def test_the_list_is_searched_without_accents(everybody: Cast, first: Edition, search: str) -> None:
    rows = Unit.objects.filter(program=everybody.program_a, site__code="A").count()
    assert len(sites_on(page(everybody.administrative, "list", "school-rehab", q=search))) == rows > 0
    assert "No row of this view matches." in page(everybody.administrative, "list", "school-rehab", q="nowhere\0")


def test_every_row_stands_in_the_views_by_area_and_by_person(everybody: Cast, first: Edition) -> None:
    for view in ("areas", "people"):
        assert len(sites_on(page(everybody.administrative, "list", "school-rehab", view=view))) == 8


def test_sorting_is_told_in_aria_sort_and_turns_round(everybody: Cast, first: Edition) -> None:
    up = page(everybody.administrative, "list", "school-rehab", view="areas", sort="primary")
    down = page(everybody.administrative, "list", "school-rehab", view="areas", sort="primary", down="1")

    assert up.count("aria-sort=") == down.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down
    primaries = [re.findall(r'data-title="Primary">(.*?)</td>', text) for text in (up, down)]
    assert primaries[0][:3] == ["Ana", "Ana", "Béa"]
    assert primaries[1][0] == "waiting"


def test_what_changed_since_somebody_looked_is_counted_and_shown(everybody: Cast, first: Edition) -> None:
    page(everybody.administrative, "list", "school-rehab")
    published(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"), at=NOW + timedelta(days=1))

    text = page(everybody.administrative, "list", "school-rehab", view="areas", changed="1")

    assert "1 changed since you last looked" in text
    assert len(sites_on(text)) == 1


def test_opening_the_current_edition_leaves_one_receipt_and_managers_see_how_many_read_it(everybody: Cast, first: Edition) -> None:
    for _ in range(2):
        page(everybody.practitioner, "list", "school-rehab")

    assert ReadReceipt.objects.filter(edition=first, account=everybody.practitioner).count() == 1
    assert "Read by 2 of 4" in page(everybody.manager_of_a, "list", "school-rehab")
    assert "Read by" not in page(everybody.practitioner, "list", "school-rehab")


def test_an_older_edition_says_by_which_it_was_superseded(everybody: Cast, first: Edition) -> None:
    published(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"), at=NOW + timedelta(days=1))
    text = page(everybody.practitioner, "edition", "school-rehab", 1)
    assert "Superseded by edition 2" in text
    assert "This is not the current list." in text


def test_two_editions_are_compared_row_by_row_in_either_order(everybody: Cast, first: Edition) -> None:
    published(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"), at=NOW + timedelta(days=1))
    for numbers in ((1, 2), (2, 1)):
        text = page(everybody.practitioner, "difference", "school-rehab", *numbers)
        assert "1 row differs." in text
        assert "newly placed" in text
    assert "The two editions say the same." in page(everybody.practitioner, "difference", "school-rehab", 1, 1)


def test_while_the_share_lags_the_list_says_so_and_why(everybody: Cast, first: Edition) -> None:
    Publication.objects.filter(edition=first).update(state="written")
    second = published(everybody.program_a, person(everybody.manager_of_a), at=NOW + timedelta(days=1))
    Publication.objects.filter(edition=second).update(state="failed", refusal="share_full")

    text = page(everybody.administrative, "list", "school-rehab")

    assert "The shared drive still shows edition 1; Evenload tries again every minute." in text
    assert "The shared drive is full." in text
    Publication.objects.filter(edition=second).update(state="written")
    assert "shared drive" not in page(everybody.administrative, "list", "school-rehab")


@pytest.mark.parametrize("form", ["xlsx", "pdf", "html", "csv"])
def test_files_are_taken_out_of_the_page(everybody: Cast, first: Edition, form: str) -> None:
    answer = client_of(everybody.practitioner).get(reverse("edition_file", args=["school-rehab", 1, "fr", form]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="edition-0001_{FIRST_DAY}_fr.{form}"'


def test_a_language_or_format_that_there_is_not_is_not_found(everybody: Cast, first: Edition) -> None:
    for language, form in (("de", "csv"), ("en", "exe")):
        assert client_of(everybody.practitioner).get(reverse("edition_file", args=["school-rehab", 1, language, form])).status_code == 404


# Check and publish


def test_the_check_says_what_would_be_published(everybody: Cast, first: Edition) -> None:
    drafted(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"))
    text = page(everybody.manager_of_a, "draft_check", "school-rehab")
    for sentence in (
        "1 row changes.",
        "Recount agrees.",
        "French exceptions: 0.",
        "Waiting: 3 units.",
        "It changes something for 1 person. Tell them yourself, no account is linked: Cal.",
    ):
        assert sentence in text.replace("</li>", " "), sentence


def test_publishing_leads_to_the_new_edition(everybody: Cast) -> None:
    draft = drafted(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"))
    answer = publish(everybody, draft)
    assert (answer.status_code, answer["Location"]) == (302, reverse("list", args=["school-rehab"]))
    assert Edition.objects.get().changed_rows == 1


def publish(everybody: Cast, draft: Draft, **changes: object) -> object:
    sent = {"draft": draft.pk, "seen_version": draft.version, "effective_on": "2026-02-02", **changes}
    return client_of(everybody.manager_of_a).post(reverse("publish", args=["school-rehab"]), sent)


def test_a_draft_that_somebody_changed_meanwhile_is_shown_again_with_her_name(everybody: Cast) -> None:
    draft = drafted(everybody.program_a, person(everybody.manager_of_a))
    drafts.move(draft, "u4", "Cal", by=person(everybody.director), at=NOW, seen_version=0)

    answer = publish(everybody, draft, seen_version=0)

    assert answer.status_code == 409
    assert "Dora Director changed the draft" in answer.content.decode()
    assert not Edition.objects.exists()


def test_who_publishes_second_is_told_who_was_first(everybody: Cast) -> None:
    draft = drafted(everybody.program_a, person(everybody.manager_of_a))
    publish(everybody, draft)
    client = client_of(everybody.director)
    sent = {"draft": draft.pk, "seen_version": draft.version, "effective_on": "2026-02-02"}

    answer = client.post(reverse("publish", args=["school-rehab"]), sent, follow=True)

    assert "Marie Roy published edition 1" in answer.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01", "2031-01-01"])
def test_a_day_that_cannot_be_is_refused_at_its_field(everybody: Cast, typed: str) -> None:
    draft = drafted(everybody.program_a, person(everybody.manager_of_a))
    answer = publish(everybody, draft, effective_on=typed)
    assert answer.status_code == 422
    assert 'id="error_effective_on_1"' in answer.content.decode()


# A print's code


def test_anybody_learns_whether_a_print_is_current_and_nobody_learns_a_name(everybody: Cast, first: Edition) -> None:
    second = published(everybody.program_a, person(everybody.manager_of_a), ("u4", "Cal"), at=NOW + timedelta(days=1))
    stranger = Client()

    old, new = (stranger.get(reverse("answer", args=[edition.code])).content.decode() for edition in (first, second))

    assert "Superseded by edition 2. 1 row changed." in old
    assert "This is the current list." in new
    assert not [name for name in ("Cal", "Ana", "Marie", "School rehabilitation") if name in old + new]


def test_a_typed_code_leads_to_its_answer_and_an_unknown_one_says_so(first: Edition) -> None:
    stranger = Client()
    typed = stranger.get(reverse("check_list"), {"code": first.code.lower().replace("-", " ")})
    assert typed["Location"] == reverse("answer", args=[first.code])
    unknown = stranger.get(reverse("check_list"), {"code": "<b>9-AAAA"})
    assert unknown.status_code == 404
    assert "No list has this code." in unknown.content.decode()
    assert "<b>9" not in unknown.content.decode()


# The same for everybody


@pytest.mark.parametrize("name", ["list", "editions", "draft_check"])
def test_three_rows_cost_the_queries_of_one(everybody: Cast, name: str) -> None:
    costs = []
    units = Unit.objects.filter(program=everybody.program_a)
    units.exclude(code="u1").filter(assignments=None).delete()
    for turn in range(2):
        published(everybody.program_a, person(everybody.manager_of_a), at=NOW + timedelta(days=turn))
        drafted(everybody.program_a, person(everybody.manager_of_a))
        client = client_of(everybody.manager_of_a)
        client.get(reverse(name, args=["school-rehab"]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(name, args=["school-rehab"])).status_code == 200
        costs.append(len(queries))
    assert costs[0] <= costs[1] <= costs[0] + 3  # an earlier edition to compare with costs three; rows cost nothing
    assert costs[1] < 40


def test_pages_are_whole_in_french(everybody: Cast, first: Edition) -> None:
    everybody.manager_of_a.language = "fr"
    everybody.manager_of_a.save()
    client = Client()
    client.post(reverse("sign_in"), {"username": "marie", "password": PASSWORD})
    text = html.unescape(client.get(reverse("list", args=["school-rehab"])).content.decode())
    assert "Édition 1" in text
    assert "En vigueur" in text
    assert "Changements dans cette édition" in text


def test_a_part_of_a_unit_is_counted_among_all_its_parts_where_only_one_changed() -> None:
    now = [EditionRow(piece=f"u{n}", label="Group", practitioner_code="Ana", practitioner="Ana") for n in ("1#1", "1#2", "1#3", "2")]
    before = [*now[:1], EditionRow(piece="u1#2", label="Group"), *now[2:], EditionRow(piece="u3#2", label="Gone"), EditionRow(piece="u3#1")]

    lines = change_lines(rows_differing(before, now), Words("en"), before=before, after=now)

    assert [line["unit"] for line in lines] == ["Group, part 2 of 3", "Gone, part 2 of 2", "part 1 of 2"]
