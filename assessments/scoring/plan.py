"""The study plan: which gaps to close first, within the hours there are (measurement 6).

Blueprint 8.2-8.3: the goal decides what is needed, weight squared times gap decides the order, at
most three themes are in focus, and whatever does not fit is named with its hours. A plan is a
pure function of report, edition, goal and hours, and no part of the report, so a goal can change
without touching the report. Study alone takes nobody past *Helped* (2): the last step is work.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from pydantic import Field

from assessments.instrument.document import Questionnaire, Recommendation, Role, Side
from assessments.scoring.gaps import NOTHING_SINCE, Cell, Since, cells
from assessments.scoring.notation import Number, canonical, written
from assessments.scoring.report import Part, Report
from assessments.scoring.roles import role_fit

PLAN_SCHEMA: Literal["plan/1"] = "plan/1"
FOCUS_THEMES = 3
# A role may serve as a stepping stone (measurement 6); J.
STONE_WHEN_CAN_BELOW, STONE_CAN_FROM, STONE_WANT_FROM = 50, 60, 70
STONE_SHARED_DIMENSIONS, STONE_WEIGHT_FROM, STONE_TARGETS_WITHIN = 4, 2, 1
CAUTION_FROM = 2.0  # from the target to the preference, of 4
READY_FROM = 2.5
DRILL = "I"
THEME_IN_WEEKS = 3  # a theme comes up in this many weeks where its hours allow

GoalChosenBy = Literal["person", "best_fit", "none"]


class Theme(Part):
    """One dimension and side to work on; hours are those in the plan, not those it would need."""

    dimension: str
    side: Side
    weight: int
    need: int
    has: Number
    gap: Number
    priority: Number
    hours: int
    focus: bool
    why: str
    caution: str | None


class WeekStep(Part):
    """(A part of) a recommendation in one week; dimension and side are null for the foundation."""

    key: str
    kind: str
    title: str
    hours: int
    dimension: str | None
    side: Side | None


class Week(Part):
    week: int
    steps: tuple[WeekStep, ...]


class LeftOut(Part):
    """What did not fit, with the hours it would take."""

    dimension: str | None
    side: Side | None
    hours: int


class SteppingStone(Part):
    """A nearer role that leads towards the goal."""

    role: str
    want: Number
    can: Number


class Plan(Part):
    schema_: Literal["plan/1"] = Field(alias="schema")
    goal: str | None
    goal_chosen_by: GoalChosenBy
    want: Number | None
    can: Number | None
    stepping_stone: SteppingStone | None
    budget_hours: int
    hours_per_week: int
    themes: tuple[Theme, ...]
    weeks: tuple[Week, ...]
    left_out: tuple[LeftOut, ...]

    def canonical(self) -> str:
        """The plan as canonical JSON."""
        return canonical(self.model_dump(mode="json", by_alias=True))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a plan from its JSON; raises ValueError if it is not a `plan/1`."""
        return cls.model_validate_json(text)


@dataclass(slots=True)
class Strand:
    """A theme, or the foundation, while the plan is being made: the steps it was given."""

    dimension: str | None
    side: Side | None
    steps: list[Recommendation] = field(default_factory=list)
    left_out: int = 0

    @property
    def hours(self) -> int:
        """Hours of the steps it was given."""
        return sum(step.hours for step in self.steps)


@dataclass(slots=True)
class Purse:
    """Hours still to be spent."""

    hours: int

    def spend(self, strand: Strand, steps: Sequence[Recommendation]) -> None:
        """Give the strand the steps if they fit whole; else note their hours as left out.

        A level stands on the one before: once one is left out, so are those above it.
        """
        price = sum(step.hours for step in steps)
        if strand.left_out or price > self.hours:
            strand.left_out += price
        else:
            self.hours -= price
            strand.steps.extend(steps)


def write_plan(
    document: Questionnaire,
    report: Report,
    *,
    goal: str,
    hours_per_week: int,
    weeks: int,
    since: Since = NOTHING_SINCE,
) -> Plan | None:
    """The plan for a goal ("" = take the best fit); null at low quality without a goal.

    `hours_per_week` times `weeks` is the budget; no week holds more than `hours_per_week`.
    `since` is what was rated again after the report (0-4, by dimension and side); it moves the
    plan, never the report.
    Raises KeyError for a role that the edition does not have.
    """
    is_low = report.quality.level == "low"
    key = goal or (report.roles[0].key if report.roles else "")
    if is_low and not goal:
        return None
    role = document.role[key] if key and not is_low else None
    fit = role_fit(document, report, key) if key else None
    purse = Purse(hours_per_week * weeks)
    closing = Strand(None, None)
    for key_of_step in document.study.closing:
        purse.spend(closing, [document.recommendation[key_of_step]])
    wanted = cells(document, report, role, since=since) if role else []
    strands = _spend(document, report, wanted, purse)
    if role and not any(cell.gap for cell in wanted):
        strands = _strengthening(document, wanted, purse)
    return Plan(
        schema=PLAN_SCHEMA,
        goal=key or None,
        goal_chosen_by="person" if goal else "best_fit" if key else "none",
        want=fit.want if fit else None,
        can=fit.can if fit else None,
        stepping_stone=_stepping_stone(document, report, role) if role else None,
        budget_hours=hours_per_week * weeks,
        hours_per_week=hours_per_week,
        themes=tuple(_themes(document, report, role, wanted, strands)) if role else (),
        weeks=_spaced(strands, closing, hours_per_week, weeks),
        left_out=tuple(
            LeftOut(dimension=strand.dimension, side=strand.side, hours=strand.left_out)
            for strand in strands
            if strand.left_out
        ),
    )


# --- Spending the hours -------------------------------------------------------------------------


def _spend(
    document: Questionnaire, report: Report, wanted: Sequence[Cell], purse: Purse
) -> list[Strand]:
    """Focus themes level by level, groundwork if no side is ready, then the others in turn."""
    short = [cell for cell in wanted if cell.gap]
    strands = [Strand(cell.dimension, cell.side) for cell in short]
    levels = [dict(_level_steps(document, cell)) for cell in short]
    focus = list(zip(strands, levels, strict=True))[:FOCUS_THEMES]
    for level in range(max((cell.need for cell in short), default=0)):
        for strand, steps in focus:
            if level in steps:
                purse.spend(strand, steps[level])
    groundwork = Strand(None, None)
    if not _is_ready(report):
        for key in document.study.groundwork:
            purse.spend(groundwork, [document.recommendation[key]])
    for strand, steps in list(zip(strands, levels, strict=True))[FOCUS_THEMES:]:
        for level in sorted(steps):
            purse.spend(strand, steps[level])
    return [groundwork, *strands]


def _level_steps(
    document: Questionnaire, cell: Cell
) -> Iterator[tuple[int, tuple[Recommendation, ...]]]:
    """The steps from each level that is missing to the next; they start at floor(readiness)."""
    for level in range(math.floor(cell.has), cell.need):
        yield level, document.steps(cell.dimension, cell.side, level)


def _is_ready(report: Report) -> bool:
    sides = (report.overall.readiness_a, report.overall.readiness_b)
    return any(side.mean is not None and side.mean >= READY_FROM for side in sides)


def _strengthening(document: Questionnaire, wanted: Sequence[Cell], purse: Purse) -> list[Strand]:
    """Nothing is missing: artefacts and drills on what is decisive for the role."""
    strands = []
    for cell in wanted:
        if cell.weight == max(other.weight for other in wanted):
            strand = Strand(cell.dimension, cell.side)
            for level in range(cell.need):
                for step in document.steps(cell.dimension, cell.side, level):
                    if step.kind in {"A", "I"} and step.hours <= purse.hours:
                        purse.spend(strand, [step])
            strands.append(strand)
    return [strand for strand in strands if strand.steps]


# --- Saying why ---------------------------------------------------------------------------------


def _themes(
    document: Questionnaire,
    report: Report,
    role: Role,
    wanted: Sequence[Cell],
    strands: Sequence[Strand],
) -> Iterator[Theme]:
    hours = {(strand.dimension, strand.side): strand.hours for strand in strands}
    preference = {row.key: row.preference for row in report.dimensions}
    focus = [cell for cell in wanted if cell.gap][:FOCUS_THEMES]
    for cell in wanted:
        spent = hours.get((cell.dimension, cell.side), 0)
        if spent or cell in focus:
            yield Theme(
                dimension=cell.dimension,
                side=cell.side,
                weight=cell.weight,
                need=cell.need,
                has=cell.has,
                gap=cell.gap,
                priority=cell.priority,
                hours=spent,
                focus=cell in focus,
                why=_why(document, cell),
                caution=_caution(role, cell, preference[cell.dimension]),
            )


WEIGHT_WORDS = {1: "helpful", 2: "important", 3: "decisive"}


def _why(document: Questionnaire, cell: Cell) -> str:
    name, pole = document.dimension[cell.dimension].name, document.poles[cell.side].name
    says = f"“{name}” is {WEIGHT_WORDS[cell.weight]} for this role ({cell.weight} of 3)"
    if not cell.gap:
        return f"{says}. You report what it needs; this makes it easier to show."
    return f"{says}: it needs {pole} level {cell.need}, and you report {written(cell.has):g}."


def _caution(role: Role, cell: Cell, preference: float | None) -> str | None:
    target = role.targets[cell.dimension].position
    if preference is None or abs(preference - target) < CAUTION_FROM:
        return None
    return "This part of the role may feel less natural; try it before you commit."


def _stepping_stone(document: Questionnaire, report: Report, goal: Role) -> SteppingStone | None:
    """A nearer role, offered when the goal's Can is under 50: the highest Can first."""
    can = role_fit(document, report, goal.key).can
    if can is None or can >= STONE_WHEN_CAN_BELOW:
        return None
    fits = [
        role_fit(document, report, role.key)
        for role in document.roles
        if role.key != goal.key and _shares_enough(role, goal)
    ]
    stones = [
        SteppingStone(role=fit.key, want=fit.want, can=fit.can)
        for fit in fits
        if fit.want is not None
        and fit.can is not None
        and fit.can >= STONE_CAN_FROM
        and fit.want >= STONE_WANT_FROM
    ]
    return max(stones, key=lambda stone: stone.can or 0.0, default=None)


def _shares_enough(role: Role, goal: Role) -> bool:
    shared = [
        key
        for key, target in goal.targets.items()
        if min(target.weight, role.targets[key].weight) >= STONE_WEIGHT_FROM
        and abs(target.position - role.targets[key].position) <= STONE_TARGETS_WITHIN
    ]
    return len(shared) >= STONE_SHARED_DIMENSIONS


# --- Spacing over the weeks ---------------------------------------------------------------------


@dataclass(slots=True)
class Queue:
    """A strand's steps, handed out hour by hour in their order."""

    strand: Strand
    done: int = 0

    @property
    def left(self) -> int:
        """Hours not handed out yet."""
        return self.strand.hours - self.done

    @property
    def progress(self) -> float:
        """Share handed out, 0 to 1."""
        return self.done / self.strand.hours

    @property
    def portion(self) -> int:
        """The most it hands out at a time: a third, so that a theme comes up in three weeks."""
        return math.ceil(self.strand.hours / THEME_IN_WEEKS)

    def take(self, hours: int, *, drills_wait: bool) -> list[WeekStep]:
        """The next hours of its steps, split where they must be.

        With `drills_wait` a drill is not handed out together with what it drills.
        """
        taken: list[WeekStep] = []
        for step, here in self._next(hours):
            if drills_wait and step.kind == DRILL and taken:
                break
            taken.append(_week_step(self.strand, step, here))
            self.done += here
        return taken

    def _next(self, hours: int) -> Iterator[tuple[Recommendation, int]]:
        position, start, end = 0, self.done, min(self.done + hours, self.strand.hours)
        for step in self.strand.steps:
            here = min(end, position + step.hours) - max(start, position)
            if here > 0:
                yield step, here
            position += step.hours


def _spaced(
    strands: Sequence[Strand], closing: Strand, hours_per_week: int, weeks: int
) -> tuple[Week, ...]:
    """Every week gets an even share; drills a week after what they drill, where there is room."""
    for drills_wait in (True, False):
        queues = [Queue(strand) for strand in strands if strand.steps]
        end = Queue(closing)
        spaced = _weeks(queues, end, hours_per_week, weeks, drills_wait=drills_wait)
        if not any(queue.left for queue in queues):
            break
    return spaced


def _weeks(
    queues: Sequence[Queue], end: Queue, hours_per_week: int, weeks: int, *, drills_wait: bool
) -> tuple[Week, ...]:
    found = []
    for number in range(1, weeks + 1):
        weeks_after = weeks - number
        # The closing steps come as late as they can.
        closing = max(0, end.left - weeks_after * hours_per_week)
        rest = sum(queue.left for queue in queues) + end.left
        share = min(hours_per_week, math.ceil(rest / (weeks_after + 1))) - closing
        steps = _share_out(queues, share, drills_wait=drills_wait)
        steps += end.take(closing, drills_wait=False)
        if steps:
            found.append(Week(week=number, steps=tuple(steps)))
    return tuple(found)


def _share_out(queues: Sequence[Queue], hours: int, *, drills_wait: bool) -> list[WeekStep]:
    """Fill a week with a portion of each theme in turn, the one furthest behind first."""
    taken: list[WeekStep] = []
    waiting = [queue for queue in queues if queue.left]
    while hours > 0 and waiting:
        queue = min(waiting, key=lambda one: one.progress)
        steps = queue.take(min(hours, queue.portion), drills_wait=drills_wait)
        hours -= sum(step.hours for step in steps)
        taken += steps
        waiting.remove(queue)
        if not waiting and not drills_wait:
            # Hours are left in the week: the themes get a second portion.
            waiting = [one for one in queues if one.left]
    return _merged(taken)


def _merged(steps: Sequence[WeekStep]) -> list[WeekStep]:
    """Two portions of one step in one week are one entry."""
    merged: dict[str, WeekStep] = {}
    for step in steps:
        before = merged.get(step.key)
        hours = step.hours + (before.hours if before else 0)
        merged[step.key] = step.model_copy(update={"hours": hours})
    return list(merged.values())


def _week_step(strand: Strand, step: Recommendation, hours: int) -> WeekStep:
    return WeekStep(
        key=step.key,
        kind=step.kind,
        title=step.title,
        hours=hours,
        dimension=strand.dimension,
        side=strand.side,
    )
