"""The outbox, for the director: what waits, what failed, what is doubtful, and what to do about it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenload.web.desk_answers import words_of
from evenload.web.door import door, person_in
from evenload.web.notice_parts import mail_row
from evenload.web.notice_words import notice_refusal
from evenload.workflow import outbox
from evenload.workflow.refused import Refused

PAGE: Final = 50


@door("mail.see")
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """How the outbox stands, and each mail that failed or is doubtful."""
    words, at = words_of(request), timezone.now()
    page = Paginator(outbox.troubled(), PAGE).get_page(request.GET.get("page"))
    shown = {
        "counts": outbox.counts(at=at),
        "page": page,
        "rows": [mail_row(words, one) for one in page.object_list],
        "way": settings.MAIL_WAY.kind,
        "server": settings.MAIL_WAY.host,
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return render(request, "mails.html", shown)


@door("mail.act")
@require_POST
def act(request: HttpRequest, key: int) -> HttpResponse:
    """Sends one of them again, knowingly, or leaves it as it is."""
    person, words, what = person_in(request), words_of(request), request.POST.get("what", "")
    mail = outbox.in_trouble(key)
    if mail is None or what not in ("again", "leave"):
        raise Http404
    try:
        if what == "again":
            outbox.send_again(mail, by=person, at=timezone.now())
            messages.success(request, words.say("It is sent once more."))
        else:
            outbox.leave(mail, by=person, at=timezone.now())
            messages.success(request, words.say("It is left as it is."))
    except Refused as refused:
        messages.error(request, notice_refusal(words, refused))
    return redirect("mails")
