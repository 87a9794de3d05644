"""Stored answers as scoring reads them."""

from collections.abc import Collection, Mapping
from operator import attrgetter
from uuid import UUID

from assessments.instrument.document import Item, Value
from assessments.questionnaires.editions import published_edition
from assessments.responses.models import Answer, Attempt
from assessments.scoring import AnswerSheet


def answer_sheet(*, attempt: Attempt, items: Mapping[str, Item]) -> AnswerSheet:
    """The attempt's answers as scoring reads them. One query, none if they are prefetched."""
    given = [row for row in attempt.answers.all() if row.value]
    rows = sorted(given, key=attrgetter("item_key"))
    return AnswerSheet(
        form=attempt.form,
        answers={row.item_key: value_of_text(items[row.item_key], row.value) for row in rows},
        seconds={row.item_key: row.seconds for row in rows if row.seconds is not None},
    )


def value_of_text(item: Item, text: str) -> Value:
    """A stored value from its text in the table; "" is a skip."""
    if not text:
        return None
    return text if item.kind == "scenario" else int(text)


def answer_sheets(attempts: Collection[Attempt]) -> dict[UUID, AnswerSheet]:
    """The sheet of each of many attempts, equal to `answer_sheet` of it. One query."""
    answers: dict[UUID, dict[str, Value]] = {attempt.pk: {} for attempt in attempts}
    seconds: dict[UUID, dict[str, float]] = {attempt.pk: {} for attempt in attempts}
    items = {a.pk: published_edition(a.edition_id).document.item for a in attempts}
    rows = Answer.objects.filter(attempt__in=list(answers)).exclude(value="").order_by("item_key")
    for pk, key, text, spent in rows.values_list("attempt_id", "item_key", "value", "seconds"):
        answers[pk][key] = value_of_text(items[pk][key], text)
        if spent is not None:
            seconds[pk][key] = spent
    return {a.pk: AnswerSheet(a.form, answers[a.pk], seconds[a.pk]) for a in attempts}
