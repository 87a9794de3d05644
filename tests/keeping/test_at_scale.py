"""Backup, restore, move and migrations with 10,000 attempts (trust 3: R14, R15, R17)."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from assessments.keeping.contents import contents
from assessments.responses.models import Attempt
from tests.keeping.people import populate_with
from tests.keeping.places import clone_of, digest_at, empty_database, said, working_on
from tests.keeping.test_migrations import LOST, OLDEST, migrate_to, migrations_since

pytestmark = [pytest.mark.database, pytest.mark.soak]
ATTEMPTS = int(os.environ.get("KEPT_ATTEMPTS", "10000"))
# Those that everybody who takes, reads or signs in needs.
HOT = (
    "assessments_attempt", "assessments_answer", "assessments_report", "assessments_user",
    "django_session",
)  # fmt: skip
# Held longer, takers would notice (trust 3: R14).
LOCKED_SECONDS_MAX = 2.0
LOOK_EVERY_SECONDS = 0.01


@pytest.fixture(scope="module")
def large(
    migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("large")
    with django_db_blocker.unblock(), clone_of(migrated, folder) as url:
        with working_on(url):
            populate_with(ATTEMPTS)
        yield url


def told(what: str, began: float) -> None:
    sys.stdout.write(f"{what}: {time.monotonic() - began:.1f} s\n")


def test_many_attempts_are_backed_up_and_restored(large: str, tmp_path: Path):
    with working_on(large):
        began = time.monotonic()
        file = said("backup", str(tmp_path))["file"]
        told(f"backup of {ATTEMPTS} attempts, {Path(file).stat().st_size >> 20} MB", began)
        before = contents().digest
    with empty_database(tmp_path / "new") as place, working_on(place):
        began = time.monotonic()
        said("restore", file)
        told(f"restore of {ATTEMPTS} attempts", began)
        began = time.monotonic()
        result = said("verify")
        told(f"verify of {ATTEMPTS} attempts", began)
        assert result["differences"] == []
        assert result["reports"] == ATTEMPTS
        assert result["digest"] == before


def test_many_attempts_move_to_another_database(large: str, migrated: str, tmp_path: Path):
    with clone_of(migrated, tmp_path / "new") as target:
        with working_on(large):
            began = time.monotonic()
            copied = said("copy_database", target)
            told(f"copy_database of {ATTEMPTS} attempts to its own kind", began)
        with working_on(target):
            assert contents().digest == copied["digest"]
        if large.startswith("sqlite"):
            return
        between = f"sqlite:///{tmp_path / 'between.sqlite3'}"
        with working_on(large):
            assert said("copy_database", between)["digest"] == copied["digest"]
    with clone_of(migrated, tmp_path / "again") as target:
        with working_on(between):
            began = time.monotonic()
            assert said("copy_database", target)["digest"] == copied["digest"]
            told(f"copy_database of {ATTEMPTS} attempts, SQLite to PostgreSQL", began)
        assert digest_at(target) == copied["digest"]


def test_each_migration_goes_back_and_forward_on_many_attempts(large: str, tmp_path: Path):
    with clone_of(large, tmp_path / "in-use") as url, working_on(url):
        names, before = migrations_since(OLDEST), contents()
        for name in [*reversed(names[:-1]), *names[1:]]:
            with watched_locks(url) as held:
                seconds = migrate_to(name)
            locked = max(held.values(), default=0.0)
            sys.stdout.write(f"to {name}: {seconds:.2f} s, hot tables locked {locked:.2f} s\n")
            assert locked < LOCKED_SECONDS_MAX, held
        call_command("migrate", verbosity=0)
        after = contents()
        assert set(after.differences(before)) <= LOST
        assert Attempt.objects.count() == ATTEMPTS


class watched_locks:  # noqa: N801 - reads as a word of the language
    """How long others were kept from each hot table altogether, by its name; on PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._held: dict[str, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> dict[str, float]:
        if connection.vendor == "postgresql":
            self._thread.start()
        return self._held

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        if connection.vendor == "postgresql":
            self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as server:
            since: dict[str, float] = {}
            while not self._stop.wait(LOOK_EVERY_SECONDS):
                locked = server.execute(
                    "SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
                    " WHERE mode = 'AccessExclusiveLock' AND granted AND relname = ANY(%s)",
                    [list(HOT)],
                ).fetchall()
                now, names = time.monotonic(), {name for (name,) in locked}
                since = {name: since.get(name, now) for name in names}
                for name, at in since.items():
                    self._held[name] = max(self._held.get(name, 0.0), now - at)
