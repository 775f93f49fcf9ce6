"""Whether this installation answers and its records can be read; says nothing about anybody."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evenload.web.door import open_door


@open_door
@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 `ok`, or 503 where the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("records do not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
