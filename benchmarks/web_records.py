"""Records for the benchmark of the pages, in an empty database: the demonstration, one large program, ten years of data.

python -m benchmarks.web_records demonstration|desk|years

The database is that of EVENLOAD_HOME or DATABASE_URL. Prints what it made as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import UTC, date, datetime
from typing import Any

PASSWORD = "only for the benchmark, 12+"
AS_OF = date(2026, 3, 2)
PRACTITIONERS, UNITS = 200, 6_000


def main() -> None:
    """Make the records that are asked for."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenload.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    made = {"demonstration": demonstration, "desk": large_desk, "years": ten_years}[sys.argv[1]]()
    print(json.dumps({**made, "seconds": round(time.perf_counter() - began, 1)}))


def demonstration() -> dict[str, Any]:
    """Four programs with editions, runs, drafts and a journal, as `evenload demo` makes them. The day is today."""
    from evenload.records.models import Account, Practitioner
    from evenload.workflow import demo

    demo.build(as_of=datetime.now(UTC).date())
    for account in Account.objects.all():
        account.set_password(PASSWORD)
        account.must_change_password = False
        account.save()
    linked = Practitioner.objects.filter(program__code="home-care", account__isnull=False)
    return {
        "programs": ["home-care", "schools"],
        "people": {"manager": "manager", "director": "director", "privacy": "privacy", "practitioner": "practitioner"},
        "accounts": dict(linked.values_list("code", "account__username")),
    }


def large_desk() -> dict[str, Any]:
    """One program of 200 × 6,000: planned, published as edition 1, and a draft begun on it."""
    from evenload.exchange.example import example_rows
    from evenload.records.access import person_of
    from evenload.records.models import Account, RoleOfAccount
    from evenload.workflow import drafts, editions, plans, records_from_rows, worker

    rows = example_rows(practitioners=PRACTITIONERS, units=UNITS, setting="community", seed=1)
    program = records_from_rows.take_in(rows, program=None, code="large").program
    for role, reach in (("manager", program), ("director", None), ("privacy", None)):
        account = Account.objects.create_account(role, PASSWORD, full_name=role.title())
        name = {"manager": "program_manager", "privacy": "privacy_officer"}.get(role, role)
        RoleOfAccount.objects.create(account=account, role=name, program=reach)
    by = person_of(Account.objects.get(username="manager"))
    assert by is not None
    now = datetime.now(UTC)
    run = plans.ask_run(program, by=by, at=now)
    stop = threading.Event()
    working = threading.Thread(target=worker.work, args=(stop,))
    working.start()
    while run.state in ("asked", "running"):
        time.sleep(0.2)
        run.refresh_from_db()
    stop.set()
    working.join()
    draft = plans.take_up(run, by=by, at=now)
    editions.publish(draft, effective_on=now.date(), by=by, at=now, seen_version=draft.version)
    program.refresh_from_db()
    drafts.open_draft(program, by=by, at=now)
    return {"programs": ["large"], "people": {"manager": "manager", "director": "director", "privacy": "privacy"}}


def ten_years() -> dict[str, Any]:
    """The demonstration with ten years behind it."""
    from benchmarks.web_years import add_years

    return {**demonstration(), **add_years()}


if __name__ == "__main__":
    main()
