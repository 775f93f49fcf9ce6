"""One practitioner's own week, as the desk counts it, without counting everybody else's: her own pages are opened after every visit."""

from __future__ import annotations

from django.db.models import Q

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.explain import WeekLoad, week_load
from evenload.planning.standing import bundle_week
from evenload.records import models
from evenload.workflow.drafts import open_draft_of
from evenload.workflow.snapshot import snapshot_of


def own_week(one: models.Practitioner) -> tuple[Practitioner, WeekLoad] | None:
    """Herself as planning takes her, and her week by the open draft, else by the current list; None where she is not in it.

    The same figures as of `picture_at_hand`, whose prices and targets nobody asks for here. Raises CaseError where the program's
    facts contradict each other.
    """
    case = snapshot_of(one.program).case
    if not case.has_practitioner(one.code):
        return None
    person = case.practitioner(one.code)
    return person, week_load(person, bundle_week(case, person, _hers(one, case)))


def _hers(one: models.Practitioner, case: Case) -> list[Unit]:
    """What she carries: as the draft has it; a piece that came after the draft began is with its current practitioner."""
    draft = open_draft_of(one.program)
    if draft is None:
        return [unit for unit in case.units if unit.current == one.code]
    current = [unit.id for unit in case.units if unit.current == one.code]
    rows = draft.placements.filter(Q(practitioner=one) | Q(piece__in=current)).order_by()
    placed = dict(rows.values_list("piece", "practitioner"))
    return [unit for unit in case.units if (placed[unit.id] == one.pk if unit.id in placed else unit.current == one.code)]
