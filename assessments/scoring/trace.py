"""Which answer gave how much of a score (measurement 8)."""

from dataclasses import dataclass

from assessments.scoring.report import Facet, TraceLine


@dataclass(frozen=True, slots=True)
class Contribution:
    """One answer's part in a score. The contributions of a score add up to it."""

    item: str
    value: int
    weight: float

    @property
    def amount(self) -> float:
        """What it adds to the score, in the score's unit."""
        return self.value * self.weight

    def line(self, facet: Facet) -> TraceLine:
        """It as a line of the report."""
        return TraceLine(
            item=self.item,
            facet=facet,
            value=self.value,
            weight=self.weight,
            contribution=self.amount,
        )
