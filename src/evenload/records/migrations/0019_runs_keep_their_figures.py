"""A scenario's run keeps what it found as figures, so that lists need not read its whole plan; a scenario says when its facts were taken."""

from __future__ import annotations

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("records", "0018_versions_of_standards_stay")]

    operations = [
        migrations.AddField(
            model_name="planscenario", name="facts_at", field=models.DateTimeField(default=timezone.now), preserve_default=False
        ),
        migrations.AddField(model_name="planscenario", name="changed_by_name", field=models.CharField(blank=True, max_length=200)),
        migrations.AddField(model_name="planrun", name="figures", field=models.JSONField(blank=True, default=dict)),
    ]
