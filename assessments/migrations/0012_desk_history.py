"""The history of a desk says tomorrow what it said today, on both databases.

A line never changes and never goes; erasing a person may empty the reference to them. On SQLite,
`INSERT OR REPLACE` takes a row's place without a word to the triggers for deletion, so that it is
refused for itself, and for editions too.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Every column but the reference to a person.
KEPT = ("id", "questionnaire_id", "deed", "note", "differences", "parts", "at")


def _changes(operator: str) -> str:
    kept = " OR ".join(f"NEW.{column} {operator} OLD.{column}" for column in KEPT)
    return f"{kept} OR (NEW.by_id IS NOT NULL AND NEW.by_id {operator} OLD.by_id)"


SQLITE = {
    "desk_history_never_changes": f"""
        CREATE TRIGGER desk_history_never_changes BEFORE UPDATE ON assessments_deskchange
        WHEN {_changes("IS NOT")}
        BEGIN SELECT RAISE(ABORT, 'the history of a desk never changes'); END
    """,
    "desk_history_never_goes": """
        CREATE TRIGGER desk_history_never_goes BEFORE DELETE ON assessments_deskchange
        BEGIN SELECT RAISE(ABORT, 'the history of a desk never goes'); END
    """,
    "desk_history_never_replaced": """
        CREATE TRIGGER desk_history_never_replaced BEFORE INSERT ON assessments_deskchange
        WHEN EXISTS (SELECT 1 FROM assessments_deskchange WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the history of a desk never changes'); END
    """,
    "edition_never_replaced": """
        CREATE TRIGGER edition_never_replaced BEFORE INSERT ON assessments_edition
        WHEN EXISTS (SELECT 1 FROM assessments_edition
                     WHERE id = NEW.id OR (questionnaire_id = NEW.questionnaire_id
                                           AND number = NEW.number))
        BEGIN SELECT RAISE(ABORT, 'an edition never changes'); END
    """,
}

POSTGRESQL = f"""
    CREATE TRIGGER desk_history_never_changes BEFORE UPDATE ON assessments_deskchange
        FOR EACH ROW WHEN ({_changes("IS DISTINCT FROM")})
        EXECUTE FUNCTION assessments_refuse('the history of a desk never changes');
    CREATE TRIGGER desk_history_never_goes BEFORE DELETE ON assessments_deskchange
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('the history of a desk never goes');
    CREATE TRIGGER desk_history_never_emptied BEFORE TRUNCATE ON assessments_deskchange
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('the history of a desk never goes');
"""

POSTGRESQL_BACK = """
    DROP TRIGGER desk_history_never_emptied ON assessments_deskchange;
    DROP TRIGGER desk_history_never_goes ON assessments_deskchange;
    DROP TRIGGER desk_history_never_changes ON assessments_deskchange;
"""


def name_parts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of the lines that there are which parts they speak of."""
    for change in apps.get_model("assessments", "DeskChange").objects.all():
        lines = dict.fromkeys(".".join(one["part"]) for one in change.differences)
        change.parts = "".join(f"\n{line}\n" for line in lines)
        change.save(update_fields=["parts"])


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


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_question_analysis")]
    operations = [
        migrations.AddField(
            model_name="deskchange",
            name="parts",
            field=models.TextField(blank=True, default="", verbose_name="parts that changed"),
            preserve_default=False,
        ),
        migrations.RunPython(name_parts, migrations.RunPython.noop),
        migrations.RunPython(lock, unlock),
    ]
