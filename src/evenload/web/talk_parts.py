"""The parts of the pages of load conversations: felt beside counted, whether they differ, remedies with their effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any, Final

from django.utils.timezone import localdate

from evenload.planning.explain import WeekLoad
from evenload.records.access import Person
from evenload.records.models import LoadSignal, LoadTalk, Practitioner, Remedy
from evenload.records.models.talks import OPEN_TALKS
from evenload.web.before_after import ChangeRow, Figures, change_row
from evenload.web.draft_words import names_of, unit_name
from evenload.web.load_bar import Load, LoadBar, load_bar
from evenload.words import Words, label, message
from evenload.words.phrases import Names
from evenload.workflow import drafts, talks, what_if
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.refused import Refused
from evenload.workflow.remedies import Proposed
from evenload.workflow.talks import PAUSE_WEEKS

FELT: Final = {
    "too_high": message("My load feels: too high"),
    "right": message("My load feels: right"),
    "too_low": message("My load feels: too low"),
}


@dataclass(frozen=True, slots=True)
class MyWeek:
    """Her own week in one program, as the desk counts it. `bar` is None where no draft is open."""

    practitioner: Practitioner
    program: str
    bar: LoadBar | None
    range_text: str
    travel: str
    last_said: str
    talk: LoadTalk | None


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One conversation in the manager's list."""

    talk: LoadTalk
    name: str
    felt: str
    counted: str
    state: str
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class RemedyView:
    """One remedy with its effect on everybody it touches."""

    key: str
    title: str
    rows: tuple[ChangeRow, ...]
    clients: int
    is_chosen: bool


def my_week(words: Words, one: Practitioner, talk: LoadTalk | None) -> MyWeek:
    """Her own bar, range and travel; what she said last."""
    draft = drafts.open_draft_of(one.program)
    bar, range_text, travel = None, "", ""
    if draft is not None and one.code in picture_of(draft).facts.people:
        row = what_if.rows_of(draft, [one.code])[0]
        own_range = (row.low_percent, row.high_percent)
        load = Load(row.load.assigned_minutes, row.load.capacity_minutes, row.load.maximum_minutes, own_range)
        bar = load_bar(words, load, row.load.state)
        ends = [Fraction(share * row.load.capacity_minutes, 6000) for share in own_range]
        range_text = words.say("range {low} to {high}", low=words.number(ends[0]), high=words.hours(ends[1]))
        travel = words.hours(Fraction(row.load.travel_minutes, 60), per="week")
    last = LoadSignal.objects.filter(practitioner=one).first()
    said = f"{words.say(FELT[last.feeling])} · {words.date(localdate(last.said_at))}" if last else ""
    return MyWeek(one, words.either(one.program.name_en, one.program.name_fr), bar, range_text, travel, said, talk)


def signal_view(words: Words, talk: LoadTalk, *, today: date) -> TalkLine:
    """One line: who, what is felt, what was counted then, how it stands."""
    signal = talk.signal
    felt = words.say("{feeling}, cause: {cause}", feeling=label(words, "feedback", signal.feeling), cause=_cause(words, signal).lower())
    return TalkLine(
        talk=talk,
        name=str(talk.practitioner),
        felt=felt,
        counted=_counted(words, signal.counted),
        state=label(words, "talk_state", talk.state),
        is_open=talk.state in OPEN_TALKS,
        is_late=talk.state in ("open", "escalated") and talk.answer_due < today,
    )


def _cause(words: Words, signal: LoadSignal) -> str:
    return label(words, "load_cause", signal.cause) if signal.cause else "–"


def _counted(words: Words, week: Mapping[str, Any]) -> str:
    """`68%, has room, 19.0 h`; a dash where nothing was counted."""
    if not week or not week.get("capacity_minutes"):
        return "–"
    percent = words.percent(round(Fraction(100 * week["assigned_minutes"], week["capacity_minutes"])))
    state = label(words, "load", week["state"]).lower()
    return ", ".join((percent, state, words.hours(Fraction(week["assigned_minutes"], 60), per="week")))


def talk_view(words: Words, talk: LoadTalk, person: Person, *, today: date) -> dict[str, Any]:
    """Everything the conversation's page shows."""
    draft = drafts.open_draft_of(talk.practitioner.program)
    picture = picture_of(draft) if draft else None
    names = names_of(words, picture.facts) if picture else {}
    try:
        proposed = talks.remedies_for(talk) if talk.state in ("open", "escalated") else ()
    except Refused:
        proposed = ()
    chosen = {(one.kind, one.piece, one.to.code if one.to else None) for one in talk.remedies.select_related("to")}
    now = talks.counted(talk.practitioner)
    return {
        "talk": talk,
        "program": talk.practitioner.program,
        "line": signal_view(words, talk, today=today),
        "cause": _cause(words, talk.signal),
        "said_on": talk.signal.said_at,
        "counted_then": _counted(words, talk.signal.counted),
        "counted_now": _counted(words, now),
        "travel": _travel(words, picture, talk.practitioner.code),
        "differ": differ(talk.signal.feeling, talk.signal.counted),
        "proposals": [_remedy_view(words, names, picture, one, chosen) for one in proposed] if picture else [],
        "agreed": [_kept_view(words, names, picture, one) for one in talk.remedies.select_related("to")],
        "has_draft": draft is not None,
        "lines": talk.messages.select_related("by"),
        "mine": person.is_practitioner,
        "i_agreed": bool(talk.agreed_by_practitioner_at if person.is_practitioner else talk.agreed_by_planner_at),
        "other_agreed": bool(talk.agreed_by_planner_at if person.is_practitioner else talk.agreed_by_practitioner_at),
    }


def differ(feeling: str, week: Mapping[str, Any]) -> bool:
    """Whether what was felt and what was counted at that moment say different things: afterwards the signal has shifted her range."""
    state = week.get("state")
    if state is None:
        return False
    high, low = state in ("over", "above_range"), state == "room"
    return (feeling == "too_high" and not high) or (feeling == "too_low" and not low)


def _travel(words: Words, picture: Picture | None, code: str) -> str:
    """Her travel beside the median of those of her disciplines."""
    if picture is None or code not in picture.facts.people:
        return ""
    case = picture.facts.case
    own = set(case.practitioner(code).disciplines)
    peers = [picture.standing.weeks[one.id].travel_minutes for one in case.practitioners if own & set(one.disciplines)]
    mine, middle = (
        words.hours(Fraction(minutes) / 60, per="week") for minutes in (picture.standing.weeks[code].travel_minutes, median(peers))
    )
    return words.say("travel {mine}, median of the discipline {middle}", mine=mine, middle=middle)


def _remedy_view(words: Words, names: Names, picture: Picture, one: Proposed, chosen: Iterable[tuple[str, str, str | None]]) -> RemedyView:
    rows = tuple(_row(words, names, picture, code, before, after) for code, before, after in one.weeks)
    return RemedyView(
        one.key, _title(words, names, one.kind, one.piece, one.to or ""), rows, one.clients, (one.kind, one.piece, one.to) in set(chosen)
    )


def _kept_view(words: Words, names: Names, picture: Picture | None, one: Remedy) -> RemedyView:
    weeks = one.shown.get("weeks", {})
    rows = (
        tuple(_row(words, names, picture, code, WeekLoad(**before), WeekLoad(**after)) for code, (before, after) in weeks.items())
        if picture
        else ()
    )
    return RemedyView("", _title(words, names, one.kind, one.piece, one.to.code if one.to else ""), rows, one.shown.get("clients", 0), True)


def _row(words: Words, names: Names, picture: Picture, code: str, before: WeekLoad, after: WeekLoad) -> ChangeRow:
    person = picture.facts.case.practitioner(code)
    own_range = (person.comfortable_min_percent, person.comfortable_max_percent)

    def side(week: WeekLoad) -> Figures:
        load = Load(week.assigned_minutes, week.capacity_minutes, week.maximum_minutes, own_range)
        return Figures(load, week.state, week.travel_minutes, week.peak_minutes)

    return change_row(words, names.get(code, code), side(before), side(after))


def _title(words: Words, names: Names, kind: str, piece: str, to: str) -> str:
    unit, name = (unit_name(words, names, piece) if piece else ""), names.get(to, to)
    if kind == "move":
        return words.say("Move {unit} to {name}", unit=unit, name=name)
    if kind == "take":
        return words.say("Take {unit}, which waits", unit=unit)
    if kind == "pause_offers":
        return words.say("Pause offers for {n} weeks", n=PAUSE_WEEKS)
    if kind == "every_two_weeks":
        return words.say("See the heaviest weekly clients every two weeks: a clinical call")
    return words.say("Recruit: the week after hiring")
