"""Tables as CSV and XLSX files: written with django-import-export, read within bounds.

Its own reading, like its pages in the admin, takes a file of any size, takes what a formula came
to for its text, and saves row by row; so files are measured and read here, before anything of
them is unpacked, and what they say goes onto the desk as one document or not at all.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import load_workbook
from tablib import Dataset

from assessments.errors import DomainError
from assessments.instrument.faults import Fault

TableFormat = Literal["csv", "xlsx"]
Cells = Mapping[str, object]

# The shipped questionnaire's questions take 30 kB, and unpacked 150 kB.
MAX_BYTES, MAX_UNPACKED, MAX_PARTS = 1_000_000, 5_000_000, 100
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 2_000, 100, 5_000
WIDTH = 30  # of a column, in characters
DELIMITERS = ",;\t"
MACROS = "vbaproject.bin"
NO_NAME = "?"


class BadTable(DomainError):
    """The file is no table that can be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class NoText:
    """A cell that holds neither a text nor a number, and what to do about it."""

    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the headers, empty ones too; `faults` has the cells that hold no text.

    A fault has its row, counted as a spreadsheet counts, as `line`, and its column as `path`.
    """

    rows: tuple[Cells, ...]
    faults: tuple[Fault, ...]


def write_table(rows: Sequence[Mapping[str, str]], columns: Iterable[str], kind: str) -> bytes:
    """Rows of safe cells as a file: `csv`, with a byte order mark for Excel, or `xlsx`."""
    columns = list(columns)
    data = Dataset(*([row[name] for name in columns] for row in rows), headers=columns)
    if kind == "csv":
        return str(CSV().export_data(data)).encode("utf-8-sig")
    written: bytes = XLSX().export_data(data, column_width=WIDTH)
    return written


def read_table(content: bytes, kind: str) -> Table:
    """The table in a file of that format; raises `BadTable`."""
    if len(content) > MAX_BYTES:
        size = {"most": MAX_BYTES // 1_000_000}
        raise BadTable(_("This file is too large: a table may have %(most)s MB.") % size)
    lines = list(_csv_lines(content) if kind == "csv" else _xlsx_lines(content))
    headers = [str(cell).strip() for cell in lines[0]] if lines else []
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise BadTable(_("This file has no headers: its first row names the columns."))
    faults = _header_faults(headers)
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        faults += _cell_faults(headers, cells, number)
        told = ["" if isinstance(cell, NoText) else cell for cell in cells]
        rows.append(dict(zip(headers, [*told, *len(headers) * [""]], strict=False)))
    return Table(tuple(rows), tuple(faults))


def _header_faults(headers: Sequence[str]) -> list[Fault]:
    return [
        Fault((name or NO_NAME,), _("Give each column one name of its own."), 1)
        for name in dict.fromkeys(headers)
        if headers.count(name) > 1 or not name
    ]


def _cell_faults(headers: Sequence[str], cells: Sequence[object], row: int) -> Iterator[Fault]:
    for name, cell in zip(headers, cells, strict=False):
        if isinstance(cell, NoText):
            yield Fault((name,), cell.message, row)
        elif len(str(cell)) > MAX_CELL:
            yield Fault((name,), _("This text is far too long."), row)
    if any(cells[len(headers) :]):
        yield Fault((NO_NAME,), _("There is something beyond the last column."), row)


def _require_bounds(rows_before: int, columns: int) -> None:
    if rows_before > MAX_ROWS:
        message = _("This table has more than %(most)s rows. Keep the questions only.")
        raise BadTable(message % {"most": MAX_ROWS})
    if columns > MAX_COLUMNS:
        message = _("This table has more than %(most)s columns. Keep those of questions only.")
        raise BadTable(message % {"most": MAX_COLUMNS})


# --- CSV ----------------------------------------------------------------------------------------


def _csv_lines(content: bytes) -> Iterator[list[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadTable(_("This is no CSV file in UTF-8. Save it as “CSV UTF-8”."))
    # Where commas are decimal signs, spreadsheets write semicolons.
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(lines):
            _require_bounds(number, len(cells))
            yield list(cells)
    except csv.Error as error:
        where = {"row": lines.line_num, "why": error}
        raise BadTable(_("Line %(row)s cannot be read as CSV (%(why)s).") % where) from None


# --- XLSX ---------------------------------------------------------------------------------------


def _xlsx_lines(content: bytes) -> Iterator[list[object]]:
    _require_small_parts(content)
    try:
        with warnings.catch_warnings():
            # openpyxl tells of styles and checks that it leaves out: nothing of ours.
            warnings.simplefilter("ignore")
            # Formulas as such: what they came to on another machine is nobody's text.
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            # One more than may be, to see that there are more.
            cells = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1)
            for number, row in enumerate(cells):
                values = [_value(cell) for cell in row]
                while values and values[-1] == "":
                    values.pop()
                _require_bounds(number, len(values))
                yield values
            book.close()
    except DomainError:
        raise
    # A file may be broken in any way, and openpyxl has no error of its own for that.
    except Exception as error:
        raise _no_xlsx() from error


def _require_small_parts(content: bytes) -> None:
    """Refuse an archive that unpacks to too much: Python unpacks no more than a part declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise _no_xlsx() from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadTable(_("This file unpacks to far more than a table of questions."))
    if any(part.filename.lower().endswith(MACROS) for part in parts):
        raise BadTable(_("This file has macros. Save it as an ordinary XLSX file."))


def _no_xlsx() -> BadTable:
    return BadTable(_("This is no XLSX file that can be read. Save it as XLSX once more."))


def _value(cell: Any) -> object:
    """A cell's text or number, "" for an empty one, `NoText` for anything else."""
    if cell.value is None:
        return ""
    match cell.data_type:
        case "s" | "str" | "inlineStr" | "n":
            return cell.value
        case "f":
            return NoText(_("This is a formula. Write the text itself."))
        case "d":
            return NoText(_("This is a date. Format the cell as text and write it again."))
    return NoText(_("This is no text. Format the cell as text and write it again."))
