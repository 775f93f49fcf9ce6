"""The people of the demonstration who sign in, one per role; everybody is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.crypto import salted_hmac
from django.utils.text import slugify

from evenload.records.access import Person, person_of
from evenload.records.models import Account, Organisation, Practitioner, Program
from evenload.workflow import accounts

ORGANISATION: Final = ("Confluence Rehabilitation", "Réadaptation Confluence")
PASSWORD_GROUPS: Final = 4
PASSWORD_GROUP: Final = 4
WITHOUT_ACCOUNT: Final = 6
"""one practitioner in so many has no account"""
OFFICE_OPENS: Final = time(9, 0)


@dataclass(frozen=True, slots=True)
class Role:
    """One account of the demonstration. `programs`: codes; empty: the whole organisation."""

    username: str
    full_name: str
    language: str
    role: str
    programs: tuple[str, ...] = ()


DIRECTOR: Final = Role("director", "Hélène Beaulieu", "en", "director")
MARGARET: Final = Role("manager", "Margaret Osei", "en", "program_manager", ("home-care", "clinic"))
SYLVAIN: Final = Role("gestionnaire", "Sylvain Trottier", "fr", "program_manager", ("schools", "retirement-homes"))
OFFICE: Final = Role("office", "Kim Tran", "en", "administrative")
PRACTITIONER: Final = Role("practitioner", "", "fr", "practitioner", ("home-care",))
PRIVACY: Final = Role("privacy", "Anita Deshmukh", "en", "privacy_officer")
ROLES: Final = (DIRECTOR, MARGARET, SYLVAIN, OFFICE, PRACTITIONER, PRIVACY)
NAMES: Final = frozenset(role.full_name for role in ROLES if role.full_name)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the demonstration, counted back from the Monday of its week; office hours, in the organisation's own time."""

    as_of: date

    @property
    def monday(self) -> date:
        """Monday of the week."""
        return self.as_of - timedelta(days=self.as_of.weekday())

    def day(self, *, weeks: int = 0, days: int = 0) -> date:
        """A day before the Monday."""
        return self.monday - timedelta(weeks=weeks, days=days)

    def at(self, *, weeks: int = 0, days: int = 0, minutes: int = 0) -> datetime:
        """So many minutes after the office opens on that day."""
        opens = datetime.combine(self.day(weeks=weeks, days=days), OFFICE_OPENS, ZoneInfo("America/Toronto"))
        return opens + timedelta(minutes=minutes)


def demo_password(*, secret: str | None = None) -> str:
    """The one password of the demonstration's accounts: another in every installation, the same at every start.

    `secret`: the installation's key, where it is not that of this process.
    """
    seal = int(salted_hmac("evenload.demo", "password", secret=secret, algorithm="sha256").hexdigest(), 16)
    letters = []
    for _ in range(PASSWORD_GROUPS * PASSWORD_GROUP):
        seal, place = divmod(seal, len(accounts.LETTERS))
        letters.append(accounts.LETTERS[place])
    return "-".join("".join(letters[first : first + PASSWORD_GROUP]) for first in range(0, len(letters), PASSWORD_GROUP))


def begin(days: Days) -> Person:
    """The organisation, marked as an example from its first moment, and its director."""
    account = accounts.begin_installation(
        organisation_en=ORGANISATION[0],
        organisation_fr=ORGANISATION[1],
        username=DIRECTOR.username,
        full_name=DIRECTOR.full_name,
        password=demo_password(),
        language=DIRECTOR.language,
        at=days.at(weeks=5),
    )
    Organisation.objects.update(is_example=True)
    return _person(account)


def invite(programs: Mapping[str, Program], *, by: Person, days: Days) -> dict[str, Person]:
    """The other accounts, each with its first password already changed; by username."""
    people = {DIRECTOR.username: by}
    for number, role in enumerate(ROLES[1:]):
        people[role.username] = _invited(role, programs, by=by, at=days.at(weeks=5, minutes=40 + 5 * number))
    for program in programs.values():
        _prepare(program, by=by, at=days.at(weeks=5, minutes=90))
    return people


def _prepare(program: Program, *, by: Person, at: datetime) -> None:
    """Accounts for most practitioners, each with her own list to read; their first passwords are still to be given out."""
    for number, one in enumerate(program.practitioners.prefetch_related("languages")):
        if one.account_id is not None or number % WITHOUT_ACCOUNT == WITHOUT_ACCOUNT - 1:
            continue
        french = {spoken.language: spoken.level for spoken in one.languages.all()}.get("fr") == "native"
        account, _ = accounts.create_account(
            username=slugify(one.name).replace("-", "."),
            full_name=one.name,
            language="fr" if french else "en",
            roles=[("practitioner", program)],
            by=by,
            at=at,
            is_prepared=True,
        )
        Practitioner.objects.filter(pk=one.pk).update(account=account)


def _invited(role: Role, programs: Mapping[str, Program], *, by: Person, at: datetime) -> Person:
    own = _own_record(programs["home-care"]) if role is PRACTITIONER else None
    account, first = accounts.create_account(
        username=role.username,
        full_name=own.name if own else role.full_name,
        language=role.language,
        roles=[(role.role, programs[code]) for code in role.programs] or [(role.role, None)],
        by=by,
        at=at,
    )
    accounts.change_password(account, old=first, new=demo_password(), by=person_of(account), at=at + timedelta(minutes=3))
    if own:
        Practitioner.objects.filter(pk=own.pk).update(account=account)
    return _person(account)


def _own_record(program: Program) -> Practitioner:
    """A francophone who is there for the whole period and not far from full time, an occupational therapist where there is one."""
    rows = program.practitioners.filter(languages__language="fr", languages__level="native", from_date=None, to_date=None, accepts_new=True)
    return min(rows, key=lambda row: (row.disciplines != ["OT"], abs(row.weekly_hours - 30), row.code))


def _person(account: Account) -> Person:
    found = person_of(account)
    if found is None:
        raise LookupError(account.username)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One account as it is told to whoever starts the demonstration; `programs` as names in both languages, none: all."""

    username: str
    role: str
    full_name: str
    programs: list[tuple[str, str]]


def accounts_told() -> list[Told]:
    """The accounts of the demonstration that somebody may sign in to, in the order of the roles."""
    order = [role.username for role in ROLES]
    found = []
    for account in Account.objects.filter(username__in=order, is_active=True).prefetch_related("roles__program"):
        roles = list(account.roles.all())
        programs = [(one.program.name_en, one.program.name_fr) for one in roles if one.program]
        found.append(Told(account.username, roles[0].role, account.full_name, programs))
    return sorted(found, key=lambda one: order.index(one.username))
