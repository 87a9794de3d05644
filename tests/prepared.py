"""A database as a new site has it, made once for all tests of a run and then copied.

Migrating an empty database and publishing the shipped questionnaire takes longer than most tests,
and the demo longer still.
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
from typing import Literal

from tests.private_postgres import find_server_binaries

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = "tests.live_settings"
QUESTIONNAIRE = "assessments/content/pm-b2b-b2c.yaml"
# The folder that all processes of a run of pytest share; without one, each makes its own.
SHARED = "PREPARED_DATABASES"
# Each holds what the one before it holds, and more: all tables, the shipped edition, the demo.
State = Literal["migrated", "published", "populated"]


def prepare(database_url: str, state: State = "published") -> None:
    """Fill an empty database."""
    folder = os.environ.get(SHARED)
    if folder is None:
        _make(database_url, state)
        return
    is_lite = database_url.startswith("sqlite")
    model = Path(folder) / f"{state}.{'sqlite3' if is_lite else 'pgdump'}"
    with _alone(model.with_suffix(".lock")):
        if not model.exists():
            _make(database_url, state)
            (_keep_file if is_lite else _keep_dump)(database_url, model)
            return
    (_copy_file if is_lite else _copy_dump)(model, database_url)


def _make(database_url: str, state: State) -> None:
    environment = {
        **os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": SETTINGS
    }  # fmt: skip
    manage = [sys.executable, "manage.py"]
    match state:
        case "migrated":
            _run([*manage, "migrate", "--verbosity=0"], environment)
        case "published":
            prepare(database_url, "migrated")
            _run([*manage, "load_questionnaire", QUESTIONNAIRE, "--publish"], environment)
        case "populated":
            prepare(database_url, "published")
            _run([*manage, "make_demo"], environment)


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
