import json
from hashlib import sha256

import pytest

from assessments.scoring import AnswerSheet
from tests.scoring.takers import sheet, with_answers


def test_an_empty_sheet_is_a_sheet_of_skips(document):
    AnswerSheet("full", {}).check(document)


def test_every_stored_value_of_an_item_is_accepted(document):
    sheet(document, pairs=-2, ratings=4, scenarios="four").check(document)


def test_an_unknown_form_is_refused(document):
    with pytest.raises(ValueError, match="There is no form “middle”"):
        AnswerSheet("middle", {}).check(document)


def test_everything_that_does_not_fit_is_listed_at_once(document):
    answers = {"metrics-pair-1": 3, "metrics-rating-a": True, "nothing": 1}
    seconds = {"metrics-pair-2": -1.0, "nothing": 1.0, "metrics-rating-b": float("nan")}
    with pytest.raises(ValueError, match="not") as refusal:
        AnswerSheet("full", answers, seconds).check(document)
    assert str(refusal.value).splitlines() == [
        "3 is not an answer to the pair “metrics-pair-1”.",
        "True is not an answer to the rating “metrics-rating-a”.",
        "There is no item “nothing” on this form.",
        "-1.0 is not a number of seconds for “metrics-pair-2”.",
        "There are seconds for “nothing”, which is not on this form.",
        "nan is not a number of seconds for “metrics-rating-b”.",
    ]


def test_an_item_of_another_form_is_refused(document):
    with pytest.raises(ValueError, match="metrics-scenario"):
        AnswerSheet("short", {"metrics-scenario": "one"}).check(document)


@pytest.mark.parametrize("seconds", [True, "3", float("inf"), 10**400])
def test_seconds_must_be_a_number(document, seconds):
    with pytest.raises(ValueError, match="is not a number of seconds"):
        AnswerSheet("full", {}, {"metrics-pair-1": seconds}).check(document)


def test_the_digest_is_that_of_form_answers_and_seconds_with_skips_as_null(document):
    given = AnswerSheet("short", {"metrics-pair-2": -1}, {"metrics-pair-2": 3})
    answers = dict.fromkeys(document.form["short"].item_keys) | {"metrics-pair-2": -1}
    content = {"answers": answers, "form": "short", "seconds": {"metrics-pair-2": 3.0}}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert given.digest(document) == f"sha256:{sha256(text.encode()).hexdigest()}"


def test_a_skip_has_the_same_digest_as_an_item_that_is_not_there(document):
    skipped = sheet(document)
    assert skipped.digest(document) == AnswerSheet("full", {}).digest(document)


def test_another_answer_another_time_or_another_form_changes_the_digest(document):
    first = sheet(document, form="short", pairs=1)
    others = [
        with_answers(first, {"metrics-pair-2": 2}),
        AnswerSheet("short", first.answers, {"metrics-pair-2": 2.5}),
        AnswerSheet("full", first.answers),
    ]
    digests = {other.digest(document) for other in (first, *others)}
    assert len(digests) == 4
