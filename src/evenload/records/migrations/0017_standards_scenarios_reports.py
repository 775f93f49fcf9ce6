"""Time standards get versions and judgements, scenarios and schedules of reports are kept, figures of dashboards too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0016_a_client_is_given_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=40)),
                ("stands_for", models.CharField(max_length=200)),
                ("counted_at", models.DateTimeField()),
                ("figures", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="PlanScenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("made_by_name", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("facts_version", models.PositiveIntegerField()),
                ("facts_json", models.TextField()),
                ("changes", models.JSONField(default=list)),
                ("figures", models.JSONField(default=dict)),
                ("share_code", models.CharField(blank=True, default="", max_length=40)),
                ("shared_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReportSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.CharField(
                        choices=[("worksheet", "worksheet"), ("gap_sheet", "gap_sheet"), ("quarter", "quarter")], max_length=12
                    ),
                ),
                ("language", models.CharField(choices=[("en", "en"), ("fr", "fr")], max_length=2)),
                (
                    "cadence",
                    models.CharField(choices=[("weekly", "weekly"), ("monthly", "monthly"), ("quarterly", "quarterly")], max_length=10),
                ),
                ("next_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReportWriting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("written", "written"), ("failed", "failed")], default="waiting", max_length=10
                    ),
                ),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("last_tried_at", models.DateTimeField(blank=True, null=True)),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.CharField(blank=True, max_length=60)),
                ("files", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ["-due_on"],
            },
        ),
        migrations.CreateModel(
            name="StandardJudgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("visits", models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True)),
                ("direct_minutes", models.DecimalField(decimal_places=4, max_digits=10)),
                ("indirect_minutes", models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True)),
                ("travel_minutes", models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True)),
                ("why", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StandardVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("approved", "approved"), ("declined", "declined"), ("withdrawn", "withdrawn")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("says", models.JSONField(default=dict)),
                ("evidence", models.JSONField(default=dict)),
                ("effect", models.JSONField(default=dict)),
                ("why", models.CharField(max_length=1000)),
                ("proposed_by_name", models.CharField(blank=True, max_length=200)),
                ("proposed_at", models.DateTimeField()),
                ("decided_by_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_why", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_event_known",
        ),
        migrations.RemoveConstraint(
            model_name="noticechoice",
            name="choice_event_known",
        ),
        migrations.RemoveConstraint(
            model_name="planrun",
            name="one_open_run_per_program",
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
                    ("give_back_asked", "give_back_asked"),
                    ("standard_drifted", "standard_drifted"),
                    ("standard_proposed", "standard_proposed"),
                    ("standard_decided", "standard_decided"),
                    ("report_written", "report_written"),
                    ("report_failed", "report_failed"),
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
                    ("give_back_asked", "give_back_asked"),
                    ("standard_drifted", "standard_drifted"),
                    ("standard_proposed", "standard_proposed"),
                    ("standard_decided", "standard_decided"),
                    ("report_written", "report_written"),
                    ("report_failed", "report_failed"),
                ],
                max_length=20,
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
                            "give_back_asked",
                            "standard_drifted",
                            "standard_proposed",
                            "standard_decided",
                            "report_written",
                            "report_failed",
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
                            "give_back_asked",
                            "standard_drifted",
                            "standard_proposed",
                            "standard_decided",
                            "report_written",
                            "report_failed",
                        ],
                    )
                ),
                name="choice_event_known",
            ),
        ),
        migrations.AddField(
            model_name="keptfigures",
            name="program",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="kept_figures", to="records.program"
            ),
        ),
        migrations.AddField(
            model_name="planscenario",
            name="copied_from",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="copies", to="records.planscenario"
            ),
        ),
        migrations.AddField(
            model_name="planscenario",
            name="made_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="planscenario",
            name="program",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="scenarios", to="records.program"),
        ),
        migrations.AddField(
            model_name="planrun",
            name="scenario",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="records.planscenario"
            ),
        ),
        migrations.AddConstraint(
            model_name="planrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scenario__isnull", True), ("state__in", ("asked", "running"))),
                fields=("program",),
                name="one_open_run_per_program",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("asked", "running"))), fields=("scenario",), name="one_open_run_per_scenario"
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="made_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="program",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="report_schedules", to="records.program"),
        ),
        migrations.AddField(
            model_name="reportwriting",
            name="schedule",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="writings", to="records.reportschedule"),
        ),
        migrations.AddField(
            model_name="standardjudgement",
            name="by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="standardjudgement",
            name="standard",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="judgements", to="records.timestandard"),
        ),
        migrations.AddField(
            model_name="standardversion",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standardversion",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standardversion",
            name="standard",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="records.timestandard"),
        ),
        migrations.AddConstraint(
            model_name="keptfigures",
            constraint=models.UniqueConstraint(
                condition=models.Q(("program__isnull", False)), fields=("program", "part"), name="kept_figures_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="keptfigures",
            constraint=models.UniqueConstraint(
                condition=models.Q(("program__isnull", True)), fields=("part",), name="kept_figures_of_all_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="planscenario",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("program", "name"), name="scenario_name_once_per_program"
            ),
        ),
        migrations.AddConstraint(
            model_name="planscenario",
            constraint=models.UniqueConstraint(
                condition=models.Q(("share_code", ""), _negated=True), fields=("share_code",), name="scenario_share_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("report__in", ["worksheet", "gap_sheet", "quarter"])), name="report_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(condition=models.Q(("language__in", ["en", "fr"])), name="report_language_known"),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("cadence__in", ["weekly", "monthly", "quarterly"])), name="report_cadence_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("program", "report", "language"), name="one_schedule_per_report"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportwriting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "written", "failed"])), name="report_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportwriting",
            constraint=models.UniqueConstraint(fields=("schedule", "due_on"), name="report_written_once_per_day"),
        ),
        migrations.AddConstraint(
            model_name="standardjudgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("visits__gte", 0), ("visits__isnull", True), _connector="OR"),
                    models.Q(("direct_minutes__gte", 0), ("direct_minutes__isnull", True), _connector="OR"),
                    models.Q(("indirect_minutes__gte", 0), ("indirect_minutes__isnull", True), _connector="OR"),
                    models.Q(("travel_minutes__gte", 0), ("travel_minutes__isnull", True), _connector="OR"),
                ),
                name="judgement_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "approved", "declined", "withdrawn"])), name="standard_version_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="standardversion",
            constraint=models.UniqueConstraint(fields=("standard", "number"), name="standard_version_once"),
        ),
        migrations.AddConstraint(
            model_name="standardversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("standard",), name="one_proposal_per_standard"
            ),
        ),
        migrations.AddConstraint(
            model_name="standardversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True), models.Q(("decided_by_name", ""), _negated=True), _connector="OR"
                ),
                name="approved_by_a_named_person",
            ),
        ),
    ]
