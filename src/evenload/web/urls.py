"""Every address of the application, in one table: path, view (`module.function` below `web.pages`), name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from django.http.response import HttpResponseBase
from django.urls import path, register_converter
from django.utils.module_loading import import_string


class PieceConverter:
    """A unit's or block's code as one step of an address: `u1#2`, also where it holds a slash or is made of dots."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The code as it is written in the records."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """The code as one step; what would be read as part of the path is quoted once more than the rest of the address."""
        if not value.strip("."):
            return value.replace(".", "%2E")
        return value.replace("%", "%25").replace("/", "%2F").replace("\\", "%5C")


register_converter(PieceConverter, "piece")

ROUTES: Final[tuple[tuple[str, str, str], ...]] = (
    # everybody's own
    ("", "home.home", "home"),
    ("overview/count", "overview.count_anew", "overview_count"),
    ("overview/<slug:part>.csv", "overview.as_csv", "overview_csv"),
    ("sign-in", "sign_in.sign_in", "sign_in"),
    ("sign-out", "sign_in.sign_out", "sign_out"),
    ("language", "account.language", "language"),
    ("account", "account.account", "account"),
    ("account/password", "account.change_password", "change_password"),
    ("account/role", "account.role", "role"),
    ("account/end-sessions", "account.end_sessions", "end_sessions"),
    ("account/notices", "notices.choose", "notice_choices"),
    ("account/test-mail", "notices.test_mail", "mail_test"),
    ("notices", "notices.notices", "notices"),
    ("notices/read", "notices.read", "notices_read"),
    ("notices/<int:key>", "notices.follow", "notice"),
    ("help", "help.help_page", "help"),
    ("guide", "guide.contents", "guide"),
    ("guide/<slug:page>", "guide.page", "guide_page"),
    ("guide/pictures/<slug:name>.png", "guide.picture", "guide_picture"),
    # from nothing to the first plan
    ("first-run", "first_run.first_run", "first_run"),
    ("first-run/example", "first_run.example", "first_run_example"),
    ("first-run/examples/delete", "first_run.delete_examples", "examples_delete"),
    ("first-run/example/<slug:code>/delete", "first_run.delete_example", "example_delete"),
    ("first-run/empty", "first_run.empty", "first_run_empty"),
    ("imports", "imports.imports", "imports"),
    ("imports/new", "imports.new", "import_new"),
    ("imports/<int:key>", "imports.preview", "import_preview"),
    ("imports/<int:key>/columns", "imports.columns", "import_columns"),
    ("imports/<int:key>/confirm", "imports.confirm", "import_confirm"),
    ("imports/<int:key>/discard", "imports.discard", "import_discard"),
    ("imports/<int:key>/problems", "imports.problems", "import_problems"),
    ("programs/<slug:code>/export", "imports.export", "export"),
    # the manager's desk
    ("programs/<slug:code>/desk", "desk.desk", "desk"),
    ("programs/<slug:code>/desk/board", "desk.board", "desk_board"),
    ("programs/<slug:code>/desk/preview", "desk.preview", "desk_preview"),
    ("programs/<slug:code>/desk/move", "desk.move", "desk_move"),
    ("programs/<slug:code>/desk/pin", "desk.pin", "desk_pin"),
    ("programs/<slug:code>/desk/ban", "desk.ban", "desk_ban"),
    ("programs/<slug:code>/desk/undo", "desk.undo", "desk_undo"),
    ("programs/<slug:code>/units/<piece:piece>/candidates", "candidates.candidates", "candidates"),
    ("programs/<slug:code>/units/<piece:piece>/compare", "candidates.compare", "compare"),
    ("programs/<slug:code>/units/<piece:piece>/wait", "candidates.wait", "unit_wait"),
    ("programs/<slug:code>/recruiting", "recruiting.recruiting", "recruiting"),
    ("programs/<slug:code>/map", "map.map_page", "map"),
    ("programs/<slug:code>/sites", "sites.sites", "sites"),
    ("programs/<slug:code>/team", "team.team", "team"),
    ("programs/<slug:code>/team/<piece:practitioner>", "team.practitioner", "practitioner"),
    ("programs/<slug:code>/team/<piece:practitioner>/hand-over", "team.hand_over", "hand_over"),
    ("programs/<slug:code>/worksheet", "worksheet.worksheet", "worksheet"),
    ("programs/<slug:code>/worksheet/files/<slug:language>.<slug:form>", "worksheet.download", "worksheet_file"),
    ("programs/<slug:code>/standards", "standards.all_of", "standards"),
    ("programs/<slug:code>/standards/csv", "standards.as_csv", "standards_csv"),
    ("programs/<slug:code>/standards/judge", "standard_judgements.judge_own", "standard_judge_own"),
    ("programs/<slug:code>/standards/templates/<slug:setting>/<slug:discipline>", "standard_templates.enter", "standard_template"),
    ("programs/<slug:code>/standards/<int:key>", "standards.one", "standard"),
    ("programs/<slug:code>/standards/<int:key>/judge", "standard_judgements.judge", "standard_judge"),
    ("programs/<slug:code>/standards/<int:key>/change", "standard_changes.propose", "standard_change"),
    ("programs/<slug:code>/standards/<int:key>/versions/<int:number>", "standard_changes.decide", "standard_decide"),
    ("programs/<slug:code>/weeks", "weeks.all_of", "weeks"),
    ("programs/<slug:code>/weeks/csv", "weeks.as_csv", "weeks_csv"),
    ("programs/<slug:code>/weeks/with-nobody", "weeks.waiting", "weeks_waiting"),
    ("programs/<slug:code>/weeks/of/<piece:practitioner>", "weeks.of_one", "weeks_of"),
    ("programs/<slug:code>/runs", "plan_runs.runs", "runs"),
    ("programs/<slug:code>/runs/ask", "plan_runs.ask", "run_ask"),
    ("programs/<slug:code>/runs/<int:key>", "plan_runs.run", "run"),
    ("programs/<slug:code>/runs/<int:key>/progress", "plan_runs.progress", "run_progress"),
    ("programs/<slug:code>/runs/<int:key>/cancel", "plan_runs.cancel", "run_cancel"),
    ("programs/<slug:code>/runs/<int:key>/take-up", "plan_runs.take_up", "run_take_up"),
    ("programs/<slug:code>/scenarios", "scenarios.all_of", "scenarios"),
    ("programs/<slug:code>/scenarios/compare", "scenario_compare.compare", "scenario_compare"),
    ("programs/<slug:code>/scenarios/compare/csv", "scenario_compare.as_csv", "scenario_compare_csv"),
    ("programs/<slug:code>/scenarios/<int:key>", "scenarios.one", "scenario"),
    ("programs/<slug:code>/scenarios/<int:key>/act", "scenarios.act", "scenario_act"),
    ("programs/<slug:code>/scenarios/<int:key>/progress", "scenarios.progress", "scenario_progress"),
    ("scenarios/<slug:share_code>", "scenarios.shared", "shared_scenario"),
    # a practitioner's own day and clients
    ("today", "today.today", "today"),
    ("today/plan", "today.plan", "week_plan"),
    ("visits/record", "visits.record", "visit_record"),
    ("visits/<int:key>/undo", "visits.undo", "visit_undo"),
    ("visits/planned/<int:key>", "visits.planned", "planned_visit"),
    ("clients", "clients.clients", "clients"),
    ("clients/<int:key>", "clients.client", "client"),
    # referrals
    ("programs/<slug:code>/referrals", "referrals.triage", "referrals"),
    ("programs/<slug:code>/referrals/new", "referral_new.new", "referral_new"),
    ("programs/<slug:code>/referrals/<int:key>", "referrals.referral", "referral"),
    ("programs/<slug:code>/referrals/import", "referral_import.upload", "referral_import"),
    ("programs/<slug:code>/referrals/import/<int:key>", "referral_import.preview", "referral_import_preview"),
    ("programs/<slug:code>/referrals/template/<slug:language>.<slug:form>", "referral_import.template", "referral_template"),
    # offers
    ("offers", "offers.inbox", "offers"),
    ("offers/<int:key>", "offers.answer", "offer_answer"),
    ("programs/<slug:code>/offers", "offers.sent", "offers_sent"),
    ("programs/<slug:code>/offers/<int:key>", "offers.act", "offer_act"),
    ("programs/<slug:code>/units/<piece:piece>/offer", "offers.offer", "offer"),
    # contracts, allotments, the waiting list, service in French
    ("programs/<slug:code>/reports", "reports.reports", "reports"),
    ("programs/<slug:code>/reports/schedules", "reports.schedule", "report_schedule"),
    ("programs/<slug:code>/reports/schedules/<int:key>/end", "reports.end_schedule", "report_schedule_end"),
    ("programs/<slug:code>/reports/quarter", "report_files.quarter", "quarter_report"),
    ("programs/<slug:code>/reports/quarters/<slug:quarter>/<slug:language>.<slug:form>", "report_files.quarter_download", "quarter_file"),
    ("programs/<slug:code>/reports/gap-sheet/<slug:language>.<slug:form>", "report_files.gap_sheet", "gap_sheet_file"),
    ("programs/<slug:code>/team/<piece:practitioner>/workload/<slug:language>.<slug:form>", "report_files.workload", "workload_file"),
    ("programs/<slug:code>/figures", "figures.program", "program_figures"),
    ("programs/<slug:code>/figures/<slug:part>.csv", "figures.as_csv", "program_figures_csv"),
    ("programs/<slug:code>/contracts", "contracts.all_of", "contracts"),
    ("programs/<slug:code>/contracts/new", "contracts.new", "contract_new"),
    ("programs/<slug:code>/contracts/targets", "contracts.targets", "contract_targets"),
    ("programs/<slug:code>/contracts/<int:key>", "contracts.one", "contract"),
    ("programs/<slug:code>/contracts/<int:key>/change", "contracts.change", "contract_change"),
    ("programs/<slug:code>/contracts/<int:key>/ledger.csv", "contracts.as_csv", "contract_csv"),
    ("programs/<slug:code>/referrals/<int:key>/visits", "allotments.visits", "allotments"),
    ("programs/<slug:code>/waiting-list", "waiting_list.all_of", "waiting_list"),
    ("programs/<slug:code>/waiting-list/csv", "waiting_list.export", "waiting_list_csv"),
    ("programs/<slug:code>/waiting-list/<int:key>/audit", "waiting_list.audit", "waiting_list_audit"),
    ("programs/<slug:code>/french-service", "french_service.report", "french_service"),
    ("programs/<slug:code>/french-service/csv", "french_service.as_csv", "french_service_csv"),
    ("programs/<slug:code>/approvals", "allotments.approvals", "approvals"),
    ("programs/<slug:code>/approvals/<int:key>", "allotments.decide", "approval_decide"),
    # a practitioner's own weeks
    ("week", "week.week", "week"),
    ("week/order", "week.order", "week_order"),
    ("hours", "hours.hours", "hours"),
    ("hours/<int:key>/withdraw", "hours.withdraw", "hours_withdraw"),
    ("leave", "leave.leave", "leave"),
    ("leave/<int:key>/cancel", "leave.cancel", "leave_cancel"),
    ("calendar-feed", "calendar_feed.calendar_feed", "calendar_feed"),
    ("calendar/<slug:token>.ics", "calendar_feed.calendar_file", "calendar_file"),
    ("programs/<slug:code>/team/<piece:practitioner>/leave", "leave.tell", "leave_tell"),
    ("programs/<slug:code>/leave/<int:key>", "leave.act", "leave_act"),
    ("programs/<slug:code>/hours-offered/<int:key>", "hours.act", "hours_act"),
    # how a load feels
    ("my-load", "talks.my_load", "my_load"),
    ("my-load/<slug:code>/weeks.csv", "own_figures.weeks_csv", "own_weeks_csv"),
    ("talks/<int:key>", "talks.talk", "talk"),
    ("programs/<slug:code>/talks", "talks.conversations", "talks"),
    ("programs/<slug:code>/load-over-time", "load_history.over_time", "load_over_time"),
    # the list
    ("programs/<slug:code>/list", "lists.current", "list"),
    ("programs/<slug:code>/draft/check", "editions.check", "draft_check"),
    ("programs/<slug:code>/draft/publish", "editions.publish", "publish"),
    ("programs/<slug:code>/units/<piece:piece>/french-exception", "exceptions.record", "exception_record"),
    ("programs/<slug:code>/french-exceptions", "exceptions.exceptions", "exceptions"),
    ("programs/<slug:code>/french-exceptions/<int:key>/take-back", "exceptions.take_back", "exception_take_back"),
    ("programs/<slug:code>/editions", "editions.editions", "editions"),
    ("programs/<slug:code>/editions/<int:number>", "lists.edition", "edition"),
    ("programs/<slug:code>/editions/<int:number>/record", "edition_records.edition_record", "edition_record"),
    ("programs/<slug:code>/editions/<int:number>/difference/<int:other>", "editions.difference", "difference"),
    ("programs/<slug:code>/editions/<int:number>/files/<slug:language>.<slug:form>", "editions.download", "edition_file"),
    ("check-list", "codes.check_list", "check_list"),
    ("e/<slug:code>", "codes.answer", "answer"),
    # the record of the record
    ("journal", "journal.journal", "journal"),
    ("journal/export", "journal.export", "journal_export"),
    ("journal/verify", "journal.verify", "journal_verify"),
    ("access", "access.access", "access"),
    ("access/new", "access.new", "account_new"),
    ("access/<int:key>", "access.one", "account_of"),
    ("access/<int:key>/email", "access.email", "account_email"),
    ("access/<int:key>/roles", "access.roles", "account_roles"),
    ("access/<int:key>/practitioner", "own_rows.link", "account_practitioner"),
    ("access/<int:key>/end", "access.end", "account_end"),
    ("mails", "mails.mails", "mails"),
    ("mails/<int:key>", "mails.act", "mail_act"),
    ("own-check", "own_check.own_check", "own_check"),
    ("waiting-list-check", "wait_check.wait_check", "wait_check"),
    ("health", "health.health", "health"),
    ("styleguide", "styleguide.styleguide", "styleguide"),
)


def view_of(dotted: str) -> Callable[..., HttpResponseBase]:
    """The view of a route. Raises ImportError where there is none."""
    found: Callable[..., HttpResponseBase] = import_string(f"evenload.web.pages.{dotted}")
    return found


urlpatterns = [path(route, view_of(dotted), name=name) for route, dotted, name in ROUTES]
handler400 = "evenload.web.pages.errors.bad_request"
handler403 = "evenload.web.pages.errors.not_allowed"
handler404 = "evenload.web.pages.errors.not_found"
handler500 = "evenload.web.pages.errors.broken"
