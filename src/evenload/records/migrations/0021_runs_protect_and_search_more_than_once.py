"""A plan run may protect against loads that run high, and may be the best of several searches."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("records", "0020_referrals_are_found_by_day")]

    operations = [
        migrations.AddField(model_name="planrun", name="seeds", field=models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(model_name="planrun", name="robust", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddConstraint(
            model_name="planrun", constraint=models.CheckConstraint(condition=Q(seeds__gte=1), name="run_searches_at_least_once")
        ),
    ]
