"""The text that a person agrees to, and the digest that proves which one it was."""

import hashlib

from django.template.loader import render_to_string

from assessments.responses.models import ANONYMOUS_KEPT_DAYS


def consent_digest(*, in_account: bool) -> str:
    """SHA-256 of the consent text as it stands now, for an attempt in an account or without."""
    text = render_to_string(
        "assessments/responses/consent_text.html",
        {"kept_days": ANONYMOUS_KEPT_DAYS, "in_account": in_account},
    )
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
