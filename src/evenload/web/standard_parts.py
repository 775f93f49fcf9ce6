"""Time standards on their pages: one class with its parts, its recorded visits as a drawing and a table, its judges, its versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.urls import reverse
from django.utils.timezone import localdate

from evenload.planning.drift import Drift
from evenload.planning.standards import ClassTime, Observed
from evenload.records.models import Program, StandardJudgement, StandardVersion
from evenload.web.standard_words import (
    FIGURES,
    ICONS,
    PARTS,
    STATES,
    UNKNOWN,
    class_name,
    drift_sentence,
    figure_shown,
    said_of,
)
from evenload.web.worksheet_tables import exact
from evenload.words import Words, label
from evenload.workflow import standard_templates
from evenload.workflow.standard_figures import NAMES, differing
from evenload.workflow.standard_judgements import JUDGED, latest, spreads
from evenload.workflow.standard_versions import current_of
from evenload.workflow.time_standards import Counts, StandardLine, standard_of

MOST_BARS: Final = 12
STEPS: Final = (5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)
"""widths of a bar, in minutes"""
DRAWN: Final = (320, 96)
"""width and height of the drawing"""


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a visit: judged, recorded, planned with, and now."""

    name: str
    judged: str
    worth: str
    count: str
    mean: str
    middle: str
    range: str
    planned: str
    now: str
    drift: str
    state: str
    """`up`, `down` where it departs; `few` where there are too few visits; else empty"""


@dataclass(frozen=True, slots=True)
class LineView:
    """One class in the table of all."""

    key: int
    name: str
    discipline: str
    address: str
    facts: tuple[str, ...]
    per_client: str
    days: str
    parts: tuple[PartView, ...]
    alerts: tuple[str, ...]
    is_proposed: bool
    judges: int
    source: str
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a distribution: from (included) to (not included) minutes."""

    text: str
    count: int
    share: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Recorded minutes of one part, as bars and as a table. `planned_x`: where the planned minutes stand."""

    part: str
    name: str
    says: str
    bars: tuple[Bar, ...]
    planned_x: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class SpreadView:
    """What several people judge of one figure."""

    name: str
    judges: int
    least: str
    median: str
    most: str
    planned: str


@dataclass(frozen=True, slots=True)
class JudgementView:
    """One person's latest judgement."""

    name: str
    on: str
    figures: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in the history."""

    number: int
    state: str
    icon: str
    word: str
    said: str
    why: str
    decided_why: str
    changes: tuple[tuple[str, str, str], ...]
    """what differs from the version before it: name, before, after"""
    figures: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    is_current: bool
    may_return: bool


def template_choices(words: Words, program: Program) -> list[tuple[str, str]]:
    """Templates that may be entered: discipline and what the button says, those of the program's setting."""
    setting = label(words, "setting", program.setting)
    return [
        (code, words.say("{discipline} template: {setting}", setting=setting, discipline=label(words, "discipline_short", code)))
        for code in standard_templates.open_disciplines(program)
    ]


def line_view(words: Words, line: StandardLine, program_code: str) -> LineView:
    """One class for the table of all."""
    standard, time = line.standard, line.time
    return LineView(
        key=standard.pk,
        name=class_name(words, standard),
        discipline=label(words, "discipline_short", standard.discipline),
        address=reverse("standard", args=[program_code, standard.pk]),
        facts=tuple(_facts(words, line)),
        per_client=words.say("{hours} h per client", hours=words.number(line.line.hours_per_client, 2)) if line.line else UNKNOWN,
        days=days_text(words, line),
        parts=tuple(part_views(words, line)),
        alerts=tuple(drift_sentence(words, part, line.drifts[part]) for part in line.departing),
        is_proposed=line.proposal is not None,
        judges=line.judges,
        source=(time.source if time else standard.source) or words.say("Judgement, source not stated"),
        is_sound=line.line is not None,
    )


def _facts(words: Words, line: StandardLine) -> Iterator[str]:
    standard = line.standard
    yield words.say("{visits} visits per client", visits=exact(words, Fraction(str(standard.visits))))
    yield words.say("{minutes} min once per client", minutes=exact(words, Fraction(str(standard.episode_minutes))))
    if standard.group_size > 1:
        yield words.say("groups of {n}", n=standard.group_size)
    if standard.travel_minutes is None:
        yield words.say("travel from distance")
    if line.time is not None and (line.time.no_show_rate or line.time.no_show_observed):
        yield words.say("{percent} of bookings missed", percent=words.percent(100 * line.time.no_show_rate, 1))


def days_text(words: Words, line: StandardLine) -> str:
    """When the recorded visits took place."""
    return words.say("{first} to {last}", first=line.days[0], last=line.days[1]) if line.days else ""


def part_views(words: Words, line: StandardLine) -> Iterator[PartView]:
    """Direct, indirect and travel of one class."""
    if line.time is None:
        return
    for part, name in PARTS.items():
        if standard_of(line.time, part) is not None or (part == "travel" and line.time.observed_travel is not None):
            yield _part(words, words.say(name), line.time, part, line.drifts.get(part))


def _part(words: Words, name: str, time: ClassTime, part: str, drift: Drift | None) -> PartView:
    standard = standard_of(time, part)
    seen = standard.observed if standard else time.observed_travel
    modelled = words.say("from distance")
    return PartView(
        name=name,
        judged=exact(words, standard.judged_minutes) if standard else UNKNOWN,
        worth=exact(words, standard.weight) if standard else UNKNOWN,
        count=words.integer(seen.count) if seen else UNKNOWN,
        mean=words.number(seen.mean) if seen else UNKNOWN,
        middle=_middle(words, seen),
        range=words.say("{low} to {high}", low=words.number(seen.least), high=words.number(seen.most)) if seen else UNKNOWN,
        planned=words.number(standard.minutes) if standard else modelled,
        now=words.say("{mean} ({n})", mean=words.number(drift.mean), n=drift.count) if drift else UNKNOWN,
        drift=words.signed_percent(drift.percent, 1) if drift and drift.percent is not None else UNKNOWN,
        state=_state(drift),
    )


def _middle(words: Words, seen: Observed | None) -> str:
    return " · ".join(words.number(one) for one in (seen.p10, seen.p50, seen.p90)) if seen else UNKNOWN


def _state(drift: Drift | None) -> str:
    if drift is None:
        return ""
    if drift.departs:
        return "up" if drift.mean > drift.planned else "down"
    return "" if drift.is_enough else "few"


def distributions(words: Words, line: StandardLine, recorded: Mapping[str, Counts]) -> tuple[Distribution, ...]:
    """The recorded visits of one class, part by part, where there are any."""
    found = []
    for part, counts in recorded.items():
        standard = standard_of(line.time, part) if line.time else None
        if counts:
            found.append(_distribution(words, part, counts, standard.minutes if standard else None))
    return tuple(found)


def _distribution(words: Words, part: str, counts: Counts, planned: Fraction | None) -> Distribution:
    step = next((one for one in STEPS if max(counts) // one - min(counts) // one < MOST_BARS), STEPS[-1])
    low, high = int(min(counts) // step), int(max(counts) // step)
    if planned is not None and int(planned // step) - low > -MOST_BARS and int(planned // step) - high < MOST_BARS:
        low, high = min(low, int(planned // step)), max(high, int(planned // step))
    sums = dict.fromkeys(range(low, high + 1), 0)
    for minutes_taken, times in counts.items():
        sums[int(minutes_taken // step)] += times
    total, most, (width, height) = sum(sums.values()), max(sums.values()), DRAWN
    each = Fraction(width, len(sums))
    bars = tuple(
        Bar(
            text=words.say("{low} to under {high} min", low=str(place * step), high=str((place + 1) * step)),
            count=times,
            share=words.percent(Fraction(100 * times, total)),
            x=_length(at * each + 1),
            y=_length(height - Fraction(height * times, most)),
            width=_length(each - 2),
            height=_length(Fraction(height * times, most)),
        )
        for at, (place, times) in enumerate(sums.items())
    )
    x = "" if planned is None else _length(min(max((planned / step - low) * each, Fraction(0)), Fraction(width)))
    fullest = max(bars, key=lambda bar: bar.count)
    name = words.say(PARTS[part])
    says = words.say_n(
        "{name}: {n} recorded visit, {bar}.",
        "{name}: {n} recorded visits, most of them {bar}.",
        total,
        name=name,
        bar=fullest.text,
    )
    return Distribution(part, name, says, bars, x, str(low * step), str((high + 1) * step))


def _length(value: Fraction) -> str:
    return f"{float(value):.1f}".rstrip("0").rstrip(".")


def spread_views(words: Words, line: StandardLine, rows: Iterable[StandardJudgement]) -> tuple[SpreadView, ...]:
    """What the judges say of each figure, beside what is planned with."""
    return tuple(
        SpreadView(
            words.say(FIGURES[name]),
            one.judges,
            exact(words, one.least),
            exact(words, one.median),
            exact(words, one.most),
            figure_shown(words, name, getattr(line.standard, name)),
        )
        for name, one in spreads(rows).items()
    )


def judgement_views(words: Words, rows: Iterable[StandardJudgement]) -> tuple[JudgementView, ...]:
    """Each person's latest judgement, the newest first."""
    return tuple(
        JudgementView(
            row.by_name,
            words.date(localdate(row.at)),
            tuple(UNKNOWN if (value := getattr(row, name)) is None else exact(words, Fraction(str(value))) for name in JUDGED),
            row.why,
        )
        for row in latest(rows)
    )


def version_views(words: Words, line: StandardLine, versions: list[StandardVersion]) -> tuple[VersionView, ...]:
    """The history, newest first."""
    current = line.current
    return tuple(
        VersionView(
            number=one.number,
            state=one.state,
            icon=ICONS[one.state],
            word=words.say(STATES[one.state]),
            said=said_of(words, one),
            why=one.why,
            decided_why=one.decided_why,
            changes=changes_of(words, _stood_before(one, versions), one),
            figures=tuple((words.say(FIGURES[name]), figure_shown(words, name, one.says.get(name))) for name in NAMES),
            evidence=tuple(_evidence(words, one)),
            is_current=current is not None and one.pk == current.pk,
            may_return=one.state != "proposed" and line.proposal is None and (current is None or one.pk != current.pk),
        )
        for one in versions
    )


def _stood_before(version: StandardVersion, versions: list[StandardVersion]) -> StandardVersion | None:
    """What was planned with when a version was proposed."""
    return current_of(one for one in versions if one.number < version.number and (one.decided_at or one.proposed_at) <= version.proposed_at)


def changes_of(words: Words, before: StandardVersion | None, after: StandardVersion) -> tuple[tuple[str, str, str], ...]:
    """What differs from what was planned with before; nothing for the first."""
    if before is None:
        return ()
    names = differing(before.says, after.says)
    return tuple(
        (words.say(FIGURES[name]), figure_shown(words, name, before.says.get(name)), figure_shown(words, name, after.says.get(name)))
        for name in names
    )


def _evidence(words: Words, version: StandardVersion) -> Iterator[str]:
    """What was known when it was proposed."""
    for part, seen in version.evidence.get("recorded", {}).items():
        yield words.say_n(
            "{part}: {n} recorded visit, {mean} min",
            "{part}: {n} recorded visits, {mean} min on average, middle 80 percent {low} to {high}",
            int(seen["n"]),
            part=words.say(PARTS[part]),
            mean=words.number(Fraction(seen["mean"])),
            low=words.number(Fraction(seen["p10"])),
            high=words.number(Fraction(seen["p90"])),
        )
    for one in version.evidence.get("judgements", ()):
        yield words.say("{name} judged {minutes} min direct", name=one["by"], minutes=words.number(Fraction(one["direct_minutes"])))
