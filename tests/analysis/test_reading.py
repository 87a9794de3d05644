"""Sums across editions: added where questions are the same, and nowhere else."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessments.analysis.counts import Entry, FormCounts, FormKey, SumsKey
from assessments.analysis.models import CountedAs
from assessments.analysis.reading import counts_across, stored_counts, with_those_who_left
from assessments.analysis.services import change_sums
from assessments.questionnaires.editions import PublishedEdition
from assessments.scoring import AnswerSheet
from assessments.scoring.sums import ItemSums
from tests.cast import published, some_answers
from tests.instrument.small import small, small_data

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def edition() -> PublishedEdition:
    return published(small())


def count(edition: PublishedEdition, people: int) -> None:
    sheet = AnswerSheet("full", some_answers(edition.document))
    place = FormKey(edition.pk, "full")
    left = Entry(place, CountedAs.LEFT)
    change_sums(added=[Entry(place, CountedAs.IN, sheet)] * people + [left])


def another(**changes: str) -> PublishedEdition:
    """An edition in which some items have more words."""
    data = small_data()
    data["title"] = "Another"
    for item in data["items"]:
        if item["key"] in changes:
            part = item if "text" in item else item["left"]
            part["text"] += changes[item["key"]]
    return published(small(data))


def test_where_all_questions_are_the_same_all_sums_are_added(edition):
    other = another()
    count(edition, 2)
    count(other, 3)
    alone = stored_counts(FormKey(edition.pk, "full"))
    counts = counts_across(edition.pk, "full", [edition.pk, other.pk])
    assert counts == alone.merged(stored_counts(FormKey(other.pk, "full")))
    assert counts.finished == {"in": 5}


def test_a_question_of_another_wording_and_its_scales_are_not_added(edition):
    key = next(i.key for i in edition.document.items if i.kind == "pair")
    other = another(**{key: " too"})
    count(edition, 2)
    count(other, 3)
    counts = counts_across(edition.pk, "full", [other.pk])
    shown = {k.key: sums.shown for k, sums in counts.items.items()}
    assert {k for k, number in shown.items() if number == 2} == {key}
    assert set(shown.values()) == {2, 5}
    scales = {k.key: sums.n for k, sums in counts.scales.items()}
    dimension = edition.document.item[key].dimension
    assert scales["pairs"] == scales[f"pairs:dimension:{dimension}"] == 2
    assert scales["ratings:a"] == 5


def test_without_other_editions_one_reads_its_own(edition):
    count(edition, 1)
    count(another(), 1)
    assert counts_across(edition.pk, "full") == stored_counts(FormKey(edition.pk, "full"))


def test_whoever_left_saw_the_questions_up_to_the_last_answered():
    form = small().form["full"]
    first, second, third = form.item_keys[:3]
    counts = FormCounts(
        left={"": 1, second: 2},
        items={SumsKey("in", first): ItemSums(shown=10, answered=10)},
    )
    items = with_those_who_left(counts, form)
    assert (items[first].shown, items[first].answered, items[first].last_seen) == (13, 10, 1)
    assert (items[second].shown, items[second].last_seen) == (2, 2)
    assert (items[third].shown, items[third].last_seen) == (0, 0)
