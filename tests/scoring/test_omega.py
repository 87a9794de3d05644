import math

import pytest

from assessments.scoring.omega import omega_total


def implied(loadings: list[float], own: list[float]) -> list[list[float]]:
    """The covariances that one factor gives."""
    return [
        [a * b + (psi if i == j else 0.0) for j, b in enumerate(loadings)]
        for i, (a, psi) in enumerate(zip(loadings, own, strict=True))
    ]


def test_a_factor_that_made_the_covariances_is_found_again():
    loadings, own = [0.9, 0.5, 1.2, 0.4, -0.3], [0.6, 1.0, 0.8, 1.5, 0.7]
    common = sum(loadings) ** 2
    found = omega_total(implied(loadings, own))
    assert found.omega == pytest.approx(common / (common + sum(own)), abs=1e-6)
    assert found.is_heywood is False


def test_three_items_have_the_factor_of_their_triads():
    c12, c13, c23 = 0.42, 0.35, 0.30
    l1, l2, l3 = (
        math.sqrt(c12 * c13 / c23), math.sqrt(c12 * c23 / c13), math.sqrt(c13 * c23 / c12),
    )  # fmt: skip
    common = (l1 + l2 + l3) ** 2
    own = 3 - l1**2 - l2**2 - l3**2
    found = omega_total([[1, c12, c13], [c12, 1, c23], [c13, c23, 1]])
    assert found.omega == pytest.approx(common / (common + own), abs=1e-6)


def test_equal_items_have_the_omega_of_their_correlation():
    # Parallel items: omega = alpha = k r / (1 + (k - 1) r).
    k, r = 28, 0.15
    found = omega_total([[1.0 if i == j else r for j in range(k)] for i in range(k)])
    assert found.omega == pytest.approx(k * r / (1 + (k - 1) * r), abs=1e-7)


def test_under_three_items_there_is_no_omega():
    assert omega_total([]).omega is None
    assert omega_total([[1.0, 0.5], [0.5, 1.0]]).omega is None
    assert omega_total([[1.0, 0.5], [0.5, 1.0]]).is_heywood is False


@pytest.mark.parametrize(
    "covariances",
    [
        [[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]],  # l₁² = .8 × .8 / .4, more than the item
        [[1, 1, 0.3], [1, 1, 0.3], [0.3, 0.3, 1]],  # the same item twice
        [[1, 0.3, 0], [0.3, 1, 0], [0, 0, 0]],  # one that everybody answers alike
    ],
)
def test_where_an_item_has_no_variance_of_its_own_there_is_no_omega(covariances):
    found = omega_total(covariances)
    assert found.omega is None
    assert found.is_heywood is True
