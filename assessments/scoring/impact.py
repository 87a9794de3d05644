"""What another document would tell people, beside what they have been told.

Each person's answers are scored under both; `told` is what is compared, and a `Tally` adds up
how many people would be told otherwise. It holds counts, never who.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from assessments.instrument.canonical import item_revision
from assessments.instrument.document import Questionnaire, Side
from assessments.scoring.gaps import cells
from assessments.scoring.plan import Plan
from assessments.scoring.report import Report

Whole = Literal[
    "headline", "readiness_a", "readiness_b", "quality", "ranking", "first_role", "first_theme"
]
OfDimension = Literal["verdict", "readiness_a", "readiness_b"]
WHOLE: tuple[Whole, ...] = (
    "headline", "readiness_a", "readiness_b", "quality", "ranking", "first_role", "first_theme",
)  # fmt: skip
OF_DIMENSION: tuple[OfDimension, ...] = ("verdict", "readiness_a", "readiness_b")

WhyLost = Literal["gone", "another", "new"]
"""Why an item does not count for both: it is not asked any more, is another question under the
same key, or was not asked before."""
WhyOut = Literal["form", "answers", "unreadable"]
"""Why nobody's result could be scored again: no such form, no answer left, nothing to read."""


class Told(NamedTuple):
    """One thing that a result says; `dimension` is "" for the whole."""

    what: str
    dimension: str


class Gap(NamedTuple):
    """A level of a dimension and side that somebody lacks and that no step leads from."""

    dimension: str
    side: Side
    level: int


class Move(NamedTuple):
    """Something told otherwise to a person whose result is of an edition."""

    told: Told
    edition: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one person is told, and the gaps that the study library has no step for."""

    told: Mapping[Told, str]
    gaps: tuple[Gap, ...]

    @property
    def is_ranked(self) -> bool:
        """Whether roles are ranked for the person."""
        return bool(self.told[Told("ranking", "")])


def outcome_of(
    document: Questionnaire, report: Report, plan: Plan | None, *, goal: str
) -> Outcome:
    """What a report and its plan say; `goal` is the role that the person chose, "" for none."""
    return Outcome(told_by(report, plan), tuple(gaps_without_step(document, report, goal)))


def told_by(report: Report, plan: Plan | None) -> dict[Told, str]:
    """Everything that is compared, in words and keys; "" where nothing is said."""
    first = plan.themes[0] if plan and plan.themes else None
    overall = report.overall
    whole: dict[Whole, str] = {
        "headline": overall.verdict,
        "readiness_a": overall.readiness_a.band or "",
        "readiness_b": overall.readiness_b.band or "",
        "quality": report.quality.level,
        "ranking": report.rank_by if report.roles else "",
        "first_role": report.roles[0].key if report.roles else "",
        "first_theme": f"{first.dimension} {first.side}" if first else "",
    }
    found = {Told(what, ""): said for what, said in whole.items()}
    for row in report.dimensions:
        found[Told("verdict", row.key)] = row.verdict or ""
        found[Told("readiness_a", row.key)] = row.readiness_a_band or ""
        found[Told("readiness_b", row.key)] = row.readiness_b_band or ""
    return found


def gaps_without_step(document: Questionnaire, report: Report, goal: str) -> Iterator[Gap]:
    """What the goal, or else the best fit, asks for and the study library cannot teach."""
    key = goal or (report.roles[0].key if report.roles else "")
    # As for the plan: answers of low quality say nothing about what is missing.
    if not key or report.quality.level == "low":
        return
    for cell in cells(document, report, document.role[key]):
        # Levels begin at floor(readiness), as in the plan; none where there is no gap.
        for level in range(int(cell.has), cell.need):
            if not document.steps(cell.dimension, cell.side, level):
                yield Gap(cell.dimension, cell.side, level)


@dataclass(frozen=True, slots=True)
class Common:
    """A form in two documents: the items that are the same question, and why others are not."""

    same: frozenset[str]
    lost: Mapping[str, WhyLost]


def common_items(before: Questionnaire, after: Questionnaire, form: str) -> Common:
    """Which items of the form both ask, with equal key and revision; KeyError without the form."""
    old, new = before.form[form].item_keys, after.form[form].item_keys
    lost: dict[str, WhyLost] = {key: "gone" for key in old if key not in new}
    for key in new:
        if key not in old:
            lost[key] = "new"
        elif item_revision(before, key) != item_revision(after, key):
            lost[key] = "another"
    return Common(frozenset(new) - lost.keys(), lost)


@dataclass(slots=True)
class Tally:
    """People counted. Who is compared is either told the same or told otherwise, thing by thing.

    `compared` and `left_out` add up to everybody who was looked at; for each thing told,
    `asked` is how many people both documents tell it, and `moves` those who would be told
    otherwise.
    """

    compared: int = 0
    left_out: Counter[WhyOut] = field(default_factory=Counter)
    changed: int = 0
    asked: Counter[Told] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)
    lost: Counter[tuple[WhyLost, str]] = field(default_factory=Counter)
    lost_any: int = 0
    goal_gone: int = 0
    unranked_before: int = 0
    unranked_after: int = 0
    gap_before: int = 0
    gap_after: int = 0
    gaps: Counter[Gap] = field(default_factory=Counter)

    @property
    def people(self) -> int:
        """Everybody who was looked at."""
        return self.compared + self.left_out.total()

    def differing(self, told: Told) -> int:
        """How many people would be told this otherwise."""
        return sum(count for move, count in self.moves.items() if move.told == told)

    def add(self, edition: int, before: Outcome, after: Outcome) -> None:
        """Count one person, whose result is of that edition."""
        both = before.told.keys() & after.told.keys()
        moves = [
            Move(told, edition, before.told[told], after.told[told])
            for told in both
            if before.told[told] != after.told[told]
        ]
        self.compared += 1
        self.changed += bool(moves)
        self.asked.update(both)
        self.moves.update(moves)
        self.unranked_before += not before.is_ranked
        self.unranked_after += not after.is_ranked
        self.gap_before += bool(before.gaps)
        self.gap_after += bool(after.gaps)
        self.gaps.update(after.gaps)

    def note_lost(self, lost: Mapping[str, WhyLost]) -> None:
        """Count one person's answers that were left out, and the new questions they never saw."""
        self.lost.update((why, key) for key, why in lost.items())
        self.lost_any += any(why != "new" for why in lost.values())
