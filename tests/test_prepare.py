"""`prepare`: one command before each start makes the database fit the code."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from assessments.management.commands.prepare import TURN
from assessments.questionnaires.models import Edition, Questionnaire
from tests.live import ROOT, fresh_database


def said() -> list[str]:
    out = io.StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_it_publishes_what_ships_and_leaves_alone_what_is_there(
    tmp_path: Path, settings: Any
) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    there = Questionnaire.objects.get(slug="pm-b2b-b2c")
    there.title = "Edited since"
    there.save()
    no_file = f"Erasures: there is no {settings.ERASURES_FILE}, which is right if nothing was"
    assert said() == [
        "Database: 0 migration(s) applied.",
        "Questionnaire engineer-or-manager: published as edition 1.",
        "Questionnaire pm-b2b-b2c: there already, left as it is.",
        f"{no_file} ever erased.",
    ]
    there.refresh_from_db()
    assert there.title == "Edited since"
    editions = list(Edition.objects.values_list("pk", "digest"))
    assert "Questionnaire engineer-or-manager: there already, left as it is." in said()
    assert list(Edition.objects.values_list("pk", "digest")) == editions


@pytest.fixture
def cursor(db: None) -> Iterator[Any]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite belongs to one machine, where one service starts")
    with connection.cursor() as cursor:
        yield cursor


def test_whoever_comes_second_waits_for_the_first(cursor: Any) -> None:
    cursor.execute("SELECT current_database()")
    (name,) = cursor.fetchone()
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    with psycopg.connect(url) as first:
        first.execute("SELECT pg_advisory_lock(%s)", [TURN])
        # A wait that ends at all, and later than a lock may be waited for elsewhere.
        cursor.execute("SET statement_timeout = '400ms'; SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="statement timeout"):
            said()
    cursor.execute("SET statement_timeout = 0")
    assert said()[0] == "Database: 0 migration(s) applied."


def test_the_turn_is_given_back(cursor: Any) -> None:
    said()
    cursor.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    )
    assert cursor.fetchone() == (0,)


@pytest.mark.soak
@pytest.mark.database
def test_two_at_once_on_an_empty_database_prepare_it_once(tmp_path: Path) -> None:
    if os.environ["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("SQLite belongs to one machine, where one service starts")
    with fresh_database(tmp_path, like=os.environ["DATABASE_URL"]) as url:
        both = [_prepared(url, tmp_path), _prepared(url, tmp_path)]
        lines = [process.communicate(timeout=300) for process in both]
        assert [process.returncode for process in both] == [0, 0], lines
    later, earlier = sorted((out.splitlines() for out, _ in lines), key=lambda out: out[1])[::-1]
    assert [line.split(": ")[1] for line in earlier[1:3]] == ["published as edition 1."] * 2
    assert earlier[0] != "Database: 0 migration(s) applied."
    assert later[0] == "Database: 0 migration(s) applied."
    assert [line.split(": ")[1] for line in later[1:3]] == ["there already, left as it is."] * 2


def _prepared(url: str, folder: Path) -> subprocess.Popen[str]:
    """`manage.py prepare` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "ERASURES_FILE": str(folder / "erasures")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
