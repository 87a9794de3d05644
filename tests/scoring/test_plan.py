"""The study plan: what comes first, what it costs, what is left out, and why."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assessments.instrument.canonical import canonical_json
from assessments.scoring import AnswerSheet, Report, write_report
from assessments.scoring.plan import FOCUS_THEMES, Plan, write_plan
from tests import takers
from tests.cast import shipped_questionnaire

DOCUMENT = shipped_questionnaire()
PLAIN = json.loads(canonical_json(DOCUMENT))
EXAMPLES = json.loads(
    (Path(__file__).parent.parent / "data" / "worked-examples.json").read_text(encoding="utf-8")
)["examples"]
SECONDARY = False
WORKED = {
    # side, {theme: (weight, need, has, gap, priority, hours, focus)}, {left out: hours}
    "Worked example 1": (
        "b",
        {
            "customer-understanding": (3, 2, 1, 1, 9, 4, True),
            "metrics": (3, 2, 1, 1, 9, 4, True),
            "acquisition-retention": (3, 2, 1, 1, 9, 4, True),
            "documentation": (2, 3, 1, 2, 8, 10, SECONDARY),
        },
        {
            "user-buyer": 4, "stakeholders": 4, "platforms": 6, "risk-responsibility": 6,
            "time-horizon": 4, "equal-treatment": 4, "feature-focus": 6, "team-size": 4,
        },
    ),
    "Worked example 2": (
        "a",
        {
            "customer-understanding": (3, 3, 1, 2, 18, 10, True),
            "design": (3, 3, 1, 2, 18, 10, True),
            "platforms": (3, 3, 1, 2, 18, 10, True),
            "acquisition-retention": (2, 3, 0, 3, 12, 6, SECONDARY),
            "metrics": (2, 3, 1, 2, 8, 4, SECONDARY),
        },
        {
            "acquisition-retention": 6, "metrics": 6, "stakeholders": 10,
            "risk-responsibility": 10, "equal-treatment": 10, "feature-focus": 10,
            "dogfooding": 6, "user-buyer": 6, "time-horizon": 4,
        },
    ),
}  # fmt: skip


def scored(answers: dict[str, Any], form: str = "full") -> Report:
    return write_report(DOCUMENT, AnswerSheet(form, answers), edition=1, edition_digest="sha256:x")


def planned(report: Report, goal: str = "", hours: int = 4, weeks: int = 6) -> Plan:
    plan = write_plan(DOCUMENT, report, goal=goal, hours_per_week=hours, weeks=weeks)
    assert plan is not None
    return plan


def keeps_its_promises(plan: Plan, hours: int, weeks: int) -> None:
    """What holds for every plan, whoever it is for."""
    assert plan.budget_hours == hours * weeks
    by_week = {week.week: sum(step.hours for step in week.steps) for week in plan.weeks}
    assert all(0 < spent <= hours for spent in by_week.values())
    assert set(by_week) <= set(range(1, weeks + 1))
    assert sum(by_week.values()) <= plan.budget_hours
    steps = [step for week in plan.weeks for step in week.steps]
    assert all(step.hours > 0 and step.title and step.key for step in steps)
    # Every step is handed out whole, over as many weeks as it takes.
    handed = Counter[str]()
    for step in steps:
        handed[step.key] += step.hours
    assert handed == {key: DOCUMENT.recommendation[key].hours for key in handed}
    spent_on = Counter[tuple[str | None, str | None]]()
    for step in steps:
        spent_on[step.dimension, step.side] += step.hours
    for theme in plan.themes:
        assert spent_on[theme.dimension, theme.side] == theme.hours
        assert theme.why
        assert theme.priority == theme.weight**2 * theme.gap
    assert sum(theme.focus for theme in plan.themes) <= FOCUS_THEMES
    priorities = [theme.priority for theme in plan.themes]
    assert priorities == sorted(priorities, reverse=True)
    assert all(out.hours > 0 for out in plan.left_out)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_worked_examples_come_out(name: str) -> None:
    example = EXAMPLES[name]
    side, themes, left_out = WORKED[name]
    report = scored(takers.worked(PLAIN, "full", example))
    hours, weeks = example["hours_per_week"], example["weeks"]
    plan = planned(report, example["goal"], hours, weeks)
    keeps_its_promises(plan, hours, weeks)
    assert {theme.side for theme in plan.themes} == {side}
    assert {
        t.dimension: (t.weight, t.need, t.has, t.gap, t.priority, t.hours, t.focus)
        for t in plan.themes
    } == themes
    assert {(out.dimension, out.side): out.hours for out in plan.left_out} == {
        (key, side): spent for key, spent in left_out.items()
    }
    assert sum(step.hours for week in plan.weeks for step in week.steps) == hours * weeks


def check_random_sheets(sheets: int, seed: str) -> None:
    rng = Random(seed)
    for number in range(sheets):
        kind = (takers.random_taker, takers.steady_taker)[number % 2]
        report = scored(kind(PLAIN, "full", rng))
        hours, weeks = rng.choice([2, 4, 6, 8]), rng.choice([1, 2, 4, 6, 8, 12])
        for role in DOCUMENT.roles:
            plan = planned(report, role.key, hours, weeks)
            keeps_its_promises(plan, hours, weeks)
            assert planned(report, role.key, hours, weeks).canonical() == plan.canonical()


def test_every_plan_keeps_its_promises() -> None:
    check_random_sheets(60, "a few")


@pytest.mark.soak
def test_every_one_of_many_plans_keeps_its_promises() -> None:
    check_random_sheets(2000, "many")


def test_a_focus_theme_comes_up_in_three_weeks_where_its_hours_allow() -> None:
    rng = Random(5)
    seen = 0
    for _number in range(40):
        report = scored(takers.steady_taker(PLAIN, "full", rng))
        for role in DOCUMENT.roles:
            plan = planned(report, role.key, 4, 6)
            weeks_of = defaultdict(set)
            for week in plan.weeks:
                for step in week.steps:
                    weeks_of[step.dimension, step.side].add(week.week)
            for theme in plan.themes:
                if theme.focus and theme.hours >= 3:
                    seen += 1
                    assert len(weeks_of[theme.dimension, theme.side]) >= 3
    assert seen > 500


def test_a_drill_comes_a_week_after_what_it_drills_where_there_is_room() -> None:
    report = scored(takers.worked(PLAIN, "full", EXAMPLES["Worked example 1"]))
    plan = planned(report, "plg-saas", 4, 6)
    made: dict[Any, int] = {}
    for week in plan.weeks:
        for step in week.steps:
            place = (step.dimension, step.side)
            if step.kind in {"A", "E"}:
                made[place] = week.week
            elif step.kind == "I" and step.dimension:
                assert week.week > made[place]


def test_without_a_goal_the_best_fit_is_taken_and_said() -> None:
    report = scored(takers.worked(PLAIN, "full", EXAMPLES["Worked example 1"]))
    plan = planned(report)
    assert (plan.goal, plan.goal_chosen_by) == (report.roles[0].key, "best_fit")


def test_low_quality_gets_no_gap_plan() -> None:
    report = scored(takers.same_screen_position(PLAIN, "full", 1))
    assert write_plan(DOCUMENT, report, goal="", hours_per_week=4, weeks=6) is None
    plan = planned(report, "plg-saas")
    assert (plan.themes, plan.left_out) == ((), ())


def test_a_flat_profile_gets_a_plan_for_the_goal_it_chose() -> None:
    answers = takers.all_middle(PLAIN, "full") | {
        item["key"]: 1 for item in PLAIN["items"] if item["kind"] == "rating"
    }
    report = scored(answers)
    assert report.roles == ()
    assert planned(report, "plg-saas").themes


def test_no_gap_left_is_used_to_strengthen_what_is_decisive() -> None:
    report = scored(takers.both_ready(PLAIN, "full") | {
        item["key"]: 4 for item in PLAIN["items"] if item["kind"] == "rating"
    })  # fmt: skip
    plan = planned(report, "plg-saas", 6, 8)
    assert plan.themes
    assert all(theme.gap == 0 and theme.weight == 3 for theme in plan.themes)
    kinds = {step.kind for week in plan.weeks for step in week.steps if step.dimension}
    assert kinds <= {"A", "I"}


def test_a_preference_far_from_the_role_earns_a_caution() -> None:
    answers = takers.always_pole(PLAIN, "full", "a")
    plan = planned(scored(answers), "b2b-enterprise-saas")
    assert all(theme.caution for theme in plan.themes)


def test_a_change_of_hours_moves_no_theme_and_no_priority() -> None:
    report = scored(takers.worked(PLAIN, "full", EXAMPLES["Worked example 2"]))
    small, large = planned(report, "consumer-core", 2, 4), planned(report, "consumer-core", 8, 12)
    first = [(t.dimension, t.side, t.priority) for t in small.themes if t.focus]
    assert first == [(t.dimension, t.side, t.priority) for t in large.themes if t.focus]


def test_a_stepping_stone_shares_the_goals_ways_and_is_nearer() -> None:
    # Ready for enterprise work, but not for its regulated neighbour's documents and care.
    answers = takers.always_pole(PLAIN, "full", "b")
    none_yet = {"documentation", "dogfooding", "design", "feature-focus", "risk-responsibility",
                "platforms"}  # fmt: skip
    for item in PLAIN["items"]:
        if item["kind"] == "rating":
            answers[item["key"]] = 0 if item["dimension"] in none_yet else 3
        elif item["kind"] == "scenario":
            answers[item["key"]] = None
    answers |= {"time-horizon-did-b": 2, "equal-treatment-did-a": 0}
    plan = planned(scored(answers), "b2b-regulated-vertical")
    assert plan.can is not None
    assert plan.can < 50
    assert plan.stepping_stone is not None
    assert plan.stepping_stone.role == "b2b-enterprise-saas"


def test_nobody_is_sent_over_a_stepping_stone_to_a_goal_in_reach() -> None:
    report = scored(takers.worked(PLAIN, "full", EXAMPLES["Worked example 1"]))
    assert planned(report, "plg-saas").stepping_stone is None


def test_a_plan_reads_back_as_it_was_written() -> None:
    report = scored(takers.worked(PLAIN, "full", EXAMPLES["Worked example 1"]))
    plan = planned(report, "plg-saas")
    assert Plan.parse(plan.canonical()) == plan
