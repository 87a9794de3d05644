"""Which entries of a list are there again later, and which of them were moved.

As few entries as possible count as moved: those outside a longest run of entries that are still
in their old order. One entry put elsewhere is one move, however many it passed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Matched = tuple[int, int]
"""A place in the first list and one in the second, both from 0."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two lists side by side.

    `kept` is in the order of the second list, `moved` those of them that left their order;
    `removed` are places in the first list, `added` in the second.
    """

    kept: tuple[Matched, ...]
    moved: frozenset[Matched]
    removed: tuple[int, ...]
    added: tuple[int, ...]

    def in_gaps(self) -> list[Matched]:
        """Removed and added entries between the same neighbours, paired in order.

        For entries that have no identity but their content: these may be one entry, changed.
        """
        steady = [pair for pair in self.kept if pair not in self.moved]
        firsts, seconds = [i for i, _ in steady], [j for _, j in steady]
        waiting: dict[int, list[int]] = {}
        for place in self.added:
            waiting.setdefault(bisect_left(seconds, place), []).append(place)
        pairs = []
        for place in self.removed:
            gap = waiting.get(bisect_left(firsts, place))
            if gap:
                pairs.append((place, gap.pop(0)))
        return pairs


def aligned(before: Sequence[Hashable], after: Sequence[Hashable]) -> Alignment:
    """Match equal entries; the second of two equal ones goes with the second."""
    start, end = _same_ends(before, after)
    firsts = _numbered(before[start : len(before) - end], start)
    seconds = _numbered(after[start : len(after) - end], start)
    middle = [(firsts[entry], place) for entry, place in seconds.items() if entry in firsts]
    steady = {middle[n] for n in _longest_rising([i for i, _ in middle])}
    tail = range(1, end + 1)
    return Alignment(
        kept=(
            *((place, place) for place in range(start)),
            *middle,
            *((len(before) - n, len(after) - n) for n in reversed(tail)),
        ),
        moved=frozenset(pair for pair in middle if pair not in steady),
        removed=tuple(place for entry, place in firsts.items() if entry not in seconds),
        added=tuple(place for entry, place in seconds.items() if entry not in firsts),
    )


def _same_ends(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[int, int]:
    """How many entries are equal from the start, and of the rest how many from the end."""
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, end


def _numbered(entries: Iterable[Hashable], start: int) -> dict[tuple[Hashable, int], int]:
    """The place of each entry, equal ones told apart by their number."""
    seen: Counter[Hashable] = Counter()
    places = {}
    for place, entry in enumerate(entries, start=start):
        places[entry, seen[entry]] = place
        seen[entry] += 1
    return places


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """Where in the list a longest rising subsequence stands (patience sorting, Fredman 1975)."""
    lowest: list[int] = []  # the lowest number that ends a run of each length
    ends: list[int] = []  # and where it stands
    previous: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(lowest, number)
        previous.append(ends[length - 1] if length else None)
        lowest[length : length + 1] = [number]
        ends[length : length + 1] = [place]
    run = []
    place_of_end = ends[-1] if ends else None
    while place_of_end is not None:
        run.append(place_of_end)
        place_of_end = previous[place_of_end]
    return run[::-1]


Titled = tuple[str, Sequence[str]]
"""A section of a form: its title and its items."""


@dataclass(frozen=True, slots=True)
class Sections:
    """A form's sections side by side; `strayed` items went from one section to another.

    `same` has the matched sections in the order of the second form, `moved` those of them that
    left their order.
    """

    same: tuple[Matched, ...]
    moved: frozenset[Matched]
    removed: tuple[int, ...]
    added: tuple[int, ...]
    strayed: dict[str, Matched]


def matched_sections(before: Sequence[Titled], after: Sequence[Titled]) -> Sections:
    """Match sections by title, the others by the items that they share: one of them was renamed.

    The two that share most go together; an item that is in two sections counts for the last.
    """
    found = aligned([title for title, _ in before], [title for title, _ in after])
    first, second = _home(before), _home(after)
    renamed = _sharing(found, first, second)
    same = sorted({*found.kept, *renamed}, key=lambda pair: pair[1])
    steady = {same[n] for n in _longest_rising([i for i, _ in same])}
    both = ((item, (first[item], place)) for item, place in second.items() if item in first)
    together = set(same)
    return Sections(
        same=tuple(same),
        moved=frozenset(together - steady),
        removed=tuple(i for i in found.removed if i not in {i for i, _ in renamed}),
        added=tuple(j for j in found.added if j not in {j for _, j in renamed}),
        strayed={item: places for item, places in both if places not in together},
    )


def _home(sections: Sequence[Titled]) -> dict[str, int]:
    return {item: place for place, (_, items) in enumerate(sections) for item in items}


def _sharing(found: Alignment, first: dict[str, int], second: dict[str, int]) -> set[Matched]:
    removed, added = set(found.removed), set(found.added)
    shared = Counter(
        (first[item], place)
        for item, place in second.items()
        if place in added and first.get(item) in removed
    )
    pairs: dict[int, int] = {}
    for (i, j), _ in shared.most_common():
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return set(pairs.items())
