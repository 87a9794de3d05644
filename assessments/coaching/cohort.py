"""A group at a glance: dimensions by clients, where it agrees and where it divides.

A pure function of what was read. Columns go by name and rows by the questionnaire; nothing here
sorts people by a score, and under five people there is no figure at all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.instrument.document import Poles, Questionnaire, Side
from assessments.reports.words import PREFERENCE_UNIT, preference_words
from assessments.scoring import Report
from assessments.scoring.plan import Plan
from assessments.scoring.report import DimensionReport
from assessments.scoring.uncertainty import standard_deviation

# Below this a figure of a group would point at a person (trust 5).
GROUP_MIN_PEOPLE = 5
# Where the colour of a cell changes, in points of 100; J.
STEPS = (15, 35, 60)
THEMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Member:
    """A client of the group whose result is laid beside the others'."""

    client_pk: UUID
    name: str
    report: Report
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A preference: 0 to 100 with its side, in words, and the class that colours it."""

    number: str
    side: str
    words: str
    is_open: bool
    shade: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One dimension: a cell for each client, and the middle one of the group."""

    key: str
    name: str
    cells: list[HeatCell]
    median: HeatCell


@dataclass(frozen=True, slots=True)
class NeededTheme:
    """What comes up in the plans of the group."""

    name: str
    pole: str
    plans: int


@dataclass(frozen=True, slots=True)
class Shade:
    """An entry of the colour key."""

    shade: str
    words: str
    side: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The group, for the page and the table; `plans` are those that members share."""

    members: list[Member]
    rows: list[HeatRow]
    key: list[Shade]
    agrees: str
    divides: str
    themes: list[NeededTheme]
    plans: int


def heat_map(document: Questionnaire, members: Sequence[Member]) -> HeatMap | None:
    """The group's map; None under five people."""
    if len(members) < GROUP_MIN_PEOPLE:
        return None
    by_name = sorted(members, key=lambda member: (member.name.casefold(), member.client_pk))
    reports = [{row.key: row for row in member.report.dimensions} for member in by_name]
    rows, spread = [], {}
    for dimension in document.dimensions:
        found = [_scored(report.get(dimension.key)) for report in reports]
        scores = [row.preference for row in found if row and row.preference is not None]
        # The same bound for a line: a middle of three is no word about a group.
        enough = len(scores) >= GROUP_MIN_PEOPLE
        if enough:
            spread[dimension.key] = standard_deviation(scores) or 0.0
        rows.append(
            HeatRow(
                key=dimension.key,
                name=dimension.name,
                cells=[_cell(row, document.poles) for row in found],
                median=_median(scores, document.poles) if enough else _no_cell(),
            )
        )
    plans = [member.plan for member in by_name if member.plan is not None]
    # Where all lines spread alike there is neither; the first of equals in the document's order.
    differ = {key: wide for key, wide in spread.items() if len(set(spread.values())) > 1}
    return HeatMap(
        members=by_name,
        rows=rows,
        key=list(_key(document.poles)),
        agrees=_name_of(document, min(differ, key=differ.__getitem__, default="")),
        divides=_name_of(document, max(differ, key=differ.__getitem__, default="")),
        themes=_themes(document, plans) if len(plans) >= GROUP_MIN_PEOPLE else [],
        plans=len(plans),
    )


def heat_table(document: Questionnaire, page: HeatMap) -> Iterator[tuple[str, ...]]:
    """The map as rows of text: words in each cell, so that none needs a minus."""
    yield (_("Dimension"), *(member.name for member in page.members), _("Median"))
    for row in page.rows:
        yield (row.name, *(cell.words for cell in row.cells), row.median.words)
    yield (
        _("Not for"),
        _("hiring, promotion, dismissal or comparing people. It is a self-report."),
    )


def _name_of(document: Questionnaire, key: str) -> str:
    return document.dimension[key].name if key else ""


def _scored(row: DimensionReport | None) -> DimensionReport | None:
    is_scored = row is not None and row.verdict not in (None, "not_enough")
    return row if is_scored else None


def _cell(row: DimensionReport | None, poles: Poles) -> HeatCell:
    if row is None or row.preference is None:
        return _no_cell()
    return _cell_of(row.preference, poles, is_open=row.verdict == "no_lean")


def _median(scores: Sequence[float], poles: Poles) -> HeatCell:
    return _cell_of(median(scores), poles, is_open=False)


def _no_cell() -> HeatCell:
    return HeatCell(number="", side="", words=_("Not enough answers"), is_open=False, shade="h-x")


def _cell_of(preference: float, poles: Poles, *, is_open: bool) -> HeatCell:
    points = round(preference * PREFERENCE_UNIT)
    said = preference_words(points / PREFERENCE_UNIT, poles)
    side = "" if not points else "b" if points > 0 else "a"
    return HeatCell(
        number=str(abs(points)),
        side=side,
        words=_("%(score)s, no clear lean") % {"score": said} if is_open else said,
        is_open=is_open,
        shade=_shade(abs(points), side),
    )


def _shade(points: int, side: str) -> str:
    step = sum(points >= start for start in STEPS)
    return f"h-{side}{step}" if step and side else "h-0"


def _key(poles: Poles) -> Iterator[Shade]:
    slight, clear, strong = STEPS
    sides: tuple[tuple[Side, list[int]], ...] = (("a", [3, 2, 1]), ("b", [1, 2, 3]))
    words = {
        1: _("%(first)d to %(last)d") % {"first": slight, "last": clear - 1},
        2: _("%(first)d to %(last)d") % {"first": clear, "last": strong - 1},
    }
    for side, steps in sides:
        if side == "b":
            yield Shade("h-0", _("Under %(points)d") % {"points": slight}, "")
        most = _("%(points)d or more to %(pole)s") % {"points": strong, "pole": poles[side].name}
        for step in steps:
            yield Shade(f"h-{side}{step}", words.get(step, most), side)


def _themes(document: Questionnaire, plans: Sequence[Plan]) -> list[NeededTheme]:
    """The focus themes that most plans share, those of as many in the document's order."""
    counted = Counter(
        (theme.dimension, theme.side)
        for plan in plans
        for theme in plan.themes
        if theme.focus and theme.dimension in document.dimension
    )
    place = {key: number for number, key in enumerate(document.dimension)}
    most_first = sorted(
        counted.items(), key=lambda found: (-found[1], place[found[0][0]], found[0][1])
    )
    return [
        NeededTheme(document.dimension[key].name, document.poles[side].name, count)
        for (key, side), count in most_first[:THEMES_SHOWN]
    ]
