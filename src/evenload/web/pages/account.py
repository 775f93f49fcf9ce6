"""One's own account: language, look, keys, password, roles, and the end of every other session."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import Person, person_of, roles_of
from evenload.records.models import Account
from evenload.records.models.vocabulary import LANGUAGES_OF_THE_PRODUCT
from evenload.web.door import door, open_door, person_in
from evenload.web.middleware import ROLE
from evenload.web.notice_parts import choices_of
from evenload.words import Words, message, words_in
from evenload.workflow import accounts
from evenload.workflow.refused import Refused

A_YEAR_SECONDS = 365 * 24 * 3600
PASSWORD_REFUSALS = {
    "old_password_wrong": message("This is not your password."),
    "password_the_same": message("The new password is the old one. Choose another."),
    "passwords_differ": message("The two new passwords differ. Type the same one twice."),
}
WEAKNESSES = {
    "password_too_short": message("Use 12 characters or more; a few words make a good password."),
    "password_too_common": message("This password is among the most common ones. Choose another."),
    "password_too_similar": message("This password is too close to your name. Choose another."),
}
COLOURS = (("", message("As the device says")), ("light", message("Light")), ("dark", message("Dark")))


@door("account.own")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The page, and how its person likes pages to look and to answer keys."""
    own, words = person_in(request).account, _words(request)
    if request.method == "POST":
        try:
            accounts.keep_preferences(own, look=_look(request))
        except Refused:
            messages.error(request, words.say("Choose one of the colours on the page."))
        else:
            messages.success(request, words.say("Your preferences are kept."))
        return redirect("account")
    colours = [(code, words.say(name), code == own.theme) for code, name in COLOURS]
    roles = roles_of(own)
    return render(request, "account.html", {"own": own, "roles": roles, "colours": colours, "choices": choices_of(words, own, roles)})


def _look(request: HttpRequest) -> accounts.Look:
    asked = request.POST
    return accounts.Look(asked.get("theme", ""), asked.get("rows") == "compact", asked.get("letter_keys") == "yes")


@sensitive_post_parameters("old", "new", "again")
@open_door
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """The new password; asked of everybody at the first sign-in. Other sessions end with the old one."""
    own = request.user
    if not isinstance(own, Account):
        return redirect("sign_in")
    if request.method == "GET":
        return render(request, "change_password.html", {"is_first": own.must_change_password})
    try:
        _changed_password(request, own)
    except Refused as refusal:
        shown = {"is_first": own.must_change_password, "errors": _password_errors(_words(request), refusal)}
        return render(request, "change_password.html", shown, status=422)
    update_session_auth_hash(request, own)
    messages.success(request, _words(request).say("Your password is changed. Every other session of yours has ended."))
    return redirect("home")


@open_door
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The other language, on the same page; kept in the account, or for strangers in a cookie."""
    wanted = request.POST.get("language", "")
    if wanted not in LANGUAGES_OF_THE_PRODUCT:
        raise Http404
    if isinstance(request.user, Account):
        accounts.keep_preferences(request.user, language=wanted)
    response = redirect(_page_of_ours(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, A_YEAR_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


@door("account.own")
@require_POST
def role(request: HttpRequest) -> HttpResponse:
    """Another of one's own roles: never a merged menu, always one at a time."""
    wanted = person_of(person_in(request).account, request.POST.get("role", "-"))
    if wanted is None:
        raise Http404
    request.session[ROLE] = wanted.role
    return redirect("home")


@door("account.own")
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends every other session of this account; this one stays."""
    person = person_in(request)
    accounts.end_sessions(person.account, by=person, at=timezone.now())
    update_session_auth_hash(request, person.account)
    messages.success(request, _words(request).say("Every other session of yours has ended."))
    return redirect("account")


def _changed_password(request: HttpRequest, own: Account) -> None:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise Refused("passwords_differ")
    person: Person | None = getattr(request, "person", None)
    accounts.change_password(own, old=request.POST.get("old", ""), new=new, by=person, at=timezone.now())


def _password_errors(words: Words, refusal: Refused) -> dict[str, list[str]]:
    """The sentences of a refusal, by the field that they stand at."""
    if refusal.code == "password_weak":
        reasons = refusal.facts["reasons"]
        assert isinstance(reasons, list)
        return {"new": [words.say(WEAKNESSES[reason]) for reason in reasons]}
    field = {"old_password_wrong": "old", "passwords_differ": "again"}.get(refusal.code, "new")
    return {field: [words.say(PASSWORD_REFUSALS[refusal.code])]}


def _page_of_ours(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else settings.LOGIN_REDIRECT_URL


def _words(request: HttpRequest) -> Words:
    return words_in(getattr(request, "LANGUAGE_CODE", "en"))
