"""Calibrations as documents, read once per process."""

from functools import lru_cache

from django.db.models import Subquery
from django.db.models.expressions import OuterRef

from assessments.analysis.models import Calibration as CalibrationRow
from assessments.scoring.calibration import Calibration

# A calibration never changes, so a process may keep it for life; the bound only caps memory.
CALIBRATIONS_KEPT = 64


@lru_cache(maxsize=CALIBRATIONS_KEPT)
def calibration(edition_id: int, number: int) -> Calibration:
    """The calibration of an edition of that number. One query the first time, none afterwards."""
    row = CalibrationRow.objects.get(edition=edition_id, number=number)
    return Calibration.parse(row.document)


def calibration_of_report(edition_id: int, number: int | None) -> Calibration | None:
    """The one that a report names; None where it names none."""
    return None if number is None else calibration(edition_id, number)


def newest_number(edition: OuterRef) -> Subquery:
    """For a query: the number of an edition's newest calibration, NULL before the first.

    Which one is the newest is asked each time, since a new one may come.
    """
    rows = CalibrationRow.objects.filter(edition=edition).order_by("-number")
    return Subquery(rows.values("number")[:1])
