"""A draft counted again by plain loops, against the picture that the desk shows; a disagreement stops publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from evenload.planning.check import TOLERANCE_HOURS, counted_parts
from evenload.planning.problems import Problem, Where
from evenload.planning.travel import load_minutes
from evenload.workflow.draft_picture import Picture


def differences_from(picture: Picture, holder: Mapping[str, str]) -> Iterator[Problem]:
    """Everything in which the plain count of these placements (piece → practitioner) disagrees with the picture.

    Codes: `placement_differs`, `load_differs`, `score_differs`. Counted over the facts without the draft's bans, as the
    picture's price is: a ban must not shift what everybody should carry.
    """
    yield from _placements(picture, holder)
    case = picture.facts.case
    if any(not case.has_practitioner(code) for code in holder.values()):
        return
    known = {piece: code for piece, code in holder.items() if piece in picture.facts.units}
    minutes = Counter[str]()
    for piece, code in known.items():
        minutes[code] += load_minutes(case, case.practitioner(code), picture.facts.units[piece])
    for person in case.practitioners:
        stated = picture.standing.weeks[person.id].minutes
        if stated != minutes[person.id]:
            where = Where("practitioners", person.id, "assigned_minutes")
            yield Problem("load_differs", where, str(stated), {"expected": str(minutes[person.id])})
    counted = sum(counted_parts(case, holder, targets_minutes=picture.facts.targets_minutes).values())
    if not abs(counted - picture.price_hours) <= max(TOLERANCE_HOURS, TOLERANCE_HOURS * abs(counted)):
        yield Problem("score_differs", Where("score", None, "hours"), f"{picture.price_hours:.6f}", {"expected": f"{counted:.6f}"})


def _placements(picture: Picture, holder: Mapping[str, str]) -> Iterator[Problem]:
    shown = {piece: one.practitioner for piece, one in picture.places.items() if one.practitioner is not None}
    for piece in sorted(shown.keys() | holder.keys()):
        if shown.get(piece) != holder.get(piece):
            where = Where("assignments", piece, "practitioner")
            yield Problem("placement_differs", where, shown.get(piece) or "", {"expected": holder.get(piece) or ""})
