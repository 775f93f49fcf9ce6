"""Every page of a program asks the records as many questions for a small program as for a large one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast, account, edition_of, person
from evenload.exchange.plan_json import plan_to_json
from evenload.records.access import Person
from evenload.records.models import (
    Account,
    Allotment,
    Contract,
    Draft,
    Import,
    PlanRun,
    Program,
    ReadReceipt,
    RecordedVisit,
    Referral,
    RoleOfAccount,
    StandardJudgement,
)
from evenload.records.models import Client as Referred
from evenload.workflow import draft_picture, drafts, edition_rows, plans, scenarios, snapshot
from web.desk_visits import client_of
from workflow.drafts_made import example_program, plan_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

PAGES = (
    "desk",
    "desk?show=over",
    "desk/board?person={person}",
    "desk/preview?piece={piece}",
    "desk/preview?piece={piece}&to={person}",
    "units/{piece}/candidates",
    "map",
    "sites",
    "team",
    "talks",
    "load-over-time",
    "offers",
    "team/{person}",
    "runs",
    "scenarios",
    "scenarios/compare?with=records",
    "worksheet",
    "worksheet?step=1",
    "worksheet?step=2&try=away:*:3",
    "standards",
    "standards/{standard}",
    "list",
    "list?view=areas&q=a",
    "editions",
    "editions/1",
    "editions/1/difference/2",
    "draft/check",
    "french-exceptions",
    "referrals",
    "referrals?show=waiting",
    "referrals/new",
    "export",
    "reports",
    "reports/quarter?quarter=2026-q1",
    "team/{person}/workload/en.xlsx",
    "contracts",
    "contracts/{contract}",
    "approvals",
    "waiting-list",
    "french-service?show=received",
    "weeks",
    "weeks?class=-&discipline=OT&minutes=45&per_week=1",
    "weeks/of/{person}",
    "weeks/with-nobody",
    "figures",
    "figures/queues.csv",
)
READ_ANEW = ("desk", "list", "draft/check")
"""also where the process keeps nothing of the program yet"""


@pytest.mark.both
def test_no_page_of_a_program_asks_more_of_a_larger_one(db: None) -> None:
    small, large = (_program(size, seed=seed) for seed, size in ((3, 1), (4, 3)))

    for nothing_kept, pages in ((True, READ_ANEW), (False, PAGES)):
        asked = {page: (_queries(*small, page, nothing_kept), _queries(*large, page, nothing_kept)) for page in pages}
        assert {page: counts for page, counts in asked.items() if counts[0] != counts[1]} == {}
        assert nothing_kept or max(max(counts) for counts in asked.values()) < 35


def _program(size: int, *, seed: int) -> tuple[Program, Account]:
    """An example program with `size` times everything: people, units, runs, readers."""
    program, by = example_program(practitioners=3 * size, units=10 * size, seed=seed)
    for number in (1, 2):
        edition = edition_of(program, by.account, number=number, is_current=number == 2)
        ReadReceipt.objects.create(edition=edition, account=by.account, read_at=NOW)
    for _ in range(size):
        PlanRun.objects.create(program=program, asked_by=by.account, asked_at=NOW, state="cancelled")
    for number in range(size):
        made = scenarios.make(program, f"Scenario {number}", by=by, at=NOW)
        PlanRun.objects.create(program=program, scenario=made, asked_by=by.account, asked_at=NOW, state="cancelled")
    drafts.open_draft(program, by=by, at=NOW)
    _protected(program, by, size)
    _referred(program, 2 * size)
    _contracted(program, size, by.account)
    return program, by.account


def _protected(program: Program, by: Person, judges: int) -> None:
    """The draft has a protected plan, and so many people judged every class."""
    for number in range(judges):
        judge = account(f"judge-{program.pk}-{number}", f"Judge {number}", "program_manager", program)
        for standard in program.time_standards.all():
            StandardJudgement.objects.create(standard=standard, by=judge, by_name=judge.full_name, at=NOW, direct_minutes=90)
    run = plans.ask_run(program, by=by, at=NOW, wish=plans.Wish(robust=2))
    nobody_has_anything = plan_to_json(plan_of(plans.case_of_run(run), {}))
    PlanRun.objects.filter(pk=run.pk).update(state="done", ended_at=NOW, plan_json=nobody_has_anything)
    Draft.objects.filter(program=program).update(plan_run=run)


def _referred(program: Program, count: int) -> None:
    """So many referrals to look at, and as many that wait, each for a unit of the program."""
    for number, unit in enumerate(program.units.all()[: 2 * count]):
        client = Referred.objects.create(program=program, code=f"C{number}", initials="A. B.", birth_year=1950)
        state = "received" if number % 2 else "waiting"
        Referral.objects.create(client=client, discipline=unit.discipline, unit=unit, state=state, received_on=NOW.date())


def _contracted(program: Program, count: int, asker: Account) -> None:
    """So many contracts; for every referral visits that run out, visits to approve, and a visit that was made."""
    days = {"starts_on": NOW.date(), "ends_on": NOW.date() + timedelta(days=364)}
    contracts = [Contract.objects.create(program=program, code=f"c{number}", name_en="East", visits=100, **days) for number in range(count)]
    for referral in Referral.objects.filter(client__program=program).select_related("unit"):
        facts = {"referral": referral, "authorised_visits": 2, "starts_on": NOW.date(), "contract": contracts[0]}
        Allotment.objects.create(**facts)
        Allotment.objects.create(**facts, funding="asked", asked_by=asker, asked_because="more")
        assert referral.unit is not None
        visit = {"time_standard": referral.unit.time_standard, "unit": referral.unit, "referral": referral, "direct_minutes": 45}
        RecordedVisit.objects.create(program=program, on=NOW.date(), outcome="done", **visit)


def _queries(program: Program, manager: Account, page: str, nothing_kept: bool) -> int:
    draft = drafts.open_draft_of(program)
    assert draft is not None
    piece, code = draft.placements.filter(practitioner__isnull=False).values_list("piece", "practitioner__code")[0]
    contract = program.contracts.values_list("pk", flat=True)[0]
    standard = program.time_standards.values_list("pk", flat=True)[0]
    path = page.format(piece=quote(piece, safe=""), person=quote(code), contract=contract, standard=standard)
    client = client_of(manager)
    client.get(f"/programs/{program.code}/list")  # the session remembers the program
    if nothing_kept:
        for kept in (snapshot, draft_picture, edition_rows):
            kept.forget()
    else:
        _answered(client, f"/programs/{program.code}/{path}")
    with CaptureQueriesContext(connection) as queries:
        _answered(client, f"/programs/{program.code}/{path}")
    return len(queries)


def _answered(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


@pytest.mark.parametrize("path", ["/", "/access", "/imports", "/journal", "/first-run"])
def test_no_page_of_the_organisation_asks_more_where_there_is_more(everybody: Cast, path: str) -> None:
    who = everybody.privacy_officer if path == "/journal" else everybody.director
    client = client_of(who)
    _answered(client, path)
    before = _counted(lambda: _answered(client, path))

    for number in range(3):
        program = Program.objects.create(
            code=f"more-{number}", name_en=f"More {number}", setting="clinic", period_start=NOW.date(), period_weeks=10
        )
        account = Account.objects.create_account(f"more{number}", None, full_name=f"More {number}")
        RoleOfAccount.objects.create(account=account, role="administrative", program=program)
        Import.objects.create(program=program, by=account, at=NOW, file_name="list.xlsx", state="discarded")
        drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)

    _answered(client, path)  # what is kept of a new program is counted once
    assert _counted(lambda: _answered(client, path)) == before


def _counted(look: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as queries:
        look()
    return len(queries)


def test_a_closed_row_says_the_load_of_now_after_a_move(db: None) -> None:
    program, by = example_program(practitioners=12, units=240)
    draft = drafts.open_draft(program, by=by, at=NOW)
    client = client_of(by.account)
    before = _rows(client, program)
    picture = draft_picture.picture_of(draft)
    piece = next(piece for piece, place in picture.places.items() if place.practitioner and len(picture.facts.bundle_of[piece]) == 1)
    giver = picture.places[piece].practitioner

    drafts.move(draft, piece, None, by=by, at=NOW, seen_version=0)

    after = _rows(client, program)
    assert {code for code, row in after.items() if row != before[code]} == {giver}


def _rows(client: Client, program: Program) -> dict[str, str]:
    page = client.get(f"/programs/{program.code}/desk").content.decode()
    rows = [row.partition("</article>")[0] for row in page.split('<article class="person')[1:]]
    assert all("later-cards" in row for row in rows)
    return {unescape(row.split('data-person="')[1].split('"')[0]): row for row in rows}
