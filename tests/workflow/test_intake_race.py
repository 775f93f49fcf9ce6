"""Two people confirm one import at the same moment: it is taken in once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection

from cast import NOW, cast, person
from evenload.exchange.example import example_rows
from evenload.exchange.sheets_out import write_rows
from evenload.records.models import Import, Program
from evenload.workflow import intake
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.slow]


@pytest.mark.django_db(transaction=True)
def test_an_import_confirmed_twice_at_once_is_taken_in_once(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    write_rows(example_rows(practitioners=3, units=8), path, "en")
    by = person(cast().director)
    made = intake.preview(path.read_bytes(), "w.xlsx", by=by, program=None, at=NOW)
    answers: list[str] = []
    gate = threading.Barrier(2)

    def confirm() -> None:
        mine = Import.objects.get(pk=made.pk)
        gate.wait()
        try:
            intake.confirm(mine, by=by, at=NOW)
            answers.append("taken")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["import_closed", "taken"]
    assert Program.objects.count() == 3
