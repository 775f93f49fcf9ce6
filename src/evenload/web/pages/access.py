"""Who may sign in, and as what: for the director, who decides it, and the privacy officer, who watches over it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenload.records.access import Person, may
from evenload.records.models import Account, Practitioner, Program
from evenload.records.models.vocabulary import ROLES
from evenload.records.queries import accounts_with_roles
from evenload.web.door import door, person_in
from evenload.words import Words, label, message, words_in
from evenload.workflow import accounts
from evenload.workflow.refused import Refused

REFUSALS = {
    "email_unusable": ("email", message("This is not an e-mail address.")),
    "practitioner_taken": ("practitioner", message("This practitioner is linked to another account already. Unlink that one first.")),
    "practitioner_unknown": ("practitioner", message("Choose a practitioner of this program.")),
    "role_needed": ("practitioner", message("Give the account the role of practitioner in this program first.")),
    "full_name_missing": ("full_name", message("Write the person's name.")),
    "last_director": ("roles", message("This is the only director. Make somebody else a director first.")),
    "own_account": ("roles", message("You cannot switch off your own account. Ask another director.")),
    "role_missing": ("roles", message("Choose at least one role.")),
    "username_taken": ("username", message("Somebody already signs in with this name. Choose another.")),
    "username_unusable": ("username", message("Write a name without spaces, 150 characters at most.")),
}


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One role that may be given: in the whole organisation, or in one program."""

    value: str
    role: str
    program: Program | None
    is_held: bool = False


@door("access.see")
@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """Everybody, with their roles."""
    person = person_in(request)
    shown = {"accounts": accounts_with_roles(), "may_change": may(person, "access.change")}
    return render(request, "access.html", shown)


@door("access.change")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    choices = role_choices(set(request.POST.getlist("roles")))
    if request.method == "GET":
        return render(request, "account_new.html", {"choices": choices, "stated": {"language": person_in(request).lang}})
    try:
        made, password = accounts.create_account(
            username=request.POST.get("username", ""),
            full_name=request.POST.get("full_name", ""),
            email=request.POST.get("email", ""),
            language=request.POST.get("language", ""),
            roles=stated_roles(request.POST),
            by=person_in(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        shown = {"choices": choices, "stated": request.POST, "errors": refusal_errors(_words(request), refusal)}
        return render(request, "account_new.html", shown, status=422)
    return render(request, "account_made.html", {"made": made, "password": password})


@door("access.see")
@require_GET
def one(request: HttpRequest, key: int) -> HttpResponse:
    """One account: what it may do."""
    return _one(request, person_in(request), account_of(key))


@door("access.change")
@require_POST
def roles(request: HttpRequest, key: int) -> HttpResponse:
    """Other roles for an account, from now on."""
    person, account = person_in(request), account_of(key)
    try:
        accounts.change_roles(account, roles=stated_roles(request.POST), by=person, at=timezone.now())
    except Refused as refusal:
        return _one(request, person, account, errors=refusal_errors(_words(request), refusal), status=422)
    messages.success(request, _words(request).say("The roles of {name} are kept.", name=account.full_name))
    return redirect("account_of", key=key)


@door("access.change")
@require_POST
def email(request: HttpRequest, key: int) -> HttpResponse:
    """Another address for mails; empty: none."""
    account = account_of(key)
    try:
        accounts.change_email(account, request.POST.get("email", ""), by=person_in(request), at=timezone.now())
    except Refused as refusal:
        return shown_again(request, account, refusal)
    messages.success(request, _words(request).say("The e-mail address of {name} is kept.", name=account.full_name))
    return redirect("account_of", key=key)


@door("access.end")
@require_POST
def end(request: HttpRequest, key: int) -> HttpResponse:
    """Ends sessions, switches an account off or on, or makes a new first password."""
    person, account, words = person_in(request), account_of(key), _words(request)
    what = request.POST.get("what", "")
    try:
        if what == "sessions":
            accounts.end_sessions(account, by=person, at=timezone.now())
            messages.success(request, words.say("Every session of {name} has ended.", name=account.full_name))
        elif what == "off":
            accounts.switch_off(account, by=person, at=timezone.now())
            messages.success(request, words.say("{name} can no longer sign in.", name=account.full_name))
        elif what == "on":
            accounts.switch_on(account, by=person, at=timezone.now())
            messages.success(request, words.say("{name} can sign in again.", name=account.full_name))
        elif what == "password":
            password = accounts.new_first_password(account, by=person, at=timezone.now())
            return render(request, "account_made.html", {"made": account, "password": password})
        else:
            raise Http404
    except Refused as refusal:
        return _one(request, person, account, errors=refusal_errors(words, refusal), status=422)
    return redirect("account_of", key=key)


def shown_again(request: HttpRequest, account: Account, refusal: Refused) -> HttpResponse:
    """The account's page with what was refused at its field."""
    errors = refusal_errors(_words(request), refusal)
    return _one(request, person_in(request), account, errors=errors, status=422)


def account_of(key: int) -> Account:
    """The account, with its roles; everybody who comes through this page's door may see every account."""
    account = accounts_with_roles().filter(pk=key).first()
    if account is None:
        raise Http404
    return account


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A program of which the account is a practitioner: who she is there, and who she could be (code, name)."""

    program: Program
    code: str
    choices: tuple[tuple[str, str], ...]


def own_rows_of(account: Account) -> list[OwnRow]:
    """One per program in which the account is a practitioner; those of other accounts are no choice. One query."""
    programs = [one.program for one in account.roles.all() if one.role == "practitioner" and one.program is not None]
    people = Practitioner.objects.filter(program__in=programs).filter(Q(account__isnull=True) | Q(account=account))
    by_program: dict[int, list[Practitioner]] = {}
    for one in people.order_by("name", "code"):
        by_program.setdefault(one.program_id, []).append(one)
    return [_own_row(account, program, by_program.get(program.pk, [])) for program in programs]


def _own_row(account: Account, program: Program, people: list[Practitioner]) -> OwnRow:
    code = next((one.code for one in people if one.account_id == account.pk), "")
    return OwnRow(program, code, tuple((one.code, str(one)) for one in people))


def role_choices(held: set[str]) -> list[RoleChoice]:
    """Every role that can be given, the organisation's first, then program by program."""
    programs = list(Program.objects.all())
    pairs: list[tuple[str, Program | None]] = [(role, None) for role in ROLES if role != "practitioner"]
    pairs += [(role, program) for program in programs for role in ROLES if role not in accounts.ROLES_OF_THE_ORGANISATION]
    return [RoleChoice(value, role, program, value in held) for role, program in pairs for value in [role_value(role, program)]]


def role_value(role: str, program: Program | None) -> str:
    """A role as a form states it: `program_manager:school-rehab`, `director:`."""
    return f"{role}:{program.code if program else ''}"


def stated_roles(stated: QueryDict) -> list[tuple[str, Program | None]]:
    """The roles that a form states. A program that does not exist is no choice of this form."""
    programs = {program.code: program for program in Program.objects.all()}
    roles: list[tuple[str, Program | None]] = []
    for value in stated.getlist("roles"):
        role, _, code = value.partition(":")
        if code and code not in programs:
            raise Http404
        roles.append((role, programs[code] if code else None))
    return roles


def refusal_errors(words: Words, refusal: Refused) -> dict[str, list[str]]:
    """The sentence of a refusal, by the field that it stands at."""
    if refusal.code not in REFUSALS:
        raise Http404(refusal.code)
    field, sentence = REFUSALS[refusal.code]
    return {field: [words.say(sentence)]}


def _one(
    request: HttpRequest, person: Person, account: Account, *, errors: dict[str, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    words = _words(request)
    held = {role_value(one.role, one.program) for one in account.roles.all()}
    shown = {
        "account": account,
        "choices": role_choices(held),
        "held": [(label(words, "role", one.role), one.program) for one in account.roles.all()],
        "own_rows": own_rows_of(account),
        "may_change": may(person, "access.change"),
        "is_own": account.pk == person.account.pk,
        "errors": errors or {},
    }
    return render(request, "account_of.html", shown, status=status)


def _words(request: HttpRequest) -> Words:
    return words_in(getattr(request, "LANGUAGE_CODE", "en"))
