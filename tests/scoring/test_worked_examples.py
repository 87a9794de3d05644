"""The two worked examples of the study model, to the last decimal that is given."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scoring.documents import full_size
from tests.scoring.reports import report_on, row
from tests.scoring.takers import with_profile

EXAMPLES: list[dict[str, Any]] = list(
    json.loads((Path(__file__).parent.parent / "data" / "worked-examples.json").read_text())[
        "examples"
    ].values()
)
PEOPLE = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])


@PEOPLE
def test_dimensions_hold_what_the_person_answered(example):
    document = full_size()
    report = report_on(document, with_profile(document, example["profile"]))
    for key, scores in example["profile"].items():
        found = row(report, key)
        assert found.model_dump(include=set(scores)) == scores


@PEOPLE
def test_the_whole_form_comes_out_as_worked(example):
    document, expected = full_size(), example["expected"]
    overall = report_on(document, with_profile(document, example["profile"])).overall
    assert {
        "overall_preference": overall.preference,
        "low": overall.low,
        "high": overall.high,
        "spread": overall.spread,
        "verdict": overall.verdict,
        "sureness": overall.sureness,
        "readiness_a": overall.readiness_a.mean,
        "readiness_b": overall.readiness_b.mean,
    } == {key: value for key, value in expected.items() if key != "roles"}


@PEOPLE
def test_every_role_comes_out_as_worked(example):
    document = full_size()
    report = report_on(document, with_profile(document, example["profile"]))
    found = {fit.key: {"want": fit.want, "can": fit.can} for fit in report.roles}
    assert found == example["expected"]["roles"]


def test_ana_sees_her_own_kind_of_role_first():
    document = full_size()
    report = report_on(document, with_profile(document, EXAMPLES[0]["profile"]))
    assert report.rank_by == "overall"
    assert report.roles[0].key == "consumer-marketplace-fintech"
    assert report.equally_close == ()
