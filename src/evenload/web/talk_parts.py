"""The parts of the pages of load conversations: felt beside counted, whether they differ, remedies with their effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any, Final

from django.utils.timezone import localdate

from evenload.planning.case import Practitioner as Herself
from evenload.planning.explain import WeekLoad
from evenload.planning.problems import CaseError
from evenload.records.access import Person
from evenload.records.models import LoadSignal, LoadTalk, Practitioner, Remedy
from evenload.records.models.talks import OPEN_TALKS
from evenload.web.before_after import ChangeRow, Figures, change_row
from evenload.web.draft_words import names_of, unit_name
from evenload.web.load_bar import Load, LoadBar, load_bar
from evenload.web.load_history_parts import overload_mark
from evenload.web.own_figure_parts import OwnView
from evenload.web.remedy_words import lent_line, remedy_note, remedy_title
from evenload.words import Words, label, message
from evenload.words.phrases import Names
from evenload.workflow import drafts, talks
from evenload.workflow.draft_picture import Picture, facts_of, picture_of
from evenload.workflow.load_weeks import spell_of
from evenload.workflow.own_week import own_week
from evenload.workflow.refused import Refused
from evenload.workflow.remedies import together
from evenload.workflow.remedy_applied import running_of
from evenload.workflow.remedy_shown import Proposed

FELT: Final = {
    "too_high": message("My load feels: too high"),
    "right": message("My load feels: right"),
    "too_low": message("My load feels: too low"),
}

MUCH_TRAVEL: Final = Fraction(3, 2)
"""times the median of the discipline: then travel is what to look at first"""


@dataclass(frozen=True, slots=True)
class MyWeek:
    """Her own week in one program, as the desk counts it. `bar` is None where the facts leave nothing to count."""

    practitioner: Practitioner
    program: str
    bar: LoadBar | None
    range_text: str
    travel: str
    last_said: str
    talk: LoadTalk | None
    mark: str
    """a sustained overload, in words"""
    lent: tuple[str, ...]
    """visits that somebody else makes for her, or she for somebody, for a time"""
    own: OwnView | None = None
    """her own figures, on the page that shows them"""


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
    note: str
    mine: ChangeRow | None
    """her whose load it is; None where no draft is open any more"""
    others: tuple[ChangeRow, ...]
    clients: int
    is_chosen: bool


def my_week(words: Words, one: Practitioner, talk: LoadTalk | None) -> MyWeek:
    """Her own bar, range and travel; what she said last."""
    known, bar, range_text, travel = _own_week(one), None, "", ""
    if known is not None:
        herself, week = known
        own_range = (herself.comfortable_min_percent, herself.comfortable_max_percent)
        bar = load_bar(words, Load(week.assigned_minutes, week.capacity_minutes, week.maximum_minutes, own_range), week.state)
        ends = [Fraction(share * week.capacity_minutes, 6000) for share in own_range]
        range_text = words.say("range {low} to {high}", low=words.number(ends[0]), high=words.hours(ends[1]))
        travel = words.hours(Fraction(week.travel_minutes, 60), per="week")
    running = list(running_of(one))
    names = _names(words, one) if running else {}
    lent = tuple(lent_line(words, one, remedy, unit=unit_name(words, names, remedy.piece)) for remedy in running)
    last = LoadSignal.objects.filter(practitioner=one).first()
    said = f"{words.say(FELT[last.feeling])} · {words.date(localdate(last.said_at))}" if last else ""
    return MyWeek(
        one,
        words.either(one.program.name_en, one.program.name_fr),
        bar,
        range_text,
        travel,
        said,
        talk,
        overload_mark(words, spell_of(one)),
        lent,
    )


def _own_week(one: Practitioner) -> tuple[Herself, WeekLoad] | None:
    """By the open draft, else the current list; None where the program's facts contradict each other, which her manager sees."""
    try:
        return own_week(one)
    except CaseError:
        return None


def _names(words: Words, one: Practitioner) -> Names:
    try:
        return names_of(words, facts_of(one.program))
    except Refused:
        return {}


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


def talk_view(words: Words, talk: LoadTalk, person: Person, *, today: date, picked: Sequence[str] = ()) -> dict[str, Any]:
    """Everything the conversation's page shows; `picked` are keys of remedies whose sum was asked for."""
    draft, code = drafts.open_draft_of(talk.practitioner.program), talk.practitioner.code
    picture = picture_of(draft) if draft else None
    names = names_of(words, picture.facts) if picture else {}
    try:
        proposed = talks.remedies_for(talk, today=today) if talk.state in ("open", "escalated") else ()
    except Refused:
        proposed = ()
    kept = [kept_remedy(one) for one in talk.remedies.select_related("to")]
    marked = set(picked) or {one.key for one in kept}
    now = talks.counted(talk.practitioner)
    return {
        "talk": talk,
        "program": talk.practitioner.program,
        "line": signal_view(words, talk, today=today),
        "is_deciding": talk.state in ("open", "escalated"),
        "cause": _cause(words, talk.signal),
        "said_on": talk.signal.said_at,
        "in_a_row": weeks_in_a_row(talk),
        "counted_then": _counted(words, talk.signal.counted),
        "counted_now": _counted(words, now),
        "travel": _travel(words, picture, talk.practitioner.code),
        "differ": differ(talk.signal.feeling, talk.signal.counted),
        "look_first": _look_first(words, talk, picture),
        "proposals": [_remedy_view(words, names, picture, one, mine=code, is_chosen=one.key in marked) for one in proposed]
        if picture
        else [],
        "agreed": [_remedy_view(words, names, picture, one, mine=code, is_chosen=True) for one in kept],
        "together": _together(words, picture, talk, [one for one in proposed if one.key in marked]),
        "helped": _helped(words, picture, talk, now),
        "is_follow_up": talk.state == "agreed" and talk.follow_up_on is not None and talk.follow_up_on <= today,
        "has_draft": draft is not None,
        "lines": talk.messages.select_related("by"),
        "mine": person.is_practitioner,
        "i_agreed": bool(talk.agreed_by_practitioner_at if person.is_practitioner else talk.agreed_by_planner_at),
        "other_agreed": bool(talk.agreed_by_planner_at if person.is_practitioner else talk.agreed_by_practitioner_at),
    }


def kept_remedy(one: Remedy) -> Proposed:
    """A remedy that was chosen, with the effect that both were shown."""
    weeks = tuple((code, WeekLoad(**before), WeekLoad(**after)) for code, (before, after) in one.shown.get("weeks", {}).items())
    return Proposed(
        kind=one.kind,
        piece=one.piece,
        to=one.to.code if one.to else None,
        weeks=weeks,
        clients=one.shown.get("clients", 0),
        units=tuple(one.shown.get("units", ())),
        amount=one.amount,
        until=one.until,
        details=one.shown.get("details", {}),
    )


def weeks_in_a_row(talk: LoadTalk) -> int:
    """How many weeks running she has said the same, up to the week of the last time."""
    rows = LoadSignal.objects.filter(practitioner=talk.practitioner, feeling=talk.signal.feeling, said_at__lte=talk.signal.said_at)
    said = {(day := localdate(at)) - timedelta(days=day.weekday()) for at in rows.values_list("said_at", flat=True)}
    here, count = localdate(talk.signal.said_at), 0
    monday = here - timedelta(days=here.weekday())
    while monday - timedelta(weeks=count) in said:
        count += 1
    return count


def _together(words: Words, picture: Picture | None, talk: LoadTalk, chosen: Sequence[Proposed]) -> list[ChangeRow]:
    """Her week after all that is marked; nothing where nothing is."""
    code = talk.practitioner.code
    if picture is None or not chosen or code not in picture.facts.people:
        return []
    before, after = together(picture, code, chosen)
    return [_row(words, {code: words.say("Together")}, picture, code, before, after)]


def _helped(words: Words, picture: Picture | None, talk: LoadTalk, now: Mapping[str, Any]) -> list[ChangeRow]:
    """Her week when she said it, and now or when the conversation ended; nothing before anything was agreed."""
    after = talk.counted_after or now
    if talk.state not in ("agreed", "settled") or picture is None or not talk.signal.counted or not after:
        return []
    code = talk.practitioner.code
    if code not in picture.facts.people:
        return []
    return [_row(words, {code: str(talk.practitioner)}, picture, code, WeekLoad(**talk.signal.counted), WeekLoad(**after))]


def _look_first(words: Words, talk: LoadTalk, picture: Picture | None) -> str:
    """Where felt and counted differ: what to look at first, from the figures where they say it."""
    if picture is not None and talk.practitioner.code in picture.facts.people:
        mine, middle = _travel_minutes(picture, talk.practitioner.code)
        if middle > 0 and Fraction(mine) >= MUCH_TRAVEL * middle:
            times = words.number(Fraction(mine) / middle, 1)
            return words.say("They differ. Travel is {times} times the middle of the discipline: look there first.", times=times)
    return words.say("They differ. Look first at what the hours do not show: travel, complexity, paperwork.")


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
    mine, middle = (words.hours(Fraction(minutes) / 60, per="week") for minutes in _travel_minutes(picture, code))
    return words.say("travel {mine}, median of the discipline {middle}", mine=mine, middle=middle)


def _travel_minutes(picture: Picture, code: str) -> tuple[int, Fraction]:
    case = picture.facts.case
    own = set(case.practitioner(code).disciplines)
    peers = [picture.standing.weeks[one.id].travel_minutes for one in case.practitioners if own & set(one.disciplines)]
    return picture.standing.weeks[code].travel_minutes, Fraction(median(peers))


def _remedy_view(words: Words, names: Names, picture: Picture | None, one: Proposed, *, mine: str, is_chosen: bool) -> RemedyView:
    known = [week for week in one.weeks if picture is not None and picture.facts.case.has_practitioner(week[0])]
    rows = {code: _row(words, names, picture, code, before, after) for code, before, after in known} if picture else {}
    others = tuple(row for code, row in rows.items() if code != mine)
    return RemedyView(one.key, remedy_title(words, names, one), remedy_note(words, one), rows.get(mine), others, one.clients, is_chosen)


def _row(words: Words, names: Names, picture: Picture, code: str, before: WeekLoad, after: WeekLoad) -> ChangeRow:
    person = picture.facts.case.practitioner(code)
    own_range = (person.comfortable_min_percent, person.comfortable_max_percent)

    def side(week: WeekLoad) -> Figures:
        load = Load(week.assigned_minutes, week.capacity_minutes, week.maximum_minutes, own_range)
        return Figures(load, week.state, week.travel_minutes, week.peak_minutes)

    return change_row(words, names.get(code, code), side(before), side(after))
