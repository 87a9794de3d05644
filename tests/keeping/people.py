"""What stands in the database that is kept: something in every table that matters."""

from __future__ import annotations

import json
from datetime import datetime
from random import Random

from django.db import transaction
from django.utils import timezone

from assessments.analysis.counts import Entry, FormKey
from assessments.analysis.models import CountedAs
from assessments.analysis.services import change_sums, freeze_calibration
from assessments.instrument.canonical import canonical_json
from assessments.questionnaires.editions import PublishedEdition
from assessments.questionnaires.services import load_onto_desk
from assessments.responses.models import Answer, Attempt, Report
from assessments.scoring import AnswerSheet, write_report
from tests.cast import finished_attempt, new_attempt, published, shipped_questionnaire
from tests.instrument.small import small, small_data
from tests.privacy.people import populate
from tests.takers import Answers, steady_taker

MARK = "kept"
CALIBRATED_ON = 100
# People who answer differently, of whom the others are copies.
DIFFERENT = 200


def populate_everything() -> None:
    """People, attempts, coaching, a desk; and an edition with a calibration and its report."""
    populate(MARK)
    for document in (shipped_questionnaire(), small()):
        load_onto_desk(document=document, at=timezone.now())
    edition, rng = published(small()), Random(5)
    place = FormKey(edition.pk, "full")
    sheets = [
        AnswerSheet("full", steady_taker(small_data(), "full", rng)) for _ in range(CALIBRATED_ON)
    ]
    change_sums(added=[Entry(place, CountedAs.IN, sheet) for sheet in sheets])
    freeze_calibration(edition_id=edition.pk, form="full", at=timezone.now())
    finished_attempt(edition, "full")
    new_attempt(edition, "full")


def populate_with(count: int) -> None:
    """So many finished attempts at the whole form, each with its report, and as many answers."""
    edition, rng, now = published(), Random(7), timezone.now()
    load_onto_desk(document=shipped_questionnaire(), at=now)
    document = json.loads(canonical_json(edition.document))
    takers = [_taker(edition, steady_taker(document, "full", rng)) for _ in range(DIFFERENT)]
    for start in range(0, count, DIFFERENT):
        with transaction.atomic():
            _take(takers[: count - start], edition.pk, now)


def _taker(edition: PublishedEdition, answers: Answers) -> tuple[Answers, str]:
    """The answers as stored, and the report that they give."""
    sheet = AnswerSheet("full", answers)
    report = write_report(
        edition.document, sheet, edition=edition.number, edition_digest=edition.digest
    )
    return answers, report.canonical()


def _take(takers: list[tuple[Answers, str]], edition_id: int, at: datetime) -> None:
    attempts = Attempt.objects.bulk_create(
        Attempt(
            edition_id=edition_id, form="full", consent_digest="x", started_at=at, last_used_at=at
        )
        for _taker in takers
    )
    Answer.objects.bulk_create(
        (
            Answer(
                attempt=attempt, item_key=key, value=str(value), client="made-up", seq=1,
                revision=1, saved_at=at,
            )
            for attempt, (answers, _report) in zip(attempts, takers, strict=True)
            for key, value in answers.items()
        ),
        batch_size=2_000,
    )  # fmt: skip
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).update(finished_at=at)
    Report.objects.bulk_create(
        Report(attempt=attempt, document=report)
        for attempt, (_answers, report) in zip(attempts, takers, strict=True)
    )
