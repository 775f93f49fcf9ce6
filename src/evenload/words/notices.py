"""What the reader should know but is no error: one sentence for each notice of the core and of the intake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenload.planning.problems import Notice
from evenload.words.phrases import Counted, Facts, Names, Phrases, capitalized, name_of, phrase
from evenload.words.voice import Words, message

CORE: Final[Mapping[str, Phrases]] = {
    "overdrawn": (message("{item}: more visits were used than were allotted."),),
    "language_not_asked": (
        Counted(
            "{clients} client has no stated language. Ask, in English and in French, before anybody is assigned.",
            "{clients} clients have no stated language. Ask, in English and in French, before anybody is assigned.",
            "clients",
        ),
    ),
    "place_unknown": (
        Counted(
            "The place of {count} unit is not known, so the program's median drive is assumed: {ids}.",
            "The places of {count} units are not known, so the program's median drive is assumed: {ids}.",
            "count",
        ),
    ),
    "base_unknown": (
        Counted(
            "The base of {count} practitioner is not known, so the program's median drive is assumed: {ids}.",
            "The bases of {count} practitioners are not known, so the program's median drive is assumed: {ids}.",
            "count",
        ),
    ),
    "pinned_above_maximum": (
        message("{item}: {pinned_hours} a week are pinned, above the maximum of {maximum_hours}; nothing else is added."),
        message("{item}: pinned units alone exceed the maximum; nothing else is added."),
    ),
    "max_moves_exceeded": (
        Counted(
            "{moves} unit changes hands, more than the limit of {limit}: fewer were not found within the maxima.",
            "{moves} units change hands, more than the limit of {limit}: fewer were not found within the maxima.",
            "moves",
        ),
        message("More units change hands than the limit allows: fewer were not found within the maxima."),
    ),
    "deviation_assumed": (
        Counted(
            "Protection assumes {percent} more than planned for {count} class without a range from {visits} recorded visits: {classes}.",
            "Protection assumes {percent} more than planned for {count} classes without a range from {visits} recorded visits: {classes}.",
            "count",
        ),
    ),
    "deviation_judged": (
        Counted(
            "Protection takes the most that one of several people judges for {count} class without a range from {visits} recorded visits: "
            "{classes}.",
            "Protection takes the most that one of several people judges for {count} classes without a range from {visits} recorded visits: "
            "{classes}.",
            "count",
        ),
    ),
    "deviation_unknown": (
        Counted(
            "Nobody knows how much longer visits of {count} class may take, so nothing protects against them: {classes}. A range takes "
            "{visits} recorded visits, or the judgement of two people.",
            "Nobody knows how much longer visits of {count} classes may take, so nothing protects against them: {classes}. A range takes "
            "{visits} recorded visits, or the judgement of two people.",
            "count",
        ),
    ),
    "protection_price": (
        Counted(
            "Protection against {robust} unit per practitioner that needs more than planned costs {price_hours} a week. Waiting: "
            "{waiting_hours} with it, {without_hours} without ({waiting} and {without} units).",
            "Protection against {robust} units per practitioner that need more than planned costs {price_hours} a week. Waiting: "
            "{waiting_hours} with it, {without_hours} without ({waiting} and {without} units).",
            "robust",
        ),
    ),
    "price_driving_pays": (message("With these prices, driving far to fill a week pays. Raise travel above too_little plus balance_far."),),
    "price_preference_beats_continuity": (
        message("With these prices, one preference outweighs continuity. Keep each preference below continuity_unit."),
    ),
    "price_waiting_too_cheap": (
        message("With these prices, a unit may wait although there is room. Raise waiting_client, waiting_hour or their factors."),
    ),
}

CAPACITY: Final[Mapping[str, Phrases]] = {
    "travel_modelled": (
        message("{hours} of travel are modelled from distance, a lower estimate: {classes}."),
        message("{hours} of travel are modelled from distance, a lower estimate."),
    ),
    "travel_left_out": (
        Counted(
            "No travel is modelled for {count} unit, for nobody may take it: {ids}.",
            "No travel is modelled for {count} units, for nobody may take them: {ids}.",
            "count",
        ),
    ),
    "area_unknown": (
        Counted(
            "{count} unit has no area and counts in the pool of all areas only: {ids}.",
            "{count} units have no area and count in the pool of all areas only: {ids}.",
            "count",
        ),
    ),
    "above_own_maximum": (
        message(
            "{item}: {hours_per_week} a week for clients lie above the own maximum of {maximum_hours}; they are counted as supply "
            "but cannot be assigned."
        ),
    ),
    "contracted_visits_short": (message("Clients need {visits} visits; {contracted_visits} are contracted."),),
    "french_shortage": (
        message("{discipline}, {area}: a gap of {gap_hours} in French, although the total has hours to spare."),
        message("{discipline}: a gap of {gap_hours} in French, although the total has hours to spare."),
    ),
    "standard_drifts": (
        Counted(
            "{item}, {field}: {visits} recorded visit took {observed_minutes}; {planned_minutes} are planned ({drift_percent}).",
            "{item}, {field}: {visits} recorded visits took {observed_minutes} on average; {planned_minutes} are planned ({drift_percent}).",
            "visits",
        ),
    ),
}

INTAKE: Final[Mapping[str, Phrases]] = {
    "sheet_unknown": (message("The sheet {sheet} is not part of the workbook; it was ignored."),),
    "sheet_hidden_read": (message("The sheet {sheet} is hidden; it was read all the same."),),
    "sheet_hidden": (message("The sheet {sheet} is hidden and not part of the workbook; it was ignored."),),
    "sheet_absent": (message("There is no sheet {sheet}: nothing of the kind is counted."),),
    "macros_ignored": (message("The workbook holds macros; they were ignored."),),
    "encoding_assumed": (message("The file {sheet} is not in UTF-8; it was read as Windows-1252. Look at the accents."),),
    "percent_below_one": (message("{sheet}!{cell}: {value} is read as {value} percent. Write 10 for 10 percent."),),
    "as_of_after_period": (message("as_of, {as_of}, lies after the period, which ends on {end}."),),
    "visits_of_unknown": (
        Counted(
            "{count} visit names a {column} that is not in this workbook, for example {example}; its minutes count all the same.",
            "{count} visits name a {column} that is not in this workbook, for example {example}; their minutes count all the same.",
            "count",
        ),
    ),
    "postal_without_place": (
        Counted(
            "Sheet {sheet}: {count} postal code is not on the map, for example {example}; its place is unknown.",
            "Sheet {sheet}: {count} postal codes are not on the map, for example {example}; their places are unknown.",
            "count",
        ),
    ),
}

NOTICES: Final[Mapping[str, Phrases]] = {**CORE, **CAPACITY, **INTAKE}


def notice_sentence(words: Words, notice: Notice, names: Names) -> str:
    """What the reader should know, as whole sentences. Raises KeyError for an unknown code."""
    where = notice.where
    item = name_of(words, where.item, names) if where.item else where.table
    facts: Facts = {"item": item, "field": where.field or "", **notice.facts}
    return capitalized(phrase(words, NOTICES[notice.code], facts, names))
