"""Secrets in links: 256 random bits, of which only the SHA-256 is stored."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A secret for a link; it is shown once and cannot be read again."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What of a token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
