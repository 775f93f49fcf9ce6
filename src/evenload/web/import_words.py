"""What the pages of an import say: meanings of columns, what was assumed, why something was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from evenload.exchange.own_meanings import MEANINGS, NOT_USED
from evenload.exchange.reading import InputProblem
from evenload.words import Words, message
from evenload.words.phrases import Counted
from evenload.words.problems import expectation, one_line
from evenload.workflow.refused import Refused

VALUE_SHOWN: Final = 80

MEANING_NAMES: Final = {
    NOT_USED: message("not used"),
    "practitioner": message("practitioner: name"),
    "practitioner_id": message("practitioner: number"),
    "speaks": message("practitioner: languages"),
    "weekly_hours": message("practitioner: weekly hours"),
    "fte": message("practitioner: share of full time"),
    "max_hours": message("practitioner: maximum hours a week"),
    "base_postal": message("practitioner: postal code of the base"),
    "engagement": message("practitioner: employee or independent"),
    "years_experience": message("practitioner: years of experience"),
    "skills": message("practitioner: skills"),
    "team": message("practitioner: team"),
    "site": message("site: name"),
    "site_fr": message("site: French name"),
    "site_id": message("site: number"),
    "site_kind": message("site: kind"),
    "address": message("site: address"),
    "town": message("site: town"),
    "postal": message("site or client: postal code"),
    "lat": message("site or client: latitude"),
    "lon": message("site or client: longitude"),
    "area": message("site or client: area"),
    "client": message("client: code or initials"),
    "discipline": message("discipline of the work"),
    "class": message("complexity"),
    "clients": message("number of clients"),
    "visits_allotted": message("visits authorized"),
    "visits_used": message("visits used"),
    "visits_per_week": message("visits a week"),
    "work_hours": message("hours a week that the work takes"),
    "language": message("language the client asked for"),
    "priority": message("priority, 1 to 4"),
    "waiting_since": message("waiting since"),
    "note": message("note about the work"),
}
ABOUT: Final = {"person": message("People"), "place": message("Places"), "work": message("Work")}

ASSUMED: Final = {
    "weekly_hours": Counted(
        "{n} person has no hours in the list: the hours stated beside it are assumed.",
        "{n} people have no hours in the list: the hours stated beside it are assumed.",
        "n",
    ),
    "languages": Counted(
        "{n} person has no language in the list: English is assumed. Work in French waits until somebody who speaks it is known.",
        "{n} people have no language in the list: English is assumed. Work in French waits until somebody who speaks it is known.",
        "n",
    ),
    "engagement": Counted("{n} person is taken for an employee.", "{n} people are taken for employees.", "n"),
    "class": Counted(
        "{n} unit has no complexity in the list: the moderate time standard of its discipline is assumed.",
        "{n} units have no complexity in the list: the moderate time standard of the discipline is assumed.",
        "n",
    ),
    "class_minutes": Counted(
        "{n} complexity class is new: it begins with the minutes of the moderate one.",
        "{n} complexity classes are new: they begin with the minutes of the moderate one.",
        "n",
    ),
    "clients": Counted(
        "{n} unit has no number of clients: one is assumed.", "{n} units have no number of clients: one each is assumed.", "n"
    ),
    "site_kind": Counted(
        "{n} site is given the kind that its name suggests.", "{n} sites are given the kind that their name suggests.", "n"
    ),
    "time_away": Counted(
        "Vacation, other time away and duties of {n} person are those usual in the setting.",
        "Vacation, other time away and duties of {n} people are those usual in the setting.",
        "n",
    ),
}

REFUSALS: Final = {
    "upload_empty": message("This file is empty. Choose another."),
    "upload_missing": message("Choose a file."),
    "upload_too_large": message("This file has {megabytes} MB; at most {limit} MB can be sent. Save it without pictures, or divide it."),
    "program_needed": message("Choose a program. A director can create a new one."),
    "import_closed": message("This import is closed already: somebody confirmed or discarded it."),
    "import_not_mapped": message("Say first what the columns mean."),
    "import_has_problems": message("Nothing is imported while there are rows to fix. Correct the file and choose it again."),
    "import_outdated": message("The program changed since this preview. Here it is anew: look at it, then confirm."),
    "import_not_stored": message("A value of this file is too large to be kept. Nothing was imported."),
    "meaning_twice": message("Two columns cannot both mean “{meaning}”. Choose another meaning for one of them."),
    "columns_missing": message("Choose what at least one column means."),
    "name_missing": message("Give the program a name."),
    "nobody_to_plan": message("Say how many people work in at least one discipline."),
    "nothing_to_plan": message("Say how many clients there are in at least one discipline."),
    "too_many": message("At most {people} people and {clients} clients fit here. Import a list for more."),
    "hours_leave_nothing": message("These hours leave nothing for clients after vacation and duties. Check the hours a week."),
    "not_an_example": message("Only an example can be deleted here."),
    "run_already_open": message("A plan of this program is being made already."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a select."""

    value: str
    name: str


def refusal_sentence(words: Words, refusal: Refused) -> str:
    """Why it was refused. Raises KeyError for an unknown code."""
    facts: dict[str, Any] = dict(refusal.facts)
    if "meaning" in facts:
        facts["meaning"] = words.say(MEANING_NAMES[facts["meaning"]])
    return words.say(REFUSALS[refusal.code], **facts)


def meaning_groups(words: Words) -> list[tuple[str, list[Choice]]]:
    """What a column may mean, by what it is about."""
    return [
        (words.say(name), [Choice(one.code, words.say(MEANING_NAMES[one.code])) for one in MEANINGS if one.about == about])
        for about, name in ABOUT.items()
    ]


def assumptions(words: Words, assumed: dict[str, int]) -> list[str]:
    """What was taken for granted, as sentences."""
    return [words.say_n(ASSUMED[code].one, ASSUMED[code].many, count) for code, count in assumed.items() if count and code in ASSUMED]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem as a row of the table."""

    sheet: str
    row: str
    column: str
    value: str
    expected: str


def problem_line(words: Words, stored: dict[str, Any], headings: dict[str, str]) -> ProblemLine:
    """A stored problem in words. `headings`: letters of a column → its heading, where they are known."""
    problem = InputProblem(stored["sheet"], stored["cell"], stored["value"], stored["code"], stored["facts"])
    letters = problem.cell.rstrip("0123456789")
    column = f"{letters} ({headings[letters]})" if headings.get(letters) else letters
    value = one_line(problem.value, VALUE_SHOWN)
    return ProblemLine(problem.sheet, problem.cell[len(letters) :], column, value, expectation(words, problem, {}))
