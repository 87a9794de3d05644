"""How numbers and JSON are written, so that equal content is equal text on every machine."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, Field

DECIMALS = 6


def written(number: float) -> float:
    """The number as a document holds it: six decimals, and never -0.0."""
    return round(number, DECIMALS) + 0.0


Number = Annotated[float, Field(allow_inf_nan=False), AfterValidator(written)]
"""A number of a document. Scoring calculates unrounded; this rounds when the document is made."""


def canonical(content: Mapping[str, object]) -> str:
    """Canonical JSON: sorted keys, no spaces, no escapes but JSON's own; raises on NaN."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"
