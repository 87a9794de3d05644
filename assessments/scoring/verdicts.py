"""Words for scores: rows, the headline, sureness, readiness (measurement 4).

A cut marked J is our judgement and is called that in the public explanation too.
"""

import math
from collections.abc import Iterable

from assessments.scoring.preference import Preference
from assessments.scoring.profile import DimensionScores, Profile
from assessments.scoring.report import (
    Band,
    DimensionPattern,
    Headline,
    Lean,
    OverallPattern,
    QualityLevel,
    Row,
    Sureness,
)
from assessments.scoring.uncertainty import Estimate, chance_below

ROW_STRONG_FROM = 1.5  # of 2; J
HEADLINE_STRONG_FROM = 1.0  # of 2; J
HEADLINE_MIN_SHARE = 0.70  # of the form's dimensions must have a preference; J
MIXED_FROM_SPREAD = 0.8  # J
EVEN_WITHIN = 0.4  # of 0, for the whole likely range; J
SURENESS_FROM: tuple[tuple[float, Sureness], ...] = (  # chance that the side is right; J
    (0.975, "very"),
    (0.90, "quite"),
    (0.75, "fairly"),
)
DEVELOPING_FROM, READY_FROM, STRONG_FROM = 1.5, 2.5, 3.5  # of 4; J
PATTERN_NAMED_FROM = 0.80  # J
MAX_EXCEPTIONS = 3

LEANS: tuple[Headline, ...] = ("strong_a", "leans_a", "leans_b", "strong_b")


def row_verdict(preference: Preference) -> Row:
    """The verdict of one dimension; only where the form shows rows."""
    if preference.estimate is None or not preference.rests_on_enough:
        return "not_enough"
    if not preference.estimate.excludes_zero:
        return "no_lean"
    return _lean(preference.estimate.value, ROW_STRONG_FROM)


def headline(profile: Profile, quality: QualityLevel, *, rows: bool) -> Headline:
    """The verdict of the whole form.

    `even` says that the preference favours no side (knowledge), `too_close` that the answers do
    not settle it (lack of knowledge); a form without rows is too short for the first.
    """
    overall = profile.overall
    if quality == "low" or overall is None or profile.scored / profile.asked < HEADLINE_MIN_SHARE:
        return "none"
    if overall.excludes_zero:
        return _lean(overall.value, HEADLINE_STRONG_FROM)
    if profile.spread is not None and profile.spread >= MIXED_FROM_SPREAD:
        return "mixed"
    if rows and overall.low >= -EVEN_WITHIN and overall.high <= EVEN_WITHIN:
        return "even"
    return "too_close"


def sureness(overall: Estimate | None, verdict: Headline) -> Sureness | None:
    """How sure the *side* is: Φ(|overall| / (√2 SEM)). None unless the headline leans."""
    if overall is None or verdict not in LEANS:
        return None
    chance = chance_below(abs(overall.value) / (math.sqrt(2) * overall.sem))
    for cut, word in SURENESS_FROM:
        if chance >= cut:
            return word
    return "not"


def exceptions(
    dimensions: Iterable[DimensionScores], overall: Estimate | None, verdict: Headline
) -> tuple[str, ...]:
    """Up to three dimensions whose row leans against the side that the headline leans to.

    The largest |P| first, then the document's order. Only where the form shows rows.
    """
    if overall is None or verdict not in LEANS:
        return ()
    against = [
        (scores.dimension.key, estimate.value)
        for scores in dimensions
        if (estimate := scores.preference.estimate)
        and row_verdict(scores.preference) in LEANS
        and (estimate.value < 0) != (overall.value < 0)
    ]
    against.sort(key=lambda found: -abs(found[1]))
    return tuple(key for key, _ in against[:MAX_EXCEPTIONS])


def band(readiness: Estimate | None) -> Band | None:
    """New, Developing, Ready or Strong."""
    if readiness is None:
        return None
    if readiness.value < DEVELOPING_FROM:
        return "new"
    if readiness.value < READY_FROM:
        return "developing"
    return "ready" if readiness.value < STRONG_FROM else "strong"


def dimension_pattern(scores: DimensionScores) -> DimensionPattern:
    """On which sides one is ready; not scored unless both are."""
    a, b = scores.readiness["a"].estimate, scores.readiness["b"].estimate
    if a is None or b is None:
        return "not_scored"
    if a.value >= READY_FROM:
        return "both" if b.value >= READY_FROM else "a_ready"
    return "b_ready" if b.value >= READY_FROM else "neither_yet"


def overall_pattern(a: Estimate | None, b: Estimate | None) -> OverallPattern:
    """The likeliest of the four patterns if its chance is .80 or more, else undecided.

    p = Φ((R - 2.5) / SEM) by side; never a median split, which changes with the sample.
    """
    if a is None or b is None:
        return "undecided"
    p_a = chance_below((a.value - READY_FROM) / a.sem)
    p_b = chance_below((b.value - READY_FROM) / b.sem)
    chances: dict[OverallPattern, float] = {
        "both": p_a * p_b,
        "a_ready": p_a * (1 - p_b),
        "b_ready": (1 - p_a) * p_b,
        "neither_yet": (1 - p_a) * (1 - p_b),
    }
    # The four add up to 1, so only the largest can reach the cut.
    for pattern, chance in chances.items():
        if chance >= PATTERN_NAMED_FROM:
            return pattern
    return "undecided"


def _lean(preference: float, strong_from: float) -> Lean:
    if preference < 0:
        return "strong_a" if preference <= -strong_from else "leans_a"
    return "strong_b" if preference >= strong_from else "leans_b"
