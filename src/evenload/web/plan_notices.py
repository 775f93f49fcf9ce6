"""What a plan wants its reader to know, in words: a limit that could not be kept, pins above a maximum, assumed bases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Final

from evenload.planning.problems import Notice
from evenload.records.models import PlanRun
from evenload.words import Words
from evenload.words.notices import notice_sentence
from evenload.words.phrases import Names
from evenload.workflow.plans import plan_of

LIMITS: Final = frozenset({"max_moves_exceeded", "pinned_above_maximum"})
"""What concerns the draft that the plan is in, wherever it is shown."""


def notice_lines(words: Words, run: PlanRun, names: Names, *, only: Collection[str] = ()) -> list[str]:
    """The notices of a plan that is done; the limits first. With `only`, no others."""
    found = [one for one in _notices(run.pk, run.ended_at) if not only or one.code in only]
    found.sort(key=lambda one: one.code not in LIMITS)
    return [notice_sentence(words, one, names) for one in found]


@lru_cache(maxsize=64)
def _notices(run_key: int, _ended_at: datetime | None) -> tuple[Notice, ...]:
    """A plan that is done never changes: its text is read once."""
    return tuple(plan_of(PlanRun.objects.get(pk=run_key)).notices)
