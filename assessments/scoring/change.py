"""What really changed between two attempts, beside what a retest changes anyway (measurement 7).

Only items that both forms share, with the same key and revision, are compared. Both attempts are
scored again from their answers to these, by the same scorer and with the second edition's
weights: answers that stayed the same must never come out as a change.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Self

from pydantic import Field

from assessments.instrument.canonical import item_revision
from assessments.instrument.document import SIDES, Form, Item, Questionnaire, Section, Side
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.calibration import Calibration
from assessments.scoring.notation import Number, canonical
from assessments.scoring.profile import READINESS_FACET, DimensionScores, Profile, profile_of
from assessments.scoring.readiness import POINTS_PER_FIT
from assessments.scoring.report import Facet, Part, QualityLevel, Report
from assessments.scoring.uncertainty import Estimate

CHANGE_SCHEMA: Literal["change/1"] = "change/1"

CHANGED_FROM = 1.96  # |RCI|; beyond it lies 1 in 20 by chance (Jacobson & Truax 1991)
PROBABLY_FROM = 1.645  # |RCI|; beyond it lies 1 in 10 by chance

ChangeVerdict = Literal["changed", "probably", "none", "not_comparable"]


class NotComparable(ValueError):
    """The two attempts answered different questionnaires."""


class ScoreChange(Part):
    """One score in both attempts, on the stored scale; `common` is how many items it shares.

    `rci` = difference / √(SEM₁² + SEM₂²), `limit` the difference from which it is *changed*,
    `low` and `high` the second score's likely range, not clipped. All null where the score is
    not comparable, but for a score that only one of the attempts has.
    """

    common: int
    first: Number | None
    second: Number | None
    first_sem: Number | None
    second_sem: Number | None
    low: Number | None
    high: Number | None
    difference: Number | None
    limit: Number | None
    rci: Number | None
    verdict: ChangeVerdict


class ScoreChanges(Part):
    """The three scores of a whole form; they are never added up."""

    preference: ScoreChange
    readiness_a: ScoreChange
    readiness_b: ScoreChange

    def facets(self) -> Iterator[tuple[Facet, ScoreChange]]:
        """Preference, then readiness for side a and side b."""
        yield "preference", self.preference
        yield "readiness_a", self.readiness_a
        yield "readiness_b", self.readiness_b


class DimensionChange(ScoreChanges):
    """The three scores of a dimension that has an item on one of the forms."""

    key: str


class MovedAnswer(Part):
    """An item with two different answers; `size` is 0 to 4 steps, for a scenario in its points."""

    item: str
    before: int | str
    after: int | str
    size: int


class Compared(Part):
    """One of the two attempts; `answered` counts the common items only."""

    edition: int
    edition_digest: str
    form: str
    answers_digest: str
    quality: QualityLevel
    answered: int


class Change(Part):
    schema_: Literal["change/1"] = Field(alias="schema")
    questionnaire: str
    first: Compared
    second: Compared
    common: int
    overall: ScoreChanges
    dimensions: tuple[DimensionChange, ...]
    moved: tuple[MovedAnswer, ...]

    def scores(self) -> Iterator[tuple[str | None, Facet, ScoreChange]]:
        """Every score with its dimension's key and its facet; the overall ones (None) first."""
        yield from ((None, facet, score) for facet, score in self.overall.facets())
        for row in self.dimensions:
            yield from ((row.key, facet, score) for facet, score in row.facets())

    def canonical(self) -> str:
        """The change as canonical JSON."""
        return canonical(self.model_dump(mode="json", by_alias=True))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a change from its JSON; raises ValueError if it is not a `change/1`."""
        return cls.model_validate_json(text)


def compare(
    document_a: Questionnaire,
    sheet_a: AnswerSheet,
    report_a: Report,
    document_b: Questionnaire,
    sheet_b: AnswerSheet,
    report_b: Report,
    *,
    calibration_a: Calibration | None = None,
    calibration_b: Calibration | None = None,
) -> Change:
    """The change from attempt a to attempt b, each with its own SEM on the common items.

    The calibrations are those that the reports name, None where a report names none.
    Raises `NotComparable` for two questionnaires, ValueError if an answer does not fit its item.
    """
    if document_a.slug != document_b.slug:
        raise NotComparable(
            f"“{document_a.slug}” and “{document_b.slug}” are different questionnaires."
        )
    sheet_a.check(document_a)
    sheet_b.check(document_b)
    form_a, form_b = document_a.form[sheet_a.form], document_b.form[sheet_b.form]
    items = common_items(document_a, form_a, document_b, form_b)
    first = _Scored.of(document_b, form_b, items, sheet_a, calibration_a)
    second = _Scored.of(document_b, form_b, items, sheet_b, calibration_b)
    return Change(
        schema=CHANGE_SCHEMA,
        questionnaire=document_b.slug,
        first=_compared(report_a, sheet_a, items),
        second=_compared(report_b, sheet_b, items),
        common=len(items),
        overall=ScoreChanges(
            preference=_score_change(items, "preference", first.overall, second.overall),
            readiness_a=_overall_readiness(items, first, second, "a"),
            readiness_b=_overall_readiness(items, first, second, "b"),
        ),
        dimensions=tuple(
            _dimension_change(key, items, first, second)
            for key in _dimension_keys(document_a, form_a, document_b, form_b)
        ),
        moved=tuple(_moved(items, sheet_a, sheet_b)),
    )


def common_items(
    document_a: Questionnaire, form_a: Form, document_b: Questionnaire, form_b: Form
) -> tuple[Item, ...]:
    """The items on both forms with the same key and revision, in the order of form b."""
    on_a = set(form_a.item_keys)
    return tuple(
        item
        for item in document_b.items_of(form_b)
        if item.key in on_a
        and item_revision(document_a, item.key) == item_revision(document_b, item.key)
    )


@dataclass(frozen=True, slots=True)
class _Scored:
    """An attempt's scores on the common items."""

    overall: Estimate | None = None
    readiness: dict[Side, Estimate | None] = field(default_factory=dict)
    dimensions: dict[str, DimensionScores] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        document: Questionnaire,
        form: Form,
        items: tuple[Item, ...],
        sheet: AnswerSheet,
        calibration: Calibration | None,
    ) -> Self:
        """Score a sheet on these items of a form."""
        if not items:
            return cls()
        profile: Profile = profile_of(document, _restricted(form, items), sheet, calibration)
        by_key = {scores.dimension.key: scores for scores in profile.dimensions}
        return cls(profile.overall, profile.readiness, by_key)

    def preference_in(self, dimension: str) -> Estimate | None:
        scores = self.dimensions.get(dimension)
        return scores.preference.estimate if scores else None

    def readiness_in(self, dimension: str, side: Side) -> Estimate | None:
        scores = self.dimensions.get(dimension)
        return scores.readiness[side].estimate if scores else None


def _restricted(form: Form, items: tuple[Item, ...]) -> Form:
    keys = tuple(item.key for item in items)
    return Form(
        key=form.key,
        title=form.title,
        sections=(Section(title=form.title, items=keys),),
        rules=form.rules,
    )


def _dimension_keys(
    document_a: Questionnaire, form_a: Form, document_b: Questionnaire, form_b: Form
) -> list[str]:
    """Dimensions with an item on either form: the second document's order, then the first's."""
    asked = {item.dimension for item in document_a.items_of(form_a)}
    asked |= {item.dimension for item in document_b.items_of(form_b)}
    both = dict.fromkeys([*document_b.dimension, *document_a.dimension])
    return [key for key in both if key in asked]


def _dimension_change(
    key: str, items: tuple[Item, ...], first: _Scored, second: _Scored
) -> DimensionChange:
    own = tuple(item for item in items if item.dimension == key)

    def readiness(side: Side) -> ScoreChange:
        before, after = first.readiness_in(key, side), second.readiness_in(key, side)
        return _score_change(own, READINESS_FACET[side], before, after)

    return DimensionChange(
        key=key,
        preference=_score_change(
            own, "preference", first.preference_in(key), second.preference_in(key)
        ),
        readiness_a=readiness("a"),
        readiness_b=readiness("b"),
    )


def _overall_readiness(
    items: tuple[Item, ...], first: _Scored, second: _Scored, side: Side
) -> ScoreChange:
    before, after = first.readiness.get(side), second.readiness.get(side)
    return _score_change(items, READINESS_FACET[side], before, after)


def _score_change(
    items: tuple[Item, ...], facet: Facet, first: Estimate | None, second: Estimate | None
) -> ScoreChange:
    difference = limit = rci = None
    verdict: ChangeVerdict = "not_comparable"
    if first and second:
        difference = second.value - first.value
        error = math.hypot(first.sem, second.sem)
        limit, rci = CHANGED_FROM * error, difference / error
        verdict = _verdict(rci)
    return ScoreChange(
        common=sum(_counts_for(item, facet) for item in items),
        first=first.value if first else None,
        second=second.value if second else None,
        first_sem=first.sem if first else None,
        second_sem=second.sem if second else None,
        low=second.low if second else None,
        high=second.high if second else None,
        difference=difference,
        limit=limit,
        rci=rci,
        verdict=verdict,
    )


def _verdict(rci: float) -> ChangeVerdict:
    if abs(rci) >= CHANGED_FROM:
        return "changed"
    return "probably" if abs(rci) >= PROBABLY_FROM else "none"


def _counts_for(item: Item, facet: Facet) -> bool:
    if item.kind == "pair":
        return facet == "preference"
    sides = (item.side,) if item.kind == "rating" else item.sides
    return any(READINESS_FACET[side] == facet for side in sides)


def _compared(report: Report, sheet: AnswerSheet, items: tuple[Item, ...]) -> Compared:
    return Compared(
        edition=report.edition,
        edition_digest=report.edition_digest,
        form=report.form,
        answers_digest=report.answers_digest,
        quality=report.quality.level,
        answered=sum(sheet.is_answered(item) for item in items),
    )


def _moved(
    items: tuple[Item, ...], sheet_a: AnswerSheet, sheet_b: AnswerSheet
) -> list[MovedAnswer]:
    """The items answered differently, the largest step first, then in the order presented."""
    moved = []
    for item in items:
        before, after = sheet_a.answers.get(item.key), sheet_b.answers.get(item.key)
        if before is None or after is None or before == after:
            continue
        size = _step(item, sheet_a, sheet_b)
        moved.append(MovedAnswer(item=item.key, before=before, after=after, size=size))
    return sorted(moved, key=lambda answer: -answer.size)


def _step(item: Item, sheet_a: AnswerSheet, sheet_b: AnswerSheet) -> int:
    if item.kind != "scenario":
        return abs((sheet_b.number(item) or 0) - (sheet_a.number(item) or 0))
    before, after = (item.option(sheet.option_key(item) or "") for sheet in (sheet_a, sheet_b))
    return max(
        POINTS_PER_FIT * abs(after.fit(side) - before.fit(side))
        for side in SIDES
        if side in item.sides
    )
