"""Deeds of taking that no page shows at once: carrying over, keeping, forgetting."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.instrument.canonical import canonical_json
from assessments.instrument.document import Questionnaire
from assessments.responses import services
from assessments.responses.models import Answer, Attempt
from tests.cast import (
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    shipped_questionnaire,
)

pytestmark = pytest.mark.django_db


def continued(attempt: Attempt, edition) -> Attempt:
    return services.continue_on_form(
        attempt=attempt, edition=edition, form="full", at=timezone.now()
    )


def test_going_on_to_the_full_form_carries_the_answers_over() -> None:
    edition = published()
    short = finished_attempt(edition, "short")
    longer = continued(short, edition)
    before = dict(short.answers.values_list("item_key", "value"))
    assert dict(longer.answers.values_list("item_key", "value")) == before
    assert (longer.continued_from, longer.form) == (short, "full")


def test_a_reworded_question_is_another_question_and_is_not_carried_over() -> None:
    edition = published()
    short = finished_attempt(edition, "short")
    data = json.loads(canonical_json(shipped_questionnaire()))
    key = data["forms"][1]["sections"][0]["items"][0]
    item = next(item for item in data["items"] if item["key"] == key)
    item["left"]["text"] = "Seeing something else work out."
    newer = published(Questionnaire.model_validate_json(json.dumps(data)))
    assert newer.number == edition.number + 1
    carried = set(continued(short, newer).answers.values_list("item_key", flat=True))
    assert set(short.answers.values_list("item_key", flat=True)) - carried == {key}


def test_time_on_a_question_adds_up_and_is_capped() -> None:
    attempt = new_attempt(published())
    key = "metrics-pair-1"
    for seq, seconds in ((1, 4.0), (2, 2.5), (3, 299.0)):
        sent = services.Sent(key, str(seq % 2), "page-name", seq, 0, seconds)
        services.save_answers(attempt=attempt, sent=[sent], at=timezone.now())
        if seq == 2:
            assert Answer.objects.get(attempt=attempt).seconds == 6.5
    assert Answer.objects.get(attempt=attempt).seconds == 300.0


def test_a_visit_to_the_result_gives_an_attempt_more_time() -> None:
    attempt = finished_attempt(published())
    long_ago = timezone.now() - timedelta(days=80)
    Attempt.objects.filter(pk=attempt.pk).update(last_used_at=long_ago)
    response = holder_of(attempt).get(f"/result/{attempt.pk}/")
    attempt.refresh_from_db()
    assert timezone.now() - attempt.last_used_at < timedelta(minutes=1)
    # And the browser is remembered as long as the attempt.
    assert response.cookies["session"]["max-age"] == 90 * 24 * 3600
