"""What the pages of contracts say: how a contract stands, where it is going, and what is wrong with one that is stated."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from evenload.records.models import Contract
from evenload.words import Words, message
from evenload.workflow.contract_ledger import ContractLine, terms_of

STATES: Final = {
    "before": message("Not begun"),
    "unknown": message("Too early to say"),
    "under": message("Under the contract"),
    "on_course": message("On course"),
    "over": message("Over the contract"),
}
ICONS: Final = {"before": "–", "unknown": "?", "under": "▽", "on_course": "✓", "over": "▲"}

PROBLEMS: Final = {
    "contract_code_odd": message("Use letters, digits, hyphens and underscores, at most 60, as east-2026."),
    "contract_code_taken": message("This program has a contract of that code already."),
    "contract_name_missing": message("Write the name of the contract."),
    "contract_discipline_unknown": message("Choose a discipline of the program, or all of them."),
    "contract_days_reversed": message("The last day lies before the first day."),
    "contract_visits_odd": message("Write a number of visits, as 2000."),
    "contract_tolerance_odd": message("Write a share from 0 to less than 100, as 5."),
    "target_hours_odd": message("Write hours from 1 to 8760, as 24."),
    "target_days_odd": message("Write days from 1 to 1095, as 14."),
    "target_half": message("State both, or leave both empty."),
    "day_odd": message("Write a day as 2026-02-03."),
}


def contract_name(words: Words, contract: Contract) -> str:
    """Its name in the page's language."""
    return words.either(contract.name_en, contract.name_fr)


def state_name(words: Words, line: ContractLine) -> str:
    """`On course`, `Under`; once it has ended: `Ended under`."""
    if not line.forecast.is_over:
        return words.say(STATES[line.forecast.state])
    ended = {
        "under": message("Ended under"),
        "over": message("Ended over"),
        "on_course": message("Ended within the tolerance"),
    }
    return words.say(ended.get(line.forecast.state, STATES[line.forecast.state]))


def finding(words: Words, line: ContractLine) -> str:
    """Where it is going, in one or two sentences."""
    return " ".join(part for part in (_course(words, line), _end_of_visits(words, line)) if part)


def _course(words: Words, line: ContractLine) -> str:
    found, contract = line.forecast, line.contract
    ends = words.day(contract.ends_on, year=True)
    if found.state == "before":
        return words.say("It begins on {day}. Nothing is delivered yet.", day=words.day(contract.starts_on, year=True))
    if found.is_over:
        facts = {"day": ends, "n": words.integer(found.delivered), "visits": words.integer(contract.visits)}
        return words.say("It ended on {day} with {n} of {visits} contracted visits delivered.", **facts)
    if found.expected is None or found.low is None or found.high is None:
        return words.say("Fewer than 4 whole weeks lie behind it: too early for a rate, and for a forecast.")
    facts = {"n": words.integer(round(found.expected)), "day": ends, "visits": words.integer(contract.visits)}
    course = words.say("At the rate so far it ends on {day} with {n} of {visits} contracted visits", **facts)
    spread = words.say(
        "four times in five between {low} and {high}", low=words.integer(round(found.low)), high=words.integer(round(found.high))
    )
    return words.say("{course}, {spread}: {off}.", course=course, spread=spread, off=off_by(words, line))


def off_by(words: Words, line: ContractLine) -> str:
    """`82 under`, `within the tolerance of 5%`."""
    found, contract = line.forecast, line.contract
    if found.expected is None:
        return "–"
    if found.state == "on_course":
        return words.say("within the tolerance of {percent}", percent=words.percent(contract.tolerance_percent, 1))
    off = round(abs(found.expected - terms_of(contract).visits))
    return words.say("{n} under", n=words.integer(off)) if found.state == "under" else words.say("{n} over", n=words.integer(off))


def _end_of_visits(words: Words, line: ContractLine) -> str:
    """When the last contracted visit was made, or would be."""
    found = line.forecast
    if found.runs_out_on is None or line.contract.visits == 0:
        return ""
    day = words.day(found.runs_out_on, year=True)
    if found.delivered >= line.contract.visits:
        return words.say("The last contracted visit was made on {day}.", day=day)
    return words.say("The contracted visits would be used up on {day}.", day=day)


def share(words: Words, part: Fraction | int | None, whole: int) -> str:
    """`42%` of the contracted visits; a dash where there are none."""
    return "–" if part is None or not whole else words.percent(Fraction(part) * 100 / whole)
