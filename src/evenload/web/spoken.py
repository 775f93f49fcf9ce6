"""What the status region says after a fragment was changed: the result, in one sentence, once."""

from __future__ import annotations

import json

from django.http import HttpResponse


def spoken(response: HttpResponse, sentence: str, *, event: str = "") -> HttpResponse:
    """The same answer; the page speaks the sentence when it arrives. Parts of the page that wait for `event` ask for themselves anew."""
    known = json.loads(response.headers.get("HX-Trigger", "{}")) | ({event: True} if event else {})
    response.headers["HX-Trigger"] = json.dumps({**known, "spoken": sentence})
    return response
