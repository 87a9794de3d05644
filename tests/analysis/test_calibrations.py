"""Calibrations: frozen from what was counted, used by new reports, kept by old ones."""

from __future__ import annotations

import json
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.analysis.counts import Entry, FormKey
from assessments.analysis.models import Calibration, CountedAs
from assessments.analysis.services import change_sums, freeze_calibration
from assessments.errors import DomainError
from assessments.questionnaires.editions import PublishedEdition
from assessments.responses.models import Attempt, Report
from assessments.scoring import AnswerSheet
from assessments.scoring.calibration import Calibration as Document
from assessments.scoring.verify import verify
from tests.cast import finished_attempt, holder_of, published
from tests.instrument.small import small, small_data
from tests.takers import steady_taker

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def edition() -> PublishedEdition:
    return published(small())


def count(edition: PublishedEdition, people: int, counted_as: CountedAs = CountedAs.IN) -> None:
    """Put so many made-up people into the sums."""
    rng = Random(5)
    change_sums(
        added=[
            Entry(
                FormKey(edition.pk, "full"),
                counted_as,
                AnswerSheet("full", steady_taker(small_data(), "full", rng)),
            )
            for _person in range(people)
        ]
    )


def frozen(edition: PublishedEdition) -> Document:
    row = freeze_calibration(edition_id=edition.pk, form="full", at=NOW)
    return Document.parse(row.document)


def exported(attempt: Attempt) -> dict[str, object]:
    url = reverse("reports:report-json", args=[attempt.pk])
    return json.loads(holder_of(attempt).get(url).content)


def test_a_calibration_needs_a_hundred_people_of_good_quality(edition):
    count(edition, 99)
    count(edition, 50, CountedAs.LOW)
    with pytest.raises(DomainError, match="needs the answers of 100 people; there are 99"):
        frozen(edition)
    count(edition, 1)
    assert frozen(edition).n == 100


def test_calibrations_are_numbered_by_edition(edition):
    other = published(small().model_copy(update={"title": "Another"}))
    for one in (edition, other):
        count(one, 100)
    assert [frozen(edition).number, frozen(edition).number, frozen(other).number] == [1, 2, 1]


def test_new_reports_use_the_newest_calibration_and_old_ones_keep_theirs(edition):
    before = finished_attempt(edition)
    count(edition, 100)
    first = frozen(edition)
    between = finished_attempt(edition)
    count(edition, 50)
    frozen(edition)
    after = finished_attempt(edition)
    reports = [
        json.loads(Report.objects.get(pk=one.pk).document) for one in (before, between, after)
    ]
    assert [report["calibration"] for report in reports] == [None, 1, 2]
    assert len({report["overall"]["low"] for report in reports}) == 3
    for attempt in (before, between, after):
        assert verify(exported(attempt)) == []
    assert exported(between)["calibration"] == json.loads(first.canonical())
    assert exported(before)["calibration"] is None


def test_a_calibration_of_another_edition_is_not_used(edition):
    count(edition, 100)
    frozen(edition)
    other = published(small().model_copy(update={"title": "Another"}))
    attempt = finished_attempt(other)
    assert json.loads(attempt.report.document)["calibration"] is None


def test_finishing_asks_no_more_of_the_database_with_a_calibration(
    edition, django_assert_num_queries
):
    from assessments.responses import services
    from tests.cast import answer, new_attempt, some_answers

    attempts = [new_attempt(edition) for _number in range(3)]
    for attempt in attempts:
        answer(attempt, some_answers(edition.document))
    with django_assert_num_queries(6):
        services.finish(attempt=attempts[0], at=NOW)
    count(edition, 100)
    frozen(edition)
    # The first time a process meets it, it is read.
    services.finish(attempt=attempts[1], at=NOW)
    with django_assert_num_queries(6):
        services.finish(attempt=attempts[2], at=NOW)


def test_a_calibration_refuses_change_and_deletion(edition):
    count(edition, 100)
    frozen(edition)
    row = Calibration.objects.get()
    for deed in (
        row.save,
        row.delete,
        Calibration.objects.all().delete,
        lambda: Calibration.objects.update(number=3),
    ):
        with pytest.raises(DomainError):
            deed()
    statements = [
        "UPDATE assessments_calibration SET number = 2",
        "DELETE FROM assessments_calibration",
    ]
    if connection.vendor == "postgresql":
        # It truncates no table whose foreign keys are still to be checked.
        connection.check_constraints()
        statements.append("TRUNCATE assessments_calibration CASCADE")
    for statement in statements:
        with (
            pytest.raises(IntegrityError, match="calibration"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Calibration.objects.get().document == row.document
