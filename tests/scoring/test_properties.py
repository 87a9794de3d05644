"""What holds for every answer sheet."""

import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assessments.instrument.document import Questionnaire
from assessments.scoring import AnswerSheet, Report, role_fit
from assessments.scoring.profile import DimensionScores
from assessments.scoring.verify import export, verify
from tests.scoring.documents import (
    CLUSTER_OF,
    full_size,
    mirrored,
    pair,
    questionnaire,
    rating,
    role,
    scenario,
)
from tests.scoring.reports import profile_on, report_on
from tests.scoring.takers import any_answers, sheets

FULL_SIZE = full_size()
MIRRORED = mirrored(FULL_SIZE)
FACETS = ("preference", "readiness_a", "readiness_b")


@st.composite
def small_documents(draw: st.DrawFn) -> Questionnaire:
    """One to four dimensions of any make, with two roles."""
    keys = list(CLUSTER_OF)[: draw(st.integers(1, 4))]
    items: list[dict[str, Any]] = []
    for key in keys:
        # The first dimension has a pair, so that there is an item at all.
        count = draw(st.integers(1 if key == keys[0] else 0, 3))
        items += [pair(key, number) for number in range(1, count + 1)]
        for side in "ab":
            items += [rating(key, side, n) for n in range(1, draw(st.integers(0, 3)) + 1)]
        settings = draw(st.lists(st.sampled_from(("a", "b", "mixed")), max_size=3))
        items += [scenario(key, setting, n) for n, setting in enumerate(settings, 1)]
    targets = {
        key: (draw(st.integers(-2, 2)), draw(st.integers(0, 3)))
        for key in draw(st.lists(st.sampled_from(keys), unique=True))
    }
    roles = [role("one", targets), role("two", {})]
    return questionnaire(keys, items, roles=roles)


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Questionnaire, AnswerSheet]:
    """A document and answers to one of its forms."""
    if draw(st.booleans()):
        document = draw(small_documents())
        return document, draw(any_answers(document))
    form = draw(st.sampled_from(("full", "short")))
    return FULL_SIZE, draw(sheets(FULL_SIZE, form))


def scores_by_facet(scores: DimensionScores) -> dict[str, Any]:
    return {
        "preference": scores.preference,
        "readiness_a": scores.readiness["a"],
        "readiness_b": scores.readiness["b"],
    }


@given(attempts())
def test_contributions_add_up_to_the_score(attempt):
    document, answers = attempt
    for scores in profile_on(document, answers).dimensions:
        for score in scores_by_facet(scores).values():
            value = score.estimate.value if score.estimate else 0.0
            assert abs(math.fsum(p.amount for p in score.contributions) - value) <= 1e-9


@given(attempts())
def test_written_contributions_add_up_to_the_written_score_but_for_rounding(attempt):
    document, answers = attempt
    for dimension in report_on(document, answers).dimensions:
        for facet in FACETS:
            lines = [line for line in dimension.trace if line.facet == facet]
            score = getattr(dimension, facet)
            assert (score is None) == (not lines)
            total = math.fsum(line.contribution for line in lines)
            assert abs(total - (score or 0.0)) <= 1e-6 * len(lines)
            assert all(document.item[line.item].dimension == dimension.key for line in lines)


@given(attempts())
def test_scores_stay_on_their_scales(attempt):
    document, answers = attempt
    report = report_on(document, answers)
    for dimension in report.dimensions:
        assert -2 <= (dimension.preference or 0) <= 2
        assert 0 <= (dimension.readiness_a or 0) <= 4
        assert 0 <= (dimension.readiness_b or 0) <= 4
    for fit in report.roles:
        assert 0 <= (fit.want or 0) <= 100
        assert 0 <= (fit.can or 0) <= 100


@given(attempts())
def test_the_same_answers_give_the_same_bytes(attempt):
    document, answers = attempt
    again = Questionnaire.model_validate_json(document.model_dump_json(by_alias=True))
    reordered = AnswerSheet(
        answers.form,
        dict(reversed(answers.answers.items())),
        dict(reversed(answers.seconds.items())),
    )
    assert report_on(again, reordered).canonical() == report_on(document, answers).canonical()


@given(attempts())
def test_a_report_survives_being_stored(attempt):
    report = report_on(*attempt)
    text = report.canonical()
    assert Report.parse(text) == report
    assert Report.parse(text).canonical() == text
    assert text == json.dumps(
        json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


@given(attempts())
def test_an_export_proves_its_report(attempt):
    document, answers = attempt
    content = export(document, answers, report_on(document, answers))
    assert verify(json.loads(json.dumps(content))) == []


@given(attempts())
def test_the_fit_of_a_goal_does_not_depend_on_whether_roles_are_ranked(attempt):
    document, answers = attempt
    report = report_on(document, answers)
    unranked = report.model_copy(update={"roles": ()})
    for fit in report.roles:
        again = role_fit(document, unranked, fit.key)
        assert (again.used_want, again.used_can) == (fit.used_want, fit.used_can)
        # Written scores are rounded to six decimals; on a scale of 4 that is 25 times as much.
        assert abs((again.want or 0) - (fit.want or 0)) <= 1e-4
        assert abs((again.can or 0) - (fit.can or 0)) <= 1e-4


# The mirror image

OTHER = {
    "strong_a": "strong_b",
    "leans_a": "leans_b",
    "leans_b": "leans_a",
    "strong_b": "strong_a",
    "a_ready": "b_ready",
    "b_ready": "a_ready",
    "readiness_a": "readiness_b",
    "readiness_b": "readiness_a",
}


def mirrored_answers(answers: AnswerSheet) -> AnswerSheet:
    values = {
        key: -value if isinstance(value, int) and "-pair-" in key else value
        for key, value in answers.answers.items()
    }
    return AnswerSheet(answers.form, values, answers.seconds)


def turned(number: float | None) -> float | None:
    return None if number is None else 0.0 - number


def mirror_image(report: Report) -> dict[str, Any]:
    """What the report says, for sides changed over."""
    content = profile_in(report)
    for part in (content["overall"], *content["dimensions"]):
        part["preference"] = turned(part["preference"])
        part["low"], part["high"] = turned(part["high"]), turned(part["low"])
        for key in [key for key in part if key.startswith("readiness_a")]:
            other = key.replace("readiness_a", "readiness_b")
            part[key], part[other] = part[other], part[key]
        for key in ("verdict", "pattern", "readiness_pattern"):
            if key in part:
                part[key] = OTHER.get(part[key], part[key])
        for line in part.get("trace", ()):
            line["facet"] = OTHER.get(line["facet"], line["facet"])
            if line["facet"] == "preference":
                line["value"] = -line["value"]
                line["contribution"] = turned(line["contribution"])
    return sorted_traces(content)


def profile_in(report: Report) -> dict[str, Any]:
    """What the report says of the person; of a flag only that it is there."""
    content = json.loads(report.canonical())
    for key in ("answers_digest", "edition_digest"):
        del content[key]
    for flag in content["quality"]["flags"]:
        del flag["detail"]
    return sorted_traces(content)


def sorted_traces(content: dict[str, Any]) -> dict[str, Any]:
    for dimension in content["dimensions"]:
        dimension["trace"].sort(key=lambda line: (line["facet"], line["item"]))
    return content


@given(st.sampled_from(("full", "short")).flatmap(lambda form: sheets(FULL_SIZE, form)))
def test_the_mirror_image_of_answers_and_questionnaire_gives_the_mirror_image_profile(answers):
    report = report_on(FULL_SIZE, answers)
    image = report_on(MIRRORED, mirrored_answers(answers))
    assert profile_in(image) == mirror_image(report)
