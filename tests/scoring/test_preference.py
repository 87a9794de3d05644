import json

import pytest

from assessments.instrument.document import Pair
from assessments.scoring import AnswerSheet
from assessments.scoring.preference import Preference, preference_of
from assessments.scoring.uncertainty import Estimate, sem_of_mean
from tests.scoring.documents import pair


def preference(*values: int | None) -> Preference:
    """The preference of a dimension that has a pair for every value."""
    content = [pair("metrics", number) for number in range(len(values))]
    pairs = [Pair.model_validate_json(json.dumps(item)) for item in content]
    answers = {item.key: value for item, value in zip(pairs, values, strict=True)}
    return preference_of(pairs, AnswerSheet("full", answers))


@pytest.mark.parametrize(
    ("values", "mean"), [((0, -1), -0.5), ((2, 2), 2.0), ((-2, 2), 0.0), ((1, None), 1.0)]
)
def test_a_preference_is_the_mean_of_the_answered_pairs(values, mean):
    answered = sum(value is not None for value in values)
    assert preference(*values).estimate == Estimate(mean, sem_of_mean(answered))


def test_no_answered_pair_gives_no_preference():
    assert preference(None, None) == Preference(2, (), None, ())


def test_each_answered_pair_contributes_its_share():
    found = preference(2, None, -1).contributions
    assert [(part.item, part.value, part.weight, part.amount) for part in found] == [
        ("metrics-pair-0", 2, 0.5, 1.0),
        ("metrics-pair-2", -1, 0.5, -0.5),
    ]


@pytest.mark.parametrize(
    ("values", "enough"),
    [
        ((None, None), False),
        ((2, None), False),
        ((2, 2), True),
        ((2,), True),
        ((2, 2, None), True),
        ((), False),
    ],
)
def test_a_row_needs_more_than_half_of_the_pairs(values, enough):
    assert preference(*values).rests_on_enough is enough


@pytest.mark.parametrize(
    ("values", "complete"), [((2, 2), True), ((2, None), False), ((2,), False), ((), False)]
)
def test_a_dimension_is_complete_when_two_pairs_or_more_are_all_answered(values, complete):
    assert preference(*values).is_complete is complete
