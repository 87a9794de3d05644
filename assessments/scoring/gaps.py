"""What a role asks for beyond what a person reports: gaps, and which matter most.

Blueprint 8.2: gap = max(0, need - readiness) per dimension and side, priority = weight² x gap.
Squaring lets a decisive dimension with a small gap come before a helpful one with a large gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.instrument.document import SIDES, Questionnaire, Role, Side
from assessments.instrument.needs import needs
from assessments.scoring.report import DimensionReport, Report

Since = Mapping[tuple[str, Side], float]
NOTHING_SINCE: Since = {}


@dataclass(frozen=True, slots=True)
class Cell:
    """One dimension and side of a role: weight 0-3, need 0-3, has and gap 0-4 (readiness)."""

    dimension: str
    side: Side
    weight: int
    need: int
    has: float

    @property
    def gap(self) -> float:
        """How far the reported readiness is below the need; 0 where it is met."""
        return max(0.0, self.need - self.has)

    @property
    def priority(self) -> float:
        """weight² x gap (blueprint 8.2, rule 3)."""
        return self.weight**2 * self.gap


def cells(
    document: Questionnaire, report: Report, role: Role, *, since: Since = NOTHING_SINCE
) -> list[Cell]:
    """The cells that the role needs and that have a readiness, most important first.

    `since` holds readiness (0-4) rated again after the report, by dimension and side.
    Ties go by the document's `tie_order`, then the side the person leans to, then side a.
    """
    place = {key: number for number, key in enumerate(document.study.tie_order)}
    leaned = "b" if (report.overall.preference or 0) > 0 else "a"
    found = [cell for row in report.dimensions for cell in _cells_of(role, row, since)]
    return sorted(
        found,
        key=lambda cell: (
            -cell.priority,
            place[cell.dimension],
            cell.side != leaned,
            cell.side,
        ),
    )


def _cells_of(role: Role, row: DimensionReport, since: Since) -> list[Cell]:
    target = role.targets[row.key]
    found = []
    for side, need in zip(SIDES, needs(role, row.key), strict=True):
        has = since.get((row.key, side), row.readiness(side))
        if need and has is not None:
            found.append(Cell(row.key, side, target.weight, need, has))
    return found
