import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.sums import (
    ItemSums,
    ScaleSums,
    Showing,
    median_seconds,
    seconds_bin,
)

K = 3
rows = st.lists(st.integers(-2, 4), min_size=K, max_size=K)
values = st.one_of(st.none(), st.integers(-2, 2), st.sampled_from(["one", "two"]))
showings = st.builds(Showing, values, st.one_of(st.none(), st.floats(0, 300)), st.booleans())


def test_the_sums_of_a_scale_are_those_of_complete_rows():
    found = ScaleSums.of(2, [(1, 2), (-1, 2), (3, 0)])
    assert found == ScaleSums(n=3, s1=(3, 4), s2=(1 + 1 + 9, 2 - 2 + 0, 4 + 4 + 0))


@given(st.lists(rows), rows, st.lists(rows))
def test_removing_a_person_from_a_scale_equals_never_having_added_them(before, person, after):
    with_them = ScaleSums.empty(K)
    for row in [*before, person, *after]:
        with_them = with_them.plus(row)
    assert with_them.minus(person) == ScaleSums.of(K, [*before, *after])


@given(st.lists(rows), st.randoms(use_true_random=False))
def test_people_add_up_the_same_in_any_order_and_in_any_parts(people, random):
    shuffled = random.sample(people, len(people))
    cut = len(people) // 2
    parts = ScaleSums.of(K, shuffled[cut:]).merged(ScaleSums.of(K, shuffled[:cut]))
    assert parts == ScaleSums.of(K, people)
    assert parts.without(ScaleSums.of(K, shuffled[:cut])) == ScaleSums.of(K, shuffled[cut:])


@given(st.lists(showings), showings, st.lists(showings))
def test_removing_a_person_from_an_item_equals_never_having_added_them(before, person, after):
    with_them = ItemSums()
    for showing in [*before, person, *after]:
        with_them = with_them.plus(showing)
    assert with_them.minus(person) == ItemSums.of([*before, *after])


@given(st.lists(rows), st.lists(showings))
def test_sums_come_back_from_json(people, shown):
    scale, item = ScaleSums.of(K, people), ItemSums.of(shown)
    assert ScaleSums.from_data(json.loads(json.dumps(scale.to_data()))) == scale
    assert ItemSums.from_data(json.loads(json.dumps(item.to_data()))) == item


def test_an_item_counts_what_people_did_with_it():
    assert ItemSums.of(
        [
            Showing(-2, 3.9),
            Showing(2, 0.4),
            Showing(2, None),
            Showing(None, 9.0),
            Showing(None, is_last=True),
            Showing(1, 4.0, is_last=True),
        ]
    ) == ItemSums(
        shown=6,
        answered=4,
        skipped=1,
        last_seen=2,
        options={"-2": 1, "2": 2, "1": 1},
        total=3,
        squares=13,
        seconds={0: 1, 2: 1, 3: 1},
    )


def test_the_options_of_a_scenario_are_counted_and_add_up_to_no_number():
    found = ItemSums.of([Showing("one"), Showing("two"), Showing("one")])
    assert (found.options, found.total, found.squares) == ({"one": 2, "two": 1}, 0, 0)


def test_an_item_has_a_mean_and_a_standard_deviation_with_n_minus_1():
    found = ItemSums.of([Showing(1), Showing(2), Showing(3), Showing(None)])
    assert (found.mean, found.sd) == (2.0, 1.0)
    assert (ItemSums.of([Showing(4)]).mean, ItemSums.of([Showing(4)]).sd) == (4.0, None)
    assert (ItemSums().mean, ItemSums().sd) == (None, None)


def test_nobody_is_taken_out_who_was_never_added():
    with pytest.raises(ValueError, match="than was added"):
        ScaleSums.empty(2).minus((1, 1))
    with pytest.raises(ValueError, match="than was added"):
        ScaleSums.of(2, [(1, 2)]).minus((1, 1))
    with pytest.raises(ValueError, match="than was added"):
        ItemSums.of([Showing(1)]).minus(Showing(2))
    with pytest.raises(ValueError, match="than was added"):
        ItemSums.of([Showing(1, 1.0)]).minus(Showing(1, 200.0))


def test_two_scales_are_not_mixed():
    with pytest.raises(ValueError, match="sums of 2 items and of 3"):
        ScaleSums.empty(2).merged(ScaleSums.empty(3))
    with pytest.raises(ValueError, match="has 3 values, the scale 2 items"):
        ScaleSums.empty(2).plus((1, 1, 1))


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(0, 0), (0.99, 0), (1, 1), (1.99, 1), (2, 2), (3.99, 2), (4, 3), (255.9, 8), (300, 9)],
)
def test_seconds_are_counted_by_doubling_steps(seconds, found):
    assert seconds_bin(seconds) == found


def test_the_median_of_seconds_comes_from_their_counts():
    assert median_seconds({}) is None
    assert median_seconds({0: 4}) == 0.5
    # Two below, two of four in the bin from 4 to 8 s: half-way on the logarithmic scale.
    assert median_seconds({2: 2, 3: 4, 5: 2}) == pytest.approx(4 * 2**0.5)
    assert median_seconds({1: 1, 9: 1}) == 2.0


def test_the_median_from_counts_is_near_the_median():
    rng = Random("seconds")
    seconds = sorted(rng.lognormvariate(2, 0.6) for _ in range(1001))
    found = median_seconds(ItemSums.of([Showing(1, s) for s in seconds]).seconds)
    assert found == pytest.approx(seconds[500], rel=0.1)
