"""A database of a test's own, with processes that work on it, backups and restores."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.live import fresh_database
from tests.privacy.rows import Rows

ROOT = Path(__file__).resolve().parent.parent.parent
SET_UP = "import django; django.setup()\n"


class OwnDatabase:
    """Python code runs on it in a process of its own; its rows are read from outside."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        self.erasures_file = folder / "erasures.jsonl"
        self._environ = {
            **os.environ,
            "DATABASE_URL": url,
            "ERASURES_FILE": str(self.erasures_file),
            "PYTHONPATH": str(ROOT),
        }

    def run(self, code: str, *, killed: bool = False) -> str:
        """What the code prints; it must end well, or be killed if that is what is wanted."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SET_UP + code],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            text=True,
        )
        wanted = -signal.SIGKILL if killed else 0
        assert done.returncode == wanted, done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """What a command prints."""
        call = f"from django.core.management import call_command\ncall_command(*{arguments!r})"
        return self.run(call)

    # --- Backups --------------------------------------------------------------------------------

    def back_up(self, name: str) -> None:
        """Keep the database as it is now."""
        if self._file:
            with sqlite3.connect(self._file) as source:
                copy = sqlite3.connect(self._folder / name)
                source.backup(copy)
                copy.close()
            source.close()
        else:
            self._server(f"CREATE DATABASE {self._name(name)} TEMPLATE {self._name()}")

    def restore(self, name: str) -> None:
        """Put a backup in the place of the database."""
        if self._file:
            for end in ("", "-wal", "-shm"):
                Path(f"{self._file}{end}").unlink(missing_ok=True)
            shutil.copy(self._folder / name, self._file)
        else:
            self._server(f"DROP DATABASE {self._name()} WITH (FORCE)")
            self._server(f"CREATE DATABASE {self._name()} TEMPLATE {self._name(name)}")

    def drop_backup(self, name: str) -> None:
        """Leave nothing behind on a server that others use too."""
        if not self._file:
            self._server(f"DROP DATABASE IF EXISTS {self._name(name)} WITH (FORCE)")

    @property
    def _file(self) -> Path | None:
        return Path(urlsplit(self._url).path) if self._url.startswith("sqlite") else None

    def _name(self, backup: str = "") -> str:
        return f"{urlsplit(self._url).path[1:]}{backup and '_'}{backup}"

    def _server(self, statement: str) -> None:
        maintenance = urlunsplit(urlsplit(self._url)._replace(path="/postgres"))
        with psycopg.connect(maintenance, autocommit=True) as server:
            server.execute(sql.SQL(statement))

    # --- What it holds --------------------------------------------------------------------------

    def rows(self) -> Rows:
        """All rows of all tables, as text."""
        with self._tables() as (names, rows_of):
            return {name: Counter(map(str, rows_of(name))) for name in names}

    @contextmanager
    def _tables(self) -> Iterator[tuple[list[str], Callable[[str], list[Any]]]]:
        ours = sqlite3.connect(self._file) if self._file else psycopg.connect(self._url)
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            if self._file
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        try:
            found = [name for (name,) in ours.execute(names).fetchall()]
            # The names come from the database itself.
            yield found, lambda name: ours.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
        finally:
            ours.close()

    def raw_bytes(self) -> bytes | None:
        """The file as it lies on the disk, freed pages given back; None for a server."""
        if not self._file:
            return None
        ours = sqlite3.connect(self._file)
        ours.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ours.execute("VACUUM")
        ours.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ours.close()
        return self._file.read_bytes()


@contextmanager
def own_database(folder: Path) -> Iterator[OwnDatabase]:
    """An empty database of the kind that the tests run on."""
    with fresh_database(folder, like=os.environ["DATABASE_URL"]) as url:
        yield OwnDatabase(folder, url)
