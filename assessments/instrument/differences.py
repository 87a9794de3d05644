"""What differs between two documents as plain data, thing by thing.

For the history of the desk, whose documents may be incomplete: works on dicts, lists, tuples and
scalars, and takes what is missing, empty or of the wrong kind as it is. Things are known by what
they are called (`IDENTITIES`), plain texts in a list by themselves, so that what only stands
elsewhere is moved and not changed.
"""

import json
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self

from assessments.instrument.alignment import aligned, matched_sections

Kind = Literal["added", "removed", "changed", "moved"]
DocumentPart = tuple[str, ...]

QUESTIONNAIRE: DocumentPart = ("questionnaire",)
IDENTITY = "key"
IDENTITIES = {"sources": "ref", "glossary": "term", "near": "role", "sections": "title"}
"""What the entries of a list are known by, by the list's name; all others by `key`."""
LABEL_LENGTH = 60  # a longer text is called by its place


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    `part` is the part of the document: `("items", "metrics-1")`, `("study", "recommendations",
    "x-1")`, `("study",)` for its other lists, `("questionnaire",)` for what stands at the top by
    itself, stems, anchors and poles among it. `field` leads on from there
    (`options.b.fit_a`), with names where there are names and places from 1 where there are none;
    "" is the part as a whole. `before` and `after` are plain data: None where there is nothing,
    for what moved its place from 1 or, in a form, the section.
    """

    part: DocumentPart
    field: str
    kind: Kind
    before: Any
    after: Any

    def to_data(self) -> dict[str, Any]:
        """The difference as JSON has it."""
        return {
            "part": list(self.part),
            "field": self.field,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The difference that `to_data` wrote."""
        return cls(**{**data, "part": tuple(data["part"])})


def differences(before: object, after: object) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the documents; None is as good as not there."""
    first, second = _mapping(before), _mapping(after)
    return tuple(
        difference
        for name in (first | second)
        if not _is_plainly_same(first.get(name), second.get(name))
        for difference in _at_top(str(name), first.get(name), second.get(name))
    )


class _Place(NamedTuple):
    """Where in the document we are; `name` is the last step, which names the lists."""

    part: DocumentPart
    field: str = ""
    name: str = ""

    def into(self, step: object) -> "_Place":
        name = str(step)
        return _Place(self.part, f"{self.field}.{name}" if self.field else name, name)

    def entry(self, label: str) -> "_Place":
        """A list's entry: a part of its own in a list of parts."""
        return self.into(label) if self.field else _Place((*self.part, label))

    def differs(self, kind: Kind, before: object, after: object) -> Difference:
        return Difference(self.part, self.field, kind, _as_json(before), _as_json(after))


def _at_top(name: str, before: object, after: object) -> Iterator[Difference]:
    if _is_list(before) or _is_list(after):
        yield from _of_values(_Place((name,), name=name), before, after)
    elif name != "study":
        yield from _of_values(_Place(QUESTIONNAIRE).into(name), before, after)
    elif not all(value is None or isinstance(value, Mapping) for value in (before, after)):
        yield from _of_values(_Place((name,)), before, after)
    else:
        first, second = _mapping(before), _mapping(after)
        for key in first | second:
            yield from _in_study(str(key), first.get(key), second.get(key))


def _in_study(name: str, before: object, after: object) -> Iterator[Difference]:
    """Rows are parts of their own, lists of keys are not."""
    rows = [*_entries(before), *_entries(after)]
    if any(isinstance(row, Mapping) for row in rows):
        yield from _of_values(_Place(("study", name), name=name), before, after)
    else:
        yield from _of_values(_Place(("study",)).into(name), before, after)


def _of_values(place: _Place, before: object, after: object) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            old, new = before.get(key), after.get(key)
            if not _is_plainly_same(old, new):
                yield from _of_values(place.into(key), old, new)
    elif _are_lists(before, after):
        of_lists = _of_sections if place.name == "sections" else _of_lists
        yield from of_lists(place, _entries(before), _entries(after))
    elif type(before) is not type(after) or before != after:
        yield place.differs(_kind(before, after), before, after)


def _of_lists(
    place: _Place, before: list[Any], after: list[Any], elsewhere: Collection[str] = ()
) -> Iterator[Difference]:
    """Two lists, but for the entries that are told elsewhere."""
    first, second = _numbered(before, elsewhere), _numbered(after, elsewhere)
    found = aligned(
        [_identity(place, entry) for _, entry in first],
        [_identity(place, entry) for _, entry in second],
    )
    # What is known by its content only and changed has no name but its place.
    same = {
        (i, j)
        for i, j in found.in_gaps()
        if not (_name(place, first[i][1]) or _name(place, second[j][1]))
    }
    for i, j in sorted({*found.kept, *same}, key=lambda pair: pair[1]):
        (was, old), (now, new) = first[i], second[j]
        if (i, j) not in found.moved and _is_plainly_same(old, new):
            continue
        entry = place.entry(str(now) if (i, j) in same else _label(place, now, new))
        if (i, j) in found.moved:
            yield entry.differs("moved", was, now)
        yield from _of_values(entry, old, new)
    changed_from, changed_to = {i for i, _ in same}, {j for _, j in same}
    for i in found.removed:
        if i not in changed_from:
            yield place.entry(_label(place, *first[i])).differs("removed", first[i][1], None)
    for j in found.added:
        if j not in changed_to:
            yield place.entry(_label(place, *second[j])).differs("added", None, second[j][1])


def _of_sections(place: _Place, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """A form's sections; an item that went to another section is moved."""
    found = matched_sections(*([_titled(row) for row in rows] for rows in (before, after)))

    def label(rows: list[Any], index: int) -> str:
        return _label(place, index + 1, rows[index])

    for item, (i, j) in found.strayed.items():
        titles = label(before, i), label(after, j)
        yield place.entry(titles[1]).into("items").into(item).differs("moved", *titles)
    for i, j in found.same:
        entry = place.entry(label(after, j))
        if (i, j) in found.moved:
            yield entry.differs("moved", i + 1, j + 1)
        yield from _of_section(entry, before[i], after[j], found.strayed)
    for i in found.removed:
        yield place.entry(label(before, i)).differs("removed", before[i], None)
    for j in found.added:
        yield place.entry(label(after, j)).differs("added", None, after[j])


def _of_section(
    place: _Place, before: object, after: object, strayed: Collection[str]
) -> Iterator[Difference]:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        yield from _of_values(place, before, after)
        return
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if key == "items" and _are_lists(old, new):
            yield from _of_lists(place.into(key), _entries(old), _entries(new), strayed)
        else:
            yield from _of_values(place.into(key), old, new)


def _numbered(entries: list[Any], elsewhere: Collection[str]) -> list[tuple[int, Any]]:
    """The entries with their places from 1."""
    return [
        (place, entry)
        for place, entry in enumerate(entries, start=1)
        if not (isinstance(entry, str) and entry in elsewhere)
    ]


def _name(place: _Place, entry: object) -> str:
    """What an entry is known by, "" if it has no name."""
    if not isinstance(entry, Mapping):
        return ""
    name = entry.get(IDENTITIES.get(place.name, IDENTITY))
    return name if isinstance(name, str) else ""


def _identity(place: _Place, entry: object) -> Hashable:
    if name := _name(place, entry):
        return "name", name
    if isinstance(entry, str):
        return "text", entry
    return "content", json.dumps(_as_json(entry), sort_keys=True)


def _label(place: _Place, number: int, entry: object) -> str:
    label = entry if isinstance(entry, str) else _name(place, entry)
    is_short = len(label) <= LABEL_LENGTH and "\n" not in label
    return label if label and is_short else str(number)


def _titled(row: object) -> tuple[str, list[str]]:
    if not isinstance(row, Mapping):
        return "", []
    title = row.get("title")
    items = [item for item in _entries(row.get("items")) if isinstance(item, str)]
    return title if isinstance(title, str) else "", items


def _kind(before: object, after: object) -> Kind:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _is_plainly_same(before: object, after: object) -> bool:
    """A quick look that passes over most of what is the same; a no is not the last word."""
    if isinstance(before, str):
        return before == after
    # As JSON, because True == 1 in Python, and a tuple is as good as a list.
    return json.dumps(before, default=str) == json.dumps(after, default=str)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _are_lists(before: object, after: object) -> bool:
    """Whether both are lists, or one is and the other is not there."""
    values = [value for value in (before, after) if value is not None]
    return bool(values) and all(map(_is_list, values))


def _entries(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _mapping(value: object) -> dict[Any, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _as_json(value: object) -> Any:
    """The value as JSON has it: lists for tuples, texts for keys and for what JSON lacks."""
    if isinstance(value, Mapping):
        return {str(key): _as_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(entry) for entry in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
