"""Referrals of some weeks are found without reading all of ten years."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_runs_keep_their_figures"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["received_on"], name="referral_by_day"),
        ),
    ]
