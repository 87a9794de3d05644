"""Everything moves to another database by one command, and arrives equal (trust 3: R17)."""

from __future__ import annotations

import contextlib
import itertools
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from assessments.keeping import copying
from assessments.keeping.contents import Contents, Row, contents, rows_of
from assessments.people.models import User
from assessments.questionnaires.models import DeskChange, Edition
from assessments.responses.models import Answer, Attempt, Report
from tests.cast import finished_attempt, published
from tests.keeping.places import clone_of, digest_at, empty_database, refusal, said, working_on
from tests.prepared import prepare

pytestmark = pytest.mark.database

# What a migrated database holds by itself.
BY_ITSELF = {
    "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
    "assessments_turn",
}  # fmt: skip


def own_by_nobody(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(owner_id=2**31 - 7)
    connection.check_constraints()


def filled(found: Contents) -> set[str]:
    return {name for name, tally in found.tables.items() if tally.rows}


def test_a_copy_is_equal_and_goes_on_as_the_original(
    migrated: str, populated: str, tmp_path: Path
):
    with clone_of(migrated, tmp_path / "new") as target:
        with working_on(populated):
            copied = said("copy_database", target)
            assert copied["left_out"] == []
            assert copied["rows"] == contents().rows
            refused = refusal("copy_database", target)
            assert re.match(r"Nothing was copied. The target is not empty: .* in \w+\.", refused)
            assert "is the configured database itself" in refusal("copy_database", populated)
        assert copied["digest"] == digest_at(target) == digest_at(populated)
        with working_on(target):
            # New rows get numbers that nobody has, and people go on answering.
            User.objects.create_user("new@example.org")
            attempt = finished_attempt(published(), "short")
            # What the database refused before the copy, it refuses after it.
            for forbidden in (
                lambda: Edition._base_manager.all().order_by()._raw_delete("default"),
                lambda: Report.objects.update(document=""),
                lambda: Answer.objects.filter(attempt=attempt).update(value="0"),
                lambda: DeskChange._base_manager.update(note="another"),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    forbidden()
            with pytest.raises(IntegrityError), transaction.atomic():
                own_by_nobody(attempt)
            assert said("verify")["differences"] == []


@pytest.mark.soak
def test_an_empty_target_is_migrated_first(populated: str, tmp_path: Path):
    with empty_database(tmp_path / "new") as target:
        with working_on(populated):
            copied = said("copy_database", target)
        assert copied["digest"] == digest_at(target)


def test_the_other_kind_of_database_takes_it_and_gives_it_back(populated: str, tmp_path: Path):
    if populated.startswith("sqlite"):
        pytest.skip("SQLite's own run has no PostgreSQL; PostgreSQL's has SQLite")
    between = f"sqlite:///{tmp_path / 'between.sqlite3'}"
    prepare(between, "migrated")
    with empty_database(tmp_path / "new") as target:
        with working_on(populated):
            there = said("copy_database", between)["digest"]
        with working_on(between):
            assert said("verify")["differences"] == []
            back = said("copy_database", target)["digest"]
        assert there == back == digest_at(target) == digest_at(populated)


def test_a_copy_that_is_not_equal_is_taken_back(
    migrated: str, populated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def one_answer_less(using: str) -> Contents:
        found = contents(using)
        found.tables["assessments_answer"].rows -= 1
        return found

    monkeypatch.setattr(copying, "contents", one_answer_less)
    with clone_of(migrated, tmp_path / "new") as target:
        with working_on(populated):
            refused = refusal("copy_database", target)
        assert refused == (
            "Nothing was copied. The copy is not equal, so nothing was kept. assessments_answer"
        )
        monkeypatch.undo()
        with working_on(target):
            assert filled(contents()) == BY_ITSELF


SESSION = """
    INSERT INTO django_session (session_key, session_data, expire_date)
    VALUES ('meanwhile', '', '2030-01-01 00:00:00+00:00')
"""


def write_elsewhere(url: str) -> None:
    """As another process does."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as lite:
            lite.execute(SESSION)
            lite.commit()
    else:
        with psycopg.connect(url) as postgres:
            postgres.execute(SESSION)


def test_a_copy_is_of_one_moment_whatever_is_written_meanwhile(
    migrated: str, populated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with (
        clone_of(populated, tmp_path / "one") as source,
        clone_of(migrated, tmp_path / "two") as target,
    ):
        before = digest_at(source)
        read = itertools.count()

        def and_meanwhile(model: type[Model], using: str) -> Iterator[Row]:
            if next(read) == 1:
                write_elsewhere(source)
            return rows_of(model, using)

        monkeypatch.setattr(copying, "rows_of", and_meanwhile)
        with working_on(source):
            assert said("copy_database", target)["digest"] == before
        assert digest_at(target) == before != digest_at(source)


def test_what_is_no_database_is_refused(populated: str):
    with working_on(populated):
        assert "not the address of a" in refusal("copy_database", "mysql://root@localhost/x")
        assert "not the address of a" in refusal("copy_database", "nonsense")
        nowhere = "postgres://nobody@127.0.0.1:1/none"
        assert "Nothing was copied. The database said" in refusal("copy_database", nowhere)


def test_a_database_of_another_release_is_not_copied(populated: str, migrated: str):
    with working_on(populated):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
                ["assessments", "9999_later", timezone.now()],
            )
        try:
            assert "9999_later, which is unknown here" in refusal("copy_database", migrated)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
