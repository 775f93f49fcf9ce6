"""How quick the desk is: previews and moves on a draft of 200 practitioners and 6,000 units, without the network and the page.

    python -m benchmarks.web_what_if [--practitioners 200] [--units 6000] [--rounds 200]

Works in an empty SQLite file of its own. Prints p50 and p95 in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
LIMIT_MS = 100.0


def main() -> None:
    """Set up the records in a folder of their own, measure, print."""
    wanted = argparse.ArgumentParser()
    wanted.add_argument("--practitioners", type=int, default=200)
    wanted.add_argument("--units", type=int, default=6000)
    wanted.add_argument("--rounds", type=int, default=200)
    sizes = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(EVENLOAD_HOME=folder, EVENLOAD_SECRET_KEY="of the benchmark only", DJANGO_SETTINGS_MODULE="evenload.settings")
        os.environ.setdefault("DATABASE_URL", "")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(sizes.practitioners, sizes.units, rounds=sizes.rounds)


def measure(practitioners: int, units: int, *, rounds: int) -> None:
    """One program of this size: everything the desk asks, timed."""
    from evenload.exchange.example import example_rows
    from evenload.records.access import person_of
    from evenload.records.models import Account, Draft, RoleOfAccount
    from evenload.workflow import draft_picture, drafts, records_from_rows, what_if
    from evenload.workflow.refused import Refused

    rows = example_rows(practitioners=practitioners, units=units, setting="community", seed=1)
    program = once("take in the rows", lambda: records_from_rows.take_in(rows, program=None, code="bench")).program
    account = Account.objects.create_account("bench", None, full_name="Bench")
    RoleOfAccount.objects.create(account=account, role="program_manager", program=program)
    by = person_of(account)
    assert by is not None
    draft = once("open the draft", lambda: drafts.open_draft(program, by=by, at=NOW))
    once("first board of a process", lambda: what_if.board(draft, today=NOW.date()))
    picture, dice = draft_picture.picture_of(draft), Random(1)
    pieces, people = sorted(picture.places), sorted(picture.facts.people)

    def fresh() -> Draft:
        return Draft.objects.select_related("program", "plan_run").get(pk=draft.pk)

    def preview_some() -> None:
        what_if.preview(fresh(), dice.choice(pieces), dice.choice(people))

    made = [0]

    def move_some() -> None:
        here, piece = fresh(), dice.choice(pieces)
        facts = draft_picture.picture_of(here).facts
        able = [one.practitioner.id for one in facts.beside(facts.bundle_of[piece]) if not one.broken]
        to = dice.choice(able) if able else None
        before = draft_picture.picture_of(here).places[piece].practitioner
        try:
            moved = drafts.move(here, piece, to, by=by, at=NOW, seen_version=here.version, reason="bench")
        except Refused:
            return
        made[0] += 1
        what_if.rows_of(moved, [code for code in (before, to) if code])

    repeat("preview of a move", preview_some, rounds)
    repeat("move, with the rows refreshed", move_some, rounds)
    print(f"  ({made[0]} of {rounds} moves were allowed)")
    repeat("board", lambda: what_if.board(fresh(), today=NOW.date()), max(5, rounds // 10), limit=None)
    repeat("ranking of one piece", lambda: what_if.ranking(fresh(), dice.choice(pieces)), max(5, rounds // 10), limit=None)
    once("the draft as a plan", lambda: what_if.draft_plan(fresh()))


def once(what: str, action: Callable[[], object]) -> object:
    """Time one action."""
    began = time.perf_counter()
    result = action()
    print(f"{what}: {1000 * (time.perf_counter() - began):.0f} ms", flush=True)
    return result


def repeat(what: str, action: Callable[[], object], rounds: int, *, limit: float | None = LIMIT_MS) -> None:
    """Time an action again and again; processor time too, which other work on the machine does not lengthen."""
    spent, worked = [], []
    for _ in range(rounds):
        began, at_work = time.perf_counter(), time.process_time()
        action()
        spent.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - at_work))
    p95, own = statistics.quantiles(spent, n=20)[18], statistics.quantiles(worked, n=20)[18]
    judged = "" if limit is None else f" (must be at most {limit:.0f}: {'yes' if p95 <= limit else 'NO'})"
    print(f"{what}: p50 {statistics.median(spent):.1f} ms, p95 {p95:.1f} ms{judged}; processor p95 {own:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
