"""The real scorer on the shipped questionnaire, against a second reading of the rules.

`tests/oracle.py` shares no code with `scoring/`; where the two agree on thousands of sheets, both
would have to have misread the rules in the same way.
"""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assessments.instrument.canonical import canonical_json
from assessments.scoring import AnswerSheet, Report, write_report
from tests import oracle, takers
from tests.cast import shipped_questionnaire

DOCUMENT = shipped_questionnaire()
PLAIN = json.loads(canonical_json(DOCUMENT))
EXAMPLES = json.loads(
    (Path(__file__).parent.parent / "data" / "worked-examples.json").read_text(encoding="utf-8")
)["examples"]
TRIES = 400


def scored(answers: dict[str, Any], form: str = "full", **seconds: dict[str, float]) -> Report:
    sheet = AnswerSheet(form, answers, **seconds)
    return write_report(DOCUMENT, sheet, edition=1, edition_digest="sha256:x")


def without_provenance(report: Report) -> dict[str, Any]:
    """The part of a report that the oracle works out too."""
    content = json.loads(report.canonical())
    for key in (
        "schema", "scoring", "calibration", "questionnaire", "edition", "edition_digest",
        "form", "answers_digest",
    ):  # fmt: skip
        del content[key]
    for flag in content["quality"]["flags"]:
        del flag["detail"]
    with_pair = {item["dimension"] for item in PLAIN["items"] if item["kind"] == "pair"}
    for row in content["dimensions"]:
        assert row["key"] in with_pair
        del row["trace"]
    return content


def agree(answers: dict[str, Any], form: str, seconds: dict[str, float] | None = None) -> None:
    mine = without_provenance(scored(answers, form, seconds=seconds or {}))
    theirs = oracle.report(PLAIN, form, answers, seconds)
    if form == "short":
        # The oracle leaves out dimensions of which the form asks readiness only.
        known = {row["key"] for row in theirs["dimensions"]}
        mine["dimensions"] = [row for row in mine["dimensions"] if row["key"] in known]
    assert mine == close_to(theirs)


def close_to(value: Any) -> Any:
    """The same, numbers to the last decimal written."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1.5e-6)
    if isinstance(value, dict):
        return {key: close_to(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [close_to(inner) for inner in value]
    return value


def with_gaps(answers: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Some answers left out: mostly a few, sometimes many."""
    share = rng.choice([0.0, 0.03, 0.1, 0.25, 0.6])
    return {key: None if rng.random() < share else value for key, value in answers.items()}


@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("kind", ["random_taker", "steady_taker"])
def test_scorer_and_oracle_agree_on_simulated_takers(kind: str, form: str) -> None:
    rng = Random(f"{kind} {form}")
    for _number in range(150):
        answers = with_gaps(getattr(takers, kind)(PLAIN, form, rng), rng)
        answered = [key for key, value in answers.items() if value is not None]
        timed = rng.random() < 0.5
        pace = rng.choice([1.5, 2.5, 6.0])
        seconds = {key: round(rng.uniform(0.5, 2 * pace), 1) for key in answered if timed}
        agree(answers, form, seconds)


@pytest.mark.parametrize("form", ["full", "short"])
def test_scorer_and_oracle_agree_on_extreme_takers(form: str) -> None:
    for answers in (
        *(takers.always_pole(PLAIN, form, pole) for pole in "ab"),
        *(takers.same_screen_position(PLAIN, form, position) for position in range(5)),
        takers.all_middle(PLAIN, form),
        takers.both_ready(PLAIN, form),
        takers.neither_yet(PLAIN, form),
        {},
    ):
        agree(answers, form)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_the_worked_examples_comes_out(name: str) -> None:
    example = EXAMPLES[name]
    expected = example["expected"]
    report = scored(takers.worked(PLAIN, "full", example))
    overall = report.overall
    assert {
        "overall_preference": overall.preference,
        "spread": overall.spread,
        "verdict": overall.verdict,
        "sureness": overall.sureness,
        "readiness_a": overall.readiness_a.mean,
        "readiness_b": overall.readiness_b.mean,
    } == close_to(
        {
            key: value
            for key, value in expected.items()
            if key
            in {
                "overall_preference",
                "spread",
                "verdict",
                "sureness",
                "readiness_a",
                "readiness_b",
            }
        }
    )
    roles = {role.key: {"want": role.want, "can": role.can} for role in report.roles}
    assert len(roles) == 10
    assert roles == close_to(expected["roles"])


@pytest.mark.parametrize(("pole", "score"), [("a", -2.0), ("b", 2.0)])
def test_one_who_takes_one_side_throughout_gets_it_on_every_dimension(
    pole: str, score: float
) -> None:
    report = scored(takers.always_pole(PLAIN, "full", pole))
    assert [row.preference for row in report.dimensions] == [score] * len(DOCUMENT.dimensions)
    assert report.overall.verdict == f"strong_{pole}"


@pytest.mark.parametrize("position", range(5))
def test_one_place_on_the_screen_throughout_gets_no_ranking(position: int) -> None:
    report = scored(takers.same_screen_position(PLAIN, "full", position))
    assert (report.roles, report.rank_by) == ((), "none")


def test_random_answers_get_no_ranking_at_least_four_times_in_five() -> None:
    rng = Random(1)
    reports = [scored(takers.random_taker(PLAIN, "full", rng)) for _n in range(TRIES)]
    assert sum(not report.roles for report in reports) / TRIES >= 0.8


def test_a_steady_taker_is_low_at_most_once_in_fifteen() -> None:
    rng = Random(2)
    reports = [scored(takers.steady_taker(PLAIN, "full", rng)) for _n in range(TRIES)]
    assert sum(report.quality.level == "low" for report in reports) / TRIES <= 1 / 15


def test_no_flat_profile_is_ranked_on_any_form() -> None:
    for form in DOCUMENT.form:
        report = scored(takers.all_middle(PLAIN, form), form)
        assert report.roles == ()
