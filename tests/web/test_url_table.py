"""Every address × every person × her own and a foreign program (tests/web/url_table.py), and what every answer must carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from cast import Cast
from evenload.records.access import JOURNALLED, RULES
from evenload.records.models import (
    JournalEntry,
    Referral,
)
from evenload.web import urls
from evenload.web.door import PUBLIC, action_of
from evenload.workflow import journal
from web.stages import (
    Stage,
    asked_visits,
    hours_offered_of,
    leave_of,
    mail_of,
    notice_of,
    referral_list_of,
    report_schedule_of,
    scenario_of,
    stage,
    standard_version_of,
)
from web.url_table import PEOPLE, TABLE, Row

pytestmark = pytest.mark.both

BUILT = {pattern.name: pattern for pattern in urls.urlpatterns}
OF_A_PROGRAM = {name: row for name, row in TABLE.items() if len(row.answers) == 2}
UNKNOWN_KEY = 987_654_321


@pytest.fixture
def stages(everybody: Cast) -> tuple[Stage, Stage]:
    return stage(everybody, everybody.program_a), stage(everybody, everybody.program_b)


def keys_of(name: str, row: Row, place: Stage, everybody: Cast) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {
        "edition_code": {"code": place.edition.code},
        "import": {"key": place.imported.pk},
        "piece": {"piece": "u1"},
        "practitioner": {"practitioner": "Ana"},
        "run": {"key": place.run.pk},
        "talk": {"key": place.talk.pk},
        "scenario": {"key": scenario_of(place, everybody).pk},
        "share_code": {"share_code": scenario_of(place, everybody).share_code},
        "asked_visits": {"key": asked_visits(place, everybody).pk},
        "referral": {"key": Referral.objects.get(unit__program=place.program, unit__code="u6").pk},
        "referral_import": {"key": referral_list_of(place).pk},
        "leave": {"key": leave_of(place).pk},
        "hours_offered": {"key": hours_offered_of(place).pk},
        "calendar_token": {"token": "nobody-has-this-one"},
        "contract": {"key": place.contract.pk},
        "offer": {"key": place.offer.pk},
        "answer": {"key": place.offer.answers.get().pk},
        "exception": {"key": place.exception.pk},
        "edition": {"number": place.edition.number},
        "other": {"other": place.older.number},
        "standard": {"key": place.program.time_standards.all()[0].pk},
        "standard_version": {"number": standard_version_of(place).number},
        "standard_template": {"setting": "school", "discipline": "SLP"},
        "file": {"language": "en", "form": "csv"},
        "worksheet_file": {"language": "en", "form": "xlsx"},
        "quarter": {"quarter": "2026-q1"},
        "figures_part": {"part": "queues"},
        "overview_part": {"part": "gap"},
        "report_schedule": {"key": report_schedule_of(place, everybody).pk},
        "account": {"key": everybody.practitioner.pk},
        "notice": {"key": notice_of(everybody).pk},
        "mail": {"key": mail_of(everybody).pk},
        "own_unit": {"key": place.program.units.get(code="u2").pk},
        "planned_visit": {"key": place.planned.pk},
        "recorded_visit": {"key": place.recorded.pk},
        "guide_page": {"page": "desk"},
        "guide_picture": {"name": "desk"},
    }
    arguments = {argument: value for key in row.keys for argument, value in known[key].items()}
    return {"code": place.program.code, **arguments} if "<slug:code>" in str(BUILT[name].pattern) else arguments


def address(name: str, place: Stage, everybody: Cast) -> str:
    return reverse(name, kwargs=keys_of(name, TABLE[name], place, everybody))


def expected(row: Row, line: int, person: str, ok: int | None) -> int:
    """The status in the table; who has the role but comes with a wrong method (None) gets 405, whosever the row is."""
    answer = row.answers[line].split()[PEOPLE.index(person)]
    if ok is None and answer != "403":
        return 405
    return ok if answer == "ok" and ok is not None else int(answer)


def who_may(row: Row) -> str:
    """Somebody for whom program A's address is there."""
    return next(name for name, answer in zip(PEOPLE, row.answers[0].split(), strict=True) if answer == "ok")


def signed_in(everybody: Cast, person: str, *, checks_csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks_csrf, raise_request_exception=False)
    account = everybody.accounts()[person]
    account.refresh_from_db()
    client.force_login(account)
    return client


def visits(stages: tuple[Stage, Stage], everybody: Cast, rows: dict[str, Row] = TABLE) -> Iterator[tuple[str, Row, int, str]]:
    """Every address of both programs (of one, where it names none): name, row, line of the row, address."""
    for name, row in rows.items():
        for line in range(len(row.answers)):
            yield name, row, line, address(name, stages[line], everybody)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    named = {name for _, _, name in urls.ROUTES}

    assert named == set(TABLE)


def test_every_view_declares_its_action() -> None:
    declared = {name: action_of(pattern.callback) for name, pattern in BUILT.items()}

    assert {name: action for name, action in declared.items() if action not in RULES and action != PUBLIC} == {}
    assert {name for name, action in declared.items() if action == PUBLIC} == {name for name, row in TABLE.items() if row.is_public}


@pytest.mark.parametrize("person", PEOPLE)
def test_reading_every_address(everybody: Cast, stages: tuple[Stage, Stage], person: str) -> None:
    client = signed_in(everybody, person)
    found, wanted = {}, {}
    for name, row, line, path in visits(stages, everybody):
        wanted[name, line] = expected(row, line, person, row.get)
        found[name, line] = client.get(path).status_code

    assert not (wrong := differences(found, wanted)), "\n".join(wrong)


@pytest.mark.parametrize("person", PEOPLE)
def test_acting_at_every_address_with_an_empty_form(everybody: Cast, stages: tuple[Stage, Stage], person: str) -> None:
    found, wanted = {}, {}
    for name, row, line, path in visits(stages, everybody):
        client = signed_in(everybody, person)  # some of these acts end the session
        wanted[name, line] = expected(row, line, person, row.post)
        found[name, line] = client.post(path).status_code

    assert not (wrong := differences(found, wanted)), "\n".join(wrong)


def differences(found: dict[tuple[str, int], int], wanted: dict[tuple[str, int], int]) -> list[str]:
    return [
        f"{name} of program {'AB'[line]}: {found[name, line]}, not {status}"
        for (name, line), status in wanted.items()
        if found[name, line] != status
    ]


def test_rows_of_a_foreign_program_under_an_own_address_do_not_exist(everybody: Cast, stages: tuple[Stage, Stage]) -> None:
    own, foreign = stages
    found = {}
    for name, row in OF_A_PROGRAM.items():
        client = signed_in(everybody, "manager_of_a" if row.answers[0].split()[PEOPLE.index("manager_of_a")] == "ok" else who_may(row))
        arguments = keys_of(name, row, foreign, everybody)
        if "key" in arguments and "code" in arguments:
            path = reverse(name, kwargs={**arguments, "code": own.program.code})
            found[name] = (client.get(path) if row.get else client.post(path)).status_code

    assert {name: status for name, status in found.items() if status != 404} == {}


def test_keys_that_are_nobodys_do_not_exist(everybody: Cast, stages: tuple[Stage, Stage]) -> None:
    found = {}
    for name, row in TABLE.items():
        client = signed_in(everybody, who_may(row))
        arguments = keys_of(name, row, stages[0], everybody)
        for argument in set(arguments) & {"key", "number", "other", "piece", "practitioner", "code", "share_code"}:
            if row.is_public:
                continue
            unknown = UNKNOWN_KEY if isinstance(arguments[argument], int) else "no-such-one"
            path = reverse(name, kwargs={**arguments, argument: unknown})
            found[name, argument] = (client.get(path) if row.get else client.post(path)).status_code

    assert {name: status for name, status in found.items() if status != 404} == {}


def test_strangers_are_sent_to_the_sign_in_page_and_back(everybody: Cast, stages: tuple[Stage, Stage]) -> None:
    client = Client()
    for name, row, _, path in visits(stages, everybody):
        answer = client.get(path)
        if row.is_public:
            assert answer.status_code in (200, 302, 404, 405), name
        else:
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("sign_in")), name
            assert client.post(path).status_code == 302, name


def test_no_form_is_taken_without_its_token(everybody: Cast, stages: tuple[Stage, Stage]) -> None:
    client = signed_in(everybody, "director", checks_csrf=True)
    found = {name: client.post(path).status_code for name, row, _, path in visits(stages, everybody) if row.post is not None}

    assert {name: status for name, status in found.items() if status != 403} == {}


def test_every_answer_carries_the_headers_that_protect_it(everybody: Cast, stages: tuple[Stage, Stage]) -> None:
    client = signed_in(everybody, "director")
    for name, row, _, path in visits(stages, everybody):
        if row.get is None:
            continue
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert "no-store" in answer["Cache-Control"], name
        assert len(answer["X-Request-ID"]) == 32, name


def test_reading_changes_nothing_but_the_journal(everybody: Cast, stages: tuple[Stage, Stage]) -> None:
    client, places = signed_in(everybody, "director"), list(visits(stages, everybody))
    written = ("JournalEntry", "ReadReceipt", "KeptFigures")  # the last: what was counted is kept, to be shown at once
    kept = [model for model in apps.get_app_config("records").get_models() if model.__name__ not in written]
    before = {model: list(model.objects.order_by("pk").values()) for model in kept}
    for _, row, _, path in places:
        if row.get is not None:
            client.get(path)

    assert [model.__name__ for model in kept if list(model.objects.order_by("pk").values()) != before[model]] == []


def test_looking_at_units_is_written_down_or_refused(everybody: Cast, stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    looks = {name: row for name, row in TABLE.items() if action_of(BUILT[name].callback) in JOURNALLED and row.get == 200}
    for name in looks:
        client = signed_in(everybody, who_may(TABLE[name]))
        path = address(name, stages[0], everybody)
        before = JournalEntry.objects.count()
        assert client.get(path).status_code == 200, name
        line = JournalEntry.objects.order_by("-number").first()
        assert JournalEntry.objects.count() == before + 1, name
        assert line is not None
        assert (line.action, line.program_id) == (action_of(BUILT[name].callback), stages[0].program.pk), name

    def broken(*args: object, **rest: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(journal, "record_alone", broken)
    found = {name: signed_in(everybody, who_may(TABLE[name])).get(address(name, stages[0], everybody)).status_code for name in looks}
    assert found == dict.fromkeys(looks, 503)
