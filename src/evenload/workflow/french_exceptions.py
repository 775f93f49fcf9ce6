"""Exceptions to the French rule: recorded by a named manager where nobody who speaks French can take the client; never by the engine.

The Case knows no exception, so the engine places French with French only. An exception lets one person have one piece in the
draft and in the edition; it ends when the client is placed with somebody who speaks French, or is not placed with that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from evenload.planning.case import Practitioner, Unit
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.waiting_reasons import Bundle, pair_standing
from evenload.records.access import Person
from evenload.records.models import Draft, Edition, EditionRow, FrenchException, Program
from evenload.records.models import Practitioner as PractitionerRecord
from evenload.records.models.exceptions import EXCEPTION_REASONS
from evenload.workflow import drafts, journal
from evenload.workflow.draft_picture import Picture, Placed, picture_of
from evenload.workflow.move_rules import FRENCH, is_excepted
from evenload.workflow.refused import Refused

LONGEST_UNTIL_REVIEW: Final = timedelta(days=184)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a manager decides. `overload_reason`: where it also lifts the practitioner above the hours that there are."""

    practitioner: str
    reason: str
    alternatives: str
    review_on: date
    note: str = ""
    overload_reason: str = ""


def record(draft: Draft, piece: str, decision: Decision, *, by: Person, at: datetime, seen_version: int) -> Draft:
    """Record an exception for a piece (and what goes together with it), and place it with that person in the draft.

    Refused `french_not_asked`, `speaks_french`, `french_speaker_could` {practitioners} while somebody who speaks French could
    have it; `exception_reason`, `exception_note`, `exception_alternatives`, `review_too_early`, `review_too_late` {day};
    and as a move is: no exception lifts any other rule.
    """
    with transaction.atomic():
        held = drafts.locked(draft)
        picture = picture_of(held)
        bundle = drafts.bundle_in(picture, piece)
        asked = [unit for unit in bundle if unit.is_french]
        _refuse_person(picture, bundle, asked, decision.practitioner)
        _refuse_unreasoned(decision, localdate(at))
        _end(_open_of(held.program, asked), "replaced", by=by, at=at)
        _write(held.program, asked, decision, by=by, at=at)
        if any(picture.places[unit.id].practitioner != decision.practitioner for unit in bundle):
            why = decision.overload_reason
            held = drafts.move(held, piece, decision.practitioner, by=by, at=at, seen_version=seen_version, reason_code=why)
    return held


def _refuse_person(picture: Picture, bundle: Bundle, asked: list[Unit], practitioner: str) -> None:
    if not asked:
        raise Refused("french_not_asked", piece=bundle[0].id)
    if practitioner not in picture.facts.people:
        raise Refused("practitioner_unknown", practitioner=practitioner)
    if speaks(picture.facts.case.practitioner(practitioner), "fr", FLUENT):
        raise Refused("speaks_french", practitioner=practitioner)
    able = who_could(picture, bundle)
    if able:
        raise Refused("french_speaker_could", practitioner=able[0], practitioners=able, piece=bundle[0].id)


def _refuse_unreasoned(decision: Decision, today: date) -> None:
    if decision.reason not in EXCEPTION_REASONS:
        raise Refused("exception_reason")
    if decision.reason == "other" and not decision.note.strip():
        raise Refused("exception_note")
    if not decision.alternatives.strip():
        raise Refused("exception_alternatives")
    if decision.review_on <= today:
        raise Refused("review_too_early")
    if decision.review_on > today + LONGEST_UNTIL_REVIEW:
        raise Refused("review_too_late", day=today + LONGEST_UNTIL_REVIEW)


def who_could(picture: Picture, bundle: Bundle) -> tuple[str, ...]:
    """Codes of everybody who speaks French and could have the bundle in this draft: every rule kept, and the hours are there."""
    without = picture.standing.with_bundle(bundle, None)
    people = picture.facts.by_discipline.get(bundle[0].discipline, [])
    french = [one for one in people if speaks(one, "fr", FLUENT) and not _is_ruled_out(picture, bundle, one.id)]
    stands = [pair_standing(without, one, bundle) for one in french]
    return tuple(one.practitioner.id for one in stands if not one.broken and one.over_minutes <= 0)


def _is_ruled_out(picture: Picture, bundle: Bundle, practitioner: str) -> bool:
    return practitioner in picture.leaving or any(practitioner in picture.places[unit.id].banned for unit in bundle)


def who_may_be_named(picture: Picture, bundle: Bundle) -> tuple[Practitioner, ...]:
    """Everybody who breaks no rule but the French one with this bundle, and is not leaving or ruled out."""
    found = []
    for one in picture.facts.by_discipline.get(bundle[0].discipline, []):
        broken = {code for unit in bundle for code in picture.facts.broken_rules(unit.id, one.id)}
        if broken == {FRENCH} and not _is_ruled_out(picture, bundle, one.id):
            found.append(one)
    return tuple(found)


def _write(program: Program, asked: list[Unit], decision: Decision, *, by: Person, at: datetime) -> None:
    units = dict(program.units.filter(code__in=[unit.stated_id for unit in asked]).values_list("code", "pk"))
    named = PractitionerRecord.objects.get(program=program, code=decision.practitioner)
    for unit in asked:
        made = FrenchException.objects.create(
            program=program,
            unit_id=units[unit.stated_id],
            piece=unit.id,
            practitioner=named,
            practitioner_code=named.code,
            practitioner_name=str(named),
            reason=decision.reason,
            note=decision.note.strip()[:500],
            alternatives=decision.alternatives.strip()[:1000],
            decided_by=by.account,
            decided_by_name=by.name,
            decided_at=at,
            review_on=decision.review_on,
        )
        said = {"practitioner": named.code, "reason": decision.reason, "alternatives": made.alternatives, "review_on": made.review_on}
        journal.record(by, "exception.record", at=at, program=program, subject=made, clients=[unit.stated_id], **said)


def take_back(exception: FrenchException, *, by: Person, at: datetime) -> None:
    """A manager takes an exception back: what it allowed may not be published any more. Refused `exception_ended`."""
    with transaction.atomic():
        Program.objects.select_for_update().get(pk=exception.program_id)  # a publication at the same moment sees it or not, never half
        if not _end(FrenchException.objects.filter(pk=exception.pk, ended_at__isnull=True), "taken_back", by=by, at=at):
            raise Refused("exception_ended")


def settle(program: Program, used: Iterable[FrenchException], rows: Iterable[EditionRow], *, by: Person, at: datetime) -> None:
    """Ends every exception that the list being published does not use. Called in the transaction that publishes."""
    kept, holder = {one.pk for one in used}, {row.piece: row.practitioner_code for row in rows}
    stated = PractitionerRecord.objects.filter(program=program, languages__language="fr", languages__level__in=("native", "fluent"))
    in_french = set(stated.values_list("code", flat=True))
    for one in open_exceptions(program).exclude(pk__in=kept):
        why = "placed_in_french" if holder.get(one.piece) in in_french else "not_used"
        _end(FrenchException.objects.filter(pk=one.pk), why, by=by, at=at)


def _end(rows: QuerySet[FrenchException], why: str, *, by: Person, at: datetime) -> int:
    ended = list(rows.select_related("program").select_for_update(of=("self",)))
    FrenchException.objects.filter(pk__in=[one.pk for one in ended], ended_at__isnull=True).update(ended_at=at, ended_why=why)
    for one in ended:
        unit = one.piece.rpartition("#")[0] or one.piece
        journal.record(by, "exception.end", at=at, program=one.program, subject=one, clients=[unit], why=why)
    return len(ended)


def open_exceptions(program: Program) -> QuerySet[FrenchException]:
    """What holds now, the next review first."""
    return FrenchException.objects.filter(program=program, ended_at__isnull=True)


def _open_of(program: Program, units: Iterable[Unit]) -> QuerySet[FrenchException]:
    return open_exceptions(program).filter(piece__in=[unit.id for unit in units])


def due(program: Program, *, today: date) -> int:
    """How many open exceptions are due for review."""
    return open_exceptions(program).filter(review_on__lte=today).count()


def in_force(edition: Edition) -> QuerySet[FrenchException]:
    """The exceptions that an edition was published with, as they stood then."""
    told = FrenchException.objects.filter(program=edition.program_id, decided_at__lte=edition.published_at)
    return told.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=edition.published_at)).order_by("piece")


def kept_under_exception(picture: Picture, places: Mapping[str, Placed]) -> dict[str, Placed]:
    """A plan's places, with what it leaves waiting for want of French back where an exception has it and the hours allow it."""
    kept, facts = dict(places), picture.facts
    open_now = FrenchException.objects.filter(program=facts.snapshot.program_id, ended_at__isnull=True)
    for piece, code in sorted(open_now.values_list("piece", "practitioner_code")):
        bundle = facts.bundle_of.get(piece, ())
        had = all(picture.places[unit.id].practitioner == code and kept[unit.id].practitioner is None for unit in bundle)
        if not bundle or not had or code not in {one.id for one in who_may_be_named(picture, bundle)}:
            continue
        carried = sum(facts.load_minutes(one, code) for one, place in kept.items() if place.practitioner == code)
        needed = sum(facts.load_minutes(unit.id, code) for unit in bundle)
        if carried + needed <= facts.case.practitioner(code).maximum_minutes and is_excepted(facts.snapshot.program_id, bundle, code):
            kept |= {unit.id: replace(kept[unit.id], practitioner=code) for unit in bundle}
    return kept
