"""Exceptions to the French rule, what an edition tells whom, and why a draft was changed as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evenload.records import triggers


def freeze(apps, schema_editor):
    triggers.freeze_exceptions(schema_editor.connection)


def thaw(apps, schema_editor):
    triggers.thaw_exceptions(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_look_and_letter_keys_are_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changes", models.JSONField(default=list)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="FrenchException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("piece", models.CharField(max_length=210)),
                ("practitioner_code", models.CharField(max_length=200)),
                ("practitioner_name", models.CharField(max_length=200)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_french_speaker", "no_french_speaker"),
                            ("french_speakers_full", "french_speakers_full"),
                            ("too_far", "too_far"),
                            ("client_agrees", "client_agrees"),
                            ("other", "other"),
                        ],
                        max_length=30,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("alternatives", models.CharField(max_length=1000)),
                ("decided_by_name", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField()),
                ("review_on", models.DateField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("placed_in_french", "placed_in_french"),
                            ("replaced", "replaced"),
                            ("not_used", "not_used"),
                            ("taken_back", "taken_back"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ["review_on", "id"],
            },
        ),
        migrations.AddField(
            model_name="draftchange",
            name="facts_before",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="draftchange",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("practitioner_agrees", "practitioner_agrees"),
                    ("for_a_time", "for_a_time"),
                    ("keeps_the_client", "keeps_the_client"),
                    ("nobody_else", "nobody_else"),
                    ("urgent", "urgent"),
                    ("other", "other"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="draftchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason_code__in", ["practitioner_agrees", "for_a_time", "keeps_the_client", "nobody_else", "urgent", "other", ""])
                ),
                name="change_reason_known",
            ),
        ),
        migrations.AddField(
            model_name="editionnotice",
            name="edition",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="records.edition"),
        ),
        migrations.AddField(
            model_name="editionnotice",
            name="practitioner",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="records.practitioner"),
        ),
        migrations.AddField(
            model_name="frenchexception",
            name="decided_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="frenchexception",
            name="practitioner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="french_exceptions",
                to="records.practitioner",
            ),
        ),
        migrations.AddField(
            model_name="frenchexception",
            name="program",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="french_exceptions", to="records.program"),
        ),
        migrations.AddField(
            model_name="frenchexception",
            name="unit",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="french_exceptions", to="records.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="editionnotice",
            constraint=models.UniqueConstraint(fields=("edition", "practitioner"), name="notice_once_per_edition"),
        ),
        migrations.AddConstraint(
            model_name="frenchexception",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("program", "piece"), name="one_open_exception_per_piece"
            ),
        ),
        migrations.AddConstraint(
            model_name="frenchexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["no_french_speaker", "french_speakers_full", "too_far", "client_agrees", "other"])),
                name="exception_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="frenchexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_why__in", ["placed_in_french", "replaced", "not_used", "taken_back", ""])),
                name="exception_end_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="frenchexception",
            constraint=models.CheckConstraint(condition=models.Q(("alternatives", ""), _negated=True), name="exception_names_alternatives"),
        ),
        migrations.AddConstraint(
            model_name="frenchexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_why", "")),
                    models.Q(
                        ("ended_at__gte", models.F("decided_at")),
                        ("ended_at__isnull", False),
                        models.Q(("ended_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="exception_ends_with_a_reason",
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
