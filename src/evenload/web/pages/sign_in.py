"""Signing in and out. A refusal never says whether the name or the password was wrong."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenload.records.access import person_of
from evenload.records.models import Account
from evenload.web.door import open_door
from evenload.workflow import journal

LONGEST_NAME = 150
REST_MINUTES = 15


@open_door
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; a person who is signed in already goes on."""
    if request.method == "GET":
        return _entrance(request)
    account = authenticate(request, username=request.POST.get("username", "")[:LONGEST_NAME], password=request.POST.get("password", ""))
    if not isinstance(account, Account):
        return _form(request, refusal="refused", status=422)
    login(request, account)
    translation.activate(account.language)
    traces = {"request_id": getattr(request, "request_id", ""), "address": request.META.get("REMOTE_ADDR", "")}
    journal.record_alone(person_of(account, **traces), "account.signed_in", at=timezone.now(), subject=("account", account.pk))
    return _with_language(redirect(_next(request)), account.language)


def rest(request: HttpRequest, response: HttpResponse | None = None, credentials: object = None) -> HttpResponse:  # noqa: ARG001
    """After too many wrong passwords for one name from one address: a pause, said plainly (django-axes calls this)."""
    return _form(request, refusal="rest", status=429)


@open_door
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session; the browser forgets what it kept."""
    person = getattr(request, "person", None)
    if request.user.is_authenticated:
        journal.record_alone(person, "account.signed_out", at=timezone.now(), subject=("account", request.user.pk))
    logout(request)
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _entrance(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    if not Account.objects.exists():
        return redirect("first_run")
    return _form(request)


def _form(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "refusal": refusal,
        "username": request.POST.get("username", "")[:LONGEST_NAME],
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "rest_minutes": REST_MINUTES,
    }
    response = render(request, "sign_in.html", shown, status=status)
    if refusal == "rest":
        response["Retry-After"] = str(REST_MINUTES * 60)
    return response


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else settings.LOGIN_REDIRECT_URL


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
