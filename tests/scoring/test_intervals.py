"""Quantiles and intervals against printed tables and closed forms."""

import math

import pytest

from assessments.scoring.intervals import (
    beta_quantile,
    f_quantile,
    feldt_interval,
    incomplete_beta,
    percentile,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("share", "df1", "df2", "f"),
    [
        # Upper points as printed in tables of the F distribution (Pearson and Hartley 1966).
        (0.95, 1, 10, 4.96),
        (0.95, 3, 10, 3.71),
        (0.95, 5, 20, 2.71),
        (0.95, 10, 120, 1.91),
        (0.975, 1, 1, 647.8),
        (0.975, 4, 12, 4.12),
        (0.975, 20, 60, 1.94),
        (0.99, 2, 5, 13.27),
        (0.99, 30, 120, 1.86),
    ],
)
def test_f_quantiles_are_those_of_the_tables(share, df1, df2, f):
    assert f_quantile(share, df1, df2) == pytest.approx(f, abs=0.0051, rel=1e-4)
    # The lower point is one over the upper of the exchanged degrees of freedom.
    assert f_quantile(1 - share, df2, df1) == pytest.approx(1 / f_quantile(share, df1, df2))


@pytest.mark.parametrize("share", [0.001, 0.025, 0.3, 0.5, 0.975])
@pytest.mark.parametrize("a", [0.5, 1, 3.5, 40])
def test_beta_quantiles_are_those_of_closed_forms(share, a):
    assert beta_quantile(share, a, 1) == pytest.approx(share ** (1 / a), rel=1e-12)
    assert beta_quantile(share, 1, a) == pytest.approx(1 - (1 - share) ** (1 / a), rel=1e-12)
    arcsine = math.sin(math.pi * share / 2) ** 2
    assert beta_quantile(share, 0.5, 0.5) == pytest.approx(arcsine, rel=1e-12)
    assert incomplete_beta(beta_quantile(share, a, 7), a, 7) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(2, 3), (5, 2), (8, 30), (1, 1)])
@pytest.mark.parametrize("x", [0.0, 0.07, 0.4, 0.9, 1.0])
def test_the_incomplete_beta_of_whole_numbers_is_a_binomial_tail(x, a, b):
    n = a + b - 1
    tail = math.fsum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    assert incomplete_beta(x, a, b) == pytest.approx(tail, abs=1e-14)


def test_the_interval_of_alpha_is_that_of_feldt():
    # Tables: F(60, 120) is 1.53 at .975, and F(120, 60), its lower point turned over, 1.58.
    found = feldt_interval(0.8, 61, 3)
    assert found.low == pytest.approx(1 - 0.2 * 1.53, abs=0.001)
    assert found.high == pytest.approx(1 - 0.2 / 1.58, abs=0.001)


def test_the_interval_of_a_million_people_is_narrow_and_of_two_people_says_nothing():
    found = feldt_interval(0.8, 1_000_000, 28)
    # The normal approximation: ±1.96 (1 - α) √(2k / ((k - 1) n)).
    half = 1.96 * 0.2 * math.sqrt(2 * 28 / (27 * 1_000_000))
    assert (found.low, found.high) == pytest.approx((0.8 - half, 0.8 + half), abs=1e-6)
    assert feldt_interval(0.8, 2, 2).low < -100
    assert feldt_interval(-3.0, 30, 5).low < -3 < feldt_interval(-3.0, 30, 5).high < 0


def test_the_interval_of_a_share_is_that_of_wilson():
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for hits, people, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson_interval(hits, people)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert wilson_interval(20, 20).high == 1.0
    assert wilson_interval(0, 0) is None


def test_a_percentile_counts_those_below_and_half_of_those_equal():
    found = percentile(50, 10, 100)
    assert found.value == 55.0
    # s = 55: the limits are quantiles of Beta(55.5, 45.5).
    assert incomplete_beta(found.low / 100, 55.5, 45.5) == pytest.approx(0.025)
    assert incomplete_beta(found.high / 100, 55.5, 45.5) == pytest.approx(0.975)
    assert percentile(0, 0, 10).value == 0.0
    assert percentile(0, 0, 10).low < 0.01
    assert percentile(0, 0, 0) is None
