"""What a database can suffer while the site runs on it; each ends on leaving."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import psycopg

from tests.live import Live


@contextlib.contextmanager
def locked(live: Live) -> Iterator[None]:
    """Somebody else holds the whole database."""
    if live.database_url.startswith("sqlite"):
        file = live.database_url.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as lite:
            lite.execute("BEGIN EXCLUSIVE")
            yield
            lite.execute("ROLLBACK")
        return
    with psycopg.connect(live.database_url) as postgres:
        postgres.execute("LOCK assessments_attempt, assessments_answer, django_session")
        yield
        postgres.rollback()
