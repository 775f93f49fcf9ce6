"""From raw sheets to a Reading: typed columns, checks across sheets, rows; or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, cast

from evenload.exchange import rows as row_types
from evenload.exchange.agreement import check_agreement, remarks
from evenload.exchange.columns import SHEETS
from evenload.exchange.facts import program_from
from evenload.exchange.findings import Findings
from evenload.exchange.identities import check_identities
from evenload.exchange.reading import Reading, located
from evenload.exchange.rows import ProgramRow, Rows
from evenload.exchange.sheet_reading import table_from
from evenload.exchange.tables import RawSheet, Table
from evenload.exchange.text_cells import Fault
from evenload.planning.capacity import capacities
from evenload.planning.codes import DISCIPLINES
from evenload.planning.contradictions import contradictions
from evenload.planning.problems import CaseError, Notice, Problem, Where

ROW_TYPES: Mapping[str, type[Any]] = {
    "program": row_types.ProgramRow,
    "practitioners": row_types.PractitionerRow,
    "absences": row_types.AbsenceRow,
    "duties": row_types.DutyRow,
    "sites": row_types.SiteRow,
    "classes": row_types.ClassRow,
    "units": row_types.UnitRow,
    "visits": row_types.VisitRow,
    "goals": row_types.GoalRow,
}
SAID_WHEN_ABSENT = ("absences", "duties", "sites")
PLACEHOLDER = ProgramRow(name_en="", setting="community", period_start=date(2000, 1, 3), period_weeks=1)
"""stands in for a program sheet with problems while the other sheets are checked; no figure of it is used"""


def reading_from(raw_sheets: Iterable[RawSheet], notices: Sequence[Notice], findings: Findings) -> Reading:
    """The Reading of known sheets, given in the order of the contract; raises InputError with every problem at once.

    `findings` may already hold problems of the format; `notices` what it noticed.
    """
    tables: dict[str, Table] = {}
    disciplines: tuple[str, ...] = ()
    for raw in raw_sheets:
        tables[raw.sheet.name] = table_from(raw, findings, disciplines)
        if raw.sheet.name == "program":
            disciplines = cast("tuple[str, ...]", tables["program"].column("other_disciplines")[0] or ())
    for sheet in SHEETS:
        if sheet.required and sheet.name not in tables and sheet.name not in findings.unreadable:
            findings.give_up(sheet.name, sheet.name, "", Fault("sheet_missing", {"sheet": sheet.name, "sheet_fr": sheet.fr}))
    check_identities(tables, (*DISCIPLINES, *disciplines), findings)
    check_agreement(tables, findings)
    positions = {name: table.positions() for name, table in tables.items()}
    if findings:
        for problem in core_problems(tables):
            findings.add_located(problem.where.table, located(problem, positions))
    findings.raise_if_any(notices)
    absent = (Notice("sheet_absent", Where(name), {"sheet": name}) for name in SAID_WHEN_ABSENT if name not in tables)
    return Reading(rows_from(tables), positions, (*notices, *absent, *remarks(tables)))


def rows_from(tables: Mapping[str, Table]) -> Rows:
    """Typed rows of every table, in the order written; rows with a fault are left out (a faulty program is a placeholder)."""
    found = {name: _rows_of(table) for name, table in tables.items()}
    program = found.pop("program", ()) or (PLACEHOLDER,)
    return Rows(program=cast("ProgramRow", program[0]), **cast("dict[str, Any]", found))


def _rows_of(table: Table) -> tuple[object, ...]:
    """Rows of one table. What is not stated takes the default of the row type."""
    row_type = ROW_TYPES[table.sheet.name]
    names = {column.field: column.name for column in (table.sheet.keys or table.sheet.columns)}
    columns = []
    for field in (one for one in fields(row_type) if one.name in names):  # `times` of a visit has no column, and comes last
        values = table.column(names[field.name])
        default = None if field.default is MISSING else field.default
        columns.append(values if default is None else [default if value is None else value for value in values])
    made = zip(*columns, strict=True)
    if not table.faulty:
        return tuple(row_type(*values) for values in made)
    return tuple(row_type(*values) for position, values in enumerate(made) if position not in table.faulty)


def core_problems(tables: Mapping[str, Table]) -> tuple[Problem, ...]:
    """What the core would say of the rows that have no fault of their own, so that it is told in the same breath."""
    program = program_from(_closed(rows_from(tables)))
    found = contradictions(program)
    people = [tables[name] for name in ("program", "practitioners", "absences", "duties") if name in tables]
    if "program" not in tables or "practitioners" not in tables or any(table.faulty for table in people):
        return found
    try:
        capacities(program)
    except CaseError as error:
        return (*found, *error.problems)
    return found


def _closed(rows: Rows) -> Rows:
    """The rows without units whose site, class or practitioners were left out, and without people stated for in groups."""
    people, sites, classes = ({row.id for row in sheet} for sheet in (rows.practitioners, rows.sites, rows.classes))
    units = tuple(
        row
        for row in rows.units
        if row.class_id in classes
        and (row.site is None or row.site in sites)
        and {row.current_practitioner, *row.barred_practitioners} <= {None, *people}
    )
    return Rows(rows.program, rows.practitioners, rows.absences, rows.duties, rows.sites, rows.classes, units)
