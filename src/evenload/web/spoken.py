"""What the status region says after a fragment was changed: the result, in one sentence, once."""

from __future__ import annotations

import json

from django.http import HttpResponse


def spoken(response: HttpResponse, sentence: str) -> HttpResponse:
    """The same answer; the page speaks the sentence when it arrives."""
    known = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**known, "spoken": sentence})
    return response
