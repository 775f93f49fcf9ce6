"""The page of one time standard, also where a decision about it was refused: everything it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from evenload.records.access import Person
from evenload.records.models import StandardJudgement, StandardVersion, TimeStandard
from evenload.web.standard_effect_parts import EffectView, effect_view
from evenload.web.standard_parts import VersionView, distributions, judgement_views, line_view, spread_views, version_views
from evenload.web.standard_words import FIGURES, class_name, drift_rule, figure_shown
from evenload.words import Words
from evenload.workflow import standard_effect, standard_versions, time_standards
from evenload.workflow.standard_figures import NAMES, differing, figures_of, read


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What waits to be decided: its figures beside those planned with, what it changes, and what this person may do."""

    view: VersionView
    changes: tuple[tuple[str, str, str], ...]
    effect: EffectView
    is_own: bool
    may_approve: bool
    is_alone: bool
    """it is her own and nobody else could approve it"""


def standard_facts(words: Words, person: Person, standard: TimeStandard) -> dict[str, Any]:
    """What the page of one class shows."""
    program = standard.program
    line = time_standards.line_of(standard, today=timezone.localdate())
    versions = standard_versions.history(standard)
    judged = list(StandardJudgement.objects.filter(standard=standard))
    views = version_views(words, line, versions)
    waiting = next((one for one in versions if one.state == "proposed"), None)
    return {
        "program": program,
        "standard": standard,
        "name": class_name(words, standard),
        "view": line_view(words, line, program.code),
        "figures": [(words.say(FIGURES[name]), figure_shown(words, name, getattr(standard, name))) for name in NAMES],
        "rule": drift_rule(words),
        "distributions": distributions(words, line, time_standards.distribution(standard)),
        "spreads": spread_views(words, line, judged),
        "judgements": judgement_views(words, judged),
        "versions": [(view, _past(words, standard, version)) for view, version in zip(views, versions, strict=True)],
        "period": words.period(program.period_start, program.period_weeks),
        "proposal": None if waiting is None else _proposal(words, person, standard, waiting, views),
    }


def _proposal(
    words: Words, person: Person, standard: TimeStandard, waiting: StandardVersion, views: tuple[VersionView, ...]
) -> ProposalView:
    now = figures_of(standard).says()
    effect = effect_view(words, standard.program, standard_effect.effect_of(standard, read(waiting.says)))
    is_own = waiting.proposed_by_id == person.account.pk
    is_alone = is_own and not standard_versions.others(standard.program, person)
    return ProposalView(
        view=next(view for view in views if view.number == waiting.number),
        changes=tuple(
            (words.say(FIGURES[name]), figure_shown(words, name, now[name]), figure_shown(words, name, waiting.says.get(name)))
            for name in differing(now, waiting.says)
        ),
        effect=effect,
        is_own=is_own,
        may_approve=effect.is_countable and (not is_own or is_alone),
        is_alone=is_alone,
    )


def _past(words: Words, standard: TimeStandard, version: StandardVersion) -> EffectView | None:
    """What a version that was approved changed, as it was seen then."""
    effect = standard_effect.kept(version.effect) if version.state == "approved" else None
    return None if effect is None else effect_view(words, standard.program, effect)
