"""The pages of an import: step by step without a script, in both languages, and never into a foreign program."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cast import NOW, Cast, person
from evenload.records.models import Import, JournalEntry, Program
from evenload.words import words_in
from evenload.workflow import intake

pytestmark = [pytest.mark.both, pytest.mark.slow]

LIST = "École;Thér.;Disc.;Langue\nÉcole Lafond;Fatou Diallo;Ergo;FR\nMaple;Ben Chan;Ergo;EN\n".encode("cp1252")
BAD = b"School,Therapist,Discipline,Weekly hours\nOak,Ana,OT,4O\nElm,<b>Ana</b> / Ben,OT,30\n"


@pytest.fixture
def director(client: Client, everybody: Cast) -> Client:
    client.force_login(everybody.director)
    return client


@pytest.fixture
def manager(client: Client, everybody: Cast) -> Client:
    client.force_login(everybody.manager_of_a)
    return client


def uploaded(client: Client, content: bytes = LIST, *, name: str = "liste.csv", program: str = "-") -> Import:
    answer = client.post(reverse("import_new"), {"file": SimpleUploadedFile(name, content), "program": program})
    assert answer.status_code == 302
    return Import.objects.latest("id")


def form_of(made: Import, **changed: str) -> dict[str, str]:
    columns = {f"column_{guess['index']}": guess["meaning"] for guess in made.columns["guesses"]}
    rest = {"name": "Our school team", "setting": "school", "period_start": "2026-01-05", "period_weeks": "20", "hours": "37,5"}
    return {**columns, **rest, "discipline": "", **changed}


def test_from_a_list_of_ones_own_to_a_program_in_four_steps(director: Client) -> None:
    made = uploaded(director)
    assert "École" in director.get(reverse("import_columns", args=[made.pk])).content.decode()

    mapped = director.post(reverse("import_columns", args=[made.pk]), form_of(made))
    shown = director.get(mapped.headers["Location"]).content.decode()
    confirmed = director.post(reverse("import_confirm", args=[made.pk]), follow=True)

    assert "The program Our school team will be created" in shown
    assert "English is assumed" in shown
    assert "Imported. The file itself is not kept." in confirmed.content.decode()
    program = Program.objects.get(code="our-school-team")
    assert [(unit.code, unit.language) for unit in program.units.all()] == [("École Lafond OT", "fr"), ("Maple OT", "en")]


def test_nothing_is_written_before_the_confirmation(director: Client) -> None:
    made = uploaded(director)
    director.post(reverse("import_columns", args=[made.pk]), form_of(made))

    assert Program.objects.count() == 2


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(director: Client) -> None:
    made = uploaded(director)

    answer = director.post(
        reverse("import_columns", args=[made.pk]), form_of(made, name=" ", period_weeks="many", hours="4O", column_1="skills")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("name", "period_weeks", "hours"):
        assert f'href="#id_{field}"' in page
        assert f'id="error_{field}_1"' in page
    assert 'value="many"' in page
    assert 'value="4O"' in page
    assert '<option value="skills" selected>' in page


def test_two_columns_with_one_meaning_are_refused_in_words(director: Client) -> None:
    made = uploaded(director)

    answer = director.post(reverse("import_columns", args=[made.pk]), form_of(made, column_1="site"))

    assert answer.status_code == 422
    assert "Two columns cannot both mean “site: name”" in answer.content.decode()


def test_the_rows_to_fix_are_shown_with_sheet_row_column_value_and_expectation(director: Client) -> None:
    made = uploaded(director, BAD, name="list.csv")
    director.post(reverse("import_columns", args=[made.pk]), form_of(made))

    page = director.get(reverse("import_preview", args=[made.pk])).content.decode()

    assert "2 places to fix" in page
    assert "D (Weekly hours)" in page
    assert "4O" in page
    assert "&lt;b&gt;Ana&lt;/b&gt; / Ben" in page
    assert "<b>Ana" not in page
    assert "Import all of it" not in page


def test_the_rows_to_fix_can_be_downloaded_without_formulas(director: Client) -> None:
    made = uploaded(director, BAD.replace(b"4O", b'"=cmd|1"'), name="list.csv")
    director.post(reverse("import_columns", args=[made.pk]), form_of(made))

    answer = director.get(reverse("import_problems", args=[made.pk]))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Sheet", "Row", "Column", "Value", "Expected"]
    assert rows[1][:4] == ["", "2", "D (Weekly hours)", "'=cmd|1"]


def test_confirming_a_file_with_problems_imports_nothing(director: Client) -> None:
    made = uploaded(director, BAD, name="list.csv")
    director.post(reverse("import_columns", args=[made.pk]), form_of(made))

    answer = director.post(reverse("import_confirm", args=[made.pk]), follow=True)

    assert "Nothing is imported while there are rows to fix" in answer.content.decode()
    assert Program.objects.count() == 2


def test_the_pages_speak_french(director: Client, everybody: Cast) -> None:
    everybody.director.language = "fr"
    everybody.director.save()
    made = uploaded(director)

    page = director.get(reverse("import_columns", args=[made.pk])).content.decode()

    assert '<html lang="fr"' in page
    assert "Que veulent dire les colonnes?" in page
    assert words_in("fr").say("practitioner: name") in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 100, b"<!DOCTYPE x><x/>", b"%PDF-1.7"])
@pytest.mark.parametrize("name", ["a.xlsx", "a.zip"])
def test_a_hostile_upload_is_a_sentence_never_an_error(content: bytes, name: str, director: Client) -> None:
    answer = director.post(reverse("import_new"), {"file": SimpleUploadedFile(name, content), "program": "-"}, follow=True)

    assert answer.status_code in (200, 422)
    assert not Import.objects.filter(state="previewed").exists()


def test_a_file_that_is_too_large_is_never_read(director: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "UPLOAD_LIMIT_BYTES", 10)

    answer = director.post(reverse("import_new"), {"file": SimpleUploadedFile("a.csv", LIST), "program": "-"})

    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_without_a_file_the_form_comes_back_with_the_program_chosen(manager: Client, everybody: Cast) -> None:
    answer = manager.post(reverse("import_new"), {"program": everybody.program_a.code})

    assert answer.status_code == 422
    assert f'<option value="{everybody.program_a.code}" selected>' in answer.content.decode()
    assert "Choose a file." in answer.content.decode()


def test_a_manager_cannot_import_into_a_foreign_program(manager: Client, everybody: Cast) -> None:
    answer = manager.post(reverse("import_new"), {"file": SimpleUploadedFile("a.csv", LIST), "program": everybody.program_b.code})

    assert answer.status_code == 404
    assert not Import.objects.exists()


def test_a_manager_does_not_see_an_import_of_a_foreign_program(manager: Client, everybody: Cast) -> None:
    foreign = intake.preview(LIST, "list.csv", by=person(everybody.manager_of_b), program=everybody.program_b, at=NOW)

    for name in ("import_preview", "import_columns", "import_problems"):
        assert manager.get(reverse(name, args=[foreign.pk])).status_code == 404
    for name in ("import_columns", "import_confirm", "import_discard"):
        assert manager.post(reverse(name, args=[foreign.pk])).status_code == 404
    assert "list.csv" not in manager.get(reverse("imports")).content.decode()


def test_a_manager_cannot_create_a_program_by_an_import(manager: Client) -> None:
    answer = manager.post(reverse("import_new"), {"file": SimpleUploadedFile("a.csv", LIST), "program": "-"})

    assert answer.status_code == 422
    assert "A director can create a new one" in answer.content.decode()


def test_everything_goes_out_and_the_journal_says_so(manager: Client, everybody: Cast) -> None:
    answer = manager.post(reverse("export", args=[everybody.program_a.code]), {"form": "xlsx", "language": "fr"})

    assert answer.headers["Content-Disposition"] == 'attachment; filename="school-rehab-fr.xlsx"'
    assert answer.content.startswith(b"PK")
    entry = JournalEntry.objects.get(action="export.make")
    assert (entry.program_id, entry.facts["form"]) == (everybody.program_a.pk, "xlsx")
    assert len(entry.client_ids) == everybody.program_a.units.count()


def test_the_list_of_imports_costs_the_same_for_one_and_for_many(manager: Client, everybody: Cast) -> None:
    counts = []
    for number in (1, 3):
        for _ in range(number):
            Import.objects.create(program=everybody.program_a, by=everybody.manager_of_a, at=NOW, file_name="x.csv")
        manager.get(reverse("imports"))
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(reverse("imports")).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_hostile_names_in_a_list_are_shown_as_text(director: Client, shared_data: Path) -> None:
    import json

    names = [name for name in json.loads((shared_data / "hostile" / "blns.json").read_text()) if name.strip()][:200]
    out = io.StringIO()
    csv.writer(out).writerows([["School", "Therapist", "Discipline"], *([name, "Ana", "OT"] for name in names)])
    made = uploaded(director, out.getvalue().encode("utf-8", "replace"), name="list.csv")
    director.post(reverse("import_columns", args=[made.pk]), form_of(made))

    page = director.get(reverse("import_preview", args=[made.pk]))

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
