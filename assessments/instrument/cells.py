"""Texts in cells of a spreadsheet, which must neither run nor change what is in them."""

import re
from unicodedata import category, normalize

# What a spreadsheet takes for the start of a formula (OWASP, CSV injection).
FORMULA = frozenset("=+-@")
CONTROL = frozenset("\t\r\n")
QUOTE = "'"
# It reads 1.10 as 1.1 and 1-2 as a day.
_NUMBER_LIKE = re.compile(r"[-+.,:/ \d]*\d[-+.,:/ \deE%]*")
_NUMBER_LENGTH = 40


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet might run it.

    Programs skip blanks before a formula, and read full-width and small forms as the signs
    they stand for. `unsafe_text` takes just that apostrophe away again.
    """
    return QUOTE + text if _runs(text.lstrip(QUOTE)) else text


def unsafe_text(cell: str) -> str:
    """The text that `safe_cell` made a cell of."""
    bare = cell.removeprefix(QUOTE)
    return bare if bare != cell and _runs(bare.lstrip(QUOTE)) else cell


def exact_cell(text: str) -> str:
    """The text as a cell that comes back as it is, though spreadsheets tamper with cells.

    Between apostrophes if it begins or ends with a blank or looks like a number or a date; safe
    to open.
    """
    return safe_cell(f"{QUOTE}{text}{QUOTE}" if _is_fragile(text) else text)


def exact_text(cell: str) -> str:
    """The text that `exact_cell` made a cell of; of any other cell without blanks at its ends."""
    text = unsafe_text(cell.replace("\r\n", "\n").strip())
    inner = text[1:-1]
    return inner if _is_quoted(text) and _is_fragile(inner) else text


def _runs(text: str) -> bool:
    return text[:1] in CONTROL or _first_seen(text) in FORMULA


def _first_seen(text: str) -> str:
    """The first character that is not blank or unseen, in its plain form; "" for none."""
    seen = (sign for sign in text if not (sign.isspace() or category(sign) in {"Cc", "Cf"}))
    return normalize("NFKC", next(seen, ""))[:1]


def _is_fragile(text: str) -> bool:
    """Whether it would change, or would be taken for another's text between apostrophes."""
    left, right = len(text) - len(text.lstrip(QUOTE)), len(text) - len(text.rstrip(QUOTE))
    quotes = min(left, right, len(text) // 2)
    inner = text[quotes : len(text) - quotes]
    is_number_like = len(inner) <= _NUMBER_LENGTH and _NUMBER_LIKE.fullmatch(inner)
    return inner != inner.strip() or bool(is_number_like)


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == QUOTE
