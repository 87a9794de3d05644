"""What a role needs of a person: readiness by dimension and side (blueprint 6.2)."""

from assessments.instrument.document import Role

NEED_BY_WEIGHT = {0: 0, 1: 2, 2: 3, 3: 3}


def needs(role: Role, dimension: str) -> tuple[int, int]:
    """The readiness (0 to 3) that the role needs in a dimension, for side a and side b.

    N = 2 at weight 1, 3 at weight 2 or 3, none at 0. The side that the target lies on needs N;
    the other none at ±2, N - 2 at ±1; a target of 0 needs N - 1 of both. Never below 0.
    """
    target = role.targets.get(dimension)
    if target is None:
        return (0, 0)
    n = NEED_BY_WEIGHT[target.weight]
    if target.position == 0:
        return (max(0, n - 1), max(0, n - 1))
    other = max(0, n - 2) if abs(target.position) == 1 else 0
    return (n, other) if target.position < 0 else (other, n)
