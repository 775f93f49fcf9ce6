"""An absence of the organisation's own list may be known by date; hours that were taken up are applied when their day comes."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("records", "0011_what_was_lent_ends")]

    operations = [
        migrations.AddField("hoursoffered", "applied_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("absence", "from_date", models.DateField(blank=True, null=True)),
        migrations.AddField("absence", "to_date", models.DateField(blank=True, null=True)),
        migrations.RemoveConstraint("absence", "absence_days_or_hours"),
        migrations.AddConstraint(
            "absence",
            models.CheckConstraint(
                condition=(Q(days__isnull=False) & Q(hours__isnull=True))
                | (Q(days__isnull=True) & Q(hours__isnull=False))
                | (Q(days__isnull=True) & Q(hours__isnull=True) & Q(from_date__isnull=False)),
                name="absence_days_or_hours_or_dates",
            ),
        ),
        migrations.AddConstraint(
            "absence",
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(from_date__isnull=False, to_date__gte=F("from_date")),
                name="absence_dates_in_order",
            ),
        ),
    ]
