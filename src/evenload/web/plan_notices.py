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
from evenload.workflow.protection import Exposed

LIMITS: Final = frozenset({"max_moves_exceeded", "pinned_above_maximum"})
"""What concerns the draft that the plan is in, wherever it is shown."""

PRICE: Final = "protection_price"


def notice_lines(words: Words, run: PlanRun, names: Names, *, only: Collection[str] = ()) -> list[str]:
    """The notices of a plan that is done; the limits first. With `only`, no others; the price of protection stands by itself."""
    found = [one for one in _notices(run.pk, run.ended_at) if (one.code in only if only else one.code != PRICE)]
    found.sort(key=lambda one: one.code not in LIMITS)
    return [notice_sentence(words, one, names) for one in found]


def price_line(words: Words, run: PlanRun | None) -> str:
    """What the protection of a plan that is done costs; empty where it has none."""
    return "".join(notice_lines(words, run, {}, only=(PRICE,))) if run is not None and run.robust else ""


def exposed_line(words: Words, one: Exposed, robust: int, names: Names) -> str:
    """Whose week is not protected, and how far it would reach."""
    return words.say_n(
        "The week of {name} is not protected: where {n} unit in it needs more than planned it reaches {reached}, above the maximum of {maximum}.",
        "The week of {name} is not protected: where {n} units in it need more than planned at once it reaches {reached}, "
        "above the maximum of {maximum}.",
        robust,
        name=names.get(one.practitioner, one.practitioner),
        reached=words.hours(one.minutes / 60),
        maximum=words.hours(one.maximum_minutes / 60),
    )


@lru_cache(maxsize=64)
def _notices(run_key: int, _ended_at: datetime | None) -> tuple[Notice, ...]:
    """A plan that is done never changes: its text is read once."""
    return tuple(plan_of(PlanRun.objects.get(pk=run_key)).notices)
