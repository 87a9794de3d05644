"""A database as a new site has it, made once for all tests of a run and then copied.

Migrating an empty database and publishing the shipped questionnaire takes longer than most tests.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.private_postgres import find_server_binaries

ROOT = Path(__file__).resolve().parent.parent
QUESTIONNAIRE = "assessments/content/pm-b2b-b2c.yaml"
# The folder that all processes of a run of pytest share; without one, each makes its own.
SHARED = "PREPARED_DATABASES"


def prepare(database_url: str, *, is_published: bool = True) -> None:
    """Fill an empty database: all tables and, unless told otherwise, the shipped edition."""
    folder = os.environ.get(SHARED)
    if folder is None:
        _make(database_url, is_published)
        return
    is_lite = database_url.startswith("sqlite")
    name = "published" if is_published else "migrated"
    model = Path(folder) / f"{name}.{'sqlite3' if is_lite else 'pgdump'}"
    with _alone(model.with_suffix(".lock")):
        if not model.exists():
            _make(database_url, is_published)
            (_keep_file if is_lite else _keep_dump)(database_url, model)
            return
    (_copy_file if is_lite else _copy_dump)(model, database_url)


def _make(database_url: str, is_published: bool) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url}
    manage = [sys.executable, "manage.py"]
    _run([*manage, "migrate", "--verbosity=0"], environment)
    if is_published:
        _run([*manage, "load_questionnaire", QUESTIONNAIRE, "--publish"], environment)


def _keep_file(database_url: str, model: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(_file(database_url))) as source,
        contextlib.closing(sqlite3.connect(model)) as target,
    ):
        source.backup(target)


def _copy_file(model: Path, database_url: str) -> None:
    shutil.copyfile(model, _file(database_url))


def _file(database_url: str) -> str:
    return database_url.removeprefix("sqlite:///")


def _keep_dump(database_url: str, model: Path) -> None:
    _run([_program("pg_dump"), "--format=custom", f"--file={model}", database_url])


def _copy_dump(model: Path, database_url: str) -> None:
    _run([_program("pg_restore"), "--exit-on-error", f"--dbname={database_url}", str(model)])


def _program(name: str) -> str:
    binaries = find_server_binaries()
    return str(binaries / name) if binaries else name


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:3])}:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
