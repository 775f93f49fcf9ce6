"""Names of codes: what a discipline, a load's state or a goal is called, and one line on what each price means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from evenload.words.formats import LANGUAGES
from evenload.words.voice import Words, message, words_in

LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "discipline": {
        "OT": message("Occupational therapy"),
        "PT": message("Physiotherapy"),
        "SLP": message("Speech-language pathology"),
        "OTA": message("Occupational therapy assistance"),
        "PTA": message("Physiotherapy assistance"),
        "CDA": message("Communicative disorders assistance"),
        "AUD": message("Audiology"),
        "RD": message("Dietetics"),
        "SW": message("Social work"),
    },
    "discipline_short": {
        "OT": message("OT"),
        "PT": message("PT"),
        "SLP": message("SLP"),
        "OTA": message("OTA"),
        "PTA": message("PTA"),
        "CDA": message("CDA"),
        "AUD": message("AUD"),
        "RD": message("RD"),
        "SW": message("SW"),
    },
    "setting": {
        "clinic": message("Clinic"),
        "community": message("Community and home"),
        "school": message("School"),
        "hospital": message("Hospital"),
    },
    "engagement": {
        "employee": message("Employee"),
        "independent": message("Independent practitioner"),
    },
    "site_kind": {
        "school": message("School"),
        "retirement_home": message("Retirement home"),
        "clinic": message("Clinic"),
        "hospital": message("Hospital"),
        "area": message("Area"),
    },
    "unit_kind": {
        "site": message("Site"),
        "area": message("Area"),
        "client": message("Single client"),
    },
    "level": {
        "basic": message("Basic"),
        "functional": message("Functional"),
        "fluent": message("Fluent"),
        "native": message("Native"),
    },
    "language_need": {
        "required": message("Required"),
        "preferred": message("Preferred"),
    },
    "pool_language": {
        "fr": message("French"),
        "other": message("Other languages"),
        "all": message("All languages"),
    },
    "area": {"all": message("All areas")},
    "basis": {
        "hours_per_period": message("Hours per period"),
        "hours_per_week": message("Hours per worked week"),
        "percent": message("Percent of the hours left after absence"),
    },
    "time": {
        "direct_minutes": message("Direct time"),
        "indirect_minutes": message("Indirect time"),
        "travel_minutes": message("Travel"),
    },
    "outcome": {
        "done": message("Done"),
        "no_show": message("No-show"),
        "cancelled": message("Cancelled"),
    },
    "feedback": {
        "too_high": message("Too high"),
        "right": message("Right"),
        "too_low": message("Too low"),
    },
    "day": {
        "mon": message("Monday"),
        "tue": message("Tuesday"),
        "wed": message("Wednesday"),
        "thu": message("Thursday"),
        "fri": message("Friday"),
        "sat": message("Saturday"),
        "sun": message("Sunday"),
    },
    "priority": {
        "1": message("1, most urgent"),
        "2": message("2, urgent"),
        "3": message("3, usual"),
        "4": message("4, can wait"),
    },
    "age_band": {
        "weeks_0_3": message("0 to 3 weeks"),
        "weeks_4_12": message("4 to 12 weeks"),
        "weeks_13_25": message("13 to 25 weeks"),
        "weeks_26_up": message("26 weeks or more"),
    },
    "stopped_by": {
        "effort": message("Effort used up"),
        "gap": message("Close enough to the best possible"),
        "interrupted": message("Stopped by a person"),
        "proved": message("No better plan can exist"),
        "seconds": message("Time used up"),
    },
    "method": {
        "first plan": message("First plan"),
        "search": message("Search"),
        "search and solver": message("Search and a solver"),
    },
    "bound_method": {
        "prices": message("Prices"),
        "prices and solver": message("Prices and a solver"),
    },
    "yes_no": {"yes": message("Yes"), "no": message("No")},
    "load": {
        "room": message("Has room"),
        "in_range": message("In range"),
        "above_range": message("Above range"),
        "over": message("Over"),
        "no_capacity": message("Away"),
        "hours_not_set": message("Hours not set"),
        "away": message("Away"),
    },
    "load_cause": {
        "travel": message("Travel"),
        "complexity": message("Complexity"),
        "paperwork": message("Paperwork"),
        "hours_wanted": message("Hours wanted"),
        "other": message("Other"),
    },
    "talk_state": {
        "open": message("Conversation open"),
        "escalated": message("With the director too"),
        "agreed": message("Agreed, follow-up due"),
        "settled": message("Settled"),
    },
    "referral_state": {
        "received": message("To look at"),
        "waiting": message("On the waiting list"),
        "offered": message("Offered"),
        "assigned": message("With a practitioner"),
        "on_hold": message("On hold"),
        "closed": message("Closed"),
    },
    "closing_reason": {
        "goals_met": message("Goals met"),
        "client_declined": message("The client does not want the service"),
        "not_reached": message("The client could not be reached"),
        "moved": message("The client moved"),
        "other_service": message("Another service took over"),
        "not_eligible": message("Not eligible for this service"),
        "duplicate": message("The same as another referral"),
        "deceased": message("The client died"),
        "mistake": message("Entered by mistake"),
    },
    "asked_how": {
        "in_person": message("In person"),
        "phone": message("By telephone"),
        "form": message("On a form"),
        "referrer": message("Through who refers"),
    },
    "offer_state": {
        "open": message("Open"),
        "accepted": message("Accepted"),
        "confirmed": message("Confirmed"),
        "declined": message("Declined"),
        "expired": message("Expired"),
        "withdrawn": message("Withdrawn"),
        "closed": message("Closed"),
    },
    "answer_state": {
        "queued": message("Not asked yet"),
        "open": message("Open"),
        "conditional": message("Accepted with conditions"),
        "accepted": message("Accepted"),
        "declined": message("Declined"),
        "expired": message("Expired"),
        "withdrawn": message("Withdrawn"),
        "closed": message("Closed"),
        "given_back": message("Acceptance withdrawn"),
    },
    "decline_reason": {
        "load": message("My load is full"),
        "hours": message("The hours do not fit"),
        "distance": message("Too far"),
        "skills": message("Not my field"),
        "language": message("The language"),
        "leave": message("I shall be away"),
        "conflict": message("I know the client or the family"),
        "other": message("Another reason"),
    },
    "role": {
        "director": message("Director"),
        "program_manager": message("Program manager"),
        "administrative": message("Administrative staff"),
        "practitioner": message("Practitioner"),
        "privacy_officer": message("Privacy officer"),
    },
    "absence": {
        "vacation": message("Vacation"),
        "statutory_holidays": message("Statutory holidays"),
        "sick_time": message("Sick time"),
        "personal_days": message("Personal days"),
        "education": message("Education"),
        "conference": message("Conference"),
        "leave": message("Leave"),
        "parental_leave": message("Parental leave"),
        "unpaid_leave": message("Unpaid leave"),
        "school_break": message("School break"),
        "days_away": message("Days away"),
        "tried": message("More absence, tried"),
        "other": message("Other"),
    },
    "duty": {
        "tried": message("More other work, tried"),
        "administration": message("Administration"),
        "meetings": message("Meetings"),
        "team_meetings": message("Team meetings"),
        "supervision": message("Supervision"),
        "supervision_of_assistants": message("Supervision of assistants"),
        "students": message("Students"),
        "quality": message("Quality improvement"),
        "professional_development": message("Professional development"),
        "own_development": message("Professional development"),
        "education": message("Education"),
        "travel_between_bases": message("Travel between bases"),
        "program_development": message("Program development"),
        "research": message("Research"),
        "mentoring": message("Mentoring"),
        "committees": message("Committees"),
        "equipment": message("Equipment and supplies"),
        "statistics": message("Statistics and reports"),
        "other": message("Other"),
    },
    "sheet": {
        "program": message("Program"),
        "practitioners": message("Practitioners"),
        "absences": message("Absences"),
        "duties": message("Non-client duties"),
        "sites": message("Sites"),
        "classes": message("Complexity classes"),
        "units": message("Caseload units"),
        "visits": message("Visits"),
        "goals": message("Goals and prices"),
    },
    "part": {
        "waiting": message("Waiting"),
        "travel": message("Travel"),
        "overload": message("Load above the comfortable range"),
        "balance": message("Balance of loads"),
        "continuity": message("Continuity"),
        "language": message("Language"),
        "skills": message("Skills"),
        "interests": message("Interests"),
        "experience": message("Experience"),
        "team": message("Team"),
        "split": message("Units shared by several practitioners"),
        "site_visits": message("Sites visited in a day"),
        "balance_clients": message("Balance of client numbers"),
        "balance_travel": message("Balance of travel"),
        "site_sharing": message("Practitioners sharing a site"),
    },
    "goal": {
        "travel": message("Travel"),
        "continuity_unit": message("Continuity, per unit"),
        "continuity_hour": message("Continuity, per weekly hour"),
        "language": message("Preferred language"),
        "skills": message("Preferred skills"),
        "experience": message("Experience"),
        "interests": message("Interests"),
        "team": message("Team of the site"),
        "too_little": message("Too little work"),
        "balance_near": message("Balance, near the target"),
        "balance_far": message("Balance, far from the target"),
        "dear": message("Hours above the comfortable range"),
        "overload": message("Hours above capacity"),
        "split": message("Unit shared by several practitioners"),
        "site_visits": message("Sites visited in a day"),
        "balance_clients": message("Balance of client numbers"),
        "balance_travel": message("Balance of travel"),
        "site_sharing": message("Practitioners sharing a site"),
        "waiting_client": message("Waiting, per client"),
        "waiting_hour": message("Waiting, per weekly hour"),
        "waiting_priority_1": message("Waiting, priority 1"),
        "waiting_priority_2": message("Waiting, priority 2"),
        "waiting_priority_3": message("Waiting, priority 3"),
        "waiting_priority_4": message("Waiting, priority 4"),
        "waiting_french": message("Waiting, French"),
        "waiting_current": message("Waiting, with a current practitioner"),
    },
    "goal_line": {
        "travel": message("Each hour driven in a week."),
        "continuity_unit": message("Each unit that leaves its current practitioner."),
        "continuity_hour": message("Each weekly hour of a unit that leaves its current practitioner."),
        "language": message("A preferred language is missing; half where it is spoken at a functional level."),
        "skills": message("Each preferred skill that is missing, two at most."),
        "experience": message("Fewer years of experience than the class asks for; unknown counts as none."),
        "interests": message("No interest shared with the unit, where somebody in the program shares one."),
        "team": message("The site has a team and the practitioner is not in it."),
        "too_little": message("Each weekly hour below the own comfortable range."),
        "balance_near": message("Each weekly hour away from the own fair share of the work, within 10 points of capacity."),
        "balance_far": message("Each weekly hour away from the own fair share of the work, beyond 10 points of capacity."),
        "dear": message("Each weekly hour between the comfortable range and capacity."),
        "overload": message("Each weekly hour between capacity and the maximum."),
        "split": message("Each further practitioner who shares one unit."),
        "site_visits": message("Each weekly trip beyond the most sites a day that a practitioner accepts."),
        "balance_clients": message("Each client above or below the fair share of clients."),
        "balance_travel": message("Each hour driven above the fair share of travel."),
        "site_sharing": message("Each further practitioner of one discipline at one site."),
        "waiting_client": message("Each client who waits, before the factors below."),
        "waiting_hour": message("Each weekly hour that waits, before the factors below."),
        "waiting_priority_1": message("Factor of the price of waiting at priority 1, the most urgent."),
        "waiting_priority_2": message("Factor of the price of waiting at priority 2."),
        "waiting_priority_3": message("Factor of the price of waiting at priority 3, the usual one."),
        "waiting_priority_4": message("Factor of the price of waiting at priority 4."),
        "waiting_french": message("Factor of the price of waiting where French is asked for."),
        "waiting_current": message("Factor of the price of waiting for clients who have a practitioner today."),
    },
}
"""Every kind of code and its names, in English."""

FREE_KINDS: Final = ("absence", "duty")
"""Free text, of which the known ones are translated, in whichever of the two languages they were written."""


ENGLISH_NAMES: Final = frozenset({"French", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
"""Names that keep their capital inside an English sentence."""


def label(words: Words, kind: str, code: str) -> str:
    """The name of a code. A code that the table does not hold (another discipline, a free text) is returned as it is.

    Raises KeyError for an unknown kind.
    """
    text = _known_texts(kind).get(_folded(code)) if kind in FREE_KINDS else LABELS[kind].get(code)
    return words.say(text) if text else code


def label_in_sentence(words: Words, kind: str, code: str) -> str:
    """The name of a code as it stands inside a sentence, without its capital: `occupational therapy`."""
    text = label(words, kind, code)
    is_name = text == code or text[1:2].isupper() or text in ENGLISH_NAMES
    return text if is_name else text[:1].lower() + text[1:]


@cache
def _known_texts(kind: str) -> Mapping[str, str]:
    """Spelling of a known kind (its code, or its name in either language) → its message."""
    known = {_folded(code): text for code, text in LABELS[kind].items()}
    return known | {_folded(words_in(lang).say(text)): text for text in LABELS[kind].values() for lang in LANGUAGES}


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
