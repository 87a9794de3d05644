"""`prepare`: make the database fit this version of the code. Safe for two at once."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from assessments.privacy.services import reapply_erasures

SHIPPED = Path(__file__).parent.parent.parent / "content"
# Any number that nothing else locks on this database.
TURN = 7_265_317


class Command(BaseCommand):
    help = "Migrate, publish the shipped questionnaires if new, reapply erasures. Safe to repeat."

    def handle(self, **options: Any) -> None:
        with _turn():
            self.stdout.write(_migrate())
            for file in sorted(SHIPPED.glob("*.yaml")):
                self.stdout.write(_publish_if_new(file))
            self.stdout.write(_reapply_erasures())


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """One after the other on PostgreSQL, where two machines may start at once.

    SQLite belongs to one machine, on which one service starts.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # However long the other one takes: it may be a long migration.
        cursor.execute("SET LOCAL lock_timeout = 0")
        # Of the session, so that it outlives this transaction and each of the migrations.
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
    try:
        yield
    finally:
        # A connection that broke has let it go already.
        with contextlib.suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])


def _migrate() -> str:
    executor = MigrationExecutor(connection)
    planned = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", verbosity=0, interactive=False)
    return f"Database: {len(planned)} migration(s) applied."


def _publish_if_new(file: Path) -> str:
    out = io.StringIO()
    # Only the first time: what editors made of it since is theirs.
    call_command("load_questionnaire", str(file), "--publish", "--if-new", stdout=out)
    if not out.getvalue():
        return f"Questionnaire {file.stem}: there already, left as it is."
    edition = json.loads(out.getvalue())["edition"]
    return f"Questionnaire {file.stem}: published as edition {edition}."


def _reapply_erasures() -> str:
    done = reapply_erasures()
    if not done.is_found:
        return (
            f"Erasures: there is no {settings.ERASURES_FILE}, which is right if nothing was ever "
            "erased."
        )
    again = done.accounts + done.attempts + done.desk_rows + done.consents
    torn = f" {len(done.unreadable)} torn line(s) skipped." if done.unreadable else ""
    return f"Erasures: {done.erasures} on file, {again} row(s) erased or ended again.{torn}"
