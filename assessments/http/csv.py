"""Tables for spreadsheets, in which no cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from unicodedata import category, normalize

# What a spreadsheet takes for the start of a formula (OWASP, CSV injection).
FORMULA = frozenset("=+-@")
CONTROL = frozenset("\t\r\n")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows, headers among them, as CSV: every cell quoted and safe to open.

    With a byte order mark, without which Excel reads UTF-8 as the machine's own old encoding.
    """
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(map(safe_cell, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet might run it.

    Programs skip blanks before a formula, and read full-width and small forms as the signs
    they stand for.
    """
    if text[:1] in CONTROL or _first_seen(text) in FORMULA:
        return f"'{text}"
    return text


def _first_seen(text: str) -> str:
    """The first character that is not blank or unseen, in its plain form; "" for none."""
    seen = (sign for sign in text if not (sign.isspace() or category(sign) in {"Cc", "Cf"}))
    return normalize("NFKC", next(seen, ""))[:1]
