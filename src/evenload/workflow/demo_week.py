"""This week in the demonstration: the new lists came in, plans were asked for, files were written, and people read the list."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from evenload.exchange.example_organisation import this_week
from evenload.records.access import READERS
from evenload.records.models import PlanRun, Program, RoleOfAccount
from evenload.workflow import editions, intake, plans, worker
from evenload.workflow.demo_cast import OFFICE, PRACTITIONER
from evenload.workflow.demo_desk import head_of
from evenload.workflow.editions import current_edition
from evenload.workflow.export import workbook_of
from evenload.workflow.snapshot import rows_of, snapshot_of

if TYPE_CHECKING:
    from evenload.workflow.demo import Scene

FEWER_HOURS: Final = {"home-care": 3, "schools": 1}
"""people who work fewer hours from this week on; their loads were planned for more"""
HOURS_LEFT: Final = Fraction(9, 10)
NOT_YET: Final = (OFFICE.username, PRACTITIONER.username)
NOT_READ_YET: Final = 5
"""one reader in so many has not opened the list"""
MOST_MOVES: Final = 12


def import_lists(scene: Scene) -> None:
    """The lists of this week, as the office sent them on Friday morning: visits used, who is new, whose hours changed."""
    for number, (code, program) in enumerate(scene.programs.items()):
        held = {unit.id: unit.current_practitioner for unit in rows_of(program).units if unit.current_practitioner}
        rows = this_week(scene.rows[code], holders=held, fewer_hours=_fewer_hours(program), seed=scene.seed)
        by, at = head_of(program, scene), scene.days.at(days=3, minutes=10 + 7 * number)
        made = intake.preview(workbook_of(rows, by.lang), f"{code}-{scene.days.monday}.xlsx", by=by, program=program, at=at)
        intake.confirm(made, by=by, at=at + timedelta(minutes=3))


def _fewer_hours(program: Program) -> dict[str, Fraction]:
    """The fullest people of programs in which some change their hours, with the hours that they have from now on."""
    count = FEWER_HOURS.get(program.code, 0)
    case, rows = snapshot_of(program).case, rows_of(program)
    held: dict[str, int] = {}
    for unit in case.units:
        if unit.current:
            held[unit.current] = held.get(unit.current, 0) + unit.minutes
    full = sorted(
        (person for person in case.practitioners if person.capacity_minutes > 0),
        key=lambda person: (-held.get(person.id, 0) / person.capacity_minutes, person.id),
    )
    chosen = {person.id for person in full[:count]}
    return {person.id: Fraction(round(4 * person.weekly_hours * HOURS_LEFT), 4) for person in rows.practitioners if person.id in chosen}


def ask_plans(scene: Scene) -> list[PlanRun]:
    """Plans asked for after the lists came in: the schools with few changes of hands, the retirement homes freely."""
    at = scene.days.at(days=3, minutes=60)
    asked = []
    for code, most in (("schools", MOST_MOVES), ("retirement-homes", None)):
        program = Program.objects.get(code=code)
        asked.append(plans.ask_run(program, by=head_of(program, scene), at=at, wish=plans.Wish(max_moves=most, seed=scene.seed)))
    return asked


def write_files(scene: Scene) -> None:
    """The files of every edition, in both languages, where published lists go."""
    at = scene.days.at(weeks=3, days=-3, minutes=100)

    def then() -> datetime:
        return at

    while worker.publish_next(then):
        pass


def read_lists(scene: Scene) -> None:
    """Most of those who may read a list have opened its current edition; the office and the practitioner who signs in have not."""
    roles = RoleOfAccount.objects.filter(role__in=READERS).select_related("account", "program").order_by("pk")
    held = [role for role in roles if role.account.username not in NOT_YET]
    for program in scene.programs.values():
        edition = current_edition(program)
        readers = [role.account for role in held if role.program in (None, program)]
        for number, account in enumerate(readers):
            if edition and number % NOT_READ_YET:
                editions.mark_read(edition, account, at=scene.days.at(weeks=2, minutes=20 + 7 * number))
