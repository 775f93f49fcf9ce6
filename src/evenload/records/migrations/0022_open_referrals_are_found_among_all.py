"""The few open referrals, and referrals and steps of some weeks, are found and counted without reading all of ten years."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0021_runs_protect_and_search_more_than_once"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="referral", name="referral_by_day"),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["received_on", "client", "discipline", "first_visit_by", "closing_reason"], name="referral_by_day_counted"
            ),
        ),
        migrations.AddIndex(
            model_name="referralstep",
            index=models.Index(fields=["at", "after", "before", "referral"], name="step_by_day_counted"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["client", "version"],
                condition=models.Q(state__in=("received", "waiting", "offered", "assigned", "on_hold")),
                name="referral_open",
            ),
        ),
    ]
