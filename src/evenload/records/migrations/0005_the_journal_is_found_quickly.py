"""Who did what, and who has seen whom, is found among millions of lines without reading them all."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BY_CLIENT = "CREATE INDEX journal_by_client ON records_journalentry USING gin (client_ids jsonb_path_ops)"


def index_clients(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL finds a client in the lists of clients by an index; SQLite reads the lines."""
    if editor.connection.vendor == "postgresql":
        editor.execute(BY_CLIENT)


def drop_clients(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Takes the index away again."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX journal_by_client")


class Migration(migrations.Migration):
    dependencies = [("records", "0004_french_exceptions_and_notices")]

    operations = [
        migrations.AddIndex("journalentry", models.Index(fields=["action", "number"], name="journal_by_action")),
        migrations.AddIndex("journalentry", models.Index(fields=["account_name", "number"], name="journal_by_name")),
        migrations.AddIndex("journalentry", models.Index(fields=["subject_id"], name="journal_by_subject")),
        migrations.AddIndex("journalentry", models.Index(fields=["at"], name="journal_by_day")),
        migrations.RunPython(index_clients, drop_clients),
    ]
