"""Sums for question analysis, calibrations, and two locks more, on both databases.

A calibration never changes and never goes. An attempt that is in the sums is never deleted: it
is taken out of them first.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = {
    "calibration_never_changes": """
        CREATE TRIGGER calibration_never_changes BEFORE UPDATE ON assessments_calibration
        BEGIN SELECT RAISE(ABORT, 'a calibration never changes'); END
    """,
    "calibration_never_goes": """
        CREATE TRIGGER calibration_never_goes BEFORE DELETE ON assessments_calibration
        BEGIN SELECT RAISE(ABORT, 'a calibration is never deleted'); END
    """,
    "counted_attempt_is_taken_out_first": """
        CREATE TRIGGER counted_attempt_is_taken_out_first BEFORE DELETE ON assessments_attempt
        WHEN OLD.counted_as <> ''
        BEGIN SELECT RAISE(ABORT, 'an attempt is taken out of the sums first'); END
    """,
}

POSTGRESQL = """
    CREATE TRIGGER calibration_never_changes BEFORE UPDATE ON assessments_calibration
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('a calibration never changes');
    CREATE TRIGGER calibration_never_goes BEFORE DELETE ON assessments_calibration
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('a calibration is never deleted');
    CREATE TRIGGER calibration_never_emptied BEFORE TRUNCATE ON assessments_calibration
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('a calibration is never deleted');
    CREATE TRIGGER counted_attempt_is_taken_out_first BEFORE DELETE ON assessments_attempt
        FOR EACH ROW WHEN (OLD.counted_as <> '')
        EXECUTE FUNCTION assessments_refuse('an attempt is taken out of the sums first');
"""

POSTGRESQL_BACK = """
    DROP TRIGGER counted_attempt_is_taken_out_first ON assessments_attempt;
    DROP TRIGGER calibration_never_emptied ON assessments_calibration;
    DROP TRIGGER calibration_never_goes ON assessments_calibration;
    DROP TRIGGER calibration_never_changes ON assessments_calibration;
"""

# Plainly, at once on any size of table. On SQLite Django's own way makes the whole table anew, at
# which the triggers of the answers, which look at it, make SQLite stop.
ATTEMPT_COLUMNS = ("counted_as varchar(5)", "left_after varchar(60)")


def lock(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for statement in SQLITE.values():
        schema_editor.execute(statement)


def unlock(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them off again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK, params=None)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


def first_turn(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The one row that all who change sums lock."""
    apps.get_model("assessments", "Turn").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0010_desk_is_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refreshed_at",
                    models.DateTimeField(null=True, verbose_name="last brought up to date at"),
                ),
            ],
            options={
                "verbose_name": "turn at the sums",
                "verbose_name_plural": "turns at the sums",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60, verbose_name="form")),
                ("finished", models.JSONField(default=dict, verbose_name="finished")),
                ("left", models.JSONField(default=dict, verbose_name="left unfinished")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="assessments.edition",
                    ),
                ),
            ],
            options={"verbose_name": "tally", "verbose_name_plural": "tallies"},
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("edition", "form"), name="one_tally_per_form_of_an_edition"
            ),
        ),
        migrations.CreateModel(
            name="Sums",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tally_id",
                        "group",
                        "kind",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "tally",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sums",
                        to="assessments.tally",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("", "not counted"),
                            ("in", "counted"),
                            ("low", "counted as of low quality"),
                            ("again", "not the first of the person"),
                            ("left", "left unfinished"),
                            ("back", "left unfinished, used since"),
                        ],
                        max_length=5,
                        verbose_name="group",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("item", "item"), ("scale", "scale")],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=100, verbose_name="key")),
                ("content", models.JSONField(verbose_name="content")),
            ],
            options={"verbose_name": "sums", "verbose_name_plural": "sums"},
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "document",
                    models.TextField(help_text="Canonical JSON.", verbose_name="document"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="assessments.edition",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={"verbose_name": "calibration", "verbose_name_plural": "calibrations"},
        ),
        migrations.AddConstraint(
            model_name="calibration",
            constraint=models.UniqueConstraint(
                fields=("edition", "number"), name="one_calibration_per_number"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE assessments_attempt ADD COLUMN {column} NOT NULL DEFAULT ''",
                    f"ALTER TABLE assessments_attempt DROP COLUMN {column.split()[0]}",
                )
                for column in ATTEMPT_COLUMNS
            ],
            state_operations=[
                migrations.AddField(
                    model_name="attempt",
                    name="counted_as",
                    field=models.CharField(
                        choices=[
                            ("", "not counted"),
                            ("in", "counted"),
                            ("low", "counted as of low quality"),
                            ("again", "not the first of the person"),
                            ("left", "left unfinished"),
                            ("back", "left unfinished, used since"),
                        ],
                        blank=True,
                        editable=False,
                        max_length=5,
                        verbose_name="counted as",
                    ),
                ),
                migrations.AddField(
                    model_name="attempt",
                    name="left_after",
                    field=models.CharField(
                        blank=True, editable=False, max_length=60, verbose_name="left after"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["counted_as", "finished_at"], name="attempt_to_count"),
        ),
        migrations.RunPython(first_turn, migrations.RunPython.noop),
        migrations.RunPython(lock, unlock),
    ]
