"""What another document would tell people: what is compared, how it adds up, what is shown."""

import json
from collections import Counter

import pytest

from assessments.scoring.impact import (
    Gap,
    Move,
    Outcome,
    Tally,
    Told,
    common_items,
    gaps_without_step,
    outcome_of,
    told_by,
)
from assessments.scoring.impact_figures import ALL_BUT_FEW, FEW, figure, impact_json, pooled
from assessments.scoring.plan import write_plan
from tests.instrument.small import small, small_data
from tests.scoring.reports import report_on
from tests.scoring.takers import sheet

HEADLINE, RANKING = Told("headline", ""), Told("ranking", "")


def leaning(document, form="full"):
    return report_on(document, sheet(document, form=form, pairs=2, ratings=1))


def test_all_that_a_result_says_is_compared():
    document = small()
    report = leaning(document)
    plan = write_plan(document, report, goal="lead", hours_per_week=4, weeks=6)
    told = told_by(report, plan)
    assert told[HEADLINE] == report.overall.verdict
    assert told[Told("first_role", "")] == report.roles[0].key
    assert told[Told("first_theme", "")] == "time b"
    assert {key.dimension for key in told} == {"", *document.dimension}
    assert len(told) == 7 + 3 * len(document.dimensions)
    assert told_by(report, None)[Told("first_theme", "")] == ""


def test_a_gap_counts_from_the_level_that_one_has_to_the_one_that_is_needed():
    data = small_data()
    rows = data["study"]["recommendations"]
    data["study"]["recommendations"] = [row for row in rows if row.get("dimension") != "feedback"]
    document = small(data)
    report = leaning(document)
    assert [*gaps_without_step(document, report, "lead")] == [
        Gap("feedback", "b", 1),
        Gap("feedback", "b", 2),
    ]
    assert not [*gaps_without_step(small(), report, "lead")]


def test_without_a_goal_the_gaps_are_those_of_the_best_fit():
    data = small_data()
    data["study"] |= {"recommendations": data["study"]["recommendations"][:2]}
    document = small(data)
    report = leaning(document)
    best = report.roles[0].key
    assert [*gaps_without_step(document, report, "")] == [
        *gaps_without_step(document, report, best)
    ]
    flat = report_on(document, sheet(document, pairs=0, ratings=1))
    assert flat.roles == ()
    assert [*gaps_without_step(document, flat, "")] == []


def test_items_are_common_where_key_and_revision_are_equal():
    data = small_data()
    data["items"][0]["left"]["text"] = "Reworded."
    data["items"][1]["source_refs"] = []
    sections = data["forms"][0]["sections"]
    sections[1]["items"].remove("feedback-2")
    data["forms"][1]["sections"][0]["items"].append("time-2")
    before, after = small(), small(data)
    full = common_items(before, after, "full")
    assert dict(full.lost) == {"feedback-2": "gone", data["items"][0]["key"]: "another"}
    assert full.same == set(before.form["full"].item_keys) - full.lost.keys()
    assert common_items(before, after, "short").lost["time-2"] == "new"
    with pytest.raises(KeyError):
        common_items(before, after, "no-such-form")


def outcome(headline, ranking="overall", gaps=()):
    return Outcome({HEADLINE: headline, RANKING: ranking}, tuple(gaps))


def test_a_tally_adds_up():
    tally, gap = Tally(), Gap("time", "b", 1)
    tally.add(1, outcome("even"), outcome("even"))
    tally.add(
        1, outcome("even"), outcome("leans_a", ranking="", gaps=[gap, gap._replace(level=2)])
    )
    tally.add(2, outcome("even", gaps=[gap]), outcome("leans_a"))
    tally.left_out["form"] += 2
    tally.note_lost({"time-1": "gone"})
    tally.note_lost({"time-2": "new"})
    assert (tally.people, tally.compared, tally.changed) == (5, 3, 2)
    assert tally.asked == {HEADLINE: 3, RANKING: 3}
    assert tally.differing(HEADLINE) == 2
    assert tally.moves == {
        Move(HEADLINE, 1, "even", "leans_a"): 1,
        Move(HEADLINE, 2, "even", "leans_a"): 1,
        Move(RANKING, 1, "overall", ""): 1,
    }
    assert (tally.unranked_before, tally.unranked_after) == (0, 1)
    assert (tally.gap_before, tally.gap_after) == (1, 1)
    assert tally.gaps == {gap: 1, gap._replace(level=2): 1}
    assert (tally.lost_any, tally.lost) == (1, {("gone", "time-1"): 1, ("new", "time-2"): 1})


def test_a_dimension_that_only_one_document_has_is_no_difference():
    data, tally = small_data(), Tally()
    before, after = outcome_of(small(), leaning(small()), None, goal=""), outcome("even")
    tally.add(1, before, after)
    assert {told.dimension for told in tally.asked} == {""}
    assert len(data["dimensions"]) == 4


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [
        (0, 100, 0), (1, 100, FEW), (4, 100, FEW), (5, 100, 5), (95, 100, 95),
        (96, 100, ALL_BUT_FEW), (99, 100, ALL_BUT_FEW), (100, 100, 100), (3, 3, FEW),
        (0, 3, ALL_BUT_FEW),
    ],
)  # fmt: skip
def test_no_figure_tells_of_one_to_four_people(count, of, shown):
    assert figure(count, of) == shown


@pytest.mark.parametrize(
    ("counts", "shown", "rest"),
    [
        ({}, [], 0),
        ({"a": 9, "b": 7}, ["a", "b"], 0),
        ({"a": 9, "b": 7, "c": 3}, ["a"], 10),
        ({"a": 9, "b": 3, "c": 3}, ["a"], 6),
        ({"a": 9, "b": 4}, [], 13),
        ({"a": 3}, [], FEW),
    ],
)
def test_groups_of_one_to_four_cannot_be_worked_out_from_the_others(counts, shown, rest):
    found, others = pooled(Counter(counts), 5)
    assert ([key for key, _count in found], others) == (shown, rest)


def test_examples_are_left_out_where_their_sum_would_tell_what_is_not_shown():
    tally = Tally()
    for number in range(20):
        tally.add(1, outcome("even"), outcome("even" if number < 2 else "leans_a"))
    result = impact_json(tally, small(), desk_digest="sha256:x", last=20)
    headline = result["whole"][0]
    assert headline == {
        "what": "headline", "differ": ALL_BUT_FEW, "examples": [], "others": ALL_BUT_FEW,
    }  # fmt: skip


def test_the_result_is_json_and_names_examples_by_edition():
    tally = Tally()
    for number in range(20):
        after = outcome("leans_a", "") if number < 8 else outcome("even")
        tally.add(7, outcome("even"), after)
    result = impact_json(tally, small(), desk_digest="sha256:x", last=50)
    assert json.loads(json.dumps(result)) == result
    assert (result["schema"], result["last"], result["people"]) == ("impact/1", 50, 20)
    assert result["whole"][0]["examples"] == [
        {"edition": 7, "before": "even", "after": "leans_a", "people": 8}
    ]
    assert result["without_ranking"] == {"before": 0, "after": 8}
    assert result["dimensions"] == []
