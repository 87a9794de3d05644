"""Item analysis of any table of answers: a column for each item, blank = missing."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.scoring.item_analysis import ItemStatistics, scale_statistics
from assessments.scoring.sums import ItemSums, ScaleSums, Showing

MISSING = {"", "NA"}  # R writes NA
MAX_RANGE = 100  # from the lowest to the highest answer
MAX_FAULTS_SHOWN = 20
REVERSED = "-"

Columns = Mapping[str, Sequence[int | None]]


@dataclass(frozen=True, slots=True)
class Task:
    """The lowest and the highest answer, and the items of each scale, `-` before reversed ones."""

    low: int
    high: int
    scales: Mapping[str, Sequence[str]]

    @property
    def columns(self) -> list[str]:
        """Every column that a scale needs, each once."""
        keyed = (item for items in self.scales.values() for item in items)
        return list(dict.fromkeys(item.removeprefix(REVERSED) for item in keyed))


def read_task(content: Mapping[str, Any]) -> Task:
    """Read `{"min": 1, "max": 6, "scales": {"name": ["A1", "-A2", …]}}`.

    Raises ValueError, with a sentence for a person.
    """
    unknown = sorted(set(content) - {"min", "max", "scales"})
    low, high, scales = content.get("min"), content.get("max"), content.get("scales")
    if unknown:
        raise ValueError(f"Unknown: {', '.join(unknown)}. Known: max, min, scales.")
    if type(low) is not int or type(high) is not int or not low < high <= low + MAX_RANGE:
        raise ValueError(
            '"min" and "max" must be whole numbers, the lowest and the highest answer, '
            f"at most {MAX_RANGE} apart."
        )
    if not isinstance(scales, dict) or not scales:
        raise ValueError('"scales" must be an object: {"name": ["A1", "-A2", …], …}.')
    for name, items in scales.items():
        _check_scale(name, items)
    return Task(low, high, scales)


def _check_scale(name: str, items: object) -> None:
    if not isinstance(items, list) or not items:
        raise ValueError(f"The scale “{name}” must be a list of columns.")
    if not all(isinstance(item, str) and item.removeprefix(REVERSED) for item in items):
        raise ValueError(f"The scale “{name}” must list columns by name.")
    columns = [item.removeprefix(REVERSED) for item in items]
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise ValueError(f"The scale “{name}” has twice: {', '.join(twice)}.")


def analyse_table(lines: Iterable[str], task: Task) -> dict[str, Any]:
    """The analysis of each scale of a table in CSV, ready for JSON.

    Columns that no scale needs may hold anything. Raises ValueError, with a sentence for a
    person and all answers that are none.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        places = {name: _place(name, header) for name in task.columns}
        columns = _columns(_numbered_rows(reader, len(header)), places, task)
    except csv.Error as error:
        raise ValueError(f"Line {reader.line_num} is not CSV: {error}.") from error
    return {name: _analysed(task, keyed, columns) for name, keyed in task.scales.items()}


def _place(name: str, header: Sequence[str]) -> int:
    if header.count(name) != 1:
        what = "more than one column" if name in header else "no column"
        raise ValueError(f"There is {what} “{name}”. Columns: {', '.join(header)}.")
    return header.index(name)


def _numbered_rows(reader: Any, width: int) -> Iterator[tuple[int, list[str]]]:
    for row in reader:
        # An empty line is a missing answer in a table of one column, and nothing in others.
        if row or width == 1:
            cells = row or [""]
            if len(cells) != width:
                raise ValueError(
                    f"Line {reader.line_num} has {len(cells)} cells, the first line {width}."
                )
            yield reader.line_num, cells


def _columns(
    rows: Iterable[tuple[int, list[str]]], places: Mapping[str, int], task: Task
) -> Columns:
    columns: dict[str, list[int | None]] = {name: [] for name in places}
    faults: list[str] = []
    for line, row in rows:
        for name, place in places.items():
            try:
                columns[name].append(_answer(row[place].strip(), task))
            except ValueError:
                faults.append(f"Line {line}, {name}: {row[place]!r}")
    if faults:
        more = len(faults) - MAX_FAULTS_SHOWN
        raise ValueError(
            f"An answer must be a whole number from {task.low} to {task.high}, or blank.\n"
            + "\n".join(faults[:MAX_FAULTS_SHOWN])
            + (f"\nand {more} more" if more > 0 else "")
        )
    return columns


def _answer(text: str, task: Task) -> int | None:
    """The number in a cell, which may be written 3 or 3.0; None where it is blank."""
    if text in MISSING:
        return None
    number = float(text)
    if not number.is_integer() or not task.low <= number <= task.high:
        raise ValueError(text)
    return int(number)


def _analysed(task: Task, keyed: Sequence[str], columns: Columns) -> dict[str, Any]:
    names = [item.removeprefix(REVERSED) for item in keyed]
    rows = [row for row in zip(*(columns[name] for name in names), strict=True) if _is_full(row)]
    turned = {place for place, item in enumerate(keyed) if item.startswith(REVERSED)}
    ends = task.low + task.high
    found = scale_statistics(ScaleSums.of(len(names), rows), reversed_items=turned, ends=ends)
    interval = found.alpha_interval
    return {
        "n": found.n,
        "alpha": found.alpha,
        "alpha_interval": [interval.low, interval.high] if interval else None,
        "omega": found.omega,
        "heywood": found.is_heywood,
        "sem_sum": found.sem_sum,
        "sem_mean": found.sem_mean,
        "mean": found.mean,
        "sd": found.sd,
        "items": {
            name: _item(task, columns[name], place in turned, item)
            for place, (name, item) in enumerate(zip(names, found.items, strict=True))
        },
    }


def _is_full(row: Sequence[int | None]) -> bool:
    return None not in row


def _item(
    task: Task, column: Sequence[int | None], is_reversed: bool, item: ItemStatistics
) -> dict[str, Any]:
    sums = ItemSums.of([Showing(value) for value in column])
    mean = sums.mean
    return {
        "n": sums.answered,
        "missing": sums.skipped,
        "mean": task.low + task.high - mean if is_reversed and mean is not None else mean,
        "sd": sums.sd,
        "item_rest_r": item.item_rest_r,
        "alpha_if_dropped": item.alpha_if_dropped,
        "options": {
            str(value): sums.options.get(str(value), 0) for value in range(task.low, task.high + 1)
        },
    }
