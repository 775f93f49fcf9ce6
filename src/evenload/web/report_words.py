"""What the pages of reports say: what each report answers, what stands in it about people, when it is written, what stood in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from evenload.records.models import ReportSchedule, ReportWriting
from evenload.web.list_words import IN_THE_WAY
from evenload.words import Words, message
from evenload.workflow.refused import Refused
from evenload.workflow.report_files import NOT_WHOLE


@dataclass(frozen=True, slots=True)
class About:
    """One report: its name, the question that it answers, what it holds, and what stands in it about people."""

    name: str
    answers: str
    holds: str
    people: str


REPORTS: Final = {
    "worksheet": About(
        message("Capacity worksheet"),
        message("What can our hours carry, what do our clients need, and how was every figure counted?"),
        message("Every step with its formula, source and range; the gap sheet is its last page."),
        message("Practitioners are named with their hours and absences. No client is in it."),
    ),
    "gap_sheet": About(
        message("Gap sheet"),
        message("What is missing, and how sure is that? One page for those who decide on staff."),
        message("Hours, clients, visits and full-time equivalents, per pool before any total, with the range of 10 percent."),
        message("Nobody is named, neither practitioner nor client."),
    ),
    "quarter": About(
        message("Program report of a quarter"),
        message("What was asked of the program, what did it do, how full were its people, and where was it short?"),
        message("Referrals and waits, visits against contracts, weeks, French service, feedback, editions."),
        message("Nobody is named, neither practitioner nor client."),
    ),
    "workload": About(
        message("Workload of one practitioner"),
        message("How full is this week really, why, and what comes? For the conversation about a load."),
        message("Hours step by step, units, weeks ahead, what was said, what was agreed, beside the middle half of the team."),
        message("One practitioner is named; clients stand in it as units, as on the pages. It is served, never kept and never scheduled."),
    ),
}

CADENCES: Final = {
    "weekly": message("every Monday"),
    "monthly": message("on the first of each month"),
    "quarterly": message("on the first day of each quarter"),
}
REFUSALS: Final = {
    "unknown_choice": message("Choose a report, a language and how often from the lists."),
    "scheduled_already": message("This report is written in this language already. End that first, or choose the other language."),
    "ended_already": message("It was ended already."),
}


def report_name(words: Words, report: str) -> str:
    """The name of a report."""
    return words.say(REPORTS[report].name)


def schedule_sentence(words: Words, one: ReportSchedule) -> str:
    """`Gap sheet, French, every Monday`."""
    language = words.language_name(one.language)
    return words.say(
        "{report}, {language}, {often}", report=report_name(words, one.report), language=language, often=words.say(CADENCES[one.cadence])
    )


def writing_sentence(words: Words, one: ReportWriting | None) -> str:
    """How its last due day went."""
    if one is None:
        return words.say("Nothing was due yet.")
    due = words.day(one.due_on, year=True)
    if one.state == "written" and one.written_at is not None:
        at = timezone.localtime(one.written_at)
        return words.say(
            "Due {due}: written on {day} at {time}.", due=due, day=words.day(at.date(), year=True), time=words.clock(at.time())
        )
    if one.state == "failed":
        return words.say("Due {due}: not written yet. {why}", due=due, why=why_not_written(words, one.refusal))
    return words.say("Due {due}: it is being written.", due=due)


def why_not_written(words: Words, code: str) -> str:
    """What stands in the way."""
    if code == NOT_WHOLE:
        return words.say("The program's facts contradict each other, so that nothing can be counted; it is tried again every hour.")
    if code == "not_printable":
        return words.say("The file could not be made; the log of the worker says why.")
    return words.say("{why} It is tried again every minute.", why=words.say(IN_THE_WAY.get(code, IN_THE_WAY["share_refused"])))


def refusal_sentence(words: Words, refused: Refused) -> str:
    """Why a schedule was refused. Raises KeyError for an unknown code."""
    return words.say(REFUSALS[refused.code])
