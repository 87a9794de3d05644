"""Tables for spreadsheets, in which no cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from assessments.instrument.cells import safe_cell


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows, headers among them, as CSV: every cell quoted and safe to open.

    With a byte order mark, without which Excel reads UTF-8 as the machine's own old encoding.
    """
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(map(safe_cell, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")
