"""The database itself refuses to change or delete a line of the journal, and to change a published edition."""

from django.db import migrations

from evenload.records import triggers


def freeze(apps, schema_editor):
    triggers.freeze(schema_editor.connection)


def thaw(apps, schema_editor):
    triggers.thaw(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_records_begin")]
    operations = [migrations.RunPython(freeze, thaw)]
