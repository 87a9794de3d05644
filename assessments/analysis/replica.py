"""Where analysis reads: a replica of the database, if there is one, so that takers never wait.

A replica is a moment behind. Whoever reads from it decides nothing by what it says, and writes
go to the one database that takers use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

REPLICA = "analysis"

_alias: ContextVar[str] = ContextVar("analysis_alias", default=DEFAULT_DB_ALIAS)


@contextmanager
def on_replica() -> Iterator[None]:
    """What is read inside comes from the replica; without ANALYSIS_DATABASE_URL, as ever."""
    token = _alias.set(REPLICA if REPLICA in settings.DATABASES else DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _alias.reset(token)


def reading_connection() -> BaseDatabaseWrapper:
    """The connection that reads go to here and now."""
    return connections[_alias.get()]


class ReplicaRouter:
    """Django asks it for each query; it never lets a write or a migration go to the replica."""

    def db_for_read(self, model: type, **hints: Any) -> str:
        """By where the code is, never by where an object came from."""
        return _alias.get()

    def db_for_write(self, model: type, **hints: Any) -> str:
        """The one that takers use, even for an object that was read from the replica."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: object, other: object, **hints: Any) -> bool:
        """The two hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A replica follows by itself."""
        return db == DEFAULT_DB_ALIAS
