"""Programs and drafts for the tests of the desk: an example program in the records, and how to move its pieces about."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from cast import NOW, account, person
from evenload.exchange.example import example_rows
from evenload.planning.case import Case, digest
from evenload.planning.fixes import waiting_entries
from evenload.planning.plan import Assignment, Bound, Cover, Load, Plan, Provenance
from evenload.planning.score import score
from evenload.planning.standing import standing_of
from evenload.planning.travel import pair_travel_minutes
from evenload.records.access import Person
from evenload.records.models import Draft, Organisation, Program
from evenload.workflow import drafts
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.refused import Refused


def example_program(*, practitioners: int = 8, units: int = 60, setting: str = "school", seed: int = 3) -> tuple[Program, Person]:
    """An example program in the records, and its manager."""
    Organisation.objects.get_or_create(id=1, defaults={"name_en": "Two Rivers Therapy"})
    rows = example_rows(practitioners=practitioners, units=units, setting=setting, seed=seed)
    program = take_in(rows, program=None, code=f"example-{seed}").program
    return program, person(account(f"manager-{seed}", "Max Manager", "program_manager", program))


def fresh(draft: Draft) -> Draft:
    """The draft as the records hold it now, as a page would read it."""
    return Draft.objects.select_related("program", "plan_run").get(pk=draft.pk)


KINDS = ("move", "move", "move", "pin", "ban", "undo", "wait")


def move_about(draft: Draft, by: Person, dice: Random, *, times: int, kinds: tuple[str, ...] = KINDS) -> int:
    """Random changes of every kind; what is refused is left. Returns how many were made."""
    made = 0
    for _ in range(times):
        here = fresh(draft)
        picture = picture_of(here)
        piece = dice.choice(sorted(picture.places))
        beside = [one for one in picture.facts.beside(picture.facts.bundle_of[piece]) if not one.broken]
        to = dice.choice(beside).practitioner.id if beside else None
        known = {"by": by, "at": NOW, "seen_version": here.version}
        try:
            kind = dice.choice(kinds)
            if kind == "move":
                drafts.move(here, piece, to, reason="a reason", **known)
            elif kind == "wait":
                drafts.move(here, piece, None, **known)
            elif kind == "pin":
                drafts.pin(here, piece, **known)
            elif kind == "ban":
                drafts.ban(here, piece, dice.choice(sorted(picture.facts.people)), **known)
            else:
                drafts.undo(here, by=by, at=NOW)
            made += 1
        except Refused:
            pass
    return made


def plan_of(case: Case, holder: Mapping[str, str], *, cover: Mapping[str, str] | None = None) -> Plan:
    """A Plan of the Case that says exactly this; its bound is the trivial one."""
    standing, units = standing_of(case, holder), {unit.id: unit for unit in case.units}
    return Plan(
        case_digest=digest(case),
        assignments=tuple(
            Assignment(id, name, units[id].minutes, pair_travel_minutes(case, case.practitioner(name), units[id]))
            for id, name in sorted(holder.items())
        ),
        waiting=waiting_entries(case, holder),
        cover=tuple(Cover(id, name) for id, name in (cover or {}).items()),
        loads=tuple(
            Load(
                one.id,
                one.capacity_minutes,
                one.maximum_minutes,
                standing.weeks[one.id].minutes,
                standing.weeks[one.id].travel_minutes,
                standing.weeks[one.id].units,
                standing.weeks[one.id].clients,
                standing.targets_minutes[one.id],
                standing.weeks[one.id].peak_minutes,
            )
            for one in case.practitioners
        ),
        score=score(case, holder),
        bound=Bound(0.0, 0.0, {}, 0.0, "trivial"),
        notices=(),
        provenance=Provenance(0, "test", 0.0, "by hand", "hand"),
    )
