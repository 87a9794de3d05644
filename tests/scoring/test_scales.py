from collections import Counter

from assessments.scoring.scales import scales_of
from tests.cast import shipped_questionnaire

DOCUMENT = shipped_questionnaire()


def test_the_full_form_has_the_five_kinds_of_scales():
    scales = scales_of(DOCUMENT, DOCUMENT.form["full"])
    clusters = len(DOCUMENT.clusters)
    assert Counter(scale.kind for scale in scales) == {
        "pairs": 1,
        "ratings": 2,
        "pairs_of_cluster": clusters,
        "pairs_of_dimension": 14,
        "ratings_of_cluster": 2 * clusters,
    }
    assert len({scale.key for scale in scales}) == len(scales)
    assert [(s.key, len(s.items)) for s in scales if s.is_long] == [
        ("pairs", 28), ("ratings:a", 14), ("ratings:b", 14),
    ]  # fmt: skip


def test_each_pair_and_each_rating_is_in_one_scale_of_each_kind():
    form = DOCUMENT.form["full"]
    scales = scales_of(DOCUMENT, form)
    for kind in ("pair", "rating"):
        items = sorted(item.key for item in DOCUMENT.items_of(form) if item.kind == kind)
        for of_kind in {s.kind for s in scales if s.kind.startswith(kind)}:
            found = [key for s in scales if s.kind == of_kind for key in s.items]
            assert sorted(found) == items


def test_a_scale_says_what_it_is_about():
    scales = {scale.key: scale for scale in scales_of(DOCUMENT, DOCUMENT.form["full"])}
    metrics = scales["pairs:dimension:metrics"]
    assert (metrics.dimension, metrics.cluster, metrics.side) == ("metrics", None, None)
    assert metrics.items == ("metrics-pair-1", "metrics-pair-2")
    assert (metrics.low, metrics.high) == (-2, 2)
    cluster = DOCUMENT.dimension["metrics"].cluster
    ratings = scales[f"ratings:b:cluster:{cluster}"]
    assert (ratings.dimension, ratings.cluster, ratings.side) == (None, cluster, "b")
    assert "metrics-did-b" in ratings.items
    assert (ratings.low, ratings.high) == (0, 4)


def test_one_item_is_no_scale():
    scales = scales_of(DOCUMENT, DOCUMENT.form["short"])
    assert "pairs:dimension:metrics" not in {scale.key for scale in scales}
    assert min(len(scale.items) for scale in scales) == 2
    assert scales[0].key == "pairs"


def test_a_row_is_complete_or_none():
    scales = {scale.key: scale for scale in scales_of(DOCUMENT, DOCUMENT.form["full"])}
    metrics = scales["pairs:dimension:metrics"]
    assert metrics.row({"metrics-pair-1": -2, "metrics-pair-2": 0, "x": 1}) == (-2, 0)
    assert metrics.row({"metrics-pair-1": -2, "metrics-pair-2": None}) is None
    assert metrics.row({"metrics-pair-1": -2}) is None
