"""Backups: one dated file each, taken while the site is used."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from assessments.errors import DomainError
from assessments.keeping import postgresql, sqlite
from assessments.keeping.files import PART_PREFIX, PART_SUFFIX, alone_in, whole_or_not

SUFFIXES = {"sqlite": "sqlite3", "postgresql": "pgdump"}
TIME = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"roleassess-(\d{8}T\d{6}Z)\.(?:sqlite3|pgdump)")


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and the older ones that went."""

    file: Path
    deleted: list[Path]


def back_up(*, folder: Path, at: datetime, keep_days: int | None = None) -> Made:
    """Write the database into a new file of the folder; then older backups there may go.

    `keep_days`: those that are older go, by the time in their names; None keeps all. Raises
    `DomainError`; then there is no new file, and nothing went.
    """
    file = folder / f"roleassess-{at.astimezone(UTC):{TIME}}.{SUFFIXES[connection.vendor]}"
    try:
        with alone_in(folder):
            if file.exists():
                raise DomainError(f"{file} is there already.")
            _clear(folder)
            with whole_or_not(file) as part:
                _write(part)
            deleted = [] if keep_days is None else _older(folder, at - timedelta(days=keep_days))
            for old in deleted:
                old.unlink()
    except OSError as error:
        raise DomainError(f"{error.filename or folder}: {error.strerror}.") from error
    return Made(file, deleted)


def _write(part: Path) -> None:
    if connection.vendor == "sqlite":
        sqlite.copy_online(Path(connection.settings_dict["NAME"]), part)
    else:
        postgresql.dump(part)


def _clear(folder: Path) -> None:
    """Remove what killed backups left; nobody else is at work here."""
    for left in folder.glob(f"{PART_PREFIX}roleassess-*{PART_SUFFIX}*"):
        left.unlink()


def _older(folder: Path, limit: datetime) -> list[Path]:
    """Our backups from before the limit, but for the newest of all."""
    dated = sorted(
        (datetime.strptime(named[1], TIME).replace(tzinfo=UTC), path)
        for path in folder.iterdir()
        if (named := NAME.fullmatch(path.name)) and path.is_file()
    )
    return [path for taken, path in dated[:-1] if taken < limit]
