"""The week ledger on its pages: the grid with its foot, a row opened, the question whether one more can be taken, the CSV."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import NOW, Cast, person
from evenload.records.models import Absence, JournalEntry, Practitioner, Program, TimeStandard, Unit
from evenload.words import words_in
from evenload.workflow import drafts
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.week_ledger import WeekLedger, week_ledger
from web.desk_visits import client_of, page_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EN = words_in("en")


def begun(everybody: Cast) -> tuple[Picture, WeekLedger]:
    """A draft in a period that began two weeks ago."""
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 14)
    Program.objects.filter(pk=everybody.program_a.pk).update(period_start=monday, as_of=monday)
    draft = drafts.open_draft(Program.objects.get(pk=everybody.program_a.pk), by=person(everybody.manager_of_a), at=NOW)
    picture = picture_of(draft)
    return picture, week_ledger(picture, today=timezone.localdate())


def changed(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 100)


def cells(page: str, name: str) -> list[str]:
    """The figures in the row of a name; the words of a cell stand after its figure."""
    row = next(row for row in re.findall(r"<tr[^>]*>.*?</tr>", page, re.DOTALL) if re.search(rf'class="who">(<a[^>]*>)?{name}<', row))
    return [text_of(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def hours(minutes: Fraction | int) -> str:
    return EN.number(Fraction(minutes) / 60)


def test_every_person_and_week_stands_in_the_grid_and_the_foot_adds_up(everybody: Cast) -> None:
    _, ledger = begun(everybody)
    manager = client_of(everybody.manager_of_a)

    page = page_of(manager, "weeks", everybody.program_a)

    assert len(ledger.mondays) == 18  # of 20, two are over
    for row in ledger.rows:
        found = cells(page, row.code)
        assert found[:4] == [hours(row.total_hours), hours(row.total_committed), hours(row.total_driving), hours(row.total_free)]
        assert [cell.split()[1] for cell in found[4:]] == [hours(minutes) for minutes in row.free]
    for name, weeks in (("Everybody has", ledger.everybody), ("Nobody has", ledger.nobody), ("Needed", ledger.needed)):
        found = cells(page, name)
        assert found[1] == hours(sum(weeks))
        assert found[4:] == [hours(minutes) for minutes in weeks]
    said = text_of(page)
    assert "Everybody has + nobody has = needed, in each of the 18 weeks shown." in said
    assert f"{hours(sum(ledger.needed))} h are needed" in said

    committed = page_of(manager, "weeks", everybody.program_a, figure="committed", sort="name")
    assert [cell.split()[1] for cell in cells(committed, "Ana")[4:]] == [hours(minutes) for minutes in ledger.row("Ana").committed]
    assert re.findall(r'class="who"><a[^>]*>([^<]*)<', committed)[:3] == ["Ana", "Béa", "Cal"]


def test_a_row_opens_to_its_units_which_add_up_to_the_week(everybody: Cast) -> None:
    picture, ledger = begun(everybody)
    manager, week = client_of(everybody.manager_of_a), ledger.mondays[3]

    page = page_of(manager, "weeks_of", everybody.program_a, "Ana", week=week.isoformat())

    said, row = text_of(page), ledger.row("Ana")
    assert "2 units to the end of the period" in said
    assert f"Together {hours(row.committed[3] + row.driving[3])} {hours(row.total_committed + row.total_driving)}" in said
    assert f'href="{reverse("candidates", args=[everybody.program_a.code, "u1"])}"' in page

    waiting = page_of(manager, "weeks_waiting", everybody.program_a)
    nobody = {piece for piece, place in picture.places.items() if place.practitioner is None}
    assert f"{len(nobody)} units to the end of the period" in text_of(waiting)
    assert f"Together {hours(ledger.nobody[0])} {hours(sum(ledger.nobody))}" in text_of(waiting)
    clients = Unit.objects.filter(program=everybody.program_a, code__in=nobody, kind="client").values_list("code", flat=True)
    seen = JournalEntry.objects.filter(action="weeks.see").order_by("-number")[0]
    assert sorted(seen.client_ids) == sorted(clients)


def test_leave_that_was_told_empties_its_weeks_only(everybody: Cast) -> None:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday()) + timedelta(weeks=2)
    Absence.objects.create(program=everybody.program_a, who="Béa", kind="leave", from_date=monday, to_date=monday + timedelta(days=6))
    _, ledger = begun(everybody)

    page = page_of(client_of(everybody.manager_of_a), "weeks", everybody.program_a, figure="hours")

    found = [cell.split()[1] for cell in cells(page, "Béa")[4:]]
    assert found[2] == "0.0"
    assert found.count("0.0") == 1
    assert "is above the hours there are in some week, first in the week of" in text_of(page)  # her units stand in it all the same
    assert ledger.row("Béa").states[2] == "over_maximum"


def test_one_more_is_answered_with_the_week_in_which_it_would_break(everybody: Cast) -> None:
    _, ledger = begun(everybody)
    manager, first = client_of(everybody.manager_of_a), ledger.mondays[1].isoformat()
    asked = {"class": "-", "discipline": "OT", "language": "en", "minutes": "600", "per_week": "2", "first": first, "site": "D"}

    page = page_of(manager, "weeks", everybody.program_a, **asked)

    said = text_of(page)
    assert "1,200 min in a week with visits" in said
    assert f"Breaks in the week of {first}:" in said
    assert re.search(rf"Breaks in the week of {first}: \d+\.\d h above the maximum; 17 weeks in all", said)
    assert f"open=Cal&amp;week={first}" in page

    small = page_of(manager, "weeks", everybody.program_a, **{**asked, "minutes": "30", "per_week": "1"})
    assert "3 people may take this client, and all have room in every week." in text_of(small)
    french = page_of(manager, "weeks", everybody.program_a, **{**asked, "language": "fr", "minutes": "30", "per_week": "1"})
    assert "1 person may take this client, and has room in every week." in text_of(french)
    assert "Ana: French below fluent level" in text_of(french)


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"class": "gone"}, "class", "Choose a class, or none and state the minutes."),
        ({"class": "-", "discipline": "OT", "per_week": "1"}, "minutes", "Without a class, write the minutes of a visit."),
        ({"class": "-", "discipline": "OT", "minutes": "45"}, "per_week", "Without a class, write the visits a week."),
        ({"class": "-", "discipline": "PT", "minutes": "45"}, "discipline", "Choose a discipline of this program."),
        ({"class": "low"}, "per_week", "This class states no visits: write the visits a week."),
        ({"class": "mod", "minutes": "nan"}, "minutes", "Write a number such as 45 or 1.5."),
        ({"class": "mod", "per_week": "0"}, "per_week", "Write a number above 0 and at most 14."),
        ({"class": "mod", "minutes": "1e9"}, "minutes", "Write a number such as 45 or 1.5."),
        ({"class": "mod", "site": "nowhere"}, "site", "Choose a site of this program, or none."),
    ],
)
def test_what_cannot_be_answered_is_said_at_its_field_and_the_grid_stands(
    everybody: Cast, asked: dict[str, str], field: str, sentence: str
) -> None:
    TimeStandard.objects.filter(program=everybody.program_a, code="low").update(visits=0)
    begun(everybody)

    answer = client_of(everybody.manager_of_a).get(reverse("weeks", args=[everybody.program_a.code]), asked)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}">{sentence}<' in page
    assert re.search(rf'id="error_{field}_1">{re.escape(sentence)}<', page)
    assert cells(page, "Ana")


def test_the_csv_holds_every_row_and_week_and_its_sums_are_the_demand(everybody: Cast) -> None:
    _, ledger = begun(everybody)

    answer = client_of(everybody.manager_of_a).get(reverse("weeks_csv", args=[everybody.program_a.code]))

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 1 + (len(ledger.rows) + 3) * len(ledger.mondays)
    committed = [float(line[3]) for line in lines[1:] if line[0] in {"Ana", "Béa", "Cal", "Nobody has"}]
    needed = [float(line[3]) for line in lines[1:] if line[0] == "Needed"]
    assert abs(sum(committed) - sum(needed)) < 0.005 * len(lines)  # each is rounded to hundredths
    assert all(client.code not in answer.content.decode() for client in everybody.program_a.clients.all())


def test_a_program_without_people_or_with_contradicting_facts_says_so(everybody: Cast) -> None:
    manager, program = client_of(everybody.manager_of_a), everybody.program_a
    Absence.objects.create(program=program, who="Béa", kind="leave", days=9000)
    changed(program)
    for name in ("weeks", "weeks_waiting", "weeks_csv"):
        answer = manager.get(reverse(name, args=[program.code]))
        assert answer.status_code == 409
        assert "The program&#x27;s facts contradict each other" in answer.content.decode()

    Unit.objects.filter(program=program).delete()
    Absence.objects.filter(program=program).delete()
    Practitioner.objects.filter(program=program).delete()
    program.refresh_from_db()
    changed(program)
    assert "No people yet" in page_of(manager, "weeks", program)
