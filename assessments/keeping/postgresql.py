"""A PostgreSQL database by the programs that come with it: pg_dump and pg_restore."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from assessments.errors import DomainError

MAGIC = b"PGDMP"
# What a connection is made of, as the programs read it from the environment: what stands on a
# command line can be read by everybody on the machine.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
}


def dump(into: Path) -> None:
    """Write the database, as it is at one moment, in PostgreSQL's own format; others go on."""
    with into.open("wb") as file:
        _succeed("pg_dump", "--format=custom", stdout=file)
    # Read from end to end, which finds what is torn.
    _succeed("pg_restore", f"--file={os.devnull}", str(into))


def load(backup: Path) -> None:
    """Restore into the configured database, all of it or nothing."""
    listed = _succeed("pg_restore", "--list", str(backup))
    if " assessments_edition " not in listed:
        raise DomainError(f"{backup.name} is a backup of PostgreSQL, but not one of this site.")
    _succeed(
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        # On the new place there may be other roles.
        "--no-owner",
        "--no-privileges",
        f"--dbname={connection.settings_dict['NAME']}",
        str(backup),
    )


def require_empty() -> None:
    """Raise `DomainError` if there is any table."""
    name = connection.settings_dict["NAME"]
    if connection.introspection.table_names():
        raise DomainError(
            f"The database {name} is not empty. Stop the site, set DATABASE_URL to an empty one "
            "(made by createdb), and restore again."
        )


def _succeed(program: str, *arguments: str, stdout: Any = subprocess.PIPE) -> str:
    """What the program wrote; raises `DomainError` with what it said if it fails."""
    path = shutil.which(program)
    if path is None:
        raise DomainError(
            f"{program} is not installed. On Debian: apt install postgresql-client, of the "
            "server's version or a newer one."
        )
    done = subprocess.run(  # noqa: S603 - no shell, and no word of it from outside
        [path, *arguments],
        env={**os.environ, **_environment(connection.get_connection_params())},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise DomainError(f"{program} failed: {said or done.returncode}")
    return done.stdout.decode() if done.stdout else ""


def _environment(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        variable: str(params[name])
        for name, variable in VARIABLES.items()
        if params.get(name) not in (None, "")
    }
