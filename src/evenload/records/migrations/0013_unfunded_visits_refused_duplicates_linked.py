"""Unfunded visits may be refused, with a reason; a duplicate says which referral stays open."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_absences_have_dates"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="allotment",
            name="funding_known",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_event_known",
        ),
        migrations.RemoveConstraint(
            model_name="noticechoice",
            name="choice_event_known",
        ),
        migrations.AddField(
            model_name="allotment",
            name="refused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="allotment",
            name="refused_because",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="allotment",
            name="refused_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="duplicates", to="records.referral"
            ),
        ),
        migrations.AlterField(
            model_name="allotment",
            name="funding",
            field=models.CharField(
                choices=[("funded", "funded"), ("asked", "asked"), ("approved", "approved"), ("refused", "refused")],
                default="funded",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="event",
            field=models.CharField(
                choices=[
                    ("offer_made", "offer_made"),
                    ("offer_reminder", "offer_reminder"),
                    ("offer_taken", "offer_taken"),
                    ("offer_withdrawn", "offer_withdrawn"),
                    ("offer_answered", "offer_answered"),
                    ("offer_question", "offer_question"),
                    ("offer_confirmed", "offer_confirmed"),
                    ("offers_lapsed", "offers_lapsed"),
                    ("edition_published", "edition_published"),
                    ("load_said", "load_said"),
                    ("talk_written", "talk_written"),
                    ("talk_agreed", "talk_agreed"),
                    ("talk_follow_up", "talk_follow_up"),
                    ("talk_escalated", "talk_escalated"),
                    ("overload", "overload"),
                    ("leave_told", "leave_told"),
                    ("hours_offered", "hours_offered"),
                    ("hours_answered", "hours_answered"),
                    ("referral_at_site", "referral_at_site"),
                    ("referral_late", "referral_late"),
                    ("approval_asked", "approval_asked"),
                    ("approval_given", "approval_given"),
                    ("approval_refused", "approval_refused"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="noticechoice",
            name="event",
            field=models.CharField(
                choices=[
                    ("offer_made", "offer_made"),
                    ("offer_reminder", "offer_reminder"),
                    ("offer_taken", "offer_taken"),
                    ("offer_withdrawn", "offer_withdrawn"),
                    ("offer_answered", "offer_answered"),
                    ("offer_question", "offer_question"),
                    ("offer_confirmed", "offer_confirmed"),
                    ("offers_lapsed", "offers_lapsed"),
                    ("edition_published", "edition_published"),
                    ("load_said", "load_said"),
                    ("talk_written", "talk_written"),
                    ("talk_agreed", "talk_agreed"),
                    ("talk_follow_up", "talk_follow_up"),
                    ("talk_escalated", "talk_escalated"),
                    ("overload", "overload"),
                    ("leave_told", "leave_told"),
                    ("hours_offered", "hours_offered"),
                    ("hours_answered", "hours_answered"),
                    ("referral_at_site", "referral_at_site"),
                    ("referral_late", "referral_late"),
                    ("approval_asked", "approval_asked"),
                    ("approval_given", "approval_given"),
                    ("approval_refused", "approval_refused"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="allotment",
            constraint=models.CheckConstraint(
                condition=models.Q(("funding__in", ["funded", "asked", "approved", "refused"])), name="funding_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="allotment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("funding", "refused"), _negated=True),
                    models.Q(
                        ("refused_at__isnull", False), ("refused_by__isnull", False), models.Q(("refused_because", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="refusal_says_who_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "event__in",
                        [
                            "offer_made",
                            "offer_reminder",
                            "offer_taken",
                            "offer_withdrawn",
                            "offer_answered",
                            "offer_question",
                            "offer_confirmed",
                            "offers_lapsed",
                            "edition_published",
                            "load_said",
                            "talk_written",
                            "talk_agreed",
                            "talk_follow_up",
                            "talk_escalated",
                            "overload",
                            "leave_told",
                            "hours_offered",
                            "hours_answered",
                            "referral_at_site",
                            "referral_late",
                            "approval_asked",
                            "approval_given",
                            "approval_refused",
                        ],
                    )
                ),
                name="notice_event_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticechoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "event__in",
                        [
                            "offer_made",
                            "offer_reminder",
                            "offer_taken",
                            "offer_withdrawn",
                            "offer_answered",
                            "offer_question",
                            "offer_confirmed",
                            "offers_lapsed",
                            "edition_published",
                            "load_said",
                            "talk_written",
                            "talk_agreed",
                            "talk_follow_up",
                            "talk_escalated",
                            "overload",
                            "leave_told",
                            "hours_offered",
                            "hours_answered",
                            "referral_at_site",
                            "referral_late",
                            "approval_asked",
                            "approval_given",
                            "approval_refused",
                        ],
                    )
                ),
                name="choice_event_known",
            ),
        ),
    ]
