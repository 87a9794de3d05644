"""What must never happen, the database forbids: three locks, on both databases.

An edition never changes and never goes; a report never changes; a finished attempt takes no
answers. On PostgreSQL the last lock also waits for a finish that is under way: without
`FOR SHARE` an answer could be stored between the scoring and the commit, unseen by the report.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = {
    "edition_never_changes": """
        CREATE TRIGGER edition_never_changes BEFORE UPDATE ON assessments_edition
        BEGIN SELECT RAISE(ABORT, 'an edition never changes'); END
    """,
    "edition_never_goes": """
        CREATE TRIGGER edition_never_goes BEFORE DELETE ON assessments_edition
        BEGIN SELECT RAISE(ABORT, 'an edition is never deleted'); END
    """,
    "report_never_changes": """
        CREATE TRIGGER report_never_changes BEFORE UPDATE ON assessments_report
        BEGIN SELECT RAISE(ABORT, 'a report never changes'); END
    """,
    "finished_attempt_takes_no_new_answer": """
        CREATE TRIGGER finished_attempt_takes_no_new_answer BEFORE INSERT ON assessments_answer
        WHEN EXISTS (SELECT 1 FROM assessments_attempt
                     WHERE id = NEW.attempt_id AND finished_at IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'a finished attempt takes no answers'); END
    """,
    "finished_attempt_changes_no_answer": """
        CREATE TRIGGER finished_attempt_changes_no_answer BEFORE UPDATE ON assessments_answer
        WHEN EXISTS (SELECT 1 FROM assessments_attempt
                     WHERE id = NEW.attempt_id AND finished_at IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'a finished attempt takes no answers'); END
    """,
}

POSTGRESQL = """
    CREATE FUNCTION assessments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation';
    END $$;

    CREATE FUNCTION assessments_refuse_if_finished() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM assessments_attempt
            WHERE id = NEW.attempt_id AND finished_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a finished attempt takes no answers'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;

    CREATE TRIGGER edition_never_changes BEFORE UPDATE ON assessments_edition
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('an edition never changes');
    CREATE TRIGGER edition_never_goes BEFORE DELETE ON assessments_edition
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('an edition is never deleted');
    CREATE TRIGGER edition_never_emptied BEFORE TRUNCATE ON assessments_edition
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('an edition is never deleted');
    CREATE TRIGGER report_never_changes BEFORE UPDATE ON assessments_report
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('a report never changes');
    CREATE TRIGGER finished_attempt_takes_no_answer BEFORE INSERT OR UPDATE ON assessments_answer
        FOR EACH ROW EXECUTE FUNCTION assessments_refuse_if_finished();
"""

POSTGRESQL_BACK = """
    DROP TRIGGER finished_attempt_takes_no_answer ON assessments_answer;
    DROP TRIGGER report_never_changes ON assessments_report;
    DROP TRIGGER edition_never_emptied ON assessments_edition;
    DROP TRIGGER edition_never_goes ON assessments_edition;
    DROP TRIGGER edition_never_changes ON assessments_edition;
    DROP FUNCTION assessments_refuse_if_finished();
    DROP FUNCTION assessments_refuse();
"""


def lock(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on."""
    if schema_editor.connection.vendor == "postgresql":
        # No parameters: a percent sign in it is a percent sign.
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
    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunPython(lock, unlock)]
