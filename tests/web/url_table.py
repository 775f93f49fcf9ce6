"""One table: every address × every person × her own and a foreign program → the answer. An address without a row fails the build.

A row says, for program A (first line) and for program B (second line), what these get, in this order:
director, manager of A, manager of B, administrative staff of A, practitioner of A, privacy officer.
`ok` is the row's own status; a number is that status. For addresses without a program there is one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PEOPLE: Final = ("director", "manager_of_a", "manager_of_b", "administrative", "practitioner", "privacy_officer")

EVERYBODY: Final = ("ok ok ok ok ok ok",)
DIRECTOR: Final = ("ok 403 403 403 403 403",)
DIRECTOR_OF: Final = ("ok 403 403 403 403 403",) * 2
OFFICE: Final = ("ok ok ok ok 403 403",)
PRIVACY: Final = ("403 403 403 403 403 ok",)
WATCHERS: Final = ("ok 403 403 403 403 ok",)
OWN: Final = ("403 403 403 403 ok 403",)
PLANNERS: Final = ("ok ok 404 403 403 403", "ok 404 ok 403 403 403")
OFFICE_OF: Final = ("ok ok 404 ok 403 403", "ok 404 ok 404 403 403")
READERS: Final = ("ok ok 404 ok ok 403", "ok 404 ok 404 404 403")


@dataclass(frozen=True, slots=True)
class Row:
    """One address: who gets what; which status `ok` is for GET and POST (None: the method is refused with 405)."""

    answers: tuple[str, ...]
    get: int | None = 200
    post: int | None = None
    keys: tuple[str, ...] = ()
    """names of the address's arguments, beside `code` of the program"""
    is_public: bool = False


def reading(answers: tuple[str, ...], *keys: str, ok: int = 200) -> Row:
    """A page that is only read."""
    return Row(answers, get=ok, keys=keys)


def form(answers: tuple[str, ...], *keys: str, get: int = 200, post: int = 422) -> Row:
    """A page with a form: an empty form is refused at its fields (422) unless stated otherwise."""
    return Row(answers, get=get, post=post, keys=keys)


def deed(answers: tuple[str, ...], *keys: str, post: int = 302) -> Row:
    """An act: POST only; `post` is what an empty form gets."""
    return Row(answers, get=None, post=post, keys=keys)


TABLE: Final[dict[str, Row]] = {
    # everybody's own
    "home": reading(("ok 302 302 302 302 302",)),
    "overview_count": deed(DIRECTOR),
    "overview_csv": reading(DIRECTOR, "overview_part"),
    "notices": reading(EVERYBODY),
    "notices_read": deed(EVERYBODY),
    "notice": reading(("404 404 404 404 ok 404",), "notice", ok=302),
    "notice_choices": deed(EVERYBODY),
    "mail_test": deed(EVERYBODY),
    "help": reading(EVERYBODY),
    "guide": reading(EVERYBODY),
    "guide_page": reading(EVERYBODY, "guide_page"),
    "guide_picture": reading(EVERYBODY, "guide_picture"),
    "account": form(EVERYBODY, post=302),
    "change_password": Row(EVERYBODY, get=200, post=422, is_public=True),
    "role": deed(EVERYBODY, post=404),
    "end_sessions": deed(EVERYBODY),
    # open to strangers
    "sign_in": Row(EVERYBODY, get=302, post=422, is_public=True),
    "sign_out": Row(EVERYBODY, get=None, post=302, is_public=True),
    "language": Row(EVERYBODY, get=None, post=404, is_public=True),
    "check_list": Row(EVERYBODY, get=200, is_public=True),
    "answer": Row(EVERYBODY, get=200, keys=("edition_code",), is_public=True),
    "own_check": Row(EVERYBODY, get=200, post=422, is_public=True),
    "wait_check": Row(EVERYBODY, get=200, is_public=True),
    "health": Row(EVERYBODY, get=200, is_public=True),
    "styleguide": Row(EVERYBODY, get=404, is_public=True),
    # from nothing to the first plan
    "first_run": Row(DIRECTOR, is_public=True),
    "example_delete": deed(("ok 403 403 403 403 403",) * 2, post=422),
    "examples_delete": deed(DIRECTOR, post=422),
    "first_run_example": deed(DIRECTOR),
    "first_run_empty": form(DIRECTOR),
    "imports": reading(OFFICE),
    "import_new": form(OFFICE),
    "import_preview": reading(OFFICE_OF, "import"),
    "import_columns": form(OFFICE_OF, "import"),
    "import_confirm": deed(OFFICE_OF, "import"),
    "import_discard": deed(OFFICE_OF, "import"),
    "import_problems": reading(OFFICE_OF, "import"),
    "export": form(OFFICE_OF),
    # the desk
    "desk": form(PLANNERS, post=302),
    "desk_board": reading(PLANNERS),
    "desk_preview": reading(PLANNERS),
    "desk_move": deed(PLANNERS),
    "desk_pin": deed(PLANNERS),
    "desk_ban": deed(PLANNERS),
    "desk_undo": deed(PLANNERS),
    "candidates": reading(PLANNERS, "piece"),
    "compare": reading(PLANNERS, "piece"),
    "unit_wait": deed(PLANNERS, "piece", post=422),
    "recruiting": reading(PLANNERS),
    "map": reading(PLANNERS),
    "sites": reading(PLANNERS),
    "team": reading(PLANNERS),
    "practitioner": form(PLANNERS, "practitioner"),
    "hand_over": form(PLANNERS, "practitioner"),
    "worksheet": form(PLANNERS, post=302),
    "worksheet_file": reading(PLANNERS, "worksheet_file"),
    "weeks": reading(PLANNERS),
    "weeks_csv": reading(PLANNERS),
    "weeks_waiting": reading(PLANNERS),
    "weeks_of": reading(PLANNERS, "practitioner"),
    "standards": reading(PLANNERS),
    "standards_csv": reading(PLANNERS),
    "standard": reading(PLANNERS, "standard"),
    "standard_change": form(PLANNERS, "standard"),
    "standard_decide": deed(PLANNERS, "standard", "standard_version", post=409),
    "standard_judge": form(("ok ok 404 403 ok 403", "ok 404 ok 403 404 403"), "standard"),
    "standard_judge_own": reading(("ok ok 404 403 ok 403", "ok 404 ok 403 404 403")),
    "standard_template": form(PLANNERS, "standard_template"),
    "runs": reading(PLANNERS),
    "run_ask": deed(PLANNERS),
    "run": reading(PLANNERS, "run"),
    "run_progress": reading(PLANNERS, "run"),
    "run_cancel": deed(PLANNERS, "run"),
    "run_take_up": deed(PLANNERS, "run"),
    "scenarios": form(PLANNERS),
    "scenario": form(PLANNERS, "scenario"),
    "scenario_act": deed(PLANNERS, "scenario", post=404),
    "scenario_progress": reading(PLANNERS, "scenario"),
    "scenario_compare": reading(PLANNERS),
    "scenario_compare_csv": reading(PLANNERS),
    "shared_scenario": reading(("ok ok ok 404 404 404",), "share_code"),
    # a practitioner's own day and clients
    "today": reading(OWN),
    "week_plan": deed(OWN),
    "visit_record": deed(OWN, post=404),
    "visit_undo": deed(OWN, "recorded_visit"),
    "planned_visit": form(OWN, "planned_visit"),
    "clients": reading(OWN),
    "client": form(OWN, "own_unit"),
    # referrals
    "referrals": reading(OFFICE_OF),
    "referral_new": form(OFFICE_OF),
    "referral": form(OFFICE_OF, "referral"),
    "referral_import": form(OFFICE_OF),
    "referral_import_preview": form(OFFICE_OF, "referral_import", post=302),
    "referral_template": reading(OFFICE_OF, "file"),
    # offers
    "offers": reading(("403 403 403 403 ok 403",)),
    "offer_answer": deed(("403 403 403 403 ok 403",), "answer", post=422),
    "offers_sent": reading(PLANNERS),
    "offer_act": deed(PLANNERS, "offer"),
    "offer": form(PLANNERS, "piece"),
    # contracts, allotments, the waiting list, service in French
    "reports": reading(PLANNERS),
    "report_schedule": deed(PLANNERS, post=422),
    "report_schedule_end": deed(PLANNERS, "report_schedule"),
    "quarter_report": reading(PLANNERS),
    "quarter_file": reading(PLANNERS, "quarter", "worksheet_file"),
    "gap_sheet_file": reading(PLANNERS, "worksheet_file"),
    "workload_file": reading(("ok ok 404 403 404 403", "ok 404 ok 403 404 403"), "practitioner", "worksheet_file"),
    "program_figures": reading(PLANNERS),
    "program_figures_csv": reading(PLANNERS, "figures_part"),
    "contracts": reading(PLANNERS),
    "contract_new": form(DIRECTOR_OF),
    "contract_targets": form(DIRECTOR_OF, post=302),
    "contract": reading(PLANNERS, "contract"),
    "contract_change": form(DIRECTOR_OF, "contract"),
    "contract_csv": reading(PLANNERS, "contract"),
    "allotments": form(("ok ok 404 ok 404 403", "ok 404 ok 404 404 403"), "referral"),
    "approvals": reading(PLANNERS),
    "french_service": reading(PLANNERS),
    "french_service_csv": reading(PLANNERS),
    "waiting_list": reading(OFFICE_OF),
    "waiting_list_csv": deed(OFFICE_OF, post=200),
    "waiting_list_audit": deed(OFFICE_OF, "referral", post=422),
    "approval_decide": deed(PLANNERS, "asked_visits", post=422),
    # a practitioner's own weeks
    "week": form(OWN, post=302),
    "week_order": deed(OWN),
    "hours": form(OWN),
    "hours_withdraw": deed(OWN, "hours_offered"),
    "leave": form(OWN),
    "leave_cancel": deed(OWN, "leave"),
    "calendar_feed": form(OWN),
    "calendar_file": Row(EVERYBODY, get=404, keys=("calendar_token",), is_public=True),
    "leave_tell": form(PLANNERS, "practitioner"),
    "leave_act": deed(PLANNERS, "leave"),
    "hours_act": deed(PLANNERS, "hours_offered"),
    # how a load feels
    "my_load": form(("403 403 403 403 ok 403",)),
    "own_weeks_csv": reading(("403 403 403 403 ok 403", "403 403 403 403 404 403")),
    "talk": form(("ok ok 404 403 ok 403", "ok 404 ok 403 404 403"), "talk"),
    "talks": reading(PLANNERS),
    "load_over_time": reading(PLANNERS),
    # the list
    "list": reading(READERS),
    "draft_check": reading(PLANNERS),
    "publish": deed(PLANNERS, post=422),
    "exception_record": form(PLANNERS, "piece"),
    "exceptions": reading(PLANNERS),
    "exception_take_back": deed(PLANNERS, "exception"),
    "editions": reading(READERS),
    "edition": reading(READERS, "edition"),
    "edition_record": reading(PLANNERS, "edition"),
    "difference": reading(READERS, "edition", "other"),
    "edition_file": reading(READERS, "edition", "file"),
    # the record of the record
    "journal": reading(PRIVACY),
    "journal_export": deed(PRIVACY, post=200),
    "journal_verify": deed(PRIVACY),
    "access": reading(WATCHERS),
    "account_new": form(DIRECTOR),
    "account_of": reading(WATCHERS, "account"),
    "account_email": deed(DIRECTOR, "account"),
    "account_roles": deed(DIRECTOR, "account", post=422),
    "account_practitioner": deed(DIRECTOR, "account", post=404),
    "account_end": deed(WATCHERS, "account", post=404),
    "mails": reading(DIRECTOR),
    "mail_act": deed(DIRECTOR, "mail", post=404),
}
