"""What if, in the demonstration: two scenarios of the clinic, one of them shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evenload.workflow import scenarios
from evenload.workflow.demo_desk import head_of

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

PROGRAM: Final = "clinic"
TEXTS: Final = {
    "en": ("A tenth more referrals", "Somebody joins, fluent in French", "New therapist", "For the meeting on next year's budget."),
    "fr": (
        "Un dixième de demandes de plus",
        "Une personne francophone arrive",
        "Nouvelle personne",
        "Pour la rencontre sur le prochain budget.",
    ),
}


def keep(scene: Scene) -> None:
    """Demand grows; then the same with somebody who joins, shared within the organisation."""
    program = scene.programs[PROGRAM]
    by = head_of(program, scene)
    grows_name, joins_name, joiner, note = TEXTS[by.account.language]
    grows = {"kind": "growth", "item": "", "value": "10"}
    standard = program.time_standards.order_by("code").first()
    joins = {
        "kind": "join",
        "item": "new-1",
        "name": joiner,
        "discipline": standard.discipline if standard else "OT",
        "engagement": "employee",
        "languages": ["en", "fr"],
        "value": "30",
    }
    at = scene.days.at(days=2, minutes=30)
    scenarios.make(program, grows_name, by=by, at=at, changes=[grows], note=note)
    made = scenarios.make(program, joins_name, by=by, at=at, changes=[grows, joins], note=note)
    scenarios.share(made, by=by, at=at)
