"""What both agreed to is done: assignments and cover through the draft, frequency and hours through the facts; what was lent ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from evenload.records.access import Person, person_of
from evenload.records.models import Assignment, Draft, DraftPlacement, LoadTalk, Practitioner, Program, Remedy, Unit
from evenload.workflow import drafts, hours_offered, journal
from evenload.workflow.departures import facts_changing
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.remedy_kinds import PAUSE_WEEKS

REASON = "practitioner_agrees"
FOUR_PLACES = Decimal("0.0001")


def apply(talk: LoadTalk, *, by: Person, at: datetime) -> None:
    """Every remedy of the conversation, in the caller's transaction: all of them or none.

    Refused as a move, a cover or hours are, where somebody's room was given away since.
    """
    draft = drafts.open_draft(talk.practitioner.program, by=by, at=at)
    for remedy in talk.remedies.select_related("to"):
        if remedy.kind in ("move", "take", "move_site") and remedy.to is not None:
            _move(draft, remedy, remedy.to, by=by, at=at)
        elif remedy.kind == "lend_visits" and remedy.to is not None:
            _cover(draft, remedy.piece, remedy.to.code, by=by, at=at)
        elif remedy.kind == "pause_offers":
            until = localdate(at) + timedelta(weeks=PAUSE_WEEKS)
            Practitioner.objects.filter(pk=talk.practitioner_id).update(offers_paused_until=until)
        elif remedy.kind == "every_two_weeks":
            _see_rarer(talk.practitioner.program, draft, remedy.shown)
        elif remedy.kind == "more_hours":
            _raise_hours(talk, remedy, by=by, at=at)
    talk.remedies.update(applied_at=at)


def _move(draft: Draft, remedy: Remedy, to: Practitioner, *, by: Person, at: datetime) -> None:
    """A unit with all that goes together with it, or all that she has at a site; what an earlier remedy placed there stays."""
    for piece in remedy.shown.get("units") or [remedy.piece]:
        now = drafts.locked(draft)
        if picture_of(now).places[piece].practitioner != to.code:
            drafts.move(now, piece, to.code, by=by, at=at, seen_version=now.version, pin=True, reason_code=REASON)


def _cover(draft: Draft, piece: str, cover: str | None, *, by: Person, at: datetime) -> None:
    """Who stands in for the piece from now on, in the draft. Refused with the hard rule that she would break, `leaving`, `banned`."""
    with transaction.atomic():
        held = drafts.locked(draft)
        picture = picture_of(held)
        unit = drafts.bundle_in(picture, piece)[0]
        if cover is not None:
            broken = picture.facts.broken_rules(unit.id, cover)
            if broken:
                raise Refused(broken[0], practitioner=cover, piece=piece)
            if cover in picture.leaving or cover in picture.places[piece].banned:
                raise Refused("leaving" if cover in picture.leaving else "banned", practitioner=cover, piece=piece)
        drafts.write(held, picture, "cover", {piece: replace(picture.places[piece], cover=cover)}, by=by, at=at)


def _see_rarer(program: Program, draft: Draft, shown: Mapping[str, Any]) -> None:
    """Half the visits a week for each of these clients, in the facts: plans, lists and weeks count with it from now on."""
    facts = picture_of(draft).facts
    for piece in shown.get("units", []):
        visits = facts.units[piece].visits_per_week / 2
        exact = (Decimal(visits.numerator) / Decimal(visits.denominator)).quantize(FOUR_PLACES)
        Unit.objects.filter(program=program, code=facts.units[piece].stated_id).update(visits_per_week=exact)
    Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)


def _raise_hours(talk: LoadTalk, remedy: Remedy, *, by: Person, at: datetime) -> None:
    """Her hours offered and taken up in one, for both agreed."""
    one = Practitioner.objects.select_related("program", "account").get(pk=talk.practitioner_id)
    hours = one.weekly_hours + (remedy.amount or Decimal(0))
    made = hours_offered.offer(one, weekly_hours=hours, from_day=localdate(at), by=by, at=at)
    hours_offered.take(made, by=_planner(talk) or by, at=at)


def _planner(talk: LoadTalk) -> Person | None:
    return person_of(talk.agreed_by_planner) if talk.agreed_by_planner else None


def end_lent(*, today: date, at: datetime) -> int:
    """What the worker does: visits lent until yesterday or before are hers alone again. How many remedies ended."""
    over = Remedy.objects.filter(kind="lend_visits", applied_at__isnull=False, ended_at__isnull=True, until__lt=today)
    ended = 0
    for remedy in over.select_related("talk__practitioner__program", "talk__agreed_by_planner", "to").order_by("pk"):
        with facts_changing(), transaction.atomic():
            # Guarded: of two workers one takes the cover back.
            if Remedy.objects.filter(pk=remedy.pk, ended_at__isnull=True).update(ended_at=at):
                _take_back(remedy, at=at)
                ended += 1
    return ended


def _take_back(remedy: Remedy, *, at: datetime) -> None:
    """In the open draft and in what holds now: only where the one it was lent to still covers it."""
    program, by = remedy.talk.practitioner.program, _planner(remedy.talk)
    draft = drafts.open_draft_of(program)
    lent = {"piece": remedy.piece, "cover": remedy.to}
    if draft is not None and by is not None and DraftPlacement.objects.filter(draft=draft, **lent).exists():
        _cover(draft, remedy.piece, None, by=by, at=at)
    Assignment.objects.filter(unit__program=program, ends_on__isnull=True, **lent).update(cover=None)
    journal.record(None, "talk.lent_over", at=at, program=program, subject=("talk", remedy.talk_id), clients=[remedy.piece])


def running_of(practitioner: Practitioner) -> Iterable[Remedy]:
    """What is lent for a time by her, or to her, and still runs."""
    rows = Remedy.objects.filter(kind="lend_visits", applied_at__isnull=False, ended_at__isnull=True)
    hers = rows.filter(talk__practitioner=practitioner) | rows.filter(to=practitioner)
    return hers.select_related("talk__practitioner", "to").order_by("until", "pk")
