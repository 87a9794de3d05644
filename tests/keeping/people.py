"""What stands in the database that is kept: something in every table that matters."""

from __future__ import annotations

from random import Random

from django.utils import timezone

from assessments.analysis.counts import Entry, FormKey
from assessments.analysis.models import CountedAs
from assessments.analysis.services import change_sums, freeze_calibration
from assessments.questionnaires.services import load_onto_desk
from assessments.scoring import AnswerSheet
from tests.cast import finished_attempt, new_attempt, published, shipped_questionnaire
from tests.instrument.small import small, small_data
from tests.privacy.people import populate
from tests.takers import steady_taker

MARK = "kept"
CALIBRATED_ON = 100


def populate_everything() -> None:
    """People, attempts, coaching, a desk; and an edition with a calibration and its report."""
    populate(MARK)
    load_onto_desk(document=shipped_questionnaire(), by=None, at=timezone.now())
    edition, rng = published(small()), Random(5)
    place = FormKey(edition.pk, "full")
    sheets = [
        AnswerSheet("full", steady_taker(small_data(), "full", rng)) for _ in range(CALIBRATED_ON)
    ]
    change_sums(added=[Entry(place, CountedAs.IN, sheet) for sheet in sheets])
    freeze_calibration(edition_id=edition.pk, form="full", at=timezone.now())
    finished_attempt(edition, "full")
    new_attempt(edition, "full")
