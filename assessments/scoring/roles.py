"""How the roles fit: what one wants, what one can, and their order (measurement 6, blueprint 6.2).

One-sided gaps, not symmetric similarity, drive advice (Edwards 1993). No number is called a
match, a probability or a percentile.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.instrument.document import SIDES, Questionnaire, Role, Side, Target
from assessments.instrument.needs import needs
from assessments.scoring.notation import written
from assessments.scoring.profile import DimensionScores
from assessments.scoring.report import OverallPattern, RankBy, Report, RoleFit

PREFERENCE_RANGE = 4  # from -2 to 2
EQUALLY_CLOSE_WITHIN = 5  # points of 100; J


@dataclass(frozen=True, slots=True)
class Standing:
    """What a role is held against: one dimension's preference and readiness by side."""

    dimension: str
    preference: float | None
    readiness: dict[Side, float | None]


def standings_of(dimensions: Sequence[DimensionScores]) -> tuple[Standing, ...]:
    """The standings of a profile, unrounded."""
    return tuple(
        Standing(
            dimension=scores.dimension.key,
            preference=estimate.value if (estimate := scores.preference.estimate) else None,
            readiness={
                side: estimate.value if (estimate := scores.readiness[side].estimate) else None
                for side in SIDES
            },
        )
        for scores in dimensions
    )


def fit_of(role: Role, standings: Sequence[Standing]) -> RoleFit:
    """Want, Can and their mean; each null where there is nothing to work it out from."""
    want, can = _want(role, standings), _can(role, standings)
    cells = [standing.readiness[side] for standing in standings for side in SIDES]
    return RoleFit(
        key=role.key,
        want=want,
        can=can,
        overall=None if want is None or can is None else math.fsum((want, can)) / 2,
        used_want=sum(standing.preference is not None for standing in standings),
        used_can=sum(readiness is not None for readiness in cells),
    )


def ranked(
    roles: Sequence[Role], standings: Sequence[Standing], pattern: OverallPattern
) -> tuple[RankBy, tuple[RoleFit, ...]]:
    """All roles, the best fit first; ties in the document's order, a null Can last.

    Someone who is ready on both sides can do almost anything: then by Want alone.
    """
    rank_by: RankBy = "want" if pattern == "both" else "overall"
    fits = [fit_of(role, standings) for role in roles]
    # Fits hold written numbers: what reads as equal in the report ranks as equal.
    return rank_by, tuple(sorted(fits, key=lambda fit: _place(_ranking_value(fit, rank_by))))


def equally_close(fits: Sequence[RoleFit], rank_by: RankBy) -> tuple[str, ...]:
    """The roles within 5 points of the first, the first included; empty if it stands alone."""
    values = [(fit.key, _ranking_value(fit, rank_by)) for fit in fits]
    first = values[0][1] if values else None
    if first is None:
        return ()
    close = tuple(
        key
        for key, value in values
        if value is not None and written(first - value) <= EQUALLY_CLOSE_WITHIN
    )
    return close if len(close) >= 2 else ()


def role_fit(document: Questionnaire, report: Report, role_key: str) -> RoleFit:
    """The fit of any role of the report's edition, also where the report ranks none.

    A fit that the report holds is given as it stands; otherwise it is worked out from the
    report's dimensions. Raises KeyError for a role that the edition does not have.
    """
    role = document.role[role_key]
    for fit in report.roles:
        if fit.key == role_key:
            return fit
    standings = [
        Standing(
            dimension=dimension.key,
            preference=dimension.preference,
            readiness={side: dimension.readiness(side) for side in SIDES},
        )
        for dimension in report.dimensions
    ]
    return fit_of(role, standings)


def _want(role: Role, standings: Sequence[Standing]) -> float | None:
    """100 (1 - Σ w·|P - t| / (4 Σ w)) over dimensions with a preference."""
    parts = [
        (target, standing.preference)
        for standing in standings
        if standing.preference is not None
        and (target := role.targets.get(standing.dimension)) is not None
    ]
    total = sum(target.weight for target, _ in parts)
    if not total:
        return None
    distance = math.fsum(_distance(target, preference) for target, preference in parts)
    return 100 * (1 - distance / (PREFERENCE_RANGE * total))


def _distance(target: Target, preference: float) -> float:
    return target.weight * abs(preference - target.position)


def _can(role: Role, standings: Sequence[Standing]) -> float | None:
    """100 (1 - Σ w·gap / Σ w·need) over cells with a readiness, gap = max(0, need - R)."""
    gaps, total = [], 0
    for standing in standings:
        target = role.targets.get(standing.dimension)
        if target is None:
            continue
        for side, need in zip(SIDES, needs(role, standing.dimension), strict=True):
            readiness = standing.readiness[side]
            if readiness is not None:
                gaps.append(target.weight * max(0.0, need - readiness))
                total += target.weight * need
    return 100 * (1 - math.fsum(gaps) / total) if total else None


def _ranking_value(fit: RoleFit, rank_by: RankBy) -> float | None:
    if fit.can is None:
        return None
    return fit.want if rank_by == "want" else fit.overall


def _place(value: float | None) -> tuple[bool, float]:
    return (value is None, -(value or 0.0))
