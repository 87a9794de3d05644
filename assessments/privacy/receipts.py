"""The receipt of an erasure travels in its own address: nothing of it is stored."""

from datetime import datetime
from typing import Any

from django.core import signing

from assessments.privacy.services import Receipt

SALT = "assessments.privacy.receipt"


def as_text(receipt: Receipt) -> str:
    """The receipt, signed, for an address."""
    went = {key: count for key, count in receipt.counts.items() if count}
    at = receipt.at.isoformat(timespec="seconds")
    content = [receipt.reference, at, went, receipt.is_emptied]
    return signing.dumps(content, salt=SALT, compress=True)


def of_text(text: str) -> Receipt:
    """The receipt that we signed; raises `signing.BadSignature` for anything else."""
    content: Any = signing.loads(text, salt=SALT)
    reference, at, went, is_emptied = content
    return Receipt(reference, datetime.fromisoformat(at), went, is_emptied)
