"""Which entries of a list are there again, and how few of them moved."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.instrument.alignment import aligned, matched_sections

LISTS = st.lists(st.sampled_from("abcdefgh"), max_size=8)


@given(LISTS, LISTS)
@settings(max_examples=100)
def test_every_place_is_told_once(before, after):
    found = aligned(before, after)

    assert sorted([*(i for i, _ in found.kept), *found.removed]) == list(range(len(before)))
    assert sorted([*(j for _, j in found.kept), *found.added]) == list(range(len(after)))
    assert all(before[i] == after[j] for i, j in found.kept)
    assert [j for _, j in found.kept] == sorted(j for _, j in found.kept)
    assert found.moved <= set(found.kept)


@given(st.permutations("abcdef"))
@settings(max_examples=50)
def test_as_few_as_possible_are_moved(after):
    before = "abcdef"
    found = aligned(before, after)

    longest = max(
        n for n in range(7) if any(list(run) == sorted(run) for run in combinations(after, n))
    )
    assert len(found.moved) == len(before) - longest


def test_what_stays_is_in_order():
    found = aligned("abcde", "eabcd")

    assert found.moved == {(4, 0)}


def test_the_second_of_two_equal_entries_goes_with_the_second():
    found = aligned(["much", "bit", "both", "bit", "much"], ["much", "?", "both", "bit", "much"])

    assert (found.removed, found.added, found.moved) == ((1,), (1,), frozenset())


def test_what_is_gone_and_what_came_between_the_same_neighbours_go_together():
    found = aligned("abcd", "aXYdZ")

    assert found.in_gaps() == [(1, 1), (2, 2)]


def test_sections_with_new_titles_are_known_by_their_items():
    found = matched_sections(
        [("One", ["a", "b", "c"]), ("Two", ["d", "e"]), ("Three", ["f"])],
        [("Deux", ["d", "e", "a"]), ("Un", ["b", "c"]), ("Three", ["f"])],
    )

    assert found.same == ((1, 0), (0, 1), (2, 2))
    assert found.strayed == {"a": (0, 0)}
    assert (found.removed, found.added) == ((), ())


def test_sections_that_share_nothing_are_gone_and_new():
    found = matched_sections([("One", ["a"])], [("Two", ["b"])])

    assert (found.same, found.removed, found.added) == ((), (0,), (0,))
