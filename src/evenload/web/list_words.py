"""Sentences of the assignment list: what was refused, what the recount found, what stands in the way of the shared drive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from evenload.planning.problems import Problem
from evenload.words import Words, label, message, problem_sentence
from evenload.workflow.refused import Refused

IN_THE_WAY: Final = {
    "share_full": message("The shared drive is full."),
    "share_read_only": message("The shared drive does not let Evenload write."),
    "share_is_a_link": message("A link stands where the program's folder should be on the shared drive."),
    "share_is_no_folder": message("A file stands where a folder should be on the shared drive."),
    "share_vanished": message("The shared drive is not there."),
    "share_in_use": message("Another program holds a file of the list open."),
    "share_refused": message("The shared drive refused the files."),
    "not_printable": message("The files could not be made. Tell whoever runs Evenload for you."),
}

RULES: Final = {
    "discipline": message("another discipline"),
    "no_capacity": message("no hours"),
    "language_french": message("French below fluent"),
    "language_required": message("the language is missing"),
    "skill_missing": message("a required skill is missing"),
    "barred": message("a directive is on file"),
    "not_accepting_new": message("takes no new clients"),
    "drive_too_long": message("the drive is too long"),
    "pinned_elsewhere": message("pinned to somebody else"),
    "days": message("not on these days"),
    "evening": message("not in the evening"),
    "contract_exhausted": message("no visits are left in the contract"),
}
"""A hard rule as the reason of a row that may not be published."""


def refusal_sentence(words: Words, refusal: Refused) -> str:
    """A refused publication as a sentence: fact, consequence, next step."""
    facts: dict[str, Any] = refusal.facts
    match refusal.code:
        case "already_published":
            return words.say(
                "{name} published edition {number} at {time}. Nothing of yours was published; what you see here is that edition.",
                name=facts["by"],
                number=str(facts["number"]),
                time=_time(words, facts["at"]),
            )
        case "draft_changed_meanwhile" if facts["by"]:
            return words.say(
                "{name} changed the draft at {time}, after you saw this page. Look again, then publish.",
                name=facts["by"],
                time=_time(words, facts["at"]),
            )
        case "draft_changed_meanwhile":
            return words.say("The draft changed after you saw this page. Look again, then publish.")
        case "draft_closed":
            return words.say("This draft is closed. Open a new one at the desk.")
        case "effective_too_early":
            return words.say("The current edition is in effect from {day}: a newer one begins then or later.", day=facts["day"])
        case "effective_too_late":
            return words.say("An edition begins within a year: by {day} at the latest.", day=facts["day"])
        case "recount_differs":
            return words.say("The recount differs, so nothing was published. The rows are named below.")
        case "overload_reason_needed":
            return words.say("Choose why the loads above a maximum stay as they are. It is kept with the edition.")
        case "nothing_to_publish":
            return words.say("The program has no unit yet, so there is no list to publish.")
        case "facts_contradict":
            return words.say("The program's facts contradict each other. Correct them by an import, then check again.")
        case _:
            return words.say("This was refused: {code}", code=refusal.code)


def recount_sentences(words: Words, problems: Iterable[Problem], names: Mapping[str, str]) -> list[str]:
    """Each row that keeps the draft from being published, and why."""
    return [_recount_sentence(words, problem, names) for problem in problems]


def _recount_sentence(words: Words, problem: Problem, names: Mapping[str, str]) -> str:
    piece = names.get(problem.where.item or "", problem.where.item or "")
    match problem.code:
        case "rule_broken":
            rule = problem.facts.get("rule", "")
            why = words.say(RULES[rule]) if rule in RULES else rule
            return words.say(
                "{unit}: {name} may not have it: {reason}.", unit=piece, name=names.get(problem.value, problem.value), reason=why
            )
        case "above_maximum":
            return words.say(
                "{name}: {assigned} a week are above the maximum of {maximum} a week.",
                name=piece,
                assigned=words.hours(int(problem.facts["minutes"]) / 60),
                maximum=words.hours(int(problem.facts["maximum_minutes"]) / 60),
            )
        case "together_scattered":
            return words.say("{unit}: it goes together with others that are with somebody else.", unit=piece)
        case "placement_differs" | "load_differs" | "score_differs":
            return words.say(
                "The desk and the recount do not agree ({place}). Load the desk again; if it stays so, tell us.", place=piece or "–"
            )
        case _:
            return problem_sentence(words, problem)


def why_not_written(words: Words, code: str) -> str:
    """What stood in the way of the shared drive."""
    return words.say(IN_THE_WAY.get(code, IN_THE_WAY["share_refused"]))


def change_name(words: Words, kind: str) -> str:
    """A kind of change between two editions."""
    match kind:
        case "new":
            return words.say("newly placed")
        case "gone":
            return words.say("no longer on the list")
        case "moved":
            return words.say("changes hands")
        case "waiting":
            return words.say("waits now")
        case "cover":
            return words.say("other cover")
        case _:
            return words.say("details")


def discipline_name(words: Words, code: str) -> str:
    """A discipline in short."""
    return label(words, "discipline_short", code)


def _time(words: Words, at: datetime) -> str:
    return words.clock(timezone.localtime(at).time())
