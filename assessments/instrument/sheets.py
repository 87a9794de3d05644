"""Items as rows of a spreadsheet, for people who write there, and rows as items.

One row an item, one column a value (`COLUMNS`); what an item of that kind does not have is an
empty cell. The right statement of a pair is of the other pole than the left one.

What spreadsheets do to a table is put up with: columns in another order, blanks around a cell,
capitals in keys, `2.0` for 2, empty rows, a byte order mark. A column that is not known is not: it
may be a misspelt one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError

from assessments.instrument.cells import exact_cell, exact_text
from assessments.instrument.document import MAX_ITEMS, MAX_OPTIONS, SIDES, Item, Part
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.instrument.sentences import did_you_mean, schema_faults, shown

OPTION_VALUES = ("key", "text", "fit_a", "fit_b")
COLUMNS = (
    *("key", "kind", "dimension"),
    *("side", "setting"),
    *("left_pole", "left_text", "right_text"),
    *("text", "question"),
    "source_refs",
    *(f"option_{n}_{value}" for n in range(1, MAX_OPTIONS + 1) for value in OPTION_VALUES),
)
"""The header: what an item of a kind has stands in the columns that `_VALUES` names."""

HEADER_ROW = 1

_VALUES = {
    "pair": ("left_pole", "left_text", "right_text"),
    "rating": ("side", "text"),
    "scenario": ("setting", "text", "question"),
}
_COMMON = ("key", "kind", "dimension", "source_refs")
_WHOLE = re.compile(r"^(-?\d{1,9})(\.0+)?$")
_KEYS = re.compile(r"key|kind|dimension|side|setting|left_pole|option_\d_key")
_FIT = re.compile(r"option_\d_fit_[ab]")

Row = dict[str, str]
Data = dict[str, Any]


class _Items(Part):
    items: Annotated[tuple[Item, ...], Field(max_length=MAX_ITEMS)]


def rows_of(items: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Plain items as rows with every column; `items_from` gives equal items back.

    An item may lack values: their cells are empty. Cells are safe to open.
    """
    return [_row(item) for item in items]


def items_from(
    rows: Iterable[Mapping[str, object]], first_row: int = HEADER_ROW + 1
) -> list[Data]:
    """The plain items of rows as read from a file, cells as texts or numbers.

    Raises `DocumentFaults` with everything that is wrong: `line` is the row as the spreadsheet
    counts (the first is `first_row`), `path` the column. Whether there are such dimensions and
    sources is not asked.
    """
    raw = list(enumerate(rows, start=first_row))
    if faults := tuple(_header_faults(dict.fromkeys(name for _, row in raw for name in row))):
        raise DocumentFaults(faults)
    written = [(number, _cells(row)) for number, row in raw]
    filled = [(number, row) for number, row in written if any(row.values())]
    found = [*(fault for number, row in filled for fault in _row_faults(number, row))]
    found += _twice(filled)
    faulty = {fault.line for fault in found}
    whole = [(number, row, _item(row)) for number, row in filled if number not in faulty]
    found += _schema(whole)
    if found:
        raise DocumentFaults(tuple(sorted(found, key=lambda fault: fault.line or 0)))
    return [item for _, _, item in whole]


def _row(item: Mapping[str, Any]) -> Row:
    left, right = item.get("left") or {}, item.get("right") or {}
    values = {
        **{name: item.get(name) for name in COLUMNS},
        "left_pole": left.get("pole"),
        "left_text": left.get("text"),
        "right_text": right.get("text"),
    }
    for n, option in enumerate(item.get("options") or (), start=1):
        values |= {f"option_{n}_{name}": option.get(name) for name in OPTION_VALUES}
    row = {name: _cell(value) for name, value in values.items()}
    return row | {"source_refs": _refs_cell(item.get("source_refs") or ())}


def _cell(value: object) -> str:
    return exact_cell(value) if isinstance(value, str) else _written(value)


def _refs_cell(refs: Sequence[str]) -> str:
    """References, one a line; a last break says that a comma is one's own."""
    lines = [ref if exact_text(ref) == ref else exact_cell(ref) for ref in refs]
    if len(lines) == 1 and "," in lines[0]:
        lines.append("")
    return exact_cell("\n".join(lines))


def _refs(text: str) -> list[str]:
    parts = text.split("\n") if "\n" in text else text.split(",")
    return [ref for part in parts if (ref := exact_text(part))]


def _header_faults(names: Iterable[object]) -> Iterator[Fault]:
    known = [_column(name) for name in names]
    for name in dict.fromkeys(known):
        if name and name not in COLUMNS:
            guess = did_you_mean(name, COLUMNS) or f" Known here: {', '.join(COLUMNS[:11])} …"
            yield Fault((name,), f"Unknown column {shown(name)}.{guess}", HEADER_ROW)
        elif name and known.count(name) > 1:
            message = f"The column `{name}` is here twice. Remove one."
            yield Fault((name,), message, HEADER_ROW)
    for name in _COMMON:
        if known and name not in known:
            yield Fault((name,), f"The column `{name}` is missing. Add it.", HEADER_ROW)


def _column(name: object) -> str:
    """A header as we spell it; "" where there is none."""
    text = "" if name is None else str(name)
    return "_".join(text.removeprefix("\ufeff").lower().split())


def _cells(row: Mapping[str, object]) -> Row:
    """The row by our names of columns, as texts without what spreadsheets put round them."""
    cells = dict.fromkeys(COLUMNS, "")
    for name, value in row.items():
        column, text = _column(name), exact_text(_written(value))
        if _KEYS.fullmatch(column):
            # A spreadsheet puts a capital at the start of a cell, and a point into a number.
            text = _WHOLE.sub(r"\1", text.lower())
        cells[column] = text
    return cells


def _written(value: object) -> str:
    """A cell's value as text; whole numbers come from some files as 2.0."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):  # what is beyond the last header
        return " ".join(map(_written, value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _row_faults(number: int, row: Row) -> Iterator[Fault]:
    """What is wrong with which cells are filled, and with those that decide about others."""

    def fault(column: str, message: str) -> Fault:
        return Fault((column,), message, number)

    kind = row["kind"]
    if row.get(""):
        yield fault("", "There is something in a column without a name. Clear it or name it.")
    if kind not in _VALUES:
        kinds = ", ".join(f"`{one}`" for one in _VALUES)
        have = shown(kind) if kind else "nothing"
        yield fault("kind", f"Write one of {kinds} here, not {have}.{did_you_mean(kind, _VALUES)}")
        return
    for column in ("key", "dimension", *_VALUES[kind]):
        if not row[column]:
            yield fault(column, f"A {kind} needs `{column}`. Fill in this cell.")
    if kind == "pair" and row["left_pole"] not in ("", *SIDES):
        yield fault("left_pole", f"Write `a` or `b` here, not {shown(row['left_pole'])}.")
    options = _options(row) if kind == "scenario" else []
    for n in options:
        for name in OPTION_VALUES:
            column = f"option_{n}_{name}"
            text = row[column]
            if not text:
                yield fault(column, f"Option {n} needs `{column}`. Fill in this cell.")
            elif _FIT.fullmatch(column) and not _WHOLE.fullmatch(text):
                yield fault(column, f"Write a whole number here, not {shown(text)}.")
    own = {*_COMMON, *_VALUES[kind], *(f"option_{n}_{v}" for n in options for v in OPTION_VALUES)}
    for column in COLUMNS:
        if row[column] and column not in own:
            yield fault(column, f"A {kind} has no `{column}`. Clear this cell.")


def _options(row: Row) -> list[int]:
    """The numbers of the options that have anything."""
    numbers = range(1, MAX_OPTIONS + 1)
    return [n for n in numbers if any(row[f"option_{n}_{name}"] for name in OPTION_VALUES)]


def _twice(rows: Iterable[tuple[int, Row]]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, row in rows:
        key = row["key"]
        if key and key in seen:
            message = f"The item {shown(key)} is in row {seen[key]} as well. Rename or remove one."
            yield Fault(("key",), message, number)
        seen.setdefault(key, number)


def _item(row: Row) -> Data:
    item: Data = {name: row[name] for name in ("key", "kind", "dimension")}
    match row["kind"]:
        case "pair":
            left = row["left_pole"]
            right = "b" if left == "a" else "a"
            item["left"] = {"pole": left, "text": row["left_text"]}
            item["right"] = {"pole": right, "text": row["right_text"]}
        case kind:
            item |= {name: row[name] for name in _VALUES[kind]}
    if row["kind"] == "scenario":
        item["options"] = [_option(row, n) for n in _options(row)]
    return item | {"source_refs": _refs(row["source_refs"])}


def _option(row: Row, n: int) -> Data:
    values = {name: row[f"option_{n}_{name}"] for name in OPTION_VALUES}
    fits = {name: int(_WHOLE.sub(r"\1", values[name])) for name in ("fit_a", "fit_b")}
    return values | fits


def _schema(rows: list[tuple[int, Row, Data]]) -> Iterator[Fault]:
    """What the document says of these items: limits, patterns, lengths."""
    items = tuple({name: _frozen(value) for name, value in item.items()} for _, _, item in rows)
    try:
        _Items.model_validate({"items": items})
    except ValidationError as error:
        for fault in schema_faults(error, {}):
            _, *path = fault.path
            if not path:
                yield Fault((), fault.message, HEADER_ROW)
                continue
            number, row, _ = rows[int(path[0])]
            yield Fault((_column_of(path[1:], row),), fault.message, number)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _column_of(path: list[str | int], row: Row) -> str:
    """The column of a value of an item."""
    match path:
        case ["left" | "right" as side, name]:
            return f"{side}_{name}"
        case ["options", int(index), name]:
            return f"option_{_options(row)[index]}_{name}"
        case ["options"]:
            return f"option_{len(_options(row)) + 1}_key"
        case _:
            return str(path[0])
