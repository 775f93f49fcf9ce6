"""Reports: their page, their files, the quarter, the workload for a conversation; every figure is the one that a page shows."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cast import Cast, person
from evenload.exchange.pages import Document, Table
from evenload.exchange.quarter_report import quarter_pdf, quarter_report, quarter_xlsx
from evenload.exchange.workload_report import workload_report, workload_xlsx
from evenload.planning.fairness import gini
from evenload.records.models import (
    Contract,
    JournalEntry,
    LoadSignal,
    LoadWeek,
    Practitioner,
    Program,
    RecordedVisit,
    Referral,
    ReferralStep,
    ReportSchedule,
)
from evenload.words import words_in
from evenload.workflow import contract_ledger, french_service, waiting_list
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_rows import row_of
from evenload.workflow.program_figures import figures_of
from evenload.workflow.quarter_figures import quarter_figures
from evenload.workflow.quarters import Quarter, choices, of_calendar, quarter_of, to_be_written
from evenload.workflow.refused import Refused
from evenload.workflow.workload_figures import workload_figures
from recalculated import recalculated_all
from web.desk_visits import client_of, text_of
from workflow.editions_made import published

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TODAY = date(2026, 2, 16)
FIRST_QUARTER = of_calendar(TODAY)
LANGUAGES = ("en", "fr")


@pytest.fixture
def lived(everybody: Cast) -> Program:
    """Program A after six weeks: weeks written, visits made against a contract, referrals placed in time and late, loads said, two editions."""
    program, by = everybody.program_a, person(everybody.manager_of_a)
    Contract.objects.create(program=program, code="east", name_en="East", starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 30), visits=200)
    people = {one.code: one for one in Practitioner.objects.filter(program=program)}
    unit = program.units.get(code="u2")
    for number in range(6):
        monday = program.period_start + timedelta(weeks=number)
        for code, percent in {"Ana": 80 + 10 * (number % 2), "Béa": 120, "Cal": 40}.items():
            LoadWeek.objects.create(practitioner=people[code], monday=monday, committed_minutes=18 * percent, hours_minutes=1800)
        for day in range(4 + number % 2):
            made = {"on": monday + timedelta(days=day), "outcome": "no_show" if day == 3 else "done", "direct_minutes": 45}
            RecordedVisit.objects.create(program=program, practitioner=people["Béa"], unit=unit, time_standard=unit.time_standard, **made)
    published(program, by, at=datetime(2026, 1, 12, 14, tzinfo=UTC), effective_on=date(2026, 1, 12))
    published(program, by, ("u4", "Cal"), at=datetime(2026, 2, 2, 14, tzinfo=UTC), effective_on=date(2026, 2, 2))
    ReferralStep.objects.filter(referral__client__program=program).delete()  # those of the publications
    referrals = list(Referral.objects.filter(client__program=program).select_related("client"))
    for number, one in enumerate(referrals):
        received, at = date(2026, 1, 6), datetime(2026, 1, 12 + number, 15, tzinfo=UTC)
        facts = {"received_on": received, "first_visit_by": date(2026, 1, 20), "first_visit_on": date(2026, 1, 18 + number)}
        state = "waiting" if number == len(referrals) - 1 else "assigned"
        Referral.objects.filter(pk=one.pk).update(state=state, **(facts if state == "assigned" else {"received_on": received}))
        if state == "assigned":
            ReferralStep.objects.create(referral=one, before="waiting", after="assigned", at=at)
    LoadSignal.objects.create(practitioner=people["Béa"], feeling="too_high", cause="travel", said_at=datetime(2026, 2, 3, 15, tzinfo=UTC))
    return program


def table(document: Document, name: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.name == name)


def pdf_text(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\u200b", "").split())


def held_together(content: bytes, title: str, lang: str) -> None:
    """A tagged PDF of that title and language, on Letter, with its own fonts."""
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert str(root["/Lang"]).startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title == title
    fonts = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert all(re.fullmatch(r"/[A-Z]{6}\+OpenSans.*", font) for font in fonts)
    assert {tuple(sorted((round(page.mediabox.width), round(page.mediabox.height)))) for page in reader.pages} == {(612, 792)}


# The page of reports


def test_the_page_says_of_each_report_what_it_answers_and_who_is_in_it(everybody: Cast) -> None:
    manager, code = client_of(everybody.manager_of_a), everybody.program_a.code

    page = manager.get(reverse("reports", args=[code]))

    said = text_of(page.content.decode())
    for sentence in ("Capacity worksheet", "Gap sheet", "Program report of a quarter", "Workload of one practitioner"):
        assert sentence in said
    assert said.count("Nobody is named, neither practitioner nor client.") == 2
    for route in ("worksheet_file", "gap_sheet_file"):
        for lang in LANGUAGES:
            for form in ("pdf", "xlsx"):
                assert reverse(route, args=[code, lang, form]) in page.content.decode()


def test_a_manager_has_a_report_written_and_ends_it(everybody: Cast) -> None:
    manager, code = client_of(everybody.manager_of_a), everybody.program_a.code
    chosen = {"report": "quarter", "language": "fr", "cadence": "quarterly"}

    assert manager.post(reverse("report_schedule", args=[code]), chosen).status_code == 302
    again = manager.post(reverse("report_schedule", args=[code]), chosen)
    wrong = manager.post(reverse("report_schedule", args=[code]), chosen | {"report": "workload"})
    made = ReportSchedule.objects.get()
    shown = text_of(manager.get(reverse("reports", args=[code])).content.decode())
    assert manager.post(reverse("report_schedule_end", args=[code, made.pk])).status_code == 302
    late = manager.post(reverse("report_schedule_end", args=[code, made.pk]))

    assert (again.status_code, wrong.status_code, late.status_code) == (409, 422, 409)
    assert "This report is written in this language already." in text_of(again.content.decode())
    assert "Program report of a quarter, French, on the first day of each quarter" in shown
    assert "Nothing was due yet." in shown
    assert list(JournalEntry.objects.filter(action__startswith="report.schedule").values_list("action", flat=True)) == [
        "report.schedule",
        "report.schedule_end",
    ]


def test_what_stands_in_the_way_of_a_report_is_on_the_page(everybody: Cast) -> None:
    program, at = everybody.program_a, datetime(2026, 1, 12, 14, tzinfo=UTC)
    facts = {"report": "gap_sheet", "language": "en", "cadence": "weekly", "next_on": date(2026, 1, 19)}
    made = ReportSchedule.objects.create(program=program, made_by=everybody.manager_of_a, made_at=at, **facts)
    made.writings.create(due_on=date(2026, 1, 12), state="failed", refusal="share_vanished", attempt=3, last_tried_at=at)

    said = text_of(client_of(everybody.manager_of_a).get(reverse("reports", args=[program.code])).content.decode())

    assert "Due January 12, 2026: not written yet. The shared drive is not there. It is tried again every minute." in said


# The quarter


def test_every_figure_of_the_quarter_is_the_one_of_its_page(lived: Program) -> None:
    facts = quarter_figures(lived, FIRST_QUARTER, today=TODAY)

    line = contract_ledger.lines(lived, today=TODAY)[0]
    (contract,) = facts.contracts
    assert (contract.so_far, contract.even_pace, contract.expected) == (
        line.forecast.delivered,
        line.forecast.pace_visits,
        line.forecast.expected,
    )
    assert (contract.low, contract.high) == (Fraction(line.forecast.low or 0), Fraction(line.forecast.high or 0))
    assert (
        contract.in_quarter == sum(one.made for one in facts.visits) == RecordedVisit.objects.filter(program=lived, outcome="done").count()
    )
    waiting = [row for row in waiting_list.rows_of(lived, today=TODAY) if not row.is_unit]
    assert sum(one.waiting for one in facts.priorities) == len(waiting) == 1
    french = french_service.report(lived, FIRST_QUARTER.first, TODAY)
    assert (facts.french.received, facts.french.requested, facts.french.visits) == (
        len(french.received),
        len(french.requested),
        french.visits,
    )
    figures = figures_of(lived, today=TODAY, at=datetime(2026, 2, 16, 15, tzinfo=UTC))
    assert [(pool.discipline, pool.language, pool.have, pool.need) for pool in facts.pools] == [
        (pool.discipline, pool.language, pool.have, pool.need) for pool in figures.pools
    ]
    assert facts.weeks[-1].gini == figures.evenness.gini == gini([Fraction(40), Fraction(90), Fraction(120)])
    assert (facts.kept.held, facts.kept.kept) == (figures.continuity.held, figures.continuity.kept) if facts.kept else False
    assert [one.number for one in facts.editions] == [1, 2]
    assert (facts.said.too_high, facts.said.begun) == (1, 0)


def test_referrals_are_counted_by_what_was_recorded_in_the_quarter(lived: Program) -> None:
    facts = quarter_figures(lived, FIRST_QUARTER, today=TODAY)

    (line,) = facts.priorities
    placed = Referral.objects.filter(client__program=lived, state="assigned").count()
    assert (line.received, line.placed, line.waiting) == (placed + 1, placed, 1)
    assert line.longest_wait == 6 + placed - 1  # received on the 6th, placed on the 12th and the days after it
    assert (line.first_visits, line.within) == (placed, min(placed, 3))  # seen on the 18th and the days after it, due on the 20th


def test_a_past_quarter_has_the_states_of_its_last_day_and_no_figures_of_today(lived: Program) -> None:
    one = Referral.objects.filter(client__program=lived, state="assigned").latest("pk")
    ReferralStep.objects.create(referral=one, before="assigned", after="waiting", at=datetime(2026, 4, 2, 15, tzinfo=UTC))
    Referral.objects.filter(pk=one.pk).update(state="waiting")

    facts = quarter_figures(lived, FIRST_QUARTER, today=date(2026, 5, 4))

    assert sum(line.waiting for line in facts.priorities) == 1
    assert facts.pools == ()
    assert facts.contracts[0].so_far == contract_ledger.lines(lived, today=date(2026, 3, 31))[0].forecast.delivered
    assert "These days lie behind" in table(quarter_report(facts, words_in("en")), "Capacity and demand").empty


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quarter_on_paper_holds_its_figures_and_names_nobody(lived: Program, lang: str) -> None:
    facts, words = quarter_figures(lived, FIRST_QUARTER, today=TODAY), words_in(lang)

    content = quarter_pdf(facts, words)

    held_together(content, words.say("Program report"), lang)
    said = pdf_text(content)
    for figure in (words.number(facts.contracts[0].expected or 0, 0), words.number(facts.weeks[-1].gini or 0, 2), "2026-02-09"):
        assert figure in said
    assert not any(name in said for name in ("Béa", "Ana", "Cal"))


def test_an_office_program_counts_the_workbooks_to_the_same_figures(lived: Program, everybody: Cast, tmp_path: Path) -> None:
    load = workload_figures(lived.practitioners.get(code="Béa"), reader=everybody.manager_of_a, today=TODAY)
    quarter = quarter_figures(lived, FIRST_QUARTER, today=TODAY)

    for cells in recalculated_all([workload_xlsx(load, words_in("en")), quarter_xlsx(quarter, words_in("fr"))], tmp_path):
        assert [one for one in cells if not one.is_same] == []
        assert len(cells) > 20


def test_an_empty_quarter_says_so_and_shows_no_zero_as_a_fact(everybody: Cast) -> None:
    empty = Program.objects.create(code="empty", name_en="Empty", setting="school", period_start=TODAY, period_weeks=20, as_of=TODAY)

    facts = quarter_figures(empty, FIRST_QUARTER, today=TODAY)

    document = quarter_report(facts, words_in("en"))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert [one.name for one in tables if one.rows] == []
    assert all(one.empty for one in tables)
    held_together(quarter_pdf(facts, words_in("en")), "Program report", "en")


def test_quarters_are_those_that_have_begun(lived: Program) -> None:
    codes = [one.code for one in choices(lived, today=TODAY)]

    assert codes == ["2026-q1", "period-1"]
    assert quarter_of(lived, "2025-q4", today=TODAY) == Quarter("2025-q4", date(2025, 10, 1), date(2025, 12, 31), 2025, 4)
    assert quarter_of(lived, "period-1", today=TODAY) == Quarter("period-1", date(2026, 1, 5), date(2026, 4, 5), 0, 1)
    assert [quarter_of(lived, code, today=TODAY) for code in ("2026-q2", "period-2", "period-9", "2026-q5", "0000-q1", "x")] == [None] * 6
    assert to_be_written(date(2026, 4, 1)).code == "2026-q1"
    assert to_be_written(date(2026, 4, 20)).code == "2026-q2"


def test_an_unknown_quarter_language_or_form_is_not_there(everybody: Cast) -> None:
    manager, code = client_of(everybody.manager_of_a), everybody.program_a.code

    answers = [
        manager.get(reverse("quarter_report", args=[code]) + "?quarter=2199-q1"),
        manager.get(reverse("quarter_file", args=[code, "2199-q1", "en", "pdf"])),
        manager.get(reverse("quarter_file", args=[code, "2026-q1", "de", "pdf"])),
        manager.get(reverse("gap_sheet_file", args=[code, "en", "docx"])),
        manager.get(reverse("workload_file", args=[code, "Béa", "en", "html"])),
    ]

    assert [one.status_code for one in answers] == [404] * 5


# The workload of one practitioner


def test_the_workload_has_the_figures_of_the_board_and_adds_up(lived: Program, everybody: Cast) -> None:
    bea = lived.practitioners.get(code="Béa")

    facts = workload_figures(bea, reader=everybody.manager_of_a, today=TODAY)

    row = row_of(picture_at_hand(lived)[0], picture_at_hand(lived)[0].facts.case.practitioner("Béa"))
    assert (facts.assigned_minutes, facts.capacity_minutes, facts.travel_minutes) == (
        row.load.assigned_minutes,
        row.load.capacity_minutes,
        row.load.travel_minutes,
    )
    assert sum(one.care_minutes + one.travel_minutes for one in facts.units) == facts.assigned_minutes
    assert facts.ahead[0].monday == TODAY
    assert facts.peak is not None
    assert facts.peak.percent == max(week.percent or 0 for week in facts.ahead)
    assert [(one.on, one.feeling, one.cause) for one in facts.signals] == [(date(2026, 2, 3), "too_high", "travel")]
    assert facts.team == ()  # three people: quartiles would say who they are
    assert "Fewer than 5 people" in table(workload_report(facts, words_in("en")), "Team").empty


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workload_is_served_to_her_and_her_manager_in_both_languages(lived: Program, everybody: Cast, lang: str) -> None:
    words = words_in(lang)

    files = {who: client_of(who) for who in (everybody.practitioner, everybody.manager_of_a)}
    answers = {who.username: visitor.get(reverse("workload_file", args=[lived.code, "Béa", lang, "pdf"])) for who, visitor in files.items()}

    assert answers["bea"].content == answers["marie"].content
    held_together(answers["bea"].content, words.say("Workload of {name}", name="Béa"), lang)
    assert "Béa" not in answers["bea"]["Content-Disposition"]
    seen = JournalEntry.objects.filter(action="workload.see")
    assert {(one.account_name, one.subject_kind) for one in seen} == {("Béa Martin", "practitioner"), ("Marie Roy", "practitioner")}
    assert all("u2" in one.client_ids for one in seen)


def test_a_colleagues_workload_does_not_exist_and_a_barring_clients_unit_is_not_shown(lived: Program, everybody: Cast) -> None:
    bea = lived.practitioners.get(code="Béa")
    assert client_of(everybody.practitioner).get(reverse("workload_file", args=[lived.code, "Ana", "en", "pdf"])).status_code == 404
    held = workload_figures(bea, reader=everybody.manager_of_a, today=TODAY).units
    lived.units.get(code=held[0].code).barred_practitioners.add(bea)
    lived.units.filter(code=held[0].code).update(kind="client")

    facts = workload_figures(bea, reader=everybody.practitioner, today=TODAY)

    assert held[0].site_en == "B School"
    assert [(one.is_hidden, one.label, one.area, one.site_en) for one in facts.units if one.code == held[0].code] == [(True, "", "", "")]
    line = table(workload_report(facts, words_in("en")), "Units").rows[0].values
    assert line[:3] == ("Not shown", "–", "–")


# Facts that contradict each other


def test_facts_that_contradict_each_other_are_named_instead_of_a_file(everybody: Cast) -> None:
    program = everybody.program_a
    program.absences.create(who="*", kind="vacation", hours=5_000)
    Program.objects.filter(pk=program.pk).update(facts_version=77)
    manager, code = client_of(everybody.manager_of_a), program.code

    gap = manager.get(reverse("gap_sheet_file", args=[code, "en", "pdf"]))
    load = manager.get(reverse("workload_file", args=[code, "Béa", "en", "pdf"]))
    own = client_of(everybody.practitioner).get(reverse("workload_file", args=[code, "Béa", "en", "pdf"]))
    quarter = manager.get(reverse("quarter_report", args=[code]))

    assert (gap.status_code, load.status_code, own.status_code, quarter.status_code) == (409, 409, 409, 200)
    said = text_of(gap.content.decode())
    assert "The program's facts contradict each other" in said
    assert "5000" in said or "5,000" in said or "absence" in said.lower()
    assert "its manager sees where" in text_of(own.content.decode())
    assert "cannot be counted until they are mended" in text_of(manager.get(reverse("reports", args=[code])).content.decode())
    with pytest.raises(Refused):
        workload_figures(program.practitioners.get(code="Béa"), reader=everybody.manager_of_a, today=TODAY)
