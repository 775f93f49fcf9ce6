"""Visits that were lent come back, and a draft may change who covers."""

from django.db import migrations, models

KINDS = ["move", "pin", "unpin", "ban", "unban", "solve", "hand_over", "cover", "undo"]


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_mails_go_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="remedy",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name="draftchange", name="change_kind_known"),
        migrations.AlterField(
            model_name="draftchange",
            name="kind",
            field=models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=10),
        ),
        migrations.AddConstraint(
            model_name="draftchange",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="change_kind_known"),
        ),
    ]
