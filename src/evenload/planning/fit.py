"""Why somebody suits a bundle, and what speaks against her: one reason per criterion, as codes and facts.

These are the readable side of `evenload.planning.goals`; prices are not computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from evenload.planning.case import Practitioner, Unit
from evenload.planning.codes import level_rank
from evenload.planning.eligibility import FLUENT, FUNCTIONAL
from evenload.planning.plan import Reason
from evenload.planning.standing import Standing
from evenload.planning.travel import drive_is_known, drive_minutes, load_minutes, pair_travel_minutes

FIT_REASONS = (
    "knows_clients",
    "french",
    "language_spoken",
    "language_functional",
    "joins_blocks",
    "at_site",
    "in_team",
    "skill_present",
    "shared_tags",
    "experienced",
    "in_building",
    "drive",
    "drive_unknown",
    "new_to_clients",
    "language_missing",
    "first_at_site",
    "other_team",
    "skill_preferred_missing",
    "no_shared_tag",
    "experience_short",
    "splits_unit",
    "over_capacity",
    "over_maximum",
)
"""Codes of the reasons beside a possible candidate, most telling first."""


def fit_reasons(standing: Standing, practitioner: Practitioner, bundle: Sequence[Unit]) -> tuple[Reason, ...]:
    """Reasons for and against giving the bundle to this practitioner, who may take it; most telling first.

    The standing is the plan without the bundle. Facts: minutes per week, drive minutes one way, ids and codes.
    """
    reasons = [
        *_continuity(practitioner, bundle),
        *_languages(practitioner, bundle),
        *_blocks(standing, practitioner, bundle),
        *_site(standing, practitioner, bundle),
        *_team(practitioner, bundle),
        *_skills(practitioner, bundle),
        *_tags(standing, practitioner, bundle),
        *_experience(practitioner, bundle),
        *_drive(standing, practitioner, bundle),
        *_load(standing, practitioner, bundle),
    ]
    return tuple(sorted(reasons, key=lambda reason: FIT_REASONS.index(reason.code)))


def _continuity(practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    known = sum(unit.clients for unit in bundle if unit.current == practitioner.id)
    handed_over = [unit for unit in bundle if unit.current not in (None, practitioner.id)]
    if known:
        yield Reason("knows_clients", {"clients": known})
    if handed_over:
        clients = sum(unit.clients for unit in handed_over)
        yield Reason("new_to_clients", {"clients": clients, "practitioner": handed_over[0].current or ""})


def _languages(practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    for language in sorted({unit.language for unit in bundle if unit.language is not None}):
        level = practitioner.languages.get(language, "")
        rank = level_rank(level) if level else -1
        if language == "fr":
            yield Reason("french", {"level": level})
        elif rank >= (FUNCTIONAL if language == "en" else FLUENT):
            yield Reason("language_spoken", {"language": language, "level": level})
        else:
            yield Reason("language_functional" if rank == FUNCTIONAL else "language_missing", {"language": language, "level": level})


def _blocks(standing: Standing, practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    own = {unit.id for unit in bundle}
    for stated in sorted({unit.stated_id for unit in bundle}):
        holders = [standing.holder.get(unit.id) for unit in standing.siblings.get(stated, ()) if unit.id not in own]
        people = {id for id in holders if id is not None}
        if practitioner.id in people:
            yield Reason("joins_blocks", {"unit": stated, "blocks": holders.count(practitioner.id)})
        elif people:
            yield Reason("splits_unit", {"unit": stated, "practitioners": len(people) + 1})


def _site(standing: Standing, practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    own = {unit.id for unit in bundle}
    caseload = [unit for unit in standing.caseloads[practitioner.id] if unit.id not in own]
    for site in sorted({unit.site for unit in bundle if unit.site is not None}):
        here = sum(unit.site == site for unit in caseload)
        if here:
            yield Reason("at_site", {"site": site, "units": here})
        elif not any(unit.current == practitioner.id for unit in bundle):
            yield Reason("first_at_site", {"site": site})


def _team(practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    for team in sorted({unit.site_team for unit in bundle if unit.site_team is not None}):
        yield Reason("in_team" if team == practitioner.team else "other_team", {"team": team})


def _skills(practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    required = frozenset[str]().union(*(unit.skills_required for unit in bundle))
    preferred = frozenset[str]().union(*(unit.skills_preferred for unit in bundle))
    if present := (required | preferred) & practitioner.skills:
        yield Reason("skill_present", {"skills": joined(present)})
    if missing := preferred - practitioner.skills:
        yield Reason("skill_preferred_missing", {"skills": joined(missing)})


def _tags(standing: Standing, practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    shared = frozenset[str]().union(*(unit.tags & practitioner.interests for unit in bundle))
    if shared:
        yield Reason("shared_tags", {"tags": joined(shared)})
    elif any(unit.tags & standing.case.all_interests for unit in bundle):
        yield Reason("no_shared_tag")


def _experience(practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    asked = max((unit.experience_years for unit in bundle if unit.experience_years is not None), default=None)
    years = practitioner.years_experience
    facts: Mapping[str, float] = {
        **({} if years is None else {"years": float(years)}),
        **({} if asked is None else {"asked_years": float(asked)}),
    }
    if asked is not None and (years or Fraction(0)) < asked:
        yield Reason("experience_short", facts)
    elif years is not None:
        yield Reason("experienced", facts)


def _drive(standing: Standing, practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    case = standing.case
    driven = [unit for unit in bundle if unit.trips]
    if not driven:
        yield from (Reason("in_building", {"site": site}) for site in sorted({unit.site for unit in bundle if unit.site is not None}))
        return
    longest = max(drive_minutes(case, practitioner, unit) for unit in driven)
    travel = sum(pair_travel_minutes(case, practitioner, unit) for unit in driven)
    code = "drive" if all(drive_is_known(practitioner, unit) for unit in driven) else "drive_unknown"
    yield Reason(code, {"drive_minutes": longest, "travel_minutes": travel})


def _load(standing: Standing, practitioner: Practitioner, bundle: Sequence[Unit]) -> Iterator[Reason]:
    over = standing.over_minutes(practitioner, sum(load_minutes(standing.case, practitioner, unit) for unit in bundle), bundle)
    guard = standing.guard_minutes(practitioner, bundle)
    if over > 0:
        yield Reason("over_maximum", {"over_minutes": over})
    elif (over_capacity := over - guard + practitioner.maximum_minutes - practitioner.capacity_minutes) > 0:
        yield Reason("over_capacity", {"over_minutes": over_capacity})


def joined(words: frozenset[str]) -> str:
    """Several codes as one fact, in alphabetical order."""
    return "; ".join(sorted(words))
