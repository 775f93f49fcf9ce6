"""The recruiting list: what waits because nobody of the program could take it, by discipline, language and area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenload.records.access import program_for
from evenload.web.desk_answers import words_of
from evenload.web.desk_parts import WHY
from evenload.web.door import door, person_in, shows
from evenload.words import Words, label
from evenload.workflow import what_if
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_rows import WaitingCard
from evenload.workflow.refused import Refused


@dataclass(frozen=True, slots=True)
class RecruitingLine:
    """Hours that nobody could take, of one discipline, language and area. Minutes a week, without travel."""

    discipline: str
    language: str
    area: str
    minutes: int
    units: int
    clients: int
    oldest_days: int | None
    reasons: str


@door("desk.see")
@require_safe
def recruiting(request: HttpRequest, code: str) -> HttpResponse:
    """Whom to look for: the most hours first."""
    program = program_for(person_in(request), code, "desk.see")
    shows(request, program=program)
    try:
        picture, _ = picture_at_hand(program)
    except Refused:
        return redirect("desk", code=code)
    board = what_if.board_of(picture, today=timezone.localdate())
    stuck = [one for one in board.waiting if not one.possible and not _is_held_back(one)]
    facts = {
        "program": program,
        "lines": recruiting_lines(words_of(request), stuck),
        "units": len(stuck),
        "minutes": sum(one.card.minutes for one in stuck),
    }
    return render(request, "recruiting.html", facts)


def _is_held_back(one: WaitingCard) -> bool:
    """Visits that are used up need an authorization, not a colleague."""
    return bool(one.reasons) and one.reasons[0].code == "contract_exhausted"


def recruiting_lines(words: Words, stuck: Iterable[WaitingCard]) -> list[RecruitingLine]:
    """One line per discipline, language and area, most hours first."""
    groups: dict[tuple[str, str, str], list[WaitingCard]] = defaultdict(list)
    for one in stuck:
        groups[one.card.discipline, one.card.language or "", one.card.area].append(one)
    lines = [_line(words, key, cards) for key, cards in groups.items()]
    return sorted(lines, key=lambda line: (-line.minutes, line.discipline, line.language, line.area))


def _line(words: Words, key: tuple[str, str, str], cards: list[WaitingCard]) -> RecruitingLine:
    discipline, language, area = key
    reasons = dict.fromkeys(WHY[one.reasons[0].code] for one in cards if one.reasons and one.reasons[0].code in WHY)
    return RecruitingLine(
        discipline=label(words, "discipline", discipline),
        language=words.language_name(language) if language else "–",
        area=area if area not in ("", "all") else "–",
        minutes=sum(one.card.minutes for one in cards),
        units=len(cards),
        clients=sum(one.card.clients for one in cards),
        oldest_days=max((one.days for one in cards if one.days is not None), default=None),
        reasons=", ".join(words.say(one) for one in reasons) or "–",
    )
