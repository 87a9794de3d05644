"""Whether everything a document names is there, and is there once.

Works on plain data (dicts and tuples) and passes over what is of the wrong kind, so that these
faults can be told together with those of the schema.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from assessments.instrument.document import RATING_MAX, RATING_MIN
from assessments.instrument.faults import Fault, Path
from assessments.instrument.sentences import did_you_mean, shown

Entry = tuple[Path, object]
Row = tuple[Path, Mapping[str, Any]]
Known = Collection[str] | None
"""The keys there are; None where their list cannot be read, which is a fault of its own."""


PACKS = ("foundation", "groundwork", "closing")


def reference_faults(data: object) -> Iterator[Fault]:
    """Everything that is named and is not there, or is there twice, in no set order."""
    top: Row = ((), data if isinstance(data, Mapping) else {})
    yield from _doubles(top)
    yield from _unknown_names(top)
    yield from _pairs(top)
    yield from _targets(top)
    yield from _anchors(top)
    yield from _tie_order(top)


def _doubles(top: Row) -> Iterator[Fault]:
    study = _part(top, "study")
    for rows, name, what in (
        (_rows(top, "sources"), "ref", "source"),
        (_rows(top, "glossary"), "term", "term"),
        (_rows(top, "background"), "key", "background question"),
        (_rows(top, "clusters"), "key", "cluster"),
        (_rows(top, "dimensions"), "key", "dimension"),
        (_rows(top, "items"), "key", "item"),
        (_rows(top, "forms"), "key", "form"),
        (_rows(top, "roles"), "key", "role"),
        (_rows(study, "resources"), "key", "resource"),
        (_rows(study, "recommendations"), "key", "recommendation"),
    ):
        yield from _twice(
            _named(rows, name), f"The {what} %s is here twice. Rename or remove one."
        )
    for row in (*_rows(top, "background"), *_rows(top, "items")):
        options = _named(_rows(row, "options"), "key")
        yield from _twice(options, "The option %s is here twice. Rename or remove one.")
    for form in _rows(top, "forms"):
        items = [item for section in _rows(form, "sections") for item in _list(section, "items")]
        yield from _twice(items, "The item %s is on this form twice. Remove one.")
    for role in _rows(top, "roles"):
        near = _named(_rows(role, "near"), "role")
        yield from _twice(near, "The role %s is named twice. Remove one.")
    for pack in PACKS:
        yield from _twice(_list(study, pack), "%s is here twice. Remove one.")
    for row in (
        *_rows(top, "dimensions"),
        *_rows(top, "items"),
        *_rows(study, "recommendations"),
    ):
        yield from _twice(_list(row, "source_refs"), "The source %s is here twice. Remove one.")
        yield from _twice(_list(row, "resources"), "The resource %s is here twice. Remove one.")


def _unknown_names(top: Row) -> Iterator[Fault]:
    study = _part(top, "study")
    dimensions, items = _rows(top, "dimensions"), _rows(top, "items")
    recommendations, roles = _rows(study, "recommendations"), _rows(top, "roles")
    sections = [section for form in _rows(top, "forms") for section in _rows(form, "sections")]

    yield from _unknown(_named(dimensions, "cluster"), _keys(top, "clusters"), "cluster")
    of_dimension = _named([*items, *recommendations], "dimension")
    yield from _unknown(of_dimension, _keys(top, "dimensions"), "dimension")
    on_forms = [entry for section in sections for entry in _list(section, "items")]
    yield from _unknown(on_forms, _keys(top, "items"), "item")
    near = [entry for role in roles for entry in _named(_rows(role, "near"), "role")]
    of_role = [*near, *_named(recommendations, "role")]
    yield from _unknown(of_role, _keys(top, "roles"), "role")
    reading = [entry for row in recommendations for entry in _list(row, "resources")]
    yield from _unknown(reading, _keys(study, "resources"), "resource")
    packed = [entry for pack in PACKS for entry in _list(study, pack)]
    yield from _unknown(packed, _keys(study, "recommendations"), "recommendation")
    sourced = [*dimensions, *items, *recommendations]
    cited = [entry for row in sourced for entry in _list(row, "source_refs")]
    yield from _unknown(cited, _keys(top, "sources", "ref"), "source")


def _pairs(top: Row) -> Iterator[Fault]:
    for item in _rows(top, "items"):
        (_, left), (path, right) = _part(item, "left"), _part(item, "right")
        pole = right.get("pole")
        if isinstance(pole, str) and left.get("pole") == pole:
            message = f"Both statements are of pole {shown(pole)}. Give one the other pole."
            yield Fault((*path, "pole"), message)


def _targets(top: Row) -> Iterator[Fault]:
    dimensions = _keys(top, "dimensions")
    for role in _rows(top, "roles"):
        for near, key in _named(_rows(role, "near"), "role"):
            if key == role[1].get("key"):
                yield Fault(near, "A role is not near itself. Remove it or name another.")
        path, targets = _part(role, "targets")
        for key in targets:
            yield from _unknown([((*path, key), key)], dimensions, "dimension")
        if "targets" in role[1]:
            for key in dimensions or ():
                if key not in targets:
                    yield Fault(path, f"The target for `{key}` is missing. Add it.")


def _anchors(top: Row) -> Iterator[Fault]:
    wanted = range(RATING_MIN, RATING_MAX + 1)
    for value, (path, anchor) in zip(wanted, _rows(_part(top, "anchors"), "rating"), strict=False):
        if anchor.get("value") != value:
            message = f"List the anchors from {RATING_MIN} to {RATING_MAX}: this one is {value}."
            yield Fault((*path, "value"), message)


def _tie_order(top: Row) -> Iterator[Fault]:
    study = _part(top, "study")
    entries = _list(study, "tie_order")
    dimensions = _keys(top, "dimensions")
    yield from _twice(entries, "The dimension %s is here twice. Remove one.")
    yield from _unknown(entries, dimensions, "dimension")
    if "tie_order" in study[1]:
        listed = {value for _, value in entries}
        for key in dimensions or ():
            if key not in listed:
                message = f"The dimension `{key}` is missing. Add it where it belongs."
                yield Fault((*study[0], "tie_order"), message)


def _twice(entries: Iterable[Entry], message: str) -> Iterator[Fault]:
    seen = set()
    for path, value in entries:
        if value in seen:
            yield Fault(path, message % shown(value))
        seen.add(value)


def _unknown(entries: Iterable[Entry], known: Known, what: str) -> Iterator[Fault]:
    for path, value in entries:
        if known is not None and value not in known:
            guess = did_you_mean(str(value), known)
            yield Fault(
                path, f"There is no {what} {shown(value)}.{guess or ' Add it or mend this.'}"
            )


def _part(row: Row, name: str) -> Row:
    """The mapping of that name, or an empty one."""
    path, values = row
    part = values.get(name)
    return (*path, name), part if isinstance(part, Mapping) else {}


def _rows(row: Row, name: str) -> list[Row]:
    """The mappings of the list of that name."""
    path, values = row
    rows = values.get(name)
    if not isinstance(rows, tuple):
        return []
    return [((*path, name, i), r) for i, r in enumerate(rows) if isinstance(r, Mapping)]


def _list(row: Row, name: str) -> list[Entry]:
    """The texts of the list of that name."""
    path, values = row
    texts = values.get(name)
    if not isinstance(texts, tuple):
        return []
    return [((*path, name, i), text) for i, text in enumerate(texts) if isinstance(text, str)]


def _named(rows: Iterable[Row], name: str) -> list[Entry]:
    """The text of that name in each row that has it."""
    return [((*p, name), row[name]) for p, row in rows if isinstance(row.get(name), str)]


def _keys(row: Row, name: str, key: str = "key") -> Known:
    if not isinstance(row[1].get(name), tuple):
        return None
    return {str(value): None for _, value in _named(_rows(row, name), key)}
