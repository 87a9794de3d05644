"""Tables of text as CSV and XLSX files, and back, within bounds.

Cells are text. What a spreadsheet might run as a formula stands behind an apostrophe in the file
and loses it again when read, so that every text survives. Files come from anybody's machine:
they are measured before they are unpacked.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from import_export.formats.base_formats import XLSX
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from tablib import Dataset

from assessments.errors import DomainError
from assessments.http.csv import csv_bytes, safe_cell
from assessments.instrument.document import MAX_ITEMS

Format = Literal["csv", "xlsx"]
CONTENT_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

MAX_BYTES = 1_000_000
# Of what an XLSX file unpacks to; the shipped questionnaire's questions take 60 kB.
MAX_UNPACKED, MAX_PARTS = 10_000_000, 100
MAX_ROWS, MAX_COLUMNS, MAX_CELL = MAX_ITEMS, 100, 5_000
DELIMITERS = ",;\t"
MACROS = "vbaproject.bin"


class BadTable(DomainError):
    """The file is no table that can be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that says nothing that can be read: its row in the file, its column, and why."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file below its headers, by header; `faults` are cells left empty for a cause.

    Each row comes with its number in the file, from 1 for the headers. Empty rows are left out.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    faults: tuple[CellFault, ...] = ()


def write_table(headers: Sequence[str], rows: Iterable[Sequence[str]], kind: Format) -> bytes:
    """The table as a file of that format."""
    safe = [[escaped(cell) for cell in row] for row in rows]
    if kind == "csv":
        return csv_bytes([list(headers), *safe])
    written: bytes = XLSX().export_data(Dataset(*safe, headers=list(headers)), column_width=30)
    return written


def read_table(content: bytes, kind: Format) -> Table:
    """The table in a file; raises `BadTable`."""
    if len(content) > MAX_BYTES:
        raise BadTable(
            _("This file is too large: a table of questions may have %(most)s MB.")
            % {"most": MAX_BYTES // 1_000_000}
        )
    faults: list[CellFault] = []
    lines = _csv_lines(content) if kind == "csv" else _xlsx_lines(content, faults)
    numbered = [(n, cells) for n, cells in enumerate(lines, start=1) if any(cells)]
    if not numbered:
        raise BadTable(_("This file has no rows. Its first row names the columns."))
    (_number, headers), *rows = numbered
    headers = [header.strip() for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    if doubles := sorted({name for name in headers if headers.count(name) > 1}):
        raise BadTable(
            _("These columns are there twice: %(names)s. Remove one of each.")
            % {"names": ", ".join(doubles) if all(doubles) else _("a column without a name")}
        )
    found = []
    for number, cells in rows:
        faults += [
            CellFault(number, _("no name"), _("This cell is under no header. Remove it."))
            for cell in cells[len(headers) :]
            if cell
        ]
        texts = {name: restored(cell) for name, cell in zip(headers, cells, strict=False)}
        for name, text in texts.items():
            if len(text) > MAX_CELL:
                faults.append(CellFault(number, name, _("This text is far too long.")))
                texts[name] = ""
        found.append((number, texts))
    names = dict(enumerate(headers))
    faults = [
        CellFault(one.row, names.get(int(one.column), one.column), one.message)
        if one.column.isdecimal()
        else one
        for one in faults
    ]
    return Table(tuple(headers), tuple(found), tuple(sorted(faults, key=lambda one: one.row)))


def escaped(text: str) -> str:
    """The text as a cell that no spreadsheet runs; `restored` gives the text back."""
    return f"'{text}" if _looks_run(text) else text


def restored(cell: str) -> str:
    """The text of a cell that `escaped` wrote, or that somebody typed."""
    return cell[1:] if cell.startswith("'") and _looks_run(cell) else cell


def _looks_run(text: str) -> bool:
    # However many apostrophes there are already: one more goes before, and comes off again.
    bare = text.lstrip("'")
    return safe_cell(bare) != bare


# --- CSV ----------------------------------------------------------------------------------------


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    if b"\0" in content:
        raise BadTable(_("This is not a CSV file. Save it as “CSV UTF-8” and choose it again."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = _("This file is not UTF-8. Save it as “CSV UTF-8” and choose it again.")
        raise BadTable(message) from None
    first = text.partition("\n")[0]
    # Where commas are decimal signs, spreadsheets write semicolons.
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ):
            _require_bounds(number, len(cells))
            yield [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
    except csv.Error as error:
        raise BadTable(_("This is not a CSV file: %(why)s.") % {"why": error}) from None


# --- XLSX ---------------------------------------------------------------------------------------


def _xlsx_lines(content: bytes, faults: list[CellFault]) -> Iterator[list[str]]:
    _require_small_parts(content)
    book = None
    try:
        with warnings.catch_warnings():
            # What openpyxl leaves out (data validation, styles of its own) is nothing of ours.
            warnings.simplefilter("ignore")
            # Formulas as they are: what they came to on another machine is nobody's text.
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            sheet = book.worksheets[0]
            for number, row in enumerate(sheet.iter_rows()):
                _require_bounds(number, len(row))
                yield [_cell_text(cell, number + 1, i, faults) for i, cell in enumerate(row)]
    except DomainError:
        raise
    # A file may be broken in every way there is; openpyxl has no error of its own for that.
    except Exception as error:
        raise _no_xlsx() from error
    finally:
        if book is not None:
            book.close()


def _require_small_parts(content: bytes) -> None:
    """Refuse an archive that unpacks to too much; Python unpacks no more than an entry says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _no_xlsx() from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadTable(_("This file unpacks to far more than a table of questions."))
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(MACROS) for name in names):
        raise BadTable(_("This file has macros. Save it as an ordinary XLSX file."))
    if "[content_types].xml" not in names:
        raise _no_xlsx()


def _no_xlsx() -> BadTable:
    return BadTable(_("This is not an XLSX file. Save it as one and choose it again."))


def _cell_text(cell: Any, row: int, column: int, faults: list[CellFault]) -> str:
    value = cell.value
    if value is None:
        return ""
    match cell.data_type:
        case "s" | "str" | "inlineStr":
            return str(value).replace("\r\n", "\n").replace("\r", "\n")
        case "n":
            return str(int(value)) if value == int(value) else str(value)
        case "b":
            return "true" if value else "false"
        case "f":
            message = _("This is a formula. Write the text itself.")
        case "d":
            message = _("This is a date. Format the cell as text and write it again.")
        case _:
            message = _("This cell holds an error. Write the text itself.")
    faults.append(CellFault(row, str(column), message))
    return ""


def _require_bounds(rows_before: int, columns: int) -> None:
    if rows_before > MAX_ROWS:
        raise BadTable(
            _("This file has more than %(most)s rows. Keep the questions only.")
            % {"most": MAX_ROWS}
        )
    if columns > MAX_COLUMNS:
        raise BadTable(
            _("This file has more than %(most)s columns. Keep those of the questions only.")
            % {"most": MAX_COLUMNS}
        )


__all__ = [
    "CONTENT_TYPES", "BadTable", "CellFault", "Format", "InvalidFileException", "Table",
    "read_table", "write_table",
]  # fmt: skip
