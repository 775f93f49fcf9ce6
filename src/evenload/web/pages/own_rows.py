"""Which practitioner an account is: said by the director, program by program, on the account's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenload.records.models import Program
from evenload.web.door import door, person_in
from evenload.web.pages.access import account_of, shown_again
from evenload.words import words_in
from evenload.workflow import accounts
from evenload.workflow.refused import Refused


@door("access.change")
@require_POST
def link(request: HttpRequest, key: int) -> HttpResponse:
    """Links the account to a practitioner of one program, or (`practitioner` empty) to nobody."""
    account, words = account_of(key), words_in(getattr(request, "LANGUAGE_CODE", "en"))
    program = Program.objects.filter(code=request.POST.get("program", "")).first()
    if program is None:
        raise Http404("program")
    try:
        accounts.link_practitioner(account, program, request.POST.get("practitioner", ""), by=person_in(request), at=timezone.now())
    except Refused as refusal:
        return shown_again(request, account_of(key), refusal)
    messages.success(request, words.say("The link of {name} is kept.", name=account.full_name))
    return redirect("account_of", key=key)
