"""Remedies that are no single move: a site as a whole, visits lent for a time, a pause of offers, rarer visits, hiring, more hours.

Each with its effect on every week that it touches; nothing is written here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Final

from evenload.planning.case import Practitioner, Unit
from evenload.planning.explain import WeekLoad, week_load
from evenload.planning.problems import CaseError
from evenload.planning.shadow import french_or_other, where_an_hour_helps
from evenload.planning.standing import load_state
from evenload.planning.travel import pair_travel_minutes
from evenload.planning.weekly import mondays
from evenload.records.models import Draft
from evenload.workflow import what_if
from evenload.workflow.desk_weeks import by_week, in_week, period_of
from evenload.workflow.draft_picture import Picture, stepped
from evenload.workflow.plans import case_of_run, plan_of
from evenload.workflow.remedy_facts import at_frequency, with_hours, with_units
from evenload.workflow.remedy_shown import Proposed, relieved

PAUSE_WEEKS: Final = 4
LEND_WEEKS: Final = 4
MOST_RARER: Final = 3
"""Clients who would be seen every two weeks at once: more would be a plan, not a remedy."""

HALF_HOUR: Final = Decimal("0.5")
MOST_MORE_HOURS: Final = Decimal(10)
MOST_LOOKED_AT: Final = 12
DAY_OF_WEEK: Final = timedelta(days=1)


def site_as_a_whole(picture: Picture, code: str) -> list[Proposed]:
    """All that she has at one site, to the colleague for whom it is cheapest and who stays within her own range: the best site."""
    at_site: dict[str, list[Unit]] = defaultdict(list)
    for unit in picture.standing.caseloads[code]:
        if unit.site is not None:
            at_site[unit.site].append(unit)
    several = {site: units for site, units in at_site.items() if len({picture.facts.bundle_of[unit.id][0].id for unit in units}) > 1}
    heaviest = sorted(several, key=lambda site: (-sum(unit.minutes for unit in several[site]), site))[:MOST_RARER]
    found = [best for site in heaviest if (best := _site_moved(picture, code, site, several[site])) is not None]
    return sorted(found, key=lambda one: (one.price_hours or 0.0, one.piece))[:1]


def _site_moved(picture: Picture, code: str, site: str, units: Sequence[Unit]) -> Proposed | None:
    whole = [one for unit in units for one in picture.facts.bundle_of[unit.id]]
    bundle = list({unit.id: unit for unit in whole}.values())
    if any(picture.places[unit.id].is_pinned or picture.places[unit.id].practitioner != code for unit in bundle):
        return None
    options = [
        moved(picture, "move_site", site, to=to.id, bundle=bundle)
        for to in picture.facts.case.practitioners
        if _may_have(picture, to, bundle, code)
    ]
    return min(options, key=lambda one: (one.price_hours or 0.0, one.to or ""), default=None)


def _may_have(picture: Picture, to: Practitioner, bundle: Iterable[Unit], giver: str) -> bool:
    """Whether she breaks no rule with any of them and stays within her own range with all."""
    facts = picture.facts
    if to.id == giver or to.id in picture.leaving:
        return False
    if any(facts.broken_rules(unit.id, to.id) or to.id in picture.places[unit.id].banned or unit.held_back for unit in bundle):
        return False
    minutes = picture.standing.weeks[to.id].minutes + sum(facts.load_minutes(unit.id, to.id) for unit in bundle)
    return 100 * minutes <= to.comfortable_max_percent * to.capacity_minutes


def moved(picture: Picture, kind: str, piece: str, *, to: str, bundle: Sequence[Unit]) -> Proposed:
    """These units with somebody else: everybody's week who gives or takes, and the plan's price."""
    after = stepped(picture, {unit.id: replace(picture.places[unit.id], practitioner=to, is_pinned=False) for unit in bundle})
    givers = {holder for unit in bundle if (holder := picture.places[unit.id].practitioner) not in (None, to)}
    people = [picture.facts.case.practitioner(code) for code in (*sorted(code for code in givers if code), to)]
    weeks = tuple((one.id, week_load(one, picture.standing.weeks[one.id]), week_load(one, after.standing.weeks[one.id])) for one in people)
    units = tuple(unit.id for unit in bundle)
    return Proposed(kind, piece, to, weeks, sum(unit.clients for unit in bundle), after.price_hours - picture.price_hours, units)


def visits_lent(picture: Picture, code: str, *, today: date) -> list[Proposed]:
    """The visits of one client in the next weeks, to a colleague who may have them and stays within her own range."""
    case = picture.facts.case
    person, until = case.practitioner(code), today + LEND_WEEKS * timedelta(weeks=1) - DAY_OF_WEEK
    seen = [unit for unit in picture.standing.caseloads[code] if unit.kind == "client" and unit.visits_per_week > 0]
    seen = [unit for unit in seen if picture.places[unit.id].cover is None and len(picture.facts.bundle_of[unit.id]) == 1]
    for unit in sorted(seen, key=lambda unit: (-picture.facts.load_minutes(unit.id, code), unit.id))[:MOST_LOOKED_AT]:
        left = picture.facts.snapshot.visits[unit.stated_id][1]
        visits = min(int(unit.visits_per_week * LEND_WEEKS), left)
        to = _best_within_range(picture, unit, code) if visits >= 1 else None
        if to is not None:
            share = Fraction(visits) / (unit.visits_per_week * LEND_WEEKS)
            weeks = (_lent(picture, person, unit, share), _lent(picture, to, unit, -share))
            return [Proposed("lend_visits", unit.id, to.id, weeks, 0, units=(unit.id,), amount=Decimal(visits), until=until)]
    return []


def _lent(picture: Picture, person: Practitioner, unit: Unit, share: Fraction) -> tuple[str, WeekLoad, WeekLoad]:
    """Her week without so much of the unit (below 0: with it), care and travel."""
    now = week_load(person, picture.standing.weeks[person.id])
    minutes = round(share * picture.facts.load_minutes(unit.id, person.id))
    travel = round(share * pair_travel_minutes(picture.facts.case, person, unit))
    return person.id, now, relieved(person, now, minutes, travel)


def _best_within_range(picture: Picture, unit: Unit, giver: str) -> Practitioner | None:
    """The best candidate who is not above her own range with it."""
    case = picture.facts.case
    for one in what_if.ranking_in(picture, unit.id).possible:
        person, percent = case.practitioner(one.practitioner), one.load.after.percent
        if one.practitioner != giver and percent is not None and percent <= person.comfortable_max_percent:
            return person
    return None


def offers_paused(picture: Picture, code: str, *, today: date) -> Proposed:
    """No new offers for some weeks: her load of this week, and what is left of it by the day on which the pause ends."""
    days = mondays(period_of(picture.facts))
    here, then = (_number_of(days, day) for day in (today, today + PAUSE_WEEKS * timedelta(weeks=1)))
    minutes = by_week(picture.facts, code, picture.standing.caseloads[code])
    before, after = (_in_week(picture, code, days[number], minutes[number], max(minutes[number:])) for number in (here, then))
    until = today + PAUSE_WEEKS * timedelta(weeks=1)
    return Proposed("pause_offers", "", None, ((code, before, after),), 0, until=until)


def _number_of(days: Sequence[date], day: date) -> int:
    """The week in which a day lies, among those that are left: the first or the last where it lies outside."""
    return min(max(sum(monday <= day for monday in days) - 1, 0), len(days) - 1)


def _in_week(picture: Picture, code: str, monday: date, minutes: int, peak: int) -> WeekLoad:
    person = in_week(picture, picture.facts.case.practitioner(code), monday)
    travel = picture.standing.weeks[code].travel_minutes
    return WeekLoad(minutes, travel, peak, person.capacity_minutes, person.maximum_minutes, load_state(person, minutes))


def every_two_weeks(picture: Picture, code: str) -> list[Proposed]:
    """The heaviest clients who are seen every week, seen half as often; she must agree, for it is a clinical call."""
    facts = picture.facts
    person = facts.case.practitioner(code)
    held = [unit for unit in picture.standing.caseloads[code] if unit.kind == "client" and unit.id == unit.stated_id]
    weekly = sorted((unit for unit in held if unit.visits_per_week >= 1), key=lambda unit: (-unit.minutes, unit.id))[:MOST_RARER]
    if not weekly:
        return []
    rarer = at_frequency(facts, {unit.id: unit.visits_per_week / 2 for unit in weekly})
    after = with_units(picture, person, weekly, [rarer[unit.id] for unit in weekly])
    now = week_load(person, picture.standing.weeks[code])
    units = tuple(unit.id for unit in weekly)
    return [Proposed("every_two_weeks", "", None, ((code, now, after),), 0, units=units)]


def recruited(draft: Draft, picture: Picture, code: str) -> list[Proposed]:
    """So many hours a week of her pool hired as lift her back into her own range; what an hour there saves, where a plan says it."""
    person = picture.facts.case.practitioner(code)
    now = week_load(person, picture.standing.weeks[code])
    over = now.assigned_minutes - int(person.comfortable_max_percent * person.capacity_minutes / 100)
    if over <= 0:
        return []
    pool = {"discipline": person.disciplines[0], "language": french_or_other(person), "area": person.area}
    hours = _half_hours(Fraction(over, 60))
    saved = _saved_per_hour(draft, **pool)
    details = {**pool, "hours": str(hours), "saved_hours": saved}
    return [Proposed("recruit", "", None, ((code, now, relieved(person, now, over, 0)),), 0, amount=hours, details=details)]


def _saved_per_hour(draft: Draft, *, discipline: str, language: str, area: str) -> float | None:
    """What one more hour a week of this pool saves by the prices of the draft's plan; None where no plan is known."""
    run = draft.plan_run
    if run is None or run.state != "done":
        return None
    try:
        rows = where_an_hour_helps(case_of_run(run), plan_of(run))
    except (CaseError, KeyError):
        return None  # the facts have changed so far that the plan's prices do not fit them any more
    return next((row.saved_hours for row in rows if (row.discipline, row.language, row.area) == (discipline, language, area)), None)


def more_hours(draft: Draft, picture: Picture, code: str, weekly_hours: Decimal) -> list[Proposed]:
    """So many more contracted hours a week as let her take the most urgent unit that waits and does not fit today."""
    person = picture.facts.case.practitioner(code)
    now = week_load(person, picture.standing.weeks[code])
    needed = next((need for need in _waiting_needs(picture, code) if now.assigned_minutes + need > person.capacity_minutes), None)
    if needed is None:
        return []
    wanted = now.assigned_minutes + needed
    more = HALF_HOUR
    while more <= MOST_MORE_HOURS:
        grown = with_hours(draft.program, person, weekly_hours + more)
        if grown.capacity_minutes >= wanted and grown.maximum_minutes >= wanted:
            after = week_load(grown, picture.standing.weeks[code])
            return [Proposed("more_hours", "", None, ((code, now, after),), 0, amount=more)]
        more += HALF_HOUR
    return []


def _waiting_needs(picture: Picture, code: str) -> Iterable[int]:
    """Minutes that each waiting unit would be for her, most urgent first, where she breaks no rule with it."""
    facts = picture.facts
    waiting = [unit for piece, unit in facts.units.items() if picture.places[piece].practitioner is None and unit.held_back is None]
    for unit in sorted(waiting, key=lambda unit: (unit.priority, -(unit.weeks_waiting or 0), unit.id)):
        need = dict(facts.able(facts.bundle_of[unit.id])).get(code)
        if need is not None and code not in picture.places[unit.id].banned:
            yield need


def _half_hours(hours: Fraction) -> Decimal:
    """Hours rounded up to the half hour."""
    exact = Decimal(hours.numerator) / Decimal(hours.denominator)
    return (exact / HALF_HOUR).to_integral_value(rounding=ROUND_CEILING) * HALF_HOUR
