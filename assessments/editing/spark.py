"""A row of small bars: how answers are spread, from the first answer to the last."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 88.0, 32.0, 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the drawing, in its own units."""

    x: float
    y: float
    width: float
    height: float


def spark(shares: Sequence[float | None]) -> tuple[Bar, ...]:
    """Bars of WIDTH by HEIGHT at most, the highest share filling it; None has no bar."""
    told = [share for share in shares if share is not None]
    highest = max(told, default=0.0) or 1.0
    step = WIDTH / len(shares) if shares else 0.0
    return tuple(
        Bar(
            x=round(number * step, 1),
            y=round(HEIGHT * (1 - share / highest), 1),
            width=round(step - GAP, 1),
            height=round(HEIGHT * share / highest, 1),
        )
        for number, share in enumerate(shares)
        if share is not None
    )
