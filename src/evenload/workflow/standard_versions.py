"""Versions of a time standard: proposed with its evidence, approved or declined by a named person, written to the program's facts.

Every change of a standard is a version, also what an import or a template brings, so that numbers have no gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from evenload.records.access import DIRECTOR, MANAGES_PROGRAMS, Person
from evenload.records.models import Account, Program, StandardVersion, TimeStandard
from evenload.workflow import journal, notices, states
from evenload.workflow.refused import Refused
from evenload.workflow.standard_figures import Figures, differing, figures_of, read

LONGEST_WHY: Final = 1000
ORIGINS: Final = ("proposed", "imported", "template", "example", "stood")
"""How a version came about: somebody proposed it; a workbook, a template or an example brought it; it stood before versions were kept."""


def propose(
    standard: TimeStandard, figures: Figures, *, why: str, by: Person, at: datetime, evidence: Mapping[str, Any]
) -> StandardVersion:
    """Keep a proposal; those who may decide are told.

    Refused `standard_fields` {problems: field → code}, `standard_unchanged`, `standard_waits` where another one waits already.
    """
    stated = figures.fitted()
    problems = stated.problems() | ({} if why.strip() else {"why": "standard_why_missing"})
    if problems:
        raise Refused("standard_fields", problems=problems)
    with transaction.atomic():
        program = Program.objects.select_for_update().get(pk=standard.program_id)
        held = TimeStandard.objects.get(pk=standard.pk)
        if not differing(figures_of(held).says(), stated.says()):
            raise Refused("standard_unchanged")
        note([held], "stood", by=by, at=at)
        made = _proposed(held, stated, why=why.strip()[:LONGEST_WHY], by=by, at=at, evidence={**evidence, "origin": "proposed"})
        address = f"/programs/{program.code}/standards/{held.pk}"
        told = [one for one in deciders(program) if one.pk != by.account.pk]
        values = {"program": program.name_en, "discipline": held.discipline}
        notices.tell(told, "standard_proposed", at=at, program=program, address=address, values=values, once=f"proposed {made.pk}")
        journal.record(by, "standard.propose", at=at, program=program, subject=held, number=made.number, says=made.says)
    return made


def approve(version: StandardVersion, *, seen: int, effect: Mapping[str, Any], by: Person, at: datetime) -> StandardVersion:
    """Approve a proposal and write it to the program's facts, which move on.

    `seen` is the version of the facts of which the effect was counted that she saw. Refused `standard_own` where she proposed it
    herself and somebody else could decide, `standard_decided` where somebody was quicker, `standard_outdated` where the facts
    have moved on since; nothing is written then.
    """
    with transaction.atomic():
        program, held = _held(version)
        if held.proposed_by_id == by.account.pk and others(program, by):
            raise Refused("standard_own")
        _decide(held, "approved", by=by, at=at, effect=dict(effect))
        if program.facts_version != seen:
            raise Refused("standard_outdated")
        before = figures_of(held.standard).says()
        TimeStandard.objects.filter(pk=held.standard_id).update(**read(held.says).columns())
        Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)
        _tell(held, program, by, at)
        changed = differing(before, held.says)
        facts = {"before": {name: before[name] for name in changed}, "after": {name: held.says[name] for name in changed}}
        journal.record(by, "standard.approve", at=at, program=program, subject=held.standard, number=held.number, **facts)
    version.refresh_from_db()
    return version


def decline(version: StandardVersion, *, why: str, by: Person, at: datetime) -> StandardVersion:
    """Decline a proposal, with the reason. Refused `standard_why_missing`, `standard_own` (she withdraws it), `standard_decided`."""
    if not why.strip():
        raise Refused("standard_why_missing")
    with transaction.atomic():
        program, held = _held(version)
        if held.proposed_by_id == by.account.pk:
            raise Refused("standard_own")
        _decide(held, "declined", by=by, at=at, decided_why=why.strip()[:LONGEST_WHY])
        _tell(held, program, by, at)
        journal.record(by, "standard.decline", at=at, program=program, subject=held.standard, number=held.number)
    version.refresh_from_db()
    return version


def withdraw(version: StandardVersion, *, by: Person, at: datetime) -> StandardVersion:
    """Take one's own proposal back. Refused `standard_foreign` where somebody else proposed it, `standard_decided`."""
    with transaction.atomic():
        program, held = _held(version)
        if held.proposed_by_id != by.account.pk:
            raise Refused("standard_foreign")
        _decide(held, "withdrawn", by=by, at=at)
        journal.record(by, "standard.withdraw", at=at, program=program, subject=held.standard, number=held.number)
    version.refresh_from_db()
    return version


def deciders(program: Program) -> list[Account]:
    """Everybody who may approve a standard of the program: its managers and the directors."""
    plans = Q(roles__role=DIRECTOR) | Q(Q(roles__program=program) | Q(roles__program__isnull=True), roles__role=MANAGES_PROGRAMS)
    return list(Account.objects.filter(plans, is_active=True).distinct().order_by("pk"))


def others(program: Program, person: Person) -> bool:
    """Whether somebody else could decide: then she does not decide about her own proposal."""
    return any(one.pk != person.account.pk for one in deciders(program))


def note(standards: Iterable[TimeStandard], origin: str, *, by: Person, at: datetime) -> int:
    """Keep what these standards say as an approved version, in the caller's transaction, where the last one says otherwise.

    With the origin `stood` only where there is no version yet. Returns how many were kept. A fixed number of queries.
    """
    own = list(standards)
    last = {row.standard_id: row for row in _last_approved(own)}
    numbers = dict(StandardVersion.objects.filter(standard__in=own).order_by().values_list("standard").annotate(Max("number")))
    made = []
    for one in own:
        says, known = figures_of(one).says(), last.get(one.pk)
        if known is not None and (origin == "stood" or not differing(known.says, says)):
            continue
        made.append(
            StandardVersion(
                standard=one,
                number=numbers.get(one.pk, 0) + 1,
                state="approved",
                says=says,
                evidence={"origin": origin},
                why="",
                proposed_at=at,
                decided_by=by.account,
                decided_by_name=by.name,
                decided_at=at,
            )
        )
    StandardVersion.objects.bulk_create(made, batch_size=500)
    return len(made)


def note_all(program: Program, origin: str, *, by: Person, at: datetime) -> int:
    """As `note`, for every standard of the program."""
    return note(program.time_standards.all(), origin, by=by, at=at)


def history(standard: TimeStandard) -> list[StandardVersion]:
    """Every version, newest first."""
    return list(StandardVersion.objects.filter(standard=standard).order_by("-number"))


def current_of(versions: Iterable[StandardVersion]) -> StandardVersion | None:
    """The version that is planned with: the one that was approved last; None where none is kept."""
    approved = [one for one in versions if one.state == "approved" and one.decided_at is not None]
    return max(approved, key=lambda one: (one.decided_at, one.number), default=None)


def origin_of(version: StandardVersion) -> str:
    """How a version came about, one of ORIGINS."""
    return str(version.evidence.get("origin", "proposed"))


def _last_approved(standards: list[TimeStandard]) -> Iterable[StandardVersion]:
    rows = StandardVersion.objects.filter(standard__in=standards, state="approved").order_by("decided_at", "number")
    return rows.only("standard", "says", "decided_at", "number")


def _proposed(
    standard: TimeStandard, stated: Figures, *, why: str, by: Person, at: datetime, evidence: Mapping[str, Any]
) -> StandardVersion:
    number = (StandardVersion.objects.filter(standard=standard).aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return StandardVersion.objects.create(
                standard=standard,
                number=number,
                says=stated.says(),
                evidence=dict(evidence),
                why=why,
                proposed_by=by.account,
                proposed_by_name=by.name,
                proposed_at=at,
            )
    except IntegrityError as error:
        raise Refused("standard_waits") from error


def _held(version: StandardVersion) -> tuple[Program, StandardVersion]:
    """The version as it stands, its program held."""
    program = Program.objects.select_for_update().get(time_standards=version.standard_id)
    return program, StandardVersion.objects.select_related("standard", "proposed_by").get(pk=version.pk)


def _decide(held: StandardVersion, after: str, *, by: Person, at: datetime, **more: Any) -> None:
    """From proposed on, in one guarded update."""
    if held.state != "proposed":
        raise Refused("standard_decided")
    decided = {"decided_by": by.account, "decided_by_name": by.name, "decided_at": at, **more}
    if not states.step(StandardVersion.objects.filter(pk=held.pk), states.STANDARD, "proposed", after, **decided):
        raise Refused("standard_decided")


def _tell(held: StandardVersion, program: Program, by: Person, at: datetime) -> None:
    """Who proposed it is told, where somebody else decided."""
    asker = held.proposed_by
    if asker is not None and asker.pk != by.account.pk:
        address = f"/programs/{program.code}/standards/{held.standard_id}"
        values = {"program": program.name_en, "discipline": held.standard.discipline}
        notices.tell([asker], "standard_decided", at=at, program=program, address=address, values=values, once=f"decided {held.pk}")
