"""What a person chose for her pages, and why a manager leaves a unit waiting."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

THEMES = [("light", "light"), ("dark", "dark")]
REASONS = ["family_asked", "contact_sought", "date_agreed", "equipment", "information", "match_sought", "recruiting", "other"]


class Migration(migrations.Migration):
    dependencies = [("records", "0002_journal_is_append_only")]

    operations = [
        migrations.AddField("account", "theme", models.CharField(blank=True, choices=THEMES, default="", max_length=5)),
        migrations.AddField("account", "letter_keys", models.BooleanField(default=True)),
        migrations.AddConstraint(
            "account", models.CheckConstraint(condition=models.Q(("theme__in", ["light", "dark", ""])), name="account_theme_known")
        ),
        migrations.AddField(
            "unit",
            "left_waiting_reason",
            models.CharField(blank=True, choices=[(one, one) for one in REASONS], default="", max_length=20),
        ),
        migrations.AddField("unit", "left_waiting_note", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField(
            "unit",
            "left_waiting_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("unit", "left_waiting_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "unit",
            models.CheckConstraint(condition=models.Q(("left_waiting_reason__in", [*REASONS, ""])), name="waiting_reason_known"),
        ),
    ]
