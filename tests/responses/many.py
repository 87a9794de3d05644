"""Many finished attempts at once, past the services, for tests of cost."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from assessments.instrument.canonical import canonical_json
from assessments.questionnaires.editions import published_edition
from assessments.questionnaires.models import Edition
from assessments.responses.models import Answer, Attempt, Report
from tests.takers import steady_taker

# Counting reads nothing else of a report.
REPORT = json.dumps({"quality": {"level": "high"}})


@transaction.atomic
def make_attempts(count: int, *, seed: int, form: str = "full") -> None:
    """So many people who answered a whole form of the newest edition."""
    edition = published_edition(Edition.objects.latest("pk").pk)
    document, rng, now = json.loads(canonical_json(edition.document)), Random(seed), timezone.now()
    attempts = Attempt.objects.bulk_create(
        Attempt(
            edition_id=edition.pk, form=form, consent_digest="x", started_at=now, last_used_at=now
        )
        for _number in range(count)
    )
    Answer.objects.bulk_create(
        (
            Answer(
                attempt=attempt, item_key=key, value=str(value),
                seconds=rng.lognormvariate(1.8, 0.6), client="made-up", seq=1, revision=1,
                saved_at=now,
            )
            for attempt in attempts
            for key, value in steady_taker(document, form, rng).items()
        ),
        batch_size=2_000,
    )  # fmt: skip
    for number, attempt in enumerate(attempts):
        attempt.finished_at = now + timedelta(milliseconds=number)
    Attempt.objects.bulk_update(attempts, ["finished_at"], batch_size=200)
    Report.objects.bulk_create(Report(attempt=attempt, document=REPORT) for attempt in attempts)
