"""What a database can suffer while the site runs on it; each ends on leaving."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg

from tests.live import Live
from tests.private_postgres import Cluster


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


@contextlib.contextmanager
def read_only(cluster: Cluster, live: Live) -> Iterator[None]:
    """The server takes no writes, as a standby does; connections that are there see it too."""
    _configure(cluster, "ALTER SYSTEM SET default_transaction_read_only = on")
    yield
    _configure(cluster, "ALTER SYSTEM RESET default_transaction_read_only")


def _configure(cluster: Cluster, statement: LiteralString) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute(statement)
        server.execute("SELECT pg_reload_conf()")
    # The server's processes hear of it one after the other.
    time.sleep(0.5)


@contextlib.contextmanager
def out_of_connections(cluster: Cluster, live: Live) -> Iterator[None]:
    """Others hold every connection that the server gives, and the site has lost its own."""
    with contextlib.ExitStack() as held:
        first = held.enter_context(psycopg.connect(cluster.url("postgres"), autocommit=True))
        name = urlsplit(live.database_url).path.removeprefix("/")
        first.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )
        while True:
            try:
                held.enter_context(psycopg.connect(cluster.url("postgres")))
            except psycopg.OperationalError:
                break
        yield


def cancel_what_waits(cluster: Cluster) -> None:
    """Cancel every statement that waits for a lock; returns once there was one."""
    waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        while not server.execute(waiting).fetchall():
            time.sleep(0.02)
