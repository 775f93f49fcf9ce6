"""From the draft to an edition: counted again by plain loops, frozen in one transaction, answered for by its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate

from evenload.planning.case import Case, digest
from evenload.planning.check import placement_problems
from evenload.planning.pieces import case_with_pieces
from evenload.planning.problems import Problem
from evenload.records.access import READERS, Person
from evenload.records.models import (
    Account,
    Assignment,
    Draft,
    DraftPlacement,
    Edition,
    EditionRow,
    FrenchException,
    Practitioner,
    Program,
    Publication,
    ReadReceipt,
    RoleOfAccount,
)
from evenload.records.models.drafts import OVERLOAD_REASONS
from evenload.workflow import drafts, edition_notices, french_exceptions, journal
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.edition_differences import RowChange, changed_since, difference, marked, rows_differing
from evenload.workflow.edition_referrals import follow_edition
from evenload.workflow.edition_rows import Holder, Since, holder_of, rows_of, rows_of_places, searched, standing_of_pieces, unsaved_copy
from evenload.workflow.move_rules import FRENCH
from evenload.workflow.protection import Exposed, recounted, robust_of
from evenload.workflow.recount import differences_from, kept_pairs
from evenload.workflow.refused import Refused
from evenload.workflow.standing_overloads import as_facts, standing_overloads

__all__ = [
    "Check",
    "CodeAnswer",
    "answer_code",
    "changed_since",
    "check_draft",
    "current_edition",
    "difference",
    "mark_read",
    "publish",
    "readers",
]

CODE_LETTERS: Final = "2345679ACDEFHJKMNPQRTVWXY"
"""no letter or digit that is taken for another, in print or by voice"""
CODE_LENGTH: Final = 4
LONGEST_AHEAD: Final = timedelta(days=366)
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Check:
    """A draft counted again, before it is published. Nothing in it is stored."""

    draft: Draft
    version: int
    picture: Picture
    case: Case
    current: Edition | None
    since: Mapping[str, Since]
    rows: tuple[EditionRow, ...]
    problems: tuple[Problem, ...]
    """what the two counts disagree in, and every hard rule or maximum that is broken; none: it may be published"""
    overloads: tuple[Problem, ...]
    """loads above a maximum that the draft found and did not raise: published with a reason"""
    excepted: tuple[FrenchException, ...]
    """recorded exceptions that let a client who asked for French be with somebody who does not speak it"""
    french_to_decide: tuple[Problem, ...]
    """placements of the same kind without such an exception: they are among the problems"""
    waiting: int
    exposed: tuple[Exposed, ...]
    """whom a protected plan does not protect any more: no hindrance"""
    changes: tuple[RowChange, ...]
    """against the current edition; before the first, against the organisation's own assignments"""

    @property
    def french_exceptions(self) -> int:
        """How many clients who asked for French are not placed in French."""
        return len(self.excepted) + len(self.french_to_decide)

    @property
    def people(self) -> tuple[str, ...]:
        """Codes of the practitioners whom a change touches."""
        return tuple(sorted({code for change in self.changes for code in change.people()}))


def current_edition(program: Program) -> Edition | None:
    """The program's current edition."""
    return Edition.objects.select_related("program", "published_by").filter(program=program, is_current=True).first()


def check_draft(draft: Draft, *, effective_on: date) -> Check:
    """Count the draft again, from its rows and the facts as they stand. Refused `draft_closed`, `facts_contradict`."""
    held = Draft.objects.select_related("program").get(pk=draft.pk)
    if held.closed_at is not None:
        raise Refused("draft_closed")
    picture, placed = picture_of(held), _placed(held)
    case = _case_of(picture)
    since, current = standing_of_pieces(held.program, picture.facts), current_edition(held.program)
    places = {piece: placed.get(piece) or holder_of(one.practitioner, one.cover) for piece, one in picture.places.items()}
    rows = rows_of_places(held.program, picture.facts, places, since=since, effective_on=effective_on)
    before = rows_of(current) if current else _rows_by_now(held.program, picture, since, effective_on, rows)
    rows, changes = marked(rows, rows_differing(before, rows, picture.facts.kept.setdefault("kinds of rows", {})))
    holder = {piece: one.practitioner for piece, one in places.items() if one.practitioner is not None}
    counted = _counted_again(picture, case, holder)
    overloads = standing_overloads(case, counted[0])
    broken, excepted = _without_excepted(held.program, (one for one in counted[0] if one not in overloads))
    return Check(
        draft=held,
        version=held.version,
        picture=picture,
        case=case,
        current=current,
        since=since,
        rows=tuple(rows),
        problems=(*broken, *counted[1]),
        overloads=overloads,
        excepted=excepted,
        french_to_decide=tuple(problem for problem in broken if problem.facts.get("rule") == FRENCH),
        waiting=sum(1 for row in rows if not row.practitioner_code),
        exposed=recounted(held, picture, case, holder),
        changes=changes,
    )


def _case_of(picture: Picture) -> Case:
    """The Case with the draft's pins and bans."""
    if "case" not in picture.kept:
        picture.kept["case"] = case_with_pieces(picture.facts.case, pins=picture.pins(), bans=picture.bans())
    case: Case = picture.kept["case"]
    return case


def _counted_again(picture: Picture, case: Case, holder: Mapping[str, str]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Rules broken, and differences of the plain count. The same placements of the same picture are counted once."""
    known: tuple[Mapping[str, str], tuple[Problem, ...], tuple[Problem, ...]] | None = picture.kept.get("counted again")
    if known is None or known[0] != holder:
        broken = placement_problems(case, holder, kept_pairs(picture.facts))
        known = picture.kept["counted again"] = (holder, broken, tuple(differences_from(picture, holder)))
    return known[1], known[2]


def _without_excepted(program: Program, broken: Iterable[Problem]) -> tuple[tuple[Problem, ...], tuple[FrenchException, ...]]:
    """What is broken without what a manager's recorded exception allows, and those exceptions."""
    allowed = {(one.piece, one.practitioner_code): one for one in french_exceptions.open_exceptions(program).select_related("unit")}
    used, left = [], []
    for problem in broken:
        pair = (problem.where.item or "", problem.value)
        if problem.facts.get("rule") == FRENCH and pair in allowed:
            used.append(allowed[pair])
        else:
            left.append(problem)
    return tuple(left), tuple(used)


def _placed(draft: Draft) -> dict[str, Holder]:
    """Where every piece stands, read from its row and not from what this process keeps."""
    rows = DraftPlacement.objects.filter(draft=draft).values_list("piece", "practitioner__code", "cover__code")
    return {piece: holder_of(practitioner, cover) for piece, practitioner, cover in rows}


def _rows_by_now(
    program: Program, picture: Picture, since: Mapping[str, Since], effective_on: date, rows: Sequence[EditionRow]
) -> list[EditionRow]:
    """Before the first edition: the list as the organisation has it. Where the draft says the same, the very same row."""
    places = {piece: holder_of(one.practitioner, one.cover) for piece, one in since.items()}
    differing = {
        row.piece for row in rows if places.get(row.piece, Holder(None)) != Holder(row.practitioner_code or None, row.cover_code or None)
    }
    now = {row.piece: row for row in rows_of_places(program, picture.facts, places, since=since, effective_on=effective_on, only=differing)}
    return [now.get(row.piece, row) for row in rows]


def publish(draft: Draft, *, effective_on: date, by: Person, at: datetime, seen_version: int, overload_reason: str = "") -> Edition:
    """Freeze the draft as the program's next edition, in one transaction.

    Consequences: the number counts up; the rows never change again; it is the current edition; assignments end and begin on
    the effective day, confirmed by this person; the draft is closed; its files wait to be written; the journal has a line.
    Refused `already_published` {number, by, at} where somebody was quicker; `draft_changed_meanwhile` {by, at, version};
    `recount_differs` {problems}; `overload_reason_needed` where somebody stands above her maximum since before the draft;
    `effective_too_early` {day}, `effective_too_late` {day}; `nothing_to_publish`.
    """
    with transaction.atomic():
        Program.objects.select_for_update().get(pk=draft.program_id)
        held = _held(draft, seen_version)
        check = check_draft(held, effective_on=effective_on)
        _refuse(check, effective_on, at, overload_reason)
        edition = _frozen(check, effective_on=effective_on, by=by, at=at)
        _move_assignments(check, edition, by)
        follow_edition(held.program, by=by, at=at)
        french_exceptions.settle(check.draft.program, check.excepted, check.rows, by=by, at=at)
        edition_notices.write(edition, check.changes)
        Draft.objects.filter(pk=held.pk).update(closed_at=at)
        Program.objects.filter(pk=held.program_id).update(facts_version=F("facts_version") + 1)
        Publication.objects.create(edition=edition)
        changed = [change.row.piece.rpartition("#")[0] or change.piece for change in check.changes]
        named = changed if len(changed) <= drafts.MOST_NAMED else []
        said = {"number": edition.number, "effective_on": effective_on, "changed": len(changed), "waiting": check.waiting}
        said |= {"robust": robust, "exposed": [one.practitioner for one in check.exposed]} if (robust := robust_of(check.draft)) else {}
        above = {"overloads": as_facts(check.overloads), "overload_reason": overload_reason} if check.overloads else {}
        journal.record(by, "edition.publish", at=at, program=held.program, subject=edition, clients=named, **said, **above)
    return edition


def _held(draft: Draft, seen_version: int) -> Draft:
    try:
        held = drafts.locked(draft)
    except Refused as refusal:
        closed = Draft.objects.get(pk=draft.pk)
        editions = Edition.objects.select_related("published_by").filter(program=closed.program_id)
        made = editions.filter(published_at=closed.closed_at).first() if closed.closed_at else None
        if made is None:
            raise
        raise Refused("already_published", number=made.number, by=made.published_by.full_name, at=made.published_at) from refusal
    if held.version != seen_version:
        latest = held.changes.select_related("by").order_by("-pk").first()
        name, when = (latest.by.full_name, latest.at) if latest else ("", held.begun_at)
        raise Refused("draft_changed_meanwhile", by=name, at=when, version=held.version)
    return held


def _refuse(check: Check, effective_on: date, at: datetime, overload_reason: str) -> None:
    if not check.rows:
        raise Refused("nothing_to_publish")
    if check.problems:
        raise Refused("recount_differs", problems=check.problems)
    if check.overloads and overload_reason not in OVERLOAD_REASONS:
        raise Refused("overload_reason_needed")
    if check.current is not None and effective_on < check.current.effective_on:
        raise Refused("effective_too_early", day=check.current.effective_on)
    if effective_on > localdate(at) + LONGEST_AHEAD:
        raise Refused("effective_too_late", day=localdate(at) + LONGEST_AHEAD)


def _frozen(check: Check, *, effective_on: date, by: Person, at: datetime) -> Edition:
    program = check.draft.program
    newest = Edition.objects.filter(program=program).order_by("-number").values_list("number", flat=True).first()
    number = (newest or 0) + 1
    Edition.objects.filter(program=program, is_current=True).update(is_current=False)
    edition = Edition.objects.create(
        program=program,
        number=number,
        effective_on=effective_on,
        published_at=at,
        published_by=by.account,
        code=_free_code(program, number),
        plan_run=check.draft.plan_run,
        case_digest=digest(check.case),
        waiting_units=check.waiting,
        french_exceptions=check.french_exceptions,
        changed_rows=len(check.changes),
    )
    rows = [unsaved_copy(row) for row in check.rows]
    for row in rows:
        row.edition, row.search_text = edition, searched(row)
    EditionRow.objects.bulk_create(rows, batch_size=BATCH)
    return edition


def _free_code(program: Program, number: int) -> str:
    """`6-K7Q2`: nobody can guess it from another, and no other edition has it."""
    for attempt in range(1000):
        seal = int(salted_hmac("evenload.edition", f"{program.pk}:{number}:{attempt}", algorithm="sha256").hexdigest(), 16)
        letters = ""
        for _ in range(CODE_LENGTH):
            seal, place = divmod(seal, len(CODE_LETTERS))
            letters += CODE_LETTERS[place]
        if not Edition.objects.filter(code=f"{number}-{letters}").exists():
            return f"{number}-{letters}"
    raise RuntimeError("no code is free for this edition number")


def _move_assignments(check: Check, edition: Edition, by: Person) -> None:
    """Assignments that no longer hold end on the effective day; new ones begin then. Who keeps a piece keeps her row."""
    program, effective_on = check.draft.program, edition.effective_on
    open_rows = Assignment.objects.filter(unit__program=program, ends_on__isnull=True).select_related("practitioner", "cover")
    known = {row.piece: row for row in open_rows}
    people = dict(Practitioner.objects.filter(program=program).values_list("code", "pk"))
    units = dict(program.units.values_list("code", "pk"))
    now = {row.piece: row for row in check.rows}
    ended = [row.pk for piece, row in known.items() if piece not in now or now[piece].practitioner_code != row.practitioner.code]
    _end(ended, effective_on)
    recovered = []
    for piece, row in known.items():
        if piece in now and row.pk not in set(ended) and now[piece].cover_code != (row.cover.code if row.cover else ""):
            row.cover_id = people.get(now[piece].cover_code)
            recovered.append(row)
    Assignment.objects.bulk_update(recovered, ["cover"], batch_size=BATCH)
    stays = set(known) - {piece for piece, row in known.items() if row.pk in set(ended)}
    Assignment.objects.bulk_create(
        [
            Assignment(
                unit_id=units[check.picture.facts.units[piece].stated_id],
                piece=piece,
                practitioner_id=people[row.practitioner_code],
                cover_id=people.get(row.cover_code),
                starts_on=effective_on,
                edition=edition,
                confirmed_by=by.account,
            )
            for piece, row in now.items()
            if row.practitioner_code and piece not in stays
        ],
        batch_size=BATCH,
    )


def _end(keys: list[int], effective_on: date) -> None:
    for first in range(0, len(keys), BATCH):
        rows = Assignment.objects.filter(pk__in=keys[first : first + BATCH])
        rows.filter(starts_on__gt=effective_on).update(ends_on=F("starts_on"))
        rows.filter(ends_on__isnull=True).update(ends_on=effective_on)


# Who has read it


def mark_read(edition: Edition, account: Account, *, at: datetime) -> None:
    """The account has opened this edition; the first time counts. What it was told of this edition and older ones is read."""
    ReadReceipt.objects.bulk_create([ReadReceipt(edition=edition, account=account, read_at=at)], ignore_conflicts=True)
    edition_notices.mark_read(edition, account, at=at)


@dataclass(frozen=True, slots=True)
class Readers:
    """How many of those who may read the list have opened this edition."""

    read: int
    all: int


def readers(edition: Edition) -> Readers:
    """Active accounts with a reading role in the program, and how many of them have opened the edition."""
    roles = RoleOfAccount.objects.filter(role__in=READERS, account__is_active=True)
    may_read = roles.filter(program=edition.program_id) | roles.filter(program__isnull=True)
    keys = set(may_read.values_list("account_id", flat=True))
    read = set(edition.read_receipts.values_list("account_id", flat=True))
    return Readers(len(keys & read), len(keys))


# What a print's code answers


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What a code answers to anybody: numbers and days, never a name. `state`: current, superseded or unknown."""

    state: str
    code: str
    number: int | None = None
    effective_on: date | None = None
    newer: int | None = None
    newer_effective_on: date | None = None
    changed_rows: int = 0


def answer_code(code: str) -> CodeAnswer:
    """Whether the print with this code is the current list. Small letters, spaces and another dash are read as well."""
    wanted = _as_printed(code)
    edition = Edition.objects.filter(code__iexact=wanted).first() if wanted else None
    if edition is None:
        return CodeAnswer("unknown", wanted)
    newer = Edition.objects.filter(program=edition.program_id, is_current=True).first()
    if edition.is_current or newer is None:
        return CodeAnswer("current", edition.code, edition.number, edition.effective_on)
    changed = len(difference(edition, newer))
    return CodeAnswer("superseded", edition.code, edition.number, edition.effective_on, newer.number, newer.effective_on, changed)


def _as_printed(code: str) -> str:
    dashes = str.maketrans("–—\u2011\u2212", "----")
    text = "".join(
        character for character in code[:60].upper().translate(dashes) if character == "-" or (character.isascii() and character.isalnum())
    )[:12]
    if "-" not in text and len(text) > CODE_LENGTH:
        text = f"{text[:-CODE_LENGTH]}-{text[-CODE_LENGTH:]}"
    return text
