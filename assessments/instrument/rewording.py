"""A text before and after, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Run = tuple[Literal["same", "removed", "added"], str]
"""Words in a row that stayed, went or came, with the blanks between them."""

_TOKEN = re.compile(r"\s+|\w+(?:[-'’]\w+)*|[^\w\s]")


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """What stayed, went and came, in reading order; what went stands before what came for it.

    Put together, `same` and `removed` are the text before, `same` and `added` the text after.
    """
    return tuple(_runs(_TOKEN.findall(before), _TOKEN.findall(after)))


def _runs(before: list[str], after: list[str]) -> Iterator[Run]:
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    removed = added = ""
    for number, (step, i, end_i, j, end_j) in enumerate(steps):
        old, new = "".join(before[i:end_i]), "".join(after[j:end_j])
        is_between = 0 < number < len(steps) - 1
        # A blank between two changed words belongs to what changed.
        if step != "equal" or (is_between and old.isspace()):
            removed, added = removed + old, added + new
            continue
        yield from _changed(removed, added)
        removed = added = ""
        yield "same", old
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Run]:
    if removed:
        yield "removed", removed
    if added:
        yield "added", added
