"""Everything from one database into another, of the same kind or not."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from typing import Any

import environ
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from assessments.analysis.models import Turn
from assessments.analysis.reading import one_moment
from assessments.errors import DomainError
from assessments.keeping.contents import (
    CHUNK,
    Contents,
    Row,
    Tally,
    columns_of,
    contents,
    rows_of,
    stored_models,
)

TARGET = "copy_target"


def copy_everything(*, target_url: str) -> Contents:
    """Fill the database at the address with all that the configured one holds; what that is.

    It is read as of one moment, and written in one transaction, which is committed only if what
    stands there then has the digest of what was read. The target is migrated first; it must
    hold nothing but what migrations put in. Raises `DomainError`; then it still does.
    """
    _require_migrated(DEFAULT_DB_ALIAS, "The configured database")
    _connect(target_url)
    try:
        _require_another()
        _migrate(target_url)
        _require_migrated(TARGET, "The target")
        with one_moment(), transaction.atomic(using=TARGET):
            return _fill()
    except Error as error:
        raise DomainError(f"The database said: {error}") from error
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.settings[TARGET]


def _fill() -> Contents:
    target = connections[TARGET]
    _require_empty()
    models = stored_models()
    with triggers_off(target, models):
        for model in from_migrations():
            model._base_manager.using(TARGET)._raw_delete(TARGET)
        source = Contents({model._meta.db_table: _copy(model, target) for model in models})
        # Before the triggers come back: PostgreSQL refuses to while references wait for their
        # check.
        target.check_constraints()
    for statement in target.ops.sequence_reset_sql(no_style(), models):
        with target.cursor() as cursor:
            cursor.execute(statement)
    if different := source.differences(contents(TARGET)):
        raise DomainError(f"The copy is not equal, so nothing was kept. {', '.join(different)}")
    return source


def _copy(model: type[Model], target: BaseDatabaseWrapper) -> Tally:
    fields = columns_of(model)
    quote = target.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join("%s" for _field in fields)
    table = quote(model._meta.db_table)
    insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    tally = Tally()
    with target.cursor() as cursor:
        for chunk in _chunks(rows_of(model, DEFAULT_DB_ALIAS)):
            for row in chunk:
                tally.add(row)
            cursor.executemany(
                insert,
                [
                    [
                        field.get_db_prep_save(value, target)
                        for field, value in zip(fields, row, strict=True)
                    ]
                    for row in chunk
                ],
            )
    return tally


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


# --- Before -------------------------------------------------------------------------------------


def _connect(url: str) -> None:
    try:
        config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except (KeyError, ValueError) as error:
        raise DomainError("The target is not the address of a database.") from error
    if config.get("ENGINE") not in {
        "django.db.backends.sqlite3",
        "django.db.backends.postgresql",
    }:
        raise DomainError("The target is not the address of a SQLite or PostgreSQL database.")
    connections.settings[TARGET] = connections.configure_settings({DEFAULT_DB_ALIAS: config})[
        DEFAULT_DB_ALIAS
    ]


def _require_another() -> None:
    place = itemgetter("ENGINE", "HOST", "PORT", "NAME")
    ours, theirs = connections[DEFAULT_DB_ALIAS], connections[TARGET]
    if place(ours.settings_dict) == place(theirs.settings_dict):
        raise DomainError("The target is the configured database itself.")


def _migrate(url: str) -> None:
    """Migrate the target, in a process to which it is the configured database.

    Migrations that move rows speak to that one, whichever they are told to migrate.
    """
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0"],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise DomainError(f"The target could not be migrated: {last[0]}")


def _require_migrated(alias: str, name: str) -> None:
    executor = MigrationExecutor(connections[alias])
    known = set(executor.loader.graph.nodes)
    applied = set(executor.loader.applied_migrations)
    if missing := sorted(known - applied):
        raise DomainError(f"{name} lacks the migration {'.'.join(missing[0])}. Run migrate.")
    if unknown := sorted(one for one in applied - known if one[0] in apps.app_configs):
        raise DomainError(
            f"{name} has the migration {'.'.join(unknown[0])}, which is unknown here: it is of a "
            "newer release."
        )


def from_migrations() -> list[type[Model]]:
    """What migrations put into an empty database, those that name others first."""
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    content_type = apps.get_model("contenttypes", "ContentType")
    return [group.permissions.through, group, permission, content_type, Turn]


def _require_empty() -> None:
    for model in stored_models():
        if model not in from_migrations() and model._base_manager.using(TARGET).exists():
            raise DomainError(
                f"The target is not empty: there are rows in {model._meta.db_table}. Name an "
                "empty database."
            )


# --- Triggers -----------------------------------------------------------------------------------


@contextmanager
def triggers_off(target: BaseDatabaseWrapper, models: list[type[Model]]) -> Iterator[None]:
    """What the database refuses of people it would refuse of a copy: a finished attempt's answers.

    Off for this transaction alone, which nobody else sees.
    """
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            tables = [target.ops.quote_name(model._meta.db_table) for model in models]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _statement in triggers:
            cursor.execute(f"DROP TRIGGER {target.ops.quote_name(name)}")
        yield
        for _name, statement in triggers:
            cursor.execute(statement)
