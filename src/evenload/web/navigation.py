"""Where each role finds things: the entries of the navigation, as data. The first entry of a role is its home.

An entry is shown once its page is built; a page of a program leads to the program at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from evenload.words import Words, message


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name, the page it leads to, and the other pages on which it is the current one."""

    name: str
    route: str
    also: frozenset[str] = frozenset()
    in_program: bool = True
    is_thumb: bool = True
    """stands in the bottom bar of a phone, for roles that have one"""


@dataclass(frozen=True, slots=True)
class Step:
    """An entry as one page shows it."""

    name: str
    address: str
    is_current: bool
    is_thumb: bool


OVERVIEW: Final = Entry(message("Overview"), "home", in_program=False)
PROGRAMS: Final = Entry(message("Programs"), "programs", in_program=False)
DESK: Final = Entry(
    message("Desk"),
    "desk",
    frozenset({"candidates", "compare", "map", "sites", "desk_preview", "desk_move", "desk_pin", "desk_ban", "unit_wait", "recruiting"}),
)
REFERRALS: Final = Entry(message("Referrals"), "referrals", frozenset({"referral", "referral_import", "referral_import_preview"}))
OFFERS_SENT: Final = Entry(message("Offers sent"), "offers_sent", frozenset({"offer", "offer_act"}))
TEAM: Final = Entry(message("Team"), "team", frozenset({"practitioner", "hand_over", "talks", "talk", "load_over_time", "leave_tell"}))
STANDARDS: Final = frozenset({"standards", "standard", "standard_change", "standard_decide", "standard_judge", "standard_template"})
SCENARIOS: Final = frozenset({"scenarios", "scenario", "scenario_compare"})
PLAN: Final = Entry(
    message("Plan"),
    "worksheet",
    frozenset({"weeks", "weeks_of", "weeks_waiting", "runs", "run", "run_ask", "run_cancel", "run_take_up"}) | STANDARDS | SCENARIOS,
)
CONTRACTS: Final = Entry(
    message("Contracts"), "contracts", frozenset({"contract", "contract_new", "contract_change", "contract_targets", "approvals"})
)
REPORTS: Final = Entry(
    message("Reports"),
    "reports",
    frozenset({"waiting_list", "french_service", "program_figures", "quarter_report", "report_schedule", "report_schedule_end"}),
)
REPORTS_WITH_CONTRACTS: Final = Entry(message("Reports"), "reports", REPORTS.also | CONTRACTS.also | {"contracts"})
LIST: Final = Entry(
    message("Assignment list"),
    "list",
    frozenset({"edition", "editions", "edition_record", "difference", "draft_check", "publish", "exceptions", "exception_record"}),
    is_thumb=False,
)
LISTS: Final = Entry(message("Assignment lists"), "list", LIST.also, is_thumb=False)
IMPORTS: Final = Entry(
    message("Imports"),
    "imports",
    frozenset({"import_new", "import_preview", "import_columns", "import_confirm", "import_problems"}),
    in_program=False,
)

ACCESS: Final = Entry(
    message("Access"),
    "access",
    frozenset({"account_new", "account_of", "account_email", "account_roles", "account_practitioner", "account_end", "mails"}),
    in_program=False,
)

ENTRIES: Final[dict[str, tuple[Entry, ...]]] = {
    "director": (OVERVIEW, PROGRAMS, DESK, OFFERS_SENT, PLAN, LISTS, CONTRACTS, REPORTS, ACCESS),
    "program_manager": (DESK, REFERRALS, OFFERS_SENT, LIST, TEAM, PLAN, REPORTS_WITH_CONTRACTS),
    "administrative": (
        LISTS,
        Entry(message("New referral"), "referral_new"),
        REFERRALS,
        Entry(message("Waiting list"), "waiting_list"),
        IMPORTS,
    ),
    "practitioner": (
        Entry(message("Today"), "today", frozenset({"week", "calendar_feed"}), in_program=False),
        Entry(message("Clients"), "clients", in_program=False),
        Entry(message("Offers"), "offers", in_program=False),
        Entry(
            message("My load"), "my_load", frozenset({"talk", "hours", "leave", "standard_judge_own", "standard_judge"}), in_program=False
        ),
        LIST,
    ),
    "privacy_officer": (
        Entry(message("Journal"), "journal", frozenset({"journal_verify"}), in_program=False),
        ACCESS,
        Entry(message("Directives"), "directives", in_program=False),
        Entry(message("Retention"), "retention", in_program=False),
        Entry(message("Breaches"), "breaches", in_program=False),
    ),
}
"""role → its entries (docs: interface, section 1). A director works at a desk too, where no manager does."""

THUMB_ROLES: Final = frozenset({"practitioner"})
"""Roles whose phone shows a bottom bar instead of a menu."""


def steps(role: str, words: Words, *, here: str, program_code: str | None) -> tuple[Step, ...]:
    """The entries of a role whose pages are built; those of a program need the code of one."""
    found = []
    for entry in ENTRIES[role]:
        address = address_of(entry, program_code)
        if address is not None:
            found.append(Step(words.say(entry.name), address, here == entry.route or here in entry.also, entry.is_thumb))
    return tuple(found)


def address_of(entry: Entry, program_code: str | None) -> str | None:
    """Where an entry leads; None where its page is not built, or no program is at hand."""
    if entry.in_program and program_code is None:
        return None
    try:
        return reverse(entry.route, args=[program_code] if entry.in_program else [])
    except NoReverseMatch:
        return None
