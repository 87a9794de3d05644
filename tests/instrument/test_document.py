from __future__ import annotations

import pytest

from assessments.instrument.document import UnknownChoice
from assessments.instrument.faults import DocumentFaults, Fault
from tests.instrument.small import small

DOCUMENT = small()
A_LEFT, B_LEFT = DOCUMENT.item["time-1"], DOCUMENT.item["time-2"]
RATING, SCENARIO = DOCUMENT.item["time-a"], DOCUMENT.item["time-s"]


@pytest.mark.parametrize(
    ("item", "choices", "values"),
    [
        (A_LEFT, "12345", [-2, -1, 0, 1, 2]),
        (B_LEFT, "12345", [2, 1, 0, -1, -2]),
        (RATING, "01234", [0, 1, 2, 3, 4]),
        (SCENARIO, "wxyz", ["w", "x", "y", "z"]),
    ],
)
def test_a_choice_is_stored_as_its_value_and_shown_as_the_choice_again(item, choices, values):
    assert [item.value_of(choice) for choice in choices] == values
    assert [item.choice_of(value) for value in values] == list(choices)


@pytest.mark.parametrize(
    ("item", "choice"),
    [(A_LEFT, "0"), (A_LEFT, "6"), (RATING, "5"), (RATING, ""), (SCENARIO, "v"), (SCENARIO, "1")],
)
def test_what_is_no_choice_of_the_item_is_refused(item, choice):
    with pytest.raises(UnknownChoice):
        item.value_of(choice)


@pytest.mark.parametrize("item", [A_LEFT, RATING, SCENARIO])
def test_a_skip_may_be_stored_and_shows_no_choice(item):
    assert item.accepts(None)
    assert item.choice_of(None) is None


@pytest.mark.parametrize(
    ("item", "values"),
    [(A_LEFT, [-2, -1, 0, 1, 2]), (RATING, [0, 1, 2, 3, 4]), (SCENARIO, ["w", "x", "y", "z"])],
)
def test_only_an_items_own_values_may_be_stored(item, values):
    offered = [*range(-4, 7), "w", "x", "y", "z", "v", "1", True, False, 1.0]

    assert [value for value in offered if item.accepts(value)] == values


def test_a_scenario_counts_for_its_side_or_for_both():
    settings = [(item.setting, item.sides) for item in DOCUMENT.items if item.kind == "scenario"]

    assert settings == [
        ("a", ("a",)),
        ("b", ("b",)),
        ("mixed", ("a", "b")),
        ("mixed", ("a", "b")),
    ]


def test_an_option_fits_each_side_for_itself():
    option = SCENARIO.option("w")

    assert (option.fit("a"), option.fit("b")) == (2, 1)


def test_poles_are_found_by_their_side():
    assert (DOCUMENT.poles["a"].name, DOCUMENT.poles["b"].name) == ("Maker", "Manager")


def test_parts_are_found_by_their_key_in_the_order_of_the_document():
    assert list(DOCUMENT.dimension) == ["time", "feedback", "choices", "growth"]
    assert list(DOCUMENT.item)[:2] == ["time-1", "feedback-1"]
    assert list(DOCUMENT.form) == ["full", "short"]
    assert list(DOCUMENT.role) == ["specialist", "lead"]
    assert list(DOCUMENT.cluster) == ["day", "path"]


def test_the_items_of_a_form_come_in_the_order_presented():
    items = DOCUMENT.items_of(DOCUMENT.form["short"])

    keys = ["time-1", "choices-1", "growth-2"]
    keys += ["feedback-a", "choices-b", "feedback-b", "choices-a"]
    assert [item.key for item in items] == keys


def test_a_form_scores_the_dimensions_it_has_pairs_of():
    scored = {
        form.key: [dimension.key for dimension in DOCUMENT.scored_dimensions(form)]
        for form in DOCUMENT.forms
    }

    assert scored == {
        "full": ["time", "feedback", "choices", "growth"],
        "short": ["time", "choices", "growth"],
    }


def test_a_dimension_weighs_one_or_a_half():
    assert [dimension.weight for dimension in DOCUMENT.dimensions] == [1.0, 1.0, 0.5, 1.0]


def test_a_fault_says_where_it_is():
    fault = Fault(("items", 3, "text"), "Shorten this.")

    assert str(fault) == "items.3.text: Shorten this."
    assert str(fault.at_line(7)) == "line 7: items.3.text: Shorten this."
    assert str(Fault((), "Save this.")) == "document: Save this."


def test_faults_are_said_one_a_line():
    faults = (Fault((), "One."), Fault(("title",), "Two.", line=2))

    assert str(DocumentFaults(faults)) == "document: One.\nline 2: title: Two."
