"""The database itself refuses to change or delete a line of the journal, and to change a row of a published edition."""

from django.db import migrations

FROZEN = (("records_journalentry", "update"), ("records_journalentry", "delete"), ("records_editionrow", "update"))
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION evenload_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""
POSTGRESQL = "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION evenload_append_only();"


def freeze(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
    statement = POSTGRESQL if vendor == "postgresql" else SQLITE
    for table, verb in FROZEN:
        schema_editor.execute(statement.format(table=table, verb=verb, VERB=verb.upper()))


def thaw(apps, schema_editor):
    on_table = schema_editor.connection.vendor == "postgresql"
    for table, verb in FROZEN:
        schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table};" if on_table else ";"))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION evenload_append_only();")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_records_begin")]
    operations = [migrations.RunPython(freeze, thaw)]
