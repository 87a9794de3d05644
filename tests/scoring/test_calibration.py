"""Standard errors from data: what a calibration holds, and what a report makes of it."""

import datetime
import json
import math
from typing import Any

import pytest

from assessments.instrument.canonical import digest
from assessments.instrument.document import Questionnaire
from assessments.scoring import AnswerSheet, Report, write_report
from assessments.scoring.calibration import Calibration, ScaleReliability, calibrate
from assessments.scoring.change import compare
from assessments.scoring.item_analysis import scale_statistics
from assessments.scoring.sums import ScaleSums
from assessments.scoring.uncertainty import ERROR_VARIANCE, LIKELY_Z, sem_of_mean
from assessments.scoring.verify import export, read_calibration, verify
from tests.scoring.documents import full_size
from tests.scoring.reports import profile_on, report_on, row
from tests.scoring.takers import sheet, with_answers

DAY = datetime.date(2026, 3, 11)
DOCUMENT = full_size()
CLUSTER = DOCUMENT.dimension["metrics"].cluster
PAIRS = "pairs:dimension:metrics"
RATINGS = f"ratings:a:cluster:{CLUSTER}"


def scale(key: str, **but: Any) -> ScaleReliability:
    numbers = {"n": 338, "alpha": 0.64, "alpha_low": 0.5, "alpha_high": 0.7, "sd": 0.9}
    content = {"key": key, "items": 2, "reliability": 0.64, **numbers, **but}
    return ScaleReliability.model_validate(content)


def calibration(*scales: ScaleReliability, **but: Any) -> Calibration:
    content = {
        "schema": "calibration/1",
        "number": 4,
        "questionnaire": DOCUMENT.slug,
        "edition": 3,
        "edition_digest": digest(DOCUMENT),
        "form": "full",
        "n": 338,
        "date": DAY,
        "filter": {"quality": ("high", "medium")},
        "scales": scales,
        **but,
    }
    return Calibration.model_validate(content)


CALIBRATION = calibration(
    scale(PAIRS), scale(RATINGS, items=4, reliability=0.75, sd=0.8), scale("ratings:b", items=14)
)


def calibrated(given: AnswerSheet, with_: Calibration = CALIBRATION) -> Report:
    return write_report(
        DOCUMENT, given, edition=3, edition_digest=digest(DOCUMENT), calibration=with_
    )


def calibrated_from(
    sums: dict[str, ScaleSums], *, people: int = 400, document: Questionnaire = DOCUMENT
) -> Calibration:
    return calibrate(
        document,
        document.form["full"],
        sums,
        number=1,
        edition=3,
        edition_digest=digest(document),
        people=people,
        date=DAY,
        quality=("high", "medium"),
    )


def agreeing(people: int) -> ScaleSums:
    """Two pairs that mostly agree, by so many people."""
    rows = [(-2, -1), (2, 2), (1, -1), (0, 1), (-1, -2)]
    return ScaleSums.of(2, [rows[i % len(rows)] for i in range(people)])


# --- What a report makes of it ------------------------------------------------------------------


@pytest.mark.parametrize("answered", [1, 2])
def test_the_error_of_a_preference_is_that_of_its_scale_and_grows_with_what_is_missing(answered):
    given = sheet(DOCUMENT, pairs=1)
    if answered == 1:
        given = with_answers(given, {"metrics-pair-1": None})
    found = row(calibrated(given), "metrics")
    sem = 0.9 * math.sqrt(1 - 0.64) * math.sqrt(2 / answered)
    assert found.low == pytest.approx(1 - LIKELY_Z * sem, abs=1e-6)
    assert found.high == pytest.approx(1 + LIKELY_Z * sem, abs=1e-6)


def test_what_is_not_calibrated_stays_assumed():
    given = sheet(DOCUMENT, pairs=1, ratings=2)
    assert row(calibrated(given), "design").low == row(report_on(DOCUMENT, given), "design").low


def test_the_error_of_one_rating_comes_from_the_ratings_of_its_side_and_cluster():
    profile = profile_on(DOCUMENT, sheet(DOCUMENT, ratings=3), CALIBRATION)
    [metrics] = [scores for scores in profile.dimensions if scores.dimension.key == "metrics"]
    # One rating answered out of a scale of four, and of fourteen.
    in_cluster = 0.8 * math.sqrt(1 - 0.75) * math.sqrt(4 / 1)
    of_side = 0.9 * math.sqrt(1 - 0.64) * math.sqrt(14 / 1)
    assert metrics.readiness["a"].estimate.sem == pytest.approx(in_cluster)
    assert metrics.readiness["b"].estimate.sem == pytest.approx(of_side)
    [other] = [scores for scores in profile.dimensions if scores.dimension.cluster != CLUSTER][:1]
    assert other.readiness["a"].estimate.sem == sem_of_mean(1)


def test_the_overall_error_is_made_of_those_of_the_dimensions():
    profile = profile_on(DOCUMENT, sheet(DOCUMENT, pairs=1), CALIBRATION)
    weights = [scores.dimension.weight for scores in profile.dimensions]
    errors = [scores.preference.estimate.sem for scores in profile.dimensions]
    expected = math.hypot(*(w * sem for w, sem in zip(weights, errors, strict=True)))
    assert profile.overall.sem == pytest.approx(expected / sum(weights))
    assert profile.overall.sem != profile_on(DOCUMENT, sheet(DOCUMENT, pairs=1)).overall.sem


def test_a_report_names_its_calibration_and_changes_in_nothing_but_what_rests_on_errors():
    given = sheet(DOCUMENT, pairs=1, ratings=2)
    with_it = json.loads(calibrated(given).canonical())
    without = json.loads(report_on(DOCUMENT, given).canonical())
    assert (with_it.pop("calibration"), without.pop("calibration")) == (4, None)
    for report in (with_it, without):
        for part in (report["overall"], *report["dimensions"]):
            for key in ("low", "high", "verdict", "sureness", "readiness_pattern"):
                part.pop(key, None)
        for side in ("readiness_a", "readiness_b"):
            del report["overall"][side]["low"], report["overall"][side]["high"]
    assert with_it == without


def test_a_calibration_that_knows_no_scale_leaves_every_error_assumed():
    given = sheet(DOCUMENT, pairs=1, ratings=2, scenarios="one")
    plain = report_on(DOCUMENT, given)
    assert calibrated(given, calibration()) == plain.model_copy(update={"calibration": 4})


def test_the_calibration_of_another_edition_is_refused():
    with pytest.raises(ValueError, match="Calibration 4 is of another edition"):
        calibrated(sheet(DOCUMENT), calibration(edition_digest="sha256:other"))


# --- The proof of a report ----------------------------------------------------------------------


def exported() -> Any:
    given = sheet(DOCUMENT, pairs=1, ratings=2)
    return json.loads(json.dumps(export(DOCUMENT, given, calibrated(given), CALIBRATION)))


def test_an_export_with_its_calibration_proves_its_report():
    content = exported()
    assert verify(content) == []
    assert content["report"]["calibration"] == content["calibration"]["number"] == 4
    assert read_calibration(content) == CALIBRATION


def test_a_changed_calibration_is_found():
    content = exported()
    [pairs] = [one for one in content["calibration"]["scales"] if one["key"] == PAIRS]
    pairs["sd"] = 0.8
    assert any(difference.startswith("dimensions.11.low: ") for difference in verify(content))


def test_a_calibration_of_another_number_or_edition_is_found():
    content = exported()
    content["calibration"]["number"] = 5
    assert verify(content) == ["calibration: the report says 4, scoring gives 5"]
    content = exported()
    content["calibration"]["edition_digest"] = "sha256:other"
    [difference] = verify(content)
    assert difference.startswith("calibration.edition_digest: ")


@pytest.mark.parametrize(
    ("key", "value"),
    [("sd", 0.0), ("sd", 1e-9), ("sd", 1e200), ("sd", None), ("reliability", 0.9999999),
     ("items", 10**400), ("items", 1), ("n", 99), ("mood", 1)],
)  # fmt: skip
def test_a_calibration_that_no_data_can_give_is_refused(key, value):
    content = exported()
    content["calibration"]["scales"][0][key] = value
    with pytest.raises(ValueError, match=r"cannot be read at calibration\.scales\.0\."):
        verify(content)


def test_a_report_that_names_no_calibration_is_not_proved_with_one():
    given = sheet(DOCUMENT, pairs=1, ratings=2)
    content = export(DOCUMENT, given, report_on(DOCUMENT, given))
    content["calibration"] = json.loads(CALIBRATION.canonical())
    assert "calibration: the report says null, scoring gives 4" in verify(content)


def test_an_export_without_the_calibration_that_its_report_names_is_refused():
    content = exported()
    content["calibration"] = None
    with pytest.raises(ValueError, match="lacks calibration 4"):
        verify(content)
    given = sheet(DOCUMENT, pairs=1)
    with pytest.raises(ValueError, match="was written with calibration 4"):
        export(DOCUMENT, given, calibrated(given))
    with pytest.raises(ValueError, match="was written with calibration None"):
        export(DOCUMENT, given, report_on(DOCUMENT, given), CALIBRATION)


def test_a_change_takes_for_each_attempt_the_errors_that_its_report_had():
    first = sheet(DOCUMENT, pairs=-1, ratings=2)
    second = sheet(DOCUMENT, pairs=1, ratings=2)
    change = compare(
        *(DOCUMENT, first, report_on(DOCUMENT, first)),
        *(DOCUMENT, second, calibrated(second)),
        calibration_b=CALIBRATION,
    )
    [metrics] = [row for row in change.dimensions if row.key == "metrics"]
    assert metrics.preference.first_sem == pytest.approx(sem_of_mean(2), abs=1e-6)
    assert metrics.preference.second_sem == pytest.approx(0.9 * 0.6, abs=1e-6)


# --- Making one ---------------------------------------------------------------------------------


def test_under_300_people_the_lower_limit_is_used_and_alpha_from_there_on():
    for people, is_lower in ((299, True), (300, False)):
        found = scale_statistics(agreeing(people))
        [pairs] = calibrated_from({PAIRS: agreeing(people)}, people=people).scales
        low = found.alpha_interval.low
        assert pairs.reliability == pytest.approx(low if is_lower else found.alpha, abs=1e-6)
        assert (pairs.key, pairs.items, pairs.n) == (PAIRS, 2, people)
        assert pairs.alpha == pytest.approx(found.alpha, abs=1e-6)
        assert pairs.sd == pytest.approx(found.sd, abs=1e-6)
        assert pairs.alpha_low < pairs.alpha < pairs.alpha_high


def test_a_calibration_needs_100_people_and_so_does_each_scale():
    with pytest.raises(ValueError, match="needs 100 people, not 99"):
        calibrated_from({PAIRS: agreeing(99)}, people=99)
    found = calibrated_from({PAIRS: agreeing(99), "pairs:dimension:design": agreeing(100)})
    assert [one.key for one in found.scales] == ["pairs:dimension:design"]


@pytest.mark.parametrize("rows", [[(1, 1)], [(1, 1), (2, 2)], [(0, 2), (1, 1), (2, 0)]])
def test_answers_without_error_or_without_variance_calibrate_nothing(rows):
    sums = ScaleSums.of(2, [rows[i % len(rows)] for i in range(300)])
    assert calibrated_from({PAIRS: sums}).scales == ()


def test_what_is_no_scale_of_the_form_is_left_out():
    assert calibrated_from({"pairs:dimension:astrology": agreeing(300)}).scales == ()


def test_pairs_that_contradict_each_other_widen_the_range_instead_of_narrowing_it():
    rows = [(-2, 1), (2, -2), (1, -1), (0, 1), (-1, 2)]
    against = ScaleSums.of(2, [rows[i % len(rows)] for i in range(300)])
    [pairs] = calibrated_from({PAIRS: against}).scales
    assert pairs.reliability < 0
    assert pairs.error_variance > ERROR_VARIANCE
    assert calibrated_from({PAIRS: agreeing(300)}).scales[0].error_variance < ERROR_VARIANCE


def test_a_calibration_is_read_back_as_it_was():
    made = calibrated_from({PAIRS: agreeing(120)}, people=120)
    assert Calibration.parse(made.canonical()) == made
    content = json.loads(made.canonical())
    assert content["date"] == "2026-03-11"
    assert content["filter"] == {"quality": ["high", "medium"]}
    assert sorted(content) == [
        "date", "edition", "edition_digest", "filter", "form", "n", "number", "questionnaire",
        "scales", "schema",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="schema"):
        Calibration.parse("{}")
