"""The lines above the board: the draft and its last change, the list that holds while no draft is open, the plan that is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from evenload.records.models import Draft, DraftChange, Edition, PlanRun, Program
from evenload.web.plan_form import fields_of
from evenload.web.plan_notices import LIMITS, notice_lines, price_line
from evenload.words import Words
from evenload.words.phrases import Names
from evenload.workflow.draft_picture import Picture
from evenload.workflow.protection import exposed, robust_of
from evenload.workflow.what_if import Board

RUN_TEXTS: Final = ("facts_json", "plan_json")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """The draft: its number, what differs from the current list, its last change, how many change hands."""

    number: int
    edition: int | None
    changes: int
    last: str
    hands: int
    forced: int
    limit: int | None
    price_hours: float
    robust: int = 0
    protection_price: str = ""
    exposed: tuple[str, ...] = ()
    """names of those whom a protected plan does not protect any more"""

    @property
    def can_undo(self) -> bool:
        """Whether a change stands that can be taken back."""
        return bool(self.last)


@dataclass(frozen=True, slots=True)
class RunLine:
    """The program's latest plan where it concerns the desk: `open`, `failed`, or `done` and not yet in the draft."""

    run: PlanRun
    kind: str

    @property
    def again(self) -> dict[str, str]:
        """The fields with which it would be asked for again."""
        return fields_of(self.run)


def draft_line(words: Words, draft: Draft, picture: Picture, board: Board) -> DraftLine:
    """The line of the draft: three small queries, and one more where its plan is protected."""
    numbers = dict(Edition.objects.filter(program=draft.program_id).values_list("number", "is_current"))
    current = next((number for number, is_current in numbers.items() if is_current), None)
    last = _last_change(words, draft)
    return DraftLine(
        number=max(numbers, default=0) + 1,
        edition=current,
        changes=changed_pieces(picture),
        last=last,
        hands=board.hands.units,
        forced=board.hands.forced_units,
        limit=board.limit,
        price_hours=board.price_hours,
        robust=robust_of(draft),
        protection_price=price_line(words, draft.plan_run),
        exposed=tuple(picture.facts.name(one.practitioner) for one in exposed(draft, picture)),
    )


def _last_change(words: Words, draft: Draft) -> str:
    """What Undo takes back, and whose it is; empty where there is nothing."""
    standing = DraftChange.objects.filter(draft=draft, undone_by__isnull=True).exclude(kind="undo").select_related("by")
    change = standing.defer("before").order_by("-pk").first()
    if change is None:
        return ""
    n, moment = len(change.after), timezone.localtime(change.at)
    what = {
        "move": words.say_n("{n} unit moved", "{n} units moved", n),
        "pin": words.say_n("{n} unit pinned", "{n} units pinned", n),
        "unpin": words.say_n("{n} pin taken off", "{n} pins taken off", n),
        "ban": words.say("somebody ruled out"),
        "unban": words.say("somebody allowed again"),
        "solve": words.say_n("the rest solved, {n} unit changed", "the rest solved, {n} units changed", n),
        "cover": words.say("who covers was changed"),
        "hand_over": words.say_n("{n} unit handed over", "{n} units handed over", n),
    }.get(change.kind, words.say_n("{n} unit changed", "{n} units changed", n))
    return ", ".join((what, change.by.full_name, words.clock(moment.time())))


def changed_pieces(picture: Picture) -> int:
    """Pieces that stand elsewhere than the current list has them."""
    units = picture.facts.units
    return sum(place.practitioner != units[piece].current for piece, place in picture.places.items())


def run_line(program: Program, draft: Draft | None) -> RunLine | None:
    """The latest plan run, where it is open, failed, or waits to be looked at; one query."""
    run = PlanRun.objects.filter(program=program, scenario__isnull=True).defer(*RUN_TEXTS).first()
    if run is None or (draft is not None and (draft.plan_run_id == run.pk or run.asked_at < draft.begun_at)):
        return None
    if run.state in ("asked", "running"):
        return RunLine(run, "open")
    return RunLine(run, run.state) if draft is not None and run.state in ("failed", "done") else None


def plan_notices(words: Words, names: Names, draft: Draft) -> list[str]:
    """What the plan in the draft could not keep to, as sentences; nothing where that plan was taken back."""
    return notice_lines(words, draft.plan_run, names, only=LIMITS) if draft.plan_run else []
