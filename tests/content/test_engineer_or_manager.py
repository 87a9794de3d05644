"""The second questionnaire by itself: fit to publish, and scored like the first."""

import json
from random import Random
from typing import Any

import pytest

from assessments.instrument.canonical import canonical_json
from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import SIDES
from assessments.instrument.files import read_yaml, write_yaml
from assessments.reports.example import example_sheet
from assessments.scoring import AnswerSheet, Report, write_report
from assessments.scoring.plan import Plan, write_plan
from tests import oracle, takers
from tests.cast import shipped_questionnaire
from tests.second import FORM, SECOND, second_questionnaire

DOCUMENT = second_questionnaire()
PLAIN = json.loads(canonical_json(DOCUMENT))
TAKERS = 200


def scored(answers: dict[str, Any]) -> Report:
    sheet = AnswerSheet(FORM, answers)
    return write_report(DOCUMENT, sheet, edition=1, edition_digest="sha256:x")


def best_role(report: Report) -> str:
    return report.roles[0].key


def test_there_is_nothing_to_mend_before_publishing():
    assert publishing_faults(DOCUMENT) == ()


def test_the_file_is_as_an_export_would_write_it():
    text = SECOND.read_text(encoding="utf-8")
    assert write_yaml(read_yaml(text)) == text


def test_it_shares_no_count_colour_or_key_with_the_first_one():
    first = shipped_questionnaire()
    for part in ("dimensions", "clusters", "items", "forms", "roles", "background", "sources"):
        assert len(getattr(DOCUMENT, part)) != len(getattr(first, part)), part
    for keyed in ("dimension", "cluster", "item", "form", "role", "recommendation"):
        assert not set(getattr(DOCUMENT, keyed)) & set(getattr(first, keyed)), keyed
    colours = {document.poles[side].colour for document in (DOCUMENT, first) for side in SIDES}
    assert colours == {"purple", "teal", "orange", "blue"}
    assert DOCUMENT.study.step_hours != first.study.step_hours


def test_whoever_always_takes_one_side_leans_there_strongly():
    by_side = {side: scored(takers.always_pole(PLAIN, FORM, side)) for side in SIDES}
    assert [report.overall.verdict for report in by_side.values()] == ["strong_a", "strong_b"]
    assert [report.overall.readiness_pattern for report in by_side.values()] == [
        "a_ready",
        "b_ready",
    ]
    assert best_role(by_side["a"]) == "specialist"
    assert best_role(by_side["b"]) == "manager-of-managers"


def test_whoever_stays_in_the_middle_is_told_so_and_of_no_role():
    report = scored(takers.all_middle(PLAIN, FORM))
    assert (report.overall.preference, report.roles) == (0, ())


def test_whoever_is_ready_for_both_and_for_neither_is_told_so():
    assert scored(takers.both_ready(PLAIN, FORM)).overall.readiness_pattern == "both"
    assert scored(takers.neither_yet(PLAIN, FORM)).overall.readiness_pattern == "neither_yet"


@pytest.mark.parametrize("kind", [takers.random_taker, takers.steady_taker])
def test_the_scores_of_many_takers_agree_with_a_second_reading_of_the_rules(kind: Any):
    random = Random(20)
    for _taker in range(TAKERS):
        answers = kind(PLAIN, FORM, random)
        mine, theirs = scored(answers), oracle.report(PLAIN, FORM, answers, None)
        assert mine.overall.verdict == theirs["overall"]["verdict"]
        assert mine.overall.preference == pytest.approx(theirs["overall"]["preference"], abs=1e-6)
        assert mine.quality.level == theirs["quality"]["level"]
        assert [role.key for role in mine.roles] == [role["key"] for role in theirs["roles"]]
        assert {row.key: row.verdict for row in mine.dimensions} == {
            row["key"]: row["verdict"] for row in theirs["dimensions"]
        }


@pytest.mark.parametrize("goal", DOCUMENT.role)
@pytest.mark.parametrize(("hours", "weeks"), [(1, 4), (5, 13)])
def test_every_role_has_a_plan_that_keeps_to_the_hours(goal: str, hours: int, weeks: int):
    report = scored(takers.neither_yet(PLAIN, FORM))
    plan = write_plan(DOCUMENT, report, goal=goal, hours_per_week=hours, weeks=weeks)
    assert isinstance(plan, Plan)
    assert len([theme for theme in plan.themes if theme.focus]) == 3
    assert all(sum(step.hours for step in week.steps) <= hours for week in plan.weeks)
    assert plan.weeks[-1].steps[-1].key == DOCUMENT.study.closing[-1]


def test_the_example_answers_everything_and_can_be_read():
    sheet = example_sheet(DOCUMENT)
    assert sheet is not None
    assert set(sheet.answers) == set(DOCUMENT.item)
    report = scored(dict(sheet.answers))
    assert (report.quality.level, report.exceptions) == ("high", ("attention",))
