"""What holds now, as a picture: everybody with the units that the current list gives them. It is read where no draft is open."""

from __future__ import annotations

from evenload.records.models import Draft, Program
from evenload.workflow.draft_picture import Picture, facts_of, picture_of, pictured, places_of_now
from evenload.workflow.drafts import open_draft_of

NO_DRAFT = 0
_kept: dict[int, Picture] = {}


def picture_at_hand(program: Program) -> tuple[Picture, Draft | None]:
    """The open draft's picture with the draft, else the picture of now. Refused `facts_contradict`."""
    draft = open_draft_of(program)
    return (picture_of(draft), draft) if draft else (picture_of_now(program), None)


def picture_of_now(program: Program) -> Picture:
    """Every piece with its current practitioner; kept per process until the facts change. Refused `facts_contradict`."""
    facts = facts_of(program)
    kept = _kept.get(program.pk)
    if kept is None or kept.facts is not facts:
        places = places_of_now(program, facts)
        kept = pictured(facts, places, draft_id=NO_DRAFT, version=0, last_change=0, leaving=frozenset())
        _kept[program.pk] = kept
    return kept
