import json
from typing import Any

import pytest

from assessments.scoring import AnswerSheet
from assessments.scoring.verify import export, verify
from tests.scoring.documents import full_size
from tests.scoring.reports import report_on
from tests.scoring.takers import sheet, with_answers


def exported(*, seconds: dict[str, float] | None = None) -> Any:
    """A fresh export as it comes from a file: anything in it may be tampered with."""
    document = full_size()
    given = sheet(document, pairs=1, ratings=2, scenarios="one")
    given = with_answers(given, {"metrics-pair-1": None})
    given = AnswerSheet("full", given.answers, seconds or {})
    return json.loads(json.dumps(export(document, given, report_on(document, given))))


@pytest.mark.parametrize("seconds", [None, {"metrics-pair-2": 4.2}])
def test_an_export_proves_its_report(seconds):
    assert verify(exported(seconds=seconds)) == []


def test_an_export_holds_every_item_and_seconds_only_where_known():
    content = exported()
    assert len(content["answers"]) == 64
    assert content["answers"]["metrics-pair-1"] is None
    assert sorted(content) == ["answers", "calibration", "edition", "report", "schema"]
    assert exported(seconds={"metrics-pair-2": 4.2})["seconds"] == {"metrics-pair-2": 4.2}


def test_a_changed_number_is_found_and_named():
    content = exported()
    content["report"]["overall"]["preference"] += 1e-7
    (difference,) = verify(content)
    assert difference.startswith("overall.preference: the report says ")


def test_a_changed_answer_is_found():
    content = exported()
    content["answers"]["design-pair-1"] = 2
    differences = verify(content)
    assert any(difference.startswith("answers_digest: ") for difference in differences)
    assert any(difference.startswith("dimensions.9.preference: ") for difference in differences)


def test_a_changed_edition_is_found_by_its_digest():
    content = exported()
    content["edition"]["title"] = "Another"
    (difference,) = verify(content)
    assert difference.startswith("edition_digest: ")


def test_a_removed_role_and_a_removed_number_are_found():
    content = exported()
    content["report"]["roles"].pop()
    assert verify(content) == ["roles: the report has 9, scoring gives 10"]
    document = full_size()
    given = sheet(document, pairs=1, ratings=4)
    content = json.loads(json.dumps(export(document, given, report_on(document, given))))
    del content["report"]["quality"]["flags"][0]["detail"]["sd"]
    assert verify(content) == [
        "quality.flags.0.detail.sd: the report says null, scoring gives 0.0"
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"schema": "export/2"}, "not an export/1 file"),
        ({"calibration": {"number": 1}}, "cannot be read at calibration.schema"),
        ({"edition": {"schema": "questionnaire/1"}}, "cannot be read at edition.slug"),
        ({"edition": None}, "cannot be read at edition"),
        ({"edition": {1, 2}}, "edition is not JSON"),
        ({"report": {}}, "cannot be read at report"),
        ({"report": float("nan")}, "report is not JSON"),
        ({"answers": [1]}, "answers must be an object"),
        ({"answers": {"design-pair-1": [1]}}, "not an answer to the pair"),
        ({"seconds": 3}, "seconds must be an object"),
        ({"seconds": {"design-pair-1": "fast"}}, "not a number of seconds"),
    ],
)
def test_garbage_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        verify({**exported(), **change})


def test_an_export_without_answers_is_refused():
    content = exported()
    del content["answers"]
    with pytest.raises(ValueError, match="answers must be an object"):
        verify(content)


def test_a_report_of_an_unknown_scorer_is_refused():
    content = exported()
    content["report"]["scoring"] = 2
    with pytest.raises(ValueError, match="written by scorer 2"):
        verify(content)


def test_an_edition_that_names_what_it_does_not_have_is_refused():
    content = exported()
    content["edition"]["items"].pop(0)
    with pytest.raises(ValueError, match="refers to 'customer-understanding-pair-1'"):
        verify(content)


def test_a_report_of_other_answers_is_not_equal():
    document = full_size()
    given = sheet(document, pairs=1, ratings=2)
    other = with_answers(given, {"metrics-pair-1": -2})
    assert verify(export(document, other, report_on(document, given))) != []
