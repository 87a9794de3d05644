"""What comes out: the report document (`report/1`), frozen when an attempt is finished.

Keys, words and scales are a promise to people with scripts; `null` means *not scored*. A number
is rounded to six decimals when it enters a report, and nowhere before.
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from assessments.instrument.document import Side
from assessments.scoring.notation import Number, canonical

REPORT_SCHEMA: Literal["report/1"] = "report/1"

QualityLevel = Literal["high", "medium", "low"]
FlagCode = Literal["missing", "speed", "same_position", "contradiction", "yes_saying", "flat"]
FlagLevel = Literal["low", "medium", "own"]
Lean = Literal["strong_a", "leans_a", "leans_b", "strong_b"]
Headline = Literal[
    "strong_a", "leans_a", "leans_b", "strong_b", "mixed", "even", "too_close", "none"
]
Row = Literal["strong_a", "leans_a", "no_lean", "leans_b", "strong_b", "not_enough"]
Sureness = Literal["very", "quite", "fairly", "not"]
Band = Literal["new", "developing", "ready", "strong"]
DimensionPattern = Literal["a_ready", "b_ready", "both", "neither_yet", "not_scored"]
OverallPattern = Literal["a_ready", "b_ready", "both", "neither_yet", "undecided"]
Facet = Literal["preference", "readiness_a", "readiness_b"]
RankBy = Literal["overall", "want", "none"]


class Part(BaseModel):
    """Base of every part of a report: frozen, strict, and no key that we do not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Flag(Part):
    """A reason to trust the answers less; `detail` holds the numbers behind it."""

    code: FlagCode
    level: FlagLevel
    detail: dict[str, int | Number] | None


class Quality(Part):
    level: QualityLevel
    flags: tuple[Flag, ...]


class OverallReadiness(Part):
    """The mean readiness of a side (0 to 4) with its likely range, not clipped to the scale."""

    mean: Number | None
    low: Number | None
    high: Number | None
    band: Band | None


class Overall(Part):
    """The whole form: preference from -2 (pole a) to 2 (pole b), readiness by side."""

    preference: Number | None
    low: Number | None
    high: Number | None
    verdict: Headline
    sureness: Sureness | None
    spread: Number | None
    readiness_pattern: OverallPattern
    readiness_a: OverallReadiness
    readiness_b: OverallReadiness


class TraceLine(Part):
    """One answer's part in one score: `value` × `weight` = `contribution`.

    `value` is -2 to 2 for a pair, 0 to 4 for a rating, and twice the option's fit (0 to 4) for
    a scenario.
    """

    item: str
    facet: Facet
    value: int
    weight: Number
    contribution: Number


class DimensionReport(Part):
    key: str
    preference: Number | None
    low: Number | None
    high: Number | None
    verdict: Row | None
    readiness_a: Number | None
    readiness_a_band: Band | None
    readiness_b: Number | None
    readiness_b_band: Band | None
    pattern: DimensionPattern
    trace: tuple[TraceLine, ...]

    def readiness(self, side: Side) -> float | None:
        """Readiness for a side, 0 to 4."""
        return self.readiness_a if side == "a" else self.readiness_b


class RoleFit(Part):
    """How well a role fits, 0 to 100: what one wants, what one can, and their mean.

    `used_want` is the number of dimensions with a preference, `used_can` the number of
    dimension-and-side cells with a readiness, that the two could be worked out from.
    """

    key: str
    want: Number | None
    can: Number | None
    overall: Number | None
    used_want: int
    used_can: int


class Report(Part):
    """`calibration` is the number of the one that its ranges rest on; null: they are assumed."""

    schema_: Literal["report/1"] = Field(alias="schema")
    scoring: int
    calibration: int | None
    questionnaire: str
    edition: int
    edition_digest: str
    form: str
    answers_digest: str
    answered: int
    asked: int
    quality: Quality
    overall: Overall
    dimensions: tuple[DimensionReport, ...]
    exceptions: tuple[str, ...]
    roles: tuple[RoleFit, ...]
    rank_by: RankBy
    equally_close: tuple[str, ...]

    def canonical(self) -> str:
        """The report as canonical JSON: what is stored, and compared byte for byte."""
        return canonical(self.model_dump(mode="json", by_alias=True))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a report from its JSON; raises ValueError if it is not a `report/1`."""
        return cls.model_validate_json(text)
