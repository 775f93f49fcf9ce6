"""The closed vocabularies of the core. Everything here is a code; sentences live in `evenload.words`."""

from __future__ import annotations

from typing import Final

DISCIPLINES: Final = ("OT", "PT", "SLP", "OTA", "PTA", "CDA", "AUD", "RD", "SW")
SETTINGS: Final = ("clinic", "community", "school", "hospital")
ENGAGEMENTS: Final = ("employee", "independent")
LANGUAGE_LEVELS: Final = ("basic", "functional", "fluent", "native")  # ascending
LANGUAGE_NEEDS: Final = ("required", "preferred")
SITE_KINDS: Final = ("school", "retirement_home", "clinic", "hospital", "area")
UNIT_KINDS: Final = ("site", "area", "client")
DUTY_BASES: Final = ("hours_per_period", "hours_per_week", "percent")
OUTCOMES: Final = ("done", "no_show", "cancelled")
FEEDBACK: Final = ("too_high", "right", "too_low")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PRIORITIES: Final = (1, 2, 3, 4)

HARD_RULES: Final = (
    "discipline",
    "no_capacity",
    "language_french",
    "language_required",
    "skill_missing",
    "barred",
    "not_accepting_new",
    "drive_too_long",
    "days",
    "evening",
    "pinned_elsewhere",
)
"""Reason codes of the hard rules, in the order in which they are tried (definitions, section 1)."""

WAITING_REASONS: Final = (
    *HARD_RULES,
    "full",
    "larger_than_any_capacity",
    "contract_exhausted",
    "dearer_than_waiting",
    "no_practitioner",
)
"""Every code that may stand beside a waiting unit."""

NEAREST_FIXES: Final = (
    "accept_new",
    "more_drive_minutes",
    "more_maximum_minutes",
    "move_unit",
    "add_skill",
    "hire",
    "more_contracted_visits",
)
"""The one change of one fact that would let a waiting unit be placed, first that works first."""

SCORE_PARTS: Final = (
    "waiting",
    "travel",
    "overload",
    "balance",
    "continuity",
    "language",
    "skills",
    "interests",
    "experience",
    "team",
    "split",
    "site_visits",
    "balance_clients",
    "balance_travel",
    "site_sharing",
)
"""The parts of a plan's score, in hours per week; the last three are 0 unless a manager prices them."""


def level_rank(level: str) -> int:
    """Rank of a language level: 0 basic, 1 functional, 2 fluent, 3 native."""
    return LANGUAGE_LEVELS.index(level)
