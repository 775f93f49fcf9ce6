"""What the database itself refuses: to change or remove a line of the journal, a row of an edition, or what an edition says of itself."""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

FROZEN: Final = (
    ("records_journalentry", "update", ""),
    ("records_journalentry", "delete", ""),
    ("records_editionrow", "update", ""),
    ("records_edition", "update", "program_id, number, effective_on, published_at, published_by_id, code, case_digest"),
)
"""table, verb, columns (empty: every column)"""

EXCEPTION_SAYS: Final = (
    "records_frenchexception",
    "update",
    "program_id, piece, practitioner_code, practitioner_name, reason, note, alternatives, decided_by_id, decided_by_name, decided_at, review_on",
)
"""what an exception to the French rule says; only its end is written later"""

STANDARDS_SAY: Final = (
    (
        "records_standardversion",
        "update",
        "standard_id, number, says, evidence, why, proposed_by_id, proposed_by_name, proposed_at",
    ),
    ("records_standardjudgement", "update", ""),
)
"""what a version of a time standard says, to which only its decision is added, and what somebody judged"""

SQLITE: Final = """CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"""
POSTGRESQL_FUNCTION: Final = """CREATE OR REPLACE FUNCTION evenload_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;"""
POSTGRESQL: Final = """CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
FOR EACH ROW EXECUTE FUNCTION evenload_append_only();"""
POSTGRESQL_TRUNCATE: Final = """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION evenload_append_only();"""
WHOLE_TABLES: Final = ("records_journalentry",)


def freeze(connection: BaseDatabaseWrapper) -> None:
    """Puts the triggers in place."""
    is_postgresql = connection.vendor == "postgresql"
    template = POSTGRESQL if is_postgresql else SQLITE
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(POSTGRESQL_FUNCTION)
            for table in WHOLE_TABLES:
                cursor.execute(POSTGRESQL_TRUNCATE.format(table=table))
        for table, verb, columns in FROZEN:
            event = verb.upper() + (f" OF {columns}" if columns else "")
            cursor.execute(template.format(table=table, verb=verb, event=event))


def freeze_exceptions(connection: BaseDatabaseWrapper) -> None:
    """Keeps what an exception to the French rule says. Its end may still be written."""
    table, verb, columns = EXCEPTION_SAYS
    template = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        cursor.execute(template.format(table=table, verb=verb, event=f"{verb.upper()} OF {columns}"))


def thaw_exceptions(connection: BaseDatabaseWrapper) -> None:
    """Takes that away again, for migrations backwards."""
    table, verb, _ = EXCEPTION_SAYS
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def freeze_standards(connection: BaseDatabaseWrapper) -> None:
    """Keeps what every version of a time standard says, and every judgement."""
    template = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for table, verb, columns in STANDARDS_SAY:
            event = verb.upper() + (f" OF {columns}" if columns else "")
            cursor.execute(template.format(table=table, verb=verb, event=event))


def thaw_standards(connection: BaseDatabaseWrapper) -> None:
    """Takes that away again, for migrations backwards."""
    with connection.cursor() as cursor:
        for table, verb, _ in STANDARDS_SAY:
            cursor.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def thaw(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away again: for migrations backwards, and for tests that empty their tables."""
    is_postgresql = connection.vendor == "postgresql"
    dropped = [(table, verb) for table, verb, _ in FROZEN]
    dropped += [(table, "truncate") for table in WHOLE_TABLES] if is_postgresql else []
    with connection.cursor() as cursor:
        for table, verb in dropped:
            cursor.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if is_postgresql else ""))
