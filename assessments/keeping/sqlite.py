"""A SQLite database as a file: copied while it is used, checked, and put in its place."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from assessments.errors import DomainError

MAGIC = b"SQLite format 3\0"
LOCK_SECONDS = 60
# Beside a database in use. One that outlived its database would be read into another.
COMPANIONS = ("-wal", "-shm", "-journal")


def copy_online(database: Path, into: Path) -> None:
    """Copy a database as it is at one moment, while others read and write."""
    if not database.exists():
        raise DomainError(f"There is no database {database} to back up.")
    with _told(f"{database} could not be copied"):
        with _opened(database) as source, _opened(into) as copy:
            # All pages in one step: between steps, each write of another process would make
            # SQLite begin anew, and under load it would never end. Writers do not wait: what
            # they write goes to the log.
            source.backup(copy, pages=-1)
        check(into)


def check(file: Path) -> None:
    """Raise `DomainError` unless it is a whole database of this site; leaves one plain file."""
    with _opened(file) as database:
        # A copy says of itself that it has a log beside it. It is to be all there is.
        database.execute("PRAGMA journal_mode = DELETE")
        found = [line for (line,) in database.execute("PRAGMA integrity_check").fetchall()]
        if found != ["ok"]:
            raise DomainError(f"{file.name} is damaged: {'; '.join(found)}")
        if "assessments_edition" not in _tables(database):
            raise DomainError(f"{file.name} is a SQLite database, but not one of this site.")


def place(backup: Path, part: Path) -> None:
    """Copy a backup and check the copy; the backup stays as it is."""
    with _told(f"{backup} could not be restored"):
        shutil.copyfile(backup, part)
        check(part)


def require_empty(database: Path) -> None:
    """Raise `DomainError` unless nothing is where the database is to be."""
    for end in COMPANIONS:
        left = database.with_name(database.name + end)
        if left.exists() and not database.exists():
            raise DomainError(
                f"{left} is left of a database that was there, and would be read into the "
                "restored one. Move it away."
            )
    if not database.exists():
        return
    with _told(f"{database} could not be read"), _opened(database) as there:
        if _tables(there):
            raise DomainError(
                f"{database} is not empty. Stop the site, move the file away together with those "
                "beside it that end in -wal and -shm, and restore again."
            )


def _tables(database: sqlite3.Connection) -> set[str]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in names}


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    # rw: a database that is not there is not made.
    address = f"file:{quote(str(file.resolve()))}?mode=rw"
    with contextlib.closing(
        sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    ) as database:
        yield database


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DomainError(f"{what}: {error}.") from error
