"""The database itself keeps what a version of a time standard says, and what somebody judged."""

from django.db import migrations

from evenload.records import triggers


def freeze(apps, schema_editor):
    triggers.freeze_standards(schema_editor.connection)


def thaw(apps, schema_editor):
    triggers.thaw_standards(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0017_standards_scenarios_reports"),
    ]

    operations = [
        migrations.RunPython(freeze, thaw),
    ]
