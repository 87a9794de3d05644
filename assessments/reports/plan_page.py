"""What a plan page shows: the plan, its document and the ticks turned into values and words."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.instrument.document import (
    SIDES,
    Mistake,
    Questionnaire,
    Rating,
    Recommendation,
    Resource,
    Side,
)
from assessments.questionnaires.addresses import page_of
from assessments.reports.models import StudyPlan
from assessments.scoring import Report
from assessments.scoring.gaps import Since
from assessments.scoring.plan import Plan, Theme, WeekStep, write_plan
from assessments.scoring.uncertainty import rating_change_is_clear

# Recall cards come up this many weeks after a concept (blueprint 8.3).
RECALL_AFTER_WEEKS = (1, 3)
QUESTIONS_FROM_FOCUS, QUESTIONS_FROM_STRENGTHS = 4, 4
CHECKPOINT_AFTER_SHARE = 0.5
RETAKE_AFTER_WEEKS = 8
Part = Literal["whole", "first", "middle", "last"]
KINDS = {
    "C": gettext_lazy("Read"),
    "E": gettext_lazy("Exercise"),
    "A": gettext_lazy("Make"),
    "I": gettext_lazy("Drill"),
    "R": gettext_lazy("Read"),
    "W": gettext_lazy("At work"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """(A part of) a step in a week: its first part says how, its last has the box to tick."""

    key: str
    kind: str
    title: str
    text: str
    done_when: str
    hours: int
    whole_hours: int
    resources: list[Resource]
    theme: str
    guide_url: str
    part: Part
    done: bool

    @property
    def heading(self) -> str:
        """What to do in this week."""
        words = {"first": _("Begin: %(title)s"), "middle": _("Go on: %(title)s"),
                 "last": _("Finish: %(title)s")}  # fmt: skip
        return words[self.part] % {"title": self.title} if self.part in words else self.title

    @property
    def has_box(self) -> bool:
        """Whether this part completes the step."""
        return self.part in {"whole", "last"}

    @property
    def says_how(self) -> bool:
        """Whether this part begins the step."""
        return self.part in {"whole", "first"}


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """One week with its days, tasks and recall cards."""

    number: int
    starts: date
    hours: int
    tasks: list[Task]
    recall: list[str]
    is_current: bool


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme with the reason for it."""

    key: str
    name: str
    pole: str
    hours: int
    focus: bool
    why: str
    caution: str


@dataclass(frozen=True, slots=True)
class Question:
    """An interview question and what it practises."""

    text: str
    theme: str


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """What did not fit."""

    name: str
    pole: str
    hours: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A rating before and after; `is_clear` = more than chance would do."""

    text: str
    before: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything that plan.html needs."""

    goal_name: str
    goal_key: str
    goal_chosen: bool
    is_low: bool
    want: int | None
    can: int | None
    stone: str
    hours_per_week: int
    weeks_count: int
    budget: int
    timing: str
    themes: list[ThemeRow]
    weeks: list[PlanWeek]
    left_out: list[LeftOutRow]
    left_out_weeks: int
    foundation: list[Task]
    done_earlier: list[Task]
    reading: list[Recommendation]
    questions: list[Question]
    mistakes: list[Mistake]
    tasks_done: int
    tasks_count: int
    hours_left: int
    shown_keys: list[str]
    checkpoint_open: bool
    movements: list[Movement]


def plan_now(
    document: Questionnaire, report: Report, chosen: StudyPlan, *, goal: str
) -> Plan | None:
    """The plan that holds: after a half-way check, one for the weeks that were left then."""
    from_week = chosen.planned_from
    plan = write_plan(
        document,
        report,
        goal=goal,
        hours_per_week=chosen.hours_per_week,
        weeks=chosen.weeks - from_week + 1,
        since=readiness_since(document, chosen.rerated),
    )
    if plan is None or from_week == 1:
        return plan
    weeks = tuple(
        week.model_copy(update={"week": week.week + from_week - 1}) for week in plan.weeks
    )
    return plan.model_copy(update={"weeks": weeks})


def first_plan(
    document: Questionnaire, report: Report, chosen: StudyPlan, *, goal: str
) -> Plan | None:
    """The plan as it is without any half-way check: what is rated again may leave the focus."""
    return write_plan(
        document,
        report,
        goal=goal,
        hours_per_week=chosen.hours_per_week,
        weeks=chosen.weeks,
    )


def readiness_since(document: Questionnaire, rerated: Mapping[str, int]) -> Since:
    """Readiness by dimension and side from ratings given after the report."""
    found: dict[tuple[str, Side], float] = {}
    for key, value in rerated.items():
        item = document.item.get(key)
        if item is not None and item.kind == "rating":
            found[item.dimension, item.side] = float(value)
    return found


def plan_page(
    document: Questionnaire,
    report: Report,
    plan: Plan | None,
    chosen: StudyPlan,
    *,
    goal_key: str,
    answers: Mapping[str, object],
    today: date,
) -> PlanPage:
    """The page for a plan; without one (answers that cannot be read) the foundation pack."""
    done = set(chosen.done)
    # Without themes there are no weeks: the foundation pack holds all there is to do.
    weeks = _weeks(document, plan, chosen, done, today) if plan and plan.themes else []
    foundation = [] if weeks else _foundation(document, done)
    tasks = [task for week in weeks for task in week.tasks if task.has_box] + foundation
    done_earlier = _done_earlier(document, done - {task.key for task in tasks})
    themes = plan.themes if plan else ()
    hours_done = sum(task.whole_hours for task in tasks if task.done)
    hours_all = sum(task.whole_hours for task in tasks)
    is_halfway = any(theme.focus for theme in themes) and (
        hours_done >= CHECKPOINT_AFTER_SHARE * hours_all
        or chosen.week_on(today) > CHECKPOINT_AFTER_SHARE * chosen.weeks
    )
    goal = document.role[plan.goal] if plan and plan.goal else None
    stone = plan.stepping_stone if plan else None
    left_out = _left_out(document, plan) if plan else []
    return PlanPage(
        goal_name=goal.name if goal else "",
        goal_key=goal.key if goal else "",
        goal_chosen=bool(goal and goal.key == goal_key),
        is_low=report.quality.level == "low",
        want=round(plan.want) if plan and plan.want is not None else None,
        can=round(plan.can) if plan and plan.can is not None else None,
        stone=document.role[stone.role].name if stone else "",
        hours_per_week=chosen.hours_per_week,
        weeks_count=chosen.weeks,
        budget=chosen.hours_per_week * chosen.weeks,
        timing=_timing(chosen, today) if themes else "",
        themes=[_theme_row(document, theme) for theme in themes],
        weeks=weeks,
        left_out=left_out,
        left_out_weeks=-(-sum(row.hours for row in left_out) // chosen.hours_per_week),
        foundation=foundation,
        done_earlier=done_earlier,
        reading=_reading(document, goal.key if goal else ""),
        questions=_questions(document, report, themes),
        mistakes=_mistakes(document, themes),
        tasks_done=sum(task.done for task in tasks) + len(done_earlier),
        tasks_count=len(tasks) + len(done_earlier),
        hours_left=hours_all - hours_done,
        shown_keys=sorted(task.key for task in tasks + done_earlier),
        checkpoint_open=is_halfway,
        movements=_movements(document, chosen, answers),
    )


def _weeks(
    document: Questionnaire, plan: Plan, chosen: StudyPlan, done: Collection[str], today: date
) -> list[PlanWeek]:
    recall = _recall(document, plan)
    parts = _parts(plan)
    return [
        PlanWeek(
            number=week.week,
            starts=chosen.first_day_of(week.week),
            hours=sum(step.hours for step in week.steps),
            tasks=[_task(document, step, done, parts[step.key, week.week]) for step in week.steps],
            recall=recall[week.week],
            is_current=chosen.week_on(today) == week.week,
        )
        for week in plan.weeks
    ]


def _recall(document: Questionnaire, plan: Plan) -> dict[int, list[str]]:
    """Titles of the concepts to say again from memory, by week."""
    last_week = {step.key: week.week for week in plan.weeks for step in week.steps}
    recall: dict[int, list[str]] = defaultdict(list)
    for key, week in last_week.items():
        step = document.recommendation[key]
        if step.kind == "C":
            for after in RECALL_AFTER_WEEKS:
                recall[week + after].append(step.title)
    return recall


def _parts(plan: Plan) -> dict[tuple[str, int], Part]:
    """Which part of its step a week holds, by step and week."""
    weeks: dict[str, list[int]] = defaultdict(list)
    for week in plan.weeks:
        for step in week.steps:
            weeks[step.key].append(week.week)
    found: dict[tuple[str, int], Part] = {}
    for key, held in weeks.items():
        for week_number in held:
            found[key, week_number] = "middle"
        found[key, held[0]], found[key, held[-1]] = "first", "last"
        if len(held) == 1:
            found[key, held[0]] = "whole"
    return found


def _task(document: Questionnaire, step: WeekStep, done: Collection[str], part: Part) -> Task:
    return _task_of(document, document.recommendation[step.key], step.hours, done, part)


def _task_of(
    document: Questionnaire,
    step: Recommendation,
    hours: int,
    done: Collection[str],
    part: Part = "whole",
) -> Task:
    resources = {resource.key: resource for resource in document.study.resources}
    return Task(
        key=step.key,
        kind=str(KINDS[step.kind]),
        title=step.title,
        text=step.text,
        done_when=step.done_when,
        hours=hours,
        whole_hours=step.hours,
        resources=[resources[key] for key in step.resources],
        theme=document.dimension[step.dimension].name if step.dimension else "",
        guide_url=_guide_url(document, step.dimension),
        part=part,
        done=step.key in done,
    )


def _guide_url(document: Questionnaire, dimension: str | None) -> str:
    return page_of(document.slug, "guide:dimension", dimension) if dimension else ""


def _foundation(document: Questionnaire, done: Collection[str]) -> list[Task]:
    steps = [document.recommendation[key] for key in document.study.foundation]
    return [_task_of(document, step, step.hours, done) for step in steps]


def _done_earlier(document: Questionnaire, keys: Collection[str]) -> list[Task]:
    """Steps that are done and that the plan no longer holds, in the library's order."""
    steps = [step for step in document.study.recommendations if step.key in keys]
    return [_task_of(document, step, step.hours, keys) for step in steps]


def _timing(chosen: StudyPlan, today: date) -> str:
    """How the weeks lie to today and to the interview; "" where there is nothing to say."""
    day = chosen.interview_on
    if day and day >= today:
        said = _("Your interview is on %(date)s.") % {"date": date_format(day, "DATE_FORMAT")}
        if day < chosen.first_day_of(chosen.weeks + 1):
            said += " " + _("It comes before the week is over: start with the drills.")
        return said
    if chosen.is_over(today):
        return _("The weeks of this plan are over. Plan again, and it starts from today.")
    return ""


def _theme_row(document: Questionnaire, theme: Theme) -> ThemeRow:
    return ThemeRow(
        key=theme.dimension,
        name=document.dimension[theme.dimension].name,
        pole=document.poles[theme.side].name,
        hours=theme.hours,
        focus=theme.focus,
        why=theme.why,
        caution=theme.caution or "",
    )


def _left_out(document: Questionnaire, plan: Plan) -> list[LeftOutRow]:
    return [
        LeftOutRow(
            name=document.dimension[out.dimension].name if out.dimension else _("Groundwork"),
            pole=document.poles[out.side].name if out.side else "",
            hours=out.hours,
        )
        for out in plan.left_out
    ]


def _reading(document: Questionnaire, goal: str) -> list[Recommendation]:
    """Longer reading: for the goal, and what belongs to no theme and no pack."""
    study = document.study
    packed = {*study.foundation, *study.groundwork, *study.closing}
    return [
        step
        for step in study.recommendations
        if not step.dimension and step.key not in packed and step.role in {None, goal}
    ]


def _questions(
    document: Questionnaire, report: Report, themes: Collection[Theme]
) -> list[Question]:
    """Questions on the focus themes, then on what the person is strong at (blueprint 6.4)."""
    focus = [(theme.dimension, theme.side) for theme in themes if theme.focus]
    ranked = sorted(
        (
            (has, row.key, side)
            for row in report.dimensions
            for side in SIDES
            if (has := row.readiness(side)) is not None
        ),
        key=lambda cell: -cell[0],
    )
    strong = [(key, side) for _has, key, side in ranked if (key, side) not in focus]
    if not focus:
        return []
    return [
        *_asked(document, focus, QUESTIONS_FROM_FOCUS),
        *_asked(document, strong, QUESTIONS_FROM_STRENGTHS),
    ]


def _asked(
    document: Questionnaire, cells: Collection[tuple[str, Side]], count: int
) -> list[Question]:
    """One question of each cell in turn, then a second of each, up to a count."""
    found: list[Question] = []
    for turn in range(2):
        for key, side in cells:
            dimension = document.dimension[key]
            asked = dimension.interview.a if side == "a" else dimension.interview.b
            if turn < len(asked):
                found.append(Question(asked[turn], dimension.name))
    return found[:count]


def _mistakes(document: Questionnaire, themes: Collection[Theme]) -> list[Mistake]:
    return [
        mistake
        for theme in themes
        if theme.focus
        for mistake in document.dimension[theme.dimension].mistakes
        if mistake.side in {None, theme.side}
    ]


def checkpoint_items(document: Questionnaire, plan: Plan | None, form: str) -> list[Rating]:
    """The ratings of the focus themes that the form asked: what a checkpoint asks again."""
    focus = [(t.dimension, t.side) for t in plan.themes if t.focus] if plan else []
    items = [item for item in document.items_of(document.form[form]) if item.kind == "rating"]
    return [item for cell in focus for item in items if (item.dimension, item.side) == cell]


def _movements(
    document: Questionnaire, chosen: StudyPlan, answers: Mapping[str, object]
) -> list[Movement]:
    labels = {anchor.value: anchor.label for anchor in document.anchors.rating}
    found = []
    for key, after in chosen.rerated.items():
        item, before = document.item.get(key), answers.get(key)
        if item is None or item.kind != "rating" or not isinstance(before, int):
            continue
        found.append(
            Movement(
                text=item.text,
                before=labels[before],
                after=labels[after],
                words=_movement_words(before, after),
            )
        )
    return found


def _movement_words(before: int, after: int) -> str:
    if before == after:
        return _("The same as before.")
    if rating_change_is_clear(before, after):
        return _("More than chance would do.")
    return _("One rating moves this much by chance too, so take it as a hint.")
