from dataclasses import replace

import pytest

from assessments.scoring import AnswerSheet
from assessments.scoring.profile import Profile
from assessments.scoring.uncertainty import Estimate, sem_of_mean
from assessments.scoring.verdicts import (
    band,
    exceptions,
    headline,
    overall_pattern,
    sureness,
)
from tests.scoring.reports import profile_on, report_on, row
from tests.scoring.takers import sheet, with_answers

SEM = 0.162


def profile(preference: float | None, *, spread: float | None = 0.6, scored: int = 14) -> Profile:
    return Profile(
        dimensions=(),
        asked=14,
        scored=scored,
        overall=None if preference is None else Estimate(preference, SEM),
        spread=spread,
        readiness={"a": None, "b": None},
    )


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (-2, -1, "strong_a"),
        (-1, -1, "leans_a"),
        (0, -1, "no_lean"),
        (2, -2, "no_lean"),
        (0, 1, "no_lean"),
        (0, 2, "leans_b"),
        (1, 2, "strong_b"),
        (2, None, "not_enough"),
        (None, None, "not_enough"),
    ],
)
def test_a_row_leans_when_its_likely_range_excludes_zero(document, one, other, verdict):
    given = sheet(document, pairs=1, ratings=2, scenarios="three")
    given = with_answers(given, {"metrics-pair-1": one, "metrics-pair-2": other})
    assert row(report_on(document, given), "metrics").verdict == verdict


@pytest.mark.parametrize(
    ("preference", "verdict"),
    [
        (-1.0, "strong_a"),
        (-0.99, "leans_a"),
        (-0.21, "leans_a"),
        (0.20, "too_close"),
        (0.19, "even"),
        (0.0, "even"),
        (-0.19, "even"),
        (0.21, "leans_b"),
        (1.0, "strong_b"),
    ],
)
def test_the_headline_follows_the_overall_preference(preference, verdict):
    assert headline(profile(preference), "high", rows=True) == verdict


def test_a_form_without_rows_is_too_close_where_a_full_one_is_even():
    assert headline(profile(0.0), "medium", rows=False) == "too_close"


def test_a_wide_spread_without_a_lean_is_mixed():
    assert headline(profile(0.0, spread=0.8), "high", rows=True) == "mixed"
    assert headline(profile(1.2, spread=0.8), "high", rows=True) == "strong_b"


def test_one_preference_alone_has_no_spread_to_be_mixed():
    alone = replace(profile(0.1, spread=None), asked=1, scored=1)
    assert headline(alone, "high", rows=True) == "even"


@pytest.mark.parametrize(("scored", "verdict"), [(9, "none"), (10, "strong_b")])
def test_a_headline_needs_70_percent_of_the_dimensions(scored, verdict):
    assert headline(profile(1.5, scored=scored), "high", rows=True) == verdict


def test_seven_of_ten_dimensions_are_exactly_enough():
    assert headline(replace(profile(1.5), asked=10, scored=7), "high", rows=True) == "strong_b"


def test_low_quality_or_no_preference_gives_no_headline():
    assert headline(profile(1.5), "low", rows=True) == "none"
    assert headline(profile(None, scored=0), "high", rows=True) == "none"


@pytest.mark.parametrize(
    ("preference", "word"),
    [(0.46, "very"), (-0.46, "very"), (0.44, "quite"), (0.30, "quite"), (0.28, "fairly")],
)
def test_sureness_is_that_of_the_side(preference, word):
    assert sureness(Estimate(preference, SEM), "leans_b") == word


def test_sureness_can_be_not():
    assert sureness(Estimate(0.1, SEM), "leans_b") == "not"


def test_without_a_lean_there_is_no_sureness():
    assert sureness(Estimate(0.1, SEM), "even") is None
    assert sureness(None, "none") is None


def test_exceptions_are_the_three_clearest_against_the_lean(document):
    against = {"design": -1, "documentation": -2, "metrics": -1, "user-buyer": -1}
    given = sheet(document, pairs=2)
    for key, value in against.items():
        given = with_answers(given, {f"{key}-pair-1": value, f"{key}-pair-2": value})
    found = profile_on(document, given)
    assert exceptions(found.dimensions, found.overall, "leans_b") == (
        "documentation",
        "user-buyer",
        "design",
    )


def test_a_dimension_that_may_lie_on_either_side_is_no_exception(document):
    given = sheet(document, pairs=2, **{"design-pair-1": -1, "design-pair-2": 0})
    found = profile_on(document, given)
    assert exceptions(found.dimensions, found.overall, "strong_b") == ()


def test_without_a_lean_nothing_is_an_exception(document):
    found = profile_on(document, sheet(document, pairs=2))
    assert exceptions(found.dimensions, found.overall, "none") == ()
    nothing = profile_on(document, AnswerSheet("full", {}))
    assert exceptions(nothing.dimensions, nothing.overall, "none") == ()


@pytest.mark.parametrize(
    ("readiness", "word"),
    [
        (0, "new"),
        (1.49, "new"),
        (1.5, "developing"),
        (2.49, "developing"),
        (2.5, "ready"),
        (3.49, "ready"),
        (3.5, "strong"),
    ],
)
def test_bands_begin_at_their_cut(readiness, word):
    assert band(Estimate(readiness, SEM)) == word


def test_what_is_not_scored_has_no_band():
    assert band(None) is None


@pytest.mark.parametrize(
    ("a", "b", "pattern"),
    [
        (3, 3, "both"),
        (3, 2, "a_ready"),
        (2, 3, "b_ready"),
        (2, 2, "neither_yet"),
        (None, 3, "not_scored"),
        (3, None, "not_scored"),
    ],
)
def test_a_dimensions_pattern_says_which_sides_are_ready(document, a, b, pattern):
    given = sheet(document, **{"platforms-rating-a": a, "platforms-rating-b": b})
    assert row(report_on(document, given), "platforms").pattern == pattern


@pytest.mark.parametrize(
    ("a", "b", "pattern"),
    [
        (3.5, 3.0, "both"),
        (3.5, 1.5, "a_ready"),
        (1.5, 3.5, "b_ready"),
        (1.5, 2.0, "neither_yet"),
        (3.5, 2.6, "undecided"),
    ],
)
def test_the_overall_pattern_is_named_only_from_a_chance_of_80_percent(a, b, pattern):
    sem = sem_of_mean(1) / 14**0.5
    assert overall_pattern(Estimate(a, sem), Estimate(b, sem)) == pattern


def test_the_overall_pattern_is_undecided_without_both_sides():
    assert overall_pattern(Estimate(3.0, 0.2), None) == "undecided"
    assert overall_pattern(None, Estimate(3.0, 0.2)) == "undecided"
