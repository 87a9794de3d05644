from assessments.scoring import AnswerSheet
from tests.scoring.documents import full_size, pair, questionnaire, rating
from tests.scoring.reports import profile_on
from tests.scoring.takers import sheet


def test_dimensions_come_in_the_order_of_the_document(document):
    found = profile_on(document, sheet(document))
    assert [scores.dimension.key for scores in found.dimensions] == list(document.dimension)


def test_a_skipped_dimension_is_not_scored_and_not_taken_for_the_middle(document):
    given = sheet(document, pairs=2, **{"metrics-pair-1": None, "metrics-pair-2": None})
    found = profile_on(document, given)
    assert (found.asked, found.scored) == (14, 13)
    assert found.overall is not None
    assert found.overall.value == 2.0


def test_dimensions_of_half_weight_count_half_in_the_overall_preference(document):
    given = sheet(document, pairs=0, **{"platforms-pair-1": 2, "platforms-pair-2": 2})
    found = profile_on(document, given)
    assert found.overall is not None
    assert found.overall.value == 0.5 * 2 / 12.5


def test_nothing_answered_has_no_scores(document):
    found = profile_on(document, AnswerSheet("full", {}))
    assert (found.overall, found.spread, found.readiness) == (None, None, {"a": None, "b": None})


def test_overall_readiness_is_the_mean_of_the_scored_dimensions(document):
    given = sheet(document, ratings=2, **{"metrics-rating-a": 4, "design-rating-a": None})
    found = profile_on(document, given)
    assert found.readiness["a"] is not None
    assert found.readiness["a"].value == (12 * 2 + 4) / 13


def test_a_form_has_the_dimensions_with_an_item_on_it_but_is_asked_about_those_with_a_pair():
    # Four clusters are rated on the short form, two of them on dimensions without a pair.
    document = full_size()
    found = profile_on(document, sheet(document, form="short", pairs=1, ratings=3))
    assert len(found.dimensions) == 9
    assert (found.asked, found.scored) == (7, 7)
    assert found.readiness["b"] is not None
    assert found.readiness["b"].value == 3.0


def test_a_form_without_pairs_is_asked_about_no_preference():
    document = questionnaire(["metrics"], [rating("metrics", "a")])
    found = profile_on(document, AnswerSheet("full", {"metrics-rating-a": 1}))
    assert (found.asked, found.scored, found.overall) == (0, 0, None)


def test_one_dimension_has_no_spread():
    document = questionnaire(["metrics"], [pair("metrics", 1), pair("metrics", 2)])
    assert profile_on(document, sheet(document, pairs=1)).spread is None
