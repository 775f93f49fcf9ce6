"""One explanation as lines of a terminal: first the unit, then the possible by rank, then the excluded by what keeps them away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from evenload.cli.columns import wrapped
from evenload.cli.sources import Source
from evenload.planning.case import Case
from evenload.planning.explain import BeforeAfter, Candidate, Explanation, WeekLoad
from evenload.planning.plan import Plan
from evenload.words import Words, fix_sentence, joined, label, label_in_sentence, name_of, reason_sentence, waiting_sentence


def explanation_lines(words: Words, case: Case, plan: Plan, *, explained: Explanation, ids: Sequence[str], source: Source) -> Iterator[str]:
    """Every practitioner exactly once. `ids` are the unit or all its blocks, of which the first is explained."""
    names = source.names(words.lang)
    yield from _unit_lines(words, case, plan, explained=explained, ids=ids, names=names)
    yield ""
    count = len(case.practitioners)
    yield words.say("Possible: {found} of {count}", found=len(explained.possible), count=count)
    for candidate in explained.possible:
        yield from _possible(words, candidate, names)
    if explained.excluded:
        yield ""
        yield words.say("Not possible: {found} of {count}", found=len(explained.excluded), count=count)
    for code, group in explained.excluded_by().items():
        if code == "discipline":
            yield from _of_other_disciplines(words, group, names)
        else:
            for candidate in group:
                yield from _excluded(words, candidate, names)


def _unit_lines(
    words: Words, case: Case, plan: Plan, *, explained: Explanation, ids: Sequence[str], names: dict[str, str]
) -> Iterator[str]:
    units = {unit.id: unit for unit in case.units}
    for id in explained.units:
        unit = units[id]
        named = words.say(
            "{name} ({id}), {discipline}", name=name_of(words, id, names), id=id, discipline=label(words, "discipline", unit.discipline)
        )
        yield from wrapped(named)
    care = words.hours_per_week(Fraction(explained.minutes, 60))
    yield words.say_n("{n} client, {care}", "{n} clients, {care}", explained.clients, care=care)
    if explained.assigned_to is not None:
        yield words.say("In this plan with {practitioner}.", practitioner=name_of(words, explained.assigned_to, names))
    else:
        waiting = next((row for row in plan.waiting if row.unit == ids[0]), None)
        if waiting is not None:
            yield from wrapped(waiting_sentence(words, waiting, names))
    if len(ids) > 1:
        yield from _blocks(words, plan, ids, names)


def _blocks(words: Words, plan: Plan, ids: Sequence[str], names: dict[str, str]) -> Iterator[str]:
    holder = {row.unit: row.practitioner for row in plan.assignments}
    yield words.say_n("Split into {n} block; the first is explained here:", "Split into {n} blocks; the first is explained here:", len(ids))
    for id in ids:
        who = name_of(words, holder[id], names) if id in holder else words.say("waits")
        yield f"  {id}  {who}"


def _possible(words: Words, candidate: Candidate, names: dict[str, str]) -> Iterator[str]:
    than_best = candidate.than_best_hours or 0.0
    price = words.hours(candidate.price_hours or 0.0)
    if candidate.rank == 1:
        judged = words.say("price {price} a week, the best", price=price)
    else:
        judged = words.say("price {price} a week, {more} more than the best", price=price, more=words.hours(than_best))
    yield ""
    yield from wrapped(f"{candidate.rank}. {_named(words, candidate, names, judged)}", indent=2, hanging=3)
    yield from _before_after(words, candidate.load)
    yield from wrapped(joined(reason_sentence(words, reason, names) for reason in candidate.reasons), indent=5)


def _excluded(words: Words, candidate: Candidate, names: dict[str, str]) -> Iterator[str]:
    yield ""
    reasons = joined(reason_sentence(words, reason, names) for reason in candidate.reasons)
    yield from wrapped(_named(words, candidate, names, reasons), indent=2, hanging=3)
    yield from _before_after(words, candidate.load)
    fixes = joined(fix_sentence(words, fix, names) for fix in candidate.fixes)
    if len(candidate.fixes) == 1:
        yield from wrapped(words.say("Nearest fix: {fix}", fix=fixes), indent=5)
    elif fixes:
        yield from wrapped(words.say("All of these together would help: {fixes}", fixes=fixes), indent=5)
    else:
        yield from wrapped(words.say("No change of hours or facts would help."), indent=5)


def _of_other_disciplines(words: Words, group: Sequence[Candidate], names: dict[str, str]) -> Iterator[str]:
    """People of other disciplines on one line each, with their load: nothing else would say more."""
    yield ""
    yield from wrapped(words.say("Another discipline is needed: {found}", found=len(group)), indent=2)
    for candidate in group:
        before = candidate.load.before
        state = label_in_sentence(words, "load", before.state)
        yield from wrapped(_named(words, candidate, names, f"{_percent(words, before)}, {state}"), indent=5, hanging=2)


def _named(words: Words, candidate: Candidate, names: dict[str, str], statement: str) -> str:
    return words.say("{title}: {statement}", title=_who(words, candidate, names), statement=statement)


def _who(words: Words, candidate: Candidate, names: dict[str, str]) -> str:
    marks = []
    if candidate.is_assigned:
        marks.append(words.say("in this plan"))
    if candidate.is_current:
        marks.append(words.say("today"))
    if candidate.is_cover:
        marks.append(words.say("cover"))
    name = name_of(words, candidate.practitioner, names)
    return f"{name} ({', '.join(marks)})" if marks else name


def _before_after(words: Words, load: BeforeAfter) -> Iterator[str]:
    """Load, travel and peak week, before → after; the units stand once, behind."""
    before, after = load.before, load.after
    state = label_in_sentence(words, "load", after.state)
    yield from wrapped(
        words.say(
            "Load {percent_before} → {percent_after}, {state}; {hours_before} → {hours_after}",
            percent_before=_percent(words, before),
            percent_after=_percent(words, after),
            state=state,
            hours_before=words.number(Fraction(before.assigned_minutes, 60)),
            hours_after=words.hours_per_week(Fraction(after.assigned_minutes, 60)),
        ),
        indent=5,
        hanging=2,
    )
    yield from wrapped(
        words.say(
            "Travel {travel_before} → {travel_after}; peak week {peak_before} → {peak_after}",
            travel_before=words.number(Fraction(before.travel_minutes, 60)),
            travel_after=words.hours_per_week(Fraction(after.travel_minutes, 60)),
            peak_before=words.number(Fraction(before.peak_minutes, 60)),
            peak_after=words.hours(Fraction(after.peak_minutes, 60)),
        ),
        indent=5,
        hanging=2,
    )


def _percent(words: Words, week: WeekLoad) -> str:
    return "–" if week.percent is None else words.percent(week.percent)
