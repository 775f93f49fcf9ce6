"""What a person was told, newest first; how she wants to be told; and a test mail to herself."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from evenload.records.access import RULES, own_notice, own_notices, roles_of
from evenload.web.desk_answers import words_of
from evenload.web.door import action_of, door, person_in
from evenload.web.middleware import ROLE
from evenload.web.notice_parts import notice_line
from evenload.web.notice_words import notice_refusal
from evenload.workflow import notice_choices, outbox
from evenload.workflow.notice_events import events_of
from evenload.workflow.refused import Refused

PAGE: Final = 30
LONGEST_KEY: Final = 18


@door("notice.own")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Everything this person was told, a page at a time."""
    person, words = person_in(request), words_of(request)
    page = Paginator(own_notices(person), PAGE).get_page(request.GET.get("page"))
    return render(request, "notices.html", {"page": page, "lines": [notice_line(words, one) for one in page.object_list]})


@door("notice.own")
@require_safe
def follow(request: HttpRequest, key: int) -> HttpResponse:
    """Where a notice leads, also from a mail: it is read then. In the role to which that page belongs, where she holds it."""
    person = person_in(request)
    notice = own_notice(person, key)
    notice_choices.mark_read(person.account, [notice.pk], at=timezone.now())
    if not notice.address or not url_has_allowed_host_and_scheme(notice.address, allowed_hosts=None):
        return redirect("notices")
    roles = _roles_for(notice.address)
    if person.role not in roles and (other := next((one for one in roles_of(person.account) if one in roles), None)):
        request.session[ROLE] = other
    return redirect(notice.address)


@door("notice.own")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """One of her notices is read (`notice`), or all of them (`all`)."""
    person, words = person_in(request), words_of(request)
    stated = request.POST.get("notice", "")
    if request.POST.get("all"):
        number = notice_choices.mark_read(person.account, None, at=timezone.now())
        messages.success(request, words.say_n("{n} notice is marked as read.", "{n} notices are marked as read.", number))
    elif stated.isdecimal() and len(stated) <= LONGEST_KEY:
        notice_choices.mark_read(person.account, [int(stated)], at=timezone.now())
    return redirect("notices")


@door("account.own")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """How she wants to be told of what can reach her."""
    own, words = person_in(request).account, words_of(request)
    stated = {event: request.POST[f"channel-{event}"] for event in events_of(roles_of(own)) if f"channel-{event}" in request.POST}
    try:
        notice_choices.choose(own, stated)
    except Refused as refused:
        messages.error(request, notice_refusal(words, refused))
    else:
        messages.success(request, words.say("You are told as you chose from now on."))
    return redirect("account")


@door("account.own")
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """A mail to herself, the way every mail goes."""
    person, words = person_in(request), words_of(request)
    try:
        outbox.ask_test(person.account, by=person, at=timezone.now())
    except Refused as refused:
        messages.error(request, notice_refusal(words, refused))
    else:
        messages.success(request, words.say("A test mail to you is on its way. It leaves within a minute."))
    return redirect("account")


def _roles_for(address: str) -> frozenset[str]:
    """The roles that may open the page at an address; nobody's where there is no page."""
    try:
        action = action_of(resolve(address.partition("?")[0].partition("#")[0]).func)
    except Resolver404:
        return frozenset()
    return RULES.get(action or "", frozenset())
