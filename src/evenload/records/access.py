"""The only door from a person to a row. Who may do what is said in one table; a row that is not hers does not exist for her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from evenload.records.barred import barred_units_of
from evenload.records.models import (
    Account,
    ConsentDirective,
    Contract,
    Draft,
    Edition,
    FrenchException,
    Import,
    LoadTalk,
    Notice,
    Offer,
    OfferAnswer,
    PlanRun,
    PlanScenario,
    Practitioner,
    Program,
    Referral,
    ReportSchedule,
    RoleOfAccount,
    TimeStandard,
    Unit,
)
from evenload.records.models.vocabulary import ROLES

Row = TypeVar("Row", bound=Model)
RowOfProgram = TypeVar("RowOfProgram", PlanRun, Draft, Edition, FrenchException, Offer)

DIRECTOR: Final = "director"
MANAGES_PROGRAMS: Final = "program_manager"
ADMINISTRATIVE: Final = "administrative"
PRACTITIONER: Final = "practitioner"
PRIVACY_OFFICER: Final = "privacy_officer"

EVERYBODY: Final = frozenset(ROLES)
PLANNERS: Final = frozenset({DIRECTOR, MANAGES_PROGRAMS})
OFFICE: Final = PLANNERS | {ADMINISTRATIVE}
READERS: Final = OFFICE | {PRACTITIONER}

RULES: Final[dict[str, frozenset[str]]] = {
    # everybody's own things
    "home.see": EVERYBODY,
    "overview.see": frozenset({DIRECTOR}),
    "help.see": EVERYBODY,
    "account.own": EVERYBODY,
    "notice.own": EVERYBODY,
    # from nothing to the first plan
    "program.create": frozenset({DIRECTOR}),
    "example.delete": frozenset({DIRECTOR}),
    "import.make": OFFICE,
    "export.make": OFFICE,
    # the desk
    "desk.see": PLANNERS,
    "desk.change": PLANNERS,
    "unit.see": PLANNERS,
    "map.see": PLANNERS,
    "team.see": PLANNERS,
    "team.change": PLANNERS,
    "worksheet.see": PLANNERS,
    "weeks.see": PLANNERS,
    "run.see": PLANNERS,
    "run.ask": PLANNERS,
    "standard.see": PLANNERS,
    "standard.change": PLANNERS,
    "standard.judge": PLANNERS | {PRACTITIONER},
    "scenario.see": PLANNERS,
    "scenario.change": PLANNERS,
    "scenario.shared": EVERYBODY,
    # the list
    "draft.check": PLANNERS,
    "edition.publish": PLANNERS,
    "exception.see": PLANNERS,
    "exception.record": PLANNERS,
    "record.see": PLANNERS,
    "list.see": READERS,
    "list.download": READERS,
    # referrals
    "referral.see": OFFICE,
    "referral.make": OFFICE,
    "referral.triage": OFFICE,
    "consent.record": OFFICE,
    # offers
    "offer.see": PLANNERS,
    "offer.make": PLANNERS,
    "offer.answer": frozenset({PRACTITIONER}),
    # contracts, allotments, the waiting list, service in French
    "report.see": PLANNERS,
    "report.schedule": PLANNERS,
    "workload.see": PLANNERS | {PRACTITIONER},
    "contract.see": PLANNERS,
    "contract.change": frozenset({DIRECTOR}),
    "approval.see": PLANNERS,
    "approval.decide": PLANNERS,
    "allotment.see": READERS,
    "allotment.ask": READERS,
    "allotment.authorise": PLANNERS,
    "waiting_list.see": OFFICE,
    "waiting_list.audit": OFFICE,
    "french_service.see": PLANNERS,
    "figures.see": PLANNERS,
    # a practitioner's own day and clients
    "today.see": frozenset({PRACTITIONER}),
    "client.see": frozenset({PRACTITIONER}),
    "visit.see": frozenset({PRACTITIONER}),
    "visit.record": frozenset({PRACTITIONER}),
    "visit.plan": frozenset({PRACTITIONER}),
    # a practitioner's own weeks
    "week.see": frozenset({PRACTITIONER}),
    "hours.own": frozenset({PRACTITIONER}),
    "leave.tell": frozenset({PRACTITIONER}),
    "calendar.own": frozenset({PRACTITIONER}),
    # how a load feels
    "load.say": frozenset({PRACTITIONER}),
    "talk.see": PLANNERS,
    "talk.take_part": PLANNERS | {PRACTITIONER},
    # the record of the record
    "journal.see": frozenset({PRIVACY_OFFICER}),
    "access.see": frozenset({PRIVACY_OFFICER, DIRECTOR}),
    "access.change": frozenset({DIRECTOR}),
    "access.end": frozenset({PRIVACY_OFFICER, DIRECTOR}),
    "mail.see": frozenset({DIRECTOR}),
    "mail.act": frozenset({DIRECTOR}),
}
"""action → roles that may take it. A view declares one of these; a role acts in the programs it is held in, or in all."""

JOURNALLED: Final = frozenset(
    {"desk.see", "unit.see", "map.see", "team.see", "list.see", "list.download", "exception.see", "record.see", "offer.answer", "offer.see"}
    | {"workload.see"}
    | {"today.see", "client.see", "visit.see"}
    | {"week.see", "hours.own", "referral.see", "referral.make", "approval.see", "allotment.see", "waiting_list.see", "french_service.see"}
    | {"weeks.see"}
)
"""Looking itself is written down: these pages show units of clients."""


class NotHers(Http404):
    """The row is not this person's, or is not there: she cannot tell which. The door writes it down."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, in one of her roles. `programs` holds keys of the role's programs; None is the whole organisation."""

    account: Account
    role: str
    programs: frozenset[int] | None
    request_id: str = ""
    address: str = ""

    @property
    def is_director(self) -> bool:
        return self.role == DIRECTOR

    @property
    def manages_programs(self) -> bool:
        return self.role == MANAGES_PROGRAMS

    @property
    def is_administrative(self) -> bool:
        return self.role == ADMINISTRATIVE

    @property
    def is_practitioner(self) -> bool:
        return self.role == PRACTITIONER

    @property
    def is_privacy_officer(self) -> bool:
        return self.role == PRIVACY_OFFICER

    @property
    def lang(self) -> str:
        return self.account.language

    @property
    def name(self) -> str:
        return self.account.full_name

    def acts_in(self, program: Program) -> bool:
        """Whether her role reaches this program."""
        return self.programs is None or program.pk in self.programs


def roles_of(account: Account) -> tuple[str, ...]:
    """The roles an account holds, each once, in the order of the vocabulary."""
    held = set(RoleOfAccount.objects.filter(account=account).values_list("role", flat=True))
    return tuple(role for role in ROLES if role in held)


def person_of(account: Account, role: str | None = None, *, request_id: str = "", address: str = "") -> Person | None:
    """The account in that role (else in its first); None where it holds no role, or not that one."""
    held = list(RoleOfAccount.objects.filter(account=account).values_list("role", "program_id"))
    wanted = role or next((one for one in ROLES if one in {name for name, _ in held}), None)
    reach = [program_id for name, program_id in held if name == wanted]
    if wanted is None or not reach:
        return None
    programs = None if None in reach else frozenset(reach)
    return Person(account, wanted, programs, request_id, address)


def may(person: Person, action: str, program: Program | None = None) -> bool:
    """Whether her role may take the action, and in that program. An action that is not in the table raises KeyError."""
    return person.role in RULES[action] and (program is None or person.acts_in(program))


def programs_for(person: Person, action: str = "list.see") -> QuerySet[Program]:
    """The programs in which she may take the action."""
    if person.role not in RULES[action]:
        return Program.objects.none()
    return Program.objects.all() if person.programs is None else Program.objects.filter(pk__in=person.programs)


def program_for(person: Person, code: str, action: str) -> Program:
    """The program of that code, if she may take the action in it."""
    return _hers(programs_for(person, action).filter(code=code))


def unit_for(person: Person, program: Program, code: str, action: str) -> Unit:
    """The unit of that code in a program of hers, while it is open; a piece's code (`u1#2`) finds its unit."""
    _refuse_foreign(person, program, action)
    mine = Unit.objects.filter(program=program, closed_on__isnull=True).select_related("site", "time_standard", "program")
    return mine.filter(code=code).first() or _hers(mine.filter(code=code.rpartition("#")[0]))


def practitioner_for(person: Person, program: Program, code: str, action: str) -> Practitioner:
    """The practitioner of that code in a program of hers."""
    _refuse_foreign(person, program, action)
    return _hers(Practitioner.objects.filter(program=program, code=code).select_related("program"))


def run_for(person: Person, key: int, action: str = "run.see", *, program: Program | None = None) -> PlanRun:
    """The plan run, if its program is hers (and is `program`, where one is named). A scenario's run is found by its scenario."""
    return _hers(
        _within(PlanRun.objects.filter(pk=key, scenario__isnull=True), person, action, program).select_related("program", "asked_by")
    )


def scenarios_of(person: Person, program: Program, action: str = "scenario.see") -> QuerySet[PlanScenario]:
    """The scenarios of a program of hers that were not put away; their facts are read only where one is opened."""
    _refuse_foreign(person, program, action)
    return PlanScenario.objects.filter(program=program, ended_at__isnull=True).select_related("program", "made_by").defer("facts_json")


def scenario_for(person: Person, program: Program, key: int, action: str = "scenario.see") -> PlanScenario:
    """The scenario, if its program is hers and is this one."""
    return _hers(scenarios_of(person, program, action).filter(pk=key))


def shared_scenario_for(person: Person, share_code: str) -> PlanScenario:
    """The scenario that was shared under this code: for everybody of the organisation who may see plans of any program."""
    rows = PlanScenario.objects.filter(share_code=share_code, ended_at__isnull=True).exclude(share_code="")
    may_read = programs_for(person, "scenario.see").exists()
    return _hers(rows.select_related("program", "made_by").defer("facts_json") if may_read else rows.none())


def draft_for(person: Person, program: Program, action: str = "desk.see") -> Draft:
    """The open draft of a program of hers."""
    return _hers(_within(Draft.objects.filter(closed_at__isnull=True), person, action, program).select_related("program"))


def edition_for(person: Person, program: Program, number: int, action: str = "list.see") -> Edition:
    """The edition of that number in a program of hers."""
    return _hers(_within(Edition.objects.filter(number=number), person, action, program).select_related("program", "published_by"))


def exception_for(person: Person, program: Program, key: int, action: str) -> FrenchException:
    """The exception to the French rule, in a program of hers."""
    return _hers(_within(FrenchException.objects.filter(pk=key), person, action, program).select_related("program"))


def import_for(person: Person, key: int, action: str = "import.make") -> Import:
    """An import of a program of hers, or one into no program yet that she herself began."""
    rows = Import.objects.filter(pk=key).select_related("program", "by")
    if person.programs is not None:
        rows = rows.filter(program__in=person.programs) | rows.filter(program__isnull=True, by=person.account)
    return _hers(rows if person.role in RULES[action] else rows.none())


def offer_for(person: Person, program: Program, key: int, action: str = "offer.see") -> Offer:
    """The offer, if its program is hers and is this one."""
    return _hers(_within(Offer.objects.filter(pk=key), person, action, program).select_related("program", "unit", "made_by"))


def referrals_of(person: Person, program: Program, action: str = "referral.see") -> QuerySet[Referral]:
    """The referrals of a program of hers."""
    _refuse_foreign(person, program, action)
    rows = Referral.objects.filter(client__program=program)
    return rows.select_related("client__program", "site", "unit__site", "unit__time_standard", "unit__program", "contract", "time_standard")


def referral_for(person: Person, program: Program, key: int, action: str = "referral.see") -> Referral:
    """The referral, if its program is hers and is this one."""
    return _hers(referrals_of(person, program, action).filter(pk=key))


def directive_for(person: Person, program: Program, key: int, action: str = "consent.record") -> ConsentDirective:
    """The consent directive of a client of a program of hers."""
    _refuse_foreign(person, program, action)
    return _hers(ConsentDirective.objects.filter(pk=key, client__program=program).select_related("client__program", "practitioner"))


def contract_for(person: Person, program: Program, key: int, action: str = "contract.see") -> Contract:
    """The contract, if its program is hers and is this one."""
    _refuse_foreign(person, program, action)
    return _hers(Contract.objects.filter(pk=key, program=program).select_related("program"))


def standard_for(person: Person, program: Program, key: int, action: str = "standard.see") -> TimeStandard:
    """The time standard, if its program is hers and is this one."""
    _refuse_foreign(person, program, action)
    return _hers(TimeStandard.objects.filter(pk=key, program=program).select_related("program"))


def schedule_for(person: Person, program: Program, key: int, action: str = "report.schedule") -> ReportSchedule:
    """The scheduled report, if its program is hers and is this one."""
    _refuse_foreign(person, program, action)
    return _hers(ReportSchedule.objects.filter(pk=key, program=program).select_related("program"))


def workload_for(person: Person, code: str, practitioner: str) -> Practitioner:
    """The practitioner whose load it is: for a practitioner herself only, for a planner anybody of a program of hers."""
    if person.is_practitioner:
        return _hers(own_practitioners(person).filter(program__code=code, code=practitioner))
    return practitioner_for(person, program_for(person, code, "workload.see"), practitioner, "workload.see")


def own_answers(person: Person) -> QuerySet[OfferAnswer]:
    """What she herself was asked, and is no longer queued for; nothing of a client who bars her."""
    mine = own_practitioners(person)
    rows = OfferAnswer.objects.filter(practitioner__in=mine).exclude(state="queued").exclude(asked_at=None)
    return rows.exclude(offer__unit__in=barred_units_of(mine)).select_related("offer__program", "offer__unit__site", "practitioner")


def own_answer(person: Person, key: int) -> OfferAnswer:
    """One of what she was asked."""
    return _hers(own_answers(person).filter(pk=key))


def talks_of(person: Person, program: Program) -> QuerySet[LoadTalk]:
    """The load conversations of a program of hers."""
    _refuse_foreign(person, program, "talk.see")
    return LoadTalk.objects.filter(practitioner__program=program).select_related("practitioner", "signal")


def talk_for(person: Person, key: int) -> LoadTalk:
    """The conversation, if it is about herself or about somebody of a program that she plans."""
    rows = LoadTalk.objects.filter(pk=key).select_related("practitioner__program", "signal")
    if person.is_practitioner:
        return _hers(rows.filter(practitioner__in=own_practitioners(person)))
    return _hers(rows.filter(practitioner__program__in=programs_for(person, "talk.see")))


def own_practitioners(person: Person) -> QuerySet[Practitioner]:
    """The practitioners that are this person herself, one per program."""
    rows = Practitioner.objects.filter(account=person.account).select_related("program")
    return rows if person.programs is None else rows.filter(program__in=person.programs)


def own_notices(person: Person) -> QuerySet[Notice]:
    """What this person was told, newest first, in whichever of her roles."""
    return Notice.objects.filter(account=person.account).select_related("program")


def own_notice(person: Person, key: int) -> Notice:
    """One of her notices."""
    return _hers(own_notices(person).filter(pk=key))


def program_keys(person: Person, action: str) -> Iterable[int]:
    """Keys of the programs in which she may take the action."""
    return programs_for(person, action).values_list("pk", flat=True)


def _within(rows: QuerySet[RowOfProgram], person: Person, action: str, program: Program | None) -> QuerySet[RowOfProgram]:
    mine = rows.filter(program__in=programs_for(person, action))
    return mine if program is None else mine.filter(program=program)


def _refuse_foreign(person: Person, program: Program, action: str) -> None:
    if not may(person, action, program):
        raise NotHers


def _hers(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotHers
    return row
