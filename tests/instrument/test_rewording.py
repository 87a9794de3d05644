"""A text before and after, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.instrument.rewording import word_runs

TEXTS = st.text(st.sampled_from("ab \n.,'-é"), max_size=20)


@given(TEXTS, TEXTS)
@settings(max_examples=100)
def test_the_runs_hold_both_texts(before, after):
    runs = word_runs(before, after)

    assert "".join(text for kind, text in runs if kind != "added") == before
    assert "".join(text for kind, text in runs if kind != "removed") == after
    assert all(text for _, text in runs)


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("", "", ()),
        ("A b.", "A b.", (("same", "A b."),)),
        ("", "A b", (("added", "A b"),)),
        ("A b", "", (("removed", "A b"),)),
        (
            "I like long days.",
            "I like short weeks.",
            (
                ("same", "I like "),
                ("removed", "long days"),
                ("added", "short weeks"),
                ("same", "."),
            ),
        ),
        (
            "Well-made, so",
            "Well-made so",
            (("same", "Well-made"), ("removed", ","), ("same", " so")),
        ),
    ],
)
def test_words_in_a_row_are_one_run(before, after, runs):
    assert word_runs(before, after) == runs
