"""What must never happen, the database refuses, whoever asks (trust 1: 21, 22)."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.errors import DomainError
from assessments.questionnaires.editions import PublishedEdition
from assessments.questionnaires.models import Edition
from assessments.responses import services
from assessments.responses.links import make_private_link
from assessments.responses.models import Answer, Attempt, PrivateLink, Report
from tests.cast import answer, finished_attempt, new_attempt, published, some_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> PublishedEdition:
    """The shipped questionnaire, published."""
    return published()


@pytest.fixture
def finished(edition: PublishedEdition) -> Attempt:
    """An attempt with every question of the short form answered, and its report."""
    return finished_attempt(edition, "short")


def execute(statement: str, *params: Any) -> None:
    """Ask the database itself, past models and services."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def key_of(attempt: Attempt) -> Any:
    """An attempt's id as a statement takes it: SQLite has no UUIDs."""
    return Attempt._meta.pk.get_db_prep_value(attempt.pk, connection)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_edition SET document = '{}'",
        "UPDATE assessments_edition SET note = 'x' WHERE number = 1",
        "UPDATE assessments_edition SET number = number + 1",
        "DELETE FROM assessments_edition",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_edition(
    edition: PublishedEdition, statement: str
):
    before = list(Edition.objects.values())

    with pytest.raises(IntegrityError, match="edition"):
        execute(statement)

    assert list(Edition.objects.values()) == before


def test_the_database_refuses_to_empty_the_editions(edition: PublishedEdition):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(IntegrityError, match="never deleted"):
        execute("TRUNCATE assessments_edition CASCADE")

    assert Edition.objects.count() == 1


def test_models_and_querysets_refuse_to_change_or_delete_an_edition(edition: PublishedEdition):
    row = Edition.objects.get()
    row.note = "changed"
    for deed in (
        row.save,
        row.delete,
        Edition.objects.all().delete,
        lambda: Edition.objects.update(note="changed"),
    ):
        with pytest.raises(DomainError, match="An edition"):
            deed()


def test_bulk_update_and_related_managers_cannot_change_an_edition(edition: PublishedEdition):
    row = Edition.objects.get()
    row.note = "changed"
    for deed in (
        lambda: Edition.objects.bulk_update([row], ["note"]),
        lambda: row.questionnaire.editions.update(note="changed"),
        lambda: row.questionnaire.editions.all().delete(),
        lambda: row.questionnaire.delete(),
        lambda: Edition._base_manager.update(note="changed"),
        lambda: Edition.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises((DomainError, IntegrityError)), transaction.atomic():
            deed()
    assert Edition.objects.get().note == ""


@pytest.mark.parametrize(
    "how",
    [
        {"update_conflicts": True, "unique_fields": ["questionnaire", "number"]},
        {"update_conflicts": True, "unique_fields": ["id"]},
    ],
)
def test_an_edition_cannot_be_written_over(edition: PublishedEdition, how: dict[str, Any]):
    row = Edition.objects.get()
    row.note = "changed"
    with pytest.raises(IntegrityError, match="edition"), transaction.atomic():
        Edition.objects.bulk_create([row], update_fields=["note"], **how)
    with pytest.raises(DomainError, match="An edition"):
        Edition.objects.update_or_create(
            questionnaire=row.questionnaire, number=1, defaults={"note": "changed"}
        )
    assert Edition.objects.get().note == ""


def test_sqlite_refuses_to_put_a_row_in_the_place_of_an_edition(edition: PublishedEdition):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's own")

    with pytest.raises(IntegrityError, match="an edition never changes"):
        execute(
            "INSERT OR REPLACE INTO assessments_edition"
            " (id, questionnaire_id, number, document, digest, note, published_at)"
            " SELECT id, questionnaire_id, number, document, digest, 'changed', published_at"
            " FROM assessments_edition"
        )

    assert Edition.objects.get().note == ""


def test_an_edition_that_attempts_took_stays(finished: Attempt):
    with pytest.raises(DomainError):
        finished.edition.delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_report SET document = '{}'",
        "UPDATE assessments_report SET document = document",
        "UPDATE assessments_report SET attempt_id = NULL",
    ],
)
def test_the_database_refuses_to_change_a_report(finished: Attempt, statement: str):
    before = finished.report.document

    with pytest.raises(IntegrityError, match="a report never changes"):
        execute(statement)

    assert Report.objects.get().document == before


def test_models_and_querysets_cannot_change_a_report(finished: Attempt):
    report = finished.report
    before = report.document
    report.document = "{}"
    for deed in (
        report.save,
        lambda: Report.objects.update(document="{}"),
        lambda: Report.objects.bulk_update([report], ["document"]),
    ):
        with pytest.raises(IntegrityError, match="a report never changes"), transaction.atomic():
            deed()
    assert Report.objects.get().document == before


def test_there_is_one_report_for_an_attempt(finished: Attempt):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(attempt=finished, document="{}")


def test_a_finish_that_fails_halfway_leaves_the_attempt_open(edition: PublishedEdition):
    attempt = new_attempt(edition)
    answer(attempt, some_answers(edition.document))
    # A report in its place lets the last step of finishing fail.
    Report.objects.create(attempt=attempt, document="{}")

    with pytest.raises(IntegrityError):
        services.finish(attempt=attempt, at=timezone.now())

    attempt.refresh_from_db()
    assert attempt.finished_at is None


@pytest.mark.parametrize(
    "column",
    ["value = ''", "value = value", "seconds = 1", "client = 'other'", "seq = 9", "revision = 9"],
)
def test_the_database_refuses_to_change_an_answer_of_a_finished_attempt(
    finished: Attempt, column: str
):
    before = list(finished.answers.order_by("item_key").values())

    with pytest.raises(IntegrityError, match="a finished attempt takes no answers"):
        execute(
            f"UPDATE assessments_answer SET {column} WHERE attempt_id = %s",  # noqa: S608 - ours
            key_of(finished),
        )

    assert list(finished.answers.order_by("item_key").values()) == before


def test_the_database_refuses_a_new_answer_to_a_finished_attempt(finished: Attempt):
    before = finished.answers.count()

    with pytest.raises(IntegrityError, match="a finished attempt takes no answers"):
        execute(
            "INSERT INTO assessments_answer"
            " (attempt_id, item_key, value, client, seq, revision, saved_at)"
            " VALUES (%s, 'new', '1', 'sql-client', 1, 1, '2026-01-01 00:00:00+00')",
            key_of(finished),
        )

    assert finished.answers.count() == before


def test_the_database_refuses_to_move_an_answer_to_a_finished_attempt(
    finished: Attempt, edition: PublishedEdition
):
    other = new_attempt(edition)
    [key, *_rest] = [
        key
        for key in edition.document.form["full"].item_keys
        if key not in edition.document.form["short"].item_keys
    ]
    answer(other, {key: some_answers(edition.document)[key]})

    with pytest.raises(IntegrityError, match="a finished attempt takes no answers"):
        execute(
            "UPDATE assessments_answer SET attempt_id = %s WHERE attempt_id = %s",
            key_of(finished),
            key_of(other),
        )


def test_models_and_querysets_cannot_change_answers_of_a_finished_attempt(finished: Attempt):
    row = finished.answers.first()
    assert row is not None
    row.value = "2"
    new = Answer(
        attempt=finished, item_key="new", client="a-client", seq=1, revision=1,
        saved_at=timezone.now(), value="1",
    )  # fmt: skip
    for deed in (
        row.save,
        new.save,
        lambda: finished.answers.update(value="2"),
        lambda: Answer.objects.bulk_create([new]),
        lambda: Answer.objects.bulk_create([new], ignore_conflicts=True),
    ):
        with pytest.raises(IntegrityError, match="takes no answers"), transaction.atomic():
            deed()


def test_an_attempt_that_is_not_finished_takes_and_changes_answers(edition: PublishedEdition):
    attempt = new_attempt(edition)
    answer(attempt, some_answers(edition.document))

    assert attempt.answers.update(seq=9) == len(edition.document.form["full"].item_keys)


def test_deleting_a_finished_attempt_removes_its_answers_report_and_links(
    finished: Attempt, edition: PublishedEdition
):
    other = finished_attempt(edition, "short")
    for attempt in (finished, other):
        make_private_link(attempt=attempt, at=timezone.now())
    asked = len(edition.document.form["short"].item_keys)
    assert Answer.objects.count() == 2 * asked

    services.delete_attempt(attempt=finished, at=timezone.now())

    assert list(Attempt.objects.all()) == [other]
    assert {row.attempt_id for row in Answer.objects.all()} == {other.pk}
    assert Answer.objects.count() == asked
    assert [row.attempt_id for row in Report.objects.all()] == [other.pk]
    assert [row.attempt_id for row in PrivateLink.objects.all()] == [other.pk]
    assert Edition.objects.count() == 1
