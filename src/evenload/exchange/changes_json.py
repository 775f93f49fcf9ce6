"""Changes of a scenario as they are kept, plain JSON in order, and the scenario that comes of them.

Each is {kind, item, value …}: numbers are plain decimals as text, days YYYY-MM-DD. A change that no longer fits the facts
(whom or what it names is gone) is left out and named by its place: nothing else of the scenario is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from evenload.planning.amounts import places_of
from evenload.planning.capacity import EVERYBODY
from evenload.planning.codes import ENGAGEMENTS
from evenload.planning.problems import CaseError, Problem, Where
from evenload.planning.program import Absence, Duty, PractitionerFacts, Program
from evenload.planning.scenario import (
    AbsenceAdded,
    AbsenceChanges,
    Change,
    ClientsChange,
    ContractChanges,
    DemandGrows,
    DutyAdded,
    DutyChanges,
    MixChanges,
    PeriodChanges,
    ReserveChanges,
    Scenario,
    StaffChanges,
    StaffJoins,
    StaffLeaves,
    StandardChanges,
)

Stated = Mapping[str, Any]

TRIED: Final = "tried"
"""kind of absence and duty rows that only a change adds"""

TIMES: Final = {
    "visits": "visits",
    "direct": "direct_minutes",
    "indirect": "indirect_minutes",
    "travel": "travel_minutes",
    "episode": "episode_minutes",
}
"""kind of change → the fact of the time standard that it changes"""


@dataclass(frozen=True, slots=True)
class Applied:
    """A program after its changes, and the places (from 0) of the changes that do not fit it."""

    scenario: Scenario
    unfit: tuple[int, ...]


def applied(program: Program, changes: Sequence[Stated]) -> Applied:
    """The program with these changes in their order; those that do not fit are left out."""
    scenario, unfit = Scenario("", program), []
    for place, stated in enumerate(changes):
        try:
            scenario = change_of(stated, scenario.program).applied(scenario)
        except CaseError:
            unfit.append(place)
    return Applied(scenario, tuple(unfit))


def change_of(stated: Stated, program: Program) -> Change:
    """The change in the core's terms. Raises CaseError where the program does not have what it names, KeyError for another form."""
    return _KINDS[stated["kind"]](stated, program)


def _joins(stated: Stated, _: Program) -> Change:
    return StaffJoins(
        PractitionerFacts(
            id=stated["item"],
            disciplines=(stated["discipline"],),
            engagement=stated["engagement"],
            weekly_hours=Fraction(stated["value"]),
            languages=dict.fromkeys(stated["languages"], "fluent"),
            from_date=_day(stated.get("day")),
        )
    )


def _leaves(stated: Stated, program: Program) -> Change:
    last = _day(stated.get("day"))
    if last is None:
        return StaffLeaves(stated["item"])
    _known("practitioners", stated["item"], [one.id for one in program.practitioners])
    return StaffChanges(stated["item"], {"to_date": last})


def _hours(stated: Stated, _: Program) -> Change:
    return StaffChanges(stated["item"], {"weekly_hours": Fraction(stated["value"])})


def _growth(stated: Stated, program: Program) -> Change:
    if stated["item"]:
        _known("classes", stated["item"], [one.id for one in program.classes])
    return DemandGrows(Fraction(stated["value"]), class_id=stated["item"] or None)


def _clients(stated: Stated, _: Program) -> Change:
    return ClientsChange(stated["item"], int(stated["value"]))


def _mix(stated: Stated, program: Program) -> Change:
    for id in stated["shares"]:
        _known("classes", id, [one.id for one in program.classes])
    return MixChanges({id: Fraction(share) for id, share in stated["shares"].items()})


def _standard(stated: Stated, _: Program) -> Change:
    return StandardChanges(stated["item"], {TIMES[stated["kind"]]: Fraction(stated["value"])})


def _absence(stated: Stated, program: Program) -> Change:
    return AbsenceChanges(_place("absences", stated["item"], places_of(program.absences)), Fraction(stated["value"]))


def _duty(stated: Stated, program: Program) -> Change:
    return DutyChanges(_place("duties", stated["item"], places_of(program.duties)), Fraction(stated["value"]))


def _away(stated: Stated, program: Program) -> Change:
    _known("practitioners", stated["item"], [EVERYBODY, *ENGAGEMENTS, *(one.id for one in program.practitioners)])
    return AbsenceAdded(Absence(stated["item"], TRIED, days=Fraction(stated["value"])))


def _other(stated: Stated, program: Program) -> Change:
    _known("practitioners", stated["item"], [EVERYBODY, *ENGAGEMENTS, *(one.id for one in program.practitioners)])
    return DutyAdded(Duty(stated["item"], TRIED, "hours_per_week", Fraction(stated["value"])))


def _contract(stated: Stated, _: Program) -> Change:
    return ContractChanges(None if stated["value"] is None else Fraction(stated["value"]))


def _reserve(stated: Stated, _: Program) -> Change:
    return ReserveChanges(Fraction(stated["value"]))


def _weeks(stated: Stated, _: Program) -> Change:
    return PeriodChanges(int(stated["value"]))


_KINDS: Final[dict[str, Callable[[Stated, Program], Change]]] = {
    "join": _joins,
    "leave": _leaves,
    "hours": _hours,
    "growth": _growth,
    "clients": _clients,
    "mix": _mix,
    **dict.fromkeys(TIMES, _standard),
    "absence": _absence,
    "duty": _duty,
    "away": _away,
    "other": _other,
    "contract": _contract,
    "reserve": _reserve,
    "weeks": _weeks,
}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _known(table: str, id: str, ids: Sequence[str]) -> None:
    if id not in ids:
        raise CaseError([Problem("unknown_id", Where(table, id, "id"), id)])


def _place(table: str, name: str, places: Mapping[str, int]) -> int:
    _known(table, name, list(places))
    return places[name]
