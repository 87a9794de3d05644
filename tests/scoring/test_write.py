import json

import pytest

from assessments.instrument.canonical import digest
from assessments.scoring import AnswerSheet, Report
from assessments.scoring.report import REPORT_SCHEMA
from tests.scoring.reports import report_on, row
from tests.scoring.takers import clicking, sheet, with_answers


def test_a_report_names_all_that_it_follows_from(document):
    given = sheet(document, pairs=1, ratings=2)
    report = report_on(document, given)
    assert (report.schema_, report.scoring, report.calibration) == (REPORT_SCHEMA, 1, None)
    assert (report.questionnaire, report.edition, report.form) == ("stand-in", 3, "full")
    assert report.edition_digest == digest(document)
    assert report.answers_digest == given.digest(document)
    assert (report.answered, report.asked) == (56, 64)


def test_a_report_has_the_keys_that_scripts_rely_on(document):
    content = json.loads(report_on(document, clicking(document, "5")).canonical())
    assert sorted(content) == sorted(
        [
            *("schema", "scoring", "calibration", "questionnaire", "edition", "edition_digest"),
            *("form", "answers_digest", "answered", "asked", "quality", "overall", "dimensions"),
            *("exceptions", "roles", "rank_by", "equally_close"),
        ]
    )
    assert sorted(content["overall"]) == sorted(
        [
            *("preference", "low", "high", "verdict", "sureness", "spread"),
            *("readiness_pattern", "readiness_a", "readiness_b"),
        ]
    )
    assert sorted(content["overall"]["readiness_a"]) == ["band", "high", "low", "mean"]
    assert sorted(content["dimensions"][0]) == sorted(
        [
            *("key", "preference", "low", "high", "verdict", "readiness_a", "readiness_a_band"),
            *("readiness_b", "readiness_b_band", "pattern", "trace"),
        ]
    )
    assert content["dimensions"][0]["trace"][0] == {
        "item": "customer-understanding-pair-1",
        "facet": "preference",
        "value": 2,
        "weight": 0.5,
        "contribution": 1.0,
    }
    assert sorted(content["quality"]["flags"][0]) == ["code", "detail", "level"]


def test_answers_that_do_not_fit_are_refused(document):
    with pytest.raises(ValueError, match="not an answer"):
        report_on(document, AnswerSheet("full", {"metrics-pair-1": 7}))


def test_numbers_are_written_with_six_decimals_and_never_minus_nought(document):
    given = with_answers(
        sheet(document, pairs=0), {"metrics-pair-1": -1, "design-pair-1": -1, "design-pair-2": 1}
    )
    report = report_on(document, given)
    assert row(report, "metrics").low == -1.258205
    assert str(row(report, "design").preference) == "0.0"
    assert "-0.0," not in report.canonical()


def test_nothing_answered_is_a_low_report_of_nulls(document):
    report = report_on(document, AnswerSheet("full", {}))
    assert report.quality.level == "low"
    assert report.overall.model_dump() == {
        **dict.fromkeys(("preference", "low", "high", "sureness", "spread")),
        "verdict": "none",
        "readiness_pattern": "undecided",
        "readiness_a": dict.fromkeys(("mean", "low", "high", "band")),
        "readiness_b": dict.fromkeys(("mean", "low", "high", "band")),
    }
    assert row(report, "metrics").model_dump() == {
        "key": "metrics",
        **dict.fromkeys(("preference", "low", "high", "verdict")),
        **dict.fromkeys(("readiness_a", "readiness_a_band", "readiness_b", "readiness_b_band")),
        "pattern": "not_scored",
        "trace": (),
    }


def test_a_low_report_keeps_its_scores_but_gives_no_verdicts(document):
    report = report_on(document, with_answers(clicking(document, "5"), {"metrics-pair-1": 2}))
    assert (report.overall.verdict, report.overall.sureness) == ("none", None)
    assert {dimension.verdict for dimension in report.dimensions} == {None}
    assert (report.exceptions, report.roles, report.rank_by) == ((), (), "none")
    assert report.overall.preference is not None


def test_the_short_form_ranks_roles_but_shows_no_rows(document):
    report = report_on(document, sheet(document, form="short", pairs=1, ratings=3))
    assert report.quality.level == "medium"
    assert report.overall.verdict == "strong_b"
    assert {dimension.verdict for dimension in report.dimensions} == {None}
    assert len(report.roles) == 10
    assert (report.roles[0].used_want, report.roles[0].used_can) == (7, 8)


@pytest.mark.parametrize(("side", "value"), [("a", -2), ("b", 2)])
def test_whoever_always_prefers_one_side_is_at_its_end_on_every_dimension(document, side, value):
    report = report_on(document, sheet(document, pairs=value, ratings=2, scenarios="three"))
    assert {dimension.preference for dimension in report.dimensions} == {value}
    assert report.overall.verdict == f"strong_{side}"
    assert report.overall.sureness == "very"


def test_who_is_ready_on_both_sides_is_ranked_by_want(document):
    best = {"a": "one", "b": "two", "mixed": "three"}
    answers = {i.key: best[i.setting] for i in document.items if i.kind == "scenario"}
    report = report_on(document, with_answers(sheet(document, pairs=1, ratings=3), answers))
    assert (report.overall.readiness_pattern, report.rank_by) == ("both", "want")
    assert [fit.want for fit in report.roles] == sorted(
        (fit.want for fit in report.roles), key=lambda want: -(want or 0)
    )


def test_a_stored_report_is_read_back_as_it_was(document):
    report = report_on(document, sheet(document, pairs=1, ratings=2, scenarios="one"))
    assert Report.parse(report.canonical()) == report


def test_what_is_not_a_report_is_refused():
    with pytest.raises(ValueError, match="schema"):
        Report.parse("{}")
