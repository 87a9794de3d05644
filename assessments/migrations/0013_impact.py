"""The last impacts of a desk, and imports until somebody says yes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0012_desk_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImpactRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "desk_digest",
                    models.CharField(max_length=71, verbose_name="digest of the desk"),
                ),
                ("last", models.PositiveIntegerField(verbose_name="results asked for")),
                ("result", models.JSONField(verbose_name="result")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "questionnaire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impact_runs",
                        to="assessments.questionnaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "impact",
                "verbose_name_plural": "impacts",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PendingImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("file_name", models.CharField(max_length=150, verbose_name="file")),
                (
                    "document",
                    models.TextField(help_text="Canonical JSON.", verbose_name="document"),
                ),
                (
                    "faults",
                    models.JSONField(default=list, verbose_name="what stops publishing"),
                ),
                (
                    "desk_state",
                    models.CharField(blank=True, max_length=71, verbose_name="state of the desk"),
                ),
                (
                    "by",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pending import",
                "verbose_name_plural": "pending imports",
            },
        ),
    ]
