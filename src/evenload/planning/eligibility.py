"""The hard rules: who may look after whom. Each rule is defined once, here, for one pair.

A rule answers None (no objection) or a Reason with the facts its sentence needs. Hard rules decide which pairs exist;
no price can trade them. docs/adding-a-rule.md walks from a new rule to its sentence on screen.
"""

from __future__ import annotations

from collections.abc import Callable

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.codes import level_rank
from evenload.planning.plan import Reason
from evenload.planning.travel import drive_is_known, drive_minutes

Rule = Callable[[Case, Practitioner, Unit], Reason | None]

FLUENT = level_rank("fluent")
FUNCTIONAL = level_rank("functional")


def discipline(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """The unit's discipline is one of hers."""
    if unit.discipline in practitioner.disciplines:
        return None
    return Reason("discipline", {"discipline": unit.discipline})


def no_capacity(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """She has hours at all (not on leave for the whole period)."""
    return None if practitioner.maximum_minutes > 0 or is_pinned_to(practitioner, unit) else Reason("no_capacity")


def language_french(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """French asked for is French given: native or fluent, whatever else is stated."""
    if not unit.is_french or speaks(practitioner, "fr", FLUENT):
        return None
    return Reason("language_french", {"level": practitioner.languages.get("fr", "")})


def language_required(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """English: at least functional, always. Another language stated as required: native or fluent."""
    if unit.language is None or unit.is_french:
        return None
    if unit.language == "en":
        needed = FUNCTIONAL
    elif unit.language_need == "required":
        needed = FLUENT
    else:
        return None
    if speaks(practitioner, unit.language, needed):
        return None
    return Reason("language_required", {"language": unit.language, "level": practitioner.languages.get(unit.language, "")})


def skill_missing(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """Every required skill is there."""
    missing = sorted(unit.skills_required - practitioner.skills)
    return Reason("skill_missing", {"skills": "; ".join(missing)}) if missing else None


def barred(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """The clients have not barred her. No detail is ever given."""
    return Reason("barred") if practitioner.id in unit.barred else None


def not_accepting_new(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """Who takes no new clients keeps her own and gets no others."""
    if practitioner.accepts_new or unit.current == practitioner.id or is_pinned_to(practitioner, unit):
        return None
    return Reason("not_accepting_new")


def drive_too_long(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """The drive is within the longest she accepts; not applied where a place is unknown."""
    longest = practitioner.longest_drive_minutes
    if longest is None or is_pinned_to(practitioner, unit) or not drive_is_known(practitioner, unit):
        return None
    drive = drive_minutes(case, practitioner, unit)
    return Reason("drive_too_long", {"drive_minutes": drive, "longest_drive_minutes": longest}) if drive > longest else None


def days(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """They share a day of the week, where both state days."""
    if not unit.days or not practitioner.days or unit.days & practitioner.days or is_pinned_to(practitioner, unit):
        return None
    return Reason("days", {"days": "; ".join(sorted(unit.days))})


def evening(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """An evening unit goes to nobody who states that she works no evenings."""
    if not unit.evening or practitioner.evenings is not False or is_pinned_to(practitioner, unit):
        return None
    return Reason("evening")


def pinned_elsewhere(case: Case, practitioner: Practitioner, unit: Unit) -> Reason | None:
    """A pinned unit stays where it is pinned."""
    if unit.pinned_to is None or unit.pinned_to == practitioner.id:
        return None
    return Reason("pinned_elsewhere", {"practitioner": unit.pinned_to})


RULES: tuple[Rule, ...] = (
    discipline,
    no_capacity,
    language_french,
    language_required,
    skill_missing,
    barred,
    not_accepting_new,
    drive_too_long,
    days,
    evening,
    pinned_elsewhere,
)
"""The policy's hard rules, in the order of `codes.HARD_RULES`; each function bears its code's name."""

HISTORY_FREE_RULES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule not in (not_accepting_new, pinned_elsewhere))
"""The rules that do not look at who has the unit now; targets and nearest travel are computed under these."""


def breaches(case: Case, practitioner: Practitioner, unit: Unit) -> tuple[Reason, ...]:
    """Every hard rule that this pair would break, in the order of `codes.HARD_RULES`; empty means eligible."""
    return tuple(reason for rule in RULES if (reason := rule(case, practitioner, unit)) is not None)


def is_eligible(case: Case, practitioner: Practitioner, unit: Unit) -> bool:
    """Whether no hard rule stands against this pair."""
    return all(rule(case, practitioner, unit) is None for rule in RULES)


def is_pinned_to(practitioner: Practitioner, unit: Unit) -> bool:
    """Whether the unit is pinned to this very practitioner: that overrides drive, days, evenings and hours."""
    return unit.pinned_to == practitioner.id


def speaks(practitioner: Practitioner, language: str, rank: int) -> bool:
    """Whether she speaks the language at least at this rank (`codes.level_rank`)."""
    level = practitioner.languages.get(language)
    return level is not None and level_rank(level) >= rank


def bundles(case: Case) -> tuple[tuple[Unit, ...], ...]:
    """The pieces that are assigned: units that share `together` as one bundle, every other unit alone.

    All units of a bundle go to one practitioner, who must be eligible for each. Held-back units are in no bundle.
    Order: by the first unit's id, so that it does not depend on the order of rows.
    """
    groups: dict[tuple[str, str], list[Unit]] = {}
    for unit in sorted(case.units, key=lambda unit: unit.id):
        if unit.held_back is None:
            key = ("together", unit.together) if unit.together else ("unit", unit.id)
            groups.setdefault(key, []).append(unit)
    return tuple(tuple(members) for members in groups.values())
