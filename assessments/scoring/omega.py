"""Omega total: how much of a scale's variance one common factor explains (measurement 9)."""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass

MIN_ITEMS = 3  # one factor is not determined by fewer
SMALLEST_CHANGE = 1e-8  # of any loading or own variance in a step
MAX_STEPS = 1000
NOUGHT = 0.005  # of an item's variance; EM comes ever nearer to ψ = 0 but never there


@dataclass(frozen=True, slots=True)
class OneFactor:
    """`omega` is None with fewer than three items, and in a Heywood case."""

    omega: float | None
    is_heywood: bool = False


def omega_total(covariances: Sequence[Sequence[float]]) -> OneFactor:
    """(Σl)² / ((Σl)² + Σψ) (McDonald 1999) of one factor with loadings l and own variances ψ.

    Maximum likelihood on the covariances by EM (Rubin and Thayer 1982). An own variance that
    goes to nought is a Heywood case: the model does not fit, and there is no omega. (The limit
    is the bound that R's `factanal` sets.)
    """
    k = len(covariances)
    if k < MIN_ITEMS:
        return OneFactor(None)
    variances = [covariances[j][j] for j in range(k)]
    loadings = [math.sqrt(variance / 2) for variance in variances]
    own = [variance / 2 for variance in variances]
    if min(own) <= 0:
        return OneFactor(None, is_heywood=True)
    for _step in range(MAX_STEPS):
        ratios = [loading / psi for loading, psi in zip(loadings, own, strict=True)]
        g = 1 / (1 + math.fsum(map(operator.mul, loadings, ratios)))
        b = [g * ratio for ratio in ratios]
        cb = [math.fsum(map(operator.mul, row, b)) for row in covariances]
        scale = g + math.fsum(map(operator.mul, b, cb))
        before = loadings + own
        loadings = [c / scale for c in cb]
        own = [v - loading * c for v, loading, c in zip(variances, loadings, cb, strict=True)]
        if any(psi <= NOUGHT * v for psi, v in zip(own, variances, strict=True)):
            return OneFactor(None, is_heywood=True)
        if max(map(abs, map(operator.sub, loadings + own, before))) < SMALLEST_CHANGE:
            break
    common = math.fsum(loadings) ** 2
    return OneFactor(common / (common + math.fsum(own)))
