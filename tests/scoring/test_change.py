import json
from math import isclose, sqrt
from random import Random
from statistics import NormalDist, fmean
from typing import Any

import pytest

from assessments.instrument.document import Questionnaire
from assessments.scoring import AnswerSheet
from assessments.scoring.change import Change, NotComparable, ScoreChange, compare
from tests import takers
from tests.instrument.small import small
from tests.scoring.documents import full_size
from tests.scoring.reports import report_on, row
from tests.scoring.takers import sheet, taken_by, with_answers, without

FACETS = ("preference", "readiness_a", "readiness_b")


def edited(**texts: str) -> Questionnaire:
    """The stand-in with other texts of some pairs' left statements, as a later edition."""
    content = full_size().model_dump(mode="json", by_alias=True)
    for item in content["items"]:
        if (text := texts.get(item["key"].replace("-", "_"))) is not None:
            item["left"]["text"] = text
    return Questionnaire.model_validate_json(json.dumps(content))


def change(
    first: AnswerSheet,
    second: AnswerSheet,
    *,
    document: Questionnaire | None = None,
    later: Questionnaire | None = None,
) -> Change:
    document = document or full_size()
    later = later or document
    return compare(
        document, first, report_on(document, first), later, second, report_on(later, second)
    )


def score(found: Change, dimension: str | None, facet: str = "preference") -> ScoreChange:
    return next(s for key, f, s in found.scores() if (key, f) == (dimension, facet))


def test_where_the_whole_form_is_common_the_scores_are_those_of_the_reports():
    document = full_size()
    sheets = [taken_by("steady", document, "full", Random(seed), skips=0.1) for seed in (1, 2)]
    reports = [report_on(document, given) for given in sheets]
    found = change(*sheets)
    assert found.common == 64
    for name, report in zip(("first", "second"), reports, strict=True):
        overall = (report.overall.readiness_a.mean, report.overall.readiness_b.mean)
        assert [getattr(s, name) for _, s in found.overall.facets()] == [
            report.overall.preference, *overall,
        ]  # fmt: skip
        assert [r.key for r in found.dimensions] == [r.key for r in report.dimensions]
        for changed in found.dimensions:
            own = row(report, changed.key)
            expected = [own.preference, own.readiness_a, own.readiness_b]
            assert [getattr(s, name) for _, s in changed.facets()] == expected
    last = reports[1].overall
    assert (found.overall.preference.low, found.overall.preference.high) == (last.low, last.high)


def test_the_rci_divides_the_difference_by_both_attempts_own_errors():
    before = sheet(full_size(), pairs=-1, ratings=1)
    after = with_answers(before, {"metrics-pair-1": 2, "metrics-pair-2": None})
    metrics = score(change(before, after), "metrics")
    # One pair has an SEM of .837, two have .592.
    assert (metrics.first, metrics.second, metrics.difference) == (-1, 2, 3)
    assert isclose(metrics.rci or 0, 3 / sqrt(0.7 + 0.35), abs_tol=1e-6)
    assert isclose(metrics.limit or 0, 1.96 * sqrt(0.7 + 0.35), abs_tol=1e-6)
    assert (metrics.first_sem, metrics.second_sem) == (0.591608, 0.83666)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [((0, 0), "none"), ((1, 1), "none"), ((2, 1), "probably"), ((-2, -1), "probably"),
     ((2, 2), "changed"), ((-2, -2), "changed")],
)  # fmt: skip
def test_a_change_is_real_probable_or_nothing_to_speak_of(values, verdict):
    before = sheet(full_size(), pairs=0, ratings=2)
    pairs = dict(zip(("metrics-pair-1", "metrics-pair-2"), values, strict=True))
    found = change(before, with_answers(before, pairs))
    assert score(found, "metrics").verdict == verdict
    assert score(found, "design").verdict == "none"
    back = change(with_answers(before, pairs), before)
    assert score(back, "metrics").verdict == verdict
    assert score(back, "metrics").rci == -(score(found, "metrics").rci or 0.0)


def test_only_items_with_the_same_revision_are_compared():
    later = edited(metrics_pair_1="Another question")
    before = sheet(full_size(), pairs=-2, ratings=2)
    after = with_answers(before, {"metrics-pair-1": 2})
    found = change(before, after, later=later)
    assert found.common == 63
    metrics = score(found, "metrics")
    assert (metrics.common, metrics.first, metrics.second) == (1, -2, -2)
    assert {s.difference for _, _, s in found.scores()} == {0.0}
    assert found.moved == ()


def test_a_dimension_without_a_common_item_is_not_comparable():
    later = edited(metrics_pair_1="Another question", metrics_pair_2="And another")
    given = sheet(full_size(), pairs=1, ratings=2)
    found = change(given, given, later=later)
    metrics = score(found, "metrics")
    assert (metrics.common, metrics.verdict, metrics.rci) == (0, "not_comparable", None)
    assert score(found, "metrics", "readiness_a").verdict == "none"
    assert score(found, None).common == 26


def test_a_score_that_one_attempt_lacks_is_not_comparable():
    before = sheet(full_size(), pairs=1, ratings=2)
    after = without(before, ["metrics-pair-1", "metrics-pair-2", "design-rating-b"])
    found = change(before, after)
    assert score(found, "metrics").verdict == "not_comparable"
    assert (score(found, "metrics").first, score(found, "metrics").second) == (1, None)
    assert score(found, "design", "readiness_b").verdict == "not_comparable"
    assert score(found, "design", "readiness_a").verdict == "none"
    assert score(change(after, before), "metrics").first is None


def test_a_short_and_a_full_attempt_are_compared_on_what_they_share():
    document = full_size()
    short, full = (
        sheet(document, form="short", pairs=1, ratings=2),
        sheet(document, pairs=1, ratings=2, scenarios="one"),
    )
    found = change(short, full)
    assert found.common == len(document.form["short"].item_keys) == found.second.answered
    assert score(found, "team-size").verdict == "not_comparable"
    # The scenarios of the full form are not shared, so they must not move its readiness.
    assert score(found, "design", "readiness_b").difference == 0
    assert score(found, None).second_sem == report_sem(7)


def report_sem(dimensions: int) -> float:
    """SEM of the overall preference of so many whole-weight dimensions with one pair each."""
    return round(sqrt(0.7 / dimensions), 6)


def test_equal_answers_never_change_even_if_the_weights_of_dimensions_did():
    content = full_size().model_dump(mode="json", by_alias=True)
    content["dimensions"][0]["half_weight"] = True
    later = Questionnaire.model_validate_json(json.dumps(content))
    given = taken_by("steady", full_size(), "full", Random(3))
    found = change(given, given, later=later)
    assert {s.difference for _, _, s in found.scores()} == {0.0}


def test_nothing_in_common_makes_nothing_comparable():
    content = full_size().model_dump(mode="json", by_alias=True)
    content["stems"] = {"pair": "Other?", "rating": "Other?"}
    for item in content["items"]:
        item["text" if item["kind"] == "scenario" else "source_refs"] = (
            "Other" if item["kind"] == "scenario" else ["1"]
        )
    later = Questionnaire.model_validate_json(json.dumps(content))
    given = sheet(full_size(), pairs=1, ratings=2, scenarios="one")
    found = change(given, given, later=later)
    assert found.common == 0
    assert {s.verdict for _, _, s in found.scores()} == {"not_comparable"}


def test_a_dimension_that_only_the_earlier_edition_has_is_listed_last():
    document = full_size()
    content = document.model_dump(mode="json", by_alias=True)
    first = content["dimensions"].pop(0)["key"]
    content["items"] = [item for item in content["items"] if item["dimension"] != first]
    kept = {item["key"] for item in content["items"]}
    for form in content["forms"]:
        form["sections"][0]["items"] = [k for k in form["sections"][0]["items"] if k in kept]
    for role in content["roles"]:
        del role["targets"][first]
    content["study"]["tie_order"].remove(first)
    later = Questionnaire.model_validate_json(json.dumps(content))
    found = change(
        sheet(document, pairs=1, ratings=2), sheet(later, pairs=1, ratings=2), later=later
    )
    assert [changed.key for changed in found.dimensions][-1] == first
    assert {s.verdict for _, s in found.dimensions[-1].facets()} == {"not_comparable"}


def test_answers_that_moved_come_with_both_answers_the_largest_first():
    before = sheet(full_size(), pairs=0, ratings=2, scenarios="one")
    after = with_answers(
        before,
        {
            "metrics-pair-1": 1,
            "design-pair-1": None,
            "stakeholders-rating-b": 4,
            # In points of side a from 4 to 2; for both sides from (4, 0) to (0, 4).
            "metrics-scenario": "three",
            "time-horizon-scenario": "two",
        },
    )
    moved = [(m.item, m.before, m.after, m.size) for m in change(before, after).moved]
    assert moved == [
        ("time-horizon-scenario", "one", "two", 4),
        ("stakeholders-rating-b", 2, 4, 2),
        ("metrics-scenario", "one", "three", 2),
        ("metrics-pair-1", 0, 1, 1),
    ]


def test_it_says_what_was_compared():
    before = sheet(full_size(), pairs=0, ratings=2, scenarios="one")
    after = without(before, ["metrics-pair-1"])
    found = change(before, after)
    reports = [report_on(full_size(), given) for given in (before, after)]
    assert [
        (c.edition, c.edition_digest, c.form, c.answers_digest, c.quality, c.answered)
        for c in (found.first, found.second)
    ] == [
        (r.edition, r.edition_digest, r.form, r.answers_digest, r.quality.level, count)
        for r, count in zip(reports, (64, 63), strict=True)
    ]


def test_a_change_is_the_same_after_being_written_and_read():
    found = change(sheet(full_size(), pairs=0, ratings=2), sheet(full_size(), pairs=1, ratings=3))
    assert Change.parse(found.canonical()) == found
    assert json.loads(found.canonical())["schema"] == "change/1"


def test_two_questionnaires_cannot_be_compared():
    one, other = sheet(full_size(), pairs=1), sheet(small(), pairs=1)
    with pytest.raises(NotComparable, match="“stand-in” and “maker-manager” are different"):
        change(one, other, later=small())


def test_an_answer_that_does_not_fit_is_refused():
    given = sheet(full_size(), pairs=1)
    with pytest.raises(ValueError, match="9 is not an answer"):
        compare(
            full_size(), with_answers(given, {"metrics-pair-1": 9}), report_on(full_size(), given),
            full_size(), given, report_on(full_size(), given),
        )  # fmt: skip


# --- By simulation ------------------------------------------------------------------------------

PLAIN: Any = full_size().model_dump(mode="json", by_alias=True)
SEEN = 1.5 * 1.96 * sqrt(2)
"""The true change of an overall score that has to be seen, in SEM."""


def retested(pairs: int, *, seed: int, moves: bool) -> list[Change]:
    """People who answer twice; who moves does so in overall preference and readiness b."""
    random, found = Random(seed), []
    for _ in range(pairs):
        before = takers.new_person(PLAIN, random)
        after = moved(before) if moves else before
        first, second = (
            AnswerSheet("full", takers.answers_of(PLAIN, "full", person, random))
            for person in (before, after)
        )
        found.append(change(first, second))
    return found


def moved(person: takers.Person) -> takers.Person:
    """The person after a true change of `SEEN`, away from the end they stand nearer to."""
    position = _shift(lambda by: true_preference(person.moved(position=by)), 0.0, 0.162)
    practice = _shift(lambda by: true_readiness_b(person.moved(practice_b=by)), 2.0, 0.2236)
    return person.moved(position, practice)


def _shift(true_score: Any, middle: float, sem: float) -> float:
    """How far what answers vary round must shift for the true score to move by `SEEN` SEM."""
    start = true_score(0.0)
    goal = start + SEEN * sem * (1 if start < middle else -1)
    low, high = -8.0, 8.0
    for _ in range(40):
        half = (low + high) / 2
        low, high = (half, high) if true_score(half) < goal else (low, half)
    return low


def true_preference(person: takers.Person) -> float:
    """The overall preference that the person would have on average over many sittings."""
    dimensions = full_size().dimensions
    total = sum(d.weight * expected(person.position[d.key], -2, 2) for d in dimensions)
    return total / sum(d.weight for d in dimensions)


def true_readiness_b(person: takers.Person) -> float:
    """The overall readiness for side b on average over many sittings."""
    scenarios = {i["dimension"]: i for i in PLAIN["items"] if i["kind"] == "scenario"}
    cells = []
    for key in full_size().dimension:
        rating = expected(person.practice[key, "b"], 0, 4)
        scenario = scenarios.get(key)
        if scenario is None or scenario["setting"] == "a":
            cells.append(rating)
            continue
        points = {o["key"]: 2 * o["fit_b"] for o in scenario["options"]}
        best = points["one"] if scenario["setting"] == "mixed" else points["two"]
        chance = min(1.0, max(0.0, takers.chance_of_best(person, scenario)))
        cells.append(
            0.75 * rating + 0.25 * (chance * best + (1 - chance) * fmean(points.values()))
        )
    return fmean(cells)


def expected(true: float, lowest: int, highest: int) -> float:
    """The mean of an answer round `true`: rounded, and cut off at the ends of its scale."""
    noise = NormalDist(true, takers.NOISE)
    return lowest + sum(1 - noise.cdf(k - 0.5) for k in range(lowest + 1, highest + 1))


def share_changed(found: list[Change]) -> dict[str, float]:
    """By kind of score, the share of those comparable that say *changed*."""
    verdicts: dict[str, list[bool]] = {}
    for one in found:
        for key, facet, scored in one.scores():
            kind = facet if key is None else f"{facet} of a dimension"
            verdicts.setdefault(kind, []).append(scored.verdict == "changed")
    return {kind: fmean(said) for kind, said in verdicts.items()}


@pytest.mark.parametrize("pairs", [150, pytest.param(1000, marks=pytest.mark.soak)])
def test_under_pure_noise_at_most_one_comparison_in_ten_says_changed(pairs):
    shares = share_changed(retested(pairs, seed=1, moves=False))
    assert set(shares) == {*FACETS, *(f"{facet} of a dimension" for facet in FACETS)}
    assert max(shares.values()) <= 0.10, shares


@pytest.mark.parametrize("pairs", [60, pytest.param(1000, marks=pytest.mark.soak)])
def test_a_true_change_of_an_overall_score_is_seen_four_times_in_five(pairs):
    shares = share_changed(retested(pairs, seed=2, moves=True))
    assert shares["preference"] >= 0.80, shares
    assert shares["readiness_b"] >= 0.80, shares
    assert shares["readiness_a"] <= 0.10, shares
