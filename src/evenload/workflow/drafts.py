"""The manager's draft: moves, pins and bans, each one change with its undo; two managers at once see each other's changes.

Every change locks the draft's row, so that the check and the writing see one state. `seen_version` is the version of the page
that asked: where somebody else changed the same piece since, the change is refused with both versions and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import F

from evenload.planning.case import Unit
from evenload.planning.eligibility import breaches
from evenload.records.access import Person
from evenload.records.models import Draft, DraftChange, DraftPlacement, Practitioner, Program
from evenload.records.models.drafts import OVERLOAD_REASONS
from evenload.workflow import departures, draft_picture, journal
from evenload.workflow.draft_picture import MOST_STEPS, Hands, Picture, Placed, entry_of, picture_of, placed_of, places_of_now
from evenload.workflow.move_rules import refuse_move
from evenload.workflow.offers_closed import closed_instead
from evenload.workflow.refused import Refused

Marks: TypeAlias = Callable[[Picture, Sequence[Unit]], dict[str, Placed]]
"""Where the pieces of a bundle stand after a small change."""

BATCH = 500

MOST_NAMED = 200
"""A journal line names the units of a change up to this many; beyond, their number, and the change itself has them all."""


def open_draft_of(program: Program) -> Draft | None:
    """The open draft of the program, where there is one."""
    return Draft.objects.select_related("program", "plan_run").filter(program=program, closed_at__isnull=True).first()


def open_draft(program: Program, *, by: Person, at: datetime) -> Draft:
    """The open draft; where there is none, a new one in which every piece is with its current practitioner.

    Refused `facts_contradict` {problems} where the facts leave no Case.
    """
    known = open_draft_of(program)
    if known is not None:
        return known
    facts = draft_picture.facts_of(program)
    places = places_of_now(program, facts)
    try:
        with transaction.atomic():
            draft = Draft.objects.create(program=program, begun_at=at)
            _store(draft, places, stated={piece: unit.stated_id for piece, unit in facts.units.items()})
            journal.record(by, "draft.open", at=at, program=program, subject=draft)
    except IntegrityError:
        # Another manager opened it in the same instant.
        return Draft.objects.select_related("program", "plan_run").get(program=program, closed_at__isnull=True)
    return draft


def move(
    draft: Draft,
    piece: str,
    practitioner: str | None,
    *,
    by: Person,
    at: datetime,
    seen_version: int,
    pin: bool = False,
    reason: str = "",
    accepted_offer: int | None = None,
    reason_code: str = "",
) -> Draft:
    """Place a piece, and all that goes together with it, with a practitioner (None: it waits); `pin` keeps it there.

    Offers of the pieces are closed, but for the one by whose acceptance they are placed.

    Refused with the hard rule's code, `full`, `leaving`, `banned`, `contract_exhausted`; `reason_needed` where her load would
    exceed what she has hours for and no reason is given (`reason_code`, in words `reason`); `changed_meanwhile` where somebody else changed the piece since.
    """
    is_coded = reason_code in OVERLOAD_REASONS and (reason_code != "other" or reason.strip())
    stated = reason_code if is_coded else "other" if reason.strip() else ""
    with transaction.atomic():
        held = locked(draft)
        picture = picture_of(held)
        bundle = bundle_in(picture, piece)
        wanted = {unit.id: _placed_with(picture.places[unit.id], practitioner, pin) for unit in bundle}
        _refuse_conflict(held, picture, wanted, seen_version)
        if practitioner is not None:
            refuse_move(picture, bundle, practitioner, reason=stated)
        write(held, picture, "move", wanted, by=by, at=at, reason=reason, reason_code=stated, accepted_offer=accepted_offer)
    return held


def _placed_with(one: Placed, practitioner: str | None, pin: bool) -> Placed:
    cover = None if one.cover == practitioner else one.cover
    return replace(one, practitioner=practitioner, is_pinned=pin and practitioner is not None, cover=cover)


def pin(draft: Draft, piece: str, *, by: Person, at: datetime, seen_version: int) -> Draft:
    """Keep a piece where it stands when the rest is solved. Refused `pin_needs_practitioner`, or the rule that it breaks there."""

    def pinned(picture: Picture, bundle: Sequence[Unit]) -> dict[str, Placed]:
        for unit in bundle:
            holder = picture.places[unit.id].practitioner
            if holder is None:
                raise Refused("pin_needs_practitioner", piece=unit.id)
            broken = breaches(picture.facts.case, picture.facts.case.practitioner(holder), replace(unit, pinned_to=holder))
            if broken:
                raise Refused(broken[0].code, **broken[0].facts, practitioner=holder, piece=unit.id)
        if len({picture.places[unit.id].practitioner for unit in bundle}) > 1:
            raise Refused("together_scattered", piece=piece)
        return {unit.id: replace(picture.places[unit.id], is_pinned=True) for unit in bundle}

    return _marked(draft, piece, "pin", pinned, by=by, at=at, seen_version=seen_version)


def unpin(draft: Draft, piece: str, *, by: Person, at: datetime, seen_version: int) -> Draft:
    """Let a piece go where the solution takes it."""

    def unpinned(picture: Picture, bundle: Sequence[Unit]) -> dict[str, Placed]:
        return {unit.id: replace(picture.places[unit.id], is_pinned=False) for unit in bundle}

    return _marked(draft, piece, "unpin", unpinned, by=by, at=at, seen_version=seen_version)


def ban(draft: Draft, piece: str, practitioner: str, *, by: Person, at: datetime, seen_version: int) -> Draft:
    """Rule a practitioner out for a piece and all that goes together with it; where she has it, it waits."""

    def banned(picture: Picture, bundle: Sequence[Unit]) -> dict[str, Placed]:
        if practitioner not in picture.facts.people:
            raise Refused("practitioner_unknown", practitioner=practitioner)
        return {unit.id: _without(picture.places[unit.id], practitioner) for unit in bundle}

    return _marked(draft, piece, "ban", banned, by=by, at=at, seen_version=seen_version)


def _without(one: Placed, practitioner: str) -> Placed:
    ruled_out = replace(one, banned=one.banned | {practitioner}, cover=None if one.cover == practitioner else one.cover)
    return replace(ruled_out, practitioner=None, is_pinned=False) if one.practitioner == practitioner else ruled_out


def unban(draft: Draft, piece: str, practitioner: str, *, by: Person, at: datetime, seen_version: int) -> Draft:
    """Take a ban back."""

    def allowed(picture: Picture, bundle: Sequence[Unit]) -> dict[str, Placed]:
        places = picture.places
        return {unit.id: replace(places[unit.id], banned=places[unit.id].banned - {practitioner}) for unit in bundle}

    return _marked(draft, piece, "unban", allowed, by=by, at=at, seen_version=seen_version)


def _marked(draft: Draft, piece: str, kind: str, marks: Marks, *, by: Person, at: datetime, seen_version: int) -> Draft:
    """One of the small changes: lock, look, refuse a conflict, write. `marks` says where the pieces stand afterwards."""
    with transaction.atomic():
        held = locked(draft)
        picture = picture_of(held)
        wanted = marks(picture, bundle_in(picture, piece))
        _refuse_conflict(held, picture, wanted, seen_version)
        write(held, picture, kind, wanted, by=by, at=at)
    return held


def undo(draft: Draft, *, by: Person, at: datetime, change: DraftChange | None = None) -> Draft:
    """Take back the last change that stands, or the named one, in one step: a move, a whole solution, a departure with its dates.

    Refused `nothing_to_undo`, `undo_of_undo`; `changed_since` where a later change touched the same pieces; `full` where
    somebody's maximum would be exceeded, because her room was given away since; `barred` where a client bars since whom it goes back to.
    """
    with departures.facts_changing(), transaction.atomic():
        held = locked(draft)
        target = _to_undo(held, change)
        if target.facts_before:
            departures.restore(held.program, target.facts_before)
        picture = picture_of(held)
        restored = {entry[0]: placed_of(entry) for entry in target.before if entry[0] in picture.places}
        _refuse_changed_since(held, picture, target)
        _refuse_barred(picture, restored)
        _refuse_overfull(picture, restored)
        made = write(held, picture, "undo", restored, by=by, at=at, undone=target.pk)
        if made is not None:
            DraftChange.objects.filter(pk=target.pk).update(undone_by=made)
        if target.kind == "solve":  # nor does its limit on changing hands bind any more
            Draft.objects.filter(pk=held.pk).update(plan_run=None)
    return held


def _to_undo(draft: Draft, change: DraftChange | None) -> DraftChange:
    standing = DraftChange.objects.filter(draft=draft, undone_by__isnull=True)
    if change is not None and change.kind == "undo":
        raise Refused("undo_of_undo")
    found = standing.exclude(kind="undo").filter(**({} if change is None else {"pk": change.pk})).order_by("-pk").first()
    if found is None:
        raise Refused("nothing_to_undo")
    return found


def _refuse_changed_since(draft: Draft, picture: Picture, target: DraftChange) -> None:
    for entry in target.after:
        if entry[0] in picture.places and picture.places[entry[0]] != placed_of(entry):
            latest = DraftPlacement.objects.select_related("changed_by").get(draft=draft, piece=entry[0])
            raise Refused("changed_since", piece=entry[0], by=_name(latest), at=latest.changed_at)


def _refuse_barred(picture: Picture, places: Mapping[str, Placed]) -> None:
    for piece, place in places.items():
        for code in filter(None, (place.practitioner, place.cover)):
            if code in picture.facts.people and "barred" in picture.facts.broken_rules(piece, code):
                raise Refused("barred", practitioner=code, piece=piece)


def _refuse_overfull(picture: Picture, places: Mapping[str, Placed]) -> None:
    after = draft_picture.stepped(picture, places).standing
    for person in after.case.practitioners:
        minutes, before = after.weeks[person.id].minutes, picture.standing.weeks[person.id].minutes
        if before < minutes and minutes > person.maximum_minutes:
            over = minutes - person.maximum_minutes
            raise Refused("full", practitioner=person.id, over_minutes=over, maximum_minutes=person.maximum_minutes)


def hands(draft: Draft) -> Hands:
    """What changes hands in the draft against the current practitioners."""
    return picture_of(draft).hands


def moved_hands(draft: Draft) -> int:
    """Units that change hands, as a limit on changes counts them."""
    return hands(draft).units


def bundle_in(picture: Picture, piece: str) -> tuple[Unit, ...]:
    """The piece with all that goes together with it. Refused `piece_unknown`."""
    if piece not in picture.facts.bundle_of:
        raise Refused("piece_unknown", piece=piece)
    return picture.facts.bundle_of[piece]


def locked(draft: Draft) -> Draft:
    """The draft as it is now, held until the transaction ends. Refused `draft_closed` once its edition is published."""
    held = Draft.objects.select_for_update(of=("self",)).select_related("program").get(pk=draft.pk)
    if held.closed_at is not None:
        raise Refused("draft_closed")
    return held


def locked_of_offer(offer_key: int) -> Draft | None:
    """The open draft of an offer's program, held until the transaction ends; None where there is none."""
    open_drafts = Draft.objects.select_for_update(of=("self",)).select_related("program")
    return open_drafts.filter(program__offers=offer_key, closed_at__isnull=True).first()


def _refuse_conflict(draft: Draft, picture: Picture, wanted: Mapping[str, Placed], seen_version: int) -> None:
    """Refused `changed_meanwhile` where a piece was changed after the page was made, and not to what is wanted anyhow."""
    if draft.version <= seen_version:
        return
    newer = DraftPlacement.objects.filter(draft=draft, piece__in=wanted, version__gt=seen_version).select_related("changed_by")
    for row in newer.order_by("-version"):
        now, wish = picture.places[row.piece], wanted[row.piece]
        if now != wish:
            raise Refused(
                "changed_meanwhile",
                piece=row.piece,
                by=_name(row),
                at=row.changed_at,
                theirs=now.practitioner,
                theirs_pinned=now.is_pinned,
                yours=wish.practitioner,
                version=draft.version,
            )


def _name(row: DraftPlacement) -> str:
    return row.changed_by.full_name if row.changed_by else ""


def write(
    draft: Draft,
    picture: Picture,
    kind: str,
    places: Mapping[str, Placed],
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    accepted_offer: int | None = None,
    reason_code: str = "",
    **facts: object,
) -> DraftChange | None:
    """Write one change of a draft that is locked: the placements, the change with its undo, the journal. None: nothing differs."""
    changed = {piece: one for piece, one in places.items() if one != picture.places[piece]}
    if not changed:
        return None
    draft.version += 1
    Draft.objects.filter(pk=draft.pk).update(version=F("version") + 1)
    stated = {piece: picture.facts.units[piece].stated_id for piece in changed}
    moved = [piece for piece, one in changed.items() if one.practitioner != picture.places[piece].practitioner]
    closed_instead(draft, moved, by=by, at=at, but=accepted_offer)
    banned = [piece for piece, one in changed.items() if one.banned != picture.places[piece].banned]
    _store(draft, changed, stated=stated, by=by, at=at, banned=banned)
    change = DraftChange.objects.create(
        draft=draft,
        kind=kind,
        by=by.account,
        at=at,
        before=[entry_of(piece, picture.places[piece]) for piece in changed],
        after=[entry_of(piece, one) for piece, one in changed.items()],
        reason=reason[:500],
        reason_code=reason_code,
    )
    named = sorted(set(stated.values())) if len(changed) <= MOST_NAMED else []
    said = {
        **facts,
        "version": draft.version,
        "pieces": len(changed),
        **{name: one for name, one in (("reason", reason), ("reason_code", reason_code)) if one},
    }
    journal.record(by, f"draft.{kind}", at=at, program=draft.program, subject=draft, clients=named, **said)
    if len(changed) <= MOST_STEPS:
        transaction.on_commit(lambda: draft_picture.keep(draft_picture.after_change(picture, change)), robust=True)
    return change


def _store(
    draft: Draft,
    places: Mapping[str, Placed],
    *,
    stated: Mapping[str, str],
    by: Person | None = None,
    at: datetime | None = None,
    banned: Iterable[str] | None = None,
) -> None:
    """Placements as they stand now, in as many queries for three pieces as for three hundred. `banned`: pieces whose bans changed."""
    units = dict(draft.program.units.values_list("code", "pk")) if len(places) > BATCH else _keys_of_units(draft, stated)
    everybody = Practitioner.objects.filter(program=draft.program_id).order_by()
    named = {code for one in places.values() for code in (one.practitioner, one.cover, *one.banned) if code}
    people = dict((everybody if len(named) > BATCH else everybody.filter(code__in=named)).values_list("code", "pk"))
    rows = {
        piece: DraftPlacement(
            draft=draft,
            unit_id=units[stated[piece]],
            piece=piece,
            practitioner_id=people[one.practitioner] if one.practitioner else None,
            cover_id=people[one.cover] if one.cover else None,
            is_pinned=one.is_pinned,
            version=draft.version,
            changed_by=by.account if by else None,
            changed_at=at,
        )
        for piece, one in places.items()
    }
    DraftPlacement.objects.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["draft", "piece"],
        update_fields=["unit", "practitioner", "cover", "is_pinned", "version", "changed_by", "changed_at"],
    )
    _store_bans(places, rows, people, banned=list(places if banned is None else banned))


def _keys_of_units(draft: Draft, stated: Mapping[str, str]) -> dict[str, int]:
    return dict(draft.program.units.filter(code__in=set(stated.values())).values_list("code", "pk"))


def _store_bans(
    places: Mapping[str, Placed], rows: Mapping[str, DraftPlacement], people: Mapping[str, int], *, banned: Sequence[str]
) -> None:
    if not any(places[piece].banned for piece in banned) and all(rows[piece].version == 0 for piece in banned):
        return
    through = DraftPlacement.banned.through
    through._default_manager.filter(draftplacement_id__in=[rows[piece].pk for piece in banned]).delete()
    through._default_manager.bulk_create(
        [
            through(draftplacement_id=rows[piece].pk, practitioner_id=people[code])
            for piece in banned
            for code in sorted(places[piece].banned)
        ],
        batch_size=BATCH,
    )
