"""The consent ledger and the access log say tomorrow what they said today, on both databases.

A line of the ledger never changes, and goes only after the erasure of the client it speaks of
is on record (`ConsentEvent`). A line of the access log never changes what it says; erasing a
person may empty the reference to them.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = {
    "ledger_never_changes": """
        CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON assessments_consentevent
        BEGIN SELECT RAISE(ABORT, 'the consent ledger never changes'); END
    """,
    "ledger_outlives_the_account": """
        CREATE TRIGGER ledger_outlives_the_account BEFORE DELETE ON assessments_consentevent
        WHEN NOT EXISTS (SELECT 1 FROM assessments_consentevent
                         WHERE client_ref = OLD.client_ref AND deed = 'erased')
        BEGIN SELECT RAISE(ABORT, 'the consent ledger outlives the account'); END
    """,
    "access_log_never_changes": """
        CREATE TRIGGER access_log_never_changes BEFORE UPDATE ON assessments_accessevent
        WHEN NEW.look IS NOT OLD.look OR NEW.at IS NOT OLD.at
            OR (NEW.client_id IS NOT NULL AND NEW.client_id IS NOT OLD.client_id)
            OR (NEW.reader_id IS NOT NULL AND NEW.reader_id IS NOT OLD.reader_id)
            OR (NEW.attempt_id IS NOT NULL AND NEW.attempt_id IS NOT OLD.attempt_id)
        BEGIN SELECT RAISE(ABORT, 'the access log never changes'); END
    """,
}

POSTGRESQL = """
    CREATE FUNCTION assessments_ledger_outlives() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM assessments_consentevent
            WHERE client_ref = OLD.client_ref AND deed = 'erased';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the consent ledger outlives the account'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END $$;

    CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON assessments_consentevent
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('the consent ledger never changes');
    CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON assessments_consentevent
        FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse('the consent ledger never goes');
    CREATE TRIGGER ledger_outlives_the_account BEFORE DELETE ON assessments_consentevent
        FOR EACH ROW EXECUTE FUNCTION assessments_ledger_outlives();
    CREATE TRIGGER access_log_never_changes BEFORE UPDATE ON assessments_accessevent
        FOR EACH ROW WHEN (
            NEW.look IS DISTINCT FROM OLD.look OR NEW.at IS DISTINCT FROM OLD.at
            OR (NEW.client_id IS NOT NULL AND NEW.client_id IS DISTINCT FROM OLD.client_id)
            OR (NEW.reader_id IS NOT NULL AND NEW.reader_id IS DISTINCT FROM OLD.reader_id)
            OR (NEW.attempt_id IS NOT NULL AND NEW.attempt_id IS DISTINCT FROM OLD.attempt_id)
        ) EXECUTE FUNCTION assessments_refuse('the access log never changes');
"""

POSTGRESQL_BACK = """
    DROP TRIGGER access_log_never_changes ON assessments_accessevent;
    DROP TRIGGER ledger_outlives_the_account ON assessments_consentevent;
    DROP TRIGGER ledger_never_emptied ON assessments_consentevent;
    DROP TRIGGER ledger_never_changes ON assessments_consentevent;
    DROP FUNCTION assessments_ledger_outlives();
"""


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
    dependencies = [("assessments", "0005_sharing")]
    operations = [migrations.RunPython(lock, unlock)]
