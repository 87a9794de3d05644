"""The page of question analysis: worst first, plain reasons, nothing that too few people gave."""

from __future__ import annotations

from random import Random

import pytest

from assessments.analysis.counts import Entry, FormCounts, FormKey
from assessments.analysis.models import CountedAs
from assessments.editing.analysis_page import AnalysisPage, Shown, analysis_page
from assessments.editing.analysis_table import analysis_table
from assessments.questionnaires.editions import PublishedEdition
from assessments.scoring import AnswerSheet
from tests.cast import published
from tests.instrument.small import small, small_data
from tests.takers import steady_taker

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> PublishedEdition:
    return published(small())


def counted(
    edition: PublishedEdition,
    people: int,
    *,
    turned: str = "",
    left: dict[str, int] | None = None,
    counted_as: CountedAs = CountedAs.IN,
) -> FormCounts:
    """The counts of made-up people; one pair may be keyed the wrong way for all of them."""
    rng, place = Random(3), FormKey(edition.pk, "full")
    entries = []
    for _person in range(people):
        answers = steady_taker(small_data(), "full", rng)
        if turned:
            answers[turned] = -int(answers[turned] or 0)
        entries.append(Entry(place, counted_as, AnswerSheet("full", answers)))
    for key, number in (left or {}).items():
        entries += [Entry(place, CountedAs.LEFT, left_after=key)] * number
    return FormCounts.of(entries)


def page_of(
    edition: PublishedEdition, counts: FormCounts, shown: Shown | None = None
) -> AnalysisPage:
    form = edition.document.form["full"]
    return analysis_page(edition.document, form, counts, shown or Shown())


def test_under_thirty_people_no_figure_is_shown(edition):
    page = page_of(edition, counted(edition, 29))
    assert (page.people, page.is_enough, page.worst) == (29, False, ())
    for line in [*page.scales, *(scale for group in page.groups for scale in group.scales)]:
        assert (line.alpha, line.interval, line.omega, line.sem) == (None, None, None, None)
    for item in (item for group in page.groups for item in group.items):
        told = (item.spread, item.r, item.alpha_without, item.seconds, item.skipped, item.flags)
        assert told == ((), None, None, None, None, ())
    for row in list(analysis_table(page))[1:]:
        assert [cell for cell in row[6:17] if cell] == []


def test_a_question_keyed_the_wrong_way_comes_first_with_what_to_do(edition):
    key = next(item.key for item in edition.document.items if item.kind == "pair")
    page = page_of(edition, counted(edition, 400, turned=key))
    worst = page.worst[0]
    assert worst.key == key
    assert "runs against its scale" in worst.sentence
    assert "Check which side is keyed to which pole" in worst.sentence
    group = next(group for group in page.groups if group.key == worst.dimension)
    assert group.items[0].key == key
    assert "Runs against its scale" in group.items[0].flags


def test_intervals_are_shown_until_300_people(edition):
    few, many = (page_of(edition, counted(edition, people)) for people in (299, 300))
    assert all(scale.interval for scale in few.scales)
    assert not any(scale.interval for scale in many.scales)


def test_under_a_filter_no_count_under_five_can_be_read_or_worked_out(edition):
    counts = counted(edition, 60)
    whole, part = page_of(edition, counts), page_of(edition, counts, Shown(is_filtered=True))
    for group, other in zip(whole.groups, part.groups, strict=True):
        for item, line in zip(group.items, other.items, strict=True):
            told = [option.count for option in line.spread]
            every = [option.count or 0 for option in item.spread]
            assert all(count is None or count >= 5 for count in told)
            assert told.count(None) != 1
            assert all(one in (None, two) for one, two in zip(told, every, strict=True))
    assert any(option.count is None for g in part.groups for i in g.items for option in i.spread)


def test_a_filter_by_dimension_or_kind_shows_those_questions_only(edition):
    counts = counted(edition, 60)
    dimension = edition.document.dimensions[1].key
    page = page_of(edition, counts, Shown(dimension=dimension, kind="rating"))
    assert [group.key for group in page.groups] == [dimension]
    assert {item.kind for item in page.groups[0].items} == {"rating"}
    assert {worst.dimension for worst in page.worst} <= {dimension}
    whole = page_of(edition, counts)
    assert {i.key for g in whole.groups for i in g.items} == set(
        edition.document.form["full"].item_keys
    )


def test_low_quality_stands_beside_and_changes_nothing(edition):
    good = counted(edition, 60)
    both = good.merged(counted(edition, 40, counted_as=CountedAs.LOW))
    page, alone = page_of(edition, both), page_of(edition, good)
    assert (page.people, page.low) == (60, 40)
    assert [scale.alpha for scale in page.scales] == [scale.alpha for scale in alone.scales]
    assert {scale.low_n for scale in page.scales} == {40}
    assert all(scale.low_alpha is not None for scale in page.scales)


def test_the_section_that_loses_far_more_than_its_neighbours_stands_out(edition):
    sections = edition.document.form["full"].sections
    first, second = sections[0].items, sections[1].items
    left = {"": 1, first[0]: 1, second[0]: 12}
    page = page_of(edition, counted(edition, 60, left=left))
    assert page.started == 74
    reached = [(line.reached, line.completed) for line in page.sections]
    assert reached[:2] == [(74, 72), (72, 60)]
    assert [line.number for line in page.sections if line.is_worst] == [2]


def test_the_table_has_a_row_for_each_question_and_each_scale(edition):
    page = page_of(edition, counted(edition, 60))
    heading, *rows = analysis_table(page)
    scales = len(page.scales) + sum(len(group.scales) for group in page.groups)
    assert len(rows) == scales + len(edition.document.form["full"].item_keys)
    assert {len(row) for row in rows} == {len(heading)}
