"""What the calculator of waiting lists says: its questions, what is wrong with an answer, and each figure with its formula."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.planning.capa import CapaFigures
from evenload.planning.waitlist import SPECIAL_MEASURES_RATIO, KnownFigures
from evenload.words import Words, message
from evenload.workflow.wait_check import Question, Typed

QUESTIONS: Final = {
    "demand": message("Referrals that come in a week"),
    "capacity": message("Clients taken up a week"),
    "queue": message("Clients who wait now"),
    "target": message("Target wait, weeks"),
    "mean": message("Mean wait now, weeks"),
    "factor": message("Factor of the target capacity"),
    "relief": message("Weeks in which the queue is brought to its target"),
    "referrals": message("Referrals accepted a week"),
    "fte": message("Clinicians of the team, full-time equivalents"),
    "share": message("Of their time for choice and partnership, percent"),
    "hours": message("Partnership hours a week of one clinician"),
    "transfer": message("Of those seen once, go on to partnership, percent"),
    "appointments": message("Partnership appointments of a client"),
    "worked": message("Weeks of 52 that are worked"),
}
HINTS: Final = {
    "factor": message("default 4; the published walkthrough uses 1"),
    "relief": message("default 26"),
    "share": message("default 30, of the rule of thumb"),
    "transfer": message("default 66; 66 to 70 are usual"),
    "appointments": message("default 7.5"),
    "worked": message("default 45: 11.25 of 13 weeks"),
}
WRONG: Final = {
    "missing": message("Write how many come in a week."),
    "not_a_number": message("Write a number such as 7.5."),
    "not_whole": message("Write a whole number."),
    "too_small": message("Write a number above 0."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure that came out: rounded, its formula, exactly, and what it means; a dash where it is not known."""

    key: str
    name: str
    formula: str
    figure: str
    says: str = ""


def wrong_sentence(words: Words, asked: Question, code: str) -> str:
    """What is wrong with what was typed."""
    if code == "too_large":
        return words.say("Write a number of at most {most}.", most=words.number(asked.most, 0))
    return words.say(WRONG[code])


def _shown(words: Words, figure: Fraction | None, digits: int) -> str:
    if figure is None:
        return "–"
    return words.integer(figure) if figure.denominator == 1 else words.number(figure, digits)


def wait_lines(words: Words, found: KnownFigures, typed: Typed) -> tuple[Line, ...]:
    """The arithmetic of a waiting list, with so many decimals as its source prints."""
    factor = _shown(words, typed.values["factor"], 2)
    weeks = words.integer(typed.values["relief"] or Fraction(0))
    slots = None if found.protected_slots is None else Fraction(found.protected_slots)
    return (
        Line("load", words.say("Load"), words.say("come in ÷ taken up"), _shown(words, found.load, 4), _load_says(words, found)),
        Line("target_mean", words.say("Target mean wait, weeks"), words.say("target wait ÷ 4"), _shown(words, found.target_mean_wait, 4)),
        Line(
            "target_queue", words.say("Target queue, clients"), words.say("come in × target wait ÷ 4"), _shown(words, found.target_queue, 4)
        ),
        Line(
            "ratio",
            words.say("Queue to target"),
            words.say("wait now ÷ target queue"),
            _shown(words, found.queue_ratio, 4),
            _ratio_says(words, found),
        ),
        Line(
            "relief",
            words.say("Relief capacity, clients a week"),
            words.say("come in + (wait now − target queue) ÷ {weeks}", weeks=weeks),
            _shown(words, found.relief_capacity, 4),
            words.say("brings the queue to its target in that time"),
        ),
        Line(
            "target_capacity",
            words.say("Target capacity, clients a week"),
            words.say("come in + {factor} ÷ target wait", factor=factor),
            _shown(words, found.target_capacity, 5),
            words.say("keeps the queue at its target"),
        ),
        Line(
            "pressure",
            words.say("Pressure"),
            words.say("2 × mean wait ÷ target wait"),
            _shown(words, found.pressure, 6),
            _pressure_says(words, found),
        ),
        Line(
            "slots",
            words.say("Protected slots a week"),
            words.say("come in, rounded up"),
            _shown(words, slots, 0),
            words.say("slots for new clients to keep free"),
        ),
    )


def _load_says(words: Words, found: KnownFigures) -> str:
    if found.load is None:
        return words.say("nobody is taken up, or it is not stated: there is no load")
    return words.say("the list never clears") if found.load >= 1 else words.say("the list clears")


def _ratio_says(words: Words, found: KnownFigures) -> str:
    if found.queue_ratio is None:
        return ""
    return (
        words.say("above 2: relief is needed")
        if found.queue_ratio > SPECIAL_MEASURES_RATIO
        else words.say("at most 2: no relief is needed")
    )


def _pressure_says(words: Words, found: KnownFigures) -> str:
    if found.pressure is None:
        return ""
    return words.say("clients will miss the target") if found.pressure > 1 else words.say("clients will meet the target")


def capa_lines(words: Words, found: CapaFigures) -> tuple[Line, ...]:
    """Choice and partnership, each figure as the approach prints it."""
    return (*_clinician_lines(words, found), *_team_lines(words, found))


def _clinician_lines(words: Words, found: CapaFigures) -> tuple[Line, ...]:
    return (
        Line(
            "sessions",
            words.say("Partnership half-days of one clinician"),
            words.say("partnership hours ÷ 3.5"),
            _shown(words, found.sessions, 2),
        ),
        Line(
            "multiplier",
            words.say("New clients a quarter for one weekly half-day"),
            words.say("11.25 weeks × 2 ÷ appointments of a client"),
            _shown(words, found.multiplier, 2),
        ),
        Line(
            "new",
            words.say("New clients of that clinician in a quarter of 13 weeks"),
            words.say("half-days × new clients for one"),
            _shown(words, found.new_clients, 1),
        ),
        Line(
            "cost",
            words.say("Appointments that one referral costs"),
            words.say("1 + appointments of a client × share that goes on"),
            _shown(words, found.referral_hours, 2),
        ),
    )


def _team_lines(words: Words, found: CapaFigures) -> tuple[Line, ...]:
    percent = "–" if found.share_needed is None else words.percent(100 * found.share_needed)
    return (
        Line(
            "half_days",
            words.say("Half-days a week for all referrals"),
            words.say("referrals × whole half-days of one"),
            _shown(words, found.half_days, 1),
            words.say("not rounded for each: {exact}", exact=words.number(found.half_days_exact)),
        ),
        Line("needed", words.say("Share of the team's half-days"), words.say("half-days ÷ (clinicians × 10)"), percent),
        Line(
            "balance",
            words.say("New partnerships a quarter that balance one referral a week"),
            words.say("13 × share that goes on"),
            _shown(words, found.balance, 1),
        ),
        Line(
            "slots_offered",
            words.say("Appointments a week that the team offers"),
            words.say("clinicians × 10 × share of time × 2"),
            _shown(words, found.slots, 1),
        ),
        Line(
            "slots_needed",
            words.say("Appointments a week that the referrals need"),
            words.say("referrals × appointments that one costs"),
            _shown(words, found.need, 1),
        ),
        Line(
            "slots_worked",
            words.say("Offered over the year"),
            words.say("offered × weeks worked ÷ 52"),
            _shown(words, found.slots_worked, 1),
            _worked_says(words, found),
        ),
    )


def _worked_says(words: Words, found: CapaFigures) -> str:
    missing = found.need - found.slots_worked
    if not found.slots:
        return ""
    if missing <= 0:
        return words.say("enough, absence counted")
    if found.slots >= found.need:
        return words.say("short by {missing}: the rule of thumb leaves absence out", missing=words.number(missing))
    return words.say("short by {missing}", missing=words.number(missing))
