"""Stored answers as scoring reads them."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from assessments.instrument.document import Item, Value
from assessments.questionnaires.editions import published_edition
from assessments.responses.models import Answer, Attempt
from assessments.scoring import AnswerSheet


def answer_sheet(*, attempt: Attempt, items: Mapping[str, Item]) -> AnswerSheet:
    """The attempt's answers as scoring reads them. One query, none if they are prefetched."""
    rows = sorted((key, text, spent) for key, text, spent in _rows(attempt) if text)
    return AnswerSheet(
        form=attempt.form,
        answers={key: value_of_text(items[key], text) for key, text, _spent in rows},
        seconds={key: spent for key, _text, spent in rows if spent is not None},
    )


def _rows(attempt: Attempt) -> Iterable[tuple[str, str, float | None]]:
    # Plain values: making objects of 64 rows takes longer than asking for them.
    if "answers" in getattr(attempt, "_prefetched_objects_cache", {}):
        return [(row.item_key, row.value, row.seconds) for row in attempt.answers.all()]
    return attempt.answers.values_list("item_key", "value", "seconds")


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
