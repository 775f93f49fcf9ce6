"""Accounts and roles: who may sign in, as what; every change is journalled."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from evenload.records.access import RULES, Person, person_of
from evenload.records.models import Account, Organisation, Practitioner, Program, RoleOfAccount
from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT, ROLES, THEMES
from evenload.workflow import journal
from evenload.workflow.refused import Refused

LONGEST_EMAIL: Final = 254
ROLES_OF_THE_ORGANISATION: Final = frozenset({"director", "privacy_officer"})
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""of a first password: none that is mistaken for another"""


@dataclass(frozen=True, slots=True)
class Look:
    """What a person chose for her pages: theme (empty: as the device says), height of rows, letter keys."""

    theme: str = ""
    compact_rows: bool = False
    letter_keys: bool = True


def first_password() -> str:
    """A password to be said once and changed at the first sign-in: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def begin_installation(
    *, organisation_en: str, organisation_fr: str, username: str, full_name: str, password: str, language: str, at: datetime
) -> Account:
    """The organisation and its first director, where there is nobody yet. Refused `already_begun` afterwards, for ever."""
    if Account.objects.exists():
        raise Refused("already_begun")
    if not organisation_en.strip() or len(organisation_en) > 200 or len(organisation_fr) > 200:
        raise Refused("organisation_missing")
    _check_account(username, full_name, "", language)
    account = Account(username=username.strip(), full_name=full_name.strip(), language=language)
    check_strength(password, account)
    try:
        with transaction.atomic():
            Organisation.objects.create(id=1, name_en=organisation_en.strip(), name_fr=organisation_fr.strip())
            account.set_password(password)
            account.save(force_insert=True)
            RoleOfAccount.objects.create(account=account, role="director")
            journal.record(person_of(account), "account.first_director", at=at, subject=("account", account.pk))
    except IntegrityError as quicker:
        raise Refused("already_begun") from quicker
    return account


def create_account(
    *,
    username: str,
    full_name: str,
    language: str,
    roles: Iterable[tuple[str, Program | None]],
    by: Person,
    at: datetime,
    email: str = "",
    is_prepared: bool = False,
) -> tuple[Account, str]:
    """A new account with its roles and a first password, which is returned once and never kept.

    `is_prepared`: without a password yet; nobody signs in to it before `new_first_password` has given one.
    """
    _must_be_allowed(by, "access.change")
    wanted = list(roles)
    _check_account(username, full_name, email, language)
    _check_roles(wanted)
    password = "" if is_prepared else first_password()
    try:
        with transaction.atomic():
            account = Account.objects.create_account(
                username.strip(),
                password or None,
                full_name=full_name.strip(),
                email=email.strip(),
                language=language,
                must_change_password=True,
            )
            RoleOfAccount.objects.bulk_create(RoleOfAccount(account=account, role=role, program=program) for role, program in wanted)
            journal.record(by, "access.account_created", at=at, subject=("account", account.pk), name=full_name, roles=_written(wanted))
    except IntegrityError as taken:
        raise Refused("username_taken", username=username) from taken
    return account, password


def change_roles(account: Account, *, roles: Iterable[tuple[str, Program | None]], by: Person, at: datetime) -> None:
    """Gives the account these roles and no others. The last director stays."""
    _must_be_allowed(by, "access.change")
    wanted = list(dict.fromkeys(roles))
    _check_roles(wanted)
    with transaction.atomic():
        _keep_a_director(account, stays="director" in {role for role, _ in wanted})
        before = [(one.role, one.program) for one in account.roles.select_related("program")]
        account.roles.all().delete()
        RoleOfAccount.objects.bulk_create(RoleOfAccount(account=account, role=role, program=program) for role, program in wanted)
        _unlink_lost(account)
        journal.record(by, "access.roles_changed", at=at, subject=("account", account.pk), before=_written(before), after=_written(wanted))


def change_email(account: Account, email: str, *, by: Person, at: datetime) -> None:
    """The address that mails go to from now on, those that wait included; empty: none. Refused `email_unusable`."""
    _must_be_allowed(by, "access.change")
    _check_email(email)
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(email=email.strip())
        journal.record(by, "access.email_changed", at=at, subject=("account", account.pk))


def link_practitioner(account: Account, program: Program, code: str, *, by: Person, at: datetime) -> None:
    """Says which practitioner of a program the account is (empty: none); her own pages and notices need it.

    Refused `role_needed` where the account is no practitioner of the program, `practitioner_unknown`, `practitioner_taken` {name}.
    """
    _must_be_allowed(by, "access.change")
    with transaction.atomic():
        if code and not account.roles.filter(role="practitioner", program=program).exists():
            raise Refused("role_needed")
        mine = Practitioner.objects.filter(program=program, account=account)
        before = [one.code for one in mine]
        mine.exclude(code=code).update(account=None)
        if code:
            wanted = Practitioner.objects.filter(program=program, code=code)
            if not wanted.filter(Q(account__isnull=True) | Q(account=account)).update(account=account):
                taken = wanted.select_related("account").first()
                raise (
                    Refused("practitioner_taken", name=taken.account.full_name)
                    if taken and taken.account
                    else Refused("practitioner_unknown")
                )
        journal.record(by, "access.practitioner_linked", at=at, program=program, subject=("account", account.pk), before=before, after=code)


def _unlink_lost(account: Account) -> None:
    """Who is no practitioner of a program any more is none of its practitioners either."""
    held = account.roles.filter(role="practitioner").values_list("program_id", flat=True)
    Practitioner.objects.filter(account=account).exclude(program__in=list(held)).update(account=None)


def switch_off(account: Account, *, by: Person, at: datetime) -> None:
    """Nobody can sign in to it any more; its sessions have ended with this. What it did stays written."""
    _must_be_allowed(by, "access.end")
    if account.pk == by.account.pk:
        raise Refused("own_account")
    with transaction.atomic():
        _keep_a_director(account, stays=False)
        Account.objects.filter(pk=account.pk).update(is_active=False, session_round=F("session_round") + 1)
        journal.record(by, "access.account_off", at=at, subject=("account", account.pk))


def switch_on(account: Account, *, by: Person, at: datetime) -> None:
    """It may sign in again, with the roles it has."""
    _must_be_allowed(by, "access.change")
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(is_active=True)
        journal.record(by, "access.account_on", at=at, subject=("account", account.pk))


def new_first_password(account: Account, *, by: Person, at: datetime) -> str:
    """A new first password for somebody who lost hers; all her sessions end."""
    _must_be_allowed(by, "access.change")
    password = first_password()
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = True
        account.session_round += 1
        account.save(update_fields=["password", "must_change_password", "session_round"])
        journal.record(by, "access.password_given", at=at, subject=("account", account.pk))
    return password


def end_sessions(account: Account, *, by: Person, at: datetime) -> None:
    """Every session of the account ends, on every device; who keeps hers must renew its seal afterwards."""
    if account.pk != by.account.pk:
        _must_be_allowed(by, "access.end")
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(session_round=F("session_round") + 1)
        journal.record(by, "access.sessions_ended", at=at, subject=("account", account.pk))
    account.refresh_from_db(fields=["session_round"])


def change_password(account: Account, *, old: str, new: str, by: Person | None, at: datetime) -> None:
    """Her own new password. Refused `old_password_wrong`, `password_the_same` or `password_weak`."""
    if not account.check_password(old):
        raise Refused("old_password_wrong")
    if old == new:
        raise Refused("password_the_same")
    check_strength(new, account)
    with transaction.atomic():
        account.set_password(new)
        account.must_change_password = False
        account.session_round += 1
        account.save(update_fields=["password", "must_change_password", "session_round"])
        journal.record(by, "account.password_changed", at=at, subject=("account", account.pk))


def check_strength(password: str, account: Account) -> None:
    """Refused `password_weak` with the validators' codes as `reasons`."""
    try:
        password_validation.validate_password(password, account)
    except ValidationError as weak:
        raise Refused("password_weak", reasons=[str(one.code) for one in weak.error_list]) from weak


def keep_preferences(account: Account, *, language: str | None = None, look: Look | None = None) -> None:
    """How she likes to read and work: not journalled, as it touches nobody else. Refused `language_unknown`, `theme_unknown`."""
    if language is not None:
        if language not in LANGUAGES_OF_THE_PRODUCT:
            raise Refused("language_unknown", language=language)
        account.language = language
    if look is not None:
        if look.theme not in ("", *THEMES):
            raise Refused("theme_unknown", theme=look.theme)
        account.theme, account.compact_rows, account.letter_keys = look.theme, look.compact_rows, look.letter_keys
    account.save(update_fields=["language", "theme", "compact_rows", "letter_keys"])


def _must_be_allowed(by: Person, action: str) -> None:
    if by.role not in RULES[action]:
        raise Refused("not_allowed", action=action)


def _check_account(username: str, full_name: str, email: str, language: str) -> None:
    if not username.strip() or len(username) > 150 or any(not sign.isprintable() or sign.isspace() for sign in username.strip()):
        raise Refused("username_unusable", username=username)
    if not full_name.strip() or len(full_name) > 200:
        raise Refused("full_name_missing")
    if language not in LANGUAGES_OF_THE_PRODUCT:
        raise Refused("language_unknown", language=language)
    _check_email(email)


def _check_email(email: str) -> None:
    if not email.strip():
        return
    try:
        validate_email(email.strip())
    except ValidationError as wrong:
        raise Refused("email_unusable", email=email) from wrong
    if len(email.strip()) > LONGEST_EMAIL:
        raise Refused("email_unusable", email=email)


def _check_roles(wanted: Iterable[tuple[str, Program | None]]) -> None:
    roles = list(wanted)
    if not roles:
        raise Refused("role_missing")
    for role, program in roles:
        if role not in ROLES:
            raise Refused("role_unknown", role=role)
        if role in ROLES_OF_THE_ORGANISATION and program is not None:
            raise Refused("role_has_no_program", role=role)
        if role == "practitioner" and program is None:
            raise Refused("role_needs_a_program", role=role)


def _keep_a_director(account: Account, *, stays: bool) -> None:
    """Called in a transaction. The directors' rows are held, so that two directors cannot remove each other at once."""
    directors = RoleOfAccount.objects.select_for_update().filter(role="director", account__is_active=True)
    keys = {one.account_id for one in directors}
    if not stays and keys == {account.pk}:
        raise Refused("last_director")


def _written(roles: Iterable[tuple[str, Program | None]]) -> list[list[str]]:
    return [[role, program.code if program else ""] for role, program in roles]
