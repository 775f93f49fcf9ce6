"""Every table, with its constraints."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=150, unique=True)),
                ("full_name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(choices=[("en", "en"), ("fr", "fr")], default="en", max_length=2)),
                ("is_active", models.BooleanField(default=True)),
                ("must_change_password", models.BooleanField(default=False)),
                ("compact_rows", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("session_round", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("language__in", ["en", "fr"])), name="account_language_known")],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("account_id", models.BigIntegerField(blank=True, null=True)),
                ("account_name", models.CharField(blank=True, max_length=200)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("action", models.CharField(max_length=60)),
                ("program_id", models.BigIntegerField(blank=True, null=True)),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.CharField(blank=True, max_length=210)),
                ("client_ids", models.JSONField(blank=True, default=list)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("request_id", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["program_id", "number"], name="journal_by_program")],
                "constraints": [models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="journal_numbers_from_1")],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=200)),
                ("name_fr", models.CharField(blank=True, max_length=200)),
                ("time_zone", models.CharField(default="America/Toronto", max_length=50)),
                ("is_example", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="organisation_is_one")],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name_en", models.CharField(max_length=200)),
                ("name_fr", models.CharField(blank=True, max_length=200)),
                (
                    "setting",
                    models.CharField(
                        choices=[("clinic", "clinic"), ("community", "community"), ("school", "school"), ("hospital", "hospital")],
                        max_length=20,
                    ),
                ),
                ("period_start", models.DateField()),
                ("period_weeks", models.PositiveSmallIntegerField()),
                ("as_of", models.DateField(blank=True, null=True)),
                ("contracted_visits", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("fte_weekly_hours", models.DecimalField(decimal_places=2, default=37.5, max_digits=5)),
                ("reserve_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("block_hours", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ("other_disciplines", models.JSONField(blank=True, default=list)),
                ("speed_kmh", models.DecimalField(decimal_places=2, default=40, max_digits=5)),
                ("detour_factor", models.DecimalField(decimal_places=2, default=1.3, max_digits=4)),
                ("facts_version", models.PositiveIntegerField(default=0)),
                ("is_example", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("setting__in", ["clinic", "community", "school", "hospital"])), name="program_setting_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("period_weeks__gte", 1)), name="program_has_weeks"),
                    models.CheckConstraint(
                        condition=models.Q(("reserve_percent__gte", 0), ("reserve_percent__lt", 100)), name="program_reserve_below_100"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("detour_factor__gte", 1), ("speed_kmh__gt", 0)), name="program_drives_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contracted_visits__gte", 0), ("contracted_visits__isnull", True), _connector="OR"),
                            models.Q(("block_hours__gte", 0), ("block_hours__isnull", True), _connector="OR"),
                        ),
                        name="program_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("disciplines", models.JSONField(default=list)),
                ("engagement", models.CharField(choices=[("employee", "employee"), ("independent", "independent")], max_length=20)),
                ("weekly_hours", models.DecimalField(decimal_places=2, max_digits=5)),
                ("max_hours", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("comfortable_min_percent", models.DecimalField(decimal_places=2, default=70, max_digits=5)),
                ("comfortable_max_percent", models.DecimalField(decimal_places=2, default=95, max_digits=5)),
                ("skills", models.JSONField(blank=True, default=list)),
                ("interests", models.JSONField(blank=True, default=list)),
                ("years_experience", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("base_postal", models.CharField(blank=True, max_length=10)),
                ("base_lat", models.DecimalField(blank=True, decimal_places=15, max_digits=18, null=True)),
                ("base_lon", models.DecimalField(blank=True, decimal_places=15, max_digits=18, null=True)),
                ("longest_drive_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("max_sites_per_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("accepts_new", models.BooleanField(default=True)),
                ("team", models.CharField(blank=True, max_length=200)),
                ("area", models.CharField(blank=True, max_length=200)),
                ("from_date", models.DateField(blank=True, null=True)),
                ("to_date", models.DateField(blank=True, null=True)),
                ("days", models.JSONField(blank=True, default=list)),
                ("evenings", models.BooleanField(blank=True, null=True)),
                (
                    "feedback",
                    models.CharField(
                        blank=True, choices=[("too_high", "too_high"), ("right", "right"), ("too_low", "too_low")], max_length=10
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="practitioners",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="practitioners", to="records.program"),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlanRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("cancel_asked", models.BooleanField(default=False)),
                ("seed", models.PositiveIntegerField(default=0)),
                ("max_moves", models.PositiveIntegerField(blank=True, null=True)),
                ("effort_per_unit", models.PositiveIntegerField(default=2000)),
                ("kept_pins", models.JSONField(blank=True, default=list)),
                ("kept_bans", models.JSONField(blank=True, default=list)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("beat_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("progress_percent", models.PositiveSmallIntegerField(default=0)),
                ("gap_percent", models.FloatField(blank=True, null=True)),
                ("stage", models.CharField(blank=True, max_length=40)),
                ("problems", models.JSONField(blank=True, default=list)),
                ("case_digest", models.CharField(blank=True, max_length=80)),
                ("facts_version", models.PositiveIntegerField(default=0)),
                ("facts_json", models.TextField(blank=True)),
                ("plan_json", models.TextField(blank=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="plan_runs", to="records.program")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("previewed", "previewed"), ("imported", "imported"), ("refused", "refused"), ("discarded", "discarded")],
                        default="previewed",
                        max_length=10,
                    ),
                ),
                ("content", models.BinaryField(blank=True)),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("problems", models.JSONField(blank=True, default=list)),
                ("counts", models.JSONField(blank=True, default=dict)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "program",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="records.program"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GoalPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "goal",
                    models.CharField(
                        choices=[
                            ("travel", "travel"),
                            ("continuity_unit", "continuity_unit"),
                            ("continuity_hour", "continuity_hour"),
                            ("language", "language"),
                            ("skills", "skills"),
                            ("experience", "experience"),
                            ("interests", "interests"),
                            ("team", "team"),
                            ("too_little", "too_little"),
                            ("balance_near", "balance_near"),
                            ("balance_far", "balance_far"),
                            ("dear", "dear"),
                            ("overload", "overload"),
                            ("split", "split"),
                            ("site_visits", "site_visits"),
                            ("balance_clients", "balance_clients"),
                            ("balance_travel", "balance_travel"),
                            ("site_sharing", "site_sharing"),
                            ("waiting_client", "waiting_client"),
                            ("waiting_hour", "waiting_hour"),
                            ("waiting_priority_1", "waiting_priority_1"),
                            ("waiting_priority_2", "waiting_priority_2"),
                            ("waiting_priority_3", "waiting_priority_3"),
                            ("waiting_priority_4", "waiting_priority_4"),
                            ("waiting_french", "waiting_french"),
                            ("waiting_current", "waiting_current"),
                        ],
                        max_length=40,
                    ),
                ),
                ("price", models.DecimalField(decimal_places=4, max_digits=9)),
                (
                    "program",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="goal_prices", to="records.program"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("effective_on", models.DateField()),
                ("published_at", models.DateTimeField()),
                ("code", models.CharField(max_length=12, unique=True)),
                ("is_current", models.BooleanField(default=True)),
                ("case_digest", models.CharField(blank=True, max_length=80)),
                ("waiting_units", models.PositiveIntegerField(default=0)),
                ("french_exceptions", models.PositiveIntegerField(default=0)),
                ("changed_rows", models.PositiveIntegerField(default=0)),
                (
                    "published_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "plan_run",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="editions", to="records.planrun"
                    ),
                ),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="records.program")),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=200)),
                (
                    "basis",
                    models.CharField(
                        choices=[("hours_per_period", "hours_per_period"), ("hours_per_week", "hours_per_week"), ("percent", "percent")],
                        max_length=20,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=3, max_digits=8)),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="records.program")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "plan_run",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="drafts", to="records.planrun"
                    ),
                ),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="records.program")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headings_hash", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("remembered_at", models.DateTimeField()),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="column_mappings",
                        to="records.program",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("initials", models.CharField(max_length=6)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("language_asked_on", models.DateField(blank=True, null=True)),
                ("language_asked_by", models.CharField(blank=True, max_length=200)),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="clients", to="records.program")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=200)),
                ("days", models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                ("hours", models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="records.program")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "edition",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="publication", to="records.edition"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReadReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="read_receipts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="read_receipts", to="records.edition"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("discipline", models.CharField(max_length=20)),
                ("priority", models.PositiveSmallIntegerField(default=3)),
                ("received_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "received"), ("waiting", "waiting"), ("assigned", "assigned"), ("closed", "closed")],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="referrals", to="records.client")),
            ],
            options={
                "ordering": ["received_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Allotment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("authorised_visits", models.PositiveIntegerField()),
                ("used_visits", models.PositiveIntegerField(default=0)),
                ("starts_on", models.DateField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                (
                    "referral",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="allotments", to="records.referral"),
                ),
            ],
            options={
                "ordering": ["starts_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="RoleOfAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("director", "director"),
                            ("program_manager", "program_manager"),
                            ("administrative", "administrative"),
                            ("practitioner", "practitioner"),
                            ("privacy_officer", "privacy_officer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="roles", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="records.program"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("name_fr", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("school", "school"),
                            ("retirement_home", "retirement_home"),
                            ("clinic", "clinic"),
                            ("hospital", "hospital"),
                            ("area", "area"),
                        ],
                        max_length=20,
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=200)),
                ("team", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("town", models.CharField(blank=True, max_length=200)),
                ("postal", models.CharField(blank=True, max_length=10)),
                ("lat", models.DecimalField(blank=True, decimal_places=15, max_digits=18, null=True)),
                ("lon", models.DecimalField(blank=True, decimal_places=15, max_digits=18, null=True)),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sites", to="records.program")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="referral",
            name="site",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="referrals", to="records.site"
            ),
        ),
        migrations.CreateModel(
            name="TimeStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=200)),
                ("discipline", models.CharField(max_length=20)),
                ("label_en", models.CharField(max_length=200)),
                ("label_fr", models.CharField(blank=True, max_length=200)),
                ("visits", models.DecimalField(decimal_places=4, max_digits=10)),
                ("direct_minutes", models.DecimalField(decimal_places=4, max_digits=10)),
                ("indirect_minutes", models.DecimalField(decimal_places=4, default=0, max_digits=10)),
                ("travel_minutes", models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True)),
                ("episode_minutes", models.DecimalField(decimal_places=4, default=0, max_digits=10)),
                ("group_size", models.PositiveSmallIntegerField(default=1)),
                ("no_show_rate", models.DecimalField(blank=True, decimal_places=5, max_digits=6, null=True)),
                ("no_show_minutes", models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True)),
                ("experience_years", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("judgement_weight", models.DecimalField(decimal_places=2, default=10, max_digits=8)),
                ("source", models.CharField(blank=True, max_length=2000)),
                (
                    "program",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="time_standards", to="records.program"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=[("site", "site"), ("area", "area"), ("client", "client")], max_length=10)),
                ("discipline", models.CharField(max_length=20)),
                ("clients", models.PositiveIntegerField(default=1)),
                ("visits_allotted", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("visits_used", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("visits_per_week", models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True)),
                ("language", models.CharField(blank=True, max_length=10)),
                (
                    "language_need",
                    models.CharField(choices=[("required", "required"), ("preferred", "preferred")], default="preferred", max_length=10),
                ),
                ("skills_required", models.JSONField(blank=True, default=list)),
                ("skills_preferred", models.JSONField(blank=True, default=list)),
                ("priority", models.PositiveSmallIntegerField(default=3)),
                ("waiting_since", models.DateField(blank=True, null=True)),
                ("pinned", models.BooleanField(default=False)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("together", models.CharField(blank=True, max_length=200)),
                ("days", models.JSONField(blank=True, default=list)),
                ("evening", models.BooleanField(default=False)),
                ("from_date", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("postal", models.CharField(blank=True, max_length=10)),
                ("lat", models.DecimalField(blank=True, decimal_places=15, max_digits=18, null=True)),
                ("lon", models.DecimalField(blank=True, decimal_places=15, max_digits=18, null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("barred_practitioners", models.ManyToManyField(blank=True, related_name="barred_from", to="records.practitioner")),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="units", to="records.program")),
                (
                    "site",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="units", to="records.site"
                    ),
                ),
                (
                    "time_standard",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="units", to="records.timestandard"),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddField(
            model_name="referral",
            name="unit",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="referrals", to="records.unit"
            ),
        ),
        migrations.CreateModel(
            name="RecordedVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("direct_minutes", models.DecimalField(decimal_places=2, max_digits=8)),
                ("indirect_minutes", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ("travel_minutes", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                (
                    "outcome",
                    models.CharField(choices=[("done", "done"), ("no_show", "no_show"), ("cancelled", "cancelled")], max_length=10),
                ),
                (
                    "practitioner",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to="records.practitioner"),
                ),
                (
                    "program",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="recorded_visits", to="records.program"),
                ),
                (
                    "time_standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recorded_visits", to="records.timestandard"
                    ),
                ),
                ("unit", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to="records.unit")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DraftPlacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("piece", models.CharField(max_length=210)),
                ("is_pinned", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="records.draft")),
                ("banned", models.ManyToManyField(blank=True, related_name="+", to="records.practitioner")),
                (
                    "cover",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="records.practitioner"
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="records.practitioner",
                    ),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="records.unit")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("piece", models.CharField(max_length=210)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assignments",
                        to="records.edition",
                    ),
                ),
                (
                    "cover",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="covers",
                        to="records.practitioner",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="records.practitioner"),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="records.unit")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DraftChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move", "move"),
                            ("pin", "pin"),
                            ("unpin", "unpin"),
                            ("ban", "ban"),
                            ("unban", "unban"),
                            ("solve", "solve"),
                            ("hand_over", "hand_over"),
                            ("undo", "undo"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("before", models.JSONField(default=list)),
                ("after", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="records.draft")),
                (
                    "undone_by",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="undoes", to="records.draftchange"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["move", "pin", "unpin", "ban", "unban", "solve", "hand_over", "undo"])),
                        name="change_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("piece", models.CharField(max_length=210)),
                ("label", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("site_code", models.CharField(blank=True, max_length=200)),
                ("site_en", models.CharField(blank=True, max_length=200)),
                ("site_fr", models.CharField(blank=True, max_length=200)),
                ("site_kind", models.CharField(blank=True, max_length=20)),
                ("town", models.CharField(blank=True, max_length=200)),
                ("area", models.CharField(blank=True, max_length=200)),
                ("discipline", models.CharField(max_length=20)),
                ("practitioner_code", models.CharField(blank=True, max_length=200)),
                ("practitioner", models.CharField(blank=True, max_length=200)),
                ("cover_code", models.CharField(blank=True, max_length=200)),
                ("cover", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("clients", models.PositiveIntegerField(default=1)),
                ("visits_used", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("visits_left", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("from_date", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("changed", models.CharField(blank=True, max_length=10)),
                ("practitioner_before", models.CharField(blank=True, max_length=200)),
                ("search_text", models.CharField(blank=True, max_length=1000)),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="records.edition")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("edition", "piece"), name="edition_row_once")],
            },
        ),
        migrations.CreateModel(
            name="PractitionerLanguage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                (
                    "level",
                    models.CharField(
                        choices=[("basic", "basic"), ("functional", "functional"), ("fluent", "fluent"), ("native", "native")],
                        max_length=12,
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="languages", to="records.practitioner"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("practitioner", "language"), name="language_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["basic", "functional", "fluent", "native"])), name="language_level_known"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(fields=("program", "code"), name="practitioner_once"),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(condition=models.Q(("engagement__in", ["employee", "independent"])), name="engagement_known"),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(("feedback__in", ["too_high", "right", "too_low", ""])), name="feedback_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekly_hours__gte", 0), ("weekly_hours__lte", 168)), name="practitioner_hours_in_a_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("comfortable_max_percent__lte", 100),
                    ("comfortable_min_percent__gte", 0),
                    ("comfortable_min_percent__lte", models.F("comfortable_max_percent")),
                ),
                name="practitioner_range_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_date__isnull", True), ("to_date__isnull", True), ("from_date__lte", models.F("to_date")), _connector="OR"
                ),
                name="practitioner_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "running", "done", "failed", "cancelled"])), name="run_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="planrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("asked", "running"))), fields=("program",), name="one_open_run_per_program"
            ),
        ),
        migrations.AddConstraint(
            model_name="planrun",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "done"), _negated=True), models.Q(("plan_json", ""), _negated=True), _connector="OR"),
                name="done_run_has_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["previewed", "imported", "refused", "discarded"])), name="import_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="goalprice",
            constraint=models.UniqueConstraint(fields=("program", "goal"), name="goal_price_once"),
        ),
        migrations.AddConstraint(
            model_name="goalprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "goal__in",
                        [
                            "travel",
                            "continuity_unit",
                            "continuity_hour",
                            "language",
                            "skills",
                            "experience",
                            "interests",
                            "team",
                            "too_little",
                            "balance_near",
                            "balance_far",
                            "dear",
                            "overload",
                            "split",
                            "site_visits",
                            "balance_clients",
                            "balance_travel",
                            "site_sharing",
                            "waiting_client",
                            "waiting_hour",
                            "waiting_priority_1",
                            "waiting_priority_2",
                            "waiting_priority_3",
                            "waiting_priority_4",
                            "waiting_french",
                            "waiting_current",
                        ],
                    )
                ),
                name="goal_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="goalprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0), ("price__isnull", True), _connector="OR"), name="goal_price_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("program", "number"), name="edition_number_once"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("program",), name="one_current_edition_per_program"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="edition_numbers_from_1"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["hours_per_period", "hours_per_week", "percent"])), name="duty_basis_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("amount__isnull", True), _connector="OR"), name="duty_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("basis", "percent"), _negated=True), ("amount__lte", 100), _connector="OR"),
                name="duty_percent_to_100",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("program",), name="one_open_draft_per_program"
            ),
        ),
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(fields=("program", "headings_hash"), name="mapping_once_per_list"),
        ),
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(
                condition=models.Q(("program__isnull", True)), fields=("headings_hash",), name="mapping_once_without_program"
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(fields=("program", "code"), name="client_once"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days__isnull", False), ("hours__isnull", True)),
                    models.Q(("days__isnull", True), ("hours__isnull", False)),
                    _connector="OR",
                ),
                name="absence_days_or_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days__gte", 0), ("days__isnull", True), _connector="OR"),
                    models.Q(("hours__gte", 0), ("hours__isnull", True), _connector="OR"),
                ),
                name="absence_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "written", "failed"])), name="publication_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="readreceipt",
            constraint=models.UniqueConstraint(fields=("edition", "account"), name="read_receipt_once"),
        ),
        migrations.AddConstraint(
            model_name="allotment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("authorised_visits__gte", 0), ("authorised_visits__isnull", True), _connector="OR"),
                    models.Q(("used_visits__gte", 0), ("used_visits__isnull", True), _connector="OR"),
                ),
                name="allotment_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="allotment",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__isnull", True), ("expires_on__gte", models.F("starts_on")), _connector="OR"),
                name="allotment_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleofaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["director", "program_manager", "administrative", "practitioner", "privacy_officer"])),
                name="role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleofaccount",
            constraint=models.UniqueConstraint(fields=("account", "role", "program"), name="role_once_per_program"),
        ),
        migrations.AddConstraint(
            model_name="roleofaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("program__isnull", True)), fields=("account", "role"), name="role_once_in_the_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="roleofaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("program__isnull", True), ("role__in", ["director", "privacy_officer"])),
                    models.Q(("role__in", ["director", "privacy_officer"]), _negated=True),
                    _connector="OR",
                ),
                name="organisation_roles_have_no_program",
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("program", "code"), name="site_once"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["school", "retirement_home", "clinic", "hospital", "area"])), name="site_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="timestandard",
            constraint=models.UniqueConstraint(fields=("program", "code"), name="time_standard_once"),
        ),
        migrations.AddConstraint(
            model_name="timestandard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("visits__gte", 0), ("visits__isnull", True), _connector="OR"),
                    models.Q(("direct_minutes__gte", 0), ("direct_minutes__isnull", True), _connector="OR"),
                    models.Q(("indirect_minutes__gte", 0), ("indirect_minutes__isnull", True), _connector="OR"),
                    models.Q(("travel_minutes__gte", 0), ("travel_minutes__isnull", True), _connector="OR"),
                    models.Q(("episode_minutes__gte", 0), ("episode_minutes__isnull", True), _connector="OR"),
                ),
                name="time_standard_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="timestandard",
            constraint=models.CheckConstraint(condition=models.Q(("group_size__gte", 1)), name="time_standard_group_of_one_or_more"),
        ),
        migrations.AddConstraint(
            model_name="timestandard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("no_show_rate__isnull", True), models.Q(("no_show_rate__gte", 0), ("no_show_rate__lt", 1)), _connector="OR"
                ),
                name="time_standard_rate_below_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("program", "code"), name="unit_once"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["site", "area", "client"])), name="unit_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("language_need__in", ["required", "preferred"])), name="language_need_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(condition=models.Q(("priority__in", [1, 2, 3, 4])), name="priority_known"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "client"), ("site__isnull", False), ("kind", "area"), _connector="OR"),
                name="site_unit_has_a_site",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("visits_allotted__gte", 0), ("visits_allotted__isnull", True), _connector="OR"),
                    models.Q(("visits_used__gte", 0), ("visits_used__isnull", True), _connector="OR"),
                    models.Q(("visits_per_week__gte", 0), ("visits_per_week__isnull", True), _connector="OR"),
                ),
                name="unit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["received", "waiting", "assigned", "closed"])), name="referral_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(condition=models.Q(("priority__in", [1, 2, 3, 4])), name="referral_priority_known"),
        ),
        migrations.AddConstraint(
            model_name="recordedvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["done", "no_show", "cancelled"])), name="visit_outcome_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="recordedvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direct_minutes__gte", 0), ("direct_minutes__isnull", True), _connector="OR"),
                    models.Q(("indirect_minutes__gte", 0), ("indirect_minutes__isnull", True), _connector="OR"),
                    models.Q(("travel_minutes__gte", 0), ("travel_minutes__isnull", True), _connector="OR"),
                ),
                name="visit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftplacement",
            constraint=models.UniqueConstraint(fields=("draft", "piece"), name="placement_once_per_draft"),
        ),
        migrations.AddConstraint(
            model_name="draftplacement",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_pinned", False), ("practitioner__isnull", False), _connector="OR"), name="pin_has_a_practitioner"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)), fields=("unit", "piece"), name="one_open_assignment_per_piece"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("starts_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="assignment_ends_after_start",
            ),
        ),
    ]
