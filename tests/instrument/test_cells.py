"""Cells of a spreadsheet that neither run nor change what is in them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.instrument.cells import exact_cell, exact_text, safe_cell, unsafe_text

TEXTS = st.text(
    st.sampled_from("'=+-@a1.\t\n \u200b＝") | st.characters(codec="utf-8"), max_size=8
)


@given(TEXTS)
@example("'=1")
@example("''=1")
@settings(max_examples=200)
def test_a_safe_cell_gives_its_text_back(text):
    assert unsafe_text(safe_cell(text)) == text


@given(TEXTS.filter(lambda text: "\r" not in text))
@example("' a'")
@example("''1.10''")
@example("'''")
@example("'=1 '")
@settings(max_examples=200)
def test_an_exact_cell_gives_its_text_back_with_blanks_around_it(text):
    assert exact_text(f" {exact_cell(text)}\t\r\n") == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("A plain text.", "A plain text."),
        ("It's 'so'", "It's 'so'"),
        ("=1+1", "'=1+1"),
        ("- a line", "'- a line"),
        ("@all", "'@all"),
        (" =1+1", "'' =1+1'"),
        ("'=1", "''=1"),
        (" a", "' a'"),
        ("a\n", "'a\n'"),
        ("1.10", "'1.10'"),
        ("1-2", "'1-2'"),
        ("2.1a", "2.1a"),
        ("1.1\n1.10", "1.1\n1.10"),
    ],
)
def test_only_what_would_run_or_change_is_marked(text, cell):
    assert exact_cell(text) == cell
    assert exact_text(cell) == text


def test_cells_that_people_wrote_are_read_as_they_look():
    assert [exact_text(cell) for cell in (" a ", "=1", "'a'", "a\r\nb", "'")] == [
        "a",
        "=1",
        "'a'",
        "a\nb",
        "'",
    ]


def test_long_cells_of_nothing_but_signs_are_read_at_once():
    for sign in "'1. ":
        exact_text(sign * 100_000)
        exact_cell(sign * 100_000)
