"""Restoring a backup into a database in which there is nothing."""

from pathlib import Path

from django.db import connection

from assessments.errors import DomainError
from assessments.keeping import postgresql, sqlite
from assessments.keeping.files import whole_or_not

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KINDS = {sqlite.MAGIC: "sqlite", postgresql.MAGIC: "postgresql"}
LONGEST_MAGIC = max(map(len, KINDS))


def restore(*, backup: Path) -> None:
    """Put a backup into the configured database. Raises `DomainError`; then nothing changed."""
    kind = kind_of(backup)
    if kind != connection.vendor:
        raise DomainError(
            f"{backup.name} is a backup of {NAMES[kind]}, and DATABASE_URL names a database of "
            f"{NAMES[connection.vendor]}. Restore it into a database of its own kind; then "
            "copy_database moves everything."
        )
    if kind == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        sqlite.require_empty(database)
        with whole_or_not(database) as part:
            sqlite.place(backup, part)
    else:
        postgresql.require_empty()
        postgresql.load(backup)


def kind_of(backup: Path) -> str:
    """The vendor of the database that a file is a backup of, by how it begins."""
    with backup.open("rb") as file:
        beginning = file.read(LONGEST_MAGIC)
    for magic, kind in KINDS.items():
        if beginning.startswith(magic):
            return kind
    raise DomainError(f"{backup.name} is not a backup, neither of SQLite nor of PostgreSQL.")
