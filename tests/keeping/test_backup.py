"""A backup is there whole or not at all, and restores to the same (trust 3: R15)."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from assessments.keeping.backup import NAME, TIME, back_up
from assessments.keeping.files import alone_in
from assessments.responses.models import Answer, Attempt, Report
from tests.cast import finished_attempt, published
from tests.keeping.places import clone_of, digest_at, empty_database, refusal, said, working_on
from tests.live import ROOT

pytestmark = pytest.mark.database
NEXT = ["migrate", "reapply_erasures", "verify"]


def backed_up(url: str, folder: Path) -> Path:
    with working_on(url):
        return Path(said("backup", str(folder))["file"])


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_restores_to_the_same_contents(populated: str, tmp_path: Path):
    file = backed_up(populated, tmp_path)
    assert files(tmp_path) == [file.name]
    assert NAME.fullmatch(file.name)
    # What is in it is as secret as the database.
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with empty_database(tmp_path / "new") as place:
        with working_on(place):
            assert said("restore", str(file)) == {"restored": str(file), "next": NEXT}
            assert said("verify")["differences"] == []
        assert digest_at(place) == digest_at(populated)
        with working_on(place):
            # It is a database like any other: written to, and never restored over.
            finished_attempt(published(), "short")
            kept = said("verify")["digest"]
            assert "is not empty" in refusal("restore", str(file))
            assert said("verify")["digest"] == kept


def test_a_backup_taken_while_people_answer_is_whole_and_has_what_was_acknowledged(
    populated: str, tmp_path: Path
):
    finished: list[UUID] = []
    stop = threading.Event()

    def take() -> None:
        # As a worker of the site, on a connection of its own.
        while not stop.is_set():
            finished.append(finished_attempt(published(), "short").pk)
        connections["default"].close()

    with (
        empty_database(tmp_path / "source") as source,
        empty_database(tmp_path / "new") as place,
    ):
        first = backed_up(populated, tmp_path)
        with working_on(source):
            said("restore", str(first))
            first.unlink()
            # Whoever opens it first makes its log, which two cannot do at once.
            assert Attempt.objects.exists()
            takers = [threading.Thread(target=take) for _number in range(2)]
            for taker in takers:
                taker.start()
            try:
                while len(finished) < 4:
                    assert any(taker.is_alive() for taker in takers)
                acknowledged = list(finished)
                file = Path(said("backup", str(tmp_path))["file"])
                at_the_end = len(finished)
                while len(finished) < at_the_end + 2:
                    assert any(taker.is_alive() for taker in takers)
            finally:
                stop.set()
                for taker in takers:
                    taker.join()
            later = Attempt.objects.count()
        with working_on(place):
            said("restore", str(file))
            assert said("verify")["differences"] == []
            assert Report.objects.filter(pk__in=acknowledged).count() == len(acknowledged) >= 4
            assert Answer.objects.filter(attempt=acknowledged[0]).exists()
            assert Attempt.objects.count() < later


# Killed at the last moment before the file would get its name, and in the middle of writing.
KILLED = {
    "before its name": "from assessments.keeping import files; files._sync = die",
    "while writing": (
        "from assessments.keeping import backup\n"
        "backup._write = lambda part: die(part.write_bytes(b'half of it'))"
    ),
}
CODE = """
import os, signal, django
django.setup()
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
{how}
from django.core.management import call_command
call_command("backup", {folder!r})
"""


@pytest.mark.parametrize("how", KILLED.values(), ids=KILLED)
def test_a_backup_that_is_killed_leaves_nothing_under_its_name(
    populated: str, tmp_path: Path, how: str
):
    code = CODE.format(how=how, folder=str(tmp_path))
    environ = {**os.environ, "DATABASE_URL": populated}
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ)
    assert killed.returncode == -signal.SIGKILL
    left = files(tmp_path)
    assert len(left) == 1
    assert left[0].startswith(".roleassess-")
    assert left[0].endswith(".part")
    # The next one removes what was left, and nothing else.
    mine = tmp_path / ".mine.part"
    mine.touch()
    assert files(tmp_path) == sorted([*left, mine.name])
    file = backed_up(populated, tmp_path)
    assert files(tmp_path) == sorted([file.name, mine.name])


def test_old_backups_go_but_never_the_last_one_and_nothing_else(populated: str, tmp_path: Path):
    now = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)

    def named(days: int, suffix: str = "sqlite3") -> str:
        return f"roleassess-{now - timedelta(days=days):{TIME}}.{suffix}"

    others = ["notes.txt", "roleassess-old.sqlite3", f"{named(90)}.gpg", f"copy-of-{named(90)}"]
    for name in [*others, named(31), named(40, "pgdump"), named(30), named(1)]:
        (tmp_path / name).touch()
    with working_on(populated):
        suffix = "sqlite3" if connection.vendor == "sqlite" else "pgdump"
        made = back_up(folder=tmp_path, at=now, keep_days=30)
        assert [file.name for file in made.deleted] == [named(40, "pgdump"), named(31)]
        rest = [*others, named(30), named(1), named(0, suffix)]
        assert files(tmp_path) == sorted(rest)
        # Without being told, all stay; and were the clock set back, the newest would.
        back_up(folder=tmp_path, at=now - timedelta(days=365))
        assert len(files(tmp_path)) == len(rest) + 1
        made = back_up(folder=tmp_path, at=now - timedelta(days=300), keep_days=0)
        assert [file.name for file in made.deleted] == [named(365, suffix)]
        # Its name is cut to the second, which is before the moment at which all older ones go.
        back_up(folder=tmp_path, at=now + timedelta(days=900, milliseconds=500), keep_days=0)
        assert files(tmp_path) == sorted([*others, named(-900, suffix)])


def test_two_backups_into_one_folder_take_turns(populated: str, tmp_path: Path):
    with working_on(populated):
        with alone_in(tmp_path):
            assert "Another backup" in refusal("backup", str(tmp_path))
        assert files(tmp_path) == []
        assert "There is no folder" in refusal("backup", str(tmp_path / "no such"))
        at = timezone.now()
        made = back_up(folder=tmp_path, at=at)
        before = made.file.stat()
        with pytest.raises(Exception, match="is there already"):
            back_up(folder=tmp_path, at=at)
        assert made.file.stat() == before


def test_what_is_no_whole_backup_of_this_site_is_refused_and_leaves_nothing(
    populated: str, tmp_path: Path
):
    whole = backed_up(populated, tmp_path)
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "empty").touch()
    (bad / "text").write_text("This is a letter.")
    content = whole.read_bytes()
    (bad / "torn").write_bytes(content[: len(content) // 2])
    other = b"PGDMP" if whole.suffix == ".sqlite3" else b"SQLite format 3\0"
    (bad / "other").write_bytes(other + content[16:])
    with empty_database(tmp_path / "new") as place, working_on(place):
        before = files(tmp_path / "new")
        assert "is not a backup" in refusal("restore", str(bad / "empty"))
        assert "is not a backup" in refusal("restore", str(bad / "text"))
        assert "copy_database moves everything" in refusal("restore", str(bad / "other"))
        assert "Nothing was restored." in refusal("restore", str(bad / "torn"))
        assert "No such file" in refusal("restore", str(bad / "none"))
        assert files(tmp_path / "new") == before
        if connection.vendor == "postgresql":
            assert connection.introspection.table_names() == []
        said("restore", str(whole))


def test_a_damaged_database_is_not_passed_off_as_a_backup(populated: str, tmp_path: Path):
    if not populated.startswith("sqlite"):
        pytest.skip("a file of SQLite's")
    backups = tmp_path / "backups"
    backups.mkdir()
    with clone_of(populated, tmp_path / "damaged") as url:
        with Path(url.removeprefix("sqlite:///")).open("r+b") as file:
            file.seek(file.seek(0, os.SEEK_END) // 2)
            file.write(os.urandom(20_000))
        with working_on(url):
            assert "No backup was made." in refusal("backup", str(backups))
    assert files(backups) == []


def test_what_is_left_of_a_database_is_not_read_into_the_restored_one(
    populated: str, tmp_path: Path
):
    if not populated.startswith("sqlite"):
        pytest.skip("a file of SQLite's")
    whole = backed_up(populated, tmp_path)
    log = tmp_path / "moved.sqlite3-wal"
    log.touch()
    with working_on(f"sqlite:///{tmp_path / 'moved.sqlite3'}"):
        assert "Move it away" in refusal("restore", str(whole))
        log.unlink()
        said("restore", str(whole))


# What stands in for the program tells how it was called, and then is the program.
SPY = """#!/bin/sh
echo "$@" >> {log}
exec {real} "$@"
"""


def test_the_password_is_on_no_command_line(
    populated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if not populated.startswith("postgres"):
        pytest.skip("SQLite has no password")
    log, folder = tmp_path / "log", tmp_path / "bin"
    folder.mkdir()
    for program in ("pg_dump", "pg_restore"):
        spy = folder / program
        spy.write_text(SPY.format(log=log, real=shutil.which(program)))
        spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    target = tmp_path / "backups"
    target.mkdir()
    file = backed_up(populated, target)
    with empty_database(tmp_path / "new") as place, working_on(place):
        said("restore", str(file))
        password = settings.DATABASES["default"]["PASSWORD"]
    assert len(log.read_text().splitlines()) == 4
    assert password
    assert password not in log.read_text()
    monkeypatch.setenv("PATH", str(tmp_path))
    with working_on(populated):
        assert "pg_dump is not installed" in refusal("backup", str(target))
    file.unlink()
    assert files(target) == []
